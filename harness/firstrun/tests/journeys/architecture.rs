//! `harness/ARCHITECTURE.md` is the map that a newcomer trusts: its list of files is made from their module docs, every
//! path in it exists, and every word of the project has its place.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::Named;
use crate::tidy::{root, rust_files};

pub(crate) const TESTS: &[Named] = &[
    ("the_list_of_files_is_the_one_of_the_module_docs", the_list_of_files_is_the_one_of_the_module_docs),
    ("every_path_in_the_map_exists", every_path_in_the_map_exists),
    ("every_word_of_the_project_has_its_place", every_word_of_the_project_has_its_place),
    ("every_dependency_has_its_sentence", every_dependency_has_its_sentence),
];

const BEGIN: &str =
    "<!-- files: made from the module docs, `FIRSTRUN_BLESS=1 cargo test -p firstrun --test journeys` -->";
const END: &str = "<!-- files: end -->";

const WORDS: [&str; 26] = [
    "scenario",
    "case",
    "journey",
    "plan",
    "platform",
    "stack",
    "world",
    "box",
    "concierge",
    "persona",
    "form",
    "arm",
    "entry",
    "payer",
    "contract",
    "registry",
    "surfaced",
    "oracle",
    "observation",
    "probe",
    "invariant",
    "finding",
    "verdict",
    "defect",
    "journal",
    "run",
];

fn map() -> String {
    fs::read_to_string(root().join("harness/ARCHITECTURE.md")).unwrap()
}

/// The first sentence of a file's module docs.
fn first_sentence(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let docs: Vec<&str> =
        text.lines().take_while(|line| line.starts_with("//!")).map(|line| line[3..].trim()).collect();
    let paragraph: Vec<&str> = docs.into_iter().take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    assert!(!paragraph.is_empty(), "{} has no module docs", path.display());
    let end = paragraph.find(". ").map_or(paragraph.len(), |at| at + 1);
    paragraph[..end].trim_end_matches('.').to_owned()
}

/// Unit tests beside their module are not listed, nor are the parts of a test binary.
fn is_unit_test(path: &Path) -> bool {
    let is_tests = |part: &std::ffi::OsStr| part == "tests" || part == "tests.rs";
    let below = path.strip_prefix(root().join("harness")).unwrap();
    let depth = below.components().count();
    let is_binary = depth == 3 && below.components().nth(1).is_some_and(|part| part.as_os_str() == "tests");
    !is_binary && below.components().any(|part| is_tests(part.as_os_str()))
}

fn list() -> String {
    let mut text = String::new();
    let mut krate = String::new();
    let harness = root().join("harness");
    for path in rust_files().into_iter().filter(|path| !is_unit_test(path)) {
        let relative = path.strip_prefix(&harness).unwrap();
        let name = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        if name != krate {
            krate = name;
            let _ = write!(text, "\n### {krate}\n\n| file | what it holds |\n| --- | --- |\n");
        }
        let below: String = relative.strip_prefix(&krate).unwrap().display().to_string();
        let sentence = first_sentence(&path).replace('|', "\\|");
        let _ = writeln!(text, "| `{below}` | {sentence} |");
    }
    text
}

fn the_list_of_files_is_the_one_of_the_module_docs() {
    let map = map();
    let (before, rest) = map.split_once(BEGIN).unwrap_or_else(|| panic!("no line `{BEGIN}`"));
    let (listed, after) = rest.split_once(END).unwrap_or_else(|| panic!("no line `{END}`"));
    let made = format!("\n{}\n", list());
    if std::env::var_os("FIRSTRUN_BLESS").is_some() && listed != made {
        fs::write(root().join("harness/ARCHITECTURE.md"), format!("{before}{BEGIN}{made}{END}{after}"))
            .unwrap();
        return;
    }
    assert_eq!(listed, made, "the map does not list the files as they are");
}

fn every_path_in_the_map_exists() {
    let text = map();
    let (prose, _) = text.split_once(BEGIN).unwrap();
    let mut missing = Vec::new();
    for quoted in prose.split('`').skip(1).step_by(2) {
        let is_path =
            quoted.contains('/') && quoted.contains('.') && !quoted.contains([' ', '*', '<', ':', '{']);
        let exists =
            ["harness", ".", "harness/firstrun"].iter().any(|base| root().join(base).join(quoted).exists());
        if is_path && !exists {
            missing.push(quoted.to_owned());
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

fn every_word_of_the_project_has_its_place() {
    let text = map();
    for word in WORDS {
        assert!(text.contains(&format!("| **{word}** |")), "no row for `{word}`");
    }
}

fn every_dependency_has_its_sentence() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let theirs = manifest.split("# Theirs.").nth(1).unwrap().split("\n[").next().unwrap();
    let text = map();
    for line in theirs.lines().filter(|line| !line.starts_with('#') && line.contains('=')) {
        let name = line.split(' ').next().unwrap();
        assert!(text.contains(&format!("| `{name}` |")), "no row for `{name}`");
    }
}
