//! The life of a box: it starts, registers, sends heartbeats, and is stopped.

use std::sync::Arc;
use std::time::{Duration, Instant};

use journal::{BoxRegistered, BoxStarted, BoxStopped, Fact, Hop};
use reqwest::Method;
use serde_json::json;
use wire::{Heartbeat, ProvisionRequest, Register};

use super::AgentBox;
use super::agent_box::Agent;
use crate::http::{Note, Outgoing};
use crate::org::Org;
use crate::shared::Shared;

/// How often a box reports; a tenant wants it at least once a minute (tenant-api §1.7).
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(15);

/// The tool without which a concierge can build no team, as runtimes write its name (tenant-api §4.5).
const PROVISION_TOOL: &str = "mcp__molecule-platform__provision_workspace";

const CALL_BOUND: Duration = Duration::from_secs(10);

/// A register that got no answer, or a server's error, is tried again this often.
const MAX_REGISTER_TRIES: u32 = 5;

const REGISTER_PAUSE: Duration = Duration::from_millis(200);

/// The status of a register that wanted a credential.
const UNAUTHORIZED: u16 = 401;

/// The answer to a create is looked for this often; an import's has no token.
const MAX_TOKEN_LOOKS: u32 = 40;

const TOKEN_PAUSE: Duration = Duration::from_millis(25);

/// How long the end of a box waits for a turn under way before it drops the tools under it.
const TOOLS_CLOSE_BOUND: Duration = Duration::from_secs(1);

/// Starts the box of a workspace. A box that ran for the workspace before is stopped.
pub(crate) fn start(shared: &Arc<Shared>, org: &Arc<Org>, instance: String, request: ProvisionRequest) {
    let kind = request.kind.unwrap_or_default();
    let runtime = request.runtime.clone();
    let agent_box = Arc::new(AgentBox::new(shared, org, instance.clone(), request));
    org.journey.recorder.record(Fact::BoxStarted(BoxStarted {
        tenant: org.role,
        workspace: agent_box.workspace.clone(),
        instance: instance.clone(),
        kind,
        runtime,
        model: agent_box.belief.model.clone(),
        env_names: agent_box.environment.keys().cloned().collect(),
    }));
    shared.directory.add_box(&agent_box);
    if let Some(before) = org.box_started(&agent_box.workspace, &instance) {
        end(shared, org, &agent_box.workspace, &before);
    }
    let shared = Arc::clone(shared);
    org.journey.tasks.spawn(async move {
        let stopped = agent_box.stopped.clone();
        tokio::select! {
            () = stopped.cancelled() => {}
            () = live(&shared, &agent_box) => {}
        }
        stopped.cancelled().await;
        close_tools(&agent_box).await;
    });
}

/// Stops the box of a workspace; one that does not run is no error.
pub(crate) fn stop(shared: &Shared, org: &Org, workspace: &str) {
    if let Some(instance) = org.box_stopped(workspace) {
        end(shared, org, workspace, &instance);
    }
}

fn end(shared: &Shared, org: &Org, workspace: &str, instance: &str) {
    if let Some(agent_box) = shared.directory.remove_box(instance) {
        agent_box.stopped.cancel();
    }
    org.journey.recorder.record(Fact::BoxStopped(BoxStopped {
        tenant: org.role,
        workspace: workspace.to_owned(),
        instance: instance.to_owned(),
    }));
}

async fn live(shared: &Shared, agent_box: &AgentBox) {
    let booted = Instant::now();
    let Some(token) = register(shared, agent_box).await else { return };
    // A concierge may be held back until a beat says that its tools are at hand (tenant-api §4.5).
    if matches!(agent_box.agent, Agent::Concierge(_)) {
        beat(shared, agent_box, &token, booted).await;
    }
    loop {
        tokio::time::sleep(shared.pace.of(HEARTBEAT_INTERVAL)).await;
        beat(shared, agent_box, &token, booted).await;
    }
}

async fn beat(shared: &Shared, agent_box: &AgentBox, token: &str, booted: Instant) {
    let is_concierge = matches!(agent_box.agent, Agent::Concierge(_));
    let beat = Heartbeat {
        workspace_id: agent_box.workspace.clone(),
        uptime_seconds: i64::try_from(booted.elapsed().as_secs()).unwrap_or(i64::MAX),
        mcp_server_present: is_concierge.then_some(true),
        mcp_tools_ready: is_concierge.then_some(true),
        loaded_mcp_tools: is_concierge.then(|| vec![PROVISION_TOOL.to_owned()]),
        ..Heartbeat::default()
    };
    let beat = call(shared, agent_box, "/registry/heartbeat", &beat).bearer(token);
    // A beat may be lost; a platform that misses too many says so in its rows.
    drop(beat.send(&shared.client).await);
}

/// Registers without credentials and answers the box's token. What was refused is not tried again, since that would
/// hide it; but a 401 may mean that the token of the create's answer stands in the way (tenant-api §2.4), and then the
/// box is handed that token and tries once more.
async fn register(shared: &Shared, agent_box: &AgentBox) -> Option<String> {
    let body = Register {
        id: agent_box.workspace.clone(),
        url: shared.addresses.box_url(&agent_box.instance),
        agent_card: json!({ "name": agent_box.instance, "skills": [] }),
    };
    let sent = call(shared, agent_box, "/registry/register", &body);
    match try_to_register(shared, agent_box, &sent).await {
        Tried::Registered(token) => token,
        Tried::Refused(UNAUTHORIZED) => {
            let token = create_token(shared, agent_box).await?;
            match try_to_register(shared, agent_box, &sent.bearer(&token)).await {
                Tried::Registered(newer) => newer.or(Some(token)),
                Tried::Refused(_) | Tried::GivenUp => None,
            }
        }
        Tried::Refused(_) | Tried::GivenUp => None,
    }
}

/// What came of a register.
enum Tried {
    /// It was accepted, with the token of the answer.
    Registered(Option<String>),
    /// It was refused with this status.
    Refused(u16),
    /// It got no answer, or only a server's errors.
    GivenUp,
}

async fn try_to_register(shared: &Shared, agent_box: &AgentBox, sent: &Outgoing) -> Tried {
    for attempt in 1..=MAX_REGISTER_TRIES {
        let journey = &agent_box.org.journey;
        let note = Note { recorder: &journey.recorder, tenant: agent_box.org.role, hop: Hop::BoxToPlatform };
        let answered = sent.send_noted(&shared.client, &note).await;
        let status = answered.as_ref().ok().map(|answer| answer.status);
        journey.recorder.record(Fact::BoxRegistered(BoxRegistered {
            tenant: agent_box.org.role,
            workspace: agent_box.workspace.clone(),
            instance: agent_box.instance.clone(),
            status,
        }));
        match answered {
            Ok(answer) if answer.status == 200 => {
                let token = answer.body.get("auth_token").and_then(serde_json::Value::as_str);
                return Tried::Registered(token.map(str::to_owned));
            }
            Ok(answer) if answer.status < 500 => return Tried::Refused(answer.status),
            Ok(_) | Err(_) => tokio::time::sleep(shared.pace.of(REGISTER_PAUSE * attempt)).await,
        }
    }
    Tried::GivenUp
}

/// The token in the answer to the create. The box may be faster than that answer, so it is waited for a little.
async fn create_token(shared: &Shared, agent_box: &AgentBox) -> Option<String> {
    for _ in 0..MAX_TOKEN_LOOKS {
        if let Some(token) = agent_box.org.create_token(&agent_box.workspace) {
            return Some(token);
        }
        tokio::time::sleep(shared.pace.of(TOKEN_PAUSE)).await;
    }
    None
}

fn call(shared: &Shared, agent_box: &AgentBox, path: &str, body: &impl serde::Serialize) -> Outgoing {
    Outgoing::new(Method::POST, &agent_box.platform_url, path, shared.pace.of(CALL_BOUND))
        .json(serde_json::to_value(body).unwrap_or_default())
}

async fn close_tools(agent_box: &AgentBox) {
    let Agent::Concierge(concierge) = &agent_box.agent else { return };
    if let Ok(mut concierge) = tokio::time::timeout(TOOLS_CLOSE_BOUND, concierge.lock()).await {
        concierge.close();
    }
}
