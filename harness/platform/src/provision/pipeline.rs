//! The way of one provision, from the stored row to a box at work or a row given up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use contract::{Billing, DefectId, Entry, MissingModel};
use uuid::Uuid;
use wire::{ProvisionRequest, Status, WorkspaceKind};

use super::control_plane;
use super::environment::{self, Secrets};
use super::failure::{Failure, give_up};
use super::files;
use super::restart::begin_again;
use crate::reason;
use crate::resolver::Resolved;
use crate::store::secrets::MODEL_KEY;
use crate::store::tokens::{self, TokenKind};
use crate::store::workspaces::Workspace;
use crate::store::{secrets, workspaces};
use crate::tenant::Tenant;

/// How long a delete waits for whoever is at work on the row.
const GATE_WAIT: Duration = Duration::from_secs(5);

/// Which provision of a row this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// After its create: the box gets its files, its parent and its role.
    First,
    /// After a restart: the old box goes first, and the model is the stored one.
    Again,
}

/// How a provision ended that was not given up.
enum Outcome {
    /// The control plane started a box.
    Started,
    /// The row was removed meanwhile; nobody wants the box.
    Unwanted,
}

/// Sets a task to work on a row that is `provisioning`.
pub(crate) fn dispatch(tenant: &Arc<Tenant>, id: Uuid, kind: WorkspaceKind, occasion: Occasion) {
    if tenant.defects.has(DefectId::D20) && kind == WorkspaceKind::Workspace {
        return;
    }
    let worker = Arc::clone(tenant);
    tenant.spawn(async move { run(&worker, id, occasion).await });
}

/// Works on a row, one worker at a time, within the contract's time.
pub(crate) async fn run(tenant: &Tenant, id: Uuid, occasion: Occasion) {
    let gate = tenant.gates.of(id);
    let _held = gate.lock().await;
    let budget = tenant.timers.provision.0;
    let result = tokio::time::timeout(budget, attempt(tenant, id, occasion)).await;
    match result.unwrap_or_else(|_elapsed| Err(Failure::start_refused())) {
        Ok(Outcome::Started | Outcome::Unwanted) => {}
        Err(failure) => give_up(tenant, id, &failure),
    }
}

async fn attempt(tenant: &Tenant, id: Uuid, occasion: Occasion) -> Result<Outcome, Failure> {
    let Some(row) = tenant.store.with(|store| workspaces::find(store, id))?.filter(|row| !row.is_removed())
    else {
        return Ok(Outcome::Unwanted);
    };
    if occasion == Occasion::Again {
        // An older provision of this row may have ended in between, and its box may have registered.
        if row.status != Status::Provisioning {
            begin_again(tenant, &row)?;
        }
        take_down(tenant, id).await;
    }
    let request = prepare(tenant, &row, occasion)?;
    tenant.store.transaction(|store| -> rusqlite::Result<()> {
        tokens::revoke(store, id, TokenKind::Instance)?;
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

/// Everything that the box is to get, or why it gets nothing.
fn prepare(tenant: &Tenant, row: &Workspace, occasion: Occasion) -> Result<ProvisionRequest, Failure> {
    let secrets = load_secrets(tenant, row.id)?;
    let model = model(tenant, row, &secrets)?;
    let arm = resolve(tenant, row, &model, &secrets)?;
    let env = environment::build(tenant, row, &model, arm, &secrets, occasion);
    Ok(ProvisionRequest {
        org_id: tenant.environment.org_id.clone(),
        workspace_id: row.id.to_string(),
        runtime: row.runtime.clone(),
        tier: row.tier,
        kind: row.is_concierge().then_some(WorkspaceKind::Platform),
        display: BTreeMap::new(),
        platform_url: tenant.platform_url.clone(),
        env,
        config_files: files::of(row, &model, arm, occasion),
    })
}

fn load_secrets(tenant: &Tenant, id: Uuid) -> Result<Secrets, Failure> {
    let (own, global) =
        tenant.store.with(|store| Ok((secrets::all(store, id)?, secrets::all_global(store)?)))?;
    Ok(Secrets { own, global })
}

/// The stored id. A row without one gets the promised default, which is stored with it.
fn model(tenant: &Tenant, row: &Workspace, secrets: &Secrets) -> Result<String, Failure> {
    let stored = secrets.own.get(MODEL_KEY).map(|model| model.trim()).filter(|model| !model.is_empty());
    if let Some(stored) = stored {
        return Ok(stored.to_owned());
    }
    let promise = if row.is_concierge() {
        tenant.contract.concierge.model
    } else {
        *tenant.contract.omitted_model.of(Entry::Restart)
    };
    match promise {
        MissingModel::PlatformDefault => {
            let default = tenant.resolver.platform_default(&row.runtime);
            let default = default.ok_or_else(|| Failure::missing_model(&row.runtime))?;
            tenant.store.with(|store| secrets::set(store, row.id, MODEL_KEY, default))?;
            Ok(default.to_owned())
        }
    }
}

/// The id's arm, if its bill can be paid. Only keys with a value count here.
fn resolve<'a>(
    tenant: &'a Tenant,
    row: &Workspace,
    model: &str,
    secrets: &Secrets,
) -> Result<Resolved<'a>, Failure> {
    let keys: BTreeSet<&str> = secrets.names_with_value().collect();
    let arm = tenant
        .resolver
        .resolve(&row.runtime, model, &keys)
        .map_err(|_| Failure::unregistered(reason::unregistered(tenant, &row.runtime, model)))?;
    let payable = arm.billing == Billing::Platform
        || arm.provider.auth_env.iter().any(|key| keys.contains(key.as_str()));
    if payable {
        Ok(arm)
    } else {
        Err(Failure::no_key(reason::no_key(tenant, &row.runtime, model, arm.provider)))
    }
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
