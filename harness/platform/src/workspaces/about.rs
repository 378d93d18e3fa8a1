//! What the tenant says of itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

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
        "org_id": tenant.environment.org_id,
        "platform_managed_available": true,
    }))
}
