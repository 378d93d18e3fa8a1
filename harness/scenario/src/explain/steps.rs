//! What happens, a sentence a step.

use super::expectations::conditions;
use super::words::{code, either, listed, time};
use crate::{Ask, Eventually, Expect, Provision, SayAgain, Step, Template, UserSays, Verb, Who, Window};

/// One step.
pub(super) fn step(step: &Step) -> String {
    match &step.verb {
        Verb::UserSays(says) => user_says(says),
        Verb::SayAgain(again) => say_again(again),
        Verb::Provision(provision) => provisioned(provision),
        Verb::PutModel(put) => {
            format!("The model of {} becomes {}.", put.workspace.value, id(&put.model))
        }
        Verb::SetBillingMode(set) => {
            format!("The billing mode of {} becomes {}.", set.workspace.value, code(set.mode.as_str()))
        }
        Verb::Restart(restart) => format!("{} is restarted.", restart.workspace.value),
        Verb::Eventually(wait) => eventually(wait),
        Verb::Stays(window) => watched(window, "At every look"),
        Verb::Never(window) => watched(window, "At no look"),
        Verb::Ask(ask) => asked(ask),
        Verb::Expect(expect) => expected(expect),
    }
}

fn id(template: &Template) -> String {
    code(&template.to_string())
}

fn user_says(says: &UserSays) -> String {
    let runtime = says.runtime.as_ref().map(|runtime| format!(" on {runtime}")).unwrap_or_default();
    let model =
        says.model.as_ref().map(|model| format!(", with the model {}", id(model))).unwrap_or_default();
    format!(
        "The user says \"{}\" to the concierge and asks for {}{runtime}{model}.",
        says.text,
        listed(&says.members)
    )
}

fn say_again(again: &SayAgain) -> String {
    let said = again.text.as_ref().map(|text| format!(" (\"{text}\")")).unwrap_or_default();
    let model =
        again.model.as_ref().map(|model| format!(" with the model {}", id(model))).unwrap_or_default();
    format!("The user asks for the same team again{model}{said}.")
}

fn provisioned(provision: &Provision) -> String {
    let runtime = provision.runtime.as_ref().map(|runtime| format!(" on {runtime}")).unwrap_or_default();
    let model = match &provision.model {
        Some(model) => format!(" with the model {}", id(model)),
        None => " without a model".to_owned(),
    };
    let key = if provision.key.is_some() { ", with the key of the case" } else { "" };
    format!("{} is asked for by the entry {}{runtime}{model}{key}.", provision.name, provision.entry)
}

fn eventually(wait: &Eventually) -> String {
    let through: Vec<String> = wait.through.iter().map(|status| status.as_str().to_owned()).collect();
    let through = match through.as_slice() {
        [] => String::new(),
        some => format!(" (a passing {} is allowed)", either(some)),
    };
    format!("Within {}{through}: {}.", time(wait.within), conditions(&wait.conditions))
}

fn watched(window: &Window, looks: &str) -> String {
    format!("{looks} for {}: {}.", time(window.window), conditions(&window.conditions))
}

fn asked(ask: &Ask) -> String {
    let who = match &ask.who {
        Who::Team => "Every member",
        Who::Member(name) => name,
    };
    format!("{who} is asked what only an agent with a working model can answer.")
}

fn expected(expect: &Expect) -> String {
    format!("Now: {}.", conditions(&expect.conditions))
}
