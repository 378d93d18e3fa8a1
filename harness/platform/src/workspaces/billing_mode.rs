//! `GET|PUT /admin/workspaces/:id/llm-billing-mode` (tenant-api §4.7): a workspace's own say in who pays. A write does
//! not restart.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use contract::BillingModeRoute;
use serde_json::{Value, json};

use super::read::find_live;
use crate::billing::{Mode, Source, payer};
use crate::credential::{Admin, PathId};
use crate::reply::{Answer, Body, Refused};
use crate::store::workspaces::Workspace;
use crate::store::{secrets, workspaces};
use crate::tenant::Tenant;

/// What the route says of the org, whatever the org wants (incident §3).
const ORG_DEFAULT: Mode = Mode::PlatformManaged;

/// Who pays, and why.
pub(crate) async fn read(
    State(tenant): State<Arc<Tenant>>,
    _: Admin,
    PathId(id): PathId,
) -> Answer<Json<Value>> {
    let row = find_live(&tenant, id)?;
    Ok(Json(shown(&tenant, &row)?))
}

/// Sets the workspace's say, or takes it back with `null`.
pub(crate) async fn write(
    State(tenant): State<Arc<Tenant>>,
    _: Admin,
    PathId(id): PathId,
    Body(body): Body<Value>,
) -> Answer<Json<Value>> {
    let bad = |error: String| Refused::text(StatusCode::BAD_REQUEST, &error);
    let mode = match body.get("mode") {
        None => return Err(bad("mode is missing: give one of its words, or null to clear".to_owned())),
        Some(Value::Null) => None,
        Some(Value::String(word)) if word.is_empty() => {
            return Err(bad("mode must not be empty: give one of its words, or null to clear".to_owned()));
        }
        Some(Value::String(word)) => {
            Some(Mode::from_word(word).ok_or_else(|| bad(format!("\"{word}\" is no billing mode")))?)
        }
        Some(_) => return Err(Refused::malformed()),
    };
    find_live(&tenant, id)?;
    tenant.store.with(|store| workspaces::set_billing_mode(store, id, mode))?;
    let row = find_live(&tenant, id)?;
    Ok(Json(shown(&tenant, &row)?))
}

fn shown(tenant: &Tenant, row: &Workspace) -> Answer<Value> {
    let (own, global) =
        tenant.store.with(|store| Ok((secrets::all(store, row.id)?, secrets::all_global(store)?)))?;
    let named = own.iter().chain(&global).filter(|(_, value)| !value.trim().is_empty());
    let keys: BTreeSet<&str> = named.map(|(name, _)| name.as_str()).collect();
    let model = own.get(secrets::MODEL_KEY).map(String::as_str).unwrap_or_default();
    let payer = payer(tenant, row, model, &keys);
    let selection = match payer.source {
        Source::WorkspaceOverride | Source::OrgDefault => None,
        Source::DerivedProvider => payer.arm.map(|arm| arm.provider.name.value.as_str()),
        Source::DerivedDefault => Some(model).filter(|model| !model.is_empty()),
    };
    let mut shown = json!({
        "workspace_id": row.id,
        "resolved_mode": payer.mode,
        "workspace_override": row.billing_mode,
        "source": payer.source,
        "provider_selection": selection,
    });
    if tenant.contract.routes.billing_mode == BillingModeRoute::WithOrgDefault {
        shown["org_default"] = json!(ORG_DEFAULT);
    }
    Ok(shown)
}
