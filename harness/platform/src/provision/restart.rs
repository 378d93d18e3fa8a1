//! Beginning a row's provision again (tenant-api §4.6).

use std::sync::Arc;
use std::time::Duration;

use contract::DefectId;
use serde_json::json;
use uuid::Uuid;
use wire::{EventName, Status};

use super::pipeline::{Job, run};
use crate::store::workspaces::Workspace;
use crate::store::{events, workspaces};
use crate::tenant::{RuntimeKind, Tenant};

/// How long a restart for a change lets a box that is still booting settle.
const SETTLE: Duration = Duration::from_secs(10);

/// Puts a row back to `provisioning` without an address, and stores the event. False where the row is gone.
pub(crate) fn begin_again(tenant: &Tenant, row: &Workspace) -> rusqlite::Result<bool> {
    tenant.store.transaction(|store| {
        let begun = workspaces::begin_provisioning(store, row.id)?;
        if begun {
            let payload = json!({ "name": row.name, "tier": row.tier, "runtime": row.runtime });
            events::append(store, EventName::WorkspaceProvisioning, row.id, &payload)?;
        }
        Ok(begun)
    })
}

/// Restarts a workspace whose model or secrets changed. Further calls inside the contract's window are dropped, even
/// while the first is under way.
pub(crate) fn restart_for_change(tenant: &Arc<Tenant>, id: Uuid) {
    if !tenant.debounce.admits(id, tenant.timers.restart_debounce.0) {
        return;
    }
    let worker = Arc::clone(tenant);
    tenant.spawn(async move {
        match settled(&worker, id).await {
            Ok(true) => run(&worker, id, Job::again()).await,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, workspace = %id, "a restart could not begin"),
        }
    });
}

/// Waits for a provision under way, then begins again. False where there is nothing to be done.
async fn settled(tenant: &Tenant, id: Uuid) -> rusqlite::Result<bool> {
    drop(tenant.gates.of(id).lock().await);
    let find = || tenant.store.with(|store| workspaces::find(store, id));
    if find()?.is_some_and(|row| row.status == Status::Provisioning) {
        tokio::time::sleep(tenant.scaled(SETTLE)).await;
    }
    let Some(row) = find()?.filter(|row| restarts(tenant, row)) else { return Ok(false) };
    let dropped = tenant.defects.has(DefectId::D20) && !row.is_concierge();
    Ok(begin_again(tenant, &row)? && !dropped)
}

/// A removed row is gone, a parked one stays parked, and an agent that runs elsewhere has no box.
fn restarts(tenant: &Tenant, row: &Workspace) -> bool {
    tenant.runtime(&row.runtime) != Some(RuntimeKind::External)
        && !matches!(row.status, Status::Removed | Status::Paused | Status::Hibernated | Status::Hibernating)
}
