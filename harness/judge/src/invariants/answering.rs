//! The parts of rows' lives in which, by the oracle, the stored id answers: what O-4 and O-5 judge.

use journal::StoredModelSeen;
use oracle::{Answers, Prediction};
use wire::Status;

use crate::facts::Numbered;
use crate::spans::{Running, prediction_of, spans_of};
use crate::{Facts, Trial};

/// One such part.
pub(super) struct Answering<'a> {
    pub(super) member: &'a str,
    pub(super) workspace: String,
    pub(super) runtime: String,
    /// The id that is stored, and the reading that says so last.
    pub(super) model: String,
    pub(super) read_at: u64,
    pub(super) prediction: Prediction,
    /// What was seen in it.
    pub(super) facts: Facts<'a>,
    /// The last reading before the act that began it, where that act handed no id in.
    pub(super) before: Option<Numbered<'a, StoredModelSeen>>,
}

/// All such parts.
pub(super) struct Parts<'a> {
    pub(super) known: Vec<Answering<'a>>,
    /// Whether an online row's model was not read, so that nobody knows whether it is one.
    pub(super) is_missing: bool,
}

impl Parts<'_> {
    pub(super) fn applies(&self) -> bool {
        !self.known.is_empty() || self.is_missing
    }
}

/// The parts in which a member's row was seen online on an id that, by the oracle, answers. Where somebody had
/// overridden who pays, the oracle says nothing.
pub(super) fn answering<'a>(trial: &Trial<'_>, facts: Facts<'a>) -> Parts<'a> {
    let mut parts = Parts { known: Vec::new(), is_missing: false };
    for (member, workspace) in facts.rows_made() {
        let mut before = None;
        let spans = spans_of(facts, &workspace);
        for (index, span) in spans.iter().enumerate() {
            let seen = span.of(facts);
            let stored = seen.stored_model(&workspace);
            let earlier = before.filter(|_| !span.has_new_id);
            before = stored.or(earlier);
            // Between two acts in a row nobody asks anything, so that nothing is called there.
            let is_passed_over = index + 1 < spans.len() && seen.model_calls_of(&workspace).next().is_none();
            if span.is_overridden || is_passed_over || !seen.was_seen(&workspace, Status::Online) {
                continue;
            }
            let (Some((read_at, stored)), Some((_, row))) = (stored, seen.row(&workspace)) else {
                parts.is_missing = true;
                continue;
            };
            let model = stored.stored.model.clone();
            if model.trim().is_empty() {
                continue;
            }
            let (runtime, since) = (row.runtime.as_str(), span.from);
            let running = Running { workspace: &workspace, runtime, model: Some(&model), since };
            let prediction = prediction_of(trial, facts, running);
            if prediction.answers() == Answers::Yes {
                parts.known.push(Answering {
                    member,
                    workspace: workspace.clone(),
                    runtime: row.runtime.clone(),
                    model,
                    read_at,
                    prediction,
                    facts: seen,
                    before: earlier,
                });
            }
        }
    }
    parts
}
