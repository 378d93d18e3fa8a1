//! What a case needs that the stack of the run can't do.
//!
//! To add what a stack can lack: a variant of [`Lack`] with its words, and here what needs it.

use contract::{Entry, Lack};
use journal::KeyScope;
use oracle::{Oracle, Prediction, RowEnd};

use crate::check::Surroundings;
use crate::{
    Bindings, CaseAsked, Condition, Deployment, KeyGiven, Provision, Proxy, Scenario, Step, Verb, predict,
};

/// What expressions call the model calls of a box by.
const MODEL_CALLS: &str = "model_calls";

/// One case of a scenario.
#[derive(Clone, Copy)]
struct Case<'a> {
    scenario: &'a Scenario,
    around: Surroundings<'a>,
    oracle: &'a Oracle,
    bindings: &'a Bindings,
}

/// What a case needs and the stack can't do, in words.
pub(crate) fn beyond(
    scenario: &Scenario,
    around: Surroundings<'_>,
    oracle: &Oracle,
    bindings: &Bindings,
) -> Option<String> {
    let limits = around.limits;
    let stack = &limits.stack;
    let case = Case { scenario, around, oracle, bindings };
    if let Some(lack) = limits.lacks.iter().find(|lack| case.needs(**lack)) {
        return Some(format!("the stack {stack} has {}", lack.in_words()));
    }
    let runtimes = scenario.runtimes(bindings);
    let unknown = runtimes.iter().find(|runtime| !limits.knows(runtime))?;
    Some(format!("the platform of the stack {stack} does not know the runtime {unknown}"))
}

impl Case<'_> {
    fn needs(self, lack: Lack) -> bool {
        let given = &self.scenario.given;
        let any_step =
            |needs: &dyn Fn(&Verb) -> bool| self.scenario.steps.iter().any(|step: &Step| needs(&step.verb));
        match lack {
            Lack::SelfHosted => given.deployment == Deployment::SelfHosted,
            Lack::SecondTenant => given.bystander,
            Lack::ProxyTrouble => given.proxy != Proxy::Wired,
            Lack::Conversation => any_step(&|verb| talks(verb, self.bindings)),
            Lack::OwnBoxes => {
                any_step(&looks_into_boxes) || self.scenario.expects_prediction() && self.calls_boxes()
            }
            // Whatever its scope says, a key that is given is written on the whole tenant at its sign-up.
            Lack::TenantKeys => {
                !given.keys.is_empty() || any_step(&|verb| gives_tenant_key(verb, self.bindings))
            }
        }
    }

    /// Whether, by some outcome that the oracle allows, there is a row whose box calls a model: also that of before goes
    /// on, where its change is refused.
    fn calls_boxes(self) -> bool {
        let key = KeyGiven::of_value(self.bindings.value("key"));
        let asked = CaseAsked {
            runtime: self.bindings.text("runtime").unwrap_or_default(),
            model: self.bindings.text("model"),
            key: key.as_ref(),
            entry: self.scenario.entry(self.bindings),
        };
        let prediction = predict(self.oracle, self.around.contract, self.scenario, asked);
        let ends_without = |one: &Prediction| one.row.is(&RowEnd::None) || one.row.is(&RowEnd::Failed);
        !std::iter::once(&prediction).chain(&prediction.or).all(ends_without)
    }
}

/// Whether a step goes by the concierge or its tools.
fn talks(verb: &Verb, bindings: &Bindings) -> bool {
    match verb {
        Verb::UserSays(_) | Verb::SayAgain(_) => true,
        Verb::Provision(provision) => provision.entry(bindings) == Some(Entry::Tool),
        _ => conditions(verb).iter().any(|condition| matches!(condition, Condition::ToolText(_))),
    }
}

/// Whether a step can only be judged by who sees the calls of a box and knows what its model must answer.
fn looks_into_boxes(verb: &Verb) -> bool {
    let is_seen_there = |condition: &Condition| match condition {
        Condition::ModelCalls(_) => true,
        Condition::That(expression) => expression.value.text().contains(MODEL_CALLS),
        // What is predicted of a case says whether its boxes are called.
        Condition::AsPredicted(_) => false,
        Condition::Team(_) | Condition::Refused(_) | Condition::ToolText(_) => false,
    };
    matches!(verb, Verb::Ask(_)) || conditions(verb).iter().any(is_seen_there)
}

fn gives_tenant_key(verb: &Verb, bindings: &Bindings) -> bool {
    let key = |provision: &Provision| KeyGiven::of_value(&provision.key.as_ref()?.value(bindings));
    let Verb::Provision(provision) = verb else { return false };
    key(provision).is_some_and(|key| key.scope == KeyScope::Global)
}

/// What a step waits for or expects.
fn conditions(verb: &Verb) -> &[Condition] {
    match verb {
        Verb::Eventually(wait) => &wait.conditions,
        Verb::Stays(window) | Verb::Never(window) => &window.conditions,
        Verb::Expect(expect) => &expect.conditions,
        Verb::UserSays(_)
        | Verb::SayAgain(_)
        | Verb::Provision(_)
        | Verb::PutModel(_)
        | Verb::SetBillingMode(_)
        | Verb::Restart(_)
        | Verb::Ask(_) => &[],
    }
}
