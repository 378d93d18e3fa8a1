//! The axes.

use contract::{Billing, Entry};
use document::{Node, Place, Placed};
use journal::{KeyScope, Persona};

use super::Surroundings;
use super::problems::Problems;
use crate::raw::{RawArm, RawDraw, RawKeyAxis, RawVary};
use crate::{Filter, KeyAxis, KeyKind, ModelValues, RuntimeValues, Vary};

/// More values than this on one axis are a mistake.
const MAX_VALUES: usize = 500;

/// The axes as they are written, each read by itself, and whether all of them could be read.
pub(crate) fn read(problems: &mut Problems<'_>, node: Option<&Node>) -> (RawVary, bool) {
    let Some(node) = node else { return (RawVary::default(), true) };
    let mut fields = problems.fields(node, &["runtime", "entry", "key", "model", "persona"]);
    let raw = RawVary {
        runtime: fields.read(problems, "runtime"),
        entry: fields.read(problems, "entry"),
        key: fields.read(problems, "key"),
        model: fields.read(problems, "model"),
        persona: fields.read(problems, "persona"),
    };
    (raw, fields.is_whole)
}

/// The axes that are written, with their places.
pub(crate) fn places(raw: &RawVary) -> Vec<(&'static str, Place)> {
    let mut places = Vec::new();
    places.extend(raw.runtime.as_ref().map(|axis| ("runtime", axis.place)));
    places.extend(raw.entry.as_ref().map(|axis| ("entry", axis.place)));
    places.extend(raw.key.as_ref().map(|axis| ("key", axis.place)));
    places.extend(raw.model.as_ref().map(|axis| ("model", axis.place)));
    places.extend(raw.persona.as_ref().map(|axis| ("persona", axis.place)));
    places
}

pub(crate) fn check(problems: &mut Problems<'_>, raw: RawVary, around: Surroundings<'_>) -> Vary {
    let runtime = raw.runtime.as_ref().and_then(|axis| runtimes(problems, &axis.value, around));
    let entry = raw.entry.as_ref().map(|axis| entries(problems, axis)).unwrap_or_default();
    let key = raw.key.as_ref().map(|axis| keys(problems, axis, &entry));
    let model = raw.model.as_ref().and_then(|axis| models(problems, &axis.value));
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
    Vary { runtime, entry, key, model, persona }
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

/// `payload` goes with a create only, `workspace` with a restart only, where the key is written after the PUT.
fn keys(problems: &mut Problems<'_>, axis: &Placed<RawKeyAxis>, entries: &[Entry]) -> KeyAxis {
    let kinds: Vec<Placed<String>> = axis
        .value
        .kind
        .value
        .iter()
        .map(|kind| Placed::new(kind.place, kind.value.as_str().to_owned()))
        .collect();
    check_values(problems, "key.kind", axis.value.kind.place, &kinds);
    let needs_scope = axis.value.kind.value.iter().any(|kind| kind.value != KeyKind::None);
    if needs_scope && axis.value.scope.is_empty() {
        let hint = "add `scope: [payload]`, `[global]` or `[workspace]`";
        problems.add(axis.place, "the axis `key` does not say where its keys stand", hint);
    }
    for scope in &axis.value.scope {
        let (entry, word) = match scope.value {
            KeyScope::Payload => (Entry::Create, "payload"),
            KeyScope::Workspace => (Entry::Restart, "workspace"),
            KeyScope::Global => continue,
        };
        if !entries.is_empty() && !entries.contains(&entry) {
            let text = format!("a key in scope `{word}` goes with the entry `{}` only", entry.as_str());
            problems.add(scope.place, text, "add that entry to the axis `entry`, or take `global`");
        }
    }
    KeyAxis {
        kinds: axis.value.kind.value.iter().map(|kind| kind.value).collect(),
        scopes: axis.value.scope.iter().map(|scope| scope.value).collect(),
    }
}

fn models(problems: &mut Problems<'_>, node: &Node) -> Option<ModelValues> {
    if node.as_map().is_some() {
        let draw: RawDraw = problems.decode(node)?;
        return Some(drawn(problems, &draw));
    }
    let ids: Vec<Placed<Option<String>>> = problems.decode(node)?;
    let shown: Vec<Placed<String>> = ids
        .iter()
        .map(|id| Placed::new(id.place, id.value.clone().unwrap_or_else(|| "null".into())))
        .collect();
    check_values(problems, "model", node.place, &shown);
    Some(ModelValues::These(ids.into_iter().map(|id| id.value).collect()))
}

fn drawn(problems: &mut Problems<'_>, draw: &RawDraw) -> ModelValues {
    let count = draw.draw.value as usize;
    if count == 0 || count > MAX_VALUES {
        let text = format!("a draw of {count}, where 1 to {MAX_VALUES} are wanted");
        problems.add(draw.draw.place, text, "say how many ids to draw for each runtime");
    }
    let billing = match draw.arm {
        RawArm::Platform => Billing::Platform,
        RawArm::Vendor => Billing::Byok,
    };
    let filter = Filter { refused: draw.refused, answers: draw.answers, payer: draw.payer };
    ModelValues::Drawn { billing, count, filter }
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

fn check_values(problems: &mut Problems<'_>, axis: &str, place: Place, values: &[Placed<String>]) {
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
