//! A checked scenario: what play and judge read.

use std::time::Duration;

use contract::Billing;
pub use document::{Place, Placed};
use journal::{Payer, Persona};
use wire::Status;

use crate::Template;
use crate::case::place_in;

/// A scenario whose every name is known and whose every reference leads somewhere.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its path without extension, unique.
    pub id: String,
    /// The file as it was named.
    pub file: String,
    /// Its text, for `run.json`.
    pub text: String,
    /// A sentence.
    pub title: String,
    /// The incident or the risk behind it.
    pub why: String,
    /// Free words; some have meaning.
    pub tags: Vec<String>,
    /// The world it begins with.
    pub given: Given,
    /// What varies.
    pub vary: Vary,
    /// Acts and expectations, in order.
    pub steps: Vec<Step>,
    /// Where the title stands.
    pub place: Place,
}

impl Scenario {
    /// A place of this file, as findings name it.
    pub fn place(&self, place: Place) -> journal::Place {
        place_in(&self.file, place)
    }

    /// True where the scenario carries this tag.
    pub fn is_tagged(&self, tag: &str) -> bool {
        self.tags.iter().any(|own| own == tag)
    }

    /// Every member that some turn of the user asks for, once, in order.
    pub fn members(&self) -> Vec<&str> {
        let mut members: Vec<&str> = Vec::new();
        for step in &self.steps {
            if let Verb::UserSays(says) = &step.verb {
                for member in &says.members {
                    if !members.contains(&member.as_str()) {
                        members.push(member);
                    }
                }
            }
        }
        members
    }
}

/// The world that a scenario begins with.
#[derive(Clone, Debug)]
pub struct Given {
    /// Whether a second tenant is there.
    pub bystander: bool,
    /// The mocked model behind the concierge.
    pub agent: Agent,
}

/// The mocked model behind the concierge.
#[derive(Clone, Debug)]
pub struct Agent {
    /// A persona's name, or the axis `persona`.
    pub persona: Template,
    /// The id that it would reach for unasked.
    pub would_type: Option<Template>,
}

impl Agent {
    /// The persona of one case.
    pub fn persona(&self, bindings: &crate::Bindings) -> Persona {
        let name = self.persona.text(bindings);
        let found = Persona::ALL.into_iter().find(|persona| Some(persona.as_str()) == name.as_deref());
        found.unwrap_or(Persona::Guesser)
    }
}

/// The axes of a scenario.
#[derive(Clone, Debug, Default)]
pub struct Vary {
    /// Runtimes.
    pub runtime: Option<RuntimeValues>,
    /// Model ids.
    pub model: Option<ModelValues>,
    /// Personas.
    pub persona: Vec<Persona>,
}

/// Which runtimes are played.
#[derive(Clone, Debug)]
pub enum RuntimeValues {
    /// These.
    These(Vec<String>),
    /// Every runtime of the registry that the platform knows.
    Any,
}

/// Which model ids are played.
#[derive(Clone, Debug)]
pub enum ModelValues {
    /// These; `None` stands for an absent field.
    These(Vec<Option<String>>),
    /// Up to `count` ids drawn from those that the runtime's arms of this billing list.
    Drawn {
        /// Whose arms.
        billing: Billing,
        /// At most so many, for each combination of the axes before.
        count: usize,
    },
}

/// One step and where it stands.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where its verb stands.
    pub place: Place,
    /// What it does or expects.
    pub verb: Verb,
}

/// What a step does or expects.
#[derive(Clone, Debug)]
pub enum Verb {
    /// One chat turn to the concierge.
    UserSays(UserSays),
    /// A wait until something holds.
    Eventually(Eventually),
    /// Something that must hold all the time.
    Stays(Window),
    /// Something that must not hold at any time.
    Never(Window),
    /// A question that only a working agent can answer.
    Ask(Ask),
    /// Something that must hold now.
    Expect(Expect),
}

impl Verb {
    /// The verb as it is written.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UserSays(_) => "user_says",
            Self::Eventually(_) => "eventually",
            Self::Stays(_) => "stays",
            Self::Never(_) => "never",
            Self::Ask(_) => "ask",
            Self::Expect(_) => "expect",
        }
    }
}

/// One chat turn to the concierge.
#[derive(Clone, Debug)]
pub struct UserSays {
    /// What the user begins with.
    pub text: Template,
    /// The members asked for.
    pub members: Vec<String>,
    /// The runtime that the user names.
    pub runtime: Option<Template>,
    /// The model that the user wishes for.
    pub model: Option<Template>,
}

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
    /// Every requested member is online.
    Team(Placed<TeamExpectation>),
    /// The model calls of some boxes.
    ModelCalls(Placed<ModelCallExpectation>),
}

impl Condition {
    /// Where it is written.
    pub fn place(&self) -> Place {
        match self {
            Self::Team(team) => team.place,
            Self::ModelCalls(calls) => calls.place,
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
