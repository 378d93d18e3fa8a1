//! The attempts of an act: each time an id was handed in for a member, and what became of it.

use contract::Entry;
use journal::{EntryCall, EntryStep, Fact, TenantRole};
use scenario::{Scenario, Verb};

use crate::Facts;

/// An accepted tool call.
const ACCEPTED: u16 = 201;
/// The tool's own protocol refused the call (mcp §5).
const BAD_CALL: u16 = 400;
/// The tool could not reach the tenant (mcp §5).
const UNREACHABLE: u16 = 502;

/// One time that an id was handed in for a member.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attempt {
    /// The observation of its answer.
    pub(crate) seq: u64,
    /// The member.
    pub(crate) member: String,
    /// The entry.
    pub(crate) entry: Entry,
    /// The runtime that was named.
    pub(crate) runtime: Option<String>,
    /// The id that was handed in; `None` where the field was left out.
    pub(crate) model: Option<String>,
    /// The key names in its payload.
    pub(crate) payload_keys: Vec<String>,
    /// The status of that answer; of a tool's call the one in its refusal, else 201.
    pub(crate) status: u16,
    /// What the entry itself answered.
    pub(crate) answer: Answer,
    /// From this observation on, looks at the row show what this attempt did.
    pub(crate) looks_from: u64,
}

impl Attempt {
    /// The row that it made, changed or left as it was.
    pub(crate) fn row(&self) -> Option<&str> {
        match &self.answer {
            Answer::Accepted(row) => Some(row),
            Answer::Early { row, .. } => row.as_deref(),
        }
    }
}

/// What an entry answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// It made or changed this row.
    Accepted(String),
    /// It refused.
    Early {
        /// The status.
        status: u16,
        /// The code in the body.
        code: Option<String>,
        /// The text in the body.
        reason: Option<String>,
        /// The row that was there before and goes on.
        row: Option<String>,
    },
}

/// The attempts of the last act before a step that hands ids in.
pub(crate) fn of_last_act(scenario: &Scenario, facts: Facts<'_>, before_step: usize) -> Vec<Attempt> {
    let acts = scenario.steps.iter().enumerate().take(before_step).rev();
    let mut acts = acts.filter(|(_, step)| hands_ids_in(&step.verb));
    acts.next().map(|(index, _)| of_step(facts, index)).unwrap_or_default()
}

/// The attempts of every act that hands ids in, in order.
pub(crate) fn of_all_acts(scenario: &Scenario, facts: Facts<'_>) -> Vec<Attempt> {
    let acts = scenario.steps.iter().enumerate().filter(|(_, step)| hands_ids_in(&step.verb));
    acts.flat_map(|(index, _)| of_step(facts, index)).collect()
}

/// The attempts of a turn, from what was seen in it.
pub(crate) fn of_turn(window: Facts<'_>, all: Facts<'_>) -> Vec<Attempt> {
    of_window(window, all)
}

/// What a step puts on a member's row by itself (`put_model`, `restart`) finds another row than an entry does.
fn hands_ids_in(verb: &Verb) -> bool {
    matches!(verb, Verb::UserSays(_) | Verb::SayAgain(_) | Verb::Provision(_))
}

fn of_step(facts: Facts<'_>, index: usize) -> Vec<Attempt> {
    let (Some(began), ended) = facts.step(index) else { return Vec::new() };
    let window = ended.map_or(facts, |ended| facts.up_to(ended)).after(began);
    of_window(window, facts)
}

/// The attempts that were made in a window; what was seen before it and after tells what they did.
fn of_window(window: Facts<'_>, all: Facts<'_>) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    for observation in window.iter() {
        match &observation.fact {
            Fact::EntryCall(call) if is_decisive(call) => attempts.push(of_entry(observation.seq, call, all)),
            Fact::ToolCall(call)
                if call.tool == "provision_workspace" && call.tenant == TenantRole::Subject =>
            {
                let is_scripted = window.entry_calls().any(|(_, entry)| entry.entry == Entry::Tool);
                if !is_scripted {
                    attempts.push(of_tool(observation.seq, call));
                }
            }
            _ => {}
        }
    }
    attempts
}

/// The call by which the id came in: of `put_model` and `restart` not the create before it, and of `restart` the PUT
/// only where it was refused.
fn is_decisive(call: &EntryCall) -> bool {
    match (call.entry, call.step) {
        (Entry::Tool | Entry::Create | Entry::Import, EntryStep::Make) => true,
        (Entry::PutModel, EntryStep::PutModel) | (Entry::Restart, EntryStep::Restart) => true,
        (Entry::Restart, EntryStep::PutModel) => call.is_refused(),
        _ => false,
    }
}

fn of_entry(seq: u64, call: &EntryCall, all: Facts<'_>) -> Attempt {
    let answer = match (&call.workspace, call.is_refused()) {
        (Some(row), false) => Answer::Accepted(row.clone()),
        (row, _) => Answer::Early {
            status: call.status,
            code: call.code.clone(),
            reason: call.reason.clone(),
            row: row.clone(),
        },
    };
    let changes_a_row = matches!(call.entry, Entry::PutModel | Entry::Restart);
    let looks_from = match &answer {
        Answer::Accepted(row) if changes_a_row => provisioning_after(all, row, seq).unwrap_or(u64::MAX),
        _ => seq,
    };
    let before = all.up_to(seq).entry_calls().rev().filter(|(_, other)| other.workspace == call.workspace);
    // A change names no runtime and a restart no id: they are those of the calls before on the same row.
    let (runtime, model) = if changes_a_row {
        let runtime = before.clone().find_map(|(_, other)| other.runtime.clone());
        let put = before
            .filter(|(_, other)| other.step == EntryStep::PutModel)
            .find_map(|(_, other)| other.model.clone());
        (runtime, put)
    } else {
        (call.runtime.clone(), call.model.clone())
    };
    Attempt {
        seq,
        member: call.member.clone(),
        entry: call.entry,
        runtime,
        model,
        payload_keys: call.keys.clone(),
        status: call.status,
        answer,
        looks_from,
    }
}

/// The first reading of events after an act that holds one `WORKSPACE_PROVISIONING` more than the last one before it.
pub(crate) fn provisioning_after(all: Facts<'_>, row: &str, act: u64) -> Option<u64> {
    let count = |facts: Facts<'_>| facts.events_of(row).map_or(0, |(_, seen)| provisionings(seen));
    let before = count(all.up_to(act));
    let after = all.after(act);
    let later = after.iter().find(|seen| match &seen.fact {
        Fact::Events(events) => events.workspace == row && provisionings(events) > before,
        _ => false,
    });
    later.map(|seen| seen.seq)
}

/// How often a row began to provision, by its stored events.
pub(crate) fn provisionings(seen: &journal::EventsSeen) -> usize {
    seen.events.iter().filter(|event| event.is(wire::EventName::WorkspaceProvisioning)).count()
}

fn of_tool(seq: u64, call: &journal::ToolCall) -> Attempt {
    let status = tool_status(call);
    let answer = match call.created_id() {
        Some(row) => Answer::Accepted(row),
        None => {
            let (code, reason) = refusal_in(&call.text);
            Answer::Early { status, code, reason, row: None }
        }
    };
    Attempt {
        seq,
        member: call.argument("name").unwrap_or_default().to_owned(),
        entry: Entry::Tool,
        runtime: call.argument("runtime").map(str::to_owned),
        model: call.argument("model").map(str::to_owned),
        payload_keys: Vec::new(),
        status,
        answer,
        looks_from: seq,
    }
}

/// The status of a tool call: a text has none where the call was accepted, where the tool's own protocol refused it, and
/// where the tenant was out of reach.
fn tool_status(call: &journal::ToolCall) -> u16 {
    match call.refused_status() {
        Some(status) => status,
        None if call.created_id().is_some() => ACCEPTED,
        None if call.is_error => BAD_CALL,
        None => UNREACHABLE,
    }
}

/// Code and text of a refusal inside a tool's text: the text is JSON, and so is its `detail` (mcp §5).
pub(crate) fn refusal_in(text: &str) -> (Option<String>, Option<String>) {
    let Ok(envelope) = serde_json::from_str::<serde_json::Value>(text) else {
        return (None, Some(text.to_owned()));
    };
    let detail = envelope.get("detail").and_then(|detail| detail.as_str());
    let body: serde_json::Value =
        detail.and_then(|detail| serde_json::from_str(detail).ok()).unwrap_or_default();
    let text_of = |key: &str| body.get(key).and_then(|value| value.as_str()).map(str::to_owned);
    (text_of("code"), text_of("error").or_else(|| detail.map(str::to_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_found_inside_the_detail() {
        let text = r#"{"error":"HTTP 422","detail":"{\"error\":\"no key\",\"code\":\"MISSING_BYOK_CREDENTIAL\"}","status":422}"#;
        assert_eq!(refusal_in(text), (Some("MISSING_BYOK_CREDENTIAL".into()), Some("no key".into())));
        assert_eq!(refusal_in("not JSON"), (None, Some("not JSON".into())));
    }
}
