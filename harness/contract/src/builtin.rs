//! The contracts and registries that are compiled in, and loading of any other.

use document::{Problem, Source};

use crate::{Contract, Registry, check};

/// Name and text of every contract that is compiled in.
pub const BUILTIN_CONTRACTS: [(&str, &str); 6] = [
    ("as-designed", include_str!("../../../fixtures/contracts/as-designed.yaml")),
    ("incident", include_str!("../../../fixtures/contracts/incident.yaml")),
    ("org-default", include_str!("../../../fixtures/contracts/org-default.yaml")),
    ("create-gate", include_str!("../../../fixtures/contracts/create-gate.yaml")),
    ("derive-only", include_str!("../../../fixtures/contracts/derive-only.yaml")),
    ("head", include_str!("../../../fixtures/contracts/head.yaml")),
];

/// Name and text of every registry that is compiled in.
pub const BUILTIN_REGISTRIES: [(&str, &str); 4] = [
    ("incident", include_str!("../../../fixtures/registry/incident.yaml")),
    ("create-gate", include_str!("../../../fixtures/registry/create-gate.yaml")),
    ("derive-only", include_str!("../../../fixtures/registry/derive-only.yaml")),
    ("head", include_str!("../../../fixtures/registry/head.yaml")),
];

/// Why a contract or registry can't be used: every problem found in its text.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", document::render_all(&self.0))]
pub struct LoadError(pub Vec<Problem>);

/// Reads a contract's text and checks it.
///
/// # Errors
/// Every problem of the text, with its place: unknown keys, bad values, an unknown default runtime.
pub fn load_contract(source: &Source) -> Result<Contract, LoadError> {
    let contract: Contract = document::read(source).map_err(|problem| LoadError(vec![problem]))?;
    let problems = check::contract(source, &contract);
    if problems.is_empty() { Ok(contract) } else { Err(LoadError(problems)) }
}

/// Reads a registry's text and checks it.
///
/// # Errors
/// Every problem of the text, with its place: unknown keys, patterns that do not compile, arms of providers that do
/// not exist, names and ids that stand twice.
pub fn load_registry(source: &Source) -> Result<Registry, LoadError> {
    let registry: Registry = document::read(source).map_err(|problem| LoadError(vec![problem]))?;
    let problems = check::registry(source, &registry);
    if problems.is_empty() { Ok(registry) } else { Err(LoadError(problems)) }
}
