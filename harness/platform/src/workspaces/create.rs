//! `POST /workspaces` (tenant-api §2.3, §2.4): checks in the recorded order, then one transaction, then provisioning.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use contract::{Billing, Entry, PayloadKey};
use rusqlite::Transaction;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;
use wire::{Code, Created, Refusal, Status, env};

use super::admission::{Admitted, admit};
use super::{fields, member};
use crate::credential::Admin;
use crate::provision::{self, Occasion};
use crate::reply::{Answer, Body, Refused};
use crate::store::tokens::TokenKind;
use crate::store::workspaces::NewWorkspace;
use crate::store::{secrets, tokens, workspaces};
use crate::tenant::Tenant;

/// What a create may say; everything else is ignored. A `null` counts as absent.
#[derive(Debug, Deserialize)]
pub(crate) struct CreateBody {
    name: String,
    role: Option<String>,
    template: Option<String>,
    /// Read for its type alone: a managed tenant gives every member the same tier.
    #[serde(rename = "tier")]
    _tier: Option<i64>,
    model: Option<String>,
    runtime: Option<String>,
    external: Option<bool>,
    workspace_access: Option<String>,
    delivery_mode: Option<String>,
    parent_id: Option<String>,
    secrets: Option<BTreeMap<String, String>>,
}

/// A create that passed every check which needs no store.
struct Wanted {
    row: NewWorkspace,
    model: Admitted,
    secrets: BTreeMap<String, String>,
    access: String,
}

/// Accepts a new member or says why not.
pub(crate) async fn create(
    State(tenant): State<Arc<Tenant>>,
    _: Admin,
    Body(body): Body<CreateBody>,
) -> Answer<(StatusCode, Json<Created>)> {
    let wanted = check(&tenant, body)?;
    let token = tenant.store.transaction(|store| store_member(store, &tenant, &wanted))?;
    provision::dispatch(&tenant, wanted.row.id, wanted.row.kind, Occasion::First);
    let created = Created {
        id: wanted.row.id.to_string(),
        status: Status::Provisioning.as_str().to_owned(),
        workspace_access: wanted.access,
        auth_token: Some(token),
    };
    Ok((StatusCode::CREATED, Json(created)))
}

fn check(tenant: &Tenant, body: CreateBody) -> Answer<Wanted> {
    if body.name.is_empty() {
        return Err(Refused::malformed());
    }
    let typed = |field: &Option<String>| field.clone().unwrap_or_default();
    let (role, model) = (typed(&body.role), typed(&body.model));
    fields::check(&body.name, &role, &model, &typed(&body.runtime))?;
    let runtime = runtime(tenant, &body)?;
    let payload = body.secrets.unwrap_or_default();
    let global = tenant.store.with(secrets::all_global)?;
    let keys: BTreeSet<&str> = payload.keys().chain(global.keys()).map(String::as_str).collect();
    let model = admit(tenant, Entry::Create, &runtime, body.model.as_deref(), &keys)?;
    let access = access(body.workspace_access)?;
    let parent_id = parent(tenant, body.parent_id.as_deref())?;
    if !matches!(body.delivery_mode.as_deref(), None | Some("" | "push")) {
        return Err(Refused::text(StatusCode::BAD_REQUEST, "delivery_mode must be push on this platform"));
    }
    let row = member::new(tenant, body.name, body.role, runtime, parent_id);
    Ok(Wanted { row, model, secrets: payload, access })
}

/// The runtime that was asked for, or the platform's default. No template is known here, so one alone gives none.
fn runtime(tenant: &Tenant, body: &CreateBody) -> Answer<String> {
    let typed = body.runtime.as_deref().unwrap_or_default();
    let template = body.template.as_deref().unwrap_or_default();
    let looked_up = typed.is_empty() || body.model.as_deref().unwrap_or_default().is_empty();
    if looked_up && (template.contains("..") || template.contains(['/', '\\'])) {
        return Err(Refused::text(StatusCode::BAD_REQUEST, "invalid template"));
    }
    let refuse = |code, error: &str, runtime: Option<&str>, template: Option<&str>| {
        let refusal = Refusal {
            error: error.to_owned(),
            code: None,
            runtime: runtime.map(str::to_owned),
            model: None,
            template: template.map(str::to_owned),
        };
        Err(Refused::coded(code, refusal))
    };
    if typed.is_empty() && !template.is_empty() {
        let error = "the template names no runtime; give `runtime` as well";
        return refuse(Code::RuntimeUnresolved, error, None, Some(template));
    }
    let runtime = if typed.is_empty() { tenant.contract.default_runtime.as_str() } else { typed };
    let known = tenant.contract.known_runtimes.iter().any(|known| known == runtime);
    if known && body.external != Some(true) {
        Ok(runtime.to_owned())
    } else {
        refuse(Code::RuntimeUnsupported, "unsupported workspace runtime", Some(runtime), None)
    }
}

fn access(typed: Option<String>) -> Answer<String> {
    let access = typed.filter(|typed| !typed.is_empty()).unwrap_or_else(|| "none".to_owned());
    if matches!(access.as_str(), "none" | "read_only" | "read_write") {
        Ok(access)
    } else {
        Err(Refused::text(StatusCode::BAD_REQUEST, "workspace_access must be none, read_only or read_write"))
    }
}

/// The row above the new one: the one that was named, or where a member without a parent stands.
fn parent(tenant: &Tenant, named: Option<&str>) -> Answer<Option<Uuid>> {
    let Some(named) = named else { return member::default_parent(tenant, Entry::Create) };
    let id: Uuid = named.parse().map_err(|_| {
        let code = "WORKSPACE_REPARENT_INVALID_PARENT_ID";
        Refused::body(
            StatusCode::BAD_REQUEST,
            json!({ "error": "parent_id is no workspace id", "code": code }),
        )
    })?;
    match tenant.store.with(|store| workspaces::find(store, id))? {
        Some(row) if !row.is_removed() => Ok(Some(id)),
        _ => Err(member::no_parent(id)),
    }
}

/// Writes the row with all that belongs to it. Any refusal here leaves no trace.
fn store_member(store: &Transaction<'_>, tenant: &Tenant, wanted: &Wanted) -> Answer<String> {
    let row = &wanted.row;
    member::store(store, row, &wanted.model.model)?;
    refuse_payload_key(tenant, wanted)?;
    for (key, value) in &wanted.secrets {
        secrets::set(store, row.id, key, value)?;
    }
    Ok(tokens::issue(store, row.id, TokenKind::Api)?)
}

/// A vendor's key in the payload of an id that the platform pays for (tenant-api §2.4 #19). Case does not matter.
fn refuse_payload_key(tenant: &Tenant, wanted: &Wanted) -> Answer<()> {
    let guarded = match tenant.contract.payload_key {
        PayloadKey::RefusedOnPlatformIds => wanted.model.billing == Some(Billing::Platform),
    };
    let vendor_key = wanted
        .secrets
        .keys()
        .find(|key| env::VENDOR_KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)));
    match vendor_key {
        Some(key) if guarded => Err(platform_pays(key, &wanted.model.model, wanted.row.id)),
        _ => Ok(()),
    }
}

/// The refusal of a vendor's key for a workspace that the platform pays for.
pub(crate) fn platform_pays(key: &str, model: &str, workspace: Uuid) -> Refused {
    let error = format!(
        "{key} is a vendor's key, and the platform pays for this workspace's model `{model}`: leave it out"
    );
    Refused::body(StatusCode::BAD_REQUEST, json!({ "error": error, "key": key, "workspace_id": workspace }))
}
