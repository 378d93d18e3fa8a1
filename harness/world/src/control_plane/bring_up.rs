//! From a signed-up org to a running tenant whose concierge is online (tenant-api §1.3, §1.5).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use journal::{Fact, Hop, KeyScope, SecretWritten};
use reqwest::Method;
use serde_json::json;
use wire::{InstallConcierge, Status, Workspace, env, header};

use super::workspaces::model_settings;
use crate::http::{Answer, Note, Outgoing};
use crate::org::Org;
use crate::pace::Pauses;
use crate::shared::Shared;
use crate::{ClientError, Deployment, HostError, Proxy, TenantBoot};

/// The whole of it takes no longer: a little less than a person waits, so that they are told the cause.
const BOUND: Duration = Duration::from_secs(18);

const CALL_BOUND: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// Makes a self-hosted tenant seed its concierge at boot (tenant-api §1.3).
const SEED_CONCIERGE: &str = "MOLECULE_SEED_PLATFORM_AGENT";

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
    #[error("bring up the tenant: not done within {after:?}, {waiting_for}{last}")]
    TimedOut { after: Duration, waiting_for: &'static str, last: Last },
}

/// What a wait was last told instead of what it waited for; empty where it was told nothing yet.
#[derive(Clone, Debug, Default)]
struct Last(Option<String>);

impl Last {
    /// Keeps an answer that the wait had no use for, or that there was none.
    fn keep(&mut self, asked: &Outgoing, answered: &Result<Answer, ClientError>) {
        let error = answered.as_ref().map_or_else(ClientError::clone, |answer| asked.unexpected(answer));
        self.0 = Some(error.to_string());
    }
}

impl fmt::Display for Last {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|last| write!(out, "; last: {last}"))
    }
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
    let timed_out = |waiting_for, last: Last| BringUpError::TimedOut { after, waiting_for, last };
    let mut last = Last::default();
    let deadline = tokio::time::Instant::now() + after;
    let boot = TenantBoot {
        org_id: org.identity.org_id.clone(),
        environment: environment(shared, org),
        box_base: shared.addresses.box_base(),
    };
    let booted = tokio::time::timeout_at(deadline, shared.tenants.boot(boot)).await;
    let url = booted.map_err(|_| timed_out("waiting for the stack", Last::default()))??;
    let healthy = tokio::time::timeout_at(deadline, healthy(shared, &url, &mut last)).await;
    healthy.map_err(|_| timed_out("waiting for its health", last))?;
    org.came_up(&url);
    let keyed = tokio::time::timeout_at(deadline, write_keys(shared, org, &url)).await;
    keyed.map_err(|_| timed_out("writing the keys of the tenant", Last::default()))??;
    let installed = tokio::time::timeout_at(deadline, install(shared, org, &url)).await;
    let concierge = installed.map_err(|_| timed_out("installing the concierge", Last::default()))??;
    let mut last = Last::default();
    let online = tokio::time::timeout_at(deadline, online(shared, org, &url, &concierge, &mut last)).await;
    online.map_err(|_| timed_out("waiting for the concierge to be online", last))??;
    Ok(concierge)
}

/// The recipe for a tenant (tenant-api §1.5 A). A self-hosted one has no id and no control plane: what stands at
/// `CP_PROVISION_URL` stands in for its local driver.
fn environment(shared: &Shared, org: &Org) -> BTreeMap<String, String> {
    let control_plane = shared.addresses.control_plane_url();
    let mut environment = model_settings(shared, org);
    let deployed = match org.settings.deployment {
        Deployment::Saas => {
            vec![(env::ORG_ID, org.identity.org_id.clone()), (env::CP_URL, control_plane.clone())]
        }
        Deployment::SelfHosted => vec![(SEED_CONCIERGE, "1".to_owned())],
    };
    let own = [
        (env::ADMIN_TOKEN, org.identity.admin_token.clone()),
        (env::CP_PROVISION_URL, control_plane),
        (env::MOLECULE_ENV, "development".into()),
        ("MOLECULE_DECLARE_SCHEDULER_PLUGIN", "0".into()),
        ("MEMORY_PLUGIN_DISABLE", "1".into()),
    ];
    let own = own.into_iter().chain(deployed);
    environment.extend(own.map(|(name, value)| (name.to_owned(), value)));
    environment
}

async fn healthy(shared: &Shared, url: &str, last: &mut Last) {
    let asked = Outgoing::new(Method::GET, url, "/health", shared.pace.of(CALL_BOUND));
    let mut pauses = pauses(shared);
    loop {
        let answered = asked.send(&shared.client).await;
        if answered.as_ref().is_ok_and(|answer| answer.status == 200) {
            return;
        }
        last.keep(&asked, &answered);
        pauses.wait().await;
    }
}

/// Writes the keys of the whole tenant while nothing runs that the write could restart.
async fn write_keys(shared: &Shared, org: &Org, url: &str) -> Result<(), BringUpError> {
    for (key, value) in &org.settings.global_keys {
        let writing = call(shared, org, Method::POST, url, "/settings/secrets".into());
        let writing = writing.json(json!({ "key": key, "value": value }));
        let answer = writing.send_noted(&shared.client, &note(org)).await?;
        org.journey.recorder.record(Fact::SecretWritten(SecretWritten {
            scope: KeyScope::Global,
            workspace: None,
            key: key.clone(),
            status: answer.status,
        }));
        accept(&writing, &answer)?;
    }
    Ok(())
}

/// Installs the concierge, or takes the one that a self-hosted tenant seeded, and starts it.
async fn install(shared: &Shared, org: &Org, url: &str) -> Result<String, BringUpError> {
    let concierge = match org.settings.deployment {
        Deployment::SelfHosted => crate::fresh::self_hosted_concierge_id(),
        Deployment::Saas => {
            let id = crate::fresh::concierge_id(&org.identity.org_id);
            let body = InstallConcierge { id: id.clone(), name: Some(CONCIERGE_NAME.into()) };
            let body = serde_json::to_value(&body).unwrap_or_default();
            let installing = call(shared, org, Method::POST, url, "/admin/org/platform-agent".into());
            expect_ok(shared, org, &installing.json(body)).await?;
            id
        }
    };
    let restarting = call(shared, org, Method::POST, url, format!("/workspaces/{concierge}/restart"));
    expect_ok(shared, org, &restarting.json(json!({}))).await?;
    Ok(concierge)
}

/// Waits for the concierge. Only the look that ends the wait is noted.
async fn online(
    shared: &Shared,
    org: &Org,
    url: &str,
    concierge: &str,
    last: &mut Last,
) -> Result<(), BringUpError> {
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
            // Where no proxy is wired, nobody pays for a concierge: its row is there and fails, and the tenant is used
            // without it.
            let is_used_without = org.settings.proxy == Proxy::None;
            if row.status == Status::Online.as_str() || is_used_without {
                return Ok(());
            }
            let reason = row.last_sample_error.filter(|reason| !reason.is_empty());
            return Err(BringUpError::Concierge {
                status: row.status,
                reason: reason.unwrap_or_else(|| "no reason given".into()),
            });
        }
        last.keep(&asked, &answered);
        pauses.wait().await;
    }
}

async fn expect_ok(shared: &Shared, org: &Org, call: &Outgoing) -> Result<(), BringUpError> {
    let answer = call.send_noted(&shared.client, &note(org)).await?;
    accept(call, &answer)
}

fn accept(call: &Outgoing, answer: &Answer) -> Result<(), BringUpError> {
    if (200..300).contains(&answer.status) {
        return Ok(());
    }
    Err(call.unexpected(answer).into())
}

fn call(shared: &Shared, org: &Org, method: Method, url: &str, path: String) -> Outgoing {
    let call = Outgoing::new(method, url, path, shared.pace.of(CALL_BOUND)).bearer(&org.identity.admin_token);
    match org.id_shown() {
        Some(id) => call.header(header::ORG_ID, id),
        None => call,
    }
}

fn note(org: &Org) -> Note<'_> {
    Note { recorder: &org.journey.recorder, tenant: org.role, hop: Hop::ControlPlaneToPlatform }
}

fn pauses(shared: &Shared) -> Pauses {
    Pauses::growing(shared.pace.of(FIRST_PAUSE), shared.pace.of(LONGEST_PAUSE))
}
