//! `stays` and `never`: what a window must have been watched for, and what breaks it.

use journal::{CheckOutcome, CheckSubject, Fact, FindingKind, Judged, Verdict, WaitOutcome};
use judge::MIN_SAMPLES;

use crate::court::{Court, outcome};
use crate::facts::{self, GROWTH, PRODUCT, TEAM};
use crate::green::assert_green;
use crate::journey::Journey;
use crate::which::{is_began, is_row, is_wait};

const STEP: CheckSubject = CheckSubject::Step(4);

/// Never is the whole team online; no look finds it so where one member is degraded.
const NEVER_ALL_ONLINE: &str = "never: { for: 250ms, team: all_online }";

/// The events of a row that goes offline and comes back.
const WAVERED: [&str; 2] = ["WORKSPACE_OFFLINE", "WORKSPACE_ONLINE"];

fn never_offline() -> Court {
    Court::of_team_ending_with("never: { for: 250ms, workspace: { enter-product: { status: offline } } }")
}

fn with_wait(journey: Journey, samples: u32, samples_after: u32, outcome: WaitOutcome) -> Journey {
    journey.change(|fact| match fact {
        Fact::Wait(wait) if wait.step == 4 => {
            (wait.samples, wait.samples_after, wait.outcome) = (samples, samples_after, outcome);
        }
        _ => {}
    })
}

fn judged(court: &Court, journey: &Journey) -> Judged {
    court.judge(&journey.observations())
}

#[test]
fn a_window_that_was_not_watched_enough_makes_the_journey_broken() {
    for court in [Court::of_team(), never_offline()] {
        for (samples, after, ended) in [
            (0, 0, WaitOutcome::Held),
            (MIN_SAMPLES - 1, 1, WaitOutcome::Held),
            (MIN_SAMPLES, 0, WaitOutcome::Held),
            (100, 0, WaitOutcome::Held),
            (9, 1, WaitOutcome::Broke),
            (9, 1, WaitOutcome::TimedOut),
        ] {
            let opinion = judged(&court, &with_wait(Journey::green(), samples, after, ended));
            assert_eq!(opinion.verdict, Verdict::Broken, "{samples} {after} {ended:?}");
            assert_eq!(outcome(&opinion, STEP), CheckOutcome::NotEvaluated, "{samples} {after} {ended:?}");
            assert_eq!(opinion.reason.as_deref(), Some("step 5 could not be evaluated"));
        }
        assert_green(&court, &with_wait(Journey::green(), MIN_SAMPLES, 1, WaitOutcome::Held));
    }
}

#[test]
fn a_break_is_found_however_little_was_watched() {
    let wavering = [facts::look(PRODUCT, "offline"), facts::look(PRODUCT, "online")];
    let journey = Journey::green().with_before(is_wait(4), wavering);
    for (court, kind) in
        [(Court::of_team(), FindingKind::DidNotStay), (never_offline(), FindingKind::HeldThoughNever)]
    {
        let opinion = judged(&court, &with_wait(journey.clone(), 1, 0, WaitOutcome::Broke));
        assert_eq!(opinion.verdict, Verdict::Failed);
        assert_eq!(opinion.findings[0].kind, kind);
    }
}

#[test]
fn what_breaks_before_or_after_the_window_is_not_its_own() {
    let wavering = || [facts::look(PRODUCT, "offline"), facts::look(PRODUCT, "online")];
    for court in [Court::of_team(), never_offline()] {
        assert_green(
            &court,
            &Journey::green().with_before(is_began(4), wavering()).with_events(PRODUCT, &WAVERED),
        );
        let after = Journey::green()
            .with_row_at_the_end(PRODUCT, |row| row.status = "offline".into())
            .with_events(PRODUCT, &WAVERED);
        assert_green(&court, &after);
    }
}

/// Between two steps a row may change unseen: the first look of the window counts, not the last one before it.
#[test]
fn a_look_from_before_the_window_is_replaced_by_its_first_look() {
    let stale = || TEAM.map(|member| facts::look(member, "offline"));
    let fresh = || TEAM.map(|member| facts::look(member, "online"));
    let journey =
        TEAM.into_iter().fold(Journey::green(), |journey, member| journey.with_events(member, &WAVERED));
    let journey = journey.with_before(is_began(4), stale()).with_before(is_wait(4), fresh());
    assert_green(&Court::of_team(), &journey);
    assert_green(&never_offline(), &journey);
}

#[test]
fn what_never_came_to_hold_in_the_window_is_judged_where_it_ended() {
    let stale = [facts::look(GROWTH, "provisioning")];
    let journey = Journey::green().with_before(is_began(4), stale);
    let journey = with_wait(journey, 1, 0, WaitOutcome::Broke);
    let opinion = judged(&Court::of_team(), &journey);
    assert_eq!(opinion.verdict, Verdict::Failed);
    assert_eq!(opinion.findings[0].kind, FindingKind::DidNotStay);
    assert_eq!(opinion.findings[0].subject.as_deref(), Some("enter-growth"));
    assert_eq!(opinion.findings[0].seen, "status provisioning");
    let end = u64::try_from(journey.position(is_wait(4)) + 1).unwrap();
    assert!(opinion.findings[0].proof.contains(&end), "the end of the window proves it");
}

/// A team that the window's first look is the first one at.
#[test]
fn a_window_may_be_the_first_to_look_at_a_row() {
    let court = Court::of_team();
    let unseen = || Journey::green().without(is_row(GROWTH)).with_before(is_wait(4), []);
    let looked = |status| unseen().with_before(is_wait(4), [facts::look(GROWTH, status)]);
    assert_eq!(outcome(&judged(&court, &looked("online")), STEP), CheckOutcome::Held);
    assert_eq!(outcome(&judged(&court, &looked("failed")), STEP), CheckOutcome::Broke);
    assert_eq!(outcome(&judged(&court, &unseen()), STEP), CheckOutcome::NotEvaluated);
}

#[test]
fn never_holds_only_where_all_of_it_stands_at_one_look() {
    let court = Court::of_team_ending_with(NEVER_ALL_ONLINE);
    let opinion = judged(&court, &Journey::green());
    assert_eq!(opinion.verdict, Verdict::Failed, "the team is online all through the window");
    assert_eq!(opinion.findings[0].kind, FindingKind::HeldThoughNever);
    assert_eq!(opinion.findings[0].at, court.place_of("all_online }"));
    let journey = Journey::green()
        .with_before(is_began(4), [facts::look(GROWTH, "degraded")])
        .with_events(GROWTH, &["WORKSPACE_DEGRADED", "WORKSPACE_ONLINE"]);
    assert_green(&court, &journey);
}

#[test]
fn never_about_a_row_that_was_not_looked_at_is_not_kept() {
    let court = Court::of_team_ending_with("never: { for: 250ms, workspace: { enter-growth: { tier: 9 } } }");
    assert_green(&court, &Journey::green());
    let opinion = judged(&court, &Journey::green().without(is_row(GROWTH)));
    assert_eq!(outcome(&opinion, STEP), CheckOutcome::NotEvaluated);
    assert_ne!(opinion.verdict, Verdict::Passed);
}

#[test]
fn a_row_that_vanishes_in_the_window_did_not_stay() {
    for status in [404, 410] {
        let journey = Journey::green().with_before(is_wait(4), [facts::look_in_vain(PRODUCT, status)]);
        let opinion = judged(&Court::of_team(), &journey);
        assert_eq!(opinion.verdict, Verdict::Failed, "{status}");
        assert_eq!(opinion.findings[0].kind, FindingKind::DidNotStay);
        assert_eq!(opinion.findings[0].subject.as_deref(), Some("enter-product"));
        assert!(opinion.findings[0].seen.contains(&status.to_string()), "{:?}", opinion.findings[0].seen);
    }
}
