//! What the concierge tells the user at the end of a turn. Reasons are quoted verbatim.

use serde_json::Value;

use super::progress::{Attempt, EntryAnswer};

/// One line for each member.
pub(crate) fn on(team: &[&Attempt<'_>]) -> String {
    let mut text = String::from("This is your team now:");
    for attempt in team {
        text.push_str("\n- ");
        text.push_str(&line(attempt));
    }
    text
}

fn line(attempt: &Attempt<'_>) -> String {
    let name = attempt.name;
    if let EntryAnswer::Refused(said) = &attempt.entry {
        return format!("{name} was refused: {}", refusal(said));
    }
    match (attempt.status(), attempt.reason()) {
        (Some("online"), _) => format!("{name} is online"),
        (Some("failed"), Some(reason)) => format!("{name} failed: {reason}"),
        (Some("failed"), None) => format!("{name} failed, and the platform gave no reason"),
        (Some(status), Some(reason)) => format!("{name} is {status}: {reason}"),
        (Some(status), None) => format!("{name} is {status}"),
        (None, _) => format!("{name} was accepted, but I can't read its row"),
    }
}

/// The text of a refusal: the error inside `detail`, else `detail`, else all that the tool said (mcp §5).
fn refusal(said: &str) -> String {
    let envelope: Value = serde_json::from_str(said).unwrap_or_default();
    let Some(detail) = envelope.get("detail").and_then(Value::as_str) else { return said.to_owned() };
    let inner: Value = serde_json::from_str(detail).unwrap_or_default();
    inner.get("error").and_then(Value::as_str).unwrap_or(detail).to_owned()
}
