//! Each step is judged by what was seen from its beginning to its end, or to the end of its wait.

use journal::{AskReason, CheckOutcome, CheckSubject, Fact, FindingKind, Layer, Verdict, WaitOutcome};

use crate::changes::without_member;
use crate::court::{Court, outcome};
use crate::facts::{self, GROWTH, PRODUCT};
use crate::green::assert_green;
use crate::journey::Journey;
use crate::which::{is_asked, is_began, is_ended, is_turn_over, is_wait};

/// The events of a row that goes offline and comes back.
const WAVERED: [&str; 2] = ["WORKSPACE_OFFLINE", "WORKSPACE_ONLINE"];

fn unpaid() -> Fact {
    let mut fact = facts::model_call(journal::TenantRole::Subject, GROWTH.row);
    if let Fact::ModelCall(call) = &mut fact {
        call.payer = None;
    }
    fact
}

#[test]
fn what_comes_after_a_step_is_not_held_against_it() {
    assert_green(&Court::of_team(), &Journey::green().with_before(is_began(4), [unpaid()]));
    let judged =
        Court::of_team().judge(&Journey::green().with_before(is_ended(3), [unpaid()]).observations());
    assert_eq!(outcome(&judged, CheckSubject::Step(3)), CheckOutcome::Broke);
}

#[test]
fn what_comes_after_a_wait_is_not_held_against_it() {
    let journey = Journey::green()
        .with_before(is_ended(1), [facts::look(GROWTH, "offline")])
        .with_before(is_began(2), [facts::look(GROWTH, "online")])
        .with_events(GROWTH, &WAVERED);
    assert_green(&Court::of_team(), &journey);
    let journey = Journey::green()
        .with_before(is_ended(4), [facts::look(GROWTH, "offline")])
        .with_events(GROWTH, &WAVERED);
    assert_green(&Court::of_team(), &journey);
}

#[test]
fn a_wait_that_ran_out_of_time_says_how_long_it_was() {
    let ended = |outcome| {
        let journey = Journey::green()
            .with_before(is_wait(1), [facts::look(GROWTH, "provisioning")])
            .change(|fact| match fact {
                Fact::Wait(wait) if wait.step == 1 => wait.outcome = outcome,
                _ => {}
            })
            .broken_at(1)
            .with_events(GROWTH, &["WORKSPACE_PROVISIONING", "WORKSPACE_ONLINE"]);
        let judged = Court::of_team().judge(&journey.observations());
        let [finding] = judged.findings.as_slice() else { panic!("{judged:#?}") };
        assert_eq!(finding.kind, FindingKind::RowDiffers);
        finding.seen.clone()
    };
    assert_eq!(ended(WaitOutcome::TimedOut), "status provisioning, still so after 276 ms and 2 looks");
    assert_eq!(ended(WaitOutcome::Hopeless), "status provisioning");
}

#[test]
fn steps_after_a_broken_one_are_not_evaluated_and_the_journey_failed() {
    let journey = Journey::green().with_before(is_wait(1), [facts::look(GROWTH, "failed")]).broken_at(1);
    let judged = Court::of_team().judge(&journey.observations());
    assert_eq!(judged.verdict, Verdict::Failed);
    assert_eq!(judged.reason, None);
    for step in 2..5 {
        assert_eq!(outcome(&judged, CheckSubject::Step(step)), CheckOutcome::NotEvaluated);
    }
}

/// A scenario of two turns.
fn two_turns() -> Court {
    Court::of(
        "title: t\nwhy: w\ngiven: { bystander: true }\nsteps:\n  \
         - user_says: { text: hi, members: [enter-product] }\n  \
         - user_says: { text: more, members: [enter-growth] }\n",
    )
}

fn with_turn(reply: Option<&str>) -> Fact {
    let mut fact = facts::turn();
    if let Fact::Turn(turn) = &mut fact {
        turn.reply.text = reply.map(str::to_owned);
    }
    fact
}

/// The green journey with its turn told in two steps; the turn it had comes after both and belongs to neither.
fn of_two_turns(first: Option<&str>, second: Option<&str>) -> Journey {
    let turns = [with_turn(first), facts::ended(0), facts::began(1, "user_says"), with_turn(second)];
    Journey::green().with_before(is_turn_over, turns)
}

#[test]
fn every_turn_is_judged_by_its_own_answer() {
    let court = two_turns();
    for (first, second, broken) in [
        (Some("fine"), Some("fine"), None),
        (None, Some("fine"), Some(0)),
        (Some("fine"), None, Some(1)),
        (Some("fine"), Some("  "), Some(1)),
    ] {
        let judged = court.judge(&of_two_turns(first, second).observations());
        for step in 0..2 {
            let expected = if broken == Some(step) { CheckOutcome::Broke } else { CheckOutcome::Held };
            assert_eq!(outcome(&judged, CheckSubject::Step(step)), expected, "{first:?} {second:?}");
        }
        // Words that claim nothing are O-9's.
        for finding in judged.findings.iter().filter(|finding| finding.invariant.is_none()) {
            assert_eq!(finding.kind, FindingKind::TurnUnanswered);
            let words = ["user_says: { text: hi", "user_says: { text: more"][broken.unwrap()];
            assert_eq!(finding.at, court.place_of(words));
        }
    }
}

#[test]
fn what_the_agent_did_in_an_earlier_turn_proves_nothing_of_a_later_one() {
    let observations = of_two_turns(Some("fine"), None).observations();
    let judged = two_turns().judge(&observations);
    let proof: Vec<&Fact> = observations
        .iter()
        .filter(|seen| judged.findings[0].proof.contains(&seen.seq))
        .map(|seen| &seen.fact)
        .collect();
    assert!(matches!(proof.as_slice(), [Fact::Turn(_)]), "{proof:#?}");
}

fn asking_product() -> Court {
    let text = crate::court::TEAM.replace("- ask: { each: team,", "- ask: { workspace: enter-product,");
    Court::of(&text)
}

#[test]
fn who_is_not_asked_by_a_step_is_not_judged_by_it() {
    let step = AskReason::Step(2);
    let wrong = |member| {
        Journey::green().with_asked(member, step, |asked| asked.reply.text = Some("Not logged in".into()))
    };
    let judged = |journey: Journey| asking_product().judge(&journey.observations());
    assert_green(&asking_product(), &wrong(GROWTH));
    assert_green(&asking_product(), &Journey::green().without(is_asked(GROWTH, step)));
    assert_eq!(judged(wrong(PRODUCT)).findings.len(), 1);
    assert_eq!(judged(Journey::green().without(is_asked(PRODUCT, step))).verdict, Verdict::Broken);
}

#[test]
fn a_wrong_answer_is_told_though_another_question_is_missing() {
    let step = AskReason::Step(2);
    let journey = Journey::green()
        .with_asked(GROWTH, step, |asked| asked.reply.text = Some("Not logged in".into()))
        .without(is_asked(PRODUCT, step));
    let judged = Court::of_team().judge(&journey.observations());
    assert_eq!(judged.verdict, Verdict::Failed);
    assert_eq!(judged.findings[0].kind, FindingKind::WrongAnswer);
}

/// Nobody can ask a member without a row: that it has none is the platform's failure, not ours.
#[test]
fn a_member_without_a_row_is_missed_where_it_should_be_asked() {
    let court = Court::of_step("ask: { each: team, question: known-answer }");
    let journey = without_member(Journey::green(), GROWTH)
        .with_before(is_ended(1), [facts::asked(PRODUCT, AskReason::Step(1))]);
    let judged = court.judge(&journey.observations());
    assert_eq!(judged.verdict, Verdict::Failed, "{judged:#?}");
    let missing = &judged.findings[0];
    assert_eq!((missing.kind, missing.layer), (FindingKind::RowMissing, Layer::Concierge));
    assert_eq!(missing.subject.as_deref(), Some("enter-growth"));
    assert_eq!(missing.at, court.place_of("ask:"));
}

#[test]
fn findings_stand_in_the_order_of_layers_steps_before_invariants() {
    let is_wrong = |asked: &mut journal::Asked| asked.reply.text = Some("Not logged in".into());
    let journey = Journey::green()
        .with_asked(PRODUCT, AskReason::FirstOnline, is_wrong)
        .with_asked(GROWTH, AskReason::Step(2), is_wrong)
        .with_row(GROWTH, |row| row.tier = 3);
    let judged = Court::of_team().judge(&journey.observations());
    let order: Vec<_> =
        judged.findings.iter().map(|found| (found.layer, found.invariant.is_some())).collect();
    assert_eq!(order, [(Layer::Rows, false), (Layer::Messages, false), (Layer::Messages, true)]);
}
