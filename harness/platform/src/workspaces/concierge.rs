//! `POST /admin/org/platform-agent` (tenant-api §1.3): installs the concierge's row. It provisions nothing.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use wire::WorkspaceKind;

use crate::credential::Admin;
use crate::reply::{Answer, Body, Refused};
use crate::store::workspaces::{self, NameTaken};
use crate::tenant::Tenant;

/// The body of an install.
#[derive(Debug, Deserialize)]
pub(crate) struct InstallBody {
    id: String,
    name: Option<String>,
}

/// Makes this id the org's concierge; an older one becomes a member under it. Installing it again changes nothing.
pub(crate) async fn install(
    State(tenant): State<Arc<Tenant>>,
    _: Admin,
    Body(body): Body<InstallBody>,
) -> Answer<Json<Value>> {
    let id: Uuid = body.id.parse().map_err(|_| Refused::malformed())?;
    let asked = body.name.filter(|name| !name.trim().is_empty());
    let name = asked.unwrap_or_else(|| tenant.concierge_name());
    tenant.store.transaction(|store| -> Answer<()> {
        let known = workspaces::find(store, id)?;
        if known.as_ref().is_some_and(workspaces::Workspace::is_removed) {
            let body = json!({ "error": "workspace removed", "id": id });
            return Err(Refused::body(StatusCode::GONE, body));
        }
        if known.is_none() {
            let row = tenant.concierge_row(id, name);
            workspaces::insert(store, &row)?
                .map_err(|NameTaken| Refused::text(StatusCode::CONFLICT, "the concierge's name is taken"))?;
        }
        Ok(workspaces::crown(store, id)?)
    })?;
    Ok(Json(json!({ "status": "installed", "platform_agent_id": id, "kind": WorkspaceKind::Platform })))
}
