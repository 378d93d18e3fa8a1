//! Whether an agent that runs on an id can answer.

use contract::Billing;

use crate::Oracle;

/// Whether an online agent's model answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// The proxy serves the id.
    Yes,
    /// No such model exists behind the proxy, or nobody pays for the call.
    No,
    /// Nothing says so.
    Unpromised,
}

impl Oracle {
    /// Whether a box of this runtime gets answers on this id from the platform's proxy alone, without any key.
    ///
    /// The proxy accepts the ids that platform arms list, byte for byte (DESIGN §6); an id that the platform arm owns
    /// by its pattern exists nowhere upstream (registry §10, 3).
    pub fn answers_on_proxy(&self, runtime: &str, model: &str) -> Answers {
        match self.resolve(runtime, model, &[]) {
            Ok(resolved) if resolved.billing == Billing::Platform && self.is_served_by_proxy(model) => {
                Answers::Yes
            }
            Ok(_) => Answers::No,
            Err(_) => Answers::Unpromised,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use contract::{BUILTIN_REGISTRIES, load_registry};
    use document::Source;

    #[test]
    fn only_listed_platform_ids_are_answered_without_a_key() {
        let (name, text) = BUILTIN_REGISTRIES[0];
        let oracle = Oracle::new(Arc::new(load_registry(&Source::new(name, text)).unwrap())).unwrap();
        for (model, answers) in [
            ("moonshot/kimi-k2.6", Answers::Yes),
            (" moonshot/kimi-k2.6", Answers::No),
            ("platform/anything", Answers::No),
            ("claude-sonnet-4-6", Answers::No),
            ("no-such-model", Answers::Unpromised),
        ] {
            assert_eq!(oracle.answers_on_proxy("claude-code", model), answers, "{model}");
        }
    }
}
