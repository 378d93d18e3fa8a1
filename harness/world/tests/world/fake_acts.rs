//! The fake tenant's routes for scripted acts.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};
use wire::WorkspaceKind;

use crate::fake_tenant::{Reply, Tenant, create, not_found};

pub(crate) fn routes() -> Router<Tenant> {
    Router::new()
        .route("/org/import", post(import))
        .route("/workspaces/{id}/secrets", post(put_secret))
        .route("/settings/secrets", post(put_global_secret))
        .route("/admin/workspaces/{id}/llm-billing-mode", put(billing_mode))
        .route("/admin/llm/offered-models", get(offered))
}

async fn import(State(tenant): State<Tenant>, Json(body): Json<Value>) -> Reply {
    let member = body["template"]["workspaces"][0].clone();
    if member.get("model").is_none() {
        let body = json!({"org": "o", "count": 0, "workspaces": [], "error": "no model"});
        return (StatusCode::MULTI_STATUS, Json(body));
    }
    let (_, Json(made)) = create(State(tenant), Json(member.clone())).await;
    let made = json!({"id": made["id"], "name": member["name"], "tier": 4});
    (StatusCode::CREATED, Json(json!({"org": "o", "count": 1, "workspaces": [made]})))
}

/// `refused` is refused, all else starts the box anew.
pub(crate) async fn put_model(
    State(tenant): State<Tenant>,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Reply {
    let model = body["model"].as_str().unwrap().to_owned();
    if tenant.with_row(&id, |_| ()).is_none() {
        return not_found();
    }
    if model == "refused" {
        let refusal = json!({"error": "no such id", "code": "UNREGISTERED_MODEL_FOR_RUNTIME"});
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(refusal));
    }
    tokio::spawn({
        let model = model.clone();
        async move { tenant.provision(&id, "claude-code", WorkspaceKind::Workspace, &model).await }
    });
    (StatusCode::OK, Json(json!({"status": "saved", "model": model})))
}

async fn put_secret(State(tenant): State<Tenant>, Path(id): Path<String>, Json(body): Json<Value>) -> Reply {
    match tenant.with_row(&id, |_| ()) {
        Some(()) => (StatusCode::OK, Json(json!({"status": "saved", "key": body["key"]}))),
        None => not_found(),
    }
}

async fn put_global_secret(State(tenant): State<Tenant>, Json(body): Json<Value>) -> Reply {
    let text = |key: &str| body[key].as_str().unwrap().to_owned();
    tenant.secrets.lock().unwrap().insert(text("key"), text("value"));
    (StatusCode::OK, Json(json!({"status": "saved", "key": body["key"], "scope": "global"})))
}

async fn billing_mode(Path(id): Path<String>, Json(body): Json<Value>) -> Reply {
    (StatusCode::OK, Json(json!({"workspace_id": id, "workspace_override": body["mode"]})))
}

async fn offered(Query(query): Query<BTreeMap<String, String>>) -> Reply {
    if query["runtime"] != "codex" {
        return (
            StatusCode::NOT_FOUND,
            Json(json!({"error": "unknown runtime", "runtime": query["runtime"]})),
        );
    }
    let models = json!([
        {"model": "gpt-5.2", "provider": "openai-api", "platform_billed": false, "auth_env": ["OPENAI_API_KEY"]},
        {"model": "openai/gpt-5.4", "provider": "platform", "platform_billed": true},
    ]);
    (StatusCode::OK, Json(json!({"runtime": "codex", "models": models})))
}
