//! The axes.

use contract::Entry;
use document::{Entries, Node, Place, Placed, Shape};
use journal::Persona;
use serde_json::Value;

use super::problems::Problems;
use super::{Surroundings, keys, models};
use crate::raw::RawVary;
use crate::{RuntimeValues, Vary};

/// More values than this on one axis are a mistake.
pub(super) const MAX_VALUES: usize = 500;

/// The axes that the language knows.
pub(super) const KNOWN: [&str; 5] = ["runtime", "entry", "key", "model", "persona"];

/// The axes as they are written, each read by itself, and whether all of them could be read.
pub(crate) fn read(problems: &mut Problems<'_>, node: Option<&Node>) -> (RawVary, bool) {
    let Some(node) = node else { return (RawVary::default(), true) };
    let mut fields = problems.fields(node, &["runtime", "entry", "key", "model", "persona", "values"]);
    let raw = RawVary {
        runtime: fields.read(problems, "runtime"),
        entry: fields.read(problems, "entry"),
        key: fields.read(problems, "key"),
        model: fields.read(problems, "model"),
        persona: fields.read(problems, "persona"),
        values: fields.read(problems, "values"),
    };
    (raw, fields.is_whole)
}

/// The axes that are written, with their places.
pub(crate) fn places(raw: &RawVary) -> Vec<Placed<String>> {
    let known = [
        ("runtime", raw.runtime.as_ref().map(|axis| axis.place)),
        ("entry", raw.entry.as_ref().map(|axis| axis.place)),
        ("key", raw.key.as_ref().map(|axis| axis.place)),
        ("model", raw.model.as_ref().map(|axis| axis.place)),
        ("persona", raw.persona.as_ref().map(|axis| axis.place)),
    ];
    let known = known.into_iter().filter_map(|(name, place)| Some(Placed::new(place?, name.to_owned())));
    let own = raw.values.iter().flat_map(Entries::iter).map(|(name, _)| name.clone());
    known.chain(own.filter(|name| is_name(&name.value) && !KNOWN.contains(&name.value.as_str()))).collect()
}

/// True for a name that a text can refer to.
fn is_name(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_word)
}

pub(crate) fn check(problems: &mut Problems<'_>, raw: RawVary, around: Surroundings<'_>) -> Vary {
    let runtime = raw.runtime.as_ref().and_then(|axis| runtimes(problems, &axis.value, around));
    let entry = raw.entry.as_ref().map(|axis| entries(problems, axis)).unwrap_or_default();
    let key = raw.key.as_ref().and_then(|axis| keys::check(problems, &axis.value, &entry));
    let model = raw.model.as_ref().and_then(|axis| models::check(problems, &axis.value));
    if let (Some(axis), None) = (&raw.model, &raw.runtime) {
        problems.add(
            axis.place,
            "the axis `model` needs the axis `runtime`",
            "say on which runtimes the ids are meant",
        );
    }
    if let (Some(axis), None) = (&raw.key, &raw.model) {
        problems.add(axis.place, "the axis `key` needs the axis `model`", "a key matches an id, or does not");
    }
    let persona = raw.persona.map(|axis| personas(problems, &axis)).unwrap_or_default();
    let values = raw.values.map(|axes| own_axes(problems, &axes)).unwrap_or_default();
    Vary { runtime, entry, key, model, persona, values }
}

/// Axes of the author's own. Their values are what a text can hold.
fn own_axes(problems: &mut Problems<'_>, axes: &Entries<Node>) -> Vec<(String, Vec<Value>)> {
    let mut checked = Vec::new();
    for (name, node) in axes {
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let is_name =
            name.value.chars().all(is_word) && !name.value.starts_with(|c: char| c.is_ascii_digit());
        if name.value.is_empty() || !is_name {
            let hint = "use a-z, 0-9 and `_`, and begin with a letter";
            problems.add(name.place, format!("`{}` is no name of an axis", name.value), hint);
        } else if KNOWN.contains(&name.value.as_str()) || name.value == "values" {
            let hint = format!("write `{}` right below `vary`", name.value);
            problems.add(name.place, format!("`{}` is an axis of the language", name.value), hint);
        }
        let Some(nodes) = node.as_list() else {
            let text = format!("expected a list, found {}", node.kind());
            problems.add(node.place, text, "list the values of the axis: `[one, two]`");
            continue;
        };
        for node in nodes.iter().filter(|node| matches!(node.shape, Shape::List(_) | Shape::Map(_))) {
            let text = format!("expected a text, a number, `true`, `false` or `null`, found {}", node.kind());
            problems.add(node.place, text, "give each part an axis of its own");
        }
        let shown = |node: &Node| Placed::new(node.place, node.to_json().to_string());
        check_values(problems, &name.value, node.place, &nodes.iter().map(shown).collect::<Vec<_>>());
        checked.push((name.value.clone(), nodes.iter().map(Node::to_json).collect()));
    }
    checked
}

fn runtimes(problems: &mut Problems<'_>, node: &Node, around: Surroundings<'_>) -> Option<RuntimeValues> {
    if node.as_text() == Some("any") {
        return Some(RuntimeValues::Any);
    }
    let names: Vec<Placed<String>> = problems.decode(node)?;
    check_values(problems, "runtime", node.place, &names);
    let known: Vec<&str> = around
        .registry
        .runtimes
        .iter()
        .map(|runtime| runtime.name.value.as_str())
        .filter(|name| around.contract.known_runtimes.contains(name))
        .collect();
    for name in names.iter().filter(|name| !known.contains(&name.value.as_str())) {
        problems.unknown("runtime", name, &known);
    }
    Some(RuntimeValues::These(names.into_iter().map(|name| name.value).collect()))
}

fn entries(problems: &mut Problems<'_>, axis: &Placed<Vec<Placed<Entry>>>) -> Vec<Entry> {
    let shown: Vec<Placed<String>> =
        axis.value.iter().map(|entry| Placed::new(entry.place, entry.value.as_str().to_owned())).collect();
    check_values(problems, "entry", axis.place, &shown);
    axis.value.iter().map(|entry| entry.value).collect()
}

fn personas(problems: &mut Problems<'_>, axis: &Placed<Vec<Placed<String>>>) -> Vec<Persona> {
    let names = &axis.value;
    check_values(problems, "persona", axis.place, names);
    let known: Vec<&str> = Persona::ALL.iter().map(|persona| persona.as_str()).collect();
    let mut personas = Vec::new();
    for name in names {
        match Persona::ALL.into_iter().find(|persona| persona.as_str() == name.value) {
            Some(persona) => personas.push(persona),
            None => problems.unknown("persona", name, &known),
        }
    }
    personas
}

pub(super) fn check_values(problems: &mut Problems<'_>, axis: &str, place: Place, values: &[Placed<String>]) {
    if values.is_empty() || values.len() > MAX_VALUES {
        let text =
            format!("the axis `{axis}` has {} values, where 1 to {MAX_VALUES} are wanted", values.len());
        problems.add(place, text, "list at least one value, or drop the axis");
    }
    for (index, value) in values.iter().enumerate() {
        if values[..index].iter().any(|earlier| earlier.value == value.value) {
            problems.add(
                value.place,
                format!("`{}` stands here twice", value.value),
                "a case would be played twice",
            );
        }
    }
}
