//! The cases of one scenario in the making: its axes spread against each other, in drawing order.

use contract::{Billing, Contract, Entry};
use journal::{CaseValue, FormLabel, FormsOffered, Persona, PlannedJourney, Streams};
use oracle::Oracle;
use serde_json::Value;

use crate::check::Surroundings;
use crate::forms::{Forms, Hat, takes_no_id};
use crate::key::{self, KeyPoint};
use crate::plan::Values;
use crate::{
    Bindings, CaseAsked, DrawnFrom, Filter, KeyGiven, ModelValues, PlanRequest, RuntimeValues, Scenario,
    case_key, draw, journey_id, predict,
};

/// The journeys of one scenario and one seed in the making.
pub(crate) struct Draft<'a> {
    scenario: &'a Scenario,
    request: &'a PlanRequest<'a>,
    seed: u64,
    forms: &'a Forms,
    /// Draws that gave less than was asked for.
    pub(crate) notes: Vec<String>,
    /// Cases that were passed over because the contract promises nothing of them.
    pub(crate) unpromised: usize,
}

/// Where an id is drawn: the axes before it.
struct Point<'a> {
    case: &'a Values,
    runtime: &'a str,
    entry: Entry,
    key: Option<KeyPoint>,
}

impl Point<'_> {
    /// Its name among the streams of its scenario.
    fn combination(&self) -> String {
        [self.runtime, self.entry.as_str(), &self.key_word()].join(" ")
    }

    fn key_word(&self) -> String {
        self.key.as_ref().map(KeyPoint::word).unwrap_or_default()
    }
}

impl<'a> Draft<'a> {
    pub(crate) fn of(
        scenario: &'a Scenario,
        request: &'a PlanRequest<'a>,
        seed: u64,
        forms: &'a Forms,
    ) -> Self {
        Self { scenario, request, seed, forms, notes: Vec::new(), unpromised: 0 }
    }

    /// Spreads the axes in drawing order: runtime, entry, key, model, then the personas and the author's own.
    pub(crate) fn journeys(&mut self) -> Vec<PlannedJourney> {
        let vary = &self.scenario.vary;
        let mut cases: Vec<Values> = vec![Values::new()];
        if let Some(runtimes) = &vary.runtime {
            cases = spread(cases, "runtime", &plain(runtime_names(runtimes, self.request.around)));
        }
        if !vary.entry.is_empty() {
            let entries = plain(vary.entry.iter().map(|entry| entry.as_str().to_owned()).collect());
            cases = spread(cases, "entry", &entries);
        }
        if let Some(models) = &vary.model {
            cases = cases.into_iter().flat_map(|case| self.with_keys_and_models(models, &case)).collect();
        }
        if !vary.persona.is_empty() {
            let names =
                plain(vary.persona.iter().map(|persona: &Persona| persona.as_str().to_owned()).collect());
            cases = spread(cases, "persona", &names);
        }
        for (name, values) in &vary.values {
            let values: Vec<CaseValue> = values.iter().cloned().map(CaseValue::plain).collect();
            cases = spread(cases, name, &values);
        }
        cases.into_iter().map(|values| planned(self.scenario, values, self.seed)).collect()
    }

    /// The forms that a draw by form can give, by runtime and entry.
    pub(crate) fn offered(&self) -> Vec<FormsOffered> {
        let vary = &self.scenario.vary;
        let (Some(runtimes), Some(ModelValues::Drawn { from, .. })) = (&vary.runtime, &vary.model) else {
            return Vec::new();
        };
        let own = [self.scenario.entry(&Bindings::default())];
        let entries: &[Entry] = if vary.entry.is_empty() { &own } else { &vary.entry };
        let mut offered = Vec::new();
        for runtime in runtime_names(runtimes, self.request.around) {
            for entry in entries {
                let held = self.forms.runtime(&runtime);
                let is_held = |label: &FormLabel| {
                    from.wants(*label) && held.iter().any(|form| form.label == *label && form.goes_by(*entry))
                };
                let forms: Vec<FormLabel> = FormLabel::ALL.into_iter().filter(is_held).collect();
                if !forms.is_empty() {
                    let (scenario, runtime) = (self.scenario.id.clone(), runtime.clone());
                    offered.push(FormsOffered { scenario, runtime, entry: *entry, forms });
                }
            }
        }
        offered
    }

    fn with_keys_and_models(&mut self, models: &ModelValues, case: &Values) -> Vec<Values> {
        let entry = self.scenario.entry(&Bindings::new(case.clone()));
        let runtime = case.get("runtime").and_then(|value| value.value.as_str()).unwrap_or_default();
        let keys: Vec<Option<KeyPoint>> = match &self.scenario.vary.key {
            None => vec![None],
            Some(axis) => key::points(axis, entry).into_iter().map(Some).collect(),
        };
        let mut cases = Vec::new();
        for key in keys {
            let point = Point { case, runtime, entry, key };
            match models {
                ModelValues::These(ids) => cases.extend(self.these(ids, &point)),
                ModelValues::Drawn { from: DrawnFrom::Arm(billing), count, filter } => {
                    cases.extend(self.of_arm(*billing, *count, *filter, &point));
                }
                ModelValues::Drawn { from, count, filter } => {
                    cases.extend(self.of_forms(from, *count, *filter, &point));
                }
            }
        }
        cases
    }

    fn these(&mut self, ids: &[Option<String>], point: &Point<'_>) -> Vec<Values> {
        let mut cases = Vec::new();
        for id in ids.iter().filter(|id| id.is_some() || takes_no_id(point.entry)) {
            let value = id.clone().map_or(Value::Null, Value::String);
            cases.extend(
                self.with_model(point, CaseValue::plain(value))
                    .filter(|case| self.passes(case, Filter::default())),
            );
        }
        cases
    }

    fn of_arm(&mut self, billing: Billing, count: usize, filter: Filter, point: &Point<'_>) -> Vec<Values> {
        let whose = match billing {
            Billing::Platform => "platform",
            Billing::Byok => "vendor",
        };
        let owned = draw::owned_ids(self.request.oracle, point.runtime, billing);
        let mut cases = Vec::new();
        for spelled in owned {
            let label = Some(format!("{whose} arm, {}", spelled.label));
            let value = CaseValue { label, ..CaseValue::plain(Value::String(spelled.id)) };
            cases.extend(self.with_model(point, value));
        }
        cases.retain(|case| self.passes(case, filter));
        let picked = draw::pick(cases, count, &self.streams("model"), &point.combination());
        if picked.len() < count {
            self.note(point, picked.len(), &format!("ids of {whose} arms"), count);
        }
        picked
    }

    fn of_forms(&mut self, from: &DrawnFrom, count: usize, filter: Filter, point: &Point<'_>) -> Vec<Values> {
        let generator = self.streams("form").named(&point.combination());
        let hat = Hat::with(self.forms.runtime(point.runtime), |label| from.wants(label), generator);
        let mut cases = Vec::new();
        for form in hat.filter(|form| form.goes_by(point.entry)) {
            let value = form.id.clone().map_or(Value::Null, Value::String);
            let value =
                CaseValue { label: Some(form.in_words()), form: Some(form.label), ..CaseValue::plain(value) };
            cases.extend(self.with_model(point, value).filter(|case| self.passes(case, filter)));
            if cases.len() == count {
                return cases;
            }
        }
        self.note(point, cases.len(), "ids of these forms", count);
        cases
    }

    fn streams(&self, axis: &str) -> Streams {
        Streams::of(self.seed).below("draw").below(&self.scenario.id).below(axis)
    }

    fn note(&mut self, point: &Point<'_>, found: usize, what: &str, count: usize) {
        let is_axis = !self.scenario.vary.entry.is_empty();
        let by = if is_axis { format!(" by {}", point.entry.as_str()) } else { String::new() };
        let key = point.key_word();
        let with = if key.is_empty() { String::new() } else { format!(" with key {key}") };
        let runtime = point.runtime;
        self.notes.push(format!("{runtime}{by}{with}: {found} {what}, where up to {count} are drawn"));
    }

    /// The case with an id and the key that goes with it; `None` where the point has no key for this id.
    fn with_model(&self, point: &Point<'_>, model: CaseValue) -> Option<Values> {
        let mut with = point.case.clone();
        if let Some(key) = &point.key {
            let id = model.value.as_str().unwrap_or_default();
            let key = key::drawn(self.request.oracle, point.runtime, id, key, &self.streams("key"))?;
            with.insert("key".to_owned(), key);
        }
        with.insert("model".to_owned(), model);
        Some(with)
    }

    /// Whether the case is one that the draw wants; what promises nothing is counted.
    fn passes(&mut self, case: &Values, filter: Filter) -> bool {
        let ruling = passes(self.scenario, self.request.around.contract, self.request.oracle, case, filter);
        self.unpromised += usize::from(ruling == Ruling::Silent);
        ruling.is_passed()
    }
}

/// What the oracle's word on a case means for a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ruling {
    /// It is as the filter wants it.
    Passed,
    /// It is otherwise.
    Filtered,
    /// The scenario expects what is predicted, and nothing is.
    Silent,
}

impl Ruling {
    pub(crate) fn is_passed(self) -> bool {
        self == Self::Passed
    }
}

/// Whether the prediction of a case is as the filter wants it and, where the scenario expects what is predicted, says
/// anything.
pub(crate) fn passes(
    scenario: &Scenario,
    contract: &Contract,
    oracle: &Oracle,
    case: &Values,
    filter: Filter,
) -> Ruling {
    let expects_prediction = scenario.expects_prediction();
    if filter == Filter::default() && !expects_prediction {
        return Ruling::Passed;
    }
    let bindings = Bindings::new(case.clone());
    let key = KeyGiven::of_value(bindings.value("key"));
    let asked = CaseAsked {
        runtime: bindings.text("runtime").unwrap_or_default(),
        model: bindings.text("model"),
        key: key.as_ref(),
        entry: scenario.entry(&bindings),
    };
    let prediction = predict(oracle, contract, scenario, asked);
    if expects_prediction && prediction.promises_nothing() {
        Ruling::Silent
    } else if filter.lets_pass(&prediction) {
        Ruling::Passed
    } else {
        Ruling::Filtered
    }
}

fn planned(scenario: &Scenario, values: Values, seed: u64) -> PlannedJourney {
    let case = case_key(&values);
    PlannedJourney {
        id: journey_id(&scenario.id, &case, seed),
        scenario: scenario.id.clone(),
        case,
        seed,
        values,
    }
}

/// Every case with every value of one more axis.
fn spread(cases: Vec<Values>, axis: &str, values: &[CaseValue]) -> Vec<Values> {
    let mut wider = Vec::new();
    for case in cases {
        for value in values {
            let mut with = case.clone();
            with.insert(axis.to_owned(), value.clone());
            wider.push(with);
        }
    }
    wider
}

fn plain(names: Vec<String>) -> Vec<CaseValue> {
    names.into_iter().map(|name| CaseValue::plain(Value::String(name))).collect()
}

pub(crate) fn runtime_names(values: &RuntimeValues, around: Surroundings<'_>) -> Vec<String> {
    match values {
        RuntimeValues::These(names) => names.clone(),
        RuntimeValues::Any => {
            let names = around.registry.runtimes.iter().map(|runtime| runtime.name.value.clone());
            let is_known =
                |name: &String| around.contract.known_runtimes.contains(name) && around.limits.knows(name);
            names.filter(is_known).collect()
        }
    }
}
