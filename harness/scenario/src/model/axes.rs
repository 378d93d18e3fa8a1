//! What varies.

use contract::{Billing, Entry};
use journal::{FormLabel, KeyScope, Payer, Persona};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::KeyGiven;

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
    /// Axes of the author's own, by name, in the order of the file.
    pub values: Vec<(String, Vec<Value>)>,
}

impl Vary {
    /// The names of the axes that are there.
    pub fn axes(&self) -> Vec<String> {
        let known = [
            ("runtime", self.runtime.is_some()),
            ("entry", !self.entry.is_empty()),
            ("key", self.key.is_some()),
            ("model", self.model.is_some()),
            ("persona", !self.persona.is_empty()),
        ];
        let known = known.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name.to_owned());
        known.chain(self.values.iter().map(|(name, _)| name.clone())).collect()
    }
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
pub enum KeyAxis {
    /// By what they have to do with the id.
    Drawn {
        /// What the key has to do with the id.
        kinds: Vec<KeyKind>,
        /// Where it stands; no matter for [`KeyKind::None`], which counts once.
        scopes: Vec<KeyScope>,
    },
    /// These; `None` stands for no key.
    These(Vec<Option<KeyGiven>>),
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
    /// Up to `count` ids.
    Drawn {
        /// From what.
        from: DrawnFrom,
        /// At most so many, for each combination of the axes before.
        count: usize,
        /// What the oracle must predict of them.
        filter: Filter,
    },
}

/// What ids are drawn from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DrawnFrom {
    /// What the runtime's arms of this billing own.
    Arm(Billing),
    /// What the grammar holds of these forms.
    Forms(Vec<FormLabel>),
    /// The whole grammar.
    AnyForm,
}

impl DrawnFrom {
    /// Whether a form is meant.
    pub(crate) fn wants(&self, label: FormLabel) -> bool {
        match self {
            Self::Arm(_) => false,
            Self::Forms(forms) => forms.contains(&label),
            Self::AnyForm => true,
        }
    }
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
