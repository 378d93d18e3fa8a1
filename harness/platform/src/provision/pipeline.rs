//! The way of one provision, from the stored row to a box at work or a row given up.

use std::sync::Arc;
use std::time::Duration;

use contract::{CreateToken, DefectId};
use uuid::Uuid;
use wire::{Status, WorkspaceKind};

use super::control_plane;
use super::failure::{Failure, give_up};
use super::prepare::prepare;
use super::restart::begin_again;
use crate::store::tokens::{self, TokenKind};
use crate::store::workspaces;
use crate::tenant::Tenant;

/// How long a delete waits for whoever is at work on the row.
const GATE_WAIT: Duration = Duration::from_secs(5);

/// Which provision of a row this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// After its create: the box gets its files, its parent and its role.
    Create,
    /// After its import: the box gets its files.
    Import,
    /// After a restart: the old box goes first, and the model is the stored one.
    Again,
}

/// A piece of work on a row.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) occasion: Occasion,
    /// The id that came in and may not be stored.
    pub(crate) model: Option<String>,
    /// True where nobody named a model.
    pub(crate) omitted: bool,
    /// True where the id came in too long or with a line break, whatever was trimmed off since.
    pub(crate) malformed: bool,
}

impl Job {
    /// After a create.
    pub(crate) fn create(omitted: bool) -> Self {
        Self { occasion: Occasion::Create, model: None, omitted, malformed: false }
    }

    /// After an import of this id.
    pub(crate) fn import(model: Option<String>, malformed: bool) -> Self {
        Self { occasion: Occasion::Import, model, omitted: false, malformed }
    }

    /// After a restart.
    pub(crate) fn again() -> Self {
        Self { occasion: Occasion::Again, model: None, omitted: false, malformed: false }
    }
}

/// How a provision ended that was not given up.
enum Outcome {
    /// The control plane started a box.
    Started,
    /// The row was removed meanwhile; nobody wants the box.
    Unwanted,
}

/// Sets a task to work on a row that is `provisioning`.
pub(crate) fn dispatch(tenant: &Arc<Tenant>, id: Uuid, kind: WorkspaceKind, job: Job) {
    if tenant.defects.has(DefectId::D20) && kind == WorkspaceKind::Workspace {
        return;
    }
    let worker = Arc::clone(tenant);
    tenant.spawn(async move { run(&worker, id, job).await });
}

/// Works on a row, one worker at a time, within the contract's time.
pub(crate) async fn run(tenant: &Tenant, id: Uuid, job: Job) {
    let gate = tenant.gates.of(id);
    let _held = gate.lock().await;
    let budget = tenant.timers.provision.0;
    let result = tokio::time::timeout(budget, attempt(tenant, id, &job)).await;
    match result.unwrap_or_else(|_elapsed| Err(Failure::start_refused())) {
        Ok(Outcome::Started | Outcome::Unwanted) => {}
        Err(failure) => give_up(tenant, id, &failure),
    }
}

async fn attempt(tenant: &Tenant, id: Uuid, job: &Job) -> Result<Outcome, Failure> {
    let Some(row) = tenant.store.with(|store| workspaces::find(store, id))?.filter(|row| !row.is_removed())
    else {
        return Ok(Outcome::Unwanted);
    };
    if job.occasion == Occasion::Again {
        // An older provision of this row may have ended in between, and its box may have registered.
        if row.status != Status::Provisioning {
            begin_again(tenant, &row)?;
        }
        take_down(tenant, id).await;
    }
    if tenant.environment.control_plane.is_none() {
        return Err(Failure::no_backend());
    }
    let request = prepare(tenant, &row, job)?;
    tenant.store.transaction(|store| -> rusqlite::Result<()> {
        tokens::revoke(store, id, TokenKind::Instance)?;
        if tenant.contract.create_token == CreateToken::MayBeRevoked {
            tokens::revoke(store, id, TokenKind::Api)?;
        }
        workspaces::set_inbound_secret(store, id, &tokens::fresh_secret())
    })?;
    let Some(instance) = control_plane::provision(tenant, &request).await else {
        return Err(Failure::start_refused());
    };
    let removed = tenant.store.transaction(|store| {
        workspaces::set_instance(store, id, Some(&instance))?;
        workspaces::find(store, id).map(|row| row.is_none_or(|row| row.is_removed()))
    })?;
    if removed {
        take_down(tenant, id).await;
        return Ok(Outcome::Unwanted);
    }
    Ok(Outcome::Started)
}

/// Has a removed row's box taken down. Whoever is at work on the row sees that it was removed and does the same; they
/// are waited for, so that the box is gone when this returns, but not for ever.
pub(crate) async fn clear_away(tenant: &Tenant, id: Uuid) {
    let gate = tenant.gates.of(id);
    let Ok(_held) = tokio::time::timeout(GATE_WAIT, gate.lock()).await else { return };
    take_down(tenant, id).await;
    tenant.gates.forget(id);
}

/// Has the row's box taken down, if it has one. A box that the control plane keeps stays noted on the row: the next
/// provision or the sweep tries again.
async fn take_down(tenant: &Tenant, id: Uuid) {
    let row = tenant.store.with(|store| workspaces::find(store, id));
    let Some(instance) = row.ok().flatten().and_then(|row| row.instance_id) else { return };
    let budget = tenant.timers.provision.0;
    let gone = tokio::time::timeout(budget, control_plane::delete(tenant, id, &instance)).await;
    if gone != Ok(true) {
        tracing::warn!(workspace = %id, %instance, "the control plane kept a box");
        return;
    }
    if let Err(error) = tenant.store.with(|store| workspaces::set_instance(store, id, None)) {
        tracing::error!(%error, workspace = %id, "the store kept the name of a box that is gone");
    }
}
