//! A whole file.

use contract::{Contract, Promise, Registry, StackLimits};
use document::{Node, Placed, Problem, Source};

use super::problems::Problems;
use super::{given, references, steps, vary};
use crate::raw::RawScenario;
use crate::{Need, Scenario};

/// More steps than this are no journey.
const MAX_STEPS: usize = 200;

/// What a scenario is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The contract whose promises are judged.
    pub contract: &'a Contract,
    /// The registry of the run.
    pub registry: &'a Registry,
    /// What the stack of the run can't do.
    pub limits: &'a StackLimits,
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
    let needs = raw.needs.iter().filter_map(|need| check_need(&mut problems, need)).collect();
    let (raw_vary, are_axes_read) = vary::read(&mut problems, raw.vary.as_ref());
    let axes = vary::places(&raw_vary);
    let vary = vary::check(&mut problems, raw_vary, around);
    let given = given::check(&mut problems, raw.given.as_ref(), &vary);
    if raw.steps.value.is_empty() || raw.steps.value.len() > MAX_STEPS {
        let text = format!("{} steps, where 1 to {MAX_STEPS} are wanted", raw.steps.value.len());
        problems.add(raw.steps.place, text, "a scenario does something and expects something");
    }
    let raw_steps = raw.steps.value.len();
    let (steps, captures) = steps::check(&mut problems, &raw.steps.value, around, &vary);
    let scenario = Scenario {
        id: id.to_owned(),
        file: source.name.clone(),
        text: source.text.clone(),
        title: raw.title.value,
        why: raw.why.value,
        tags: raw.tags.into_iter().map(|tag| tag.value).collect(),
        needs,
        given,
        vary,
        steps,
        place: raw.title.place,
    };
    let is_whole = are_axes_read && scenario.steps.len() == raw_steps;
    references::check(&mut problems, &scenario, &axes, &captures, is_whole);
    if problems.none_yet() { Ok(scenario) } else { Err(problems.finish()) }
}

fn sentence(problems: &mut Problems<'_>, key: &str, text: &Placed<String>) {
    if text.value.trim().is_empty() || text.value.contains('\n') {
        problems.add(text.place, format!("`{key}` is no sentence"), format!("write the {key} in one line"));
    }
    if is_cut_by_a_comment(problems.source, text) {
        let hint = format!("put the {key} in quotes, or its comment on a line of its own");
        problems.add(text.place, format!("`{key}` ends where a comment begins"), hint);
    }
}

/// True where ` #` ends a sentence without quotes: what an author wrote after it is lost without a word, and the
/// numbers of issues are written like that.
fn is_cut_by_a_comment(source: &Source, text: &Placed<String>) -> bool {
    let before = text.place.column.saturating_sub(1);
    let line = source.line(text.place.line).unwrap_or_default();
    let written: String = line.chars().skip(before as usize).collect();
    written.strip_prefix(&text.value).is_some_and(|rest| rest.trim_start().starts_with('#'))
}

fn check_tag(problems: &mut Problems<'_>, tag: &Placed<String>) {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if tag.value.is_empty() || !tag.value.chars().all(is_word) {
        let hint = "a tag is one word of a-z, 0-9, `-` and `_`";
        problems.add(tag.place, format!("`{}` is no tag", tag.value), hint);
    }
}

/// `key`, or `key: false` for a promise that must not be made.
fn check_need(problems: &mut Problems<'_>, need: &Placed<Node>) -> Option<Need> {
    let (key, is_made) = match (need.value.as_text(), need.value.as_map()) {
        (Some(key), _) => (Placed::new(need.place, key.to_owned()), true),
        (None, Some([(key, value)])) if value.as_bool().is_some() => {
            (key.clone(), value.as_bool() == Some(true))
        }
        _ => {
            let hint = "write a promise's key, or `key: false` where it must not be made";
            problems.add(need.place, "this is no promise", hint);
            return None;
        }
    };
    let promise = Promise::from_key(&key.value);
    if promise.is_none() {
        let known: Vec<&str> = Promise::ALL.iter().map(|promise| promise.key()).collect();
        problems.unknown("promise", &key, &known);
    }
    promise.map(|promise| Need { promise, is_made })
}
