//! Rules of the house that no compiler knows: sizes, layering, and no path of anybody's machine.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::Named;

pub(crate) const TESTS: &[Named] = &[
    ("no_source_file_is_longer_than_the_limit", no_source_file_is_longer_than_the_limit),
    ("no_function_is_longer_than_the_limit", no_function_is_longer_than_the_limit),
    ("every_crate_uses_only_what_the_layering_allows", every_crate_uses_only_what_the_layering_allows),
    ("nothing_names_a_path_of_one_machine", nothing_names_a_path_of_one_machine),
    (
        "every_crate_has_one_integration_test_binary_at_most",
        every_crate_has_one_integration_test_binary_at_most,
    ),
    ("the_pack_holds_every_scenario_of_the_folder", the_pack_holds_every_scenario_of_the_folder),
    ("the_schema_is_the_one_of_the_raw_types", the_schema_is_the_one_of_the_raw_types),
    ("the_schema_accepts_the_pack_and_sees_mistakes_of_shape", the_schema_accepts_the_pack),
    ("the_schema_of_stacks_accepts_those_that_are_compiled_in", the_schema_accepts_the_stacks),
    ("the_readme_is_short", the_readme_is_short),
];

const MAX_FILE_LINES: usize = 500;
const MAX_FUNCTION_LINES: usize = 70;
const MAX_README_LINES: usize = 150;

/// Who may use whom (DESIGN §4). Ours only; order as in the design.
const LAYERS: [(&str, &[&str]); 12] = [
    ("wire", &[]),
    ("document", &[]),
    ("contract", &["wire", "document"]),
    ("oracle", &["wire", "contract"]),
    ("journal", &["wire", "contract"]),
    ("scenario", &["wire", "document", "contract", "oracle", "journal"]),
    ("judge", &["wire", "contract", "oracle", "journal", "scenario"]),
    ("platform", &["wire", "contract"]),
    ("world", &["wire", "contract", "journal"]),
    ("stack", &["wire", "document", "contract", "journal", "platform"]),
    ("report", &["journal", "contract"]),
    (
        "firstrun",
        &[
            "wire", "document", "contract", "oracle", "journal", "scenario", "judge", "platform", "world",
            "stack", "report",
        ],
    ),
];

/// What a pure crate may never use.
const IMPURE: [&str; 6] = ["tokio", "reqwest", "axum", "rusqlite", "rmcp", "tempfile"];

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every Rust file of the harness.
pub(crate) fn rust_files() -> Vec<PathBuf> {
    let mut files = below(&root().join("harness"));
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn is_test_file(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests")
        || path.file_name().is_some_and(|name| name == "tests.rs")
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn no_source_file_is_longer_than_the_limit() {
    let lines = |path: &PathBuf| fs::read_to_string(path).unwrap().lines().count();
    let long: Vec<String> = rust_files()
        .iter()
        .filter(|path| !is_test_file(path))
        .filter(|path| lines(path) > MAX_FILE_LINES)
        .map(|path| shown(path))
        .collect();
    assert!(long.is_empty(), "split these: {long:#?}");
}

/// Collects functions that are too long.
struct Lengths {
    long: Vec<String>,
}

impl Lengths {
    fn measure(&mut self, name: &syn::Ident, span: Span) {
        let lines = span.end().line - span.start().line + 1;
        if lines > MAX_FUNCTION_LINES {
            self.long.push(format!("{name}: {lines} lines"));
        }
    }
}

impl<'a> Visit<'a> for Lengths {
    fn visit_item_fn(&mut self, function: &'a syn::ItemFn) {
        self.measure(&function.sig.ident, function.block.span());
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        self.measure(&function.sig.ident, function.block.span());
        visit::visit_impl_item_fn(self, function);
    }
}

fn no_function_is_longer_than_the_limit() {
    let mut long = Vec::new();
    for path in rust_files() {
        let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
        let mut lengths = Lengths { long: Vec::new() };
        lengths.visit_file(&file);
        long.extend(lengths.long.into_iter().map(|function| format!("{} {function}", shown(&path))));
    }
    assert!(long.is_empty(), "split these: {long:#?}");
}

/// The dependencies of a crate, without those of its tests.
fn dependencies(krate: &str) -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("harness").join(krate).join("Cargo.toml")).unwrap();
    let section = manifest.split("[dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let name = |line: &str| line.split(['.', ' ', '=']).next().unwrap_or_default().to_owned();
    section
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(name)
        .collect()
}

fn every_crate_uses_only_what_the_layering_allows() {
    let ours: Vec<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
    let folders: BTreeSet<String> = fs::read_dir(root().join("harness"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("Cargo.toml").is_file())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(folders, ours.iter().map(|name| (*name).to_owned()).collect(), "a crate without a layer");
    for (krate, allowed) in LAYERS {
        for dependency in dependencies(krate) {
            let is_ours = ours.contains(&dependency.as_str());
            assert!(!is_ours || allowed.contains(&dependency.as_str()), "{krate} may not use {dependency}");
            let is_pure = krate == "oracle" || krate == "judge";
            assert!(
                !is_pure || !IMPURE.contains(&dependency.as_str()),
                "{krate} is pure, {dependency} is not"
            );
        }
    }
}

fn nothing_names_a_path_of_one_machine() {
    // Put together here, so that this file does not name them itself.
    let roots = ["work", "root", "home", "Users", "farm"].map(|name| format!("/{name}/"));
    let mut found = Vec::new();
    for folder in ["harness", "scenarios", "fixtures", ".ci"] {
        for path in below(&root().join(folder)) {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            for (index, line) in text.lines().enumerate() {
                if roots.iter().any(|root| line.contains(root.as_str())) {
                    found.push(format!("{}:{}", shown(&path), index + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

fn every_crate_has_one_integration_test_binary_at_most() {
    for (krate, _) in LAYERS {
        let tests = root().join("harness").join(krate).join("tests");
        let Ok(entries) = fs::read_dir(tests) else { continue };
        let binaries = entries.filter(|entry| entry.as_ref().unwrap().path().is_file()).count();
        assert!(binaries <= 1, "{krate} has {binaries} test binaries");
    }
}

fn the_pack_holds_every_scenario_of_the_folder() {
    let folder = root().join("scenarios");
    let mut ids = BTreeSet::new();
    for path in below(&folder) {
        let is_list = path.file_name().is_some_and(|name| name == "known-failures.yaml");
        if path.extension().is_some_and(|extension| extension == "yaml") && !is_list {
            ids.insert(path.strip_prefix(&folder).unwrap().with_extension("").display().to_string());
        }
    }
    let pack: BTreeSet<String> = firstrun::SCENARIOS.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(pack, ids);
}

fn the_schema_is_the_one_of_the_raw_types() {
    for (name, schema) in [
        ("scenarios/schema.json", scenario::schema()),
        ("fixtures/stacks/schema.json", stack::stack_schema()),
    ] {
        let path = root().join(name);
        let made = format!("{schema:#}\n");
        if std::env::var_os("FIRSTRUN_BLESS").is_some() {
            fs::write(&path, &made).unwrap();
        }
        let is_true = fs::read_to_string(&path).is_ok_and(|kept| kept == made);
        assert!(is_true, "{name} is not that of the raw types: FIRSTRUN_BLESS=1 writes it");
    }
}

/// What of `fixtures/invalid` is a mistake of shape or of a closed name.
const SEEN_BY_THE_SCHEMA: [&str; 13] = [
    "expects_nothing",
    "missing_why",
    "no_steps",
    "number_as_member",
    "row_expects_nothing",
    "several_mistakes",
    "time_without_unit",
    "two_verbs_in_one_step",
    "unknown_key",
    "unknown_persona",
    "unknown_status",
    "unknown_verb",
    "unknown_promise",
];

fn the_schema_accepts_the_pack() {
    let schema = jsonschema::validator_for(&scenario::schema()).unwrap();
    let as_json = |name: &str, text: &str| {
        document::parse(&document::Source::new(name, text)).map(|node| node.to_json()).unwrap()
    };
    for (id, text) in firstrun::SCENARIOS {
        let said: Vec<String> = schema
            .iter_errors(&as_json(id, text))
            .map(|error| format!("{}: {error}", error.instance_path))
            .collect();
        assert!(said.is_empty(), "{id}: {said:#?}");
    }
    let mut count = 0;
    for name in SEEN_BY_THE_SCHEMA {
        let Ok(text) = fs::read_to_string(root().join(format!("fixtures/invalid/{name}.yaml"))) else {
            continue;
        };
        assert!(!schema.is_valid(&as_json(name, &text)), "{name} is accepted");
        count += 1;
    }
    assert!(count >= 10, "only {count} fixtures are left");
}

fn the_schema_accepts_the_stacks() {
    let schema = jsonschema::validator_for(&stack::stack_schema()).unwrap();
    let as_json = |text: &str| document::parse(&document::Source::new("stack.yaml", text)).unwrap().to_json();
    for (name, text) in stack::BUILTIN_STACKS {
        assert!(schema.is_valid(&as_json(text)), "{name}");
        assert!(!schema.is_valid(&as_json(&text.replacen("platform:", "platfrom:", 1))), "{name}");
    }
}

fn the_readme_is_short() {
    let lines = fs::read_to_string(root().join("README.md")).unwrap().lines().count();
    assert!(lines < MAX_README_LINES, "{lines} lines");
}
