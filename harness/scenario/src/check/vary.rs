//! The axes.

use contract::Billing;
use document::{Node, Place, Placed};
use journal::Persona;

use super::Surroundings;
use super::problems::Problems;
use crate::raw::{RawArm, RawDraw, RawVary};
use crate::{ModelValues, RuntimeValues, Vary};

/// More values than this on one axis are a mistake.
const MAX_VALUES: usize = 500;

/// The axes that are written, with their places.
pub(crate) fn places(raw: &RawVary) -> Vec<(&'static str, Place)> {
    let mut places = Vec::new();
    places.extend(raw.runtime.as_ref().map(|axis| ("runtime", axis.place)));
    places.extend(raw.model.as_ref().map(|axis| ("model", axis.place)));
    places.extend(raw.persona.as_ref().map(|axis| ("persona", axis.place)));
    places
}

pub(crate) fn check(problems: &mut Problems<'_>, raw: RawVary, around: Surroundings<'_>) -> Vary {
    let runtime = raw.runtime.as_ref().and_then(|axis| runtimes(problems, &axis.value, around));
    let model = raw.model.as_ref().and_then(|axis| models(problems, &axis.value));
    if let (Some(axis), None) = (&raw.model, &raw.runtime) {
        problems.add(
            axis.place,
            "the axis `model` needs the axis `runtime`",
            "say on which runtimes the ids are meant",
        );
    }
    let persona = raw.persona.map(|axis| personas(problems, &axis)).unwrap_or_default();
    Vary { runtime, model, persona }
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
        .filter(|name| around.contract.known_runtimes.iter().any(|known| known == name))
        .collect();
    for name in names.iter().filter(|name| !known.contains(&name.value.as_str())) {
        problems.unknown("runtime", name, &known);
    }
    Some(RuntimeValues::These(names.into_iter().map(|name| name.value).collect()))
}

fn models(problems: &mut Problems<'_>, node: &Node) -> Option<ModelValues> {
    if node.as_map().is_some() {
        let draw: RawDraw = problems.decode(node)?;
        let count = draw.draw.value as usize;
        if count == 0 || count > MAX_VALUES {
            let text = format!("a draw of {count}, where 1 to {MAX_VALUES} are wanted");
            problems.add(draw.draw.place, text, "say how many ids to draw for each runtime");
        }
        let billing = match draw.arm {
            RawArm::Platform => Billing::Platform,
        };
        return Some(ModelValues::Drawn { billing, count });
    }
    let ids: Vec<Placed<Option<String>>> = problems.decode(node)?;
    let shown: Vec<Placed<String>> = ids
        .iter()
        .map(|id| Placed::new(id.place, id.value.clone().unwrap_or_else(|| "null".into())))
        .collect();
    check_values(problems, "model", node.place, &shown);
    Some(ModelValues::These(ids.into_iter().map(|id| id.value).collect()))
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
