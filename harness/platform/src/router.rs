//! Every route of the tenant, in the order of tenant-api §2.2.
//!
//! Who may use a route stands in its handler's arguments (`credential`). To add one: a line here, a handler beside its
//! kin. What is not named here answers as an unknown page does.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{get, post};

use crate::reply::BODY_LIMIT_BYTES;
use crate::tenant::Tenant;
use crate::{boxes, guard, workspaces};

/// The routes, behind the tenant guard.
pub(crate) fn routes(tenant: &Arc<Tenant>) -> Router {
    Router::new()
        .route("/health", get(workspaces::about::health))
        .route("/buildinfo", get(workspaces::about::build))
        .route("/org/identity", get(workspaces::about::identity))
        .route("/workspaces", get(workspaces::read::list).post(workspaces::create::create))
        .route("/workspaces/{id}", get(workspaces::read::read).delete(workspaces::delete::delete))
        .route("/workspaces/{id}/state", get(workspaces::read::state))
        .route("/workspaces/{id}/restart", post(workspaces::restart::restart))
        .route("/workspaces/{id}/model", get(workspaces::model::read).put(workspaces::model::write))
        .route(
            "/workspaces/{id}/secrets",
            get(workspaces::secrets::list).post(workspaces::secrets::write).put(workspaces::secrets::write),
        )
        .route("/workspaces/{id}/secrets/{key}", axum::routing::delete(workspaces::secrets::delete))
        .route(
            "/settings/secrets",
            get(workspaces::settings::list)
                .post(workspaces::settings::write)
                .put(workspaces::settings::write),
        )
        .route("/settings/secrets/{key}", axum::routing::delete(workspaces::settings::delete))
        .route("/workspaces/{id}/a2a", post(boxes::message::forward))
        .route("/admin/org/platform-agent", post(workspaces::concierge::install))
        .route("/org/import", post(workspaces::import::import))
        .route("/events", get(workspaces::events::all))
        .route("/events/{id}", get(workspaces::events::of_one))
        .route("/registry/register", post(boxes::register::register))
        .route("/registry/heartbeat", post(boxes::heartbeat::heartbeat))
        .fallback(no_page)
        .method_not_allowed_fallback(no_page)
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(tenant), guard::guard))
        .with_state(Arc::clone(tenant))
}

async fn no_page() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "404 page not found")
}
