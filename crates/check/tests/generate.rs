//! What is generated is what a check finds.

#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod common;

use std::collections::BTreeMap;
use std::io::Cursor;

use check::generate::{self, CsvOptions, Encoding, Fault, Language, Made, Roster};
use check::{Checker, Mapping, Plan, Verdict, guess};
use common::options;
use model::{IssueCode, Schema};
use table::{Operation, ReadOptions, Table};

fn roster(rows: u32, faults: f64, language: Language) -> Roster {
    Roster {
        rows,
        faults,
        seed: 7,
        language,
    }
}

fn file(roster: &Roster, csv: CsvOptions) -> (tempfile::NamedTempFile, Made) {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    let made = generate::csv(roster, csv, &mut file).unwrap();
    (file, made)
}

/// As the desktop does it: a look at the file, the mapping guessed, read and checked in one pass.
fn checked(path: &std::path::Path) -> (Plan, Table, Verdict) {
    let read = ReadOptions::default();
    let head = table::head(path, &read).unwrap();
    let schema = Schema::employee();
    let mapping = guess(&schema, &head.headers, &head.sample);
    let chosen = Mapping::chosen((0..schema.fields.len()).map(Some));
    let columns = |mapping: &Mapping| {
        mapping
            .fields()
            .iter()
            .map(|m| m.column)
            .collect::<Vec<_>>()
    };
    assert_eq!(columns(&mapping), columns(&chosen));
    let plan = Plan::new(schema, mapping, options()).unwrap();
    let mut checker = Checker::new(&plan);
    let table = table::read(path, &read, &mut checker, &()).unwrap();
    let verdict = checker.finish(&table);
    (plan, table, verdict)
}

#[test]
fn people_without_faults_have_no_issues() {
    for language in [Language::Portuguese, Language::English, Language::Spanish] {
        let (file, made) = file(&roster(1_000, 0.0, language), CsvOptions::default());
        assert_eq!((made.rows, made.faulty), (1_000, 0));
        let (_, table, verdict) = checked(file.path());
        assert_eq!(table.rows(), 1_000);
        assert_eq!(verdict.counts(), BTreeMap::new(), "{language:?}");
    }
}

#[test]
fn each_fault_is_found_as_what_it_is() {
    for language in [Language::Portuguese, Language::English, Language::Spanish] {
        let roster = roster(2_000, 0.5, language);
        let (file, made) = file(&roster, CsvOptions::default());
        assert!((900..1_100).contains(&made.faulty), "{}", made.faulty);
        let (_, _, verdict) = checked(file.path());
        let counts = verdict.counts();
        let of = |code: IssueCode| counts.get(&code).copied().unwrap_or(0);
        let faults = |faults: &[Fault]| -> u64 {
            faults
                .iter()
                .map(|fault| u64::from(made.faults[fault]))
                .sum()
        };
        use Fault as F;
        for (code, expected) in [
            (
                IssueCode::RequiredMissing,
                faults(&[F::EmailMissing, F::DocumentMissing, F::NameMissing]),
            ),
            (
                IssueCode::EmailNoAt,
                faults(&[F::EmailWithoutAt, F::EmailSpelt]),
            ),
            (IssueCode::EmailInvalid, faults(&[F::EmailMistyped])),
            (IssueCode::EmailCase, faults(&[F::EmailCapitals])),
            (IssueCode::LostZero, faults(&[F::DocumentWithoutZero])),
            (IssueCode::CheckDigits, faults(&[F::DocumentMistyped])),
            (IssueCode::ListAlias, faults(&[F::DepartmentAlias])),
            (IssueCode::NotInList, faults(&[F::DepartmentUnknown])),
            (IssueCode::DateFormat, faults(&[F::DateAsWritten])),
            (IssueCode::DateAmbiguous, 0),
            (IssueCode::NotADate, faults(&[F::DateImpossible])),
            (IssueCode::DateOrder, faults(&[F::HiredBeforeBirth])),
            (IssueCode::NameCapitals, faults(&[F::NameCapitals])),
            (IssueCode::ExtraSpaces, faults(&[F::NameSpaces])),
            (IssueCode::PhoneFormat, faults(&[F::PhoneAsWritten])),
            (IssueCode::PhoneInvalid, faults(&[F::PhoneCut])),
            (IssueCode::NumberFormat, faults(&[F::SalaryAsWritten])),
        ] {
            assert_eq!(of(code), expected, "{language:?} {code}");
        }
        // Twice is two rows, unless the row before has another fault in that cell.
        assert!(of(IssueCode::DuplicateValue) >= faults(&[F::EmailTwice, F::DocumentTwice]));
        // What only the registry refuses.
        assert!(made.faults[&F::EmailBlocked] > 70);
    }
}

#[test]
fn fixing_and_leaving_out_leaves_a_clean_list() {
    let (file, _) = file(
        &roster(1_000, 0.3, Language::Portuguese),
        CsvOptions::default(),
    );
    let (plan, mut table, mut verdict) = checked(file.path());
    let mut rounds = 0;
    loop {
        let fixes = verdict.all_fixes(&plan, &table);
        if fixes.is_empty() {
            break;
        }
        let touched = table.apply(Operation::SetMany(fixes));
        verdict.recheck(&plan, &table, &touched);
        rounds += 1;
    }
    assert!(rounds <= 2, "{rounds}");
    let bad = verdict.rows_with_errors().collect();
    let touched = table.apply(Operation::Exclude(bad));
    verdict.recheck(&plan, &table, &touched);
    assert_eq!(verdict.rows_with_errors_count(), 0);
    let mut bytes = Vec::new();
    let written = check::canonical_csv(&plan, &table, &mut bytes).unwrap();
    assert_eq!(written.rows, u64::from(table.rows() - table.excluded()));
    // The pipeline's own check of what is sent agrees.
    let records = check::RecordPlan::new(plan.schema().clone(), options()).unwrap();
    let mut reader = check::CanonicalReader::new(plan.schema());
    reader.feed(&bytes);
    while let Some(row) = reader.next_row().unwrap() {
        assert_eq!(
            check::check_record(&records, &row.record),
            [],
            "row {}",
            row.row_no
        );
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let made = |seed| {
        let mut bytes = Vec::new();
        let roster = Roster {
            seed,
            ..roster(3, 1.0, Language::Portuguese)
        };
        generate::csv(&roster, CsvOptions::default(), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    assert_eq!(made(1), made(1));
    assert_ne!(made(1), made(2));
    insta::assert_snapshot!(made(1), @"
    Matrícula,Nome completo,E-mail,CPF,Telefone,Data de nascimento,Data de admissão,Departamento,Cargo,E-mail do gestor,Salário,Idioma
    0001001,Leandro Fernandes Ramos,leandro.ramos1@example.com,48742050030,(71) 99621-3066,1959-12-14,2024-05-18,Marketing,Engenheira civil,,29250.00,pt-BR
    0001002,Gustavo Magalhães Brito,gustavo.brito2@example.com,87484099953,+5521972772637,17/11/1964,2024-01-12,Jurídico,Coordenadora de RH,leandro.ramos1@example.com,27350.00,pt-BR
    0001003,LUÍS BRANDÃO GOMES,luis.gomes3@example.com,362.261.498-68,(11) 97106-8641,1965-05-11,2024-01-20,Operações,Auxiliar de produção,leandro.ramos1@example.com,3400.00,pt-BR
    ");
}

#[test]
fn encodings_and_delimiters_are_found_out() {
    let roster = roster(200, 0.1, Language::Portuguese);
    let (plain, _) = file(&roster, CsvOptions::default());
    let (_, plain, _) = checked(plain.path());
    for (delimiter, encoding) in [
        (b';', Encoding::Windows1252),
        (b'\t', Encoding::Utf16),
        (b'|', Encoding::Utf8Bom),
    ] {
        let (other, _) = file(
            &roster,
            CsvOptions {
                delimiter,
                encoding,
            },
        );
        let (_, other, _) = checked(other.path());
        for row in 1..=plain.rows() {
            for column in 0..12 {
                let row = model::RowNo(row);
                assert_eq!(
                    plain.cell(row, column),
                    other.cell(row, column),
                    "{encoding:?}"
                );
            }
        }
    }
}

#[test]
fn a_workbook_has_as_many_faults() {
    let roster = roster(50, 0.5, Language::Spanish);
    let mut bytes = Cursor::new(Vec::new());
    let made = generate::xlsx(&roster, &mut bytes).unwrap();
    let (_, as_csv) = file(&roster, CsvOptions::default());
    assert_eq!(made, as_csv);
    assert_eq!(&bytes.into_inner()[..2], b"PK");
}
