//! Where the problems of one file gather.

use document::{Node, Place, Placed, Problem, Source};
use serde::de::DeserializeOwned;

use crate::Template;

/// The problems of one file.
pub(crate) struct Problems<'a> {
    pub(crate) source: &'a Source,
    found: Vec<Problem>,
}

impl<'a> Problems<'a> {
    pub(crate) fn of(source: &'a Source) -> Self {
        Self { source, found: Vec::new() }
    }

    pub(crate) fn add(&mut self, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        self.found.push(Problem::at(self.source, place, message).with_hint(hint));
    }

    /// An unknown name, with the near one or the list of all.
    pub(crate) fn unknown(&mut self, what: &str, typed: &Placed<String>, known: &[&str]) {
        let hint = match document::near(&typed.value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("there is no {what} to name here"),
            None => format!("known here: {}", known.join(", ")),
        };
        self.add(typed.place, format!("unknown {what} `{}`", typed.value), hint);
    }

    /// A section of the file, or `None` and a problem.
    pub(crate) fn decode<T: DeserializeOwned>(&mut self, node: &Node) -> Option<T> {
        match node.decode(self.source) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.found.push(problem);
                None
            }
        }
    }

    /// A text with `$name` in it, or `None` and a problem.
    pub(crate) fn template(&mut self, text: &Placed<String>) -> Option<Template> {
        let parsed = Template::parse(text);
        if parsed.is_err() {
            let hint = "write `$name` to insert an axis, `$$` for a dollar";
            self.add(text.place, format!("a `$` in `{}` begins no name", text.value), hint);
        }
        parsed.ok()
    }

    pub(crate) fn none_yet(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn finish(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|problem| problem.place);
        self.found
    }
}
