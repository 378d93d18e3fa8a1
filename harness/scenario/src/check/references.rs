//! Every `$name` must lead to an axis or a capture, and every axis and capture must be used.

use document::Placed;

use super::conditions::templates_of;
use super::problems::Problems;
use super::vary::KNOWN;
use crate::{Scenario, Template, Verb};

/// What `keep: x` captures, as `$x.field`.
pub(crate) const CAPTURED: [&str; 3] = ["code", "alternative", "place"];

/// Where a step could not be read or a name is mistyped, nobody knows what is used.
pub(crate) fn check(
    problems: &mut Problems<'_>,
    scenario: &Scenario,
    axes: &[Placed<String>],
    captures: &[Placed<String>],
    is_whole: bool,
) {
    let mut used: Vec<String> = Vec::new();
    let mut is_known = is_whole;
    let mut names: Vec<String> = axes.iter().map(|axis| axis.value.clone()).collect();
    names.extend(captures.iter().flat_map(|keep| CAPTURED.map(|field| format!("{}.{field}", keep.value))));
    for template in templates(scenario) {
        for name in template.references() {
            if names.iter().any(|known| known == name) {
                used.push(name.to_owned());
            } else if !is_whole && axes.iter().all(|axis| axis.value != name) && is_axis(name) {
                // An axis that stands there and could not be read is no unknown name.
                is_known = false;
            } else {
                let typed = Placed::new(template.place(), name.to_owned());
                let known: Vec<&str> = names.iter().map(String::as_str).collect();
                problems.unknown("name", &typed, &known);
                is_known = false;
            }
        }
    }
    if !is_known {
        return;
    }
    for Placed { value: name, place } in axes.iter().filter(|axis| !used.contains(&axis.value)) {
        let hint = format!("write `${name}` where its value belongs, or drop the axis");
        problems.add(*place, format!("nothing uses the axis `{name}`"), hint);
    }
    for keep in captures {
        let prefix = format!("{}.", keep.value);
        if !used.iter().any(|used| used.starts_with(&prefix)) {
            let hint = format!("write `${}.alternative` where it belongs, or drop `keep`", keep.value);
            problems.add(keep.place, format!("nothing uses what `{}` keeps", keep.value), hint);
        }
    }
}

fn is_axis(name: &str) -> bool {
    KNOWN.contains(&name)
}

fn templates(scenario: &Scenario) -> Vec<&Template> {
    let agent = &scenario.given.agent;
    let mut all = vec![&agent.persona];
    all.extend(&agent.would_type);
    for step in &scenario.steps {
        all.extend(of_act(&step.verb));
        all.extend(templates_of(&step.verb));
    }
    all
}

fn of_act(verb: &Verb) -> Vec<&Template> {
    match verb {
        Verb::UserSays(says) => std::iter::once(&says.text).chain(&says.runtime).chain(&says.model).collect(),
        Verb::SayAgain(again) => again.text.iter().chain(&again.model).collect(),
        Verb::Provision(made) => {
            std::iter::once(&made.entry).chain(&made.runtime).chain(&made.model).chain(&made.key).collect()
        }
        Verb::PutModel(put) => vec![&put.model],
        _ => Vec::new(),
    }
}
