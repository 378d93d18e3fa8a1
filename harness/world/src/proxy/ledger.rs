//! Every call lands in the journal of its box, accepted or not.

use journal::{AnswerKind, Endpoint, Fact, KeyShown, ModelCall, Payer};
use wire::ModelWire;

use super::admission::Caller;
use crate::org::Org;
use crate::speech::Completion;

/// What is known of a call before it is answered.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The wire it came on.
    pub(crate) wire: ModelWire,
    /// The id it names, byte for byte; empty where it names none.
    pub(crate) model: String,
    /// Whether it asked for a stream.
    pub(crate) stream: bool,
}

/// What the answer holds.
pub(crate) fn kind_of(completion: &Completion) -> AnswerKind {
    match (completion.calls.is_empty(), completion.text.is_empty()) {
        (false, _) => AnswerKind::ToolUse,
        (true, false) => AnswerKind::Text,
        (true, true) => AnswerKind::Empty,
    }
}

/// Writes it down in the journal of the caller's org.
pub(crate) fn record(
    org: &Org,
    caller: &Caller,
    entry: Entry,
    endpoint: Endpoint,
    status: u16,
    answer: AnswerKind,
) {
    let is_good = (200..300).contains(&status);
    let payer = match (&endpoint, &caller.key) {
        (Endpoint::Proxy, KeyShown::UsageToken) if is_good => Some(Payer::Platform),
        (Endpoint::Vendor(_), KeyShown::OwnKey(_)) if is_good => Some(Payer::Vendor),
        _ => None,
    };
    org.journey.recorder.record(Fact::ModelCall(ModelCall {
        tenant: org.role,
        call: caller.mark.clone(),
        workspace: caller.agent_box.as_ref().map(|agent_box| agent_box.workspace.clone()),
        endpoint,
        wire: entry.wire,
        model: entry.model,
        key: caller.key.clone(),
        attribution: caller.attribution.clone(),
        stream: entry.stream,
        status,
        answer,
        payer,
    }));
}
