//! `GET /admin/llm/offered-models` (tenant-api §2.5): the ids that a runtime's arms list, and who pays for each.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use contract::Billing;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::credential::Admin;
use crate::reply::{Answer, Refused};
use crate::resolver::Resolved;
use crate::tenant::Tenant;

/// The query of the route.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OfferedQuery {
    runtime: String,
}

/// Every listed id of the runtime that is asked for, else of the default one.
pub(crate) async fn list(
    State(tenant): State<Arc<Tenant>>,
    _: Admin,
    Query(query): Query<OfferedQuery>,
) -> Answer<Json<Value>> {
    let asked = query.runtime.as_str();
    let runtime = if asked.is_empty() { tenant.contract.default_runtime.as_str() } else { asked };
    let listed = tenant.resolver.listed(runtime).ok_or_else(|| {
        let body = json!({ "error": "no models are registered for this runtime", "runtime": runtime });
        Refused::body(StatusCode::NOT_FOUND, body)
    })?;
    let models: Vec<Value> = listed.into_iter().map(|(id, arm)| offered(id, arm)).collect();
    Ok(Json(json!({ "runtime": runtime, "models": models })))
}

fn offered(id: &str, arm: Resolved<'_>) -> Value {
    let is_platforms = arm.billing == Billing::Platform;
    let mut offered =
        json!({ "model": id, "provider": arm.provider.name.value, "platform_billed": is_platforms });
    if !is_platforms {
        offered["auth_env"] = json!(*arm.provider.auth_env);
    }
    offered
}
