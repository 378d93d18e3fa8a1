//! Turns, tools and questions in words.

use journal::{AskReason, Asked, ToolCall, ToolList, Turn, TurnReply};

use super::Said;
use super::body::{body, text, whose};
use crate::names::Names;
use crate::text::{count, time};

pub(super) fn turn(turn: &Turn) -> Said {
    let line = format!(
        "turn {}: the user said {} → {}",
        turn.number,
        text(&turn.said),
        reply(&turn.reply, turn.took_ms)
    );
    Said { line, excerpt: said_back(&turn.reply, "the concierge") }
}

pub(super) fn asked(asked: &Asked, names: &Names) -> Said {
    let why = match asked.reason {
        AskReason::FirstOnline => "when first seen online".to_owned(),
        AskReason::Step(index) => format!("in step {}", index + 1),
    };
    let verdict = if asked.is_answered() { "answered" } else { "not answered" };
    let line = format!(
        "question to {} {why}, to be answered with `{}` → {}, {verdict}",
        names.call(&asked.workspace),
        asked.expected,
        reply(&asked.reply, asked.took_ms),
    );
    Said { line, excerpt: said_back(&asked.reply, "the agent") }
}

fn reply(reply: &TurnReply, took_ms: u64) -> String {
    let took = time(took_ms);
    match reply.status {
        Some(status) => format!("{status} after {took}"),
        None => format!("no answer after {took}"),
    }
}

fn said_back(reply: &TurnReply, who: &str) -> Option<String> {
    match (&reply.text, &reply.error) {
        (Some(said), None) => Some(format!("{who} said {}", text(said))),
        (None, Some(error)) => Some(format!("error {}", text(error))),
        (Some(said), Some(error)) => Some(format!("{who} said {}, error {}", text(said), text(error))),
        (None, None) => reply.status.map(|_| format!("{who} said nothing")),
    }
}

pub(super) fn tool_list(list: &ToolList) -> String {
    let tools: Vec<&str> = list.tools.iter().map(|tool| tool.name.as_str()).collect();
    let number = count(tools.len() as u64, "tool", "tools");
    format!("{}the concierge was shown {number}: {}", whose(list.tenant), tools.join(", "))
}

pub(super) fn tool_call(call: &ToolCall) -> Said {
    let times = if call.times > 1 { format!(", {} times", call.times) } else { String::new() };
    let outcome = match (call.is_error, call.refused_status()) {
        (_, Some(status)) => format!("refused with {status}"),
        (true, None) => "error".to_owned(),
        (false, None) if call.is_refused() => "refused".to_owned(),
        (false, None) => "accepted".to_owned(),
    };
    let arguments = body(&call.arguments).map(|arguments| format!(" {arguments}")).unwrap_or_default();
    let line = format!("{}tool {}{arguments} → {outcome}{times}", whose(call.tenant), call.tool);
    Said { line, excerpt: Some(format!("result {}", text(&call.text))) }
}
