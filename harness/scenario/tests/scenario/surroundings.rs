//! Contract and registry that the tests check against.

use contract::{BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, Contract, Registry, load_contract, load_registry};
use document::Source;

pub(crate) struct Loaded {
    contract: Contract,
    registry: Registry,
}

impl Loaded {
    pub(crate) fn builtin() -> Self {
        let (contract, text) = BUILTIN_CONTRACTS[0];
        let contract = load_contract(&Source::new(contract, text)).unwrap();
        let (registry, text) = BUILTIN_REGISTRIES[0];
        let registry = load_registry(&Source::new(registry, text)).unwrap();
        Self { contract, registry }
    }

    pub(crate) fn around(&self) -> scenario::Surroundings<'_> {
        scenario::Surroundings { contract: &self.contract, registry: &self.registry }
    }
}
