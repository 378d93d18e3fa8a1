//! Answers that are not what was asked for, and bodies as handlers take them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wire::{Code, Refusal};

/// The longest body that is read, in bytes.
pub(crate) const BODY_LIMIT_BYTES: usize = 1024 * 1024;

/// A route's answer, or its refusal.
pub(crate) type Answer<T> = Result<T, Refused>;

/// A refusal: a status and a JSON body.
#[derive(Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    body: Value,
}

impl Refused {
    /// A body of one's own.
    pub(crate) fn body(status: StatusCode, body: Value) -> Self {
        Self { status, body }
    }

    /// A plain refusal: `{error}`.
    pub(crate) fn text(status: StatusCode, error: &str) -> Self {
        Self::body(status, json!({ "error": error }))
    }

    /// A body that is not what the route reads.
    pub(crate) fn malformed() -> Self {
        Self::text(StatusCode::BAD_REQUEST, "invalid request body")
    }

    /// An id that is no UUID.
    pub(crate) fn bad_id() -> Self {
        Self::text(StatusCode::BAD_REQUEST, "invalid workspace ID")
    }

    /// A workspace that is not there.
    pub(crate) fn no_workspace() -> Self {
        Self::text(StatusCode::NOT_FOUND, "workspace not found")
    }

    /// What it says to people, for an answer that is no refusal as a whole.
    pub(crate) fn error(&self) -> Value {
        self.body.get("error").cloned().unwrap_or_default()
    }

    /// A 422 with a code.
    pub(crate) fn coded(code: Code, refusal: Refusal) -> Self {
        let refusal = Refusal { code: Some(code), ..refusal };
        Self::body(StatusCode::UNPROCESSABLE_ENTITY, json!(refusal))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(%error, "the store refused a statement");
        Self::text(StatusCode::INTERNAL_SERVER_ERROR, "the store failed")
    }
}

/// A JSON body; anything else is a 400, whatever content type it claims. As on the recorded servers the last of equal
/// keys stands, and what follows the first value is not read.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            Refused::text(rejection.into_response().status(), "request body not readable")
        })?;
        let mut values = serde_json::Deserializer::from_slice(&bytes).into_iter::<Value>();
        let first = values.next().and_then(Result::ok).ok_or_else(Refused::malformed)?;
        serde_json::from_value(first).map(Self).map_err(|_| Refused::malformed())
    }
}
