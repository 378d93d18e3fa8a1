//! From a signed-up org to a running tenant whose concierge is online (tenant-api §1.3, §1.5).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use journal::Hop;
use reqwest::Method;
use serde_json::json;
use wire::{InstallConcierge, Status, Workspace, env, header};

use super::workspaces::model_settings;
use crate::http::{Note, Outgoing, excerpt};
use crate::org::Org;
use crate::pace::Pauses;
use crate::shared::Shared;
use crate::{ClientError, HostError, TenantBoot};

/// The whole of it takes no longer: a little less than a person waits, so that they are told the cause.
const BOUND: Duration = Duration::from_secs(18);

const CALL_BOUND: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

const CONCIERGE_NAME: &str = "Concierge";

/// Why an org did not come up.
#[derive(Debug, thiserror::Error)]
enum BringUpError {
    #[error("boot the tenant: {0}")]
    Boot(#[from] HostError),
    #[error("bring up the tenant: {0}")]
    Call(#[from] ClientError),
    #[error("the concierge ended as {status}: {reason}")]
    Concierge { status: String, reason: String },
    #[error("bring up the tenant: not done within {after:?}, {waiting_for}")]
    TimedOut { after: Duration, waiting_for: &'static str },
}

/// Brings an org up; how it went shows in its state. Ends when the journey leaves.
pub(super) async fn run(shared: Arc<Shared>, org: Arc<Org>) {
    tokio::select! {
        () = org.journey.left.cancelled() => org.failed("the journey left".into()),
        done = bring_up(&shared, &org) => match done {
            Ok(concierge) => org.is_running(&concierge),
            Err(error) => org.failed(error.to_string()),
        },
    }
}

async fn bring_up(shared: &Shared, org: &Org) -> Result<String, BringUpError> {
    let after = shared.pace.of(BOUND);
    let timed_out = |waiting_for| move |_| BringUpError::TimedOut { after, waiting_for };
    let deadline = tokio::time::Instant::now() + after;
    let boot = TenantBoot { org_id: org.identity.org_id.clone(), environment: environment(shared, org) };
    let booted = tokio::time::timeout_at(deadline, shared.tenants.boot(boot)).await;
    let url = booted.map_err(timed_out("waiting for the stack"))??;
    let healthy = tokio::time::timeout_at(deadline, healthy(shared, &url)).await;
    healthy.map_err(timed_out("waiting for its health"))?;
    org.came_up(&url);
    let installed = tokio::time::timeout_at(deadline, install(shared, org, &url)).await;
    let concierge = installed.map_err(timed_out("installing the concierge"))??;
    let online = tokio::time::timeout_at(deadline, online(shared, org, &url, &concierge)).await;
    online.map_err(timed_out("waiting for the concierge to be online"))??;
    Ok(concierge)
}

/// The recipe for a tenant of a hosted platform (tenant-api §1.5 A).
fn environment(shared: &Shared, org: &Org) -> BTreeMap<String, String> {
    let control_plane = shared.addresses.control_plane_url();
    let mut environment = model_settings(shared, org);
    let own = [
        (env::ORG_ID, org.identity.org_id.clone()),
        (env::ADMIN_TOKEN, org.identity.admin_token.clone()),
        (env::CP_URL, control_plane.clone()),
        (env::CP_PROVISION_URL, control_plane),
        (env::MOLECULE_ENV, "development".into()),
        ("WORKSPACE_MANIFEST_PATH", "/nonexistent".into()),
        ("MOLECULE_DECLARE_SCHEDULER_PLUGIN", "0".into()),
        ("MEMORY_PLUGIN_DISABLE", "1".into()),
    ];
    environment.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
    environment
}

async fn healthy(shared: &Shared, url: &str) {
    let asked = Outgoing::new(Method::GET, url, "/health", shared.pace.of(CALL_BOUND));
    let mut pauses = pauses(shared);
    while !asked.send(&shared.client).await.is_ok_and(|answer| answer.status == 200) {
        pauses.wait().await;
    }
}

async fn install(shared: &Shared, org: &Org, url: &str) -> Result<String, BringUpError> {
    let concierge = crate::fresh::concierge_id(&org.identity.org_id);
    let body = InstallConcierge { id: concierge.clone(), name: Some(CONCIERGE_NAME.into()) };
    let body = serde_json::to_value(&body).unwrap_or_default();
    let installing = call(shared, org, Method::POST, url, "/admin/org/platform-agent".into()).json(body);
    expect_ok(shared, org, &installing).await?;
    let restarting = call(shared, org, Method::POST, url, format!("/workspaces/{concierge}/restart"));
    expect_ok(shared, org, &restarting.json(json!({}))).await?;
    Ok(concierge)
}

/// Waits for the concierge. Only the look that ends the wait is noted.
async fn online(shared: &Shared, org: &Org, url: &str, concierge: &str) -> Result<(), BringUpError> {
    let asked = call(shared, org, Method::GET, url, format!("/workspaces/{concierge}"));
    let mut pauses = pauses(shared);
    loop {
        let began = std::time::Instant::now();
        let answered = asked.send(&shared.client).await;
        let row: Option<Workspace> = match &answered {
            Ok(answer) if answer.status == 200 => Some(asked.read(answer)?),
            _ => None,
        };
        let settled = row.filter(|row| Status::from_wire(&row.status).is_some_and(Status::is_settled));
        if let Some(row) = settled {
            note(org).record(&asked, &answered, began.elapsed());
            if row.status == Status::Online.as_str() {
                return Ok(());
            }
            let reason = row.last_sample_error.filter(|reason| !reason.is_empty());
            return Err(BringUpError::Concierge {
                status: row.status,
                reason: reason.unwrap_or_else(|| "no reason given".into()),
            });
        }
        pauses.wait().await;
    }
}

async fn expect_ok(shared: &Shared, org: &Org, call: &Outgoing) -> Result<(), BringUpError> {
    let answer = call.send_noted(&shared.client, &note(org)).await?;
    if (200..300).contains(&answer.status) {
        return Ok(());
    }
    tracing::debug!(body = %excerpt(&answer.body), "tenant refused the control plane");
    Err(call.unexpected(&answer).into())
}

fn call(shared: &Shared, org: &Org, method: Method, url: &str, path: String) -> Outgoing {
    Outgoing::new(method, url, path, shared.pace.of(CALL_BOUND))
        .bearer(&org.identity.admin_token)
        .header(header::ORG_ID, &org.identity.org_id)
}

fn note(org: &Org) -> Note<'_> {
    Note { recorder: &org.journey.recorder, tenant: org.role, hop: Hop::ControlPlaneToPlatform }
}

fn pauses(shared: &Shared) -> Pauses {
    Pauses::growing(shared.pace.of(FIRST_PAUSE), shared.pace.of(LONGEST_PAUSE))
}
