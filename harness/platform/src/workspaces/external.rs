//! A create for an agent that runs elsewhere (tenant-api §1.5 C, §2.4): no box, no model; it is online at once where
//! it says its address, else it is awaited with a token.

use std::sync::Arc;

use serde_json::{Value, json};
use wire::{EventName, Status};

use super::admission::Admitted;
use super::create_body::CreateBody;
use super::{create, member};
use crate::reply::Answer;
use crate::store::tokens::TokenKind;
use crate::store::{events, tokens, workspaces};
use crate::tenant::Tenant;

/// The runtime of an external create that names none.
pub(crate) const RUNTIME: &str = "external";

/// Nobody looks at the model, so no vendor's arm can own it.
const NO_MODEL: Admitted = Admitted { model: None, billing: None, omitted: true };

/// Makes the row; the answer says how the agent connects. A key in the payload is looked at before anything sets this
/// member apart from others (tenant-api §2.4, #19 before #21).
pub(super) fn create(tenant: &Arc<Tenant>, body: CreateBody, runtime: String) -> Answer<Value> {
    body.check_place(tenant)?;
    body.access()?;
    let payload = body.secrets.clone().unwrap_or_default();
    let url = body.url.clone().filter(|url| !url.is_empty());
    let parent = create::parent(tenant, body.parent_id.as_deref())?;
    let place = body.place();
    let mut row = member::new(tenant, body.name, body.role, runtime, parent, body.tier);
    row.place = place;
    let token = tenant.store.transaction(|store| -> Answer<_> {
        member::store(store, &row, None, &[])?;
        create::store_payload(store, tenant, row.id, &NO_MODEL, &payload)?;
        let told = json!({ "name": row.name, "external": true });
        match &url {
            Some(url) => {
                workspaces::set_external(store, row.id, Status::Online, url)?;
                events::append(store, EventName::WorkspaceOnline, row.id, &told)?;
                Ok(None)
            }
            None => {
                workspaces::set_external(store, row.id, Status::AwaitingAgent, "")?;
                events::append(store, EventName::WorkspaceAwaitingAgent, row.id, &told)?;
                Ok(Some(tokens::issue(store, row.id, TokenKind::Instance)?))
            }
        }
    })?;
    Ok(match token {
        None => json!({ "id": row.id, "external": true, "status": Status::Online }),
        Some(token) => {
            let base = &tenant.platform_url;
            json!({
                "id": row.id,
                "external": true,
                "status": Status::AwaitingAgent,
                "connection": {
                    "workspace_id": row.id,
                    "platform_url": base,
                    "auth_token": token,
                    "registry_endpoint": format!("{base}/registry/register"),
                    "heartbeat_endpoint": format!("{base}/registry/heartbeat"),
                },
            })
        }
    })
}
