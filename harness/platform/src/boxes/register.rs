//! `POST /registry/register`: a box says where it listens (tenant-api §2.8).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use contract::{ConciergeModel, ConciergeOnline};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use wire::{EventName, Registered, Status, WorkspaceKind};

use super::presence::{self, Presence};
use crate::address::check_registered;
use crate::provision::{self, Failure};
use crate::reply::{Answer, Body, Refused};
use crate::store::tokens::{self, TokenKind};
use crate::store::workspaces::Workspace;
use crate::store::{events, secrets, workspaces};
use crate::tenant::Tenant;

const DELIVERY_MODE: &str = "push";

/// The body of a register.
#[derive(Debug, Deserialize)]
pub(crate) struct RegisterBody {
    id: String,
    #[serde(default)]
    url: String,
    agent_card: Map<String, Value>,
    delivery_mode: Option<String>,
    kind: Option<WorkspaceKind>,
}

/// Brings the row online. The event is stored after the row: a reader may see one without the other for a moment.
pub(crate) async fn register(
    State(tenant): State<Arc<Tenant>>,
    headers: HeaderMap,
    Body(body): Body<RegisterBody>,
) -> Answer<Json<Registered>> {
    let id: Uuid = body.id.parse().map_err(|_| Refused::malformed())?;
    if !matches!(body.delivery_mode.as_deref(), None | Some("" | DELIVERY_MODE)) {
        return Err(Refused::malformed());
    }
    check_identity(&tenant, id, &headers, &body)?;
    let (registered, online) = tenant.store.transaction(|store| -> Answer<_> {
        let presence = presence::check(store, &tenant.contract, id, &headers)?;
        check_url(&tenant, &body)?;
        let row = workspaces::find(store, id)?.ok_or_else(Refused::no_workspace)?;
        check(&row, &body)?;
        let card = completed(body.agent_card.clone(), &row);
        let status = if waits_for_tools(&tenant, &row) { Status::Provisioning } else { Status::Online };
        workspaces::register(store, id, (&body.url, &card), status)?;
        let auth_token = match presence {
            Presence::First => Some(tokens::issue(store, id, TokenKind::Instance)?),
            Presence::Known => None,
        };
        let inbound = match row.inbound_secret {
            Some(secret) => secret,
            None => {
                let secret = tokens::fresh_secret();
                workspaces::set_inbound_secret(store, id, &secret)?;
                secret
            }
        };
        let registered = Registered {
            status: "registered".to_owned(),
            delivery_mode: DELIVERY_MODE.to_owned(),
            auth_token,
            platform_inbound_secret: Some(inbound),
        };
        let payload = json!({ "url": body.url, "agent_card": card, "delivery_mode": DELIVERY_MODE });
        Ok((registered, (status == Status::Online).then_some(payload)))
    })?;
    if let Some(payload) = online {
        tenant.store.with(|store| events::append(store, EventName::WorkspaceOnline, id, &payload))?;
    }
    Ok(Json(registered))
}

/// Whether a row stays as it is until a beat says that its tools are at hand (tenant-api §4.5). One that was online stays
/// so.
fn waits_for_tools(tenant: &Tenant, row: &Workspace) -> bool {
    let is_held = tenant.contract.concierge.online_at == ConciergeOnline::ToolsReady && row.is_concierge();
    is_held && row.status != Status::Online
}

/// Where the concierge's model is stored for it, one that has none may not register, and its row is given up
/// (tenant-api §2.8).
fn check_identity(tenant: &Tenant, id: Uuid, headers: &HeaderMap, body: &RegisterBody) -> Answer<()> {
    if !matches!(tenant.contract.concierge.model, ConciergeModel::Seeded(_)) {
        return Ok(());
    }
    let is_incomplete = tenant.store.transaction(|store| -> Answer<bool> {
        presence::check(store, &tenant.contract, id, headers)?;
        let Some(row) = workspaces::find(store, id)? else { return Ok(false) };
        check_kind(&row, body)?;
        Ok(row.is_concierge() && !row.is_removed() && secrets::model(store, id)?.is_none())
    })?;
    if is_incomplete {
        provision::give_up(tenant, id, &Failure::no_identity());
        return Err(Refused::text(StatusCode::BAD_REQUEST, "platform agent identity incomplete"));
    }
    Ok(())
}

fn check_url(tenant: &Tenant, body: &RegisterBody) -> Answer<()> {
    if body.url.is_empty() {
        return Err(Refused::text(StatusCode::BAD_REQUEST, "url is required for push-mode workspaces"));
    }
    check_registered(&body.url, tenant.takes_loopback())
        .map_err(|error| Refused::text(StatusCode::BAD_REQUEST, error))
}

fn check_kind(row: &Workspace, body: &RegisterBody) -> Answer<()> {
    if body.kind == Some(WorkspaceKind::Platform) && !row.is_concierge() {
        return Err(Refused::text(StatusCode::FORBIDDEN, "this workspace is not the platform agent"));
    }
    Ok(())
}

fn check(row: &Workspace, body: &RegisterBody) -> Answer<()> {
    if row.is_removed() {
        return Err(Refused::body(StatusCode::GONE, json!({ "error": "workspace removed", "id": row.id })));
    }
    check_kind(row, body)
}

/// The card, with what the row knows and it does not say.
fn completed(mut card: Map<String, Value>, row: &Workspace) -> Value {
    if let Some(name) = card.get("name").cloned() {
        card.entry("description").or_insert(name);
    }
    if let Some(role) = &row.role {
        card.entry("role").or_insert_with(|| json!(role));
    }
    Value::Object(card)
}
