//! Who a request comes from, as arguments of its handler (tenant-api §2.1).

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use uuid::Uuid;

use crate::reply::{Answer, Refused};
use crate::store::tokens;
use crate::tenant::Tenant;

/// The bearer is the admin's.
pub(crate) struct Admin;

/// The bearer may act on the workspace in the path: the admin's, or a live token of that workspace.
pub(crate) struct Workspace(pub(crate) Uuid);

/// The workspace in the path, for routes that ask for no credential.
pub(crate) struct PathId(pub(crate) Uuid);

/// The bearer's token; `None` where the request carries none.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(str::trim).filter(|token| !token.is_empty())
}

/// The admin's token; where the tenant has none, any workspace's live one.
fn is_admins(tenant: &Tenant, token: &str) -> Answer<bool> {
    match &tenant.environment.admin_token {
        Some(admin) => Ok(token == admin),
        None => Ok(tenant.store.with(|store| tokens::is_live(store, token))?),
    }
}

/// No bearer where a workspace's one is wanted.
pub(crate) fn missing_workspace_token() -> Refused {
    Refused::text(StatusCode::UNAUTHORIZED, "missing workspace auth token")
}

/// A bearer that is not this workspace's.
pub(crate) fn invalid_workspace_token() -> Refused {
    Refused::text(StatusCode::UNAUTHORIZED, "invalid workspace auth token")
}

impl FromRequestParts<Arc<Tenant>> for Admin {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, tenant: &Arc<Tenant>) -> Result<Self, Refused> {
        match bearer(&parts.headers) {
            Some(token) if is_admins(tenant, token)? => Ok(Self),
            Some(_) => Err(Refused::text(StatusCode::UNAUTHORIZED, "invalid admin auth token")),
            None => Err(Refused::text(StatusCode::UNAUTHORIZED, "admin auth required")),
        }
    }
}

impl FromRequestParts<Arc<Tenant>> for Workspace {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, tenant: &Arc<Tenant>) -> Result<Self, Refused> {
        let id = path_id(parts, tenant).await;
        let token = bearer(&parts.headers).ok_or_else(missing_workspace_token)?;
        if tenant.environment.admin_token.as_deref() == Some(token) {
            return id.map(Self).ok_or_else(Refused::bad_id);
        }
        let id = id.ok_or_else(invalid_workspace_token)?;
        if tenant.store.with(|store| tokens::holds(store, id, token))? {
            Ok(Self(id))
        } else {
            Err(invalid_workspace_token())
        }
    }
}

impl FromRequestParts<Arc<Tenant>> for PathId {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, tenant: &Arc<Tenant>) -> Result<Self, Refused> {
        path_id(parts, tenant).await.map(Self).ok_or_else(Refused::bad_id)
    }
}

async fn path_id(parts: &mut Parts, tenant: &Arc<Tenant>) -> Option<Uuid> {
    let params = RawPathParams::from_request_parts(parts, tenant).await.ok()?;
    params.iter().find(|(name, _)| *name == "id").and_then(|(_, value)| value.parse().ok())
}
