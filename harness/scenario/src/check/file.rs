//! A whole file.

use contract::{Contract, Registry};
use document::{Place, Placed, Problem, Source};
use journal::Persona;

use super::problems::Problems;
use super::{steps, vary};
use crate::raw::{RawGiven, RawScenario, RawVary};
use crate::{Agent, Given, Scenario, Template, Vary, Verb};

/// More steps than this are no journey.
const MAX_STEPS: usize = 200;

/// What a scenario is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The contract whose promises are judged.
    pub contract: &'a Contract,
    /// The registry of the run.
    pub registry: &'a Registry,
}

/// Reads and checks a scenario. `id` is its path without extension.
///
/// # Errors
/// Every problem of the file, in the order of places. A text that is no YAML has one.
pub fn read_scenario(source: &Source, id: &str, around: Surroundings<'_>) -> Result<Scenario, Vec<Problem>> {
    let raw: RawScenario = document::read(source).map_err(|problem| vec![problem])?;
    let mut problems = Problems::of(source);
    sentence(&mut problems, "title", &raw.title);
    sentence(&mut problems, "why", &raw.why);
    for tag in &raw.tags {
        check_tag(&mut problems, tag);
    }
    let raw_vary: RawVary = raw.vary.as_ref().and_then(|node| problems.decode(node)).unwrap_or_default();
    let axes = vary::places(&raw_vary);
    let vary = vary::check(&mut problems, raw_vary, around);
    let given = given(&mut problems, raw.given.as_ref(), &vary);
    if raw.steps.value.is_empty() || raw.steps.value.len() > MAX_STEPS {
        let text = format!("{} steps, where 1 to {MAX_STEPS} are wanted", raw.steps.value.len());
        problems.add(raw.steps.place, text, "a scenario does something and expects something");
    }
    let raw_steps = raw.steps.value.len();
    let steps = steps::check(&mut problems, &raw.steps.value, around);
    let scenario = Scenario {
        id: id.to_owned(),
        file: source.name.clone(),
        text: source.text.clone(),
        title: raw.title.value,
        why: raw.why.value,
        tags: raw.tags.into_iter().map(|tag| tag.value).collect(),
        given,
        vary,
        steps,
        place: raw.title.place,
    };
    let is_whole = scenario.steps.len() == raw_steps;
    references(&mut problems, &scenario, &axes, is_whole);
    if problems.none_yet() { Ok(scenario) } else { Err(problems.finish()) }
}

fn sentence(problems: &mut Problems<'_>, key: &str, text: &Placed<String>) {
    if text.value.trim().is_empty() || text.value.contains('\n') {
        problems.add(text.place, format!("`{key}` is no sentence"), format!("write the {key} in one line"));
    }
}

fn check_tag(problems: &mut Problems<'_>, tag: &Placed<String>) {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if tag.value.is_empty() || !tag.value.chars().all(is_word) {
        let hint = "a tag is one word of a-z, 0-9, `-` and `_`";
        problems.add(tag.place, format!("`{}` is no tag", tag.value), hint);
    }
}

fn given(problems: &mut Problems<'_>, node: Option<&document::Node>, vary: &Vary) -> Given {
    let raw: RawGiven = node.and_then(|node| problems.decode(node)).unwrap_or_default();
    let default = || literal(Persona::Guesser.as_str());
    let Some(agent) = raw.agent else {
        return Given { bystander: raw.bystander, agent: Agent { persona: default(), would_type: None } };
    };
    let persona = problems.template(&agent.persona).unwrap_or_else(default);
    check_persona(problems, &agent.persona, &persona, vary);
    let would_type = agent.would_type.as_ref().and_then(|text| problems.template(text));
    Given { bystander: raw.bystander, agent: Agent { persona, would_type } }
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

/// Every `$name` must be an axis, and every axis must be used. Where a step could not be read or a name is mistyped,
/// nobody knows what is used.
fn references(
    problems: &mut Problems<'_>,
    scenario: &Scenario,
    axes: &[(&'static str, Place)],
    is_whole: bool,
) {
    let mut used: Vec<&str> = Vec::new();
    let mut is_known = is_whole;
    let names: Vec<&str> = axes.iter().map(|(name, _)| *name).collect();
    for template in templates(scenario) {
        for name in template.references() {
            if names.contains(&name) {
                used.push(name);
            } else {
                let typed = Placed::new(template.place(), name.to_owned());
                problems.unknown("name", &typed, &names);
                is_known = false;
            }
        }
    }
    for (name, place) in axes {
        if is_known && !used.contains(name) {
            let text = format!("nothing uses the axis `{name}`");
            problems.add(*place, text, format!("write `${name}` where its value belongs, or drop the axis"));
        }
    }
}

fn templates(scenario: &Scenario) -> Vec<&Template> {
    let agent = &scenario.given.agent;
    let mut all = vec![&agent.persona];
    all.extend(&agent.would_type);
    for step in &scenario.steps {
        if let Verb::UserSays(says) = &step.verb {
            all.push(&says.text);
            all.extend(&says.runtime);
            all.extend(&says.model);
        }
        all.extend(steps::condition_templates(&step.verb));
    }
    all
}
