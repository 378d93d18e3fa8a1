//! Which observations tell the story of a row, and in which layer it went wrong.

use journal::{Hop, KeyShown, Layer};
use wire::Status;

use crate::Facts;

/// The observations that show how a row came to be what it is: the call that made it, the provision request, its box,
/// the box's register, and the last look.
pub(crate) fn story_of(facts: Facts<'_>, workspace: &str) -> Vec<u64> {
    let mut story = Vec::new();
    story.extend(
        facts
            .tool_calls()
            .filter(|(_, call)| call.created_id().as_deref() == Some(workspace))
            .map(|(seq, _)| seq),
    );
    story.extend(provision_requests(facts, workspace));
    story.extend(
        facts.boxes_started().filter(|(_, started)| started.workspace == workspace).map(|(seq, _)| seq),
    );
    story
        .extend(facts.boxes_registered().filter(|(_, box_)| box_.workspace == workspace).map(|(seq, _)| seq));
    story.extend(facts.events_of(workspace).map(|(seq, _)| seq));
    story.extend(facts.last_look(workspace).map(|(seq, _)| seq));
    story
}

/// The control plane's provision requests for a row.
pub(crate) fn provision_requests(facts: Facts<'_>, workspace: &str) -> Vec<u64> {
    let to_control_plane = facts.exchanges(Hop::PlatformToControlPlane);
    to_control_plane
        .filter(|(_, exchange)| exchange.path.ends_with("/provision"))
        .filter(|(_, exchange)| {
            exchange.request.get("workspace_id").and_then(|id| id.as_str()) == Some(workspace)
        })
        .map(|(seq, _)| seq)
        .collect()
}

/// The layer in which a row stopped short of `online`.
pub(crate) fn layer_of_row(facts: Facts<'_>, workspace: &str) -> Layer {
    let is_started = facts.boxes_started().any(|(_, started)| started.workspace == workspace);
    if !is_started {
        return Layer::Provisioning;
    }
    let is_registered = facts
        .boxes_registered()
        .any(|(_, registered)| registered.workspace == workspace && registered.status == Some(200));
    if is_registered { Layer::Rows } else { Layer::Box }
}

/// The layer in which an online agent's answer went missing.
pub(crate) fn layer_of_silence(facts: Facts<'_>, workspace: &str) -> Layer {
    let last = facts.model_calls_of(workspace).next_back();
    match last {
        None if facts.was_seen(workspace, Status::Online) => Layer::Box,
        None => Layer::Provisioning,
        Some((_, call)) if call.key == KeyShown::Missing => Layer::Box,
        Some((_, call)) if call.status >= 400 => Layer::Proxy,
        Some(_) => Layer::Messages,
    }
}
