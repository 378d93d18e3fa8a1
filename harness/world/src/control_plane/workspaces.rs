//! Routes for tenants: their configuration and their boxes.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use journal::Hop;
use serde_json::json;
use wire::{ConsoleAnswer, EnsureImage, ProvisionAnswer, ProvisionRequest, StatusAnswer, env, header};

use super::tenant;
use crate::boxes;
use crate::org::Org;
use crate::served::{Arrived, Given};
use crate::shared::Shared;
use crate::{Deployment, Proxy};

/// A tenant's own call, noted in its journal whatever comes of it.
fn for_tenant(shared: &Shared, arrived: &Arrived, answer: impl FnOnce(&Arc<Org>) -> Given) -> Given {
    let Some(org) = tenant(shared, arrived) else {
        return refused_stranger(shared, arrived);
    };
    let given = answer(&org);
    arrived.note(&org, Hop::PlatformToControlPlane, &given);
    given
}

/// A call without a known token is noted where its body or header names an org: the platform of that org erred.
fn refused_stranger(shared: &Shared, arrived: &Arrived) -> Given {
    let given = Given::error(StatusCode::UNAUTHORIZED, "unknown admin token");
    let body = arrived.value();
    let named = arrived.header(header::ORG_ID).or_else(|| body.get("org_id").and_then(|id| id.as_str()));
    match named.and_then(|id| shared.directory.org(id)) {
        Some(org) => arrived.note(&org, Hop::PlatformToControlPlane, &given),
        None => shared.stray(arrived, "control plane"),
    }
    given
}

/// `GET /cp/tenants/config`: a flat map that the tenant takes over into its environment.
pub(super) async fn config(State(shared): State<Arc<Shared>>, arrived: Arrived) -> Given {
    for_tenant(&shared, &arrived, |org| Given::of(StatusCode::OK, &model_settings(&shared, org)))
}

/// The four settings without which no hosted tenant boots (tenant-api §1.2), and the default model and the billing mode
/// where there are any.
pub(super) fn model_settings(shared: &Shared, org: &Org) -> BTreeMap<String, String> {
    let given = &org.settings;
    let default_model = given.default_model.iter().map(|id| (env::DEFAULT_MODEL, id.clone()));
    let of_operator =
        default_model.chain(given.billing_mode.iter().map(|mode| (env::BILLING_MODE, mode.clone())));
    if given.proxy == Proxy::None {
        return of_operator.map(|(name, value)| (name.to_owned(), value)).collect();
    }
    let settings = [
        (env::LLM_BASE_URL, shared.addresses.openai_base()),
        (env::LLM_ANTHROPIC_BASE_URL, shared.addresses.anthropic_base()),
        (env::LLM_USAGE_TOKEN, org.identity.usage_token.clone()),
        (env::LLM_USAGE_URL, shared.addresses.usage_url()),
    ];
    settings.into_iter().chain(of_operator).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// `POST /cp/workspaces/provision`: 201 at once, the box starts in the background.
pub(super) async fn provision(State(shared): State<Arc<Shared>>, arrived: Arrived) -> Given {
    let Some(org) = tenant(&shared, &arrived) else { return refused_stranger(&shared, &arrived) };
    let mut body = arrived.value();
    if let (Deployment::SelfHosted, Some(body)) = (org.settings.deployment, body.as_object_mut()) {
        // A tenant without an id has none to send.
        body.entry("org_id").or_insert_with(|| json!(""));
    }
    let request: ProvisionRequest = match serde_json::from_value(body) {
        Ok(request) => request,
        Err(error) => {
            let given = Given::error(StatusCode::BAD_REQUEST, &error.to_string());
            arrived.note(&org, Hop::PlatformToControlPlane, &given);
            return given;
        }
    };
    if org.id_shown().is_some_and(|id| request.org_id != id) {
        let given = Given::error(StatusCode::FORBIDDEN, "this org is not yours");
        arrived.note(&org, Hop::PlatformToControlPlane, &given);
        return given;
    }
    let (instance, is_new) = org.instance_for(request.idempotency_key.as_deref());
    let answer = ProvisionAnswer { instance_id: instance.clone(), state: "running".into() };
    let given = Given::of(StatusCode::CREATED, &answer);
    // Noted before the box starts, so that the journal has the cause before the effect.
    arrived.note(&org, Hop::PlatformToControlPlane, &given);
    if is_new {
        boxes::start(&shared, &org, instance, request);
    }
    given
}

/// `POST /cp/workspaces/ensure-image`: every image of this world is there.
pub(super) async fn ensure_image(State(shared): State<Arc<Shared>>, arrived: Arrived) -> Given {
    for_tenant(&shared, &arrived, |org| match serde_json::from_value::<EnsureImage>(arrived.value()) {
        Err(error) => Given::error(StatusCode::BAD_REQUEST, &error.to_string()),
        Ok(asked) if org.id_shown().is_some_and(|id| asked.org_id != id) => {
            Given::error(StatusCode::FORBIDDEN, "this org is not yours")
        }
        Ok(_) => Given::new(StatusCode::OK, json!({ "ok": true })),
    })
}

/// `GET /cp/admin/workspaces/:id/console`: what the machine of a box said.
pub(super) async fn console(
    State(shared): State<Arc<Shared>>,
    Path(workspace): Path<String>,
    arrived: Arrived,
) -> Given {
    for_tenant(&shared, &arrived, |org| match org.box_of(&workspace) {
        Some(instance) => {
            let output = format!("{instance}: started for {workspace}\n");
            Given::of(StatusCode::OK, &ConsoleAnswer { output })
        }
        None => Given::error(StatusCode::NOT_FOUND, "no box runs for this workspace"),
    })
}

/// `DELETE /cp/workspaces/:id`: any 2xx will do; a box that does not run is no error.
pub(super) async fn stop(
    State(shared): State<Arc<Shared>>,
    Path(workspace): Path<String>,
    arrived: Arrived,
) -> Given {
    for_tenant(&shared, &arrived, |org| {
        boxes::stop(&shared, org, &workspace);
        Given::new(StatusCode::OK, json!({ "ok": true }))
    })
}

/// `GET /cp/workspaces/:id/status`.
pub(super) async fn status(
    State(shared): State<Arc<Shared>>,
    Path(workspace): Path<String>,
    arrived: Arrived,
) -> Given {
    for_tenant(&shared, &arrived, |org| {
        let state = if org.box_of(&workspace).is_some() { "running" } else { "stopped" };
        Given::of(StatusCode::OK, &StatusAnswer { state: state.into() })
    })
}
