//! Where the problems of one file gather.

use document::{Node, Place, Placed, Problem, Source};
use serde::de::DeserializeOwned;

use crate::Template;

/// The values of a map by key.
pub(crate) struct Fields<'n> {
    entries: Vec<(&'n str, &'n Node)>,
    /// Whether everything that stands there could be read so far.
    pub(crate) is_whole: bool,
}

impl<'n> Fields<'n> {
    /// One value, or `None`, with a problem where it stands there and can't be read.
    pub(crate) fn read<T: DeserializeOwned>(&mut self, problems: &mut Problems<'_>, key: &str) -> Option<T> {
        let (_, node) = self.entries.iter().find(|(known, _)| *known == key)?;
        let value = problems.decode(node);
        self.is_whole &= value.is_some();
        value
    }
}

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

    /// The values of a map by key. Every key that is not known here is a problem of its own, so that one mistake does not
    /// hide the next.
    pub(crate) fn fields<'n>(&mut self, node: &'n Node, known: &[&'static str]) -> Fields<'n> {
        let Some(entries) = node.as_map() else {
            let text = format!("expected a map, found {}", node.kind());
            self.add(node.place, text, format!("known here: {}", known.join(", ")));
            return Fields { entries: Vec::new(), is_whole: false };
        };
        let mut fields = Fields { entries: Vec::new(), is_whole: true };
        for (key, value) in entries {
            if known.contains(&key.value.as_str()) {
                fields.entries.push((&key.value, value));
            } else {
                self.unknown("key", key, known);
                fields.is_whole = false;
            }
        }
        fields
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
