//! The journey's mark on a tenant that goes on after it: what is made there begins with the mark, and what is not ours is
//! neither counted nor deleted.
//!
//! On the wire a member is called by its marked name. Facts speak of it by its own, so that the mark is taken out of
//! every answer before it is read; exchanges are recorded as they were.

use std::collections::HashSet;
use std::sync::Mutex;

use serde_json::Value;
use wire::{Workspace, WorkspaceKind};

use crate::lock::lock;

/// The mark, and who was there before.
#[derive(Debug)]
pub(crate) struct Mark {
    text: String,
    /// The rows that were there before the journey; whatever is said of them later, they are not ours.
    before: HashSet<String>,
    /// The rows that the platform said it made.
    made: Mutex<HashSet<String>>,
}

impl Mark {
    /// A mark for one journey among these rows.
    pub(crate) fn new(text: String, before: impl IntoIterator<Item = String>) -> Self {
        Self { text, before: before.into_iter().collect(), made: Mutex::default() }
    }

    /// The name of a member on the wire.
    pub(super) fn on(&self, name: &str) -> String {
        format!("{}{name}", self.text)
    }

    /// Takes the mark out of an answer.
    pub(super) fn take_out_of(&self, body: &mut Value) {
        match body {
            Value::String(text) if text.contains(&self.text) => *text = text.replace(&self.text, ""),
            Value::Array(items) => items.iter_mut().for_each(|item| self.take_out_of(item)),
            Value::Object(map) => map.values_mut().for_each(|value| self.take_out_of(value)),
            _ => {}
        }
    }

    /// A row without the mark, in the part that is judged.
    pub(super) fn taken_out_of(&self, mut row: Workspace) -> Workspace {
        row.name = row.name.replace(&self.text, "");
        row.last_sample_error = row.last_sample_error.map(|reason| reason.replace(&self.text, ""));
        row
    }

    /// The platform said that it made this row.
    pub(super) fn made(&self, workspace: &str) {
        lock(&self.made).insert(workspace.to_owned());
    }

    /// Whether a row, as it is on the wire, is the journey's.
    pub(super) fn is_own(&self, row: &Workspace) -> bool {
        let is_made = row.name.starts_with(&self.text) || lock(&self.made).contains(&row.id);
        is_made && row.kind == WorkspaceKind::Workspace && !self.before.contains(&row.id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(id: &str, name: &str, kind: &str) -> Workspace {
        serde_json::from_value(json!({ "id": id, "name": name, "status": "online", "kind": kind })).unwrap()
    }

    #[test]
    fn a_row_is_ours_by_its_name_or_by_the_answer_and_never_one_that_was_there() {
        let mark = Mark::new("fr-1-".into(), ["old".to_owned()]);
        mark.made("new");
        mark.made("old");
        mark.made("root");
        assert!(mark.is_own(&row("x", "fr-1-Scout", "workspace")));
        assert!(mark.is_own(&row("new", "renamed", "workspace")));
        assert!(!mark.is_own(&row("x", "Scout", "workspace")));
        assert!(!mark.is_own(&row("x", "copy of fr-1-Scout", "workspace")));
        assert!(!mark.is_own(&row("old", "fr-1-Scout", "workspace")));
        assert!(!mark.is_own(&row("root", "Concierge", "platform")));
    }

    #[test]
    fn facts_speak_of_a_member_by_its_own_name() {
        let mark = Mark::new("fr-1-".into(), []);
        let mut body =
            json!({ "name": mark.on("Scout"), "n": 1, "events": [{ "error": "no key for fr-1-Scout" }] });
        mark.take_out_of(&mut body);
        assert_eq!(body, json!({ "name": "Scout", "n": 1, "events": [{ "error": "no key for Scout" }] }));
    }
}
