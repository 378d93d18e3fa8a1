//! `DELETE /workspaces/:id` (tenant-api §2.7): confirmed by name, children on demand, boxes taken down.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::json;
use wire::{Deleted, EventName, header};

use super::read::find;
use crate::credential::{Admin, PathId};
use crate::provision;
use crate::reply::{Answer, Refused};
use crate::store::tokens::{self, TokenKind};
use crate::store::workspaces::Workspace;
use crate::store::{events, workspaces};
use crate::tenant::Tenant;

/// The query of a delete.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DeleteQuery {
    confirm: String,
}

/// Removes a row and all below it, then tells the control plane to take their boxes down.
pub(crate) async fn delete(
    State(tenant): State<Arc<Tenant>>,
    _: Admin,
    PathId(id): PathId,
    Query(query): Query<DeleteQuery>,
    headers: HeaderMap,
) -> Answer<Json<Deleted>> {
    let row = find(&tenant, id)?;
    if row.is_removed() {
        return Err(Refused::body(StatusCode::GONE, json!({ "error": "workspace removed", "id": id })));
    }
    let children = tenant.store.with(|store| workspaces::children(store, id))?;
    let named = headers.get(header::CONFIRM_NAME).map(axum::http::HeaderValue::as_bytes);
    if named != Some(row.name.as_bytes()) {
        return Err(unconfirmed(&row, children.len()));
    }
    if !children.is_empty() && query.confirm != "true" {
        return Err(has_children(&children));
    }
    let gone = remove(&tenant, row)?;
    for row in &gone {
        provision::clear_away(&tenant, row.id).await;
    }
    Ok(Json(Deleted { status: "removed".to_owned(), cascade_deleted: below(&gone) }))
}

/// Marks the row and all below it removed, deepest first, and answers with them.
fn remove(tenant: &Tenant, row: Workspace) -> Answer<Vec<Workspace>> {
    tenant.store.transaction(|store| {
        let mut gone = workspaces::descendants(store, row.id)?;
        gone.push(row);
        let below_root = below(&gone);
        let last = gone.len() - 1;
        for (place, row) in gone.iter().enumerate() {
            workspaces::remove(store, row.id)?;
            tokens::revoke(store, row.id, TokenKind::Instance)?;
            tokens::revoke(store, row.id, TokenKind::Api)?;
            let cascade = if place == last { below_root } else { 0 };
            let payload = json!({ "cascade_deleted": cascade });
            events::append(store, EventName::WorkspaceRemoved, row.id, &payload)?;
        }
        Ok(gone)
    })
}

/// How many rows went with the last one.
fn below(gone: &[Workspace]) -> u64 {
    u64::try_from(gone.len().saturating_sub(1)).unwrap_or(u64::MAX)
}

fn unconfirmed(row: &Workspace, child_count: usize) -> Refused {
    Refused::body(
        StatusCode::BAD_REQUEST,
        json!({
            "error": "destructive_action_requires_confirmation",
            "hint": "repeat the workspace's exact name in the header X-Confirm-Name",
            "workspace_name": row.name,
            "active_tasks": row.active_tasks,
            "child_count": child_count,
            "schedule_count": 0,
        }),
    )
}

fn has_children(children: &[Workspace]) -> Refused {
    let named: Vec<_> = children.iter().map(|row| json!({ "id": row.id, "name": row.name })).collect();
    Refused::body(
        StatusCode::CONFLICT,
        json!({
            "status": "confirmation_required",
            "message": "this workspace has children: add confirm=true to delete them with it",
            "children_count": children.len(),
            "children": named,
        }),
    )
}
