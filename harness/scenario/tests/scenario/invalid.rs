//! `fixtures/invalid`: each file is refused with exactly its text.

use std::fs;
use std::path::{Path, PathBuf};

use document::Source;

use crate::surroundings::Loaded;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/invalid")
}

fn refused(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let source = Source::new(name, fs::read_to_string(path).unwrap());
    match scenario::read_scenario(&source, "id", Loaded::builtin().around()) {
        Ok(_) => panic!("{} is accepted", path.display()),
        Err(problems) => document::render_all(&problems),
    }
}

#[test]
fn every_invalid_scenario_is_refused_with_its_exact_message() {
    let mut count = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        count += 1;
        let said = refused(&path).trim_end().to_owned() + "\n";
        let expected = path.with_extension("txt");
        if std::env::var_os("FIRSTRUN_BLESS").is_some() {
            fs::write(&expected, &said).unwrap();
        }
        let wanted = fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(said, wanted, "{}", path.display());
    }
    assert!(count >= 15, "only {count} fixtures are left");
}
