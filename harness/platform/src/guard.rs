//! The tenant guard: every request names its org, byte for byte (tenant-api §2.1). A tenant that hosts itself has
//! none.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use wire::{Code, header};

use crate::tenant::Tenant;

/// Paths that boxes and probes reach without naming an org.
const OPEN_PATHS: [&str; 5] =
    ["/health", "/buildinfo", "/metrics", "/registry/register", "/registry/heartbeat"];
/// The control plane's own paths.
const OPEN_PREFIX: &str = "/cp/";

/// Lets a request through that names this org, or needs not to.
pub(crate) async fn guard(State(tenant): State<Arc<Tenant>>, request: Request, next: Next) -> Response {
    let Some(own) = &tenant.environment.org_id else { return next.run(request).await };
    let path = request.uri().path();
    if OPEN_PATHS.contains(&path) || path.starts_with(OPEN_PREFIX) {
        return next.run(request).await;
    }
    match request.headers().get(header::ORG_ID).map(axum::http::HeaderValue::as_bytes) {
        None | Some(b"") => no_org(),
        Some(org) if org == own.as_bytes() => next.run(request).await,
        Some(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn no_org() -> Response {
    let body = json!({
        "error": "missing tenant routing header",
        "code": Code::TenantOrgHeaderRequired,
        "required_header": "X-Molecule-Org-Id",
        "detail": "send the id of this tenant's organisation with every request",
    });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
