//! A broken expectation or invariant, with what proves it.

use serde::{Deserialize, Serialize};

use crate::{InvariantId, Layer, Place};

/// What kind of promise was broken. Closed, so that every kind can have a scenario that shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A row was not as the step expects.
    RowDiffers,
    /// A row settled in a status that excludes the expected one.
    SettledOtherwise,
    /// A row that was expected does not exist.
    RowMissing,
    /// What had to stay did not.
    DidNotStay,
    /// What was never to hold did.
    HeldThoughNever,
    /// A scripted act was answered with a 5xx.
    ActFailed,
    /// What had to be refused was not.
    NotRefused,
    /// It was refused in another place than the contract promises.
    RefusedElsewhere,
    /// A refusal carries another code, or none.
    CodeDiffers,
    /// A reason did not reach a place where it must be read.
    NotSurfaced,
    /// A reason does not name what it must.
    ReasonLacksWord,
    /// A tool's text does not state a rule.
    ToolTextLacksRule,
    /// An expression of a step is not true, or could not be evaluated.
    ExpressionFailed,
    /// The user's turn brought no answer.
    TurnUnanswered,
    /// A model call was not as expected, or there was none.
    ModelCallDiffers,
    /// An id was treated otherwise than the contract promises.
    VerdictDiffers,
    /// The agent told its user something else than the row says.
    ClaimDiffers,
    /// The stored events do not tell what the row went through.
    EventsDiffer,
    /// A box lacks a variable that it needs, or has one that it must not have.
    EnvironmentDiffers,
    /// An id that the platform recommends is not accepted.
    AdviceRefused,
    /// A refused create left something behind.
    RefusalLeftTrace,
    /// A failed row gives no reason somewhere.
    ReasonMissing,
    /// The reason differs between places.
    ReasonDiffers,
    /// A failure carries no code.
    CodeMissing,
    /// A row provisions and nobody was asked to start its box.
    NobodyAtWork,
    /// A row stands outside its concierge's tree.
    OutsideTheTree,
    /// An online agent gave no answer.
    Unanswered,
    /// An online agent gave an empty answer that the platform passed on as good.
    EmptyAnswer,
    /// An online agent answered without the word that only a working model knows.
    WrongAnswer,
    /// One question was handed to the agent more than once.
    DeliveredTwice,
    /// A row or box that nobody asked for, or an older one of a member.
    Leftover,
    /// Something is left after teardown.
    LeftAfterTeardown,
    /// A delete was not confirmed by a read.
    DeleteUnproven,
    /// The bystander's tenant was touched.
    BystanderTouched,
    /// The platform called a route that the world does not model.
    UnmodelledRoute,
    /// The first register of a box was refused.
    RegisterRefused,
    /// A tenant's server ended though nobody had told it to.
    ServerEnded,
}

impl FindingKind {
    /// Every kind, in the order of the enum.
    pub const ALL: [Self; 37] = [
        Self::RowDiffers,
        Self::SettledOtherwise,
        Self::RowMissing,
        Self::DidNotStay,
        Self::HeldThoughNever,
        Self::ActFailed,
        Self::NotRefused,
        Self::RefusedElsewhere,
        Self::CodeDiffers,
        Self::NotSurfaced,
        Self::ReasonLacksWord,
        Self::ToolTextLacksRule,
        Self::ExpressionFailed,
        Self::TurnUnanswered,
        Self::ModelCallDiffers,
        Self::VerdictDiffers,
        Self::ClaimDiffers,
        Self::EventsDiffer,
        Self::EnvironmentDiffers,
        Self::AdviceRefused,
        Self::RefusalLeftTrace,
        Self::ReasonMissing,
        Self::ReasonDiffers,
        Self::CodeMissing,
        Self::NobodyAtWork,
        Self::OutsideTheTree,
        Self::Unanswered,
        Self::EmptyAnswer,
        Self::WrongAnswer,
        Self::DeliveredTwice,
        Self::Leftover,
        Self::LeftAfterTeardown,
        Self::DeleteUnproven,
        Self::BystanderTouched,
        Self::UnmodelledRoute,
        Self::RegisterRefused,
        Self::ServerEnded,
    ];

    /// The name it has in reports and lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RowDiffers => "row_differs",
            Self::SettledOtherwise => "settled_otherwise",
            Self::RowMissing => "row_missing",
            Self::DidNotStay => "did_not_stay",
            Self::HeldThoughNever => "held_though_never",
            Self::ActFailed => "act_failed",
            Self::NotRefused => "not_refused",
            Self::RefusedElsewhere => "refused_elsewhere",
            Self::CodeDiffers => "code_differs",
            Self::NotSurfaced => "not_surfaced",
            Self::ReasonLacksWord => "reason_lacks_word",
            Self::ToolTextLacksRule => "tool_text_lacks_rule",
            Self::ExpressionFailed => "expression_failed",
            Self::TurnUnanswered => "turn_unanswered",
            Self::ModelCallDiffers => "model_call_differs",
            Self::VerdictDiffers => "verdict_differs",
            Self::ClaimDiffers => "claim_differs",
            Self::EventsDiffer => "events_differ",
            Self::EnvironmentDiffers => "environment_differs",
            Self::AdviceRefused => "advice_refused",
            Self::RefusalLeftTrace => "refusal_left_trace",
            Self::ReasonMissing => "reason_missing",
            Self::ReasonDiffers => "reason_differs",
            Self::CodeMissing => "code_missing",
            Self::NobodyAtWork => "nobody_at_work",
            Self::OutsideTheTree => "outside_the_tree",
            Self::Unanswered => "unanswered",
            Self::EmptyAnswer => "empty_answer",
            Self::WrongAnswer => "wrong_answer",
            Self::DeliveredTwice => "delivered_twice",
            Self::Leftover => "leftover",
            Self::LeftAfterTeardown => "left_after_teardown",
            Self::DeleteUnproven => "delete_unproven",
            Self::BystanderTouched => "bystander_touched",
            Self::UnmodelledRoute => "unmodelled_route",
            Self::RegisterRefused => "register_refused",
            Self::ServerEnded => "server_ended",
        }
    }
}

/// One broken promise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of promise.
    pub kind: FindingKind,
    /// The invariant it breaks; absent for an expectation of a step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invariant: Option<InvariantId>,
    /// The step or, for an invariant, the scenario's first line.
    pub at: Place,
    /// The member or row it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What was promised.
    pub expected: String,
    /// What was seen instead.
    pub seen: String,
    /// The statuses that the row went through, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<StatusSeen>,
    /// The observations that prove it, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<u64>,
    /// The layer in which it broke, as far as the observations tell.
    pub layer: Layer,
}

/// A status and when it was first seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusSeen {
    /// As written by the platform.
    pub status: String,
    /// Milliseconds since the journey began.
    pub at_ms: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_written_as_its_name() {
        for kind in FindingKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), serde_json::json!(kind.as_str()));
        }
    }

    /// The reader's complaint about an unknown name lists every name that it knows.
    #[test]
    fn no_kind_is_left_out_of_the_list_of_all() {
        let complaint = serde_json::from_str::<FindingKind>("\"no such kind\"").unwrap_err().to_string();
        let known: Vec<&str> = complaint.split('`').skip(3).step_by(2).collect();
        assert_eq!(FindingKind::ALL.map(FindingKind::as_str).to_vec(), known);
    }
}
