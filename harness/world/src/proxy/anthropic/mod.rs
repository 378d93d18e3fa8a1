//! Anthropic messages, as the proxy reads and answers them.

mod read;
mod render;

use serde_json::{Value, json};

use super::serve::Rejection;

#[cfg(test)]
pub(crate) use read::prompt;
pub(crate) use read::read;
pub(crate) use render::render;

/// A vendor's error body.
pub(crate) fn error(rejection: &Rejection) -> Value {
    let kind = match rejection.status.as_u16() {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        503 => "api_error",
        413 => "request_too_large",
        _ => "invalid_request_error",
    };
    json!({ "type": "error", "error": { "type": kind, "message": rejection.message } })
}
