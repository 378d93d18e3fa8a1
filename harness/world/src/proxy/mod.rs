//! The model proxy: one listener, strict as a vendor, streaming or not, with the brain behind it.
//!
//! It accepts exactly the ids of platform arms, byte for byte, for the holder of a tenant's usage token. Every call
//! lands in the ledger, accepted or not. To add a wire: a reader of requests and a renderer of answers beside
//! `anthropic`, `openai` and `responses`, and its lines in [`router`] and `serve`. A call to a vendor is decided here too.

mod admission;
pub(crate) mod anthropic;
mod fragments;
mod ledger;
pub(crate) mod openai;
pub(crate) mod rendered;
pub(crate) mod responses;
mod serve;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use journal::Hop;
use serde_json::json;
use wire::ModelWire;

use crate::served::{Arrived, Given};
use crate::shared::Shared;

#[cfg(test)]
mod tests;

pub(crate) use admission::Caller;
pub(crate) use rendered::Rendered;
pub(crate) use serve::{Door, answer, handle};

/// The routes of the proxy (tenant-api §5.3). Clients append `/v1/messages` to a base that may end in `/v1` already.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/llm/anthropic/messages", post(anthropic_messages))
        .route("/llm/anthropic/v1/messages", post(anthropic_messages))
        .route("/llm/anthropic/v1/v1/messages", post(anthropic_messages))
        .route("/llm/openai/v1/chat/completions", post(openai_chat))
        .route("/llm/openai/v1/responses", post(openai_responses))
        .route("/llm/usage", post(usage))
        .fallback(unmodelled)
        .method_not_allowed_fallback(unmodelled)
        .with_state(shared)
}

async fn anthropic_messages(State(shared): State<Arc<Shared>>, arrived: Arrived) -> axum::response::Response {
    answer(&shared, ModelWire::AnthropicMessages, &arrived).await
}

async fn openai_chat(State(shared): State<Arc<Shared>>, arrived: Arrived) -> axum::response::Response {
    answer(&shared, ModelWire::OpenaiChat, &arrived).await
}

async fn openai_responses(State(shared): State<Arc<Shared>>, arrived: Arrived) -> axum::response::Response {
    answer(&shared, ModelWire::OpenaiResponses, &arrived).await
}

/// Usage reports are taken and not kept.
async fn usage(State(shared): State<Arc<Shared>>, arrived: Arrived) -> Given {
    match arrived.bearer().and_then(|token| shared.directory.org_by_usage_token(token)) {
        Some(_) => Given::new(StatusCode::OK, json!({ "ok": true })),
        None => {
            shared.stray(&arrived, "model proxy");
            Given::error(StatusCode::UNAUTHORIZED, "unknown usage token")
        }
    }
}

async fn unmodelled(State(shared): State<Arc<Shared>>, arrived: Arrived) -> Given {
    let caller = admission::Caller::of(&shared, &arrived);
    arrived.unmodelled(&shared, caller.org().map(|org| &**org), Hop::BoxToProxy)
}
