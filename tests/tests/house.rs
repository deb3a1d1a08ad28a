//! The rules of the house: who may import whom, and what no file may hold.

#![allow(clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// Who may name whom, by the folder under `crates/`. Everything that is not here is not allowed.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("i18n", &[]),
    ("table", &["model"]),
    ("check", &["model", "table"]),
    ("wire", &["model"]),
    ("pipeline", &["model", "table", "check", "wire", "i18n"]),
    ("aws", &["model", "wire", "pipeline"]),
    (
        "local",
        &["model", "table", "check", "wire", "i18n", "pipeline", "aws"],
    ),
    ("desk", &["model", "table", "check", "wire", "i18n", "aws"]),
    (
        "cli",
        &["model", "table", "check", "wire", "i18n", "desk", "local"],
    ),
];

/// For tests alone: what a crate may name beyond the list above.
const MAY_IMPORT_IN_TESTS: &[(&str, &[&str])] = &[
    ("i18n", &["model", "wire"]),
    // A desk is tested against the embedded pipeline.
    ("desk", &["local"]),
];

/// Crates of others that one room alone may name, and who may name them in tests.
const ONLY_IN: &[(&str, &[&str], &[&str])] = &[
    ("aws-sdk-s3", &["aws"], &["local"]),
    ("aws-sdk-sqs", &["aws"], &["local"]),
    ("aws-config", &["aws"], &["local"]),
    ("s3s", &["local"], &[]),
    ("calamine", &["table"], &[]),
    ("clap", &["cli"], &[]),
    ("tauri", &["src-tauri"], &[]),
];

/// No I/O and no clock: time and randomness are parameters.
const PURE: &[&str] = &["model", "check"];
const IMPURE: &[&str] = &["tokio", "reqwest", "rusqlite", "tempfile", "fs4"];

/// Free to name what they need.
const FREE: &[&str] = &["tests", "xtask"];

/// Long files, each for a reason that was weighed.
const LONG: &[&str] = &[];

/// Files that may hold `unsafe`, each named by a decision record.
const UNSAFE: &[&str] = &[];

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the workspace").to_path_buf()
}

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .expect("cargo metadata")
}

/// The folder that a package is known by: `crates/desk` is `desk`.
fn folder(package: &Package) -> String {
    let folder = package.manifest_path.parent().expect("a folder");
    folder.file_name().expect("a name").to_owned()
}

fn allowed<'a>(list: &[(&str, &'a [&'a str])], name: &str) -> &'a [&'a str] {
    list.iter()
        .find(|(who, _)| *who == name)
        .map_or(&[], |(_, whom)| *whom)
}

#[test]
fn who_imports_whom() {
    let metadata = metadata();
    let rooms: BTreeMap<&str, String> = metadata
        .packages
        .iter()
        .map(|package| (package.name.as_str(), folder(package)))
        .collect();
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        let who = folder(package);
        if FREE.contains(&who.as_str()) {
            continue;
        }
        let known = MAY_IMPORT.iter().any(|(name, _)| *name == who);
        assert!(known, "{who} is not in the list of who may import whom");
        for dependency in &package.dependencies {
            let Some(whom) = rooms.get(dependency.name.as_str()) else {
                continue;
            };
            let whom = whom.as_str();
            let in_tests = dependency.kind == DependencyKind::Development
                && allowed(MAY_IMPORT_IN_TESTS, &who).contains(&whom);
            if !in_tests && !allowed(MAY_IMPORT, &who).contains(&whom) {
                wrong.push(format!("{who} may not import {whom}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_one_room_alone_may_name() {
    let mut wrong = Vec::new();
    for package in metadata().packages {
        let who = folder(&package);
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let in_tests = dependency.kind == DependencyKind::Development;
            if PURE.contains(&who.as_str()) && !in_tests && IMPURE.contains(&name) {
                wrong.push(format!("{who} is pure and names {name}"));
            }
            let Some((_, rooms, tests)) = ONLY_IN.iter().find(|(only, _, _)| *only == name) else {
                continue;
            };
            let free = FREE.contains(&who.as_str()) && name != "tauri";
            let may = rooms.contains(&who.as_str()) || in_tests && tests.contains(&who.as_str());
            if !free && !may {
                wrong.push(format!("{who} names {name}, which belongs to {rooms:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_package_takes_the_lints_and_the_licence_of_the_workspace() {
    for package in metadata().packages {
        let manifest = fs::read_to_string(&package.manifest_path).expect("a manifest");
        let name = &package.name;
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{name} does not take the lints of the workspace"
        );
        let licence = package.license.as_deref();
        assert_eq!(licence, Some("MIT OR Apache-2.0"), "{name}");
        assert!(
            package.description.is_some(),
            "{name} does not say what it is"
        );
    }
}

#[test]
fn every_library_says_what_it_is() {
    for package in metadata().packages {
        for target in &package.targets {
            if !target.is_lib() {
                continue;
            }
            let source = fs::read_to_string(&target.src_path).expect("a source");
            assert!(
                source.starts_with("//! "),
                "{} does not begin with what it is",
                target.src_path
            );
        }
    }
}

/// Every source that we wrote, by its path from the root with `/` between.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let root = root();
    for folder in ["crates", "services", "src-tauri", "tests", "xtask"] {
        collect(&root.join(folder), &mut found);
    }
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("UTF-8");
            let path = path.strip_prefix(&root).expect("below the root");
            (path.to_string_lossy().replace('\\', "/"), text)
        })
        .collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if path.is_dir() && name != "target" && name != "node_modules" {
            collect(&path, found);
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
}

#[test]
fn files_are_named_for_what_they_hold_and_stay_short() {
    let mut wrong = Vec::new();
    let mut long = BTreeSet::new();
    for (path, text) in sources() {
        let stem = path.rsplit('/').next().unwrap_or_default();
        if [
            "util.rs",
            "utils.rs",
            "helper.rs",
            "helpers.rs",
            "common.rs",
            "misc.rs",
        ]
        .contains(&stem)
        {
            wrong.push(format!("{path}: the name says nothing"));
        }
        let lines = text.lines().count();
        if lines > 500 {
            long.insert(path.clone());
            if !LONG.contains(&path.as_str()) {
                wrong.push(format!("{path}: {lines} lines; is it two nouns?"));
            }
        }
    }
    for path in LONG {
        assert!(long.contains(*path), "{path} is not long any more");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_no_source_holds() {
    // In pieces, so that this file does not hold them.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
    ];
    let vague = [
        concat!("Mana", "ger"),
        concat!("Help", "er"),
        concat!("Ut", "il"),
    ];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            let at = format!("{path}:{}", number + 1);
            for word in words {
                if line
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|w| w == word)
                {
                    wrong.push(format!("{at}: {word}"));
                }
            }
            let defines = ["struct ", "enum ", "trait ", "mod ", "type "];
            let defined = defines.iter().find_map(|word| {
                let rest = line
                    .trim_start()
                    .trim_start_matches("pub ")
                    .strip_prefix(word)?;
                rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next()
            });
            if let Some(name) = defined
                && vague
                    .iter()
                    .any(|word| name.ends_with(word) || name.ends_with(&format!("{word}s")))
            {
                wrong.push(format!("{at}: {name} says nothing"));
            }
            let code = line.split("//").next().unwrap_or_default();
            let unsafe_word = code
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| word == concat!("un", "safe"));
            if unsafe_word && !UNSAFE.contains(&path.as_str()) {
                wrong.push(format!("{at}: not listed as a file that may hold it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
