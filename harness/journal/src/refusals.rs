//! How many refusals a journey saw, and who was told the reason.

use std::collections::BTreeMap;

use contract::Entry;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wire::{EventName, Status, WorkspaceKind};

use crate::{EntryCall, Fact, Observation, RowSource, ToolCall};

/// How deep JSON inside JSON is read: a tool's text, its detail, and one to spare.
const MAX_NESTED_JSON: usize = 3;

/// Refusals, and the places where their reasons were seen: over one journey, or many added up.
///
/// A refusal is a call that an entry or the management tool refused, or a member's row that was seen failed, whatever
/// made it fail. A place counts where it showed a reason that is not empty; of chat and tool results, where they held
/// that very reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusals {
    /// How many.
    pub count: u64,
    /// Told by the row in the list.
    pub in_list: u64,
    /// Told by the row when it is read alone.
    pub on_read: u64,
    /// Told by both.
    pub in_record: u64,
    /// Told by the answer to the entry's call.
    pub in_answer: u64,
    /// Told by the stored event.
    pub in_event: u64,
    /// Told by a tool's result.
    pub in_tool_result: u64,
    /// Told by the user's chat.
    pub in_chat: u64,
}

impl std::ops::AddAssign for Refusals {
    fn add_assign(&mut self, other: Self) {
        self.count += other.count;
        self.in_list += other.in_list;
        self.on_read += other.on_read;
        self.in_record += other.in_record;
        self.in_answer += other.in_answer;
        self.in_event += other.in_event;
        self.in_tool_result += other.in_tool_result;
        self.in_chat += other.in_chat;
    }
}

/// What is known of one failed row.
#[derive(Default)]
struct FailedRow<'a> {
    in_list: Option<&'a str>,
    on_read: Option<&'a str>,
    in_event: Option<&'a str>,
}

impl Refusals {
    /// Counts one journey.
    pub fn of(observations: &[Observation]) -> Self {
        let texts = Texts::of(observations);
        let mut refusals = Self::default();
        for observation in observations {
            match &observation.fact {
                Fact::EntryCall(call) if is_refused(call) => refusals.add_call(call, &texts),
                Fact::ToolCall(call) if call.tool == "provision_workspace" && call.is_refused() => {
                    refusals.add_tool_call(call, &texts);
                }
                _ => {}
            }
        }
        for row in failed_rows(observations).values() {
            refusals.add_row(row, &texts);
        }
        refusals
    }

    /// A refused call of the entry `tool` stands in the journal as a tool call too, which is counted.
    fn add_call(&mut self, call: &EntryCall, texts: &Texts<'_>) {
        if call.entry == Entry::Tool {
            return;
        }
        self.count += 1;
        let Some(reason) = call.reason.as_deref().filter(|reason| !reason.is_empty()) else { return };
        self.in_answer += 1;
        self.in_tool_result += u64::from(texts.is_in_tool_result(reason));
        self.in_chat += u64::from(texts.is_in_chat(reason));
    }

    fn add_tool_call(&mut self, call: &ToolCall, texts: &Texts<'_>) {
        self.count += 1;
        let Some(reason) = call.refusal_text() else { return };
        self.in_tool_result += 1;
        self.in_chat += u64::from(texts.is_in_chat(&reason));
    }

    fn add_row(&mut self, row: &FailedRow<'_>, texts: &Texts<'_>) {
        self.count += 1;
        self.in_list += u64::from(row.in_list.is_some());
        self.on_read += u64::from(row.on_read.is_some());
        self.in_record += u64::from(row.in_list.is_some() && row.on_read.is_some());
        self.in_event += u64::from(row.in_event.is_some());
        let Some(reason) = row.in_list.or(row.on_read).or(row.in_event) else { return };
        self.in_tool_result += u64::from(texts.is_in_tool_result(reason));
        self.in_chat += u64::from(texts.is_in_chat(reason));
    }
}

/// An import says with a 207 what it could not make (tenant-api §7).
fn is_refused(call: &EntryCall) -> bool {
    call.is_refused() || (call.entry == Entry::Import && call.status == 207 && call.workspace.is_none())
}

/// Members' rows that were seen failed, each with the last reason that each place showed.
fn failed_rows(observations: &[Observation]) -> BTreeMap<&str, FailedRow<'_>> {
    let mut rows: BTreeMap<&str, FailedRow<'_>> = BTreeMap::new();
    for observation in observations {
        let Fact::Row(seen) = &observation.fact else { continue };
        let is_failed =
            |row: &&crate::Row| row.kind == WorkspaceKind::Workspace && row.status == Status::Failed.as_str();
        let Some(row) = seen.row.as_ref().filter(is_failed) else { continue };
        let known = rows.entry(&seen.workspace).or_default();
        let reason = row.reason.as_deref().filter(|reason| !reason.is_empty());
        match seen.source {
            RowSource::List => known.in_list = reason.or(known.in_list),
            RowSource::Read => known.on_read = reason.or(known.on_read),
        }
    }
    for observation in observations {
        let Fact::Events(seen) = &observation.fact else { continue };
        let Some(row) = rows.get_mut(seen.workspace.as_str()) else { continue };
        let failures = seen.events.iter().filter(|event| event.is(EventName::WorkspaceProvisionFailed));
        row.in_event = failures.filter_map(|event| event.text("error")).next_back().or(row.in_event);
    }
    rows
}

/// What tools and the concierge said, with JSON inside texts unfolded.
struct Texts<'a> {
    tool_results: Vec<String>,
    chat: Vec<&'a str>,
}

impl<'a> Texts<'a> {
    fn of(observations: &'a [Observation]) -> Self {
        let mut texts = Self { tool_results: Vec::new(), chat: Vec::new() };
        for observation in observations {
            match &observation.fact {
                Fact::ToolCall(call) => unfold(&call.text, MAX_NESTED_JSON, &mut texts.tool_results),
                Fact::Turn(turn) => texts.chat.extend(turn.reply.text.as_deref()),
                _ => {}
            }
        }
        texts
    }

    fn is_in_tool_result(&self, reason: &str) -> bool {
        self.tool_results.iter().any(|text| text.contains(reason))
    }

    fn is_in_chat(&self, reason: &str) -> bool {
        self.chat.iter().any(|text| text.contains(reason))
    }
}

/// A text that is JSON as the texts in it, any other as it is.
fn unfold(text: &str, depth: usize, into: &mut Vec<String>) {
    let is_structure = text.trim_start().starts_with(['{', '[']);
    match serde_json::from_str::<Value>(text) {
        Ok(value) if depth > 0 && is_structure => unfold_value(&value, depth - 1, into),
        _ => into.push(text.to_owned()),
    }
}

fn unfold_value(value: &Value, depth: usize, into: &mut Vec<String>) {
    match value {
        Value::String(text) => unfold(text, depth, into),
        Value::Array(values) => values.iter().for_each(|value| unfold_value(value, depth, into)),
        Value::Object(values) => values.values().for_each(|value| unfold_value(value, depth, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn seen(facts: &[Value]) -> Vec<Observation> {
        let numbered = facts.iter().enumerate();
        numbered
            .map(|(at, fact)| {
                serde_json::from_value(json!({"seq": at + 1, "at_ms": at, "fact": fact})).unwrap()
            })
            .collect()
    }

    fn row(source: &str, reason: &Value) -> Value {
        let mut row = json!({
            "id": "r", "name": "a", "status": "failed", "kind": "workspace", "tier": 4, "runtime": "codex",
            "parent_id": null,
        });
        if !reason.is_null() {
            row["reason"] = reason.clone();
        }
        json!({"row": {"tenant": "subject", "source": source, "row": row, "workspace": "r", "status": 200}})
    }

    fn event(error: &str) -> Value {
        let failed = json!({
            "id": "e", "event_type": "WORKSPACE_PROVISION_FAILED", "workspace_id": "r",
            "payload": {"error": error}, "created_at": "",
        });
        json!({"events": {"tenant": "subject", "workspace": "r", "events": [failed]}})
    }

    fn tool(name: &str, text: &str) -> Value {
        json!({"tool_call": {
            "tenant": "subject", "tool": name, "arguments": {"name": "a"}, "text": text, "is_error": false,
            "times": 1,
        }})
    }

    fn turn(text: &str) -> Value {
        json!({"turn": {
            "number": 1, "said": "hi", "members": ["a"], "reply": {"status": 200, "text": text}, "took_ms": 1,
        }})
    }

    #[test]
    fn a_failed_row_that_tells_everybody_is_counted_once_in_each_place() {
        let reason = "no \"key\"\nhere";
        let told = json!({"status": "failed", "last_sample_error": reason}).to_string();
        let facts = [
            row("read", &json!(reason)),
            row("read", &json!(reason)),
            row("list", &json!(reason)),
            event(reason),
            tool("get_workspace", &told),
            turn(&format!("a failed: {reason}")),
        ];
        let all = Refusals {
            count: 1,
            in_list: 1,
            on_read: 1,
            in_record: 1,
            in_answer: 0,
            in_event: 1,
            in_tool_result: 1,
            in_chat: 1,
        };
        assert_eq!(Refusals::of(&seen(&facts)), all);
    }

    #[test]
    fn a_reason_that_one_place_hides_is_not_in_the_record() {
        let facts = [row("read", &json!(null)), row("list", &json!("why")), event("why"), turn("a failed")];
        let told = Refusals::of(&seen(&facts));
        assert_eq!((told.count, told.in_list, told.on_read, told.in_record), (1, 1, 0, 0));
        assert_eq!((told.in_event, told.in_tool_result, told.in_chat), (1, 0, 0));
    }

    #[test]
    fn an_empty_reason_tells_nobody() {
        let facts = [row("read", &json!("")), row("list", &json!("")), event("")];
        assert_eq!(Refusals::of(&seen(&facts)), Refusals { count: 1, ..Refusals::default() });
    }

    #[test]
    fn a_refused_tool_call_is_told_by_its_own_result_and_counted_once() {
        let envelope = r#"{"error":"HTTP 422","detail":"{\"error\":\"no key\"}","status":422}"#;
        let entry = json!({"entry_call": {
            "entry": "tool", "step": "make", "member": "a", "status": 422, "reason": "no key",
        }});
        let facts = [tool("provision_workspace", envelope), entry, turn("refused: no key")];
        let told = Refusals::of(&seen(&facts));
        assert_eq!((told.count, told.in_tool_result, told.in_chat, told.in_answer), (1, 1, 1, 0));
    }

    #[test]
    fn a_refused_create_is_told_by_its_answer() {
        let call = |reason: &Value| {
            json!({"entry_call": {
                "entry": "create", "step": "make", "member": "a", "status": 422, "reason": reason,
            }})
        };
        let told = Refusals::of(&seen(&[call(&json!("no key")), call(&json!(null))]));
        assert_eq!((told.count, told.in_answer), (2, 1));
    }
}
