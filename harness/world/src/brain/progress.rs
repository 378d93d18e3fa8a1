//! How far a turn has come, read from the conversation alone.

use serde_json::Value;
use wire::Status;

use crate::speech::{Call, CallResult, Prompt, Said};

/// Makes a member.
pub(crate) const PROVISION: &str = "provision_workspace";
/// Reads a row.
pub(crate) const READ: &str = "get_workspace";
/// Deletes a row.
pub(crate) const DEPROVISION: &str = "deprovision_workspace";

/// What was done so far.
#[derive(Debug, Default)]
pub(crate) struct Progress<'a> {
    /// The attempts since the user last spoke, in order.
    pub(crate) attempts: Vec<Attempt<'a>>,
    /// The attempts of the turns before.
    pub(crate) earlier: Vec<Attempt<'a>>,
    /// How many tool calls the whole conversation holds.
    pub(crate) calls_so_far: usize,
}

/// One `provision_workspace` and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Attempt<'a> {
    /// The member.
    pub(crate) name: &'a str,
    /// The member's place in its turn.
    pub(crate) slot: usize,
    /// What was typed.
    pub(crate) arguments: &'a Value,
    /// What the tool said.
    pub(crate) entry: EntryAnswer<'a>,
    /// How often its row was read since the user last spoke.
    pub(crate) reads: usize,
    /// The row as last read.
    pub(crate) row: Option<Value>,
    /// Whether the row was deprovisioned, or tried to be.
    pub(crate) is_cleared: bool,
}

/// What `provision_workspace` answered.
#[derive(Clone, Debug, PartialEq)]
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
    /// It has a row that works, or at least did not fail.
    Kept,
    /// It has a row that failed.
    Failed,
    /// It has no row.
    Nothing,
}

impl<'a> Progress<'a> {
    /// Reads the conversation.
    pub(crate) fn of(prompt: &'a Prompt) -> Self {
        let mut progress = Self::default();
        for (index, said) in prompt.messages.iter().enumerate() {
            match said {
                Said::User(_) => progress.turn_over(),
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

    fn turn_over(&mut self) {
        self.earlier.append(&mut self.attempts);
        self.earlier.iter_mut().for_each(|attempt| attempt.reads = 0);
    }

    fn take(&mut self, call: &'a Call, result: Option<&'a CallResult>) {
        let Some(result) = result else { return };
        if is_tool(&call.name, PROVISION) {
            self.attempts.push(Attempt {
                name: text_argument(call, "name"),
                slot: slot_in(&call.id).unwrap_or(self.attempts.len()),
                arguments: &call.arguments,
                entry: entry_answer(result),
                reads: 0,
                row: None,
                is_cleared: false,
            });
        } else if is_tool(&call.name, READ) {
            if let Some(attempt) = self.of_row(text_argument(call, "workspace_id")) {
                attempt.reads = look_number(&call.id).unwrap_or(attempt.reads + 1);
                attempt.row = serde_json::from_str(&result.text).ok();
            }
        } else if is_tool(&call.name, DEPROVISION)
            && let Some(attempt) = self.of_row(text_argument(call, "workspace_id"))
        {
            attempt.is_cleared = true;
        }
    }

    fn of_row(&mut self, id: &str) -> Option<&mut Attempt<'a>> {
        self.attempts.iter_mut().chain(&mut self.earlier).find(|attempt| attempt.id() == Some(id))
    }

    /// The attempts of this turn for the member at this place, in order.
    pub(crate) fn of_slot(&self, slot: usize) -> impl DoubleEndedIterator<Item = &Attempt<'a>> {
        self.attempts.iter().filter(move |attempt| attempt.slot == slot)
    }

    /// The newest attempt of an earlier turn for a member of this name; where several bear it, the one at this place.
    pub(crate) fn before(&self, slot: usize, name: &str) -> Option<&Attempt<'a>> {
        let mut same_name = self.earlier.iter().rev().filter(|attempt| attempt.name == name);
        let at_slot = same_name.clone().find(|attempt| attempt.slot == slot);
        at_slot.or_else(|| same_name.next())
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

    /// The row's name as last read.
    pub(crate) fn stored_name(&self) -> Option<&str> {
        self.row.as_ref()?.get("name").and_then(Value::as_str)
    }

    /// The row's status as last read.
    pub(crate) fn status(&self) -> Option<&str> {
        self.row.as_ref()?.get("status").and_then(Value::as_str)
    }

    /// Whether waiting makes sense, and else what there is. A row that is gone (404, 410) is none.
    pub(crate) fn standing(&self) -> Standing {
        if self.id().is_none() || self.is_cleared || self.is_gone() {
            return Standing::Nothing;
        }
        match self.status().and_then(Status::from_wire) {
            Some(Status::Failed) => Standing::Failed,
            Some(status) if status.is_settled() => Standing::Kept,
            _ => Standing::Open,
        }
    }

    fn is_gone(&self) -> bool {
        let error = self.row.as_ref().and_then(|row| row.get("error").and(row.get("status")));
        error.and_then(Value::as_u64).is_some_and(|status| status == 404 || status == 410)
    }

    /// Why it failed, where the row says so.
    pub(crate) fn reason(&self) -> Option<&str> {
        let reason = self.row.as_ref()?.get("last_sample_error")?.as_str()?;
        (!reason.is_empty()).then_some(reason)
    }
}

/// The id of a provision: it bears the place of the member.
pub(crate) fn provision_id(number: usize, slot: usize) -> String {
    format!("make_{number:04}_{slot}")
}

fn slot_in(id: &str) -> Option<usize> {
    id.strip_prefix("make_")?.rsplit_once('_')?.1.parse().ok()
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
