//! Contract and registry that the tests check against.

use std::sync::Arc;

use contract::{BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, Contract, Registry, load_contract, load_registry};
use document::Source;
use oracle::Oracle;

pub(crate) struct Loaded {
    contract: Contract,
    registry: Registry,
    oracle: Oracle,
}

impl Loaded {
    pub(crate) fn builtin() -> Self {
        Self::of("as-designed")
    }

    /// A built-in contract with its registry.
    pub(crate) fn of(name: &str) -> Self {
        let (contract, text) = BUILTIN_CONTRACTS.iter().find(|(known, _)| *known == name).unwrap();
        let contract = load_contract(&Source::new(*contract, *text)).unwrap();
        let (registry, text) =
            BUILTIN_REGISTRIES.iter().find(|(known, _)| *known == *contract.registry).unwrap();
        let registry = load_registry(&Source::new(*registry, *text)).unwrap();
        let oracle = Oracle::new(Arc::new(registry.clone())).unwrap();
        Self { contract, registry, oracle }
    }

    pub(crate) fn oracle(&self) -> &Oracle {
        &self.oracle
    }

    pub(crate) fn around(&self) -> scenario::Surroundings<'_> {
        scenario::Surroundings {
            contract: &self.contract,
            registry: &self.registry,
            limits: contract::StackLimits::NONE,
        }
    }
}
