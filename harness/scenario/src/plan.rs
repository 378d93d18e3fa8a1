//! The ordered list of journeys that a run will play. Starts nothing.

use std::collections::BTreeMap;

use contract::Contract;
use journal::{CaseValue, FormsOffered, LeftOut, PlannedJourney, Skipped, Streams};
use oracle::Oracle;
use serde::Serialize;

use crate::beyond::beyond;
use crate::check::Surroundings;
use crate::draft::Draft;
use crate::forms::Forms;
use crate::{Bindings, Scenario, draw};

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
    /// The forms that could be drawn, whether they were or not.
    pub offered: Vec<FormsOffered>,
}

/// The value of every axis of a case.
pub(crate) type Values = BTreeMap<String, CaseValue>;

/// Makes the plan. The same request gives the same plan, byte for byte.
pub fn plan(request: &PlanRequest<'_>) -> Plan {
    let mut plan =
        Plan { journeys: Vec::new(), skipped: Vec::new(), left_out: Vec::new(), offered: Vec::new() };
    let forms = Forms::of(request.around.registry);
    let mut unpromised: BTreeMap<&str, usize> = BTreeMap::new();
    for step in 0..request.seeds.unwrap_or(1).max(1) {
        let seed = request.seed.wrapping_add(step);
        for scenario in request.scenarios {
            let mut draft = Draft::of(scenario, request, seed, &forms);
            let mut journeys = draft.journeys();
            let mut whys = draft.notes.clone();
            whys.extend((draft.unpromised > 0).then(|| left_out_unpromised(draft.unpromised)));
            let why_empty = format!("no case is left: {}", whys.join("; "));
            *unpromised.entry(scenario.id.as_str()).or_default() += draft.unpromised;
            if step == 0 {
                plan.offered.extend(draft.offered());
            }
            plan.left_out
                .extend(draft.notes.into_iter().map(|note| LeftOut { scenario: scenario.id.clone(), note }));
            if journeys.is_empty() {
                let lacking = missing(scenario, request.around, request.oracle, &BTreeMap::new());
                plan.skipped.push(whole(scenario, &lacking.unwrap_or(why_empty)));
            }
            journeys.retain(|journey| {
                match missing(scenario, request.around, request.oracle, &journey.values) {
                    None => true,
                    Some(reason) => {
                        let (scenario, case) = (journey.scenario.clone(), Some(journey.case.clone()));
                        plan.skipped.push(Skipped { scenario, case, reason });
                        false
                    }
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
    let counted = unpromised.into_iter().filter(|(_, count)| *count > 0);
    plan.left_out.extend(
        counted.map(|(id, count)| LeftOut { scenario: id.to_owned(), note: left_out_unpromised(count) }),
    );
    plan.skipped = folded(plan.skipped, request);
    plan
}

fn left_out_unpromised(count: usize) -> String {
    format!("left out {count} drawn cases of which the contract promises nothing")
}

fn whole(scenario: &Scenario, reason: &str) -> Skipped {
    Skipped { scenario: scenario.id.clone(), case: None, reason: reason.to_owned() }
}

/// What a case needs and the stack can't do or the contract does not promise, in words.
pub(crate) fn missing(
    scenario: &Scenario,
    around: Surroundings<'_>,
    oracle: &Oracle,
    values: &Values,
) -> Option<String> {
    let bindings = Bindings::new(values.clone());
    beyond(scenario, around, oracle, &bindings).or_else(|| unpromised(scenario, around.contract, &bindings))
}

/// The promise that a case needs and the contract does not make, in words.
fn unpromised(scenario: &Scenario, contract: &Contract, bindings: &Bindings) -> Option<String> {
    let entry = scenario.entry(bindings);
    let runtime = bindings.text("runtime");
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
