//! The texts as a whole: the same in every language, complete for every code, and fillable.

#![allow(clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use fluent_syntax::ast;
use i18n::{Language, Text, args};
use model::{BatchFailure, BatchState, FileFault, IssueCode, ReasonCode, RowState};
use wire::ErrorCode;

/// Every text of a language, with the names of the arguments that it takes.
fn texts(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for (file, source) in files(language) {
        let resource = fluent_syntax::parser::parse(source.as_str())
            .unwrap_or_else(|(_, faults)| panic!("{language} {file}: {faults:?}"));
        for entry in resource.body {
            let ast::Entry::Message(message) = entry else {
                continue;
            };
            let mut names = BTreeSet::new();
            collect(message.value.as_ref().expect("a text"), &mut names);
            let twice = found.insert(message.id.name.to_owned(), names);
            assert!(twice.is_none(), "{language}: {} twice", message.id.name);
        }
    }
    found
}

fn files(language: Language) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("texts")
        .join(language.tag());
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of a language")
        .map(|entry| {
            let path = entry.expect("a file").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            (
                name.into_owned(),
                std::fs::read_to_string(&path).expect("UTF-8"),
            )
        })
        .collect();
    files.sort();
    files
}

fn collect(pattern: &ast::Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let ast::PatternElement::Placeable { expression } = element else {
            continue;
        };
        match expression {
            ast::Expression::Inline(inline) => collect_inline(inline, names),
            ast::Expression::Select { selector, variants } => {
                collect_inline(selector, names);
                for variant in variants {
                    collect(&variant.value, names);
                }
            }
        }
    }
}

fn collect_inline(inline: &ast::InlineExpression<&str>, names: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            names.insert(id.name.to_owned());
        }
        ast::InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                collect_inline(argument, names);
            }
        }
        _ => {}
    }
}

fn error_codes() -> Vec<String> {
    use ErrorCode as E;
    let all = [
        E::TokenRefused,
        E::NotAllowed,
        E::NotFromHere,
        E::BadRequest,
        E::NotFound,
        E::BatchDiffers,
        E::TooLarge,
        E::TooMany,
        E::Internal,
        E::Unavailable,
    ];
    // A new code does not compile here until it is listed above.
    for code in all {
        match code {
            E::TokenRefused | E::NotAllowed | E::NotFromHere | E::BadRequest | E::NotFound => {}
            E::BatchDiffers | E::TooLarge | E::TooMany | E::Internal | E::Unavailable => {}
        }
    }
    all.map(|code| {
        let word = serde_json::to_value(code).expect("a word");
        word.as_str().expect("a word").to_owned()
    })
    .to_vec()
}

fn batch_states() -> Vec<String> {
    use BatchFailure as F;
    let states = [
        BatchState::AwaitingUpload,
        BatchState::Received,
        BatchState::Extracting,
        BatchState::Running,
        BatchState::Settled,
        BatchState::Failed(F::NotReadable),
    ];
    let failures = [F::UploadNeverCame, F::NotAsDeclared, F::NotReadable];
    let failures = failures.map(|failure| {
        let word = serde_json::to_value(failure).expect("a word");
        format!("batch-failed-{}", word.as_str().expect("a word"))
    });
    let states = states.map(|state| format!("batch-{}", state.as_str()));
    states.into_iter().chain(failures).collect()
}

/// Every key that a code of the vocabulary or of the contract asks for.
fn asked_for() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for code in IssueCode::ALL {
        keys.extend(["", "-hint", "-group"].map(|end| format!("issue-{code}{end}")));
        keys.insert(format!("expected-{code}"));
    }
    for fault in FileFault::ALL {
        keys.extend(["", "-hint"].map(|end| format!("fault-{fault}{end}")));
    }
    for code in ReasonCode::ALL {
        let code = code.as_str();
        keys.extend(["", "-hint", "-group"].map(|end| format!("reason-{code}{end}")));
    }
    keys.extend(RowState::ALL.map(|state| format!("state-{state}")));
    keys.extend(batch_states());
    for code in error_codes() {
        keys.extend(["", "-hint"].map(|end| format!("error-{code}{end}")));
    }
    keys
}

#[test]
fn every_language_has_the_same_texts() {
    let english = texts(Language::English);
    for language in Language::ALL {
        let theirs = texts(language);
        let missing: Vec<_> = english
            .keys()
            .filter(|k| !theirs.contains_key(*k))
            .collect();
        let extra: Vec<_> = theirs
            .keys()
            .filter(|k| !english.contains_key(*k))
            .collect();
        assert!(missing.is_empty(), "{language} lacks {missing:?}");
        assert!(extra.is_empty(), "only {language} has {extra:?}");
        for (key, names) in theirs {
            assert!(
                names.is_subset(&english[&key]),
                "{language} {key} takes {names:?}, English takes {:?}",
                english[&key]
            );
        }
    }
}

#[test]
fn every_file_of_texts_is_built_in() {
    for language in Language::ALL {
        let text = Text::new(language);
        for key in texts(language).keys() {
            assert!(text.has(key), "{language} {key} is in no file that is read");
        }
    }
}

#[test]
fn every_code_has_its_texts() {
    let english = texts(Language::English);
    let missing: Vec<_> = asked_for()
        .into_iter()
        .filter(|key| !english.contains_key(key))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The sources of every crate but this one.
fn sources() -> String {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let mut folders = vec![crates.expect("crates/").to_path_buf()];
    let mut all = String::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.ends_with("i18n") {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                all.push_str(&std::fs::read_to_string(path).expect("UTF-8"));
            }
        }
    }
    all
}

/// Whether a source names the key: whole, or all but its last words (`"cli-step-{step}"`). The
/// texts of an error are asked for by its code, a hint by its text's key.
fn is_named(key: &str, sources: &str) -> bool {
    if sources.contains(&format!("\"{key}\"")) {
        return true;
    }
    let key = key.trim_end_matches("-hint");
    let beginnings = key.match_indices('-').map(|(at, _)| &key[..=at]);
    let made = beginnings
        .filter(|beginning| beginning.matches('-').count() > 1)
        .any(|beginning| sources.contains(&format!("\"{beginning}{{")));
    let code = key.strip_prefix("error-");
    made || [Some(key), code]
        .into_iter()
        .flatten()
        .any(|word| sources.contains(&format!("\"{word}\"")))
}

#[test]
fn no_text_is_left_over() {
    let (asked_for, sources) = (asked_for(), sources());
    let left_over: Vec<_> = texts(Language::English)
        .into_keys()
        .filter(|key| !asked_for.contains(key) && !is_named(key, &sources))
        .collect();
    assert!(left_over.is_empty(), "{left_over:#?}");
}

#[test]
fn every_text_that_is_asked_for_is_there() {
    let (english, sources) = (texts(Language::English), sources());
    let is_key = |word: &str| {
        let begins = ["cli-", "receipt-", "mail-"];
        begins.iter().any(|begin| word.starts_with(begin))
            && !word.ends_with('-')
            && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    };
    let missing: BTreeSet<_> = sources
        .split('"')
        .filter(|word| is_key(word) && !english.contains_key(*word))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_text_fills() {
    for language in Language::ALL {
        for (_, source) in files(language) {
            let resource = FluentResource::try_new(source).expect("Fluent");
            let tag = language.tag().parse().expect("a tag");
            let mut bundle = FluentBundle::new(vec![tag]);
            bundle.add_builtins().expect("NUMBER");
            bundle.add_resource(&resource).expect("no key twice");
            for (key, names) in texts(language) {
                let Some(message) = bundle.get_message(&key) else {
                    continue;
                };
                for count in [0, 1, 2, 1_000_000] {
                    let mut values = FluentArgs::new();
                    for name in &names {
                        if name == "count" {
                            values.set("count", count);
                        } else {
                            values.set(name.clone(), "x");
                        }
                    }
                    let mut faults = Vec::new();
                    let pattern = message.value().expect("a text");
                    let said = bundle.format_pattern(pattern, Some(&values), &mut faults);
                    assert!(faults.is_empty(), "{language} {key}: {faults:?}");
                    assert!(!said.trim().is_empty(), "{language} {key}");
                }
            }
        }
    }
}

#[test]
fn texts_keep_to_the_houses_words() {
    for language in Language::ALL {
        for (file, source) in files(language) {
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                assert!(!line.contains('!'), "{language} {file}: {line}");
                assert!(!line.contains("..."), "{language} {file}: {line}");
                assert_eq!(line.trim_end(), line, "{language} {file}: {line}");
            }
        }
    }
}

#[test]
fn a_count_chooses_the_words_and_is_written_as_the_language_writes_it() {
    let said = Language::ALL.map(|language| {
        let text = Text::new(language);
        [1, 10_000].map(|count| {
            text.say(
                "issue-required-missing-group",
                &args! { "count" => count, "field" => "E-mail" },
            )
        })
    });
    assert_eq!(
        said,
        [
            ["1 row has no E-mail", "10,000 rows have no E-mail"],
            ["1 linha sem E-mail", "10.000 linhas sem E-mail"],
            ["1 fila sin E-mail", "10.000 filas sin E-mail"],
        ]
    );
}

#[test]
fn a_key_without_a_text_is_said_as_it_is() {
    let text = Text::new(Language::Spanish);
    assert_eq!(text.say("no-such-text", &args! {}), "no-such-text");
}

#[test]
fn dates_and_counts_are_the_languages_own() {
    let at = "2026-11-03T14:05:09".parse().expect("a time");
    let said = Language::ALL.map(|language| {
        let text = Text::new(language);
        format!("{} / {}", text.date_time(at), text.count(9_988))
    });
    assert_eq!(
        said,
        [
            "3 Nov 2026, 14:05:09 / 9,988",
            "03/11/2026, 14:05:09 / 9.988",
            "03/11/2026, 14:05:09 / 9988",
        ]
    );
}
