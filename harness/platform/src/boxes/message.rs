//! `POST /workspaces/:id/a2a`: a message goes to a box and its answer comes back (tenant-api §2.11).

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use contract::DefectId;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::CALLER;
use super::access::may_talk;
use crate::address::check_called;
use crate::credential::{PathId, bearer, invalid_workspace_token, missing_workspace_token};
use crate::http;
use crate::reply::{Answer, BODY_LIMIT_BYTES, Body, Refused};
use crate::store::workspaces::Workspace;
use crate::store::{tokens, workspaces};
use crate::tenant::Tenant;

/// How long a box may take to answer. It is the peer's time, not the platform's: no clock factor shortens it.
const ANSWER_WAIT: Duration = Duration::from_secs(90);
/// How much of a box's complaint is passed on, in characters.
const COMPLAINT_CHARS: usize = 500;

/// Forwards a message. Its answer is the box's own, as long as there is something in it.
pub(crate) async fn forward(
    State(tenant): State<Arc<Tenant>>,
    PathId(id): PathId,
    headers: HeaderMap,
    Body(body): Body<Map<String, Value>>,
) -> Answer<Json<Value>> {
    check_caller(&tenant, &headers, id)?;
    let row = reachable(&tenant, id)?;
    let message = repaired(body)?;
    let asking = ask(&row.url, &message);
    let answer = tokio::select! {
        answer = tokio::time::timeout(ANSWER_WAIT, asking) => answer.map_err(|_elapsed| {
            Refused::text(StatusCode::GATEWAY_TIMEOUT, "the agent did not answer in time")
        })??,
        () = tenant.stopping.cancelled() => {
            return Err(Refused::text(StatusCode::SERVICE_UNAVAILABLE, "the tenant is stopping"));
        }
    };
    if says_nothing(&answer) && !tenant.defects.has(DefectId::D27) {
        return Err(bad_gateway("the agent answered with nothing: its reply has no text"));
    }
    Ok(Json(answer))
}

/// A person needs no more than the tenant guard; an agent proves itself and keeps to its own tree.
fn check_caller(tenant: &Tenant, headers: &HeaderMap, target: Uuid) -> Answer<()> {
    let Some(caller) = headers.get(CALLER) else { return Ok(()) };
    let caller =
        caller.to_str().ok().and_then(|text| text.parse::<Uuid>().ok()).ok_or_else(Refused::bad_id)?;
    let token = bearer(headers).ok_or_else(missing_workspace_token)?;
    if !tenant.store.with(|store| tokens::holds(store, caller, token))? {
        return Err(invalid_workspace_token());
    }
    if tenant.store.with(|store| may_talk(store, caller, target))? {
        Ok(())
    } else {
        Err(Refused::text(StatusCode::FORBIDDEN, "these workspaces may not talk to each other"))
    }
}

fn reachable(tenant: &Tenant, id: Uuid) -> Answer<Workspace> {
    let row = tenant.store.with(|store| workspaces::find(store, id))?.ok_or_else(Refused::no_workspace)?;
    if row.is_removed() {
        return Err(Refused::body(StatusCode::GONE, json!({ "error": "workspace removed", "id": id })));
    }
    if row.url.is_empty() {
        let body = json!({ "error": "workspace has no URL", "status": row.status });
        return Err(Refused::body(StatusCode::SERVICE_UNAVAILABLE, body));
    }
    check_called(&row.url, tenant.environment.development).map_err(bad_gateway)?;
    Ok(row)
}

/// The message with what callers leave out: the envelope, ids, and `content` in place of `parts`.
fn repaired(mut envelope: Map<String, Value>) -> Answer<Value> {
    if !envelope.contains_key("params") {
        let message = envelope.remove("message").ok_or_else(Refused::malformed)?;
        envelope.insert("params".to_owned(), json!({ "message": message }));
    }
    envelope.entry("jsonrpc").or_insert_with(|| json!("2.0"));
    envelope.entry("id").or_insert_with(|| json!(Uuid::new_v4()));
    envelope.entry("method").or_insert_with(|| json!("message/send"));
    let message = envelope.get_mut("params").and_then(|params| params.get_mut("message"));
    let message = message.and_then(Value::as_object_mut).ok_or_else(Refused::malformed)?;
    message.entry("messageId").or_insert_with(|| json!(Uuid::new_v4()));
    message.entry("role").or_insert_with(|| json!("user"));
    if !message.contains_key("parts") {
        let parts = match message.remove("content") {
            Some(Value::String(text)) => json!([{ "kind": "text", "text": text }]),
            Some(parts @ Value::Array(_)) => parts,
            _ => return Err(Refused::malformed()),
        };
        message.insert("parts".to_owned(), parts);
    }
    Ok(Value::Object(envelope))
}

async fn ask(url: &str, message: &Value) -> Answer<Value> {
    let sent = http::client().post(url).json(message).send().await;
    let response = sent.map_err(|error| {
        tracing::debug!(%error, "a box did not answer");
        bad_gateway("the agent can't be reached")
    })?;
    let status = response.status();
    let body =
        http::body(response, BODY_LIMIT_BYTES).await.map_err(|error| bad_gateway(&error.to_string()))?;
    if !status.is_success() {
        let complaint: String = String::from_utf8_lossy(&body).chars().take(COMPLAINT_CHARS).collect();
        return Err(bad_gateway(&format!("the agent answered {status}: {complaint}")));
    }
    serde_json::from_slice(&body).map_err(|_| bad_gateway("the agent's answer is not JSON"))
}

/// True for a good reply without a text; an error says something by itself.
fn says_nothing(answer: &Value) -> bool {
    answer.get("error").is_none_or(Value::is_null)
        && wire::reply_text(answer).is_none_or(|text| text.trim().is_empty())
}

fn bad_gateway(error: &str) -> Refused {
    Refused::text(StatusCode::BAD_GATEWAY, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_callers_leave_out_is_filled_in() {
        let typed = |value: Value| repaired(value.as_object().cloned().unwrap());
        let whole = json!({"jsonrpc": "2.0", "id": "1", "method": "message/send", "params": {"message":
            {"role": "user", "messageId": "m", "parts": [{"kind": "text", "text": "hi"}]}}});
        assert_eq!(typed(whole.clone()).unwrap(), whole);
        for bare in [
            json!({"message": {"content": "hi"}}),
            json!({"params": {"message": {"role": "user", "content": [{"kind": "text", "text": "hi"}]}}}),
        ] {
            let message = typed(bare).unwrap();
            assert_eq!(message["method"], "message/send");
            assert_eq!(message["params"]["message"]["parts"][0]["text"], "hi");
            assert!(message["params"]["message"]["messageId"].is_string());
        }
        for hopeless in [json!({}), json!({"params": {}}), json!({"message": "hi"}), json!({"message": {}})] {
            assert!(typed(hopeless.clone()).is_err(), "{hopeless}");
        }
    }

    #[test]
    fn an_error_is_not_an_empty_reply() {
        for (answer, empty) in [
            (json!({"result": {"parts": [{"kind": "text", "text": "hi"}]}}), false),
            (json!({"result": {"parts": [{"kind": "text", "text": " \n"}]}}), true),
            (json!({"result": {"parts": []}}), true),
            (json!({"result": {}}), true),
            (json!({"error": {"code": -32000, "message": "no"}}), false),
        ] {
            assert_eq!(says_nothing(&answer), empty, "{answer}");
        }
    }
}
