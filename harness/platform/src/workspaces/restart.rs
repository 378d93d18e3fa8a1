//! `POST /workspaces/:id/restart` (tenant-api §4.6): not debounced, keeps the stored model.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use wire::{Restarted, Status};

use super::read::find_live;
use crate::credential::{Admin, PathId, Workspace};
use crate::provision::{self, Job};
use crate::reply::{Answer, Refused};
use crate::tenant::{RuntimeKind, Tenant};

/// Puts the row back to `provisioning` and has its box replaced. The body, if there is one, is not read.
pub(crate) async fn restart(
    State(tenant): State<Arc<Tenant>>,
    Workspace(id): Workspace,
) -> Answer<Json<Value>> {
    let row = find_live(&tenant, id)?;
    if tenant.runtime(&row.runtime) == Some(RuntimeKind::External) {
        return Ok(Json(
            json!({ "status": "noop", "message": "its agent runs elsewhere: restart it there" }),
        ));
    }
    if !provision::begin_again(&tenant, &row)? {
        return Err(Refused::no_workspace());
    }
    provision::dispatch(&tenant, id, row.kind, Job::again());
    Ok(Json(json!(Restarted {
        status: Status::Provisioning.as_str().to_owned(),
        config_dir: "existing-volume".to_owned(),
        reset_session: false,
    })))
}

/// `POST /admin/workspaces/:id/restart`: as a changed secret restarts, within the same window.
pub(crate) async fn restart_by_admin(
    State(tenant): State<Arc<Tenant>>,
    _: Admin,
    PathId(id): PathId,
) -> Answer<(StatusCode, Json<Value>)> {
    find_live(&tenant, id)?;
    provision::restart_for_change(&tenant, id);
    Ok((StatusCode::ACCEPTED, Json(json!({ "status": "restart_dispatched", "workspace_id": id }))))
}
