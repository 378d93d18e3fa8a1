//! What proves a finding, looked up in the journal while it is at hand.

use std::collections::BTreeMap;

use journal::{Fact, Finding, ModelCall, Observation};

use crate::names::Names;
use crate::words::{call_in_words, in_words};
use crate::{FindingDetail, InWords, ModelCallsOf};

/// So many observations of a proof are put in words; the rest is counted.
const MAX_PROOF: usize = 12;

/// So many lines of model calls are kept; the rest is counted.
const MAX_MODEL_CALL_LINES: usize = 6;

/// Sorts findings so that the one nearest to the cause comes first: by layer, then by the first observation that
/// proves it.
pub(crate) fn sort_by_nearness_to_cause(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| (finding.layer, finding.proof.iter().min().copied().unwrap_or(u64::MAX)));
}

/// A journey's observations, ready to be asked for proof.
pub(crate) struct Evidence<'a> {
    by_seq: BTreeMap<u64, &'a Observation>,
    names: Names,
}

impl<'a> Evidence<'a> {
    pub(crate) fn of(observations: &'a [Observation]) -> Self {
        let by_seq = observations.iter().map(|observation| (observation.seq, observation)).collect();
        Self { by_seq, names: Names::of(observations) }
    }

    /// The last observation in words. What a server said is recorded when all is over, and tells nothing of where the
    /// journey was.
    pub(crate) fn last(&self) -> Option<InWords> {
        let is_of_journey = |seen: &&&Observation| !matches!(seen.fact, Fact::ServerSaid(_));
        let last = self.by_seq.values().rev().find(is_of_journey)?;
        Some(in_words(last, &self.names))
    }

    /// What proves a finding.
    pub(crate) fn detail(&self, finding: &Finding) -> FindingDetail {
        let mut numbers = finding.proof.clone();
        numbers.sort_unstable();
        numbers.dedup();
        let (known, missing): (Vec<u64>, Vec<u64>) =
            numbers.into_iter().partition(|seq| self.by_seq.contains_key(seq));
        let shown = known.iter().take(MAX_PROOF).filter_map(|seq| self.by_seq.get(seq));
        let rows = finding.subject.as_deref().map(|subject| self.names.rows_of(subject)).unwrap_or_default();
        FindingDetail {
            proof: shown.map(|observation| in_words(observation, &self.names)).collect(),
            proof_not_shown: known.len().saturating_sub(MAX_PROOF) as u64,
            proof_missing: missing,
            model_calls: finding.subject.as_deref().map(|subject| self.model_calls(subject, &rows)),
            rows,
        }
    }

    fn model_calls(&self, subject: &str, rows: &[String]) -> ModelCallsOf {
        let mut of_rows = Vec::new();
        let mut of_no_box = 0;
        for call in self.all_model_calls() {
            match &call.workspace {
                None => of_no_box += 1,
                Some(row) if rows.contains(row) => of_rows.push(call_in_words(call)),
                Some(_) => {}
            }
        }
        ModelCallsOf {
            subject: subject.to_owned(),
            total: of_rows.len() as u64,
            lines: joined(&of_rows),
            of_no_box,
        }
    }

    fn all_model_calls(&self) -> impl Iterator<Item = &ModelCall> {
        self.by_seq.values().filter_map(|observation| match &observation.fact {
            Fact::ModelCall(call) => Some(call),
            _ => None,
        })
    }
}

/// Equal neighbours as one line, and not too many lines.
fn joined(calls: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = calls
        .chunk_by(|one, next| one == next)
        .map(|run| if run.len() > 1 { format!("{} ({} times)", run[0], run.len()) } else { run[0].clone() })
        .collect();
    if lines.len() > MAX_MODEL_CALL_LINES {
        let more = lines.len() - MAX_MODEL_CALL_LINES;
        lines.truncate(MAX_MODEL_CALL_LINES);
        lines.push(format!("and {more} more"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use journal::Layer;

    #[test]
    fn the_nearest_layer_comes_first_and_then_the_earliest_proof() {
        let finding = |layer, proof: &[u64]| Finding { layer, proof: proof.to_vec(), ..sample::finding() };
        let mut findings = [
            finding(Layer::Messages, &[1]),
            finding(Layer::Rows, &[]),
            finding(Layer::Rows, &[9, 4]),
            finding(Layer::Rows, &[5]),
            finding(Layer::SignUp, &[20]),
        ];
        sort_by_nearness_to_cause(&mut findings);
        let order: Vec<_> = findings.iter().map(|finding| (finding.layer, finding.proof.clone())).collect();
        assert_eq!(
            order,
            [
                (Layer::SignUp, vec![20]),
                (Layer::Rows, vec![9, 4]),
                (Layer::Rows, vec![5]),
                (Layer::Rows, vec![]),
                (Layer::Messages, vec![1]),
            ]
        );
    }

    #[test]
    fn a_proof_that_the_journal_lacks_is_named_and_a_long_one_is_cut() {
        let observations: Vec<Observation> = (1..=20).map(sample::step_began).collect();
        let finding = Finding { proof: (1..=21).chain([0]).collect(), ..sample::finding() };
        let detail = Evidence::of(&observations).detail(&finding);
        assert_eq!(detail.proof.len(), MAX_PROOF);
        assert_eq!(detail.proof_not_shown, 8);
        assert_eq!(detail.proof_missing, [0, 21]);
    }

    #[test]
    fn equal_model_calls_stand_in_one_line() {
        let calls = ["a", "a", "b", "a"].map(str::to_owned);
        assert_eq!(joined(&calls), ["a (2 times)", "b", "a"]);
    }
}
