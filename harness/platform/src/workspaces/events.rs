//! Reading stored events (tenant-api §6.3).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use wire::StoredEvent;

use crate::credential::{Admin, PathId};
use crate::reply::Answer;
use crate::store::events;
use crate::tenant::Tenant;

/// `GET /events`.
pub(crate) async fn all(State(tenant): State<Arc<Tenant>>, _: Admin) -> Answer<Json<Vec<StoredEvent>>> {
    Ok(Json(tenant.store.with(|store| events::newest(store, None))?))
}

/// `GET /events/:id`.
pub(crate) async fn of_one(
    State(tenant): State<Arc<Tenant>>,
    _: Admin,
    PathId(id): PathId,
) -> Answer<Json<Vec<StoredEvent>>> {
    Ok(Json(tenant.store.with(|store| events::newest(store, Some(id)))?))
}
