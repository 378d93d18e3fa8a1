//! What was not seen is never taken for kept: observations left out, journeys cut short, and trouble of ours.

use std::collections::{BTreeMap, BTreeSet};

use journal::{
    AskReason, CensusMoment, CheckOutcome, CheckSubject, Fact, FindingKind, InvariantId, RowSource,
    TenantRole, Trouble, Verdict,
};

use crate::changes::{case, failed_at_the_end, without_member};
use crate::court::{Court, TEAM, outcome};
use crate::facts::{self, GROWTH, PRODUCT};
use crate::journey::Journey;
use crate::kinds::own;
use crate::which::{
    is_asked, is_began, is_census, is_ended, is_events, is_handed_on, is_row, is_row_from, is_stored_model,
    is_turn_over, is_wait,
};

/// What is left out, and the check that needs it.
type Gap = (&'static str, fn(Journey) -> Journey, CheckSubject);

const O3: CheckSubject = CheckSubject::Invariant(InvariantId::O3);
const O6: CheckSubject = CheckSubject::Invariant(InvariantId::O6);
const O7: CheckSubject = CheckSubject::Invariant(InvariantId::O7);
const O13: CheckSubject = CheckSubject::Invariant(InvariantId::O13);

const GAPS: &[Gap] = &[
    ("the turn", |it| it.without(is_turn_over), CheckSubject::Step(0)),
    ("the turn, for who is asked", |it| it.without(is_turn_over), CheckSubject::Step(2)),
    ("the turn, for whose calls they are", |it| it.without(is_turn_over), CheckSubject::Step(3)),
    ("the turn, for who stays", |it| it.without(is_turn_over), CheckSubject::Step(4)),
    ("the wait", |it| it.without(is_wait(1)), CheckSubject::Step(1)),
    ("the look at a row", |it| it.without(is_row(GROWTH)), CheckSubject::Step(1)),
    ("the look at a row, for its reason", |it| it.without(is_row(GROWTH)), O3),
    ("the look at a row, for its question", |it| it.without(is_row(GROWTH)), O7),
    ("the look at a row, for the window", |it| it.without(is_row(GROWTH)), CheckSubject::Step(4)),
    ("who the concierge is", |it| it.without(is_sign_up), CheckSubject::Step(1)),
    ("who the concierge is, for the tree", |it| it.without(is_sign_up), O6),
    ("who the concierge is, for what is left", |it| it.without(is_sign_up), CheckSubject::Watch),
    ("a question of the step", |it| it.without(is_asked(PRODUCT, AskReason::Step(2))), CheckSubject::Step(2)),
    ("the stored model", |it| it.without(is_stored_model(PRODUCT)), CheckSubject::Step(3)),
    ("the stored model, for the oracle", |it| it.without(is_stored_model(PRODUCT)), O7),
    ("the window's wait", |it| it.without(is_wait(4)), CheckSubject::Step(4)),
    ("the begin of a step", |it| it.without(is_began(3)), CheckSubject::Step(3)),
    ("the end of a step", |it| it.without(is_ended(3)), CheckSubject::Step(3)),
    ("the first question", |it| it.without(is_asked(PRODUCT, AskReason::FirstOnline)), O7),
    ("the question at the box", |it| it.without(is_handed_on(PRODUCT, AskReason::FirstOnline)), O7),
    ("the census of the end", |it| it.without(is_census(SUBJECT, CensusMoment::End)), O6),
    ("the census of the end, for receipts", |it| it.without(is_census(SUBJECT, CensusMoment::End)), O13),
    (
        "the census of the end, for what is left",
        |it| it.without(is_census(SUBJECT, CensusMoment::End)),
        CheckSubject::Watch,
    ),
    ("the bystander's census of the end", |it| it.without(is_census(NEIGHBOUR, CensusMoment::End)), O6),
    (
        "the bystander's census of the end, for its peace",
        |it| it.without(is_census(NEIGHBOUR, CensusMoment::End)),
        CheckSubject::Watch,
    ),
    (
        "the bystander's first census",
        |it| it.without(is_census(NEIGHBOUR, CensusMoment::SetUp)),
        CheckSubject::Watch,
    ),
    ("the last census", |it| it.without(is_census(SUBJECT, CensusMoment::TornDown)), O13),
    ("the bystander's last census", |it| it.without(is_census(NEIGHBOUR, CensusMoment::TornDown)), O13),
    ("the read of a failed row", |it| failed(it).without(is_row_from(GROWTH, RowSource::Read)), O3),
    ("the last read of a failed row", |it| without_last_read(failed(it)), O3),
    ("the list with a failed row", |it| failed(it).without(is_row_from(GROWTH, RowSource::List)), O3),
    ("the events of a failed row", |it| failed(it).without(is_events(GROWTH)), O3),
    (
        "the census after which a failed row is judged",
        |it| failed(it).without(is_census(SUBJECT, CensusMoment::End)),
        O3,
    ),
    (
        "the census that shows what a refusal left",
        |it| {
            let refused = without_member(it, GROWTH).broken_at(1);
            refused.without(is_census(SUBJECT, CensusMoment::End))
        },
        CheckSubject::Invariant(InvariantId::O2),
    ),
];

const SUBJECT: TenantRole = TenantRole::Subject;
const NEIGHBOUR: TenantRole = TenantRole::Bystander;

fn is_sign_up(fact: &Fact) -> bool {
    matches!(fact, Fact::SignedUp(signed_up) if signed_up.tenant == SUBJECT)
}

fn failed(journey: Journey) -> Journey {
    failed_at_the_end(journey, GROWTH)
}

/// Earlier reads, which found the row online, stay.
fn without_last_read(journey: Journey) -> Journey {
    let is_read = is_row_from(GROWTH, RowSource::Read);
    let last = journey.facts().iter().rposition(is_read).unwrap();
    journey.without_nth(last)
}

#[test]
fn a_check_without_its_observation_is_not_evaluated() {
    let court = Court::of_team();
    let mut wrong = Vec::new();
    for (what, leave_out, subject) in GAPS {
        let judged = court.judge(&leave_out(Journey::green()).observations());
        let was = outcome(&judged, *subject);
        if was != CheckOutcome::NotEvaluated {
            wrong.push(format!("without {what}, {subject:?} {was:?}: {judged:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Ours is missing, so nothing is said against the platform. A create, a model call and a receipt are not among the
/// gaps: where they are missing nobody made, called or deleted.
#[test]
fn a_missing_observation_of_ours_is_no_finding() {
    let court = Court::of_team();
    let is_told = |what: &&Gap| !what.0.contains("refusal") && !what.0.contains("failed row");
    for (what, leave_out, _) in GAPS.iter().filter(is_told) {
        let judged = court.judge(&leave_out(Journey::green()).observations());
        assert!(judged.findings.is_empty(), "without {what}: {:#?}", judged.findings);
    }
}

/// Which steps and watches are missing makes a journey broken; an invariant alone does not.
#[test]
fn only_an_invariant_may_be_missing_where_a_journey_passes() {
    let court = Court::of_team();
    for (what, leave_out, subject) in GAPS.iter().filter(|(what, ..)| !what.contains("refusal")) {
        let judged = court.judge(&leave_out(Journey::green()).observations());
        if !matches!(subject, CheckSubject::Invariant(_)) {
            assert_eq!(judged.verdict, Verdict::Broken, "without {what}");
            assert!(judged.reason.is_some(), "without {what}");
        }
        for check in judged.checks.iter().filter(|_| judged.verdict == Verdict::Passed) {
            let is_invariant = matches!(check.subject, CheckSubject::Invariant(_));
            assert!(is_invariant || check.outcome == CheckOutcome::Held, "without {what}: {check:?}");
        }
    }
}

/// What a journey amounts to when one observation is left out, by what it is.
fn verdicts_by_gap() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let court = Court::of_team();
    let green = Journey::green();
    let whole = court.judge(&green.observations());
    let mut by_verdict: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for index in 0..green.len() {
        let judged = court.judge(&green.clone().without_nth(index).observations());
        let amounts_to = match judged.verdict {
            Verdict::Passed if judged.checks == whole.checks => "passed",
            Verdict::Passed => "passed with something not evaluated",
            other => other.as_str(),
        };
        by_verdict.entry(amounts_to).or_default().insert(label(&green, index));
    }
    by_verdict
}

/// The question of the first sight of online, handed to a box.
fn is_first_message(fact: &Fact) -> bool {
    facts::TEAM.into_iter().any(|member| is_handed_on(member, AskReason::FirstOnline)(fact))
}

/// The look that found a member online first, before the wait for it ended.
fn is_first_sight_of_online(green: &Journey, index: usize) -> bool {
    let is_online = |fact: &Fact| match fact {
        Fact::Row(seen) => seen.row.as_ref().is_some_and(|row| row.status == "online"),
        _ => false,
    };
    is_online(&green.facts()[index]) && index < green.position(is_wait(1))
}

fn label(green: &Journey, index: usize) -> &'static str {
    let fact = &green.facts()[index];
    match fact {
        Fact::SignedUp(_) => "signed up",
        Fact::StepBegan(_) => "step began",
        Fact::Wait(_) => "wait",
        Fact::StepEnded(_) => "step ended",
        Fact::Exchange(_) if is_first_message(fact) => "first message to a box",
        Fact::Exchange(exchange) if exchange.path.starts_with("/box/") => "message to a box of the step",
        Fact::Exchange(_) => "provision request",
        Fact::Turn(_) => "turn",
        Fact::ToolCall(call) if call.tool == "provision_workspace" => "create",
        Fact::ToolCall(_) => "read by the agent",
        Fact::ModelCall(_) => "one model call of several",
        Fact::BoxStarted(_) => "box started",
        Fact::BoxRegistered(_) => "box registered",
        Fact::BoxStopped(_) => "box stopped",
        Fact::Row(_) if is_first_sight_of_online(green, index) => "look that ended a wait",
        Fact::Row(_) => "one look of several",
        Fact::Events(_) => "events of a row that is online",
        Fact::StoredModel(_) => "one read of several of a stored model",
        Fact::Asked(asked) if asked.reason == AskReason::FirstOnline => "first question",
        Fact::Asked(_) => "question of a step",
        Fact::Census(census) => match (census.tenant, census.moment) {
            (_, CensusMoment::End) => "census of the end",
            (_, CensusMoment::TornDown) => "last census",
            (TenantRole::Bystander, CensusMoment::SetUp) => "first census of the bystander",
            (TenantRole::Subject, CensusMoment::SetUp) => "first census",
        },
        Fact::Receipt(_) => "receipt",
        Fact::ToolList(_) => "list of tools",
        Fact::Offered(_) => "the platform's list of ids",
        Fact::Unmodelled(_)
        | Fact::ServerSaid(_)
        | Fact::Trouble(_)
        | Fact::EntryCall(_)
        | Fact::SecretWritten(_)
        | Fact::BillingModeSet(_) => "not in a green journey",
    }
}

#[test]
fn leaving_out_one_observation_passes_whole_only_where_nothing_rests_on_it_alone() {
    let expected = BTreeMap::from([
        (
            "passed",
            BTreeSet::from([
                "provision request",
                "message to a box of the step",
                "read by the agent",
                "one model call of several",
                "box started",
                "box registered",
                "box stopped",
                "one look of several",
                "one read of several of a stored model",
                "first census",
            ]),
        ),
        (
            "passed with something not evaluated",
            BTreeSet::from([
                "first question",
                "first message to a box",
                "box started",
                "events of a row that is online",
                "one read of several of a stored model",
                "list of tools",
                "the platform's list of ids",
            ]),
        ),
        (
            "broken",
            BTreeSet::from([
                "signed up",
                "step began",
                "wait",
                "step ended",
                "turn",
                "question of a step",
                "census of the end",
                "last census",
                "first census of the bystander",
            ]),
        ),
        ("failed", BTreeSet::from(["create", "look that ended a wait", "receipt"])),
    ]);
    assert_eq!(verdicts_by_gap(), expected);
}

#[test]
fn a_journey_that_was_cut_off_anywhere_is_broken_without_a_finding() {
    let court = Court::of_team();
    let observations = Journey::green().observations();
    for cut in 0..observations.len() {
        let judged = court.judge(&observations[..cut]);
        assert_eq!(judged.verdict, Verdict::Broken, "cut after {cut}: {judged:#?}");
        assert!(judged.findings.is_empty(), "cut after {cut}: {:#?}", judged.findings);
        assert!(judged.reason.is_some(), "cut after {cut}");
    }
    assert_eq!(court.judge(&observations).verdict, Verdict::Passed);
}

#[test]
fn a_red_journey_that_was_cut_off_never_passes() {
    for kind in FindingKind::ALL {
        let case = case(kind);
        let court = (case.court)();
        let observations = (case.change)((case.base)(facts::TEAM)).observations();
        for cut in 0..observations.len() {
            let judged = court.judge(&observations[..cut]);
            assert_ne!(judged.verdict, Verdict::Passed, "{kind:?} cut after {cut}");
        }
    }
}

#[test]
fn trouble_of_ours_makes_any_journey_broken_and_keeps_its_findings() {
    let trouble = || Fact::Trouble(Trouble { what: "the store is gone".into() });
    for kind in FindingKind::ALL.into_iter().filter(|kind| *kind != FindingKind::ServerEnded) {
        let case = case(kind);
        let troubled = (case.change)((case.base)(facts::TEAM)).with_before(is_began(0), [trouble()]);
        let judged = (case.court)().judge(&troubled.observations());
        assert_eq!(judged.verdict, Verdict::Broken, "{kind:?}");
        assert_eq!(judged.reason.as_deref(), Some("the store is gone"));
        assert_eq!(own(&case, &judged).len(), 1, "{kind:?}");
    }
    let judged =
        Court::of_team().judge(&Journey::green().with_before(is_began(0), [trouble()]).observations());
    assert_eq!(judged.verdict, Verdict::Broken);
}

#[test]
fn a_journey_in_which_nothing_was_seen_is_broken_and_nothing_in_it_was_kept() {
    let mut court = Court::of(TEAM);
    for steps in [court.scenario.steps.len(), 0] {
        court.scenario.steps.truncate(steps);
        let judged = court.judge(&[]);
        assert_eq!(judged.verdict, Verdict::Broken, "{judged:#?}");
        let kept = judged.checks.iter().find(|check| check.outcome == CheckOutcome::Held);
        assert_eq!(kept, None);
    }
}

#[test]
fn a_scenario_without_a_bystander_asks_for_no_observation_of_one() {
    let mut court = Court::of_team();
    court.scenario.given.bystander = false;
    let names_it = |fact: &Fact| serde_json::to_string(fact).unwrap().contains("neighbour");
    let alone = Journey::green().without(names_it);
    assert_eq!(court.judge(&alone.observations()).verdict, Verdict::Passed);
    assert_ne!(Court::of_team().judge(&alone.observations()).verdict, Verdict::Passed);
}
