//! O-1: what became of an id, by every entry, against what the oracle predicts.

use contract::{Entry, MissingModel, UnregisteredId};
use journal::{CheckOutcome, EntryCall, EntryStep, Fact, FindingKind, InvariantId, Judged};

use crate::court::{Court, ruling};
use crate::facts::{self, MODEL, PRODUCT, TEAM};
use crate::invariants::{assert_broke, judged};
use crate::journey::Journey;
use crate::refusals::{self, VENDORS, entry_call};
use crate::which::{is_events, is_row, is_turn_over};

const O1: InvariantId = InvariantId::O1;

#[test]
fn what_comes_online_as_predicted_is_kept_and_what_fails_instead_is_not() {
    assert_eq!(ruling(&judged(&Journey::green()), O1), CheckOutcome::Held);
    let failed = Journey::green().with_row(PRODUCT, |row| row.status = "failed".into());
    let judged = judged(&failed);
    assert_eq!(ruling(&judged, O1), CheckOutcome::Broke);
    let finding = judged.findings.iter().find(|finding| finding.invariant == Some(O1)).unwrap();
    assert!(finding.expected.contains("comes online"), "{}", finding.expected);
    assert!(finding.seen.contains("its row failed"), "{}", finding.seen);
}

#[test]
fn what_becomes_of_an_id_is_unknown_without_a_look_at_its_row_and_without_its_events() {
    let unseen = Journey::green().without(is_row(PRODUCT));
    assert_eq!(ruling(&judged(&unseen), O1), CheckOutcome::NotEvaluated);
    let failed = refusals::at_provisioning(TEAM).without(is_events(PRODUCT));
    let judged = refusals::court_without_expectation().judge(&failed.observations());
    assert_eq!(ruling(&judged, O1), CheckOutcome::NotEvaluated);
}

#[test]
fn a_journey_without_an_attempt_and_a_contract_without_promises_have_nothing_to_judge() {
    let silent = Journey::green()
        .without(|fact| matches!(fact, Fact::ToolCall(call) if call.tool == "provision_workspace"));
    assert_eq!(ruling(&judged(&silent), O1), CheckOutcome::NotApplicable);
    let unpromised = Court::of_team()
        .promising(|contract| contract.unregistered_id.tool.value = UnregisteredId::Unpromised);
    let journey = with_model("no-such-model");
    assert_eq!(ruling(&unpromised.judge(&journey.observations()), O1), CheckOutcome::NotApplicable);
    assert_eq!(ruling(&judged(&journey), O1), CheckOutcome::Broke);
}

/// The green journey in which both members were asked for with this id.
fn with_model(model: &str) -> Journey {
    Journey::green().change(|fact| match fact {
        Fact::ToolCall(call) if call.tool == "provision_workspace" => call.arguments["model"] = model.into(),
        _ => {}
    })
}

#[test]
fn a_model_that_was_left_out_is_judged_by_its_own_promise() {
    let omitted = Journey::green().change(|fact| match fact {
        Fact::ToolCall(call) if call.tool == "provision_workspace" => {
            call.arguments.as_object_mut().unwrap().remove("model");
        }
        _ => {}
    });
    assert_eq!(ruling(&judged(&omitted), O1), CheckOutcome::Held);
    let refusing =
        Court::of_team().promising(|contract| contract.omitted_model.tool.value = MissingModel::Refused);
    assert_eq!(ruling(&refusing.judge(&omitted.observations()), O1), CheckOutcome::Broke);
}

#[test]
fn either_place_of_a_refusal_is_right_where_the_contract_allows_both() {
    let of = |court: fn() -> Court, journey: Journey| ruling(&court().judge(&journey.observations()), O1);
    for journey in [refusals::at_provisioning(TEAM), refusals::early(TEAM)] {
        assert_eq!(of(refusals::court, journey), CheckOutcome::Held);
    }
    assert_eq!(of(refusals::court_of_the_gate, refusals::early(TEAM)), CheckOutcome::Held);
    assert_eq!(of(refusals::court_of_the_gate, refusals::at_provisioning(TEAM)), CheckOutcome::Broke);
}

#[test]
fn the_status_and_the_code_of_an_early_refusal_are_promised() {
    for (from, to, seen) in [
        (r#""status":422"#, r#""status":409"#, "status 409"),
        ("MISSING_BYOK_CREDENTIAL", "NO_KEY", "code NO_KEY"),
    ] {
        let journey = refusals::early(TEAM).change(|fact| {
            if let Fact::ToolCall(call) = fact {
                call.text = call.text.replace(from, to);
            }
        });
        let judged = refusals::court_of_the_gate().judge(&journey.observations());
        let found: Vec<_> = judged.findings.iter().filter(|finding| finding.invariant == Some(O1)).collect();
        assert_eq!(found.len(), 2, "{judged:#?}");
        assert!(found[0].seen.contains(seen), "{}", found[0].seen);
    }
}

#[test]
fn a_row_that_was_online_before_it_failed_did_not_come_to_what_was_predicted() {
    let journey =
        refusals::at_provisioning(TEAM).with_before(is_row(PRODUCT), [facts::look(PRODUCT, "online")]);
    let judged = refusals::court_without_expectation().judge(&journey.observations());
    let finding = judged.findings.iter().find(|finding| finding.invariant == Some(O1)).unwrap();
    assert!(finding.expected.contains("never was online"), "{finding:#?}");
    assert!(finding.seen.contains("its row was online"), "{finding:#?}");
}

/// A member by a scripted entry: these calls, then these looks.
fn scripted(entry: Entry, calls: Vec<EntryCall>, after: Vec<Fact>) -> Judged {
    let word = entry.as_str();
    let court = Court::of(&format!(
        "title: t\nwhy: w\nsteps:\n  - provision: {{ entry: {word}, name: enter-product, runtime: claude-code, model: \
         x }}\n"
    ));
    let mut journey = Journey::empty();
    journey.come_up();
    journey.tell([facts::began(0, "provision")]);
    journey.tell(calls.into_iter().map(Fact::EntryCall));
    journey.tell(after);
    journey.tell([facts::ended(0)]);
    court.judge(&journey.observations())
}

fn with(call: EntryCall, model: Option<&str>) -> EntryCall {
    EntryCall { model: model.map(str::to_owned), ..call }
}

fn made(entry: Entry, model: Option<&str>, status: u16) -> EntryCall {
    with(entry_call(entry, EntryStep::Make, PRODUCT, status), model)
}

fn refusal(call: EntryCall, code: Option<&str>) -> EntryCall {
    EntryCall { workspace: None, code: code.map(str::to_owned), ..call }
}

fn failed(code: &str) -> Vec<Fact> {
    let failed = facts::event(PRODUCT, "WORKSPACE_PROVISION_FAILED", &[("error", "why"), ("code", code)]);
    let events = vec![facts::event(PRODUCT, "WORKSPACE_PROVISIONING", &[]), failed];
    vec![facts::look(PRODUCT, "failed"), events_of(events)]
}

fn events_of(events: Vec<wire::StoredEvent>) -> Fact {
    let tenant = journal::TenantRole::Subject;
    Fact::Events(journal::EventsSeen { tenant, workspace: PRODUCT.row.into(), events })
}

#[test]
fn every_entry_has_its_own_promise() {
    let online = || vec![facts::look(PRODUCT, "online")];
    let unregistered = "UNREGISTERED_MODEL_FOR_RUNTIME";
    for (entry, call, after, expected) in [
        (Entry::Create, made(Entry::Create, Some(MODEL), 201), online(), CheckOutcome::Held),
        (Entry::Create, made(Entry::Create, Some(MODEL), 200), online(), CheckOutcome::Broke),
        (Entry::Tool, made(Entry::Tool, Some(MODEL), 201), online(), CheckOutcome::Held),
        (Entry::Import, made(Entry::Import, Some(MODEL), 201), online(), CheckOutcome::Held),
        (
            Entry::Import,
            made(Entry::Import, Some("no-such-model"), 201),
            failed(unregistered),
            CheckOutcome::Held,
        ),
        (Entry::Import, made(Entry::Import, Some("no-such-model"), 201), online(), CheckOutcome::Broke),
        (
            Entry::Create,
            made(Entry::Create, Some("no-such-model"), 201),
            failed(unregistered),
            CheckOutcome::Broke,
        ),
        (
            Entry::Create,
            refusal(made(Entry::Create, Some("no-such-model"), 422), Some(unregistered)),
            Vec::new(),
            CheckOutcome::Held,
        ),
        (
            Entry::Create,
            refusal(made(Entry::Create, Some("no-such-model"), 503), None),
            Vec::new(),
            CheckOutcome::Broke,
        ),
    ] {
        let judged = scripted(entry, vec![call.clone()], after);
        assert_eq!(ruling(&judged, O1), expected, "{call:?} {judged:#?}");
    }
}

#[test]
fn a_change_is_judged_from_the_provision_that_it_caused() {
    let put = with(entry_call(Entry::PutModel, EntryStep::PutModel, PRODUCT, 200), Some(VENDORS));
    let calls = |after: Vec<Fact>| {
        let mut between = vec![facts::look(PRODUCT, "online"), one_provision(), Fact::EntryCall(put.clone())];
        between.extend(after);
        scripted(Entry::PutModel, vec![made(Entry::PutModel, Some(MODEL), 201)], between)
    };
    let twice = |more: &[(&str, &str)]| {
        let event = |name| facts::event(PRODUCT, name, &[]);
        let (begun, on) = (event("WORKSPACE_PROVISIONING"), event("WORKSPACE_ONLINE"));
        let mut events = vec![begun.clone(), on, begun];
        if !more.is_empty() {
            events.push(facts::event(PRODUCT, "WORKSPACE_PROVISION_FAILED", more));
        }
        events_of(events)
    };
    let code = [("error", "why"), ("code", "MISSING_BYOK_CREDENTIAL")];
    let as_promised = vec![twice(&[]), facts::look(PRODUCT, "failed"), twice(&code)];
    assert_eq!(ruling(&calls(as_promised), O1), CheckOutcome::Held);
    let online = vec![twice(&[]), facts::look(PRODUCT, "online")];
    assert_eq!(ruling(&calls(online), O1), CheckOutcome::Broke);
    let nothing_began = vec![one_provision(), facts::look(PRODUCT, "online")];
    assert_eq!(ruling(&calls(nothing_began), O1), CheckOutcome::NotEvaluated);
}

fn one_provision() -> Fact {
    events_of(vec![
        facts::event(PRODUCT, "WORKSPACE_PROVISIONING", &[]),
        facts::event(PRODUCT, "WORKSPACE_ONLINE", &[]),
    ])
}

/// The runtime of a change is that of the row's create; the default one would know no such id.
#[test]
fn a_change_is_judged_on_the_runtime_of_its_row() {
    let of_codex = |call: EntryCall| EntryCall { runtime: Some("codex".into()), ..call };
    let put = with(entry_call(Entry::PutModel, EntryStep::PutModel, PRODUCT, 422), Some("claude-sonnet-4-6"));
    let put = EntryCall { code: Some("UNREGISTERED_MODEL_FOR_RUNTIME".into()), ..put };
    let first = of_codex(made(Entry::PutModel, Some("openai/gpt-5.4"), 201));
    let judged = scripted(Entry::PutModel, vec![first, put], vec![facts::look(PRODUCT, "online")]);
    assert_eq!(ruling(&judged, O1), CheckOutcome::Held, "{judged:#?}");
}

/// A refused change is no refusal where its row does not go on as it was, and nobody can tell without a look at it.
#[test]
fn a_refused_change_whose_row_does_not_go_on_is_otherwise_than_predicted() {
    let put = with(entry_call(Entry::PutModel, EntryStep::PutModel, PRODUCT, 422), Some("no-such-model"));
    let put = EntryCall { code: Some("UNREGISTERED_MODEL_FOR_RUNTIME".into()), ..put };
    let after = |facts: Vec<Fact>| {
        let mut between = vec![facts::look(PRODUCT, "online"), one_provision(), Fact::EntryCall(put.clone())];
        between.extend(facts);
        ruling(&scripted(Entry::PutModel, vec![made(Entry::PutModel, Some(MODEL), 201)], between), O1)
    };
    let again = || {
        let event = |name| facts::event(PRODUCT, name, &[]);
        let (begun, on) = (event("WORKSPACE_PROVISIONING"), event("WORKSPACE_ONLINE"));
        events_of(vec![begun.clone(), on.clone(), begun, on])
    };
    assert_eq!(after(vec![facts::look(PRODUCT, "online")]), CheckOutcome::Held);
    assert_eq!(after(vec![facts::look(PRODUCT, "failed")]), CheckOutcome::Broke);
    assert_eq!(after(vec![again(), facts::look(PRODUCT, "online")]), CheckOutcome::Broke);
    assert_eq!(after(Vec::new()), CheckOutcome::NotEvaluated);
}

#[test]
fn a_turn_that_made_no_attempt_is_not_o1s() {
    let court = Court::of_team();
    let none = Journey::green().without(is_turn_over);
    assert_eq!(ruling(&court.judge(&none.observations()), O1), CheckOutcome::Held, "the calls were seen");
    assert_broke(
        &refusals::with_another_code(refusals::at_provisioning(TEAM)),
        O1,
        FindingKind::VerdictDiffers,
        "SOMETHING_ELSE",
    );
}
