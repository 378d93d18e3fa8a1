//! What our own servers get and give: a request read whole, an answer with its body, and what the journal hears.

use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use journal::{Exchange, Fact, Hop, Unmodelled};
use serde_json::{Value, json};
use wire::header;

use crate::http::{cut, json_or_text, millis};
use crate::org::{BOX_NAME, Org};
use crate::shared::Shared;

/// No request that our servers have a use for is longer.
pub(crate) const MAX_REQUEST_BYTES: usize = 4 << 20;

/// A body that is sent so slowly that it takes longer is cut off.
const BODY_BOUND: Duration = Duration::from_secs(10);

/// A request, read whole.
#[derive(Debug)]
pub(crate) struct Arrived {
    /// When it came.
    pub(crate) at: Instant,
    /// Its method.
    pub(crate) method: Method,
    /// Its path with the query.
    pub(crate) path: String,
    /// Its headers.
    pub(crate) headers: HeaderMap,
    /// Its body; `None` where it was past the bound or cut off.
    pub(crate) body: Option<Bytes>,
}

impl<S: Send + Sync> FromRequest<S> for Arrived {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let at = Instant::now();
        let (parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let read = tokio::time::timeout(BODY_BOUND, axum::body::to_bytes(body, MAX_REQUEST_BYTES)).await;
        let body = read.ok().and_then(Result::ok);
        Ok(Self { at, method: parts.method, path, headers: parts.headers, body })
    }
}

impl Arrived {
    /// A header's text; absent where it is none.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The bearer.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let value = self.header(AUTHORIZATION.as_str())?;
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
    }

    /// The body as JSON, else as a text; null where there is none.
    pub(crate) fn value(&self) -> Value {
        self.body.as_ref().map_or(Value::Null, |body| json_or_text(body))
    }

    /// Whatever the call says of who is meant: bearers, keys, org ids, and the box of its mark or path.
    pub(crate) fn names_shown(&self) -> impl Iterator<Item = &str> {
        let shown = [header::ADMIN_TOKEN, header::ORG_ID, "x-api-key"].map(|name| self.header(name));
        let marked =
            self.header(header::CALL_ID).and_then(|mark| mark.rsplit_once('/')).map(|(name, _)| name);
        let in_path = self.path.strip_prefix(BOX_PATH).and_then(|rest| rest.split(['/', '?']).next());
        let boxes = [marked, in_path].map(|name| name.and_then(slug_in));
        shown.into_iter().chain([self.bearer()]).chain(boxes).flatten()
    }

    /// Records the exchange in the org's journal.
    pub(crate) fn note(&self, org: &Org, hop: Hop, answer: &Given) {
        org.journey.recorder.record(Fact::Exchange(Exchange {
            tenant: org.role,
            hop,
            method: self.method.to_string(),
            path: self.path.clone(),
            request: cut(self.value()),
            status: Some(answer.status.as_u16()),
            response: cut(answer.body.clone()),
            error: None,
            took_ms: millis(self.at.elapsed()),
        }));
    }

    /// The answer to a route that is not modelled: 501, and a fact where the caller is known, else a stray.
    pub(crate) fn unmodelled(&self, shared: &Shared, org: Option<&Org>, hop: Hop) -> Given {
        match org {
            Some(org) => {
                org.journey.recorder.record(Fact::Unmodelled(Unmodelled {
                    hop,
                    method: self.method.to_string(),
                    path: self.path.clone(),
                }));
            }
            None => shared.stray(self, listener_of(hop)),
        }
        Given::error(StatusCode::NOT_IMPLEMENTED, &format!("not modelled: {} {}", self.method, self.path))
    }
}

/// Before the name of a box in the path of its routes.
const BOX_PATH: &str = "/box/";

/// The slug of the org that a box of this name belongs to.
pub(crate) fn slug_in(instance: &str) -> Option<&str> {
    let (slug, number) = instance.strip_prefix(BOX_NAME)?.rsplit_once('-')?;
    number.parse::<u32>().is_ok().then_some(slug)
}

/// Whose listener a call on this hop reaches, in words.
fn listener_of(hop: Hop) -> &'static str {
    match hop {
        Hop::BoxToProxy => "model proxy",
        Hop::PlatformToBox => "boxes",
        _ => "control plane",
    }
}

/// An answer of one of our servers.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    /// Its status.
    pub(crate) status: StatusCode,
    /// Its JSON body.
    pub(crate) body: Value,
}

impl Given {
    /// An answer with a body.
    pub(crate) fn new(status: StatusCode, body: Value) -> Self {
        Self { status, body }
    }

    /// An answer with a body that is made of a type of the wire.
    pub(crate) fn of(status: StatusCode, body: &impl serde::Serialize) -> Self {
        Self { status, body: serde_json::to_value(body).unwrap_or_default() }
    }

    /// `{error}`.
    pub(crate) fn error(status: StatusCode, text: &str) -> Self {
        Self::new(status, json!({ "error": text }))
    }
}

impl IntoResponse for Given {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body.to_string()));
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, axum::http::HeaderValue::from_static("application/json"));
        response
    }
}
