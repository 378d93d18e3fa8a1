//! The listener of all boxes: JSON-RPC at `/box/<instance>`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use journal::Hop;
use serde_json::{Value, json};
use wire::{Message, Reply, reply_text};

use super::AgentBox;
use crate::served::{Arrived, Given, slug_in};
use crate::shared::Shared;

/// JSON-RPC: the method does not exist.
const NO_SUCH_METHOD: i64 = -32601;
/// JSON-RPC: the request can't be read.
const INVALID_REQUEST: i64 = -32600;
/// JSON-RPC: the agent failed.
const AGENT_FAILED: i64 = -32000;

/// The routes of every box.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/box/{instance}", get(alive).post(message))
        .route("/box/{instance}/", get(alive).post(message))
        .route("/box/{instance}/signals/restart_pending", post(alive))
        .fallback(unmodelled)
        .method_not_allowed_fallback(unmodelled)
        .with_state(shared)
}

async fn alive(State(shared): State<Arc<Shared>>, Path(instance): Path<String>, arrived: Arrived) -> Given {
    let Some(agent_box) = shared.directory.agent_box(&instance) else {
        return to_no_box(&shared, &arrived, &instance);
    };
    let given = Given::new(StatusCode::OK, json!({ "status": "ok" }));
    if arrived.method != Method::GET {
        arrived.note(&agent_box.org, Hop::PlatformToBox, &given);
    }
    given
}

async fn message(State(shared): State<Arc<Shared>>, Path(instance): Path<String>, arrived: Arrived) -> Given {
    let Some(agent_box) = shared.directory.agent_box(&instance) else {
        return to_no_box(&shared, &arrived, &instance);
    };
    let request = arrived.value();
    let answered = tokio::select! {
        answered = answer(&shared, &agent_box, &request) => Some(answered),
        () = agent_box.stopped.cancelled() => None,
    };
    let given = answered.map_or_else(|| gone(&instance), |reply| Given::of(StatusCode::OK, &reply));
    arrived.note(&agent_box.org, Hop::PlatformToBox, &given);
    given
}

async fn answer(shared: &Shared, agent_box: &Arc<AgentBox>, request: &Value) -> Reply {
    let id = request.get("id").cloned().unwrap_or_default();
    match request.get("method").and_then(Value::as_str) {
        Some("message/send") => {}
        Some(other) => return Reply::error(id, NO_SUCH_METHOD, &format!("no such method: {other}")),
        None => return Reply::error(id, INVALID_REQUEST, "no JSON-RPC request"),
    }
    let answered = if is_unasked(request) {
        Ok("Noted.".to_owned())
    } else {
        let words = request.pointer("/params/message").and_then(reply_text).unwrap_or_default();
        agent_box.turn(shared, &words).await
    };
    match answered {
        Ok(text) => Reply::result(id, Message::from_agent(agent_box.next_mark(), text)),
        Err(cause) => Reply::error(id, AGENT_FAILED, &cause),
    }
}

/// The platform marks what no person asked: in the params or in the message itself (tenant-api §4.6).
fn is_unasked(request: &Value) -> bool {
    ["/params/metadata/kind", "/params/message/metadata/kind"]
        .iter()
        .any(|place| request.pointer(place).is_some_and(|kind| !kind.is_null()))
}

/// The answer where no such box runs. A message to it is noted in the journal of the org whose box it was.
fn to_no_box(shared: &Shared, arrived: &Arrived, instance: &str) -> Given {
    let given = gone(instance);
    match slug_in(instance).and_then(|slug| shared.directory.org_by_slug(slug)) {
        Some(org) if arrived.method != Method::GET => arrived.note(&org, Hop::PlatformToBox, &given),
        Some(_) => {}
        None => shared.stray(arrived, "boxes"),
    }
    given
}

fn gone(instance: &str) -> Given {
    Given::error(StatusCode::NOT_FOUND, &format!("no box {instance}"))
}

async fn unmodelled(State(shared): State<Arc<Shared>>, arrived: Arrived) -> Given {
    let instance = arrived.path.strip_prefix("/box/").and_then(|rest| rest.split(['/', '?']).next());
    let org = instance.and_then(slug_in).and_then(|slug| shared.directory.org_by_slug(slug));
    arrived.unmodelled(&shared, org.as_deref(), Hop::PlatformToBox)
}

#[cfg(test)]
mod tests;
