//! `refused`: where, with which code, told to whom and in which words; each broken by one change, with its green twin.

use contract::{Entry, Word};
use journal::{CheckOutcome, CheckSubject, EntryStep, Fact, Finding, FindingKind, Verdict};
use serde_json::json;

use crate::court::{Court, outcome};
use crate::facts::{self, GROWTH, MODEL, PRODUCT, TEAM};
use crate::green::assert_green;
use crate::journey::Journey;
use crate::refusals::{self, at_provisioning, early, expecting};
use crate::which::{is_began, is_ended, is_turn_over};

const STEP: CheckSubject = CheckSubject::Step(1);

/// The findings of the step alone.
fn found(court: &Court, journey: &Journey) -> Vec<Finding> {
    let judged = court.judge(&journey.observations());
    judged.findings.into_iter().filter(|finding| finding.invariant.is_none()).collect()
}

fn kinds(court: &Court, journey: &Journey) -> Vec<FindingKind> {
    found(court, journey).iter().map(|finding| finding.kind).collect()
}

#[test]
fn a_refusal_is_kept_in_either_place_that_the_contract_allows() {
    assert_green(&refusals::court(), &at_provisioning(TEAM));
    assert_green(&refusals::court(), &early(TEAM));
    assert_green(&refusals::court_of_the_gate(), &early(TEAM));
}

#[test]
fn its_code_alternative_and_place_are_captured_where_all_attempts_agree() {
    let of = |court: &Court, journey: &Journey| court.captures(1, &journey.observations());
    for (court, journey, place) in [
        (refusals::court(), at_provisioning(TEAM), "at_provisioning"),
        (refusals::court_of_the_gate(), early(TEAM), "early"),
    ] {
        let captured = of(&court, &journey);
        let expected = [
            ("told.code".to_owned(), json!("MISSING_BYOK_CREDENTIAL")),
            ("told.alternative".to_owned(), json!(MODEL)),
            ("told.place".to_owned(), json!(place)),
        ];
        assert_eq!(captured, expected);
    }
    let other = refusals::reason(GROWTH).replace(MODEL, "anthropic/claude-fable-5");
    let disagreeing = refusals::with_reason(at_provisioning(TEAM), GROWTH, &other);
    assert!(of(&refusals::court(), &disagreeing).is_empty());
    let wordless = refusals::without_an_alternative(at_provisioning(TEAM));
    assert!(of(&refusals::court(), &wordless).is_empty());
}

#[test]
fn what_comes_online_calls_a_model_or_settles_otherwise_was_not_refused() {
    let court = refusals::court();
    let online = at_provisioning(TEAM).with_before(is_ended(1), [facts::look(GROWTH, "online")]);
    assert_eq!(kinds(&court, &online), [FindingKind::NotRefused]);
    assert_eq!(kinds(&court, &refusals::calls_a_model(at_provisioning(TEAM))), [FindingKind::NotRefused]);
    let still =
        |status: &'static str| at_provisioning(TEAM).with_row(GROWTH, |row| row.status = status.into());
    for status in ["provisioning", "paused"] {
        let journey = still(status).change(|fact| {
            if let Fact::ToolCall(call) = fact {
                call.text = call.text.replace("\"failed\"", "\"provisioning\"");
            }
        });
        let found = found(&court, &journey);
        assert!(found.iter().any(|finding| finding.kind == FindingKind::NotRefused), "{status}: {found:#?}");
    }
}

#[test]
fn nothing_attempted_is_nothing_refused() {
    let is_create = |fact: &Fact| matches!(fact, Fact::ToolCall(call) if call.tool == "provision_workspace");
    let kinds = kinds(&refusals::court_of_the_gate(), &early(TEAM).without(is_create));
    assert_eq!(kinds, [FindingKind::NotRefused]);
}

#[test]
fn a_5xx_is_no_refusal() {
    let broken = early(TEAM).change(|fact| {
        if let Fact::ToolCall(call) = fact {
            call.text = call.text.replace("\"status\":422", "\"status\":503");
        }
    });
    let kinds = kinds(&refusals::court_of_the_gate(), &broken);
    assert_eq!(kinds, [FindingKind::NotRefused, FindingKind::NotRefused]);
}

#[test]
fn a_refusal_that_the_contract_promises_early_may_not_come_late_nor_the_other_way() {
    let late = kinds(&refusals::court_of_the_gate(), &at_provisioning(TEAM));
    assert!(late.contains(&FindingKind::RefusedElsewhere), "{late:?}");
    let of_the_night = expecting("incident", "{ code: MISSING_BYOK_CREDENTIAL, keep: told }");
    let too_early = kinds(&of_the_night, &early(TEAM));
    assert!(too_early.contains(&FindingKind::RefusedElsewhere), "{too_early:?}");
    assert!(!kinds(&of_the_night, &at_provisioning(TEAM)).contains(&FindingKind::RefusedElsewhere));
}

#[test]
fn an_explicit_code_is_absolute_and_without_one_there_must_be_some_code() {
    let another = refusals::with_another_code(at_provisioning(TEAM));
    assert_eq!(kinds(&refusals::court(), &another), [FindingKind::CodeDiffers]);
    let any = expecting("as-designed", "{ keep: told }");
    assert!(kinds(&any, &another).is_empty());
    let none = at_provisioning(TEAM).change(|fact| match fact {
        Fact::Events(seen) if seen.workspace == GROWTH.row => {
            seen.events[1].payload.remove("code");
        }
        _ => {}
    });
    assert_eq!(kinds(&any, &none), [FindingKind::CodeDiffers]);
}

/// Takes a member's reason out of one place.
fn silenced(place: &str) -> Journey {
    let journey = at_provisioning(TEAM);
    match place {
        "list" | "read" => journey.change(|fact| match fact {
            Fact::Row(seen) if seen.workspace == GROWTH.row => {
                let is_list = seen.source == journal::RowSource::List;
                if is_list == (place == "list") {
                    seen.row.iter_mut().for_each(|row| row.reason = None);
                }
            }
            _ => {}
        }),
        "event" => journey.change(|fact| match fact {
            Fact::Events(seen) if seen.workspace == GROWTH.row => {
                seen.events[1].payload.remove("error");
            }
            _ => {}
        }),
        "tool_result" => journey.change(|fact| match fact {
            Fact::ToolCall(call) if call.argument("workspace_id") == Some(GROWTH.row) => {
                call.text = call.text.replace("last_sample_error", "hidden");
            }
            _ => {}
        }),
        _ => refusals::untold_to_the_user(journey),
    }
}

#[test]
fn the_reason_is_missed_in_each_promised_place_by_itself() {
    for (place, words) in [
        ("list", "the list of workspaces"),
        ("read", "the single read"),
        ("event", "the event of the failure"),
        ("tool_result", "the tool's result"),
        ("user", "the user's chat"),
    ] {
        let found = found(&refusals::court(), &silenced(place));
        let [finding] = found.as_slice() else { panic!("{place}: {found:#?}") };
        assert_eq!(finding.kind, FindingKind::NotSurfaced, "{place}");
        assert!(finding.seen.contains(words), "{place}: {}", finding.seen);
        assert_eq!(finding.subject.as_deref(), Some("enter-growth"));
        let others =
            expecting("as-designed", "{ surfaced_to: [list, read, event, tool_result, user], keep: told }");
        assert_eq!(kinds(&others, &silenced(place)), [FindingKind::NotSurfaced], "{place}");
    }
    let read_alone = expecting("as-designed", "{ surfaced_to: [read], keep: told }");
    assert!(kinds(&read_alone, &silenced("list")).is_empty(), "an explicit list is absolute");
    assert_eq!(kinds(&read_alone, &silenced("read")), [FindingKind::NotSurfaced]);
}

#[test]
fn a_place_that_the_case_can_not_have_is_not_promised_but_may_be_demanded() {
    let is_read = |fact: &Fact| matches!(fact, Fact::ToolCall(call) if call.tool == "get_workspace");
    let unread = at_provisioning(TEAM).without(is_read);
    assert!(kinds(&refusals::court(), &unread).is_empty());
    let demanded = expecting("as-designed", "{ surfaced_to: [tool_result], keep: told }");
    assert_eq!(kinds(&demanded, &unread), [FindingKind::NotSurfaced, FindingKind::NotSurfaced]);
}

#[test]
fn what_two_places_say_is_compared_byte_for_byte() {
    let journey = at_provisioning(TEAM).change(|fact| match fact {
        Fact::Row(seen) if seen.workspace == GROWTH.row && seen.source == journal::RowSource::Read => {
            seen.row
                .iter_mut()
                .for_each(|row| row.reason = row.reason.as_ref().map(|text| text.clone() + " "));
        }
        _ => {}
    });
    assert_eq!(kinds(&refusals::court(), &journey), [FindingKind::ReasonDiffers]);
}

#[test]
fn words_are_demanded_as_promised_or_as_listed() {
    let without = |words: &str| {
        let other = refusals::reason(GROWTH).replace(words, "");
        refusals::with_reason(at_provisioning(TEAM), GROWTH, &other)
    };
    for (words, word) in [
        ("`claude-sonnet-4-6`", Word::Model),
        (" set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN,", Word::AcceptedKeys),
        (MODEL, Word::Alternative),
    ] {
        assert_eq!(kinds(&refusals::court(), &without(words)), [FindingKind::ReasonLacksWord], "{word:?}");
        let nothing = expecting("as-designed", "{ reason_names: [], keep: told }");
        assert!(kinds(&nothing, &without(words)).is_empty(), "{word:?}");
    }
    let model_alone = expecting("as-designed", "{ reason_names: [model], keep: told }");
    assert!(kinds(&model_alone, &without(MODEL)).is_empty());
    let unusable = refusals::court_of_the_gate()
        .promising(|contract| contract.refusals.early.alternative_is_usable_on.0.clear());
    let early = refusals::with_reason(early(TEAM), GROWTH, &refusals::reason(GROWTH).replace(MODEL, ""));
    assert!(kinds(&unusable, &early).is_empty(), "an alternative is promised where there is a usable one");
    assert_eq!(kinds(&refusals::court_of_the_gate(), &early), [FindingKind::ReasonLacksWord]);
}

/// A stubborn agent removes its failed row and types the same id once more.
fn stubborn() -> Journey {
    let second = facts::Member { row: "row-second", ..GROWTH };
    let late = at_provisioning(TEAM);
    let again: Vec<Fact> = late
        .facts()
        .iter()
        .filter(|fact| {
            serde_json::to_string(fact).unwrap().contains(GROWTH.row) && !matches!(fact, Fact::Census(_))
        })
        .map(|fact| {
            serde_json::from_str(&serde_json::to_string(fact).unwrap().replace(GROWTH.row, second.row))
                .unwrap()
        })
        .collect();
    let (calls, rest) = again.split_at(2);
    let (seen, tail) = rest.split_at(3);
    let removed = facts::tool_call(
        "deprovision_workspace",
        json!({"workspace_id": GROWTH.row, "confirm_name": GROWTH.name}),
        &json!({"status": "removed"}),
    );
    let gone = facts::look_in_vain(GROWTH, 410);
    let is_list_of_first = |fact: &Fact| matches!(fact, Fact::Row(seen) if seen.workspace == GROWTH.row);
    late.without(is_list_of_first)
        .with_before(is_turn_over, std::iter::once(removed).chain(calls.to_vec()))
        .with_before(is_ended(1), std::iter::once(gone).chain(seen.to_vec()))
        .with_before(|fact| *fact == facts::offered(), tail[..tail.len() - 1].to_vec())
        .with_census(journal::TenantRole::Subject, journal::CensusMoment::End, |census| {
            census
                .rows
                .iter_mut()
                .filter(|row| row.id == GROWTH.row)
                .for_each(|row| row.id = second.row.into());
        })
        .change(|fact| match fact {
            Fact::Receipt(receipt) if receipt.workspace == GROWTH.row => {
                receipt.workspace = second.row.into()
            }
            _ => {}
        })
}

#[test]
fn both_attempts_of_a_stubborn_agent_were_refused_though_the_first_row_is_gone() {
    let court = refusals::court();
    let judged = court.judge(&stubborn().observations());
    assert_eq!(outcome(&judged, STEP), CheckOutcome::Held, "{judged:#?}");
    assert_eq!(judged.verdict, Verdict::Passed, "{judged:#?}");
    let first_online = stubborn().with_before(is_began(1), [facts::look(GROWTH, "online")]);
    assert_eq!(kinds(&court, &first_online), [FindingKind::NotRefused]);
}

fn scripted(entry: Entry, facts: Vec<Fact>) -> (Court, Journey) {
    let word = entry.as_str();
    let court = Court::of(&format!(
        "title: t\nwhy: w\nsteps:\n  - provision: {{ entry: {word}, name: enter-product, runtime: claude-code, model: \
         claude-sonnet-4-6 }}\n  - expect: {{ refused: {{ code: MISSING_BYOK_CREDENTIAL }} }}\n"
    ));
    let mut journey = Journey::empty();
    journey.come_up();
    journey.tell([facts::began(0, "provision")]);
    journey.tell(facts);
    (court, journey)
}

/// The row before a change was online and its box called a model: none of it counts.
#[test]
fn what_a_row_did_before_a_change_does_not_count() {
    let call = |step, status, model: &str| {
        let call = refusals::entry_call(Entry::PutModel, step, PRODUCT, status);
        Fact::EntryCall(journal::EntryCall { model: Some(model.into()), ..call })
    };
    let event = |name| facts::event(PRODUCT, name, &[]);
    let events = |more: Vec<wire::StoredEvent>| {
        let mut events = vec![event("WORKSPACE_PROVISIONING"), event("WORKSPACE_ONLINE")];
        events.extend(more);
        Fact::Events(journal::EventsSeen {
            tenant: journal::TenantRole::Subject,
            workspace: PRODUCT.row.into(),
            events,
        })
    };
    let why = refusals::reason(PRODUCT);
    let payload = [("error", why.as_str()), ("code", "MISSING_BYOK_CREDENTIAL")];
    let failed = facts::event(PRODUCT, "WORKSPACE_PROVISION_FAILED", &payload);
    let row = |source| {
        let row = journal::Row { reason: Some(why.clone()), ..facts::row(PRODUCT, "failed") };
        facts::seen(journal::TenantRole::Subject, source, row)
    };
    let story = |after: Fact| {
        let (court, mut journey) = scripted(
            Entry::PutModel,
            vec![
                call(EntryStep::Make, 201, MODEL),
                facts::look(PRODUCT, "online"),
                facts::model_call(journal::TenantRole::Subject, PRODUCT.row),
                events(Vec::new()),
                call(EntryStep::PutModel, 200, refusals::VENDORS),
                facts::look(PRODUCT, "online"),
                events(vec![event("WORKSPACE_PROVISIONING")]),
                after,
                row(journal::RowSource::Read),
                row(journal::RowSource::List),
                events(vec![event("WORKSPACE_PROVISIONING"), failed.clone()]),
            ],
        );
        journey.tell([facts::ended(0), facts::began(1, "expect"), facts::ended(1)]);
        outcome(&court.judge(&journey.observations()), STEP)
    };
    assert_eq!(story(facts::look(PRODUCT, "provisioning")), CheckOutcome::Held);
    assert_eq!(story(facts::look(PRODUCT, "online")), CheckOutcome::Broke);
    let called = facts::model_call(journal::TenantRole::Subject, PRODUCT.row);
    assert_eq!(story(called), CheckOutcome::Broke);
}

/// A refused change leaves the row as it was.
#[test]
fn a_row_goes_on_after_an_early_refusal_of_a_change() {
    let story = |status: &'static str| {
        let make = refusals::entry_call(Entry::PutModel, EntryStep::Make, PRODUCT, 201);
        let make = journal::EntryCall { model: Some(MODEL.into()), ..make };
        let put = refusals::entry_call(Entry::PutModel, EntryStep::PutModel, PRODUCT, 422);
        let put = journal::EntryCall {
            model: Some(refusals::VENDORS.into()),
            code: Some("MISSING_BYOK_CREDENTIAL".into()),
            reason: Some(refusals::reason(PRODUCT)),
            ..put
        };
        let (court, mut journey) = scripted(
            Entry::PutModel,
            vec![
                Fact::EntryCall(make),
                facts::look(PRODUCT, "online"),
                Fact::EntryCall(put),
                facts::look(PRODUCT, status),
            ],
        );
        journey.tell([facts::ended(0), facts::began(1, "expect"), facts::ended(1)]);
        let judged = court.judge(&journey.observations());
        (outcome(&judged, STEP), judged.findings.into_iter().map(|finding| finding.kind).collect::<Vec<_>>())
    };
    assert_eq!(story("online").0, CheckOutcome::Held);
    let (broke, kinds) = story("failed");
    assert_eq!(broke, CheckOutcome::Broke);
    assert!(kinds.contains(&FindingKind::RefusalLeftTrace), "{kinds:?}");
}
