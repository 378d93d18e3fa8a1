//! The contracts that are compiled in, each with an oracle over its registry.

use std::sync::Arc;

use contract::{BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, Contract, Entry, load_contract, load_registry};
use document::Source;
use oracle::{GivenKey, Oracle, Prediction, Question, Scope};

/// A contract and the oracle over its registry.
pub(crate) struct Sample {
    pub(crate) contract: Contract,
    pub(crate) oracle: Oracle,
}

impl Sample {
    /// The prediction for a tenant with a proxy and no server default.
    pub(crate) fn predict(
        &self,
        entry: Entry,
        runtime: &str,
        model: Option<&str>,
        keys: &[GivenKey<'_>],
    ) -> Prediction {
        let question = Question { runtime, model, keys, entry, proxy_wired: true, default_model: None };
        self.oracle.predict(&self.contract, &question)
    }
}

/// The contract of this name.
pub(crate) fn sample(name: &str) -> Sample {
    let find = |texts: &[(&'static str, &'static str)], name: &str| {
        let (name, text) = texts.iter().find(|(known, _)| *known == name).unwrap();
        Source::new(*name, *text)
    };
    let contract = load_contract(&find(&BUILTIN_CONTRACTS, name)).unwrap();
    let registry = load_registry(&find(&BUILTIN_REGISTRIES, &contract.registry)).unwrap();
    Sample { oracle: Oracle::new(Arc::new(registry)).unwrap(), contract }
}

/// Every contract that is compiled in.
pub(crate) fn all() -> Vec<Sample> {
    BUILTIN_CONTRACTS.iter().map(|(name, _)| sample(name)).collect()
}

/// A key with a value.
pub(crate) fn key(scope: Scope, name: &str) -> GivenKey<'_> {
    GivenKey { name, scope, is_blank: false }
}

/// One line for a prediction: `status code row row_code payer provider key answers`.
pub(crate) fn line(prediction: &Prediction) -> String {
    fn word<T>(promised: &oracle::Promised<T>, say: impl Fn(&T) -> String) -> String {
        promised.get().map_or_else(|| "?".to_owned(), say)
    }
    fn some<T>(value: &Option<T>, say: impl Fn(&T) -> String) -> String {
        value.as_ref().map_or_else(|| "-".to_owned(), say)
    }
    [
        word(&prediction.status, u16::to_string),
        word(&prediction.code, |code| some(code, ToString::to_string)),
        word(&prediction.row, |row| format!("{row:?}")),
        word(&prediction.row_code, |code| some(code, ToString::to_string)),
        word(&prediction.payer, |payer| some(payer, |payer| format!("{payer:?}"))),
        word(&prediction.provider, |provider| some(provider, Clone::clone)),
        word(&prediction.key, |key| some(key, Clone::clone)),
        word(&prediction.answers, |answers| if *answers { "yes" } else { "no" }.to_owned()),
    ]
    .join(" ")
}
