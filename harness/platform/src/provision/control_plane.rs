//! The tenant's calls to the control plane (tenant-api §1.4).

use std::time::Duration;

use reqwest::{RequestBuilder, StatusCode};
use uuid::Uuid;
use wire::{ProvisionAnswer, ProvisionRequest, header};

use crate::http;
use crate::tenant::Tenant;

/// The longest answer that is read, in bytes.
const ANSWER_LIMIT_BYTES: usize = 64 * 1024;
/// The pauses before a delete is tried again.
const DELETE_PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// Asks for a box. `None` for everything but a 201 that names one: the control plane's reasons are not for tenants.
pub(crate) async fn provision(tenant: &Tenant, request: &ProvisionRequest) -> Option<String> {
    let url = format!("{}/cp/workspaces/provision", tenant.environment.control_plane.as_deref()?);
    let workspace = &request.workspace_id;
    let response = match signed(tenant, http::client().post(url)).json(request).send().await {
        Ok(response) => response,
        Err(error) => {
            tracing::warn!(%error, %workspace, "the control plane did not answer a provision");
            return None;
        }
    };
    let status = response.status();
    if status != StatusCode::CREATED {
        tracing::warn!(%status, %workspace, "the control plane refused a provision");
        return None;
    }
    let answer = http::body(response, ANSWER_LIMIT_BYTES).await.ok();
    let answer = answer.and_then(|body| serde_json::from_slice::<ProvisionAnswer>(&body).ok());
    answer.map(|answer| answer.instance_id).filter(|instance| !instance.is_empty())
}

/// Has a box taken down, trying again after each pause. True where it is gone.
pub(crate) async fn delete(tenant: &Tenant, workspace: Uuid, instance: &str) -> bool {
    for pause in DELETE_PAUSES {
        if delete_once(tenant, workspace, instance).await {
            return true;
        }
        tokio::select! {
            () = tokio::time::sleep(tenant.scaled(pause)) => {}
            () = tenant.stopping.cancelled() => return false,
        }
    }
    delete_once(tenant, workspace, instance).await
}

async fn delete_once(tenant: &Tenant, workspace: Uuid, instance: &str) -> bool {
    let Some(control_plane) = &tenant.environment.control_plane else { return false };
    let url = format!("{control_plane}/cp/workspaces/{workspace}");
    let request = http::client().delete(url).query(&[("instance_id", instance)]);
    signed(tenant, request).send().await.is_ok_and(|response| response.status().is_success())
}

fn signed(tenant: &Tenant, request: RequestBuilder) -> RequestBuilder {
    let request = match &tenant.environment.admin_token {
        Some(token) => request.header(header::ADMIN_TOKEN, token),
        None => request,
    };
    match &tenant.environment.shared_secret {
        Some(secret) => request.bearer_auth(secret),
        None => request,
    }
}
