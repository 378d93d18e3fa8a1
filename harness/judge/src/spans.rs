//! The parts of a row's life between the acts on it: what it was asked to be did not change within one.

use contract::Entry;
use journal::{EntryStep, Fact, KeyScope, SecretWritten};
use oracle::Prediction;
use scenario::{CaseAsked, KeyGiven, predict};

use crate::attempts::provisioning_after;
use crate::{Facts, Trial};

/// A part of a row's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// What was seen after this shows it.
    pub(crate) from: u64,
    /// The last observation before the next act.
    pub(crate) to: u64,
    /// Whether the act that began it handed an id in.
    pub(crate) has_new_id: bool,
    /// Whether somebody had overridden who pays.
    pub(crate) is_overridden: bool,
}

impl Span {
    /// What was seen in it.
    pub(crate) fn of(self, facts: Facts<'_>) -> Facts<'_> {
        facts.up_to(self.to).after(self.from)
    }
}

/// The life of a row, in order.
pub(crate) fn spans_of(facts: Facts<'_>, workspace: &str) -> Vec<Span> {
    let mut spans = vec![Span { from: 0, to: u64::MAX, has_new_id: true, is_overridden: false }];
    for observation in facts.iter() {
        let Some(act) = act_on(&observation.fact, workspace) else { continue };
        let seq = observation.seq;
        let is_overridden = act == Act::Billing || spans.last().is_some_and(|span| span.is_overridden);
        let from = match act {
            // What is seen before the restart that the act asks for still shows what was before.
            Act::Model | Act::Restart => provisioning_after(facts, workspace, seq).unwrap_or(u64::MAX),
            Act::Billing | Act::Key => seq,
        };
        if let Some(before) = spans.last_mut() {
            before.to = seq;
        }
        spans.push(Span { from, to: u64::MAX, has_new_id: act == Act::Model, is_overridden });
    }
    spans
}

/// The observation of the next act on a row after this one.
pub(crate) fn next_act_on(facts: Facts<'_>, workspace: &str, after: u64) -> Option<u64> {
    let later = facts.after(after);
    later.iter().find(|seen| act_on(&seen.fact, workspace).is_some()).map(|seen| seen.seq)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Model,
    Restart,
    Billing,
    Key,
}

/// What a fact did to a row; refused acts did nothing.
fn act_on(fact: &Fact, workspace: &str) -> Option<Act> {
    match fact {
        Fact::EntryCall(call) if call.workspace.as_deref() == Some(workspace) && !call.is_refused() => {
            match call.step {
                EntryStep::Make => None,
                EntryStep::PutModel => Some(Act::Model),
                EntryStep::Restart => Some(Act::Restart),
            }
        }
        Fact::BillingModeSet(set) if set.workspace == workspace && set.status < 300 => Some(Act::Billing),
        Fact::SecretWritten(written) => {
            let is_its = written.scope == KeyScope::Global || written.workspace.as_deref() == Some(workspace);
            (is_its && is_stored(written)).then_some(Act::Key)
        }
        _ => None,
    }
}

/// By which entry a row was made, or is played on.
pub(crate) fn entry_of(facts: Facts<'_>, workspace: &str) -> Entry {
    let mut made = facts.entry_calls().filter(|(_, call)| call.step == EntryStep::Make);
    let made = made.find(|(_, call)| call.workspace.as_deref() == Some(workspace));
    made.map_or(Entry::Tool, |(_, call)| call.entry)
}

/// A row that runs on an id.
#[derive(Clone, Copy)]
pub(crate) struct Running<'a> {
    /// The row.
    pub(crate) workspace: &'a str,
    /// Its runtime.
    pub(crate) runtime: &'a str,
    /// The id.
    pub(crate) model: Option<&'a str>,
    /// The observation from which on it does: a key that is written on the row later is not there yet.
    pub(crate) since: u64,
}

/// What the oracle says of a row that runs on this id.
pub(crate) fn prediction_of(trial: &Trial<'_>, facts: Facts<'_>, running: Running<'_>) -> Prediction {
    let key = KeyGiven::of_value(trial.bindings.value("key"));
    let key = key.filter(|key| match key.scope {
        KeyScope::Payload => is_in_payload(facts, running.workspace, &key.name),
        KeyScope::Workspace => is_written(facts, running, &key.name),
        KeyScope::Global => true,
    });
    let entry = entry_of(facts, running.workspace);
    let case = CaseAsked { runtime: running.runtime, model: running.model, key: key.as_ref(), entry };
    predict(trial.oracle, trial.contract, trial.scenario, case)
}

/// Whether a row was made with a key in its payload.
pub(crate) fn is_in_payload(facts: Facts<'_>, workspace: &str, name: &str) -> bool {
    let made = facts.entry_calls().find(|(_, call)| call.workspace.as_deref() == Some(workspace));
    made.is_some_and(|(_, call)| call.keys.iter().any(|key| key == name))
}

/// Whether a key was written on the row before it ran as it does.
fn is_written(facts: Facts<'_>, running: Running<'_>, name: &str) -> bool {
    facts.up_to(running.since).iter().any(|seen| match &seen.fact {
        Fact::SecretWritten(written) => {
            written.workspace.as_deref() == Some(running.workspace)
                && written.key == name
                && is_stored(written)
        }
        _ => false,
    })
}

/// True where a secret was stored: 202 only asks somebody to approve it (tenant-api §2.1).
fn is_stored(written: &SecretWritten) -> bool {
    written.status < 300 && written.status != 202
}
