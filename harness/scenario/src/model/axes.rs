//! What varies.

use contract::{Billing, Entry};
use journal::{KeyScope, Payer, Persona};
use schemars::JsonSchema;
use serde::Deserialize;

/// The axes of a scenario.
#[derive(Clone, Debug, Default)]
pub struct Vary {
    /// Runtimes.
    pub runtime: Option<RuntimeValues>,
    /// How the id comes in.
    pub entry: Vec<Entry>,
    /// Which key is there, and where.
    pub key: Option<KeyAxis>,
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

/// Which keys are there, and where.
#[derive(Clone, Debug)]
pub struct KeyAxis {
    /// What the key has to do with the id.
    pub kinds: Vec<KeyKind>,
    /// Where it stands; no matter for [`KeyKind::None`], which counts once.
    pub scopes: Vec<KeyScope>,
}

/// What a key has to do with the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// There is none.
    None,
    /// An arm that owns the id accepts it. Left out for platform ids.
    Matching,
    /// A vendor's name that no arm which owns the id accepts.
    Unrelated,
}

impl KeyKind {
    /// The word for it in scenarios.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Matching => "matching",
            Self::Unrelated => "unrelated",
        }
    }
}

/// Which model ids are played.
#[derive(Clone, Debug)]
pub enum ModelValues {
    /// These; `None` stands for an absent field.
    These(Vec<Option<String>>),
    /// Up to `count` ids that the runtime's arms of this billing own.
    Drawn {
        /// Whose arms.
        billing: Billing,
        /// At most so many, for each combination of the axes before.
        count: usize,
        /// What the oracle must predict of them.
        filter: Filter,
    },
}

/// What the oracle must predict of a drawn id. Absent: no matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// That it is refused, early or at provisioning, or that it is not.
    pub refused: Option<bool>,
    /// That the model answers, or does not.
    pub answers: Option<bool>,
    /// Who pays.
    pub payer: Option<Payer>,
}
