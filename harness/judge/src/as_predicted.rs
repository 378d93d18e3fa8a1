//! `as_predicted`: what became of every attempt of the last act is one of the outcomes that the oracle allows, in every
//! field that the contract promises.
//!
//! Beside what O-1 judges (the entry's answer, the row, the code of its failure) these are the payer, the provider and
//! the key of the box's model calls, and whether its agent answers.

use journal::{FindingKind, Layer};
use scenario::Place;

use crate::attempts::{Answer, Attempt, of_last_act};
use crate::evidence::{layer_of_row, story_of};
use crate::holds::Asking;
use crate::lack::{Lack, Nature};
use crate::outcome::{Difference, call_differences, differences, is_unasked, is_unseen, seen_of};
use crate::{Facts, Trial};

/// The rows of the last act before a step to which a question is due: online, not asked since, and the contract says
/// something of their calls or their answers. Member and row.
pub fn questions_due(trial: &Trial<'_>, step: usize, facts: Facts<'_>) -> Vec<(String, String)> {
    let asking = Asking { trial, step, through: &[] };
    let attempts = of_last_act(trial.scenario, facts, step).into_iter();
    attempts
        .filter_map(|attempt| {
            let row = attempt.row()?.to_owned();
            let is_due = is_unasked(&attempt, facts, &asking.predicted(&attempt));
            is_due.then(|| (attempt.member.clone(), row))
        })
        .collect()
}

impl Asking<'_> {
    /// What is otherwise than predicted of the last act before this step.
    pub(crate) fn as_predicted(&self, place: Place, facts: Facts<'_>) -> Vec<Lack> {
        let attempts = of_last_act(self.trial.scenario, facts, self.step);
        if attempts.is_empty() {
            let kind = FindingKind::VerdictDiffers;
            let lack = self.lack(kind, "nobody", place, "an attempt to compare", "nothing was attempted");
            return vec![Lack { nature: Nature::Unseen, ..lack }];
        }
        attempts.iter().filter_map(|attempt| self.otherwise(attempt, place, facts)).collect()
    }

    fn otherwise(&self, attempt: &Attempt, place: Place, facts: Facts<'_>) -> Option<Lack> {
        let prediction = self.predicted(attempt);
        let kind = FindingKind::VerdictDiffers;
        if prediction.promises_nothing() {
            let lack = self.lack(kind, &attempt.member, place, "a prediction", &prediction.why);
            return Some(Lack { nature: Nature::Unseen, ..lack });
        }
        let seen = seen_of(attempt, facts);
        let registry = self.trial.oracle.registry();
        let otherwise = |one| {
            let mut all = differences(&seen, one);
            all.extend(call_differences(attempt, facts, registry, one));
            all
        };
        let outcomes = || std::iter::once(&prediction).chain(&prediction.or);
        if outcomes().any(|one| {
            otherwise(one).is_empty() && !is_unseen(&seen, one) && !is_unasked(attempt, facts, one)
        }) {
            return None;
        }
        let all = otherwise(&prediction);
        if all.is_empty() {
            let lack = self.lack(kind, &attempt.member, place, "what became of the row", "it was not seen");
            return Some(Lack { nature: Nature::Unseen, ..lack });
        }
        let joined = |part: fn(&Difference) -> &str| all.iter().map(part).collect::<Vec<_>>().join(", ");
        let expected = format!("{}. {}", joined(|one| &one.expected), prediction.why);
        let model =
            attempt.model.as_deref().map_or("no id".to_owned(), |id| format!("`{}`", id.escape_debug()));
        let what = format!("{model} by {}: {}", attempt.entry.as_str(), joined(|one| &one.seen));
        let mut lack = self.lack(kind, &attempt.member, place, &expected, &what);
        lack.finding.layer = Layer::Rows;
        lack.finding.proof = vec![attempt.seq];
        if let Answer::Accepted(row) = &attempt.answer {
            lack.finding.layer = layer_of_row(facts, row);
            lack.finding.trail = facts.trail(row);
            lack.finding.proof.extend(story_of(facts, row));
        }
        Some(lack)
    }
}
