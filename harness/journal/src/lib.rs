//! What was seen, what we think of it, and the append-only record of both.
//!
//! Play and the world produce observations through a [`Recorder`]; the judge reads them and produces findings and a
//! verdict; reports read the journal alone. A journal is JSON lines: one [`Line::Opened`], many [`Line::Seen`], and
//! one [`Line::Judged`] at the end. A journal without its last line is a journey that was cut off.
//!
//! To add an observation: a struct beside its kin (`http`, `conversation`, `model_call`, `boxes`, `row`, `server`,
//! `step`), a
//! variant of [`Fact`], and the place in the world or in play that records it. Facts carry no opinion.

mod boxes;
mod conversation;
mod counts;
mod entry_call;
mod enums;
mod fact;
mod finding;
mod form;
mod http;
mod line;
mod model_call;
mod place;
mod reader;
mod recorder;
mod redact;
mod refusals;
mod row;
mod run;
mod server;
mod step;
mod stream;
mod verdict;

pub use boxes::{BoxRegistered, BoxStarted, BoxStopped};
pub use conversation::{AskReason, Asked, ToolCall, ToolDescription, ToolList, Turn, TurnReply};
pub use counts::Counts;
pub use entry_call::{
    BillingModeSet, EntryCall, EntryStep, KeyScope, OfferedModel, OfferedSeen, SecretWritten,
};
pub use enums::{Hop, InvariantId, Layer, Payer, Persona, TenantRole};
pub use fact::{Fact, Observation};
pub use finding::{Finding, FindingKind, StatusSeen};
pub use form::FormLabel;
pub use http::{Exchange, Unmodelled};
pub use line::{Line, Opened};
pub use model_call::{AnswerKind, Endpoint, KeyShown, ModelCall};
pub use place::Place;
pub use reader::{Journal, ReadError};
pub use recorder::{MAX_FACTS, Recorder};
pub use redact::{CUT_MARK, Redactor};
pub use refusals::Refusals;
pub use row::{Census, CensusMoment, EventsSeen, Receipt, Row, RowSeen, RowSource, StoredModelSeen};
pub use run::{
    CaseValue, FormsOffered, GENERATOR_VERSION, GateRecord, JOURNAL_FORMAT, JourneyId, KeptFate, KeptRecord,
    LeftOut, MinimalRecord, PlannedJourney, RunRecord, ScenarioText, Skipped, TextRecord,
};
pub use server::{ServerSaid, ServerWords};
pub use step::{SignedUp, StepBegan, StepEnded, Trouble, WaitOutcome, WaitSeen};
pub use stream::Streams;
pub use verdict::{Check, CheckOutcome, CheckSubject, Judged, Verdict};
