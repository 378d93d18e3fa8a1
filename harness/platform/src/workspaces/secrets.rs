//! A workspace's own secrets (tenant-api §2.9).

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use contract::Billing;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use wire::env;

use super::create::platform_pays;
use super::read::find_live;
use crate::boxes::CALLER;
use crate::credential::Workspace;
use crate::provision;
use crate::reply::{Answer, Body, Refused};
use crate::store::secrets::{self, SecretLine};
use crate::store::workspaces;
use crate::tenant::Tenant;

/// The body of a write, in both scopes.
#[derive(Debug, Deserialize)]
pub(crate) struct SecretBody {
    key: String,
    value: String,
}

impl SecretBody {
    /// Key and value; both must say something.
    pub(crate) fn checked(self) -> Answer<(String, String)> {
        if self.key.is_empty() || self.value.is_empty() {
            return Err(Refused::malformed());
        }
        Ok((self.key, self.value))
    }
}

/// `GET /workspaces/:id/secrets`.
pub(crate) async fn list(
    State(tenant): State<Arc<Tenant>>,
    Workspace(id): Workspace,
) -> Answer<Json<Vec<SecretLine>>> {
    find_live(&tenant, id)?;
    Ok(Json(tenant.store.with(|store| secrets::lines(store, id))?))
}

/// `POST|PUT /workspaces/:id/secrets`: stores and restarts, unless the box wrote it itself or is the concierge's.
pub(crate) async fn write(
    State(tenant): State<Arc<Tenant>>,
    Workspace(id): Workspace,
    headers: HeaderMap,
    Body(body): Body<SecretBody>,
) -> Answer<Json<Value>> {
    let (key, value) = body.checked()?;
    let row = find_live(&tenant, id)?;
    refuse_vendor_key(&tenant, &row, &key)?;
    tenant.store.with(|store| secrets::set(store, id, &key, &value))?;
    if !row.is_concierge() && !wrote_itself(&headers, id) {
        provision::restart_for_change(&tenant, id);
    }
    Ok(Json(json!({ "status": "saved", "key": key })))
}

/// `DELETE /workspaces/:id/secrets/:key`.
pub(crate) async fn delete(
    State(tenant): State<Arc<Tenant>>,
    Workspace(id): Workspace,
    Path((_, key)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    let row = find_live(&tenant, id)?;
    if !tenant.store.with(|store| secrets::delete(store, id, &key))? {
        return Err(Refused::text(StatusCode::NOT_FOUND, "secret not found"));
    }
    if !row.is_concierge() {
        provision::restart_for_change(&tenant, id);
    }
    Ok(Json(json!({ "status": "deleted", "key": key })))
}

fn wrote_itself(headers: &HeaderMap, id: Uuid) -> bool {
    let caller = headers.get(CALLER).and_then(|value| value.to_str().ok());
    caller.and_then(|text| text.parse::<Uuid>().ok()) == Some(id)
}

/// A vendor's key is only for workspaces whose stored model a vendor is paid for; no model counts as the platform's.
fn refuse_vendor_key(tenant: &Tenant, row: &workspaces::Workspace, key: &str) -> Answer<()> {
    if !env::VENDOR_KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)) {
        return Ok(());
    }
    let model = tenant.store.with(|store| secrets::model(store, row.id))?.unwrap_or_default();
    let keys = BTreeSet::from([key]);
    match tenant.resolver.resolve(&row.runtime, &model, &keys) {
        Ok(arm) if arm.billing == Billing::Byok => Ok(()),
        _ => Err(platform_pays(key, &model, row.id)),
    }
}
