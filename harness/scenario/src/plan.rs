//! The ordered list of journeys that a run will play. Starts nothing.

use std::collections::BTreeMap;

use contract::Billing;
use journal::{CaseValue, LeftOut, Persona, PlannedJourney, Streams};
use serde::Serialize;
use serde_json::Value;

use crate::check::Surroundings;
use crate::{ModelValues, RuntimeValues, Scenario, case_key, draw, journey_id};

/// What a plan is made from.
#[derive(Clone, Debug)]
pub struct PlanRequest<'a> {
    /// The scenarios, in the order they are played.
    pub scenarios: &'a [Scenario],
    /// Contract and registry of the run.
    pub around: Surroundings<'a>,
    /// The first seed.
    pub seed: u64,
    /// How many seeds; more than one plays one drawn case of each scenario a seed.
    pub seeds: u64,
    /// Whether many seeds play all cases nevertheless.
    pub all_cases: bool,
    /// Only cases whose key is this one.
    pub case: Option<&'a str>,
}

/// The journeys of a run, in order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// What is played.
    pub journeys: Vec<PlannedJourney>,
    /// What a draw left out, and why.
    pub left_out: Vec<LeftOut>,
}

type Values = BTreeMap<String, CaseValue>;

/// Makes the plan. The same request gives the same plan, byte for byte.
pub fn plan(request: &PlanRequest<'_>) -> Plan {
    let mut plan = Plan { journeys: Vec::new(), left_out: Vec::new() };
    for step in 0..request.seeds.max(1) {
        let seed = request.seed.wrapping_add(step);
        for scenario in request.scenarios {
            let mut journeys = journeys_of(scenario, request, seed, &mut plan.left_out);
            if let Some(case) = request.case {
                journeys.retain(|journey| journey.case == case);
            } else if request.seeds > 1 && !request.all_cases {
                let streams = Streams::of(seed).below("case");
                journeys = draw::pick(journeys, 1, &streams, &scenario.id);
            }
            plan.journeys.append(&mut journeys);
        }
    }
    plan.left_out.dedup();
    plan
}

fn journeys_of(
    scenario: &Scenario,
    request: &PlanRequest<'_>,
    seed: u64,
    left_out: &mut Vec<LeftOut>,
) -> Vec<PlannedJourney> {
    let mut cases: Vec<Values> = vec![Values::new()];
    if let Some(runtimes) = &scenario.vary.runtime {
        cases = spread(cases, "runtime", |_| plain(runtime_names(runtimes, request.around)));
    }
    if let Some(models) = &scenario.vary.model {
        let streams = Streams::of(seed).below("draw").below(&scenario.id).below("model");
        cases = spread(cases, "model", |case| {
            let runtime = case.get("runtime").and_then(|value| value.value.as_str()).unwrap_or_default();
            model_values(models, request.around, runtime, &streams, |note| {
                left_out.push(LeftOut { scenario: scenario.id.clone(), note });
            })
        });
    }
    if !scenario.vary.persona.is_empty() {
        let names =
            scenario.vary.persona.iter().map(|persona: &Persona| persona.as_str().to_owned()).collect();
        let values = plain(names);
        cases = spread(cases, "persona", |_| values.clone());
    }
    cases.into_iter().map(|values| planned(scenario, values, seed)).collect()
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
            let is_known = |name: &String| around.contract.known_runtimes.contains(name);
            around
                .registry
                .runtimes
                .iter()
                .map(|runtime| runtime.name.value.clone())
                .filter(is_known)
                .collect()
        }
    }
}

fn model_values(
    values: &ModelValues,
    around: Surroundings<'_>,
    runtime: &str,
    streams: &Streams,
    mut note: impl FnMut(String),
) -> Vec<CaseValue> {
    match values {
        ModelValues::These(ids) => ids
            .iter()
            .map(|id| CaseValue { value: id.clone().map_or(Value::Null, Value::String), label: None })
            .collect(),
        ModelValues::Drawn { billing, count } => {
            let ids = draw::listed_ids(around.registry, runtime, *billing, *count, streams);
            let whose = match billing {
                Billing::Platform => "platform",
                Billing::Byok => "vendor",
            };
            if ids.len() < *count {
                let found = ids.len();
                note(format!("{runtime}: {found} ids on {whose} arms, where up to {count} are drawn"));
            }
            let label = Some(format!("{whose} arm, listed"));
            ids.into_iter().map(|id| CaseValue { value: Value::String(id), label: label.clone() }).collect()
        }
    }
}
