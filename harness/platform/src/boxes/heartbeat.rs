//! `POST /registry/heartbeat`: a box is alive, and how it fares (tenant-api §4.5).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
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
        let (status, event) = after(row.status, &beat);
        workspaces::beat(store, &beat, id, status)?;
        Ok((row.inbound_secret.unwrap_or_else(tokens::fresh_secret), event))
    })?;
    if let Some((name, payload)) = event {
        tenant.store.with(|store| events::append(store, name, id, &payload))?;
    }
    Ok(Json(json!({ "status": "ok", "platform_inbound_secret": inbound })))
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
}
