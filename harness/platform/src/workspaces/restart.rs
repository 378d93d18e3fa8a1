//! `POST /workspaces/:id/restart` (tenant-api §4.6): not debounced, keeps the stored model.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use wire::{Restarted, Status};

use super::read::find_live;
use crate::credential::Workspace;
use crate::provision::{self, Occasion};
use crate::reply::{Answer, Refused};
use crate::tenant::Tenant;

/// Puts the row back to `provisioning` and has its box replaced. The body, if there is one, is not read.
pub(crate) async fn restart(
    State(tenant): State<Arc<Tenant>>,
    Workspace(id): Workspace,
) -> Answer<Json<Restarted>> {
    let row = find_live(&tenant, id)?;
    if !provision::begin_again(&tenant, &row)? {
        return Err(Refused::no_workspace());
    }
    provision::dispatch(&tenant, id, row.kind, Occasion::Again);
    Ok(Json(Restarted {
        status: Status::Provisioning.as_str().to_owned(),
        config_dir: "existing-volume".to_owned(),
        reset_session: false,
    }))
}
