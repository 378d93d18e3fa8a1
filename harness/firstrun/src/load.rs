//! Contract, registry and oracle of a run.

use std::sync::Arc;

use contract::{
    BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, Contract, LoadError, Registry, load_contract, load_registry,
};
use document::Source;
use journal::TextRecord;
use oracle::{Oracle, OracleError};
use scenario::Surroundings;

/// The contract that is judged where none is named.
const DEFAULT_CONTRACT: &str = "as-designed";

/// Contract, registry and oracle of a run, with the texts they came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The promises.
    pub contract: Arc<Contract>,
    /// Their text.
    pub contract_text: TextRecord,
    /// Whose id is whose.
    pub registry: Arc<Registry>,
    /// Its text.
    pub registry_text: TextRecord,
    /// What ids resolve to.
    pub oracle: Oracle,
}

/// Why a run's contract or registry can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// A text is not valid.
    #[error("{0}")]
    Text(#[from] LoadError),
    /// The registry can't be resolved against.
    #[error("resolve against the registry: {0}")]
    Oracle(#[from] OracleError),
    /// The contract names a registry that is not compiled in.
    #[error("the contract `{contract}` names the unknown registry `{registry}`")]
    NoRegistry {
        /// The contract.
        contract: String,
        /// The registry that it names.
        registry: String,
    },
}

impl Loaded {
    /// The default contract with its registry.
    ///
    /// # Errors
    /// Where a text that is compiled in is not valid.
    pub fn builtin() -> Result<Self, SetUpError> {
        let contract = text_of(&BUILTIN_CONTRACTS, DEFAULT_CONTRACT).ok_or_else(|| {
            SetUpError::NoRegistry { contract: DEFAULT_CONTRACT.into(), registry: String::new() }
        })?;
        let parsed = load_contract(&source(&contract))?;
        let registry = text_of(&BUILTIN_REGISTRIES, &parsed.registry).ok_or_else(|| {
            SetUpError::NoRegistry { contract: parsed.name.clone(), registry: parsed.registry.clone() }
        })?;
        Self::from_texts(contract, registry)
    }

    /// A contract and a registry by their texts, as `run.json` keeps them.
    ///
    /// # Errors
    /// Where a text is not valid.
    pub fn from_texts(contract_text: TextRecord, registry_text: TextRecord) -> Result<Self, SetUpError> {
        let contract = Arc::new(load_contract(&source(&contract_text))?);
        let registry = Arc::new(load_registry(&source(&registry_text))?);
        let oracle = Oracle::new(registry.clone())?;
        Ok(Self { contract, contract_text, registry, registry_text, oracle })
    }

    /// What scenarios are checked against.
    pub fn around(&self) -> Surroundings<'_> {
        Surroundings { contract: &self.contract, registry: &self.registry }
    }
}

fn text_of(builtin: &[(&str, &str)], name: &str) -> Option<TextRecord> {
    let (name, text) = builtin.iter().find(|(known, _)| *known == name)?;
    Some(TextRecord { name: (*name).to_owned(), text: (*text).to_owned() })
}

fn source(text: &TextRecord) -> Source {
    Source::new(text.name.clone(), text.text.clone())
}
