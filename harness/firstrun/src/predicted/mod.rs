//! `firstrun predict` without the command line: what is asked, what the oracle says of it, and how that is told.
//!
//! `words` reads typed words into an [`Asked`], `notes` says what of it looks like a slip, `json` and `text` tell the
//! outcome. Everything here is a pure function.

mod json;
mod notes;
mod text;
mod words;

pub use json::prediction_as_json;
pub(crate) use notes::notes;
pub(crate) use text::text;
pub(crate) use words::{Misused, entry, keys};

use contract::Entry;
use oracle::{GivenKey, Manifest, Prediction, Question, Scope};

use crate::load::Loaded;

/// One id that comes in, as it was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The runtime; `None` where none is named.
    pub runtime: Option<String>,
    /// The id; `None` where the field is left out.
    pub model: Option<String>,
    /// The keys that are given.
    pub keys: Vec<KeyAsked>,
    /// How the id comes in.
    pub entry: Entry,
    /// Whether the server has a model proxy.
    pub proxy_wired: bool,
    /// Whether the server can read its manifest of runtimes.
    pub manifest: Manifest,
}

/// A key that is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyAsked {
    /// The name of its variable.
    pub name: String,
    /// Where it stands.
    pub scope: Scope,
    /// True where its value is empty or white space.
    pub is_blank: bool,
}

impl Asked {
    /// What a platform of the judged contract must answer. Its environment names the default model that every platform
    /// of a run is booted with, so that this is what a run would judge.
    pub fn predict(&self, loaded: &Loaded) -> Prediction {
        let keys: Vec<GivenKey<'_>> = self
            .keys
            .iter()
            .map(|key| GivenKey { name: &key.name, scope: key.scope, is_blank: key.is_blank })
            .collect();
        let question = Question {
            runtime: self.runtime.as_deref().unwrap_or_default(),
            model: self.model.as_deref(),
            keys: &keys,
            entry: self.entry,
            proxy_wired: self.proxy_wired,
            // Of no effect where the contract says that the variable is ignored.
            default_model: scenario::server_default_model(&loaded.oracle, &loaded.contract),
        };
        loaded.oracle.predict_with(self.manifest, &loaded.contract, &question)
    }
}
