//! OpenAI chat completions, as the proxy reads and answers them.

mod read;
mod render;

use serde_json::{Value, json};

use super::serve::Rejection;

pub(crate) use read::read;
pub(crate) use render::render;

/// A vendor's error body.
pub(crate) fn error(rejection: &Rejection) -> Value {
    let (kind, code) = match rejection.status.as_u16() {
        401 => ("invalid_request_error", Some("invalid_api_key")),
        402 => ("insufficient_quota", Some("insufficient_quota")),
        403 => ("invalid_request_error", Some("model_not_found")),
        503 => ("server_error", None),
        _ => ("invalid_request_error", None),
    };
    json!({ "error": { "message": rejection.message, "type": kind, "param": null, "code": code } })
}
