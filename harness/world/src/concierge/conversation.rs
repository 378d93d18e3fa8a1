//! What a concierge keeps from turn to turn: its tools and its conversation.

use std::sync::Arc;

use serde_json::Value;

use super::tools::Tools;
use crate::speech::{Completion, Said};

/// Kept over turns. Empty until its first turn.
#[derive(Debug, Default)]
pub(crate) struct Concierge {
    /// The connection to its tools.
    pub(super) tools: Option<Arc<Tools>>,
    /// All that was said, less the rounds that were forgotten.
    pub(super) messages: Vec<Said>,
}

impl Concierge {
    /// Closes the tools.
    pub(crate) fn close(&mut self) {
        if let Some(tools) = self.tools.take() {
            tools.close();
        }
    }
}

/// The tool by which a wait looks.
const READ_TOOL: &str = "get_workspace";

/// Appends what the model said. Where it reads once more exactly what it read just before, the round before is
/// forgotten: a conversation grows with what was said and not with how long was waited. A call that does something is
/// never forgotten, even if it is done twice.
pub(super) fn append(messages: &mut Vec<Said>, completion: Completion) {
    if let [.., Said::Assistant(before), Said::Results(_)] = messages.as_slice()
        && !completion.calls.is_empty()
        && asks_the_same(before, &completion)
    {
        messages.truncate(messages.len() - 2);
    }
    messages.push(Said::Assistant(completion));
}

/// Reads alone, and equal but for the ids of the calls.
fn asks_the_same(one: &Completion, other: &Completion) -> bool {
    if !other.calls.iter().all(|call| call.name == READ_TOOL) {
        return false;
    }
    let asks = |completion: &Completion| -> Vec<(String, Value)> {
        completion.calls.iter().map(|call| (call.name.clone(), call.arguments.clone())).collect()
    };
    asks(one) == asks(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::{Call, CallResult, check_pairs};
    use serde_json::json;

    #[test]
    fn a_call_that_is_made_twice_stands_twice() {
        let mut messages = vec![Said::User("go".into())];
        for id in ["0", "1"] {
            let call =
                Call { id: id.into(), name: "provision_workspace".into(), arguments: json!({"name": "a"}) };
            append(&mut messages, Completion::calls(vec![call]));
            messages.push(Said::Results(vec![CallResult {
                id: id.into(),
                text: id.into(),
                is_error: false,
            }]));
        }
        assert_eq!(messages.len(), 5);
    }

    #[test]
    fn only_the_last_of_equal_reads_is_kept() {
        let mut messages = vec![Said::User("go".into())];
        for (id, name) in [("0", "provision_workspace"), ("1", "get_workspace"), ("2", "get_workspace")] {
            let call = Call { id: id.into(), name: name.into(), arguments: json!({"workspace_id": "w"}) };
            append(&mut messages, Completion::calls(vec![call]));
            messages.push(Said::Results(vec![CallResult {
                id: id.into(),
                text: id.into(),
                is_error: false,
            }]));
        }
        append(&mut messages, Completion::text("done"));
        assert_eq!(messages.len(), 6);
        assert!(matches!(&messages[4], Said::Results(results) if results[0].text == "2"));
        assert_eq!(check_pairs(&messages), Ok(()));
    }
}
