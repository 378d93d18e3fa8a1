//! Contracts, registry and oracle of a run.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use contract::{
    BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, Contract, LoadError, Registry, StackLimits, load_contract,
    load_registry, registry_fits,
};
use document::{Problem, Source};
use journal::TextRecord;
use oracle::{Oracle, OracleError};
use scenario::Surroundings;
use stack::StackFile;

use crate::stacks::ChosenStack;

/// The contract that is judged where none is named.
const DEFAULT_CONTRACT: &str = "as-designed";

/// A larger file is no contract and no registry (the reader's own limit, asked before reading).
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Contracts, registry and oracle of a run, with the texts they came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The promises that are judged.
    pub contract: Arc<Contract>,
    /// Their text.
    pub contract_text: TextRecord,
    /// The promises that the embedded platform obeys.
    pub platform_contract: Arc<Contract>,
    /// Their text.
    pub platform_contract_text: TextRecord,
    /// Whose id is whose, for platform, proxy and oracle alike.
    pub registry: Arc<Registry>,
    /// Its text.
    pub registry_text: TextRecord,
    /// What ids resolve to, and what is predicted of them.
    pub oracle: Oracle,
    /// What the stack of the run can't do.
    pub limits: StackLimits,
}

/// Which contracts and which registry; names of built-in ones, or files.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Whose promises are judged; the default where absent.
    pub contract: Option<String>,
    /// What the embedded platform obeys; the judged one where absent.
    pub platform_contract: Option<String>,
    /// Whose ids; the judged contract's own where absent.
    pub registry: Option<String>,
}

/// Why a run's contracts or registry can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// A text is not valid.
    #[error("{0}")]
    Text(#[from] LoadError),
    /// The registry can't be resolved against.
    #[error("resolve against the registry: {0}")]
    Oracle(#[from] OracleError),
    /// A name is none of the built-in ones and no file.
    #[error("{}", .0.render())]
    Unknown(Problem),
    /// A contract names what the registry does not serve.
    #[error("{}", document::render_all(.0))]
    Unfit(Vec<Problem>),
}

impl Loaded {
    /// The default contract with its registry.
    ///
    /// # Errors
    /// Where a text that is compiled in is not valid.
    pub fn builtin() -> Result<Self, SetUpError> {
        Self::of(&Choice::default())
    }

    /// The contracts and the registry that were chosen.
    ///
    /// # Errors
    /// An unknown name, an unreadable file, or a text that is not valid.
    pub fn of(choice: &Choice) -> Result<Self, SetUpError> {
        let name = choice.contract.as_deref().unwrap_or(DEFAULT_CONTRACT);
        let contract = find_text("contract", &BUILTIN_CONTRACTS, name)?;
        let platform = match &choice.platform_contract {
            None => contract.clone(),
            Some(name) => find_text("contract", &BUILTIN_CONTRACTS, name)?,
        };
        let registry = match &choice.registry {
            Some(name) => find_text("registry", &BUILTIN_REGISTRIES, name)?,
            None => registry_of(&source(&contract))?,
        };
        Self::from_texts(contract, platform, registry)
    }

    /// Contracts and a registry by their texts, as `run.json` keeps them.
    ///
    /// # Errors
    /// Where a text is not valid, or a contract does not fit the registry.
    pub fn from_texts(
        contract_text: TextRecord,
        platform_contract_text: TextRecord,
        registry_text: TextRecord,
    ) -> Result<Self, SetUpError> {
        let registry = Arc::new(load_registry(&source(&registry_text))?);
        let contract = Arc::new(load_contract(&source(&contract_text))?.beside(&registry));
        let platform_contract = Arc::new(load_contract(&source(&platform_contract_text))?.beside(&registry));
        let mut unfit = registry_fits(&source(&contract_text), &contract, &registry);
        if platform_contract_text.text != contract_text.text {
            unfit.extend(registry_fits(&source(&platform_contract_text), &platform_contract, &registry));
        }
        if !unfit.is_empty() {
            return Err(SetUpError::Unfit(unfit));
        }
        let oracle = Oracle::new(registry.clone())?;
        Ok(Self {
            contract,
            contract_text,
            platform_contract,
            platform_contract_text,
            registry,
            registry_text,
            oracle,
            limits: StackLimits::NONE.clone(),
        })
    }

    /// The same for a run on a stack, which may be able to do less.
    #[must_use]
    pub fn on(mut self, stack: &ChosenStack) -> Self {
        let StackFile { has_manifest, runtimes, lacks, .. } = &stack.file;
        self.limits = StackLimits {
            stack: stack.file.name.clone(),
            lacks: lacks.clone(),
            unknown_runtimes: self.contract.known_runtimes.unknown_to(*has_manifest, runtimes.as_deref()),
        };
        self
    }

    /// What scenarios are checked against.
    pub fn around(&self) -> Surroundings<'_> {
        Surroundings { contract: &self.contract, registry: &self.registry, limits: &self.limits }
    }
}

/// The registry that a contract names.
fn registry_of(contract: &Source) -> Result<TextRecord, SetUpError> {
    let named = load_contract(contract)?.registry;
    find_text("registry", &BUILTIN_REGISTRIES, &named).map_err(|error| match error {
        SetUpError::Unknown(Problem { message, hint, .. }) => {
            let problem =
                Problem::at(contract, named.place, format!("registry `{}`: {message}", named.value));
            SetUpError::Unknown(match hint {
                Some(hint) => problem.with_hint(hint),
                None => problem,
            })
        }
        other => other,
    })
}

/// A built-in text by its name, or a file.
pub(crate) fn find_text(what: &str, builtin: &[(&str, &str)], name: &str) -> Result<TextRecord, SetUpError> {
    if let Some((name, text)) = builtin.iter().find(|(known, _)| *known == name) {
        return Ok(TextRecord { name: (*name).to_owned(), text: (*text).to_owned() });
    }
    if Path::new(name).is_file() {
        return Ok(TextRecord { name: name.to_owned(), text: read(name)? });
    }
    let names: Vec<&str> = builtin.iter().map(|(known, _)| *known).collect();
    let hint = match document::near(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("name a file, or one of {}", names.join(", ")),
    };
    let problem = Problem::in_file(name, format!("there is no {what} of this name, and no such file"));
    Err(SetUpError::Unknown(problem.with_hint(hint)))
}

/// The text of a file, within the bound.
pub(crate) fn read(name: &str) -> Result<String, SetUpError> {
    let unreadable = |error: std::io::Error| {
        SetUpError::Unknown(Problem::in_file(name, format!("it can't be read: {error}")))
    };
    let file = std::fs::File::open(name).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let source = Source::from_utf8(name, bytes).map_err(SetUpError::Unknown)?;
    Ok(source.text)
}

fn source(text: &TextRecord) -> Source {
    Source::new(text.name.clone(), text.text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(texts: &[(&str, &str)], name: &str) -> TextRecord {
        let (name, text) = texts.iter().find(|(known, _)| *known == name).unwrap();
        TextRecord { name: (*name).to_owned(), text: (*text).to_owned() }
    }

    #[test]
    fn every_contract_loads_with_its_own_registry() {
        for (name, _) in BUILTIN_CONTRACTS {
            let choice = Choice { contract: Some(name.to_owned()), ..Choice::default() };
            let loaded = Loaded::of(&choice).unwrap();
            assert_eq!(loaded.registry.name, loaded.contract.registry.value);
        }
    }

    #[test]
    fn a_contract_and_a_registry_that_do_not_fit_are_told_with_the_place() {
        for (contract, platform, registry, says) in [
            (
                "create-gate",
                None,
                "head",
                "concierge.model `moonshot/kimi-k2.6` is no id that the platform pays for",
            ),
            (
                "incident",
                Some("head"),
                "incident",
                "concierge.model `minimax/MiniMax-M2.7` is no id that the platform pays",
            ),
        ] {
            let choice = Choice {
                contract: Some(contract.to_owned()),
                platform_contract: platform.map(str::to_owned),
                registry: Some(registry.to_owned()),
            };
            let text = Loaded::of(&choice).unwrap_err().to_string();
            assert!(text.contains(says), "{text}");
            assert!(text.contains(&format!("{}:", platform.unwrap_or(contract))), "{text}");
        }
    }

    #[test]
    fn a_contract_beside_the_registry_of_another_day_promises_nothing_of_what_is_not_there() {
        let choice = Choice { registry: Some("head".to_owned()), ..Choice::default() };
        let loaded = Loaded::of(&choice).unwrap();
        assert!(!loaded.contract.known_runtimes.contains("google-adk"));
        assert!(loaded.contract.known_runtimes.contains("hermes"));
        assert!(Loaded::builtin().unwrap().contract.known_runtimes.contains("google-adk"));
    }

    #[test]
    fn a_registry_that_is_not_there_is_told_where_the_contract_names_it() {
        let mut contract = text_of(&BUILTIN_CONTRACTS, "head");
        contract.text = contract.text.replace("registry: head", "registry: headd");
        let text = registry_of(&source(&contract)).unwrap_err().to_string();
        assert!(text.contains("registry `headd`"), "{text}");
        assert!(text.contains("head:6:11"), "{text}");
    }
}
