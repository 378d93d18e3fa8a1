//! What every new member's row starts with, whichever way it came in.

use axum::http::StatusCode;
use contract::{DefectId, Entry, RootParent};
use rusqlite::Transaction;
use serde_json::json;
use uuid::Uuid;
use wire::{EventName, Status, WorkspaceKind};

use crate::reply::{Answer, Refused};
use crate::store::workspaces::{NameTaken, NewWorkspace};
use crate::store::{events, secrets, workspaces};
use crate::tenant::Tenant;

/// A row of this tenant's own tier that awaits its box.
pub(crate) fn new(
    tenant: &Tenant,
    name: String,
    role: Option<String>,
    runtime: String,
    parent_id: Option<Uuid>,
) -> NewWorkspace {
    NewWorkspace {
        id: Uuid::new_v4(),
        name,
        role,
        kind: WorkspaceKind::Workspace,
        tier: tenant.contract.saas_tier,
        runtime,
        status: Status::Provisioning,
        parent_id,
    }
}

/// Where a member stands that names no parent.
pub(crate) fn default_parent(tenant: &Tenant, entry: Entry) -> Answer<Option<Uuid>> {
    if tenant.defects.has(DefectId::D13) && entry == Entry::Create {
        return Ok(None);
    }
    match tenant.contract.root_parent.of(entry) {
        RootParent::Concierge => Ok(tenant.store.with(workspaces::concierge)?.map(|row| row.id)),
        RootParent::Unchanged => Ok(None),
    }
}

/// No such row to stand under, or it was removed.
pub(crate) fn no_parent(parent: Uuid) -> Refused {
    let code = "WORKSPACE_REPARENT_PARENT_NOT_FOUND";
    let body = json!({ "error": "parent workspace not found", "code": code, "parent_id": parent });
    Refused::body(StatusCode::UNPROCESSABLE_ENTITY, body)
}

/// Writes the row, its model and its first event. The parent may have been removed since it was looked up.
pub(crate) fn store(store: &Transaction<'_>, row: &NewWorkspace, model: &str) -> Answer<()> {
    if let Some(parent) = row.parent_id
        && workspaces::find(store, parent)?.is_none_or(|parent| parent.is_removed())
    {
        return Err(no_parent(parent));
    }
    let name = workspaces::insert(store, row)?.map_err(|NameTaken| {
        Refused::text(StatusCode::CONFLICT, "this name and all its numbered forms are taken")
    })?;
    secrets::set(store, row.id, secrets::MODEL_KEY, model)?;
    let payload = json!({ "name": name, "tier": row.tier, "runtime": row.runtime });
    Ok(events::append(store, EventName::WorkspaceProvisioning, row.id, &payload)?)
}
