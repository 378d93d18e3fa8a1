//! What unit tests start from: the contract and the registry that are compiled in.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::{
    BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, Contract, DefectSet, Registry, load_contract, load_registry,
};
use document::Source;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::environment::Environment;
use crate::resolver::Resolver;
use crate::settings::StorePlace;
use crate::store::Store;
use crate::tenant::{Debounce, Gates, Tenant};

/// The registry of the incident.
pub(crate) fn registry() -> Arc<Registry> {
    let (name, text) = BUILTIN_REGISTRIES[0];
    Arc::new(load_registry(&Source::new(name, text)).unwrap())
}

/// The contract `as-designed`.
pub(crate) fn contract() -> Arc<Contract> {
    let (name, text) = BUILTIN_CONTRACTS[0];
    Arc::new(load_contract(&Source::new(name, text)).unwrap())
}

/// A managed tenant's variables.
pub(crate) fn environment() -> BTreeMap<String, String> {
    [
        ("MOLECULE_ORG_ID", "org-1"),
        ("ADMIN_TOKEN", "admin"),
        ("MOLECULE_CP_URL", "http://cp.test"),
        ("MOLECULE_LLM_BASE_URL", "http://llm.test/openai/v1"),
        ("MOLECULE_LLM_ANTHROPIC_BASE_URL", "http://llm.test/anthropic/v1"),
        ("MOLECULE_LLM_USAGE_TOKEN", "usage"),
        ("MOLECULE_LLM_USAGE_URL", "http://llm.test/usage"),
        ("MOLECULE_ENV", "development"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}

/// A tenant that serves nobody.
pub(crate) fn tenant(defects: DefectSet) -> Tenant {
    let contract = contract();
    Tenant {
        environment: Environment::read(&environment(), &contract).unwrap(),
        timers: contract.timers.value.clone(),
        contract,
        resolver: Resolver::of(&registry()).unwrap(),
        defects,
        store: Store::open(&StorePlace::Memory).unwrap(),
        time_scale: 1.0,
        platform_url: "http://tenant.test".to_owned(),
        stopping: CancellationToken::new(),
        tasks: TaskTracker::new(),
        gates: Gates::default(),
        debounce: Debounce::default(),
    }
}
