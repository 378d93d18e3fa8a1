//! What the tenant says of itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use wire::Code;

use crate::credential::{Admin, Workspace};
use crate::reply::Refused;
use crate::tenant::Tenant;

/// `GET /health`.
pub(crate) async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// `GET /buildinfo`: the recorded servers carry no revision either.
pub(crate) async fn build() -> Json<Value> {
    Json(json!({ "git_sha": "dev" }))
}

/// `GET /org/identity`.
pub(crate) async fn identity(State(tenant): State<Arc<Tenant>>) -> Json<Value> {
    Json(json!({
        "name": tenant.environment.org_name,
        "slug": tenant.environment.org_slug,
        "org_id": tenant.environment.org_id.as_deref().unwrap_or_default(),
        "platform_managed_available": tenant.environment.llm.is_some(),
    }))
}

/// `GET /templates`: one for each runtime that gets a box, by name; none without a manifest.
pub(crate) async fn templates(State(tenant): State<Arc<Tenant>>, _: Admin) -> Json<Vec<Value>> {
    if !tenant.environment.has_manifest {
        return Json(Vec::new());
    }
    let template = |runtime: &str| {
        json!({
            "id": runtime,
            "name": runtime,
            "description": format!("A workspace on {runtime}"),
            "tier": tenant.contract.tier.saas,
            "runtime": runtime,
            "model": tenant.resolver.template_default(runtime).unwrap_or_default(),
            "skills": [],
            "skill_count": 0,
        })
    };
    Json(tenant.contract.known_runtimes.with_manifest.iter().map(template).collect())
}

/// `GET /org/templates`: no folder of team templates is known here.
pub(crate) async fn org_templates(_: Admin) -> Json<Vec<Value>> {
    Json(Vec::new())
}

/// `GET|PUT /workspaces/:id/provider`: retired (tenant-api §2.2).
pub(crate) async fn provider(_: Workspace) -> Refused {
    let body = json!({
        "code": Code::ProviderEndpointRetired,
        "error": "a workspace's provider follows from its model, LLM_PROVIDER is not read: use /workspaces/:id/model",
        "issue": "internal#718",
    });
    Refused::body(StatusCode::GONE, body)
}
