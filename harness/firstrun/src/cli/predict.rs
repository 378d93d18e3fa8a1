//! `firstrun predict`.

use oracle::Manifest;

use super::arguments::{Format, PredictArguments};
use super::print::{print, print_line};
use super::start::load_judged;
use crate::exit::Exit;
use crate::predicted::{self, Asked};

/// Prints what must become of one id; starts nothing. What looks like a slip is noted and predicted all the same.
pub(crate) fn predict(arguments: &PredictArguments) -> Exit {
    let asked = match asked(arguments) {
        Ok(asked) => asked,
        Err(error) => {
            eprintln!("{error}");
            return Exit::Usage;
        }
    };
    let loaded = match load_judged(&arguments.contract, &arguments.registry) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    for note in predicted::notes(&asked, &loaded) {
        eprintln!("note: {note}");
    }
    let prediction = asked.predict(&loaded);
    match arguments.format {
        Format::Text => print(&predicted::text(&asked, &loaded, &prediction)),
        Format::Json => print_line(&format!("{:#}", predicted::prediction_as_json(&prediction))),
    }
    Exit::Passed
}

fn asked(arguments: &PredictArguments) -> Result<Asked, predicted::Misused> {
    let entry = predicted::entry(&arguments.entry)?;
    Ok(Asked {
        runtime: arguments.runtime.clone(),
        model: arguments.model.clone(),
        keys: predicted::keys(&arguments.keys, entry)?,
        entry,
        proxy_wired: !arguments.no_proxy,
        manifest: if arguments.no_manifest { Manifest::Unreadable } else { Manifest::Readable },
    })
}
