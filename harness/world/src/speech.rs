//! A model conversation, whatever wire it travels on.

use std::sync::Arc;

use journal::ToolDescription;
use serde_json::Value;

/// What a model is asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prompt {
    /// The model id, byte for byte.
    pub(crate) model: String,
    /// What the agent was told before all.
    pub(crate) system: Option<String>,
    /// The conversation, oldest first.
    pub(crate) messages: Vec<Said>,
    /// The tools it may call.
    pub(crate) tools: Arc<Vec<ToolDescription>>,
    /// Whether the answer is to come in pieces.
    pub(crate) stream: bool,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    /// A person's words.
    User(String),
    /// The model's words and tool calls.
    Assistant(Completion),
    /// What the tools answered.
    Results(Vec<CallResult>),
}

/// What a model answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Completion {
    /// Words; may be empty.
    pub(crate) text: String,
    /// Tool calls, in order.
    pub(crate) calls: Vec<Call>,
}

/// A tool call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    /// Ties the result to it.
    pub(crate) id: String,
    /// The tool.
    pub(crate) name: String,
    /// An object.
    pub(crate) arguments: Value,
}

/// What a tool answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CallResult {
    /// The call's id.
    pub(crate) id: String,
    /// The text of the result.
    pub(crate) text: String,
    /// The protocol's own error mark.
    pub(crate) is_error: bool,
}

impl Completion {
    /// Words and nothing else.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), calls: Vec::new() }
    }

    /// Tool calls and nothing else.
    pub(crate) fn calls(calls: Vec<Call>) -> Self {
        Self { text: String::new(), calls }
    }
}

impl Prompt {
    /// A question without tools.
    pub(crate) fn question(model: &str, text: &str) -> Self {
        Self {
            model: model.to_owned(),
            system: None,
            messages: vec![Said::User(text.to_owned())],
            tools: Arc::default(),
            stream: true,
        }
    }

    /// The last words of a person.
    pub(crate) fn last_words(&self) -> Option<&str> {
        self.messages.iter().rev().find_map(|said| match said {
            Said::User(text) => Some(text.as_str()),
            _ => None,
        })
    }
}

/// Every tool call must be answered by the next message, and nothing else may be.
///
/// # Errors
/// The id that has no partner.
pub(crate) fn check_pairs(messages: &[Said]) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    for said in messages {
        match said {
            Said::Results(results) => {
                for result in results {
                    let place = open.iter().position(|id| *id == result.id);
                    let place = place.ok_or_else(|| format!("no tool call has the id {}", result.id))?;
                    open.swap_remove(place);
                }
            }
            Said::User(_) | Said::Assistant(_) => {
                if let Some(id) = open.first() {
                    return Err(format!("the tool call {id} has no result"));
                }
                if let Said::Assistant(completion) = said {
                    open = completion.calls.iter().map(|call| call.id.as_str()).collect();
                }
            }
        }
    }
    open.first().map_or(Ok(()), |id| Err(format!("the tool call {id} has no result")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(id: &str) -> Said {
        Said::Assistant(Completion::calls(vec![Call {
            id: id.into(),
            name: "t".into(),
            arguments: Value::Null,
        }]))
    }

    fn result(id: &str) -> Said {
        Said::Results(vec![CallResult { id: id.into(), text: String::new(), is_error: false }])
    }

    #[test]
    fn calls_and_results_must_pair() {
        let user = Said::User("hi".into());
        assert_eq!(check_pairs(&[user.clone(), call("a"), result("a")]), Ok(()));
        assert!(check_pairs(&[user.clone(), call("a")]).is_err());
        assert!(check_pairs(&[user.clone(), call("a"), result("b")]).is_err());
        assert!(check_pairs(&[user.clone(), call("a"), user.clone()]).is_err());
        assert!(check_pairs(&[user, result("a")]).is_err());
    }
}
