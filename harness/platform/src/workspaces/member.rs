//! What every new member's row starts with, whichever way it came in.

use axum::http::StatusCode;
use contract::{DefectId, Entry, RootParent};
use rusqlite::Transaction;
use serde_json::{Value, json};
use uuid::Uuid;
use wire::{EventName, Status, WorkspaceKind};

use crate::reply::{Answer, Refused};
use crate::store::workspaces::{NameTaken, NewWorkspace};
use crate::store::{events, secrets, workspaces};
use crate::tenant::Tenant;

/// A row of the tenant's own tier that awaits its box. A tenant that hosts itself gives the tier that was asked for.
pub(crate) fn new(
    tenant: &Tenant,
    name: String,
    role: Option<String>,
    runtime: String,
    parent_id: Option<Uuid>,
    tier: Option<i64>,
) -> NewWorkspace {
    let tiers = tenant.contract.tier;
    let own = tier.filter(|tier| *tier > 0).unwrap_or(tiers.self_hosted);
    NewWorkspace {
        id: Uuid::new_v4(),
        name,
        role,
        kind: WorkspaceKind::Workspace,
        tier: if tenant.environment.is_managed() { tiers.saas } else { own },
        runtime,
        status: Status::Provisioning,
        parent_id,
        place: (0.0, 0.0),
    }
}

/// Where a member stands that names no parent.
pub(crate) fn default_parent(tenant: &Tenant, entry: Entry) -> Answer<Option<Uuid>> {
    if tenant.defects.has(DefectId::D13) && entry == Entry::Create {
        return Ok(None);
    }
    let concierge = || tenant.store.with(workspaces::concierge).map(|row| row.map(|row| row.id));
    match tenant.contract.root_parent.of(entry) {
        RootParent::Concierge => Ok(concierge()?),
        RootParent::ConciergeOrSoleRoot => Ok(match concierge()? {
            Some(id) => Some(id),
            None => sole_root(tenant)?,
        }),
        RootParent::Nowhere | RootParent::Unchanged => Ok(None),
    }
}

fn sole_root(tenant: &Tenant) -> Answer<Option<Uuid>> {
    let roots = tenant.store.with(workspaces::roots)?;
    Ok(match roots.as_slice() {
        [only] => Some(only.id),
        _ => None,
    })
}

/// No such row to stand under, or it was removed.
pub(crate) fn no_parent(parent: Uuid) -> Refused {
    let code = "WORKSPACE_REPARENT_PARENT_NOT_FOUND";
    let body = json!({ "error": "parent workspace not found", "code": code, "parent_id": parent });
    Refused::body(StatusCode::UNPROCESSABLE_ENTITY, body)
}

/// Writes the row, its model if it has one, and its first event. The parent may have been removed since it was looked
/// up.
pub(crate) fn store(
    store: &Transaction<'_>,
    row: &NewWorkspace,
    model: Option<&str>,
    told: &[(&str, Value)],
) -> Answer<()> {
    if let Some(parent) = row.parent_id
        && workspaces::find(store, parent)?.is_none_or(|parent| parent.is_removed())
    {
        return Err(no_parent(parent));
    }
    let name = workspaces::insert(store, row)?.map_err(|NameTaken| {
        Refused::text(StatusCode::CONFLICT, "this name and all its numbered forms are taken")
    })?;
    if let Some(model) = model {
        secrets::set(store, row.id, secrets::MODEL_KEY, model)?;
    }
    let mut payload = json!({ "name": name, "tier": row.tier, "runtime": row.runtime });
    for (key, value) in told {
        payload[*key] = value.clone();
    }
    Ok(events::append(store, EventName::WorkspaceProvisioning, row.id, &payload)?)
}
