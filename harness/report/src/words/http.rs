//! HTTP exchanges in words.

use journal::{Exchange, Unmodelled};

use super::Said;
use super::body::{body, whose};
use crate::text::{cut, time};

/// A longer path is cut, in characters.
const MAX_PATH_CHARS: usize = 160;

pub(super) fn exchange(exchange: &Exchange) -> Said {
    let answer = match (exchange.status, &exchange.error) {
        (Some(status), None) => status.to_string(),
        (Some(status), Some(error)) => format!("{status}, then {error}"),
        (None, Some(error)) => format!("no answer after {}: {error}", time(exchange.took_ms)),
        (None, None) => format!("no answer after {}", time(exchange.took_ms)),
    };
    let line = format!(
        "{}{}  {} {} → {answer}",
        whose(exchange.tenant),
        exchange.hop.in_words(),
        exchange.method,
        cut(&exchange.path, MAX_PATH_CHARS),
    );
    let sent = body(&exchange.request).map(|body| format!("sent {body}"));
    let answered = body(&exchange.response).map(|body| format!("answered {body}"));
    let excerpts: Vec<String> = sent.into_iter().chain(answered).collect();
    Said { line, excerpt: (!excerpts.is_empty()).then(|| excerpts.join(", ")) }
}

pub(super) fn unmodelled(call: &Unmodelled) -> String {
    format!(
        "{}  {} {} → 501: the world does not model this route",
        call.hop.in_words(),
        call.method,
        cut(&call.path, MAX_PATH_CHARS),
    )
}
