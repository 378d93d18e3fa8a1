//! An answer on its way: whole, or as events. The proxy sends events one by one; a vendor's fake sends them at once.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::fragments::Events;
use crate::served::Given;

/// The body of a good answer.
#[derive(Debug)]
pub(crate) enum Rendered {
    /// One JSON text.
    Whole(Value),
    /// Server-sent events.
    Events(Events),
}

impl IntoResponse for Rendered {
    fn into_response(self) -> Response {
        match self {
            Self::Whole(body) => Given::new(StatusCode::OK, body).into_response(),
            Self::Events(events) => events.into_response(),
        }
    }
}
