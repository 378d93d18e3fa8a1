//! `POST /registry/heartbeat`: a box is alive, and how it fares (tenant-api §4.5).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use contract::ConciergeOnline;
use serde_json::{Value, json};
use uuid::Uuid;
use wire::{EventName, Heartbeat, Status};

use super::presence;
use crate::reply::{Answer, Body, Refused};
use crate::store::{events, tokens, workspaces};
use crate::tenant::Tenant;

/// From this error rate on a box is in trouble, and below that one it is well again.
const DEGRADED_FROM: f64 = 0.5;
const WELL_BELOW: f64 = 0.1;

/// The tool without which a concierge can build no team, as runtimes write its name (tenant-api §4.5).
const PROVISION_TOOL: &str = "mcp__molecule-platform__provision_workspace";

/// Writes the beat. It revives every row but a parked or a removed one.
pub(crate) async fn heartbeat(
    State(tenant): State<Arc<Tenant>>,
    headers: HeaderMap,
    Body(beat): Body<Heartbeat>,
) -> Answer<Json<Value>> {
    let id: Uuid = beat.workspace_id.parse().map_err(|_| Refused::malformed())?;
    let (inbound, event) = tenant.store.transaction(|store| -> Answer<_> {
        presence::check(store, &tenant.contract, id, &headers)?;
        let Some(row) = workspaces::find(store, id)?.filter(|row| !row.is_removed()) else {
            return Ok((tokens::fresh_secret(), None));
        };
        let gate = tenant.contract.concierge.online_at;
        let is_gated = gate == ConciergeOnline::ToolsReady && row.is_concierge();
        let (status, event) = if is_gated { after_gate(row.status, &beat) } else { after(row.status, &beat) };
        workspaces::beat(store, &beat, id, status)?;
        Ok((row.inbound_secret.unwrap_or_else(tokens::fresh_secret), event))
    })?;
    if let Some((name, payload)) = event {
        tenant.store.with(|store| events::append(store, name, id, &payload))?;
    }
    Ok(Json(json!({ "status": "ok", "platform_inbound_secret": inbound })))
}

/// What a runtime says that has never heard of the gate (recorded at `head`).
const NO_READINESS: &str = "none:legacy_runtime_no_readiness_contract";

/// The same for a concierge that is held back until its tools are at hand: it comes online where the beat says that they
/// are, or nothing of them, and is told of as recovered (tenant-api §4.5, `head`'s recorded first run).
fn after_gate(status: Status, beat: &Heartbeat) -> (Status, Option<(EventName, Value)>) {
    let Some(evidence) = readiness(beat) else {
        let is_waiting = matches!(status, Status::Provisioning | Status::Failed | Status::Offline);
        return if is_waiting { (status, None) } else { after(status, beat) };
    };
    if status != Status::Provisioning {
        return after(status, beat);
    }
    let payload = json!({ "recovered_from": status, "readiness_evidence": evidence });
    (Status::Online, Some((EventName::WorkspaceOnline, payload)))
}

/// By what a beat shows that a concierge's tools are at hand; `None` where they are not. The words for the two newer signs
/// are not recorded.
fn readiness(beat: &Heartbeat) -> Option<&'static str> {
    let is_loaded = |tools: &Vec<String>| tools.iter().any(|tool| tool == PROVISION_TOOL);
    if beat.mcp_tools_ready == Some(true) {
        Some("mcp_tools_ready")
    } else if beat.loaded_mcp_tools.as_ref().is_some_and(is_loaded) {
        Some("loaded_mcp_tools")
    } else {
        beat.mcp_server_present.is_none().then_some(NO_READINESS)
    }
}

/// The status after a beat, and what is told of the change. A boot that only beats is told nothing of.
fn after(status: Status, beat: &Heartbeat) -> (Status, Option<(EventName, Value)>) {
    let online = |payload| (Status::Online, Some((EventName::WorkspaceOnline, payload)));
    match status {
        Status::Provisioning => (Status::Online, None),
        Status::Failed | Status::AwaitingAgent => online(json!({ "recovered_from": status })),
        Status::Offline => online(json!({})),
        Status::Degraded if beat.error_rate < WELL_BELOW => online(json!({})),
        Status::Online if beat.error_rate >= DEGRADED_FROM => {
            let payload = json!({ "error_rate": beat.error_rate, "sample_error": beat.sample_error });
            (Status::Degraded, Some((EventName::WorkspaceDegraded, payload)))
        }
        same => (same, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beat_moves_a_row_as_recorded() {
        for (from, error_rate, to, event) in [
            (Status::Provisioning, 0.0, Status::Online, None),
            (Status::Failed, 0.0, Status::Online, Some(EventName::WorkspaceOnline)),
            (Status::Offline, 0.0, Status::Online, Some(EventName::WorkspaceOnline)),
            (Status::Online, 0.5, Status::Degraded, Some(EventName::WorkspaceDegraded)),
            (Status::Online, 0.49, Status::Online, None),
            (Status::Degraded, 0.1, Status::Degraded, None),
            (Status::Degraded, 0.0, Status::Online, Some(EventName::WorkspaceOnline)),
            (Status::Paused, 0.0, Status::Paused, None),
        ] {
            let beat = Heartbeat { error_rate, ..Default::default() };
            let (status, told) = after(from, &beat);
            assert_eq!((status, told.map(|(name, _)| name)), (to, event), "{from} at {error_rate}");
        }
    }

    #[test]
    fn a_gated_concierge_waits_for_its_tools_and_one_of_an_older_runtime_does_not() {
        let beat = |present, ready, tools: Option<&str>| Heartbeat {
            mcp_server_present: present,
            mcp_tools_ready: ready,
            loaded_mcp_tools: tools.map(|tool| vec![tool.to_owned()]),
            ..Default::default()
        };
        for (beat, evidence) in [
            (beat(None, None, None), Some(NO_READINESS)),
            (beat(Some(true), Some(true), None), Some("mcp_tools_ready")),
            (beat(Some(true), Some(false), Some(PROVISION_TOOL)), Some("loaded_mcp_tools")),
            (beat(Some(true), None, Some("other")), None),
            (beat(Some(false), None, None), None),
        ] {
            let (status, told) = after_gate(Status::Provisioning, &beat);
            let shown = told.map(|(_, payload)| payload["readiness_evidence"].as_str().unwrap().to_owned());
            assert_eq!(shown.as_deref(), evidence, "{beat:?}");
            let expected = if evidence.is_some() { Status::Online } else { Status::Provisioning };
            assert_eq!(status, expected, "{beat:?}");
        }
        assert_eq!(after_gate(Status::Online, &beat(Some(false), None, None)), (Status::Online, None));
    }
}
