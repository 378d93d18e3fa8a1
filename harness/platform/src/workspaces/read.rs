//! Reading rows (tenant-api §2.6).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use wire::Status;

use super::view;
use crate::credential::{Admin, PathId, Workspace, bearer, invalid_workspace_token};
use crate::reply::{Answer, Refused};
use crate::store::tokens::{self, TokenKind};
use crate::store::workspaces;
use crate::tenant::Tenant;

/// `GET /workspaces`: every live row, oldest first.
pub(crate) async fn list(State(tenant): State<Arc<Tenant>>, _: Admin) -> Answer<Json<Vec<Value>>> {
    let rows = tenant.store.with(workspaces::list)?;
    Ok(Json(rows.iter().map(|row| view::in_list(row, &tenant)).collect()))
}

/// The query of a single read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReadQuery {
    include_removed: String,
}

/// `GET /workspaces/:id`: needs no credential; a removed row is gone unless it is asked for.
pub(crate) async fn read(
    State(tenant): State<Arc<Tenant>>,
    PathId(id): PathId,
    Query(query): Query<ReadQuery>,
) -> Answer<Json<Value>> {
    let row = find(&tenant, id)?;
    if row.is_removed() && query.include_removed != "true" {
        return Err(Refused::body(
            StatusCode::GONE,
            json!({
                "error": "workspace removed",
                "id": row.id,
                "removed_at": row.removed_at,
                "hint": "add include_removed=true to read what is left of it",
            }),
        ));
    }
    Ok(Json(view::alone(&row, &tenant)))
}

/// `GET /workspaces/:id/state`: wants the workspace's own token as soon as one is live.
pub(crate) async fn state(
    State(tenant): State<Arc<Tenant>>,
    Workspace(id): Workspace,
    headers: HeaderMap,
) -> Answer<Json<Value>> {
    let row = find(&tenant, id)?;
    let token = bearer(&headers).unwrap_or_default();
    let (live, own) = tenant.store.with(|store| {
        let live =
            tokens::has_live(store, id, TokenKind::Instance)? || tokens::has_live(store, id, TokenKind::Api)?;
        Ok((live, tokens::holds(store, id, token)?))
    })?;
    if live && !own {
        return Err(invalid_workspace_token());
    }
    Ok(Json(json!({
        "workspace_id": row.id,
        "status": row.status,
        "paused": row.status == Status::Paused,
        "deleted": row.is_removed(),
    })))
}

/// The row of this id, removed or not; 404 where there is none.
pub(crate) fn find(tenant: &Tenant, id: Uuid) -> Answer<workspaces::Workspace> {
    tenant.store.with(|store| workspaces::find(store, id))?.ok_or_else(Refused::no_workspace)
}

/// The row of this id, 404 where there is none or it was removed.
pub(crate) fn find_live(tenant: &Tenant, id: Uuid) -> Answer<workspaces::Workspace> {
    let row = find(tenant, id)?;
    if row.is_removed() { Err(Refused::no_workspace()) } else { Ok(row) }
}
