//! `POST /workspaces` (tenant-api §2.3, §2.4): checks in the recorded order, then one transaction, then provisioning.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use contract::{BadParent, Billing, DefectId, Entry, PayloadKey};
use rusqlite::Transaction;
use serde_json::{Value, json};
use uuid::Uuid;
use wire::{Code, Refusal, env};

use super::admission::{Admitted, admit};
use super::create_body::CreateBody;
use super::{external, fields, member};
use crate::credential::Admin;
use crate::provision::{self, Job};
use crate::reply::{Answer, Body, Refused};
use crate::store::tokens::TokenKind;
use crate::store::workspaces::NewWorkspace;
use crate::store::{secrets, tokens, workspaces};
use crate::tenant::{RuntimeKind, Tenant};

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
    Body(body): Body<Value>,
) -> Answer<(StatusCode, Json<Value>)> {
    let body = CreateBody::read(body)?;
    check_texts(&tenant, &body)?;
    let (runtime, kind) = runtime(&tenant, &body)?;
    if kind == RuntimeKind::External {
        return external::create(&tenant, body, runtime).map(|made| (StatusCode::CREATED, Json(made)));
    }
    let wanted = check(&tenant, body, runtime)?;
    let token = tenant.store.transaction(|store| store_member(store, &tenant, &wanted))?;
    provision::dispatch(&tenant, wanted.row.id, wanted.row.kind, Job::create(wanted.model.omitted));
    let made = json!({
        "id": wanted.row.id,
        "status": wanted.row.status,
        "workspace_access": wanted.access,
        "auth_token": token,
    });
    Ok((StatusCode::CREATED, Json(made)))
}

fn check_texts(tenant: &Tenant, body: &CreateBody) -> Answer<()> {
    fn text(field: &Option<String>) -> &str {
        field.as_deref().unwrap_or_default()
    }
    if body.name.is_empty() {
        return Err(Refused::malformed());
    }
    fields::check(&body.name, text(&body.role), text(&body.runtime))?;
    fields::check_model(tenant, Entry::Create, text(&body.model))
}

fn check(tenant: &Tenant, mut body: CreateBody, runtime: String) -> Answer<Wanted> {
    let payload = body.secrets.take().unwrap_or_default();
    let global = tenant.store.with(secrets::all_global)?;
    let keys: BTreeSet<&str> = payload.keys().chain(global.keys()).map(String::as_str).collect();
    let model = admit(tenant, Entry::Create, &runtime, body.model.as_deref(), &keys)?;
    body.check_place(tenant)?;
    let (access, place) = (body.access()?, body.place());
    let parent_id = parent(tenant, body.parent_id.as_deref())?;
    let mut row = member::new(tenant, body.name, body.role, runtime, parent_id, body.tier);
    row.place = place;
    Ok(Wanted { row, model, secrets: payload, access })
}

/// The runtime that was asked for, or the platform's default. No template is known here, so one alone gives none.
fn runtime(tenant: &Tenant, body: &CreateBody) -> Answer<(String, RuntimeKind)> {
    let typed = body.runtime.as_deref().unwrap_or_default();
    let template = body.template.as_deref().unwrap_or_default();
    let looked_up = typed.is_empty() || body.model.as_deref().unwrap_or_default().is_empty();
    if looked_up && (template.contains("..") || template.contains(['/', '\\'])) {
        return Err(Refused::text(StatusCode::BAD_REQUEST, "invalid template"));
    }
    if typed.is_empty() && !template.is_empty() {
        let error = "the template names no runtime; give `runtime` as well";
        return Err(unsuited(Code::RuntimeUnresolved, error, None, Some(template)));
    }
    let is_external = body.external == Some(true);
    let default = if is_external { external::RUNTIME } else { tenant.contract.default_runtime.as_str() };
    let runtime = if typed.is_empty() { default } else { typed };
    match tenant.runtime(runtime) {
        Some(kind) if !is_external || kind == RuntimeKind::External => Ok((runtime.to_owned(), kind)),
        _ => Err(unsuited(Code::RuntimeUnsupported, "unsupported workspace runtime", Some(runtime), None)),
    }
}

fn unsuited(code: Code, error: &str, runtime: Option<&str>, template: Option<&str>) -> Refused {
    let refusal = Refusal {
        error: error.to_owned(),
        code: None,
        runtime: runtime.map(str::to_owned),
        model: None,
        template: template.map(str::to_owned),
    };
    Refused::coded(code, refusal)
}

/// The row above the new one: the one that was named, or where a member without a parent stands.
pub(super) fn parent(tenant: &Tenant, named: Option<&str>) -> Answer<Option<Uuid>> {
    let Some(named) = named else { return member::default_parent(tenant, Entry::Create) };
    let refused = match named.parse::<Uuid>() {
        Ok(id) => match tenant.store.with(|store| workspaces::find(store, id))? {
            Some(row) if !row.is_removed() => return Ok(Some(id)),
            _ => member::no_parent(id),
        },
        Err(_) => {
            let code = "WORKSPACE_REPARENT_INVALID_PARENT_ID";
            let body = json!({ "error": "parent_id is no workspace id", "code": code });
            Refused::body(StatusCode::BAD_REQUEST, body)
        }
    };
    Err(match tenant.contract.bad_parent {
        BadParent::Refused => refused,
        BadParent::RefusedUnlessEmpty if !named.is_empty() => refused,
        BadParent::RefusedUnlessEmpty | BadParent::ServerError => {
            Refused::text(StatusCode::INTERNAL_SERVER_ERROR, "failed to create workspace")
        }
    })
}

/// Writes the row with all that belongs to it. Any refusal here leaves no trace.
fn store_member(store: &Transaction<'_>, tenant: &Tenant, wanted: &Wanted) -> Answer<String> {
    let row = &wanted.row;
    member::store(store, row, wanted.model.model.as_deref(), &[])?;
    store_payload(store, tenant, row.id, &wanted.model, &wanted.secrets)?;
    Ok(tokens::issue(store, row.id, TokenKind::Api)?)
}

/// Stores the payload's secrets, unless one is a vendor's key that is refused; the model wins over a secret of its name.
pub(super) fn store_payload(
    store: &Transaction<'_>,
    tenant: &Tenant,
    id: Uuid,
    model: &Admitted,
    payload: &BTreeMap<String, String>,
) -> Answer<()> {
    refuse_payload_key(tenant, id, model, payload)?;
    for (key, value) in payload.iter().filter(|(key, _)| key.as_str() != secrets::MODEL_KEY) {
        secrets::set(store, id, key, value)?;
    }
    Ok(())
}

/// A vendor's key in the payload (tenant-api §2.4 #19). Case does not matter.
fn refuse_payload_key(
    tenant: &Tenant,
    id: Uuid,
    model: &Admitted,
    payload: &BTreeMap<String, String>,
) -> Answer<()> {
    let is_vendors = model.billing == Some(Billing::Byok);
    let guarded = match tenant.contract.payload_key.of(Entry::Create) {
        PayloadKey::RefusedOnPlatformIds | PayloadKey::RefusedUnlessVendors => {
            !is_vendors || tenant.defects.has(DefectId::D35)
        }
        PayloadKey::RefusedWhereProxied => tenant.environment.llm.is_some(),
        PayloadKey::NotOffered => false,
    };
    match payload.keys().find(|key| is_vendor_key(key)) {
        Some(key) if guarded => Err(platform_pays(key, model.model.as_deref().unwrap_or_default(), id)),
        _ => Ok(()),
    }
}

/// True for one of the 23 names (registry §7), in any case.
pub(crate) fn is_vendor_key(key: &str) -> bool {
    env::VENDOR_KEYS.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// The refusal of a vendor's key for a workspace that no vendor is paid for.
pub(crate) fn platform_pays(key: &str, model: &str, workspace: Uuid) -> Refused {
    let why = match model.trim() {
        "" => "this workspace has no vendor's model".to_owned(),
        _ => format!("the platform pays for this workspace's model `{model}`"),
    };
    let error = format!("{key} is a vendor's key, and {why}: leave it out");
    Refused::body(StatusCode::BAD_REQUEST, json!({ "error": error, "key": key, "workspace_id": workspace }))
}
