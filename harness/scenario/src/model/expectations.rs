//! What is expected.

use std::time::Duration;

use contract::{Rule, Surface, Word};
use journal::Payer;
use wire::{Code, Status};

use crate::{Expression, Place, Placed, Template};

/// A wait.
#[derive(Clone, Debug)]
pub struct Eventually {
    /// Its bound.
    pub within: Duration,
    /// Settled statuses that may pass.
    pub through: Vec<Status>,
    /// All must hold at one moment.
    pub conditions: Vec<Condition>,
}

/// A window of time.
#[derive(Clone, Debug)]
pub struct Window {
    /// How long.
    pub window: Duration,
    /// What holds at a look where all of these do.
    pub conditions: Vec<Condition>,
}

/// What must hold now.
#[derive(Clone, Debug)]
pub struct Expect {
    /// All must hold.
    pub conditions: Vec<Condition>,
}

/// One thing that can hold, and where it is written.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Rows are like this.
    Team(Placed<TeamExpectation>),
    /// The model calls of some boxes.
    ModelCalls(Placed<ModelCallExpectation>),
    /// The attempts of the last act were refused.
    Refused(Placed<RefusedExpectation>),
    /// A tool's text states rules.
    ToolText(Placed<ToolTextExpectation>),
    /// An expression over the facts is true.
    That(Placed<Expression>),
    /// What became of every attempt of the last act is what the oracle predicts.
    AsPredicted(Place),
}

impl Condition {
    /// Where it is written.
    pub fn place(&self) -> Place {
        match self {
            Self::Team(team) => team.place,
            Self::ModelCalls(calls) => calls.place,
            Self::Refused(refused) => refused.place,
            Self::ToolText(text) => text.place,
            Self::That(that) => that.place,
            Self::AsPredicted(place) => *place,
        }
    }
}

/// What is expected of rows.
#[derive(Clone, Debug)]
pub enum TeamExpectation {
    /// Every member asked for so far is online.
    AllOnline,
    /// Each of these members' rows is like this.
    Rows(Vec<(Placed<String>, RowExpectation)>),
}

/// What is expected of one row.
#[derive(Clone, Debug, Default)]
pub struct RowExpectation {
    /// Its status.
    pub status: Option<Status>,
    /// The row above it.
    pub parent: Option<ParentExpected>,
    /// Its tier.
    pub tier: Option<i64>,
    /// Its runtime.
    pub runtime: Option<Template>,
}

/// Which row is expected above another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParentExpected {
    /// The tenant's concierge.
    Concierge,
}

/// What is expected of model calls. At least one call of each box must be there.
#[derive(Clone, Debug)]
pub struct ModelCallExpectation {
    /// Whose boxes.
    pub who: Who,
    /// Who paid for every call.
    pub payer: Option<Payer>,
    /// Which id every call named.
    pub model: Option<ModelExpected>,
    /// The axis `key`: every call carried that key.
    pub key: Option<Template>,
}

/// The id that a model call must name.
#[derive(Clone, Debug)]
pub enum ModelExpected {
    /// What `GET /workspaces/:id/model` says.
    AsStored,
    /// This one.
    This(Template),
}

/// Whose rows are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Every member asked for so far.
    Team,
    /// One member.
    Member(String),
}

/// A question to members.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Who is asked.
    pub who: Who,
}

/// Every attempt of the last act was refused: early, leaving nothing, or at provisioning.
#[derive(Clone, Debug)]
pub struct RefusedExpectation {
    /// The code; as promised where absent.
    pub code: Option<Code>,
    /// What the reason names.
    pub words: WordsExpected,
    /// Where the reason stands.
    pub surfaces: SurfacesExpected,
    /// The name under which code, alternative and place are kept.
    pub keep: Option<String>,
}

/// What a reason must name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordsExpected {
    /// What the contract promises for the place of refusal.
    AsPromised,
    /// These, whatever the contract says.
    These(Vec<Word>),
}

/// Where a reason must stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SurfacesExpected {
    /// Where the contract promises it for the place of refusal, less what the case can't have.
    AsPromised,
    /// Here, whatever the contract says.
    These(Vec<Surface>),
}

/// The text that the agent was sent states these rules.
#[derive(Clone, Debug)]
pub struct ToolTextExpectation {
    /// The tool.
    pub tool: String,
    /// Its argument.
    pub argument: String,
    /// The rules.
    pub states: Vec<Rule>,
}
