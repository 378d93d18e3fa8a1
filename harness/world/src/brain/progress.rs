//! How far a turn has come, read from the conversation alone.

use serde_json::Value;
use wire::Status;

use crate::speech::{Call, CallResult, Prompt, Said};

/// Makes a member.
pub(crate) const PROVISION: &str = "provision_workspace";
/// Reads a row.
pub(crate) const READ: &str = "get_workspace";

/// What was done since the user last spoke.
#[derive(Debug, Default)]
pub(crate) struct Progress<'a> {
    /// One for each member that was asked for, in order.
    pub(crate) attempts: Vec<Attempt<'a>>,
    /// How many tool calls the whole conversation holds.
    pub(crate) calls_so_far: usize,
}

/// One `provision_workspace` and what became of it.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    /// The member.
    pub(crate) name: &'a str,
    /// What the tool said.
    pub(crate) entry: EntryAnswer<'a>,
    /// How often its row was read.
    pub(crate) reads: usize,
    /// The row as last read.
    pub(crate) row: Option<Value>,
}

/// What `provision_workspace` answered.
#[derive(Debug, PartialEq)]
pub(crate) enum EntryAnswer<'a> {
    /// There is a row of this id.
    Row(String),
    /// There is none, and this is what was said.
    Refused(&'a str),
}

/// What is known of a member's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Something may still happen.
    Open,
    /// Nothing more will happen.
    Settled,
}

impl<'a> Progress<'a> {
    /// Reads the conversation.
    pub(crate) fn of(prompt: &'a Prompt) -> Self {
        let mut progress = Self::default();
        for (index, said) in prompt.messages.iter().enumerate() {
            match said {
                Said::User(_) => progress.attempts.clear(),
                Said::Assistant(completion) => {
                    progress.calls_so_far += completion.calls.len();
                    for call in &completion.calls {
                        progress.take(call, result_of(&prompt.messages[index..], &call.id));
                    }
                }
                Said::Results(_) => {}
            }
        }
        progress
    }

    fn take(&mut self, call: &'a Call, result: Option<&'a CallResult>) {
        let Some(result) = result else { return };
        if is_tool(&call.name, PROVISION) {
            self.attempts.push(Attempt {
                name: text_argument(call, "name"),
                entry: entry_answer(result),
                reads: 0,
                row: None,
            });
        } else if is_tool(&call.name, READ) {
            let id = text_argument(call, "workspace_id");
            let read = self.attempts.iter_mut().find(|attempt| attempt.id() == Some(id));
            if let Some(attempt) = read {
                attempt.reads = look_number(&call.id).unwrap_or(attempt.reads + 1);
                attempt.row = serde_json::from_str(&result.text).ok();
            }
        }
    }
}

impl Attempt<'_> {
    /// The row's id, where there is a row.
    pub(crate) fn id(&self) -> Option<&str> {
        match &self.entry {
            EntryAnswer::Row(id) => Some(id),
            EntryAnswer::Refused(_) => None,
        }
    }

    /// The row's status as last read.
    pub(crate) fn status(&self) -> Option<&str> {
        self.row.as_ref()?.get("status").and_then(Value::as_str)
    }

    /// Whether waiting makes sense. A row that is gone (404, 410) is settled too.
    pub(crate) fn standing(&self) -> Standing {
        let gone =
            self.row.as_ref().and_then(|row| row.get("error").and(row.get("status"))).and_then(Value::as_u64);
        let is_settled = match gone {
            Some(status) => status == 404 || status == 410,
            None => self.status().and_then(Status::from_wire).is_some_and(Status::is_settled),
        };
        if self.id().is_none() || is_settled { Standing::Settled } else { Standing::Open }
    }

    /// Why it failed, where the row says so.
    pub(crate) fn reason(&self) -> Option<&str> {
        let reason = self.row.as_ref()?.get("last_sample_error")?.as_str()?;
        (!reason.is_empty()).then_some(reason)
    }
}

/// The id of a read: it bears the number of the look. So a long wait is known for one although the agent keeps only
/// the last of equal reads in its conversation.
pub(crate) fn look_id(number: usize, index: usize) -> String {
    format!("look_{number:04}_{index}")
}

fn look_number(id: &str) -> Option<usize> {
    id.strip_prefix("look_")?.split('_').next()?.parse().ok()
}

/// True where a tool is shown by its own name, or by that name after a client's prefix.
pub(crate) fn is_tool(shown: &str, name: &str) -> bool {
    shown.strip_suffix(name).is_some_and(|prefix| prefix.is_empty() || prefix.ends_with("__"))
}

fn result_of<'a>(messages: &'a [Said], id: &str) -> Option<&'a CallResult> {
    messages.iter().find_map(|said| match said {
        Said::Results(results) => results.iter().find(|result| result.id == id),
        _ => None,
    })
}

fn text_argument<'a>(call: &'a Call, name: &str) -> &'a str {
    call.arguments.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A result with an id and without an error made a row; the protocol's own mark does not tell (mcp §5).
fn entry_answer(result: &CallResult) -> EntryAnswer<'_> {
    let value: Value = serde_json::from_str(&result.text).unwrap_or_default();
    let id = value.get("id").and_then(Value::as_str);
    match id {
        Some(id) if !result.is_error && value.get("error").is_none() => EntryAnswer::Row(id.to_owned()),
        _ => EntryAnswer::Refused(&result.text),
    }
}
