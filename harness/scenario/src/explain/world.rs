//! What a scenario begins with.

use journal::KeyScope;

use super::words::code;
use crate::{Agent, Deployment, GivenKey, Proxy, Scenario};

/// The world in sentences.
pub(super) fn world(scenario: &Scenario) -> String {
    let given = &scenario.given;
    let tenant = match given.deployment {
        Deployment::Saas => "a fresh SaaS tenant",
        Deployment::SelfHosted => "a fresh self-hosted tenant",
    };
    let proxy = match given.proxy {
        Proxy::Wired => "whose model proxy works",
        Proxy::Exhausted => "whose credit at the model proxy is used up",
        Proxy::Down => "whose model proxy does not answer",
        Proxy::None => "without a model proxy",
    };
    let mut sentences = vec![format!("{tenant} {proxy}.")];
    sentences.extend(given.keys.iter().map(key));
    if given.bystander {
        sentences.push("A second tenant stands beside it that nobody talks to and nothing may touch.".into());
    }
    sentences.push(agent(&given.agent));
    sentences.join(" ")
}

fn key(key: &GivenKey) -> String {
    let place = match key.scope {
        KeyScope::Global => "the whole tenant has",
        KeyScope::Workspace | KeyScope::Payload => "a workspace has",
    };
    let value = match &key.value {
        Some(value) if value.trim().is_empty() => ", but it is blank",
        _ => "",
    };
    format!("Before anything happens {place} the key {}{value}.", key.name)
}

/// How the mocked model behind the concierge behaves.
fn agent(agent: &Agent) -> String {
    let would_type = match &agent.would_type {
        Some(id) => format!("and would type {} unasked", code(&id.to_string())),
        None => "with the habit of the runtime".to_owned(),
    };
    format!("The concierge's model plays the {} {would_type}.", agent.persona)
}
