//! The closed sets that observations and findings speak in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whose tenant it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantRole {
    /// The tenant that the journey is about.
    Subject,
    /// A second tenant that nobody talks to and nothing may touch.
    Bystander,
}

/// How the mocked model behind the concierge behaves (scenarios/README.md, "The agent").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Persona {
    /// Types its habit, or what it would type unasked.
    Guesser,
    /// Leaves the model out.
    Omitter,
    /// Reads what the tool says of `model`, and obeys it.
    Reader,
    /// Answers a refusal by typing the same id once more.
    Stubborn,
}

impl Persona {
    /// Every persona.
    pub const ALL: [Self; 4] = [Self::Guesser, Self::Omitter, Self::Reader, Self::Stubborn];

    /// The word for it in scenarios.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guesser => "guesser",
            Self::Omitter => "omitter",
            Self::Reader => "reader",
            Self::Stubborn => "stubborn",
        }
    }
}

/// Who called whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hop {
    /// The person who signed up, to the control plane.
    UserToControlPlane,
    /// The person, to the tenant server.
    UserToPlatform,
    /// Our own look at the tenant server.
    ProbeToPlatform,
    /// The control plane, to the tenant server.
    ControlPlaneToPlatform,
    /// The tenant server, to the control plane.
    PlatformToControlPlane,
    /// A box, to the tenant server.
    BoxToPlatform,
    /// The tenant server, to a box.
    PlatformToBox,
    /// A box, to the model proxy.
    BoxToProxy,
}

impl Hop {
    /// In words, for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::UserToControlPlane => "user to control plane",
            Self::UserToPlatform => "user to platform",
            Self::ProbeToPlatform => "probe to platform",
            Self::ControlPlaneToPlatform => "control plane to platform",
            Self::PlatformToControlPlane => "platform to control plane",
            Self::BoxToPlatform => "box to platform",
            Self::PlatformToBox => "platform to box",
            Self::BoxToProxy => "box to model proxy",
        }
    }
}

/// Who pays for a model call, as observed on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// The call went to the platform's proxy with the tenant's usage token.
    Platform,
    /// The call went to a vendor with the tenant's own key.
    Vendor,
}

/// The layer in which a promise was broken, as far as the observations tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// The tenant's server itself: nothing works without it.
    Server,
    /// Sign-up: control plane and boot of the tenant.
    SignUp,
    /// The concierge and its tools.
    Concierge,
    /// The routes that make and show rows.
    Rows,
    /// Between an accepted create and the call to the control plane.
    Provisioning,
    /// The box and its environment.
    Box,
    /// The model proxy.
    Proxy,
    /// The way of a message to an agent and back.
    Messages,
    /// Deleting, and what is left.
    Teardown,
    /// The fakes around the platform: a route that they do not model.
    World,
}

impl Layer {
    /// In words, for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Server => "the tenant's server",
            Self::SignUp => "sign-up",
            Self::Concierge => "concierge and tools",
            Self::Rows => "workspace rows",
            Self::Provisioning => "provisioning",
            Self::Box => "box and its environment",
            Self::Proxy => "model proxy",
            Self::Messages => "messages",
            Self::Teardown => "teardown",
            Self::World => "routes that the world does not model",
        }
    }
}

/// The invariants, judged in every journey they apply to (defects §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum InvariantId {
    /// What became of an id is what the contract promises.
    #[serde(rename = "O-1")]
    O1,
    /// A refused create leaves no row, event, box or token.
    #[serde(rename = "O-2")]
    O2,
    /// A failed row says why, the same everywhere; a row that provisions has somebody at work.
    #[serde(rename = "O-3")]
    O3,
    /// Who pays for a box's calls is who the platform says.
    #[serde(rename = "O-4")]
    O4,
    /// A box calls the model that is stored, before and after each change.
    #[serde(rename = "O-5")]
    O5,
    /// Every row's ancestry ends at its own concierge.
    #[serde(rename = "O-6")]
    O6,
    /// At the first sight of online a question is answered, once.
    #[serde(rename = "O-7")]
    O7,
    /// What the agent tells its user of a member is what its row says.
    #[serde(rename = "O-9")]
    O9,
    /// A row's stored events tell the statuses that were seen.
    #[serde(rename = "O-11")]
    O11,
    /// A box has the variables of its kind, and none that it must not have.
    #[serde(rename = "O-12")]
    O12,
    /// After teardown nothing is left, and receipts match what was made.
    #[serde(rename = "O-13")]
    O13,
    /// Every id that the platform recommends is itself accepted.
    #[serde(rename = "O-15")]
    O15,
}

impl InvariantId {
    /// Every invariant that is judged.
    pub const ALL: [Self; 12] = [
        Self::O1,
        Self::O2,
        Self::O3,
        Self::O4,
        Self::O5,
        Self::O6,
        Self::O7,
        Self::O9,
        Self::O11,
        Self::O12,
        Self::O13,
        Self::O15,
    ];

    /// Its number in the catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::O1 => "O-1",
            Self::O2 => "O-2",
            Self::O3 => "O-3",
            Self::O4 => "O-4",
            Self::O5 => "O-5",
            Self::O6 => "O-6",
            Self::O7 => "O-7",
            Self::O9 => "O-9",
            Self::O11 => "O-11",
            Self::O12 => "O-12",
            Self::O13 => "O-13",
            Self::O15 => "O-15",
        }
    }

    /// The rule, as a sentence.
    pub fn rule(self) -> &'static str {
        match self {
            Self::O1 => "what becomes of an id is what the contract promises, by every entry",
            Self::O2 => "a refused create leaves no row, event, box or token",
            Self::O3 => {
                "a failed row says why, the same everywhere, and a row that provisions has somebody at work"
            }
            Self::O4 => "who pays for a box's calls is who the platform says",
            Self::O5 => "a box calls the model that is stored, before and after each change",
            Self::O6 => "every row's ancestry ends at its own concierge",
            Self::O7 => "at the first sight of online a question is answered, once",
            Self::O9 => "what the agent tells its user of a member is what its row says",
            Self::O11 => "a row's stored events tell the statuses that were seen, in order, by known names",
            Self::O12 => "a box has the variables of its kind, and none that it must not have",
            Self::O13 => "after teardown nothing is left, and receipts match what was made",
            Self::O15 => "every id that the platform recommends is itself accepted",
        }
    }
}
