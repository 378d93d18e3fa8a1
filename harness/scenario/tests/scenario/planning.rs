//! From a seed to a plan.

use document::Source;
use scenario::{Plan, PlanRequest, Scenario, plan, read_scenario};

use crate::surroundings::Loaded;

const TEAM: &str = include_str!("two_runtimes.yaml");

fn read(loaded: &Loaded, id: &str, text: &str) -> Scenario {
    read_scenario(&Source::new(format!("{id}.yaml"), text), id, loaded.around()).unwrap()
}

fn request<'a>(loaded: &'a Loaded, scenarios: &'a [Scenario], seed: u64) -> PlanRequest<'a> {
    PlanRequest {
        scenarios,
        around: loaded.around(),
        oracle: loaded.oracle(),
        seed,
        seeds: None,
        all_cases: false,
        case: None,
    }
}

fn cases(plan: &Plan) -> Vec<&str> {
    plan.journeys.iter().map(|journey| journey.case.as_str()).collect()
}

#[test]
fn the_same_seed_gives_the_same_plan_and_another_seed_another() {
    let loaded = Loaded::builtin();
    let scenarios = [read(&loaded, "a", TEAM)];
    let planned = |seed| plan(&request(&loaded, &scenarios, seed));
    assert_eq!(planned(7), planned(7));
    assert_ne!(cases(&planned(7)), cases(&planned(8)));
}

#[test]
fn another_scenario_changes_no_draw_of_this_one() {
    let loaded = Loaded::builtin();
    let alone = [read(&loaded, "a", TEAM)];
    let beside = [read(&loaded, "b", TEAM), read(&loaded, "a", TEAM)];
    let with_other = plan(&request(&loaded, &beside, 1));
    let of_a: Vec<_> = with_other.journeys.into_iter().filter(|journey| journey.scenario == "a").collect();
    assert_eq!(of_a, plan(&request(&loaded, &alone, 1)).journeys);
}

#[test]
fn a_draw_takes_listed_platform_ids_without_doubles_and_notes_what_is_missing() {
    let loaded = Loaded::builtin();
    let scenarios = [read(&loaded, "a", TEAM)];
    let planned = plan(&request(&loaded, &scenarios, 1));
    let on = |runtime: &str| cases(&planned).into_iter().filter(|case| case.contains(runtime)).count();
    assert_eq!((on("runtime=claude-code"), on("runtime=hermes")), (4, 2));
    let keys: std::collections::BTreeSet<_> = cases(&planned).into_iter().collect();
    assert_eq!(keys.len(), 6);
    assert_eq!(planned.left_out.len(), 1);
    assert!(planned.left_out[0].note.contains("hermes: 2 ids"), "{:?}", planned.left_out);
}

#[test]
fn many_seeds_play_one_drawn_case_each_unless_all_are_asked_for() {
    let loaded = Loaded::builtin();
    let scenarios = [read(&loaded, "a", TEAM)];
    let many = PlanRequest { seeds: Some(20), ..request(&loaded, &scenarios, 1) };
    let planned = plan(&many);
    assert_eq!(planned.journeys.len(), 20);
    let keys: std::collections::BTreeSet<_> = cases(&planned).into_iter().collect();
    assert!(keys.len() > 3, "20 seeds drew only {keys:?}");
    assert_eq!(plan(&PlanRequest { all_cases: true, ..many }).journeys.len(), 120);
}

#[test]
fn one_counted_seed_plays_one_drawn_case_too() {
    let loaded = Loaded::builtin();
    let scenarios = [read(&loaded, "a", TEAM)];
    let one = PlanRequest { seeds: Some(1), ..request(&loaded, &scenarios, 1) };
    assert_eq!(plan(&one).journeys.len(), 1);
}

#[test]
fn journey_names_are_unique_in_a_run() {
    let loaded = Loaded::builtin();
    let scenarios = [read(&loaded, "a", TEAM), read(&loaded, "a-b", TEAM)];
    let many = PlanRequest { seeds: Some(5), all_cases: true, ..request(&loaded, &scenarios, 1) };
    let planned = plan(&many);
    let names: std::collections::BTreeSet<_> = planned.journeys.iter().map(|journey| &journey.id).collect();
    assert_eq!(names.len(), planned.journeys.len());
}

#[test]
fn a_null_in_a_list_of_models_is_an_absent_field() {
    let text = "title: t\nwhy: w\nvary:\n  runtime: [claude-code]\n  model: [null, sonnet]\nsteps:\n  \
                - user_says: { text: hi, members: [a], runtime: $runtime, model: $model }\n";
    let loaded = Loaded::builtin();
    let scenarios = [read(&loaded, "a", text)];
    let planned = plan(&request(&loaded, &scenarios, 1));
    assert_eq!(cases(&planned), ["runtime=claude-code,model=absent", "runtime=claude-code,model=sonnet"]);
}

const WITHOUT_KEY: &str = include_str!("../../../../scenarios/first_run/byok_without_a_key.yaml");
const WITH_KEY: &str = include_str!("../../../../scenarios/first_run/byok_with_its_key.yaml");
const CHOOSES: &str = include_str!("../../../../scenarios/first_run/agent_chooses.yaml");
const LATER: &str = include_str!("../../../../scenarios/first_run/refused_later.yaml");

#[test]
fn vendor_ids_are_drawn_in_every_shape_that_a_vendors_arm_owns() {
    let loaded = Loaded::builtin();
    let scenarios = [read(&loaded, "a", WITHOUT_KEY)];
    let labels: std::collections::BTreeSet<String> = (1..60)
        .flat_map(|seed| plan(&request(&loaded, &scenarios, seed)).journeys)
        .filter_map(|journey| journey.values["model"].label.clone())
        .collect();
    for shape in ["bare", "colon", "dated", "prefix, slash", "prefix, colon"] {
        assert!(labels.contains(&format!("vendor arm, {shape}")), "no {shape} in {labels:?}");
    }
}

#[test]
fn a_matching_key_is_one_that_the_ids_arm_accepts_and_stands_where_the_axis_says() {
    let loaded = Loaded::builtin();
    let scenarios = [read(&loaded, "a", WITH_KEY)];
    let planned = plan(&request(&loaded, &scenarios, 1));
    assert!(planned.journeys.len() >= 8, "{:?}", cases(&planned));
    for journey in &planned.journeys {
        let key = scenario::KeyGiven::of_value(&journey.values["key"].value).unwrap();
        let (runtime, model) = (&journey.values["runtime"].value, &journey.values["model"].value);
        let (runtime, model) = (runtime.as_str().unwrap(), model.as_str().unwrap());
        let resolved = loaded.oracle().resolve(runtime, model, &[&key.name]).unwrap();
        assert!(resolved.auth_env.contains(&key.name), "{}", journey.case);
    }
}

#[test]
fn a_case_whose_promise_the_contract_does_not_make_is_skipped_with_its_key() {
    let loaded = Loaded::of("incident");
    let scenarios = [read(&loaded, "a", CHOOSES)];
    let planned = plan(&request(&loaded, &scenarios, 1));
    assert!(planned.journeys.is_empty());
    assert_eq!(planned.skipped.len(), 1, "{:?}", planned.skipped);
    assert!(planned.skipped[0].reason.contains("tool_text.states_namespace_rule"), "{:?}", planned.skipped);
}

#[test]
fn every_entry_is_played_with_the_ids_of_its_draw() {
    let loaded = Loaded::builtin();
    let scenarios = [read(&loaded, "a", LATER)];
    let planned = plan(&request(&loaded, &scenarios, 1));
    for entry in contract::Entry::ALL {
        let word = format!("entry={}", entry.as_str());
        assert_eq!(cases(&planned).iter().filter(|case| case.contains(&word)).count(), 3, "{word}");
    }
}

const FORMS: &str = r"
title: ids of many forms
why: they are drawn
vary:
  runtime: [claude-code, hermes]
  entry: [create, put_model]
  model: { forms: [absent, padded, past_limit], draw: 3 }
  values: { tone: [polite, rude] }
steps:
  - provision: { entry: $entry, name: member, runtime: $runtime, model: $model }
  - expect: as_predicted
  - user_says: { text: 'be $tone and build me a team', members: [other] }
";

#[test]
fn forms_are_drawn_with_their_label_and_what_promises_nothing_is_left_out_and_counted() {
    let loaded = Loaded::builtin();
    let scenarios = [read(&loaded, "a", FORMS)];
    let planned = plan(&request(&loaded, &scenarios, 1));
    assert_eq!(planned.journeys.len(), 2 * 2 * 3 * 2, "{:?}", cases(&planned));
    for journey in &planned.journeys {
        let model = &journey.values["model"];
        let form = model.form.unwrap().as_str();
        assert!(["absent", "padded", "past_limit"].contains(&form), "{form}");
        assert!(model.label.as_ref().unwrap().starts_with(form), "{model:?}");
        // What changes a row names an id.
        let is_put = journey.values["entry"].value == "put_model";
        assert!(!is_put || !model.value.is_null(), "{}", journey.case);
        assert!(journey.case.contains("tone="), "{}", journey.case);
    }
    assert_eq!(planned.offered.len(), 4, "{:?}", planned.offered);
    assert_eq!((planned.offered[0].forms.len(), planned.offered[1].forms.len()), (3, 2));
    // A key by its name is the key of the case, and none is one of its values.
    let named = FORMS
        .replace("  model:", "  key: [null, { name: KIMI_API_KEY, scope: payload }]\n  model:")
        .replace("model: $model }", "model: $model, key: $key }");
    let scenarios = [read(&loaded, "a", &named)];
    let planned = plan(&request(&loaded, &scenarios, 1));
    assert!(planned.journeys.iter().any(|journey| journey.case.contains("key=payload-KIMI_API_KEY")));
    assert!(planned.journeys.iter().any(|journey| journey.case.contains("entry=put_model,key=none")));
}
