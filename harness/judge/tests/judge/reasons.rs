//! O-3 flipped by one fact: a failed row says why, the same everywhere; a row that provisions has somebody at work.

use contract::Surface;
use journal::{CheckOutcome, Fact, FindingKind, InvariantId};

use crate::changes::{REASON, failed_at_the_end, with_failure_event, with_reason};
use crate::court::{Court, ruling};
use crate::facts::{self, GROWTH, PRODUCT};
use crate::invariants::{assert_broke, assert_kept, assert_not_applicable, judged};
use crate::journey::Journey;
use crate::which::{is_events, is_provision, is_receipt};

#[test]
fn a_reason_that_is_equal_everywhere_and_has_a_code_is_kept() {
    assert_kept(&failed_at_the_end(Journey::green(), GROWTH), InvariantId::O3);
    assert_not_applicable(&Journey::green(), InvariantId::O3);
}

#[test]
fn a_reason_is_missing_in_each_place_by_itself() {
    let failed = || failed_at_the_end(Journey::green(), GROWTH);
    let kind = FindingKind::ReasonMissing;
    for reason in [None, Some(""), Some("  \n")] {
        for (place, seen) in [(Surface::Read, "the single read"), (Surface::List, "the list")] {
            assert_broke(&with_reason(failed(), place, reason), InvariantId::O3, kind, seen);
        }
    }
    let silent = with_failure_event(failed(), GROWTH, &[("code", "MISSING_BYOK_CREDENTIAL")]);
    assert_broke(&silent, InvariantId::O3, kind, "the event gives no reason");
    let without_event = failed().change(|fact| {
        if let Fact::Events(seen) = fact {
            seen.events.retain(|event| event.event_type != "WORKSPACE_PROVISION_FAILED");
        }
    });
    let judged = judged(&without_event);
    let missing = judged.findings.iter().find(|finding| finding.kind == kind).unwrap();
    assert_eq!(missing.seen, "the event gives no reason");
    assert_eq!(
        ruling(&judged, InvariantId::O11),
        CheckOutcome::Broke,
        "nor does any event tell of the failure"
    );
}

#[test]
fn a_reason_differs_in_each_place_by_itself() {
    let failed = || failed_at_the_end(Journey::green(), GROWTH);
    let kind = FindingKind::ReasonDiffers;
    for place in [Surface::Read, Surface::List] {
        let journey = with_reason(failed(), place, Some("something went wrong"));
        assert_broke(&journey, InvariantId::O3, kind, "something went wrong");
    }
    let event = [("error", "something went wrong"), ("code", "MISSING_BYOK_CREDENTIAL")];
    let journey = with_failure_event(failed(), GROWTH, &event);
    assert_broke(&journey, InvariantId::O3, kind, "something went wrong");
}

#[test]
fn a_failure_without_a_code_is_found() {
    for payload in [&[("error", REASON)][..], &[("error", REASON), ("code", "")]] {
        let journey = with_failure_event(failed_at_the_end(Journey::green(), GROWTH), GROWTH, payload);
        assert_broke(&journey, InvariantId::O3, FindingKind::CodeMissing, "carries none");
    }
}

#[test]
fn asks_for_a_reason_only_where_the_contract_promises_it() {
    for (surface, place) in [(Surface::Read, Surface::Read), (Surface::List, Surface::List)] {
        let hidden = with_reason(failed_at_the_end(Journey::green(), GROWTH), place, None);
        let judged = Court::of_team().without_surface(surface).judge(&hidden.observations());
        assert_eq!(ruling(&judged, InvariantId::O3), CheckOutcome::Held, "{surface:?}");
    }
}

#[test]
fn both_failed_members_are_judged() {
    let both = failed_at_the_end(failed_at_the_end(Journey::green(), GROWTH), PRODUCT);
    assert_kept(&both, InvariantId::O3);
    let judged = judged(&with_failure_event(both, PRODUCT, &[("error", REASON)]));
    assert_eq!(judged.findings.len(), 1);
    assert_eq!(judged.findings[0].subject.as_deref(), Some("enter-product"));
}

#[test]
fn a_row_that_provisions_needs_somebody_at_work() {
    let provisioning = || {
        Journey::green()
            .with_row_at_the_end(GROWTH, |row| row.status = "provisioning".into())
            .with_events(GROWTH, &["WORKSPACE_PROVISIONING"])
    };
    assert_kept(&provisioning(), InvariantId::O3);
    let nobody = provisioning().without(is_provision(GROWTH));
    assert_broke(&nobody, InvariantId::O3, FindingKind::NobodyAtWork, "never asked for a box");
    let for_the_other = provisioning().without(is_provision(PRODUCT));
    assert_kept(&for_the_other, InvariantId::O3);
}

#[test]
fn another_call_to_the_control_plane_is_nobody_at_work() {
    let request = serde_json::json!({"workspace_id": GROWTH.row});
    let (subject, hop) = (journal::TenantRole::Subject, journal::Hop::PlatformToControlPlane);
    let other = facts::exchange(subject, hop, "/cp/workspaces/stop", request);
    let journey = Journey::green()
        .with_row_at_the_end(GROWTH, |row| row.status = "provisioning".into())
        .with_events(GROWTH, &["WORKSPACE_PROVISIONING"])
        .with_before(is_provision(GROWTH), [other])
        .without(is_the_provision_of_growth);
    assert_broke(&journey, InvariantId::O3, FindingKind::NobodyAtWork, "never asked for a box");
}

fn is_the_provision_of_growth(fact: &Fact) -> bool {
    *fact == facts::provision(GROWTH.row)
}

#[test]
fn the_newest_failure_counts_where_a_row_failed_twice() {
    let twice = |older: &'static str| {
        failed_at_the_end(Journey::green(), GROWTH).change(|fact| match fact {
            Fact::Events(seen) if seen.workspace == GROWTH.row => {
                let payload = [("error", older), ("code", "PROVISION_TIMEOUT")];
                seen.events.insert(1, facts::event(GROWTH, "WORKSPACE_PROVISION_FAILED", &payload));
            }
            _ => {}
        })
    };
    assert_kept(&twice("it took too long"), InvariantId::O3);
}

#[test]
fn the_newest_look_at_the_events_counts() {
    let earlier = facts::events(GROWTH);
    let journey = failed_at_the_end(Journey::green(), GROWTH).with_before(is_events(GROWTH), [earlier]);
    assert_kept(&journey, InvariantId::O3);
}

/// Teardown changes rows by design.
#[test]
fn what_is_seen_after_the_census_of_the_end_does_not_count() {
    let mut row = facts::row(GROWTH, "failed");
    row.reason = None;
    let looks = [facts::listed(row.clone()), facts::seen(journal::TenantRole::Subject, READ, row)];
    let journey = Journey::green().with_before(is_receipt(GROWTH.row), looks);
    assert_not_applicable(&journey, InvariantId::O3);
}

#[test]
fn a_row_that_only_one_place_shows_as_failed_is_not_taken_for_kept() {
    let is_last_list = |fact: &Fact| matches!(fact, Fact::Row(seen) if seen.source == LIST);
    for place in [READ, LIST] {
        let journey = failed_at_the_end(Journey::green(), GROWTH).change(|fact| match fact {
            Fact::Row(seen) if seen.workspace == GROWTH.row && seen.source == place => {
                seen.row = Some(facts::row(GROWTH, "online"));
            }
            _ => {}
        });
        assert!(journey.facts().iter().any(is_last_list));
        assert_eq!(ruling(&judged(&journey), InvariantId::O3), CheckOutcome::NotEvaluated, "{place:?}");
    }
}

const READ: journal::RowSource = journal::RowSource::Read;
const LIST: journal::RowSource = journal::RowSource::List;
