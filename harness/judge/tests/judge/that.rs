//! `that`: an expression over the facts.

use journal::{CheckOutcome, CheckSubject, Fact, FindingKind};
use judge::Holding;

use crate::court::{Court, outcome};
use crate::facts::{self, GROWTH, TEAM};
use crate::journey::Journey;
use crate::refusals;
use crate::which::{is_events, is_row, is_turn_over};

fn holds(expression: &str, journey: &Journey) -> Result<(), String> {
    let court = Court::of_step(&format!("expect: {{ that: \"{expression}\" }}"));
    match court.holding(&journey.observations()) {
        Holding::Yes => Ok(()),
        Holding::NotYet(findings) => panic!("waiting does not mend it: {findings:#?}"),
        Holding::Never(findings) => {
            assert_eq!(findings[0].kind, FindingKind::ExpressionFailed);
            assert_eq!(findings[0].expected, expression);
            Err(findings[0].seen.clone())
        }
    }
}

#[test]
fn an_expression_sees_the_answer_the_row_its_events_and_its_calls() {
    let green = Journey::green();
    for expression in [
        "answer.status == 200 && answer.text.contains('enter-growth')",
        "row.name == 'enter-growth' && row.status == 'online' && row.tier == 4",
        "row.reason == ''",
        "events[0].event_type == 'WORKSPACE_PROVISIONING' && size(events) == 2",
        "size(model_calls) == 2 && model_calls.all(c, c.payer == 'platform' && c.endpoint == 'proxy')",
        "model_calls[0].model == 'moonshot/kimi-k2.6'",
    ] {
        assert_eq!(holds(expression, &green), Ok(()), "{expression}");
    }
    let failed = refusals::at_provisioning(TEAM);
    assert_eq!(
        holds(
            "events.exists(e, has(e.payload.code) && e.payload.code == 'MISSING_BYOK_CREDENTIAL')",
            &failed
        ),
        Ok(())
    );
    assert_eq!(holds("size(model_calls) == 0", &failed), Ok(()));
}

#[test]
fn a_scripted_call_is_an_answer_too() {
    let call = refusals::entry_call(contract::Entry::Create, journal::EntryStep::Make, GROWTH, 422);
    let call = journal::EntryCall { workspace: None, code: Some("MODEL_REQUIRED".into()), ..call };
    let journey = Journey::green().with_before(is_events(GROWTH), [Fact::EntryCall(call)]);
    assert_eq!(
        holds(
            "answer.status == 422 && answer.code == 'MODEL_REQUIRED' && answer.entry == 'create'",
            &journey
        ),
        Ok(())
    );
}

#[test]
fn whatever_is_not_true_fails_in_words() {
    let green = Journey::green();
    for (expression, seen) in [
        ("row.tier == 3", "it is false"),
        ("row.tier", "it is no boolean"),
        ("row.model == 'x'", "model"),
        ("row.status > 3", ""),
    ] {
        let said = holds(expression, &green).unwrap_err();
        assert!(said.contains(seen), "{expression}: {said}");
    }
    let untold = Journey::green().without(is_events(GROWTH));
    assert!(holds("size(events) == 0", &untold).is_err(), "what was not read is missing, not empty");
    assert!(holds("row.status == 'online'", &Journey::green().without(is_row(GROWTH))).is_err());
    assert!(holds("answer.status == 200", &Journey::green().without(is_turn_over)).is_err());
}

#[test]
fn a_step_is_judged_by_what_had_been_seen_at_its_end() {
    let court = Court::of_team_ending_with("expect: { that: \"row.status == 'online'\" }");
    let judged = court.judge(&Journey::green().observations());
    assert_eq!(outcome(&judged, CheckSubject::Step(4)), CheckOutcome::Held);
    let later = Journey::green().with_row_at_the_end(GROWTH, |row| row.status = "offline".into());
    assert_eq!(outcome(&court.judge(&later.observations()), CheckSubject::Step(4)), CheckOutcome::Held);
    let before = Journey::green().with_before(crate::which::is_began(4), [facts::look(GROWTH, "offline")]);
    assert_eq!(outcome(&court.judge(&before.observations()), CheckSubject::Step(4)), CheckOutcome::Broke);
}
