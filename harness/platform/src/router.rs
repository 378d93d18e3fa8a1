//! Every route of the tenant, in the order of tenant-api §2.2.
//!
//! Who may use a route stands in its handler's arguments (`credential`). To add one: a line here, a handler beside its
//! kin. What is not named here answers as an unknown page does.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{delete, get, post};
use contract::{BillingModeRoute, Routes};

use crate::reply::BODY_LIMIT_BYTES;
use crate::tenant::Tenant;
use crate::{boxes, guard, workspaces};

/// The routes, behind the tenant guard.
pub(crate) fn routes(tenant: &Arc<Tenant>) -> Router {
    let routes = Router::new()
        .merge(of_tenant())
        .merge(of_workspaces())
        .merge(of_boxes())
        .merge(promised(&tenant.contract.routes));
    routes
        .fallback(no_page)
        .method_not_allowed_fallback(no_page)
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(tenant), guard::guard))
        .with_state(Arc::clone(tenant))
}

fn of_tenant() -> Router<Arc<Tenant>> {
    Router::new()
        .route("/health", get(workspaces::about::health))
        .route("/buildinfo", get(workspaces::about::build))
        .route("/org/identity", get(workspaces::about::identity))
        .route("/templates", get(workspaces::about::templates))
        .route("/org/templates", get(workspaces::about::org_templates))
        .route("/org/tokens", get(workspaces::org_tokens::list).post(workspaces::org_tokens::mint))
        .route("/org/import", post(workspaces::import::import))
        .route("/admin/org/platform-agent", post(workspaces::concierge::install))
        .route(
            "/settings/secrets",
            get(workspaces::settings::list)
                .post(workspaces::settings::write)
                .put(workspaces::settings::write),
        )
        .route("/settings/secrets/{key}", delete(workspaces::settings::delete))
        .route("/events", get(workspaces::events::all))
        .route("/events/{id}", get(workspaces::events::of_one))
}

fn of_workspaces() -> Router<Arc<Tenant>> {
    Router::new()
        .route("/workspaces", get(workspaces::read::list).post(workspaces::create::create))
        .route("/workspaces/{id}", get(workspaces::read::read).delete(workspaces::delete::delete))
        .route("/workspaces/{id}/state", get(workspaces::read::state))
        .route("/workspaces/{id}/restart", post(workspaces::restart::restart))
        .route("/workspaces/{id}/model", get(workspaces::model::read).put(workspaces::model::write))
        .route("/workspaces/{id}/provider", get(workspaces::about::provider).put(workspaces::about::provider))
        .route(
            "/workspaces/{id}/secrets",
            get(workspaces::secrets::list).post(workspaces::secrets::write).put(workspaces::secrets::write),
        )
        .route("/workspaces/{id}/secrets/values", get(workspaces::secrets::values))
        .route("/workspaces/{id}/secrets/{key}", delete(workspaces::secrets::delete))
        .route("/workspaces/{id}/events/stream", get(workspaces::stream::listen))
}

fn of_boxes() -> Router<Arc<Tenant>> {
    Router::new()
        .route("/workspaces/{id}/a2a", post(boxes::message::forward))
        .route("/registry/register", post(boxes::register::register))
        .route("/registry/heartbeat", post(boxes::heartbeat::heartbeat))
        .route("/registry/{id}/peers", get(workspaces::peers::list))
}

/// The routes that not every platform has.
fn promised(routes: &Routes) -> Router<Arc<Tenant>> {
    let mut router = Router::new();
    if routes.offered_models {
        router = router.route("/admin/llm/offered-models", get(workspaces::offered::list));
    }
    if routes.billing_mode != BillingModeRoute::Absent {
        router = router.route(
            "/admin/workspaces/{id}/llm-billing-mode",
            get(workspaces::billing_mode::read).put(workspaces::billing_mode::write),
        );
    }
    if routes.admin_restart {
        router = router.route("/admin/workspaces/{id}/restart", post(workspaces::restart::restart_by_admin));
    }
    router
}

async fn no_page() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "404 page not found")
}
