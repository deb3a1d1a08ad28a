use IssueCode::*;
use model::Schema;

use proptest::prelude::*;

use super::date::DateOrder;
use super::*;

fn options() -> Options {
    Options {
        date_order: None,
        today: Date::constant(2026, 11, 20),
    }
}

fn rules(field: &str) -> Rules {
    let schema = Schema::employee();
    Rules::new(schema.field(field).unwrap(), &options()).unwrap()
}

fn rules_of(json: &str) -> Rules {
    let schema = Schema::from_json(&format!(r#"{{"fields":[{json}]}}"#)).unwrap();
    Rules::new(&schema.fields[0], &options()).unwrap()
}

type Case<'a> = (&'a str, Option<(IssueCode, Option<&'a str>)>);

#[track_caller]
fn check(rules: &Rules, habit: Habit, cases: &[Case<'_>]) {
    for (value, expected) in cases {
        let found = rules.check(value, habit).map(|f| (f.code, f.fix));
        let expected = expected.map(|(code, fix)| (code, fix.map(str::to_owned)));
        assert_eq!(found, expected, "{value:?}");
    }
}

#[test]
fn one_finding_explains_the_others() {
    let habit = Habit::default();
    check(
        &rules("document"),
        habit,
        &[
            ("529.982.247-25", None),
            ("", Some((RequiredMissing, None))),
            ("  ", Some((RequiredMissing, None))),
            (
                " 529.982.247-25",
                Some((ExtraSpaces, Some("529.982.247-25"))),
            ),
            (" 1234567890 ", Some((LostZero, Some("01234567890")))),
            ("529.982.247-26 ", Some((CheckDigits, None))),
            (
                "5299\u{0}8224725",
                Some((ControlCharacter, Some("52998224725"))),
            ),
        ],
    );
    check(
        &rules("full_name"),
        habit,
        &[
            ("Ana Lima", None),
            ("ANA  LIMA", Some((ExtraSpaces, Some("Ana Lima")))),
            ("ANA LIMA", Some((NameCapitals, Some("Ana Lima")))),
            ("Al", Some((TooShort, None))),
            ("Ána", None),
            ("An\u{fffd} Lima", Some((BadEncoding, None))),
            (" #N/D", Some((FormulaError, None))),
            ("#REF!", Some((FormulaError, None))),
        ],
    );
    check(
        &rules("phone"),
        habit,
        &[
            ("", None),
            (" ", Some((ExtraSpaces, Some("")))),
            (
                " (11) 98765-4321",
                Some((PhoneFormat, Some("+5511987654321"))),
            ),
        ],
    );
    check(
        &rules("email"),
        habit,
        &[
            (
                " Ana@Example.com",
                Some((ExtraSpaces, Some("ana@example.com"))),
            ),
            (
                "ANA(at)GMIAL.COM ",
                Some((EmailNoAt, Some("ana@gmail.com"))),
            ),
        ],
    );
    check(
        &rules("employee_number"),
        habit,
        &[
            ("004217", None),
            ("4217 ", Some((ExtraSpaces, Some("4217")))),
            ("42 17", Some((PatternMismatch, None))),
            ("1234567890123", Some((PatternMismatch, None))),
            ("12\n", Some((ExtraSpaces, Some("12")))),
        ],
    );
}

#[test]
fn dates_follow_the_column() {
    let dmy = Habit {
        order: Some(DateOrder::Dmy),
        mark: None,
    };
    let birth = rules("birth_date");
    check(
        &birth,
        Habit::default(),
        &[
            ("1990-04-03", None),
            ("03/04/1990", Some((DateAmbiguous, None))),
            ("23/04/1990", Some((DateFormat, Some("1990-04-23")))),
            ("04/23/1990", Some((DateFormat, Some("1990-04-23")))),
            ("32987", Some((DateFormat, Some("1990-04-24")))),
            ("1899-12-31", Some((BelowMinimum, None))),
            ("31/12/1899", Some((BelowMinimum, None))),
            ("31/02/1990", Some((NotADate, None))),
        ],
    );
    check(
        &birth,
        dmy,
        &[("03/04/1990", Some((DateFormat, Some("1990-04-03"))))],
    );
    let evidence = ["03/04/1990", "1990-12-31", "31/1/90"]
        .map(|value| birth.evidence(value))
        .into_iter()
        .fold(Evidence::default(), Evidence::and);
    assert_eq!(birth.habit(evidence), dmy);
    let both = evidence.and(birth.evidence("1/31/90"));
    assert_eq!(birth.habit(both).order, None);
    let hinted = rules_of(r#"{"name":"a","type":"date","format":"%d/%m/%Y"}"#);
    assert_eq!(hinted.habit(Evidence::default()), dmy);
}

#[test]
fn numbers_follow_the_column() {
    let salary = rules("salary");
    check(
        &salary,
        Habit::default(),
        &[
            ("5400.00", None),
            ("5.400", None),
            ("-1", Some((BelowMinimum, None))),
            ("R$ 5.400,00", Some((NumberFormat, Some("5400.00")))),
            ("5,400", Some((NumberFormat, None))),
            ("-5,40", Some((BelowMinimum, None))),
            ("a combinar", Some((NotANumber, None))),
        ],
    );
    let comma = salary.habit(salary.evidence("5.400,00"));
    check(
        &salary,
        comma,
        &[
            ("5.400", Some((NumberFormat, Some("5400")))),
            ("5,400", Some((NumberFormat, None))),
            ("€ 5.400", Some((NumberFormat, Some("5400")))),
        ],
    );
    let dot = salary.habit(salary.evidence("5,400.00"));
    check(
        &salary,
        dot,
        &[
            ("5.400", None),
            ("5,400", Some((NumberFormat, Some("5400")))),
        ],
    );
    check(
        &rules_of(r#"{"name":"a","type":"integer","constraints":{"maximum":10}}"#),
        Habit::default(),
        &[
            ("7", None),
            ("11", Some((AboveMaximum, None))),
            ("7,0", Some((NumberFormat, Some("7")))),
            ("7.5", Some((NotANumber, None))),
        ],
    );
}

#[test]
fn lists_lengths_and_unknown_types() {
    let habit = Habit::default();
    check(
        &rules("department"),
        habit,
        &[
            (" Vendas", Some((ExtraSpaces, Some("Vendas")))),
            ("sales ", Some((ListAlias, Some("Vendas")))),
        ],
    );
    check(
        &rules_of(r#"{"name":"a","type":"geopoint","constraints":{"maxLength":3}}"#),
        habit,
        &[("ção", None), ("ções", Some((TooLong, None)))],
    );
    check(
        &rules_of(r#"{"name":"a","type":"boolean"}"#),
        habit,
        &[("sim ", Some((NotABoolean, Some("true"))))],
    );
}

#[test]
fn a_schema_that_cannot_be_kept_is_refused_by_field() {
    for (field, says) in [
        (r#"{"name":"a","constraints":{"pattern":"("}}"#, "\"a\""),
        (
            r#"{"name":"b","type":"date","constraints":{"minimum":"x"}}"#,
            "\"b\"",
        ),
        (
            r#"{"name":"c","muster:format":"phone","muster:country":"Brasil"}"#,
            "\"c\"",
        ),
    ] {
        let schema = Schema::from_json(&format!(r#"{{"fields":[{field}]}}"#)).unwrap();
        let error = Rules::new(&schema.fields[0], &options()).err().unwrap();
        assert!(error.to_string().contains(says), "{error}");
    }
}

fn habits() -> impl Strategy<Value = Habit> {
    let orders = proptest::option::of(prop_oneof![Just(DateOrder::Dmy), Just(DateOrder::Mdy)]);
    let marks = proptest::option::of(prop_oneof![
        Just(DecimalMark::Dot),
        Just(DecimalMark::Comma)
    ]);
    (orders, marks).prop_map(|(order, mark)| Habit { order, mark })
}

fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,16}",
        "[ \u{a0}\t]{0,2}[0-9./-]{0,14}[ \u{0}]{0,2}",
        "[0-9]{1,2}[/.-][0-9]{1,2}[/.-]([0-9]{2}|[0-9]{4})",
        "(R\\$|€|-)? ?[0-9]{1,4}([.,][0-9]{1,3}){0,3}",
        "[A-Za-z.]{1,6}(@|#| at |\\(at\\))[A-Za-z]{1,6}\\.(com|con)",
        "[+]?(55)?[0-9]{8,11}",
        "(ENGENHARIA|vendas|RH|Sim|NÃO|jan|de| ){1,3}",
        "[0-9]{8,14}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn a_fix_is_final(value in values(), habit in habits()) {
        for field in &Schema::employee().fields {
            let rules = Rules::new(field, &options()).unwrap();
            if let Some(Finding { fix: Some(fix), code }) = rules.check(&value, habit) {
                let after = rules.check(&fix, habit);
                prop_assert!(after.is_none(), "{} {value:?} {code} {fix:?} {after:?}", field.name);
            }
        }
    }

    #[test]
    fn what_passes_has_no_finding(value in values(), habit in habits()) {
        for field in &Schema::employee().fields {
            let rules = Rules::new(field, &options()).unwrap();
            if rules.passes_by_itself(&value) {
                prop_assert!(rules.passes(&value, habit));
            }
            if rules.passes(&value, habit) && !value.is_empty() {
                prop_assert!(rules.own(&value, habit).is_none(), "{} {value:?}", field.name);
            }
        }
    }
}
