//! What kind of promise was broken, in words.

use journal::FindingKind;

/// The kind of a finding as a sentence without its subject.
pub(crate) fn kind_in_words(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::RowDiffers => "a row is not as expected",
        FindingKind::SettledOtherwise => "a row settled in a status that excludes the expected one",
        FindingKind::RowMissing => "an expected row does not exist",
        FindingKind::DidNotStay => "what had to stay did not",
        FindingKind::HeldThoughNever => "what was never to hold did",
        FindingKind::ActFailed => "a scripted act was answered with an error of the server",
        FindingKind::NotRefused => "what had to be refused was not",
        FindingKind::RefusedElsewhere => "it was refused in another place than promised",
        FindingKind::CodeDiffers => "a refusal carries another code than it must",
        FindingKind::NotSurfaced => "the reason did not reach those who must read it",
        FindingKind::ReasonLacksWord => "a reason does not name what it must",
        FindingKind::ToolTextLacksRule => "a tool's text does not state a rule",
        FindingKind::ExpressionFailed => "an expression is not true, or could not be evaluated",
        FindingKind::TurnUnanswered => "the user's turn brought no answer",
        FindingKind::ModelCallDiffers => "a model call is missing or not as expected",
        FindingKind::VerdictDiffers => "an id was treated otherwise than the contract promises",
        FindingKind::ClaimDiffers => "the agent told its user something else than the row says",
        FindingKind::EventsDiffer => "the stored events do not tell what the row went through",
        FindingKind::EnvironmentDiffers => {
            "a box lacks a variable of its kind, or has one that it must not have"
        }
        FindingKind::AdviceRefused => "an id that the platform recommends is not accepted",
        FindingKind::RefusalLeftTrace => "a refused create left something behind",
        FindingKind::ReasonMissing => "a failed row gives no reason",
        FindingKind::ReasonDiffers => "the reason differs between places",
        FindingKind::CodeMissing => "a failure carries no code",
        FindingKind::NobodyAtWork => "a row provisions and nobody was asked to start its box",
        FindingKind::OutsideTheTree => "a row stands outside its concierge's tree",
        FindingKind::Unanswered => "an online agent gave no answer",
        FindingKind::EmptyAnswer => "an online agent's empty answer was passed on as good",
        FindingKind::WrongAnswer => "an online agent's answer lacks what a working model knows",
        FindingKind::DeliveredTwice => "one question was handed to an agent more than once",
        FindingKind::Leftover => "a row or box is there that nobody asked for",
        FindingKind::LeftAfterTeardown => "something is left after teardown",
        FindingKind::DeleteUnproven => "a read did not confirm a delete",
        FindingKind::BystanderTouched => "the bystander's tenant was touched",
        FindingKind::UnmodelledRoute => "the platform called a route that the world does not model",
        FindingKind::RegisterRefused => "the first register of a box was refused",
        FindingKind::ServerEnded => "a server ended though nobody had told it to",
    }
}
