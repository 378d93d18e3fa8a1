//! What the oracle says of a case, for filters and needs.

use contract::Entry;
use journal::{KeyScope, Payer};
use oracle::{Answers, GivenKey, Oracle, Prediction, Question, Scope};

use crate::{Filter, KeyGiven, Proxy, Scenario};
use contract::{Contract, DefaultModelVariable};

/// One case, as far as a prediction depends on it.
#[derive(Clone, Copy, Debug)]
pub struct CaseAsked<'a> {
    /// Its runtime.
    pub runtime: &'a str,
    /// Its id; `None` where the field is left out.
    pub model: Option<&'a str>,
    /// The key that the case adds.
    pub key: Option<&'a KeyGiven>,
    /// How the id comes in.
    pub entry: Entry,
}

/// The default model in the server's environment, where members' boxes are told it: an id that the concierge can run on.
/// Without it a concierge of the night of molecule-core #2608 has no model at all (defects §2, `incident`). `None` on
/// platforms that tell no box of it: their tenants boot without one.
pub fn server_default_model<'a>(oracle: &'a Oracle, contract: &Contract) -> Option<&'a str> {
    let fills_in = contract.default_model_variable == DefaultModelVariable::FillsIn;
    oracle.platform_default(&contract.concierge.runtime).filter(|_| fills_in)
}

/// What the oracle predicts of a case of this scenario.
pub fn predict(oracle: &Oracle, contract: &Contract, scenario: &Scenario, case: CaseAsked<'_>) -> Prediction {
    let mut keys: Vec<GivenKey<'_>> = scenario
        .given
        .keys
        .iter()
        .map(|key| GivenKey {
            name: &key.name,
            scope: scope_of(key.scope),
            is_blank: key.value.as_deref().is_some_and(|value| value.trim().is_empty()),
        })
        .collect();
    keys.extend(case.key.map(|key| GivenKey {
        name: &key.name,
        scope: scope_of(key.scope),
        is_blank: false,
    }));
    let question = Question {
        runtime: case.runtime,
        model: case.model,
        keys: &keys,
        entry: case.entry,
        proxy_wired: scenario.given.proxy != Proxy::None,
        default_model: server_default_model(oracle, contract),
    };
    oracle.predict(contract, &question)
}

fn scope_of(scope: KeyScope) -> Scope {
    match scope {
        KeyScope::Payload => Scope::Payload,
        KeyScope::Workspace => Scope::Workspace,
        KeyScope::Global => Scope::Global,
    }
}

impl Filter {
    /// True where the prediction is as wanted.
    pub(crate) fn lets_pass(&self, prediction: &Prediction) -> bool {
        let refused = self.refused.is_none_or(|wanted| prediction.is_refused() == wanted);
        let answers = self
            .answers
            .is_none_or(|wanted| prediction.answers() == if wanted { Answers::Yes } else { Answers::No });
        let payer = self.payer.is_none_or(|wanted| {
            let predicted = prediction.payer();
            predicted
                == Some(match wanted {
                    Payer::Platform => oracle::Payer::Platform,
                    Payer::Vendor => oracle::Payer::Vendor,
                })
        });
        refused && answers && payer
    }
}
