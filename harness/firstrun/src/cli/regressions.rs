//! `firstrun regressions`.

use std::fmt::Write;

use super::arguments::RegressionsArguments;
use super::check::counted;
use super::print::print;
use crate::exit::Exit;
use crate::regressions::{FIXED_AFTER, Kept, KeptFolder, KeptFolderError};

/// Drops what is to go, and lists what is left.
pub(crate) fn regressions(arguments: &RegressionsArguments) -> Exit {
    if !arguments.folder.is_dir() {
        eprintln!("failed to read {}: there is no folder of this name", arguments.folder.display());
        eprintln!("hint: `firstrun run --keep-regressions DIR` makes one");
        return Exit::Usage;
    }
    let folder = KeptFolder::at(&arguments.folder);
    match listed(&folder, arguments) {
        Ok(text) => {
            print(&text);
            Exit::Passed
        }
        Err(Refused::Unknown(name, near)) => {
            eprintln!("failed to drop {name}: no case is kept under this name");
            let hint = near.map(|near| format!("did you mean `{near}`?"));
            eprintln!("hint: {}", hint.unwrap_or_else(|| "without --drop the names are listed".to_owned()));
            Exit::Usage
        }
        Err(Refused::Folder(KeptFolderError::Invalid(problems))) => {
            eprintln!("{}", document::render_all(&problems));
            Exit::InvalidScenario
        }
        Err(Refused::Folder(error)) => {
            eprintln!("failed to {error}");
            Exit::NotRecorded
        }
    }
}

enum Refused {
    /// No such file, and the one that comes near.
    Unknown(String, Option<String>),
    Folder(KeptFolderError),
}

impl From<KeptFolderError> for Refused {
    fn from(error: KeptFolderError) -> Self {
        Self::Folder(error)
    }
}

/// All names are looked up before anything is dropped.
fn listed(folder: &KeptFolder, arguments: &RegressionsArguments) -> Result<String, Refused> {
    let kept = folder.read()?;
    for name in &arguments.dropped {
        if !kept.iter().any(|(file, _)| file == name) {
            let near = document::near(name, kept.iter().map(|(file, _)| file.as_str()));
            return Err(Refused::Unknown(name.clone(), near.map(str::to_owned)));
        }
    }
    let goes = |file: &String, one: &Kept| {
        arguments.dropped.contains(file) || (arguments.drop_fixed && one.is_fixed())
    };
    let (gone, left): (Vec<_>, Vec<_>) = kept.into_iter().partition(|(file, one)| goes(file, one));
    let mut text = String::new();
    for (file, _) in &gone {
        folder.drop_file(file)?;
        let _ = writeln!(text, "dropped {file}");
    }
    for (file, one) in &left {
        let state = match one.passed {
            0 => "fails".to_owned(),
            passed if passed >= FIXED_AFTER => format!("fixed: passed {}", counted(passed as usize, "run")),
            passed => format!("passed {} of {FIXED_AFTER} runs", passed),
        };
        let planned = one.planned();
        let _ = writeln!(text, "{file}\n  {} {} --seed {}", planned.scenario, planned.case, planned.seed);
        let _ = writeln!(text, "  {} since {}; {state}", one.finding, one.since);
    }
    let _ = writeln!(text, "{} kept", counted(left.len(), "case"));
    Ok(text)
}
