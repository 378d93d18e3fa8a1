//! `GET|POST /org/tokens` (tenant-api §2.1): minting an org's key waits for a person's approval, which nobody gives
//! here.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::credential::Admin;
use crate::environment::PLATFORM_WORKSPACE;
use crate::reply::{Answer, Refused};
use crate::tenant::Tenant;

/// Asks for an approval, where there is a workspace to ask in.
pub(crate) async fn mint(State(tenant): State<Arc<Tenant>>, _: Admin) -> Answer<(StatusCode, Json<Value>)> {
    if tenant.environment.approvals.is_none() {
        let error = format!(
            "minting an org token needs an approval, and no workspace takes it: set {PLATFORM_WORKSPACE}"
        );
        return Err(Refused::text(StatusCode::BAD_REQUEST, &error));
    }
    let pending = json!({
        "status": "pending_approval",
        "approval_id": Uuid::new_v4(),
        "action": "org_token_mint",
        "reason": "minting an org token needs an approval",
    });
    Ok((StatusCode::ACCEPTED, Json(pending)))
}

/// Those that were minted: none ever is.
pub(crate) async fn list(_: Admin) -> Json<Value> {
    Json(json!({ "tokens": [], "count": 0 }))
}
