//! The ordered list of journeys that a run will play. Starts nothing.

use std::collections::BTreeMap;

use contract::{Billing, Entry};
use journal::{CaseValue, LeftOut, Persona, PlannedJourney, Skipped, Streams};
use oracle::Oracle;
use serde::Serialize;
use serde_json::Value;

use crate::check::Surroundings;
use crate::key::{self, KeyPoint};
use crate::{
    Bindings, CaseAsked, Filter, KeyGiven, ModelValues, RuntimeValues, Scenario, case_key, draw, journey_id,
    predict,
};

/// What a plan is made from.
#[derive(Clone, Debug)]
pub struct PlanRequest<'a> {
    /// The scenarios, in the order they are played.
    pub scenarios: &'a [Scenario],
    /// Contract and registry of the run.
    pub around: Surroundings<'a>,
    /// What ids resolve to, and what is predicted of them.
    pub oracle: &'a Oracle,
    /// The first seed.
    pub seed: u64,
    /// How many seeds, with one drawn case of each scenario a seed; absent: all cases of the first seed.
    pub seeds: Option<u64>,
    /// Whether counted seeds play all cases nevertheless.
    pub all_cases: bool,
    /// Only cases whose key is this one.
    pub case: Option<&'a str>,
}

/// The journeys of a run, in order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// What is played.
    pub journeys: Vec<PlannedJourney>,
    /// What is skipped, and why.
    pub skipped: Vec<Skipped>,
    /// What a draw left out, and why.
    pub left_out: Vec<LeftOut>,
}

type Values = BTreeMap<String, CaseValue>;

/// Makes the plan. The same request gives the same plan, byte for byte.
pub fn plan(request: &PlanRequest<'_>) -> Plan {
    let mut plan = Plan { journeys: Vec::new(), skipped: Vec::new(), left_out: Vec::new() };
    for step in 0..request.seeds.unwrap_or(1).max(1) {
        let seed = request.seed.wrapping_add(step);
        for scenario in request.scenarios {
            let mut draft = Draft { scenario, request, seed, notes: Vec::new() };
            let mut journeys = draft.journeys();
            let why_empty = format!("no case is left: {}", draft.notes.join("; "));
            plan.left_out
                .extend(draft.notes.into_iter().map(|note| LeftOut { scenario: scenario.id.clone(), note }));
            if journeys.is_empty() {
                let lacking = missing(scenario, request, &BTreeMap::new());
                plan.skipped.push(whole(scenario, &lacking.unwrap_or(why_empty)));
            }
            journeys.retain(|journey| match missing(scenario, request, &journey.values) {
                None => true,
                Some(reason) => {
                    let (scenario, case) = (journey.scenario.clone(), Some(journey.case.clone()));
                    plan.skipped.push(Skipped { scenario, case, reason });
                    false
                }
            });
            if let Some(case) = request.case {
                journeys.retain(|journey| journey.case == case);
            } else if request.seeds.is_some() && !request.all_cases {
                journeys = draw::pick(journeys, 1, &Streams::of(seed).below("case"), &scenario.id);
            }
            plan.journeys.append(&mut journeys);
        }
    }
    plan.left_out.dedup();
    plan.skipped = folded(plan.skipped, request);
    plan
}

fn whole(scenario: &Scenario, reason: &str) -> Skipped {
    Skipped { scenario: scenario.id.clone(), case: None, reason: reason.to_owned() }
}

/// The promise that a case needs and the contract does not make, in words.
fn missing(scenario: &Scenario, request: &PlanRequest<'_>, values: &Values) -> Option<String> {
    let bindings = Bindings::new(values.clone());
    let entry = scenario.entry(&bindings);
    let runtime = bindings.text("runtime");
    let contract = request.around.contract;
    let lacking =
        scenario.needs.iter().find(|need| contract.makes(need.promise, entry, runtime) != need.is_made)?;
    let key = lacking.promise.key();
    let (name, entry) = (&contract.name, entry.as_str());
    Some(if lacking.is_made {
        format!("the contract {name} does not promise `{key}` by the entry {entry}")
    } else {
        format!("the contract {name} promises `{key}` by the entry {entry}")
    })
}

/// Where every case of a scenario is skipped for one reason, it is said once.
fn folded(mut skipped: Vec<Skipped>, request: &PlanRequest<'_>) -> Vec<Skipped> {
    let mut seen = Vec::new();
    skipped.retain(|one| {
        let is_new = !seen.contains(one);
        if is_new {
            seen.push(one.clone());
        }
        is_new
    });
    for scenario in request.scenarios {
        let own: Vec<&Skipped> = skipped.iter().filter(|one| one.scenario == scenario.id).collect();
        let Some(reason) = own.first().map(|one| one.reason.clone()) else { continue };
        let is_alone = own.len() > 1 && own.iter().all(|one| one.reason == reason);
        if is_alone {
            let first = skipped.iter().position(|one| one.scenario == scenario.id).unwrap_or_default();
            let count = own.len();
            skipped.retain(|one| one.scenario != scenario.id);
            skipped.insert(first.min(skipped.len()), whole(scenario, &format!("{count} cases: {reason}")));
        }
    }
    skipped
}

/// The journeys of one scenario in the making.
struct Draft<'a> {
    scenario: &'a Scenario,
    request: &'a PlanRequest<'a>,
    seed: u64,
    notes: Vec<String>,
}

impl Draft<'_> {
    /// Spreads the axes in drawing order: runtime, entry, key, model, then the personas.
    fn journeys(&mut self) -> Vec<PlannedJourney> {
        let vary = &self.scenario.vary;
        let mut cases: Vec<Values> = vec![Values::new()];
        if let Some(runtimes) = &vary.runtime {
            cases = spread(cases, "runtime", |_| plain(runtime_names(runtimes, self.request.around)));
        }
        if !vary.entry.is_empty() {
            let entries = plain(vary.entry.iter().map(|entry| entry.as_str().to_owned()).collect());
            cases = spread(cases, "entry", |_| entries.clone());
        }
        if let Some(models) = &vary.model {
            cases = cases.into_iter().flat_map(|case| self.with_keys_and_models(models, &case)).collect();
        }
        if !vary.persona.is_empty() {
            let names =
                plain(vary.persona.iter().map(|persona: &Persona| persona.as_str().to_owned()).collect());
            cases = spread(cases, "persona", |_| names.clone());
        }
        cases.into_iter().map(|values| planned(self.scenario, values, self.seed)).collect()
    }

    fn with_keys_and_models(&mut self, models: &ModelValues, case: &Values) -> Vec<Values> {
        let entry = self.scenario.entry(&Bindings::new(case.clone()));
        let points: Vec<Option<KeyPoint>> = match &self.scenario.vary.key {
            None => vec![None],
            Some(axis) => key::points(axis, entry).into_iter().map(Some).collect(),
        };
        let mut cases = Vec::new();
        for point in points {
            cases.extend(self.with_models(models, case, entry, point));
        }
        cases
    }

    fn with_models(
        &mut self,
        models: &ModelValues,
        case: &Values,
        entry: Entry,
        point: Option<KeyPoint>,
    ) -> Vec<Values> {
        let runtime =
            case.get("runtime").and_then(|value| value.value.as_str()).unwrap_or_default().to_owned();
        match models {
            ModelValues::These(ids) => ids
                .iter()
                .filter(|id| id.is_some() || !matches!(entry, Entry::PutModel | Entry::Restart))
                .filter_map(|id| {
                    let value = id.clone().map_or(Value::Null, Value::String);
                    self.with_model(case, &runtime, point, CaseValue { value, label: None })
                })
                .collect(),
            ModelValues::Drawn { billing, count, filter } => {
                self.drawn(case, &runtime, entry, point, (*billing, *count, *filter))
            }
        }
    }

    fn drawn(
        &mut self,
        case: &Values,
        runtime: &str,
        entry: Entry,
        point: Option<KeyPoint>,
        (billing, count, filter): (Billing, usize, Filter),
    ) -> Vec<Values> {
        let whose = match billing {
            Billing::Platform => "platform",
            Billing::Byok => "vendor",
        };
        let owned = draw::owned_ids(self.request.oracle, runtime, billing);
        let mut cases = Vec::new();
        for spelled in owned {
            let label = Some(format!("{whose} arm, {}", spelled.label));
            let value = CaseValue { value: Value::String(spelled.id), label };
            cases.extend(self.with_model(case, runtime, point, value));
        }
        cases.retain(|case| self.passes(case, runtime, entry, filter));
        let key = point.map(KeyPoint::word).unwrap_or_default();
        let combination = [runtime, entry.as_str(), &key].join(" ");
        let streams = Streams::of(self.seed).below("draw").below(&self.scenario.id).below("model");
        let picked = draw::pick(cases, count, &streams, &combination);
        if picked.len() < count {
            let is_axis = !self.scenario.vary.entry.is_empty();
            let by = if is_axis { format!(" by {}", entry.as_str()) } else { String::new() };
            let with = if key.is_empty() { String::new() } else { format!(" with key {key}") };
            let found = picked.len();
            self.notes.push(format!(
                "{runtime}{by}{with}: {found} ids of {whose} arms, where up to {count} are drawn"
            ));
        }
        picked
    }

    /// The case with an id and the key that goes with it; `None` where the point has no key for this id.
    fn with_model(
        &self,
        case: &Values,
        runtime: &str,
        point: Option<KeyPoint>,
        model: CaseValue,
    ) -> Option<Values> {
        let mut with = case.clone();
        if let Some(point) = point {
            let id = model.value.as_str().unwrap_or_default();
            let streams = Streams::of(self.seed).below("draw").below(&self.scenario.id).below("key");
            let key = key::drawn(self.request.oracle, runtime, id, point, &streams)?;
            with.insert("key".to_owned(), key);
        }
        with.insert("model".to_owned(), model);
        Some(with)
    }

    fn passes(&self, case: &Values, runtime: &str, entry: Entry, filter: Filter) -> bool {
        if filter == Filter::default() {
            return true;
        }
        let key = case.get("key").and_then(|key| KeyGiven::of_value(&key.value));
        let model = case.get("model").and_then(|model| model.value.as_str());
        let asked = CaseAsked { runtime, model, key: key.as_ref(), entry };
        let prediction = predict(self.request.oracle, self.request.around.contract, self.scenario, asked);
        filter.lets_pass(&prediction)
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
fn spread(cases: Vec<Values>, axis: &str, mut values: impl FnMut(&Values) -> Vec<CaseValue>) -> Vec<Values> {
    let mut wider = Vec::new();
    for case in cases {
        for value in values(&case) {
            let mut with = case.clone();
            with.insert(axis.to_owned(), value);
            wider.push(with);
        }
    }
    wider
}

fn plain(names: Vec<String>) -> Vec<CaseValue> {
    names.into_iter().map(|name| CaseValue { value: Value::String(name), label: None }).collect()
}

fn runtime_names(values: &RuntimeValues, around: Surroundings<'_>) -> Vec<String> {
    match values {
        RuntimeValues::These(names) => names.clone(),
        RuntimeValues::Any => {
            let names = around.registry.runtimes.iter().map(|runtime| runtime.name.value.clone());
            names.filter(|name| around.contract.known_runtimes.contains(name)).collect()
        }
    }
}
