//! The ways by which a model id comes in.

use document::{Place, Placed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an id comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// The management tool `provision_workspace`.
    Tool,
    /// `POST /workspaces`.
    Create,
    /// `POST /org/import`.
    Import,
    /// `PUT /workspaces/:id/model`.
    PutModel,
    /// `POST /workspaces/:id/restart`.
    Restart,
}

impl Entry {
    /// Every entry.
    pub const ALL: [Self; 5] = [Self::Tool, Self::Create, Self::Import, Self::PutModel, Self::Restart];

    /// The word for it in scenarios.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tool => "tool",
            Self::Create => "create",
            Self::Import => "import",
            Self::PutModel => "put_model",
            Self::Restart => "restart",
        }
    }

    /// The entry of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entry| entry.as_str() == word)
    }
}

/// One value for each entry, each with its place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerEntry<T> {
    /// For [`Entry::Tool`].
    pub tool: Placed<T>,
    /// For [`Entry::Create`].
    pub create: Placed<T>,
    /// For [`Entry::Import`].
    pub import: Placed<T>,
    /// For [`Entry::PutModel`].
    pub put_model: Placed<T>,
    /// For [`Entry::Restart`].
    pub restart: Placed<T>,
}

impl<T> PerEntry<T> {
    /// The value for this entry.
    pub fn of(&self, entry: Entry) -> &T {
        &self.placed(entry).value
    }

    /// Where the value for this entry stands.
    pub fn place_of(&self, entry: Entry) -> Place {
        self.placed(entry).place
    }

    fn placed(&self, entry: Entry) -> &Placed<T> {
        match entry {
            Entry::Tool => &self.tool,
            Entry::Create => &self.create,
            Entry::Import => &self.import,
            Entry::PutModel => &self.put_model,
            Entry::Restart => &self.restart,
        }
    }
}
