//! A case as a scenario file of its own, and the ladders along which it can be cut.

use contract::{Entry, Registry};
use document::Source;
use journal::{CaseValue, FormLabel, PlannedJourney};
use scenario::{Form, ModelValues, Scenario, forms_of};
use serde_json::{Map, Value, json};

use super::ladder::Ladder;

/// One cut.
#[derive(Clone, Debug, PartialEq)]
enum Cut {
    /// A key of `given`, left out at the bottom.
    Given(String),
    /// A key that is given before anything happens, left out at the bottom.
    GivenKey(String),
    /// The steps, from the first alone to all of them. Only the last ones are cut: what stands before a step may be the
    /// wait that it relies on.
    Steps,
    /// The members of a turn, from one to all of them.
    Members(usize),
    /// The key of the case, none at the bottom.
    Key,
    /// The id of the case, at the bottom the simplest of the grammar.
    Model(Vec<Value>),
}

/// A failing case: its scenario with every axis fixed, and what can be cut.
#[derive(Clone, Debug)]
pub(super) struct Reduction {
    document: Value,
    /// The cuts with their ladders, in the order in which they are tried: what makes the next journeys shorter first.
    cuts: Vec<(Cut, Ladder)>,
}

impl Reduction {
    /// The case of a journey. `None` where its scenario is no map, which a checked one always is.
    pub(super) fn of(scenario: &Scenario, planned: &PlannedJourney, registry: &Registry) -> Option<Self> {
        let source = Source::new(scenario.file.clone(), scenario.text.clone());
        let mut document = document::parse(&source).ok()?.to_json();
        let root = document.as_object_mut()?;
        // Where it stands it is played when it is named, whatever its tags said.
        root.shift_remove("tags");
        fix_axes(root, planned);
        let cuts = cuts(root, planned, registry, scenario);
        Some(Self { document, cuts })
    }

    /// The ladders up to these rungs, in the order of the cuts.
    pub(super) fn ladders(rungs: &[usize]) -> Vec<Ladder> {
        rungs.iter().map(|rung| Ladder { top: *rung }).collect()
    }

    /// The uncut case.
    pub(super) fn whole(&self) -> Vec<usize> {
        self.cuts.iter().map(|(_, ladder)| ladder.top).collect()
    }

    /// The place of the ladder of ids, which is the longest.
    pub(super) fn ids(&self) -> Option<usize> {
        self.cuts.iter().position(|(cut, _)| matches!(cut, Cut::Model(_)))
    }

    /// The id on these rungs; `None` without an axis `model`.
    pub(super) fn id(&self, rungs: &[usize]) -> Option<&Value> {
        let at = self.ids()?;
        match &self.cuts[at].0 {
            Cut::Model(ids) => ids.get(*rungs.get(at)?),
            _ => None,
        }
    }

    /// The scenario on these rungs.
    pub(super) fn document(&self, rungs: &[usize]) -> Value {
        let mut document = self.document.clone();
        let Some(root) = document.as_object_mut() else { return document };
        for ((cut, ladder), rung) in
            self.cuts.iter().zip(rungs).filter(|((_, ladder), rung)| **rung < ladder.top)
        {
            apply(root, cut, ladder.top, *rung);
        }
        document
    }
}

/// Every axis with the one value that the journey had.
fn fix_axes(root: &mut Map<String, Value>, planned: &PlannedJourney) {
    let Some(vary) = root.get_mut("vary").and_then(Value::as_object_mut) else { return };
    for (axis, value) in &planned.values {
        let fixed = json!([value.value]);
        if vary.contains_key(axis) {
            vary.insert(axis.clone(), fixed);
        } else if let Some(own) = vary.get_mut("values").and_then(Value::as_object_mut) {
            own.insert(axis.clone(), fixed);
        }
    }
}

fn cuts(
    root: &Map<String, Value>,
    planned: &PlannedJourney,
    registry: &Registry,
    scenario: &Scenario,
) -> Vec<(Cut, Ladder)> {
    let out_or_in = Ladder { top: 1 };
    let mut cuts = Vec::new();
    let given = root.get("given").and_then(Value::as_object);
    for (key, value) in given.into_iter().flatten() {
        match value.as_object().filter(|_| key == "keys") {
            Some(keys) => cuts.extend(keys.keys().map(|name| (Cut::GivenKey(name.clone()), out_or_in))),
            None => cuts.push((Cut::Given(key.clone()), out_or_in)),
        }
    }
    let steps = root.get("steps").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if steps.len() > 1 {
        cuts.push((Cut::Steps, Ladder { top: steps.len() - 1 }));
    }
    for (index, step) in steps.iter().enumerate() {
        let members = step.pointer("/user_says/members").and_then(Value::as_array).map_or(0, Vec::len);
        if members > 1 {
            cuts.push((Cut::Members(index), Ladder { top: members - 1 }));
        }
    }
    if root.get("vary").is_some_and(|vary| vary.get("key").is_some()) {
        cuts.push((Cut::Key, out_or_in));
    }
    // What the author listed is no draw, and stays.
    let is_drawn = matches!(scenario.vary.model, Some(ModelValues::Drawn { .. }));
    if let Some(model) = planned.values.get("model").filter(|_| is_drawn) {
        let bindings = scenario::Bindings::new(planned.values.clone());
        let runtime = bindings.text("runtime").unwrap_or_default();
        let ids = simpler_ids(registry, runtime, scenario.entry(&bindings), model);
        let top = ids.len() - 1;
        cuts.push((Cut::Model(ids), Ladder { top }));
    }
    cuts
}

/// Every id of the grammar that is simpler than this one, simplest first, then this one.
fn simpler_ids(registry: &Registry, runtime: &str, entry: Entry, own: &CaseValue) -> Vec<Value> {
    let takes_none = !matches!(entry, Entry::PutModel | Entry::Restart);
    let length = own.value.as_str().map_or(0, |id| 1 + id.len());
    // What was drawn from an arm is listed or owned by it: nothing of its length is simpler.
    let own_simplicity = (length, own.form.unwrap_or(FormLabel::Absent));
    let mut forms = forms_of(registry, runtime);
    forms.retain(|form| (form.id.is_some() || takes_none) && form.simplicity() < own_simplicity);
    forms.sort_by_key(Form::simplicity);
    let mut ids: Vec<Value> =
        forms.into_iter().map(|form| form.id.map_or(Value::Null, Value::String)).collect();
    ids.push(own.value.clone());
    ids
}

fn apply(root: &mut Map<String, Value>, cut: &Cut, top: usize, rung: usize) {
    match cut {
        Cut::Given(key) => {
            if let Some(given) = root.get_mut("given").and_then(Value::as_object_mut) {
                given.shift_remove(key);
            }
            drop_if_empty(root, "given");
        }
        Cut::GivenKey(name) => {
            if let Some(given) = root.get_mut("given").and_then(Value::as_object_mut) {
                if let Some(keys) = given.get_mut("keys").and_then(Value::as_object_mut) {
                    keys.shift_remove(name);
                }
                drop_if_empty(given, "keys");
            }
            drop_if_empty(root, "given");
        }
        Cut::Steps => {
            if let Some(steps) = root.get_mut("steps").and_then(Value::as_array_mut) {
                steps.truncate(rung + 1);
            }
        }
        Cut::Members(index) => {
            // A turn that was cut off has no members.
            let members = root.get_mut("steps").and_then(|steps| steps.get_mut(index));
            let members = members.and_then(|step| step.pointer_mut("/user_says/members"));
            if let Some(members) = members.and_then(Value::as_array_mut) {
                members.truncate(members.len() - (top - rung));
            }
        }
        Cut::Key => without_key(root),
        Cut::Model(ids) => {
            if let (Some(vary), Some(id)) =
                (root.get_mut("vary").and_then(Value::as_object_mut), ids.get(rung))
            {
                vary.insert("model".to_owned(), json!([id]));
            }
        }
    }
}

/// Without the axis `key`, and without the acts' references to it.
fn without_key(root: &mut Map<String, Value>) {
    if let Some(vary) = root.get_mut("vary").and_then(Value::as_object_mut) {
        vary.shift_remove("key");
    }
    for step in root.get_mut("steps").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(provision) = step.get_mut("provision").and_then(Value::as_object_mut) {
            provision.shift_remove("key");
        }
    }
}

fn drop_if_empty(map: &mut Map<String, Value>, key: &str) {
    if map.get(key).and_then(Value::as_object).is_some_and(Map::is_empty) {
        map.shift_remove(key);
    }
}
