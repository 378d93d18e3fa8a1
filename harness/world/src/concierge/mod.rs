//! The concierge: a box whose loop is real. User turn, model, tool call over MCP, tool result, model, answer.
//!
//! Its tools are the platform's own: an MCP server that the stack opens with the box's environment. Each tool call
//! goes to the journal; a wait that repeats its read is one line there ([`polls`]).

mod conversation;
mod polls;
mod tools;
mod turn;

pub(crate) use conversation::Concierge;
pub(crate) use polls::ToolLedger;
pub(crate) use tools::Tools;
pub(crate) use turn::{call_noted, open_tools, turn};
