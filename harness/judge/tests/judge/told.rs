//! O-9 and O-11: what the agent tells its user, and what the stored events tell.

use journal::{CheckOutcome, Fact, FindingKind, InvariantId};

use crate::changes::without_member;
use crate::court::{Court, ruling};
use crate::facts::{self, GROWTH, PRODUCT, TEAM};
use crate::invariants::{assert_broke, assert_kept, judged};
use crate::journey::Journey;
use crate::refusals;
use crate::which::{is_began, is_events, is_row, is_turn_over};

const O9: InvariantId = InvariantId::O9;
const O11: InvariantId = InvariantId::O11;

fn saying(line: &str) -> Journey {
    Journey::green().with_report(|text| text.replace("- enter-growth is provisioning", line))
}

#[test]
fn o9_a_claim_agrees_with_the_row_or_is_found() {
    assert_kept(&Journey::green(), O9);
    assert_kept(&saying("- enter-growth was accepted, but I can't read its row"), O9);
    for (line, seen) in [
        ("- enter-growth is online", "it says online"),
        ("- enter-growth failed: no key", "it says failed"),
        ("- enter-growth was refused: no key", "it says refused"),
        ("- enter-growth is removed", "it says removed"),
        ("", "it says nothing of it"),
        ("- enter-growth is doing fine", "it says nothing of it"),
    ] {
        assert_broke(&saying(line), O9, FindingKind::ClaimDiffers, seen);
    }
}

/// The agent reads a row before we do, and a row may come online while it speaks.
#[test]
fn o9_a_claim_may_be_a_moment_older_or_younger_than_our_look() {
    let online = saying("- enter-growth is online");
    let agents = facts::agents_read(GROWTH.row, "online");
    let by_agent = online.clone().with_before(is_turn_over, [agents]);
    assert_eq!(ruling(&judged(&by_agent), O9), CheckOutcome::Held);
    let ours = online.with_before(is_began(1), [facts::look(GROWTH, "online")]);
    assert_eq!(ruling(&judged(&ours), O9), CheckOutcome::Held);
}

#[test]
fn o9_a_member_without_a_row_was_refused() {
    let refused = without_member(Journey::green(), GROWTH).broken_at(1);
    assert_eq!(ruling(&judged(&refused), O9), CheckOutcome::Held);
    let invented =
        refused.with_report(|text| text.replace("enter-growth was refused", "enter-growth is online"));
    assert_eq!(ruling(&judged(&invented), O9), CheckOutcome::Broke);
    for (journey, court) in [
        (refusals::early(TEAM), refusals::court_of_the_gate()),
        (refusals::at_provisioning(TEAM), refusals::court()),
    ] {
        assert_eq!(ruling(&court.judge(&journey.observations()), O9), CheckOutcome::Held);
        let wrong = journey
            .with_report(|text| text.replace(" failed", " is online").replace("was refused", "failed"));
        assert_eq!(ruling(&court.judge(&wrong.observations()), O9), CheckOutcome::Broke);
    }
}

#[test]
fn o9_needs_a_turn_and_a_look_at_the_row() {
    let without_turn = Journey::green().without(is_turn_over);
    assert_eq!(ruling(&judged(&without_turn), O9), CheckOutcome::NotEvaluated);
    let is_read = |fact: &Fact| matches!(fact, Fact::ToolCall(call) if call.tool == "get_workspace");
    let without_answer = |fact: &mut Fact| match fact {
        Fact::ToolCall(call) if call.tool == "provision_workspace" => {
            call.text = call.text.replace(",\"status\":\"provisioning\"", "");
        }
        _ => {}
    };
    let unseen = Journey::green().without(is_read).without(is_row(GROWTH)).change(without_answer);
    assert_eq!(ruling(&judged(&unseen), O9), CheckOutcome::NotEvaluated);
    let scripted = Court::of(
        "title: t\nwhy: w\nsteps:\n  - provision: { entry: create, name: a, runtime: codex, model: x }\n",
    );
    assert_eq!(ruling(&scripted.judge(&[]), O9), CheckOutcome::NotApplicable);
}

fn with_event_names(names: &[&str]) -> Journey {
    Journey::green().change(|fact| match fact {
        Fact::Events(seen) if seen.workspace == PRODUCT.row => {
            seen.events = names.iter().map(|name| facts::event(PRODUCT, name, &[])).collect();
        }
        _ => {}
    })
}

#[test]
fn o11_the_events_tell_what_was_seen_by_known_names() {
    for names in [
        &["WORKSPACE_PROVISIONING", "AGENT_CARD_UPDATED", "WORKSPACE_ONLINE"][..],
        &["WORKSPACE_PROVISIONING", "WORKSPACE_ONLINE", "WORKSPACE_ONLINE"],
    ] {
        assert_kept(&with_event_names(names), O11);
    }
    for (names, seen) in [
        (&["WORKSPACE_PROVISIONING"][..], "none tells online"),
        (&["WORKSPACE_ONLINE"], "none tells provisioning"),
        (&[], "none tells provisioning in that order: no event"),
        (&["WORKSPACE_PROVISIONING", "WORKSPACE_CRASHED", "WORKSPACE_ONLINE"], "an event WORKSPACE_CRASHED"),
        (
            &["WORKSPACE_PROVISION_FAILED", "WORKSPACE_PROVISIONING", "WORKSPACE_ONLINE"],
            "WORKSPACE_PROVISION_FAILED, ",
        ),
        (
            &["WORKSPACE_PROVISIONING", "WORKSPACE_ONLINE", "WORKSPACE_PROVISION_FAILED"],
            "WORKSPACE_PROVISION_FAILED",
        ),
        (
            &["WORKSPACE_PROVISIONING", "WORKSPACE_ONLINE", "WORKSPACE_REMOVED", "WORKSPACE_ONLINE"],
            "WORKSPACE_REMOVED",
        ),
    ] {
        assert_broke(&with_event_names(names), O11, FindingKind::EventsDiffer, seen);
    }
}

#[test]
fn o11_a_failed_row_has_its_event() {
    let court = refusals::court_without_expectation();
    let of = |journey: &Journey| ruling(&court.judge(&journey.observations()), O11);
    assert_eq!(of(&refusals::at_provisioning(TEAM)), CheckOutcome::Held);
    let renamed = refusals::at_provisioning(TEAM).change(|fact| {
        if let Fact::Events(seen) = fact {
            seen.events[1].event_type = "WORKSPACE_PROVISIONING_FAILED".into();
        }
    });
    assert_eq!(of(&renamed), CheckOutcome::Broke);
}

#[test]
fn o11_a_row_whose_box_only_sent_heartbeats_has_no_event_of_online() {
    let is_registered =
        |fact: &Fact| matches!(fact, Fact::BoxRegistered(box_) if box_.workspace == PRODUCT.row);
    let by_heartbeat = with_event_names(&["WORKSPACE_PROVISIONING"]).without(is_registered);
    assert_eq!(ruling(&judged(&by_heartbeat), O11), CheckOutcome::Held);
}

#[test]
fn o11_needs_the_events_and_a_row() {
    assert_eq!(
        ruling(&judged(&Journey::green().without(is_events(GROWTH))), O11),
        CheckOutcome::NotEvaluated
    );
    let alone = without_member(without_member(Journey::green(), GROWTH), PRODUCT).broken_at(1);
    assert_eq!(ruling(&judged(&alone), O11), CheckOutcome::NotApplicable);
}
