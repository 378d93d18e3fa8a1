//! Secrets of the whole tenant (tenant-api §2.9).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::secrets::SecretBody;
use crate::credential::Admin;
use crate::provision;
use crate::reply::{Answer, Body, Refused};
use crate::store::secrets::{self, SecretLine};
use crate::store::workspaces;
use crate::tenant::Tenant;

/// `GET /settings/secrets`.
pub(crate) async fn list(State(tenant): State<Arc<Tenant>>, _: Admin) -> Answer<Json<Vec<SecretLine>>> {
    Ok(Json(tenant.store.with(secrets::global_lines)?))
}

/// `POST|PUT /settings/secrets`: stores and restarts every member.
pub(crate) async fn write(
    State(tenant): State<Arc<Tenant>>,
    _: Admin,
    Body(body): Body<SecretBody>,
) -> Answer<Json<Value>> {
    let (key, value) = body.checked()?;
    tenant.store.with(|store| secrets::set_global(store, &key, &value))?;
    restart_members(&tenant)?;
    Ok(Json(json!({ "status": "saved", "key": key, "scope": "global" })))
}

/// `DELETE /settings/secrets/:key`: as a write.
pub(crate) async fn delete(
    State(tenant): State<Arc<Tenant>>,
    _: Admin,
    Path(key): Path<String>,
) -> Answer<Json<Value>> {
    if !tenant.store.with(|store| secrets::delete_global(store, &key))? {
        return Err(Refused::text(StatusCode::NOT_FOUND, "secret not found"));
    }
    restart_members(&tenant)?;
    Ok(Json(json!({ "status": "deleted", "key": key, "scope": "global" })))
}

fn restart_members(tenant: &Arc<Tenant>) -> Answer<()> {
    for row in tenant.store.with(workspaces::list)?.iter().filter(|row| !row.is_concierge()) {
        provision::restart_for_change(tenant, row.id);
    }
    Ok(())
}
