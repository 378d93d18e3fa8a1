//! The control plane: orgs sign up here, tenants ask for boxes here (tenant-api §1.4).
//!
//! A person signs up with `POST /cp/admin/orgs`; a background task then boots the tenant, installs its concierge and
//! waits for it ([`bring_up`]); the state shows in `GET /cp/admin/orgs`. To add a route: a function in `orgs` (for
//! persons) or `workspaces` (for tenants) and its line in [`router`].

mod bring_up;
mod orgs;
mod workspaces;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::{delete, get, post};
use journal::Hop;
use wire::header;

use crate::org::Org;
use crate::served::{Arrived, Given};
use crate::shared::Shared;

/// The routes.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/cp/admin/orgs", post(orgs::create).get(orgs::list))
        .route("/cp/admin/orgs/{slug}/admin-token", get(orgs::admin_token))
        .route("/cp/tenants/config", get(workspaces::config))
        .route("/cp/workspaces/provision", post(workspaces::provision))
        .route("/cp/workspaces/ensure-image", post(workspaces::ensure_image))
        .route("/cp/admin/workspaces/{id}/console", get(workspaces::console))
        .route("/cp/workspaces/{id}", delete(workspaces::stop))
        .route("/cp/workspaces/{id}/status", get(workspaces::status))
        .fallback(unmodelled)
        .method_not_allowed_fallback(unmodelled)
        .with_state(shared)
}

/// The tenant that calls, by whatever it proves itself with.
fn tenant(shared: &Shared, arrived: &Arrived) -> Option<Arc<Org>> {
    let token = arrived.header(header::ADMIN_TOKEN).or_else(|| arrived.bearer())?;
    shared.directory.org_by_admin_token(token)
}

async fn unmodelled(State(shared): State<Arc<Shared>>, arrived: Arrived) -> Given {
    let named = || arrived.header(header::ORG_ID).and_then(|id| shared.directory.org(id));
    let caller = tenant(&shared, &arrived).or_else(named);
    arrived.unmodelled(&shared, caller.as_deref(), Hop::PlatformToControlPlane)
}

#[cfg(test)]
mod tests;
