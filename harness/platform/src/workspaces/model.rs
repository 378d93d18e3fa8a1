//! `GET|PUT /workspaces/:id/model` (tenant-api §2.9).

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use contract::Entry;
use serde::Deserialize;
use serde_json::{Value, json};
use wire::StoredModel;

use super::admission::admit;
use super::fields;
use super::read::find_live;
use crate::credential::Workspace;
use crate::provision;
use crate::reply::{Answer, Body};
use crate::store::secrets;
use crate::tenant::Tenant;

/// The stored id, as it stands.
pub(crate) async fn read(
    State(tenant): State<Arc<Tenant>>,
    Workspace(id): Workspace,
) -> Answer<Json<StoredModel>> {
    find_live(&tenant, id)?;
    let stored = tenant.store.with(|store| secrets::model(store, id))?;
    Ok(Json(match stored {
        Some(model) => StoredModel { model, source: "workspace_secrets".to_owned() },
        None => StoredModel { model: String::new(), source: tenant.contract.no_model_source.clone() },
    }))
}

/// The body of a write.
#[derive(Debug, Deserialize)]
pub(crate) struct ModelBody {
    model: Option<String>,
}

/// Stores an id and restarts the box with it, unless a restart of that kind just happened.
pub(crate) async fn write(
    State(tenant): State<Arc<Tenant>>,
    Workspace(id): Workspace,
    Body(body): Body<ModelBody>,
) -> Answer<Json<Value>> {
    let row = find_live(&tenant, id)?;
    let typed = body.model.as_deref();
    fields::check_model(&tenant, Entry::PutModel, typed.unwrap_or_default())?;
    let (own, global) =
        tenant.store.with(|store| Ok((secrets::all(store, id)?, secrets::all_global(store)?)))?;
    let keys: BTreeSet<&str> = own.keys().chain(global.keys()).map(String::as_str).collect();
    let admitted = admit(&tenant, Entry::PutModel, &row.runtime, typed, &keys)?;
    let Some(model) = admitted.model else {
        tenant.store.with(|store| secrets::delete(store, id, secrets::MODEL_KEY))?;
        provision::restart_for_change(&tenant, id);
        return Ok(Json(json!({ "status": "cleared" })));
    };
    tenant.store.with(|store| secrets::set(store, id, secrets::MODEL_KEY, &model))?;
    provision::restart_for_change(&tenant, id);
    Ok(Json(json!({ "status": "saved", "model": model })))
}
