//! Model calls in words.

use journal::{AnswerKind, Endpoint, KeyShown, ModelCall, Payer};
use serde_json::Value;

use super::body::{shown_id, whose};
use crate::names::Names;

pub(super) fn line(call: &ModelCall, names: &Names) -> String {
    let of = call.workspace.as_deref().map_or_else(|| "no known box".to_owned(), |row| names.call(row));
    format!("{}model call of {of}: {}", whose(call.tenant), call_in_words(call))
}

/// A model call without its caller: where, on which wire, which id, with which key, and what came of it.
pub(crate) fn call_in_words(call: &ModelCall) -> String {
    let endpoint = match &call.endpoint {
        Endpoint::Proxy => "proxy",
        Endpoint::Vendor(host) => host,
    };
    format!(
        "{endpoint}, {}, {}, {} → {}{}{}",
        wire_in_words(call),
        shown_id(&call.model),
        key_in_words(&call.key),
        call.status,
        answer_in_words(call.answer),
        payer_in_words(call.payer),
    )
}

/// The wire's own name with spaces: `anthropic messages`.
fn wire_in_words(call: &ModelCall) -> String {
    match serde_json::to_value(call.wire) {
        Ok(Value::String(name)) => name.replace('_', " "),
        _ => format!("{:?}", call.wire),
    }
}

fn key_in_words(key: &KeyShown) -> String {
    match key {
        KeyShown::Missing => "no key".to_owned(),
        KeyShown::UsageToken => "usage token".to_owned(),
        KeyShown::OtherTenantsToken => "another tenant's usage token".to_owned(),
        KeyShown::OwnKey(name) => format!("the tenant's own {name}"),
        KeyShown::Unknown => "a key that nobody issued".to_owned(),
    }
}

fn answer_in_words(answer: AnswerKind) -> &'static str {
    match answer {
        AnswerKind::Text => " with words",
        AnswerKind::ToolUse => " with tool calls",
        AnswerKind::Empty => " with nothing in it",
        AnswerKind::Error => "",
    }
}

fn payer_in_words(payer: Option<Payer>) -> &'static str {
    match payer {
        Some(Payer::Platform) => ", the platform paid",
        Some(Payer::Vendor) => ", paid with the tenant's own key",
        None => "",
    }
}
