//! Tool calls on their way to the journal: a wait that repeats its read is one line.

use journal::{Fact, Recorder, TenantRole, ToolCall};
use serde_json::Value;

use super::tools::ToolAnswer;

/// The tool whose repetitions are folded.
const POLLED: &str = "get_workspace";

/// Records the tool calls of one turn. What is still held back is recorded when it is dropped: a turn may be cut off.
pub(crate) struct ToolLedger<'a> {
    recorder: &'a Recorder,
    tenant: TenantRole,
    held: Vec<ToolCall>,
}

impl<'a> ToolLedger<'a> {
    /// An empty ledger.
    pub(crate) fn new(recorder: &'a Recorder, tenant: TenantRole) -> Self {
        Self { recorder, tenant, held: Vec::new() }
    }

    /// Takes a call: a repeated read with an equal answer counts up, all else is recorded at its place.
    pub(super) fn take(&mut self, tool: &str, arguments: &Value, answer: &ToolAnswer) {
        let call = ToolCall {
            tenant: self.tenant,
            tool: tool.to_owned(),
            arguments: arguments.clone(),
            text: answer.text.clone(),
            is_error: answer.is_error,
            times: 1,
        };
        if tool != POLLED {
            self.flush();
            self.recorder.record(Fact::ToolCall(call));
            return;
        }
        let held = self.held.iter().position(|held| held.arguments == call.arguments);
        match held {
            Some(at) if self.held[at].text == call.text && self.held[at].is_error == call.is_error => {
                self.held[at].times += 1;
            }
            Some(at) => {
                let before = std::mem::replace(&mut self.held[at], call);
                self.recorder.record(Fact::ToolCall(before));
            }
            None => self.held.push(call),
        }
    }

    /// Records what is held back: the wait is over.
    pub(super) fn flush(&mut self) {
        for call in self.held.drain(..) {
            self.recorder.record(Fact::ToolCall(call));
        }
    }
}

impl Drop for ToolLedger<'_> {
    fn drop(&mut self) {
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equal_reads_are_one_line_and_a_change_is_another() {
        let recorder = Recorder::in_memory();
        let mut ledger = ToolLedger::new(&recorder, TenantRole::Subject);
        let answer = |text: &str| ToolAnswer { text: text.into(), is_error: false };
        ledger.take("provision_workspace", &json!({"name": "a"}), &answer("made"));
        for text in ["wait", "wait", "wait", "online"] {
            ledger.take("get_workspace", &json!({"workspace_id": "a"}), &answer(text));
            ledger.take("get_workspace", &json!({"workspace_id": "b"}), &answer("wait"));
        }
        drop(ledger);
        let lines: Vec<_> = recorder.look(|seen| {
            let calls = seen.iter().filter_map(|seen| match &seen.fact {
                Fact::ToolCall(call) => Some((call.text.clone(), call.times)),
                _ => None,
            });
            calls.collect()
        });
        let expected = [("made", 1), ("wait", 3), ("online", 1), ("wait", 4)];
        assert_eq!(lines, expected.map(|(text, times)| (text.to_owned(), times)));
    }
}
