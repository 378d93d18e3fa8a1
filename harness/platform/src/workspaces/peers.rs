//! `GET /registry/:id/peers` (tenant-api §7): whom a workspace may talk to next: what stands right under it, beside it
//! and above it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::read::find_live;
use crate::credential::Workspace;
use crate::reply::Answer;
use crate::store::workspaces;
use crate::tenant::Tenant;

/// The peers, those above first.
pub(crate) async fn list(
    State(tenant): State<Arc<Tenant>>,
    Workspace(id): Workspace,
) -> Answer<Json<Vec<Value>>> {
    let row = find_live(&tenant, id)?;
    let near = tenant.store.with(|store| {
        let mut near = Vec::new();
        if let Some(parent) = row.parent_id {
            near.extend(workspaces::find(store, parent)?);
            near.extend(workspaces::children(store, parent)?);
        }
        near.extend(workspaces::children(store, id)?);
        Ok(near)
    })?;
    let peers = near.iter().filter(|peer| peer.id != id && !peer.is_removed());
    Ok(Json(peers.map(shown).collect()))
}

fn shown(peer: &workspaces::Workspace) -> Value {
    json!({
        "active_tasks": peer.active_tasks,
        "agent_card": peer.agent_card,
        "id": peer.id,
        "name": peer.name,
        "parent_id": peer.parent_id,
        "role": peer.role,
        "status": peer.status,
        "tier": peer.tier,
        "url": peer.url,
    })
}
