//! One observation: when, and what.

use serde::{Deserialize, Serialize};

use crate::{
    Asked, BillingModeSet, BoxRegistered, BoxStarted, BoxStopped, Census, EntryCall, EventsSeen, Exchange,
    ModelCall, OfferedSeen, Receipt, RowSeen, SecretWritten, ServerSaid, SignedUp, StepBegan, StepEnded,
    StoredModelSeen, ToolCall, ToolList, Trouble, Turn, Unmodelled, WaitSeen,
};

/// A fact with its place in the journey's one order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// From 1, without gaps.
    pub seq: u64,
    /// Milliseconds since the journey began.
    pub at_ms: u64,
    /// What was seen.
    pub fact: Fact,
}

/// What can be seen in a journey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A tenant came up, with its concierge.
    SignedUp(SignedUp),
    /// A step of the scenario began.
    StepBegan(StepBegan),
    /// A wait ended.
    Wait(WaitSeen),
    /// A step ended.
    StepEnded(StepEnded),
    /// An HTTP exchange.
    Exchange(Exchange),
    /// A call to a route that a fake does not model.
    Unmodelled(Unmodelled),
    /// A chat turn of the user with its answer.
    Turn(Turn),
    /// The tools that the concierge was shown.
    ToolList(ToolList),
    /// A tool call of the concierge with its result.
    ToolCall(ToolCall),
    /// A model call of a box.
    ModelCall(ModelCall),
    /// The control plane started a box.
    BoxStarted(BoxStarted),
    /// A box tried to register.
    BoxRegistered(BoxRegistered),
    /// The control plane stopped a box.
    BoxStopped(BoxStopped),
    /// A row, seen anew or changed.
    Row(RowSeen),
    /// The stored events of a row.
    Events(EventsSeen),
    /// The stored model of a row.
    StoredModel(StoredModelSeen),
    /// An id came in by a scripted entry.
    EntryCall(EntryCall),
    /// A key was written.
    SecretWritten(SecretWritten),
    /// A billing mode was set.
    BillingModeSet(BillingModeSet),
    /// The platform's own list of ids.
    Offered(OfferedSeen),
    /// A question with its answer.
    Asked(Asked),
    /// All rows and boxes of a tenant at one moment.
    Census(Census),
    /// The answer to a delete.
    Receipt(Receipt),
    /// What a tenant's server said by itself, and how it ended where nobody had told it to.
    ServerSaid(ServerSaid),
    /// Something of ours went wrong.
    Trouble(Trouble),
}
