//! A workspace's own secrets (tenant-api §2.9).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use contract::{AdminSecretWrites, Entry, PayloadKey};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::create::{is_vendor_key, platform_pays};
use super::read::find_live;
use crate::billing::{Mode, payer};
use crate::boxes::CALLER;
use crate::credential::{Workspace, bearer};
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
) -> Answer<(StatusCode, Json<Value>)> {
    let (key, value) = body.checked()?;
    let row = find_live(&tenant, id)?;
    refuse_vendor_key(&tenant, &row, &key)?;
    if waits_for_approval(&tenant, &headers) {
        return Ok((StatusCode::ACCEPTED, Json(pending(&key))));
    }
    tenant.store.with(|store| secrets::set(store, id, &key, &value))?;
    if !row.is_concierge() && !wrote_itself(&headers, id) {
        provision::restart_for_change(&tenant, id);
    }
    Ok((StatusCode::OK, Json(json!({ "status": "saved", "key": key }))))
}

/// True where the admin writes and a person must agree first, which nobody does here. The workspace itself may write.
fn waits_for_approval(tenant: &Tenant, headers: &HeaderMap) -> bool {
    let is_admins = bearer(headers) == tenant.environment.admin_token.as_deref();
    is_admins && tenant.contract.admin_secret_writes == AdminSecretWrites::WaitForApproval
}

fn pending(key: &str) -> Value {
    json!({
        "status": "pending_approval",
        "approval_id": Uuid::new_v4(),
        "action": "secret_write",
        "reason": format!("write secret {key}"),
    })
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

/// A vendor's key is for workspaces that a vendor is paid for (tenant-api §2.9). Where a create refuses every vendor's
/// key on a wired server, only the payer counts here; elsewhere the stored id has a say too, and none is the platform's.
fn refuse_vendor_key(tenant: &Tenant, row: &workspaces::Workspace, key: &str) -> Answer<()> {
    if !is_vendor_key(key) {
        return Ok(());
    }
    let model = tenant.store.with(|store| secrets::model(store, row.id))?.unwrap_or_default();
    let payer = payer(tenant, row, &model, &BTreeSet::from([key]));
    let by_payer = *tenant.contract.payload_key.of(Entry::Create) == PayloadKey::RefusedWhereProxied;
    let is_platforms = payer.mode == Mode::PlatformManaged;
    if is_platforms || (!by_payer && payer.is_no_vendors()) {
        return Err(platform_pays(key, &model, row.id));
    }
    Ok(())
}

/// `GET /workspaces/:id/secrets/values`: name to value, for the box itself.
pub(crate) async fn values(
    State(tenant): State<Arc<Tenant>>,
    Workspace(id): Workspace,
) -> Answer<Json<BTreeMap<String, String>>> {
    find_live(&tenant, id)?;
    let (mut values, own) =
        tenant.store.with(|store| Ok((secrets::all_global(store)?, secrets::all(store, id)?)))?;
    values.extend(own);
    Ok(Json(values))
}
