//! What the world begins with.

use document::{Node, Place, Placed};
use journal::{KeyScope, Persona};

use super::problems::Problems;
use crate::raw::{RawAgent, RawGiven};
use crate::{Agent, Deployment, Given, GivenKey, Proxy, Template, Vary};

pub(crate) fn check(problems: &mut Problems<'_>, node: Option<&Node>, vary: &Vary) -> Given {
    let raw = read(problems, node);
    let agent = agent(problems, raw.agent.as_ref(), vary);
    let proxy = raw.proxy.as_ref().map_or(Proxy::Wired, |proxy| proxy.value);
    if let Some(place) = raw.proxy.as_ref().map(|proxy| proxy.place)
        && proxy == Proxy::None
        && raw.deployment == Deployment::Saas
    {
        let hint = "a SaaS tenant refuses to boot without a proxy; add `deployment: self_hosted`";
        problems.add(place, "`proxy: none` goes with a self-hosted tenant only", hint);
    }
    let mut keys = Vec::new();
    for (name, key) in raw.keys.iter() {
        if key.scope.value != KeyScope::Global {
            let hint = "write `scope: global`; a key of one workspace comes with the axis `key`";
            problems.add(key.scope.place, "no workspace is there yet", hint);
        }
        keys.push(GivenKey { name: name.value.clone(), scope: key.scope.value, value: key.value.clone() });
    }
    Given { bystander: raw.bystander, deployment: raw.deployment, proxy, keys, agent }
}

/// What is written, each key read by itself.
fn read(problems: &mut Problems<'_>, node: Option<&Node>) -> RawGiven {
    let Some(node) = node else { return RawGiven::default() };
    let mut fields = problems.fields(node, &["bystander", "deployment", "proxy", "keys", "agent"]);
    RawGiven {
        bystander: fields.read(problems, "bystander").unwrap_or_default(),
        deployment: fields.read(problems, "deployment").unwrap_or_default(),
        proxy: fields.read(problems, "proxy"),
        keys: fields.read(problems, "keys").unwrap_or_default(),
        agent: fields.read(problems, "agent"),
    }
}

fn agent(problems: &mut Problems<'_>, raw: Option<&RawAgent>, vary: &Vary) -> Agent {
    let default = || literal(Persona::Guesser.as_str());
    let Some(raw) = raw else { return Agent { persona: default(), would_type: None } };
    let persona = problems.template(&raw.persona).unwrap_or_else(default);
    check_persona(problems, &raw.persona, &persona, vary);
    Agent { persona, would_type: raw.would_type.as_ref().and_then(|text| problems.template(text)) }
}

fn check_persona(problems: &mut Problems<'_>, typed: &Placed<String>, persona: &Template, vary: &Vary) {
    let is_the_axis = typed.value == "$persona" && !vary.persona.is_empty();
    let known: Vec<&str> = Persona::ALL.iter().map(|persona| persona.as_str()).collect();
    let has_reference = persona.references().next().is_some();
    if !is_the_axis && !has_reference && !known.contains(&typed.value.as_str()) {
        problems.unknown("persona", typed, &known);
    } else if has_reference && typed.value != "$persona" {
        let hint = "write a persona's name, or `$persona` for the axis of that name";
        problems.add(typed.place, format!("`{}` is no persona", typed.value), hint);
    }
}

/// A template that is nothing but this text.
fn literal(text: &str) -> Template {
    let placed = Placed::new(Place::default(), text.to_owned());
    Template::parse(&placed).expect("a text without a dollar is a template")
}
