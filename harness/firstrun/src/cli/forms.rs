//! `firstrun forms`.

use contract::Entry;
use journal::FormLabel;

use super::arguments::{Format, FormsArguments};
use super::print::{print, print_line};
use super::start::load_judged;
use crate::exit::Exit;
use crate::load::Loaded;
use crate::samples::{Drawn, Samples, shown};

/// Prints samples of the grammar of model ids with what is predicted of each; starts nothing.
pub(crate) fn forms(arguments: &FormsArguments) -> Exit {
    let loaded = match load_judged(&arguments.contract, &arguments.registry) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let samples = match asked(arguments, &loaded) {
        Ok(samples) => samples,
        Err(error) => {
            eprintln!("{error}");
            return Exit::Usage;
        }
    };
    match arguments.format {
        Format::Text => print(&samples.in_words()),
        Format::Json => print_line(&format!("{:#}", samples.as_json())),
    }
    Exit::Passed
}

/// A word that names nothing, and what to type instead.
#[derive(Debug, thiserror::Error)]
#[error("there is no {what} {typed}\nhint: {hint}")]
struct Unknown {
    what: &'static str,
    typed: String,
    hint: String,
}

impl Unknown {
    fn new(what: &'static str, typed: &str, known: &[&str]) -> Self {
        let hint = match document::near(typed, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", known.join(", ")),
        };
        Self { what, typed: shown(typed), hint }
    }
}

fn asked<'a>(arguments: &'a FormsArguments, loaded: &'a Loaded) -> Result<Samples<'a>, Unknown> {
    let runtime = &arguments.runtime;
    if loaded.registry.runtime(runtime).is_none() {
        let known: Vec<&str> =
            loaded.registry.runtimes.iter().map(|runtime| runtime.name.value.as_str()).collect();
        return Err(Unknown::new("runtime", runtime, &known));
    }
    let entry = Entry::from_word(&arguments.entry)
        .ok_or_else(|| Unknown::new("entry", &arguments.entry, &Entry::ALL.map(Entry::as_str)))?;
    let label = |word: &String| {
        FormLabel::from_word(word)
            .ok_or_else(|| Unknown::new("form", word, &FormLabel::ALL.map(FormLabel::as_str)))
    };
    let wanted = arguments.forms.iter().map(label).collect::<Result<Vec<_>, _>>()?;
    let drawn = if arguments.all {
        Drawn::All
    } else {
        Drawn::Some { seed: arguments.seed, of_each: usize::from(arguments.samples) }
    };
    Ok(Samples::draw(loaded, runtime, entry, &wanted, drawn))
}
