//! What is watched in every journey: leftovers, the bystander, unmodelled routes, first registers, servers.

use journal::{
    CensusMoment, CheckOutcome, CheckSubject, Fact, Finding, FindingKind, Hop, Layer, TenantRole, Trouble,
    Verdict,
};
use serde_json::json;
use wire::WorkspaceKind;

use crate::changes::{trace_of_a_refusal, with_row_of_nobody, with_second_box};
use crate::court::{Court, outcome};
use crate::facts::{self, CONCIERGE, GROWTH, NEIGHBOUR, PRODUCT};
use crate::green::assert_green;
use crate::journey::Journey;
use crate::which::{is_began, is_census, is_created, is_receipt, is_wait};

const SUBJECT: TenantRole = TenantRole::Subject;
const BYSTANDER: TenantRole = TenantRole::Bystander;

fn found(journey: &Journey) -> Vec<Finding> {
    let judged = Court::of_team().judge(&journey.observations());
    assert_eq!(judged.verdict, Verdict::Failed, "{judged:#?}");
    assert_eq!(outcome(&judged, CheckSubject::Watch), CheckOutcome::Broke);
    judged.findings
}

/// One finding of this kind, and nothing else.
fn found_one(journey: &Journey, kind: FindingKind) -> Finding {
    let mut found = found(journey);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].kind, kind);
    found.remove(0)
}

#[test]
fn a_row_that_nobody_made_is_left_over() {
    let stray = found_one(&with_row_of_nobody(Journey::green(), "row-stray", "stray"), FindingKind::Leftover);
    assert_eq!(stray.seen, "a row `stray` (row-stray), status online");
}

#[test]
fn what_is_left_over_or_left_of_a_refusal_is_proven_by_its_box_and_the_census() {
    for (journey, id) in [
        (with_row_of_nobody(Journey::green(), "row-stray", "stray"), "row-stray"),
        (trace_of_a_refusal(Journey::green()), "row-trace"),
    ] {
        let registered = facts::box_registered(SUBJECT, id, "box-of-it");
        let journey = journey.with_before(is_wait(4), [registered.clone()]);
        let judged = Court::of_team().judge(&journey.observations());
        let proof = &judged.findings[0].proof;
        for at in [
            journey.position(|fact| *fact == registered),
            journey.position(is_census(SUBJECT, CensusMoment::End)),
        ] {
            assert!(proof.contains(&u64::try_from(at + 1).unwrap()), "{id}: {proof:?}");
        }
    }
}

#[test]
fn a_second_concierge_is_left_over() {
    let journey = with_row_of_nobody(Journey::green(), "row-second", "Concierge").with_census(
        SUBJECT,
        CensusMoment::End,
        |census| {
            let second = census.rows.iter_mut().filter(|row| row.id == "row-second");
            second.for_each(|row| row.kind = WorkspaceKind::Platform);
        },
    );
    found_one(&journey, FindingKind::Leftover);
}

#[test]
fn an_older_row_of_a_member_is_left_over_and_the_newest_is_not() {
    let journey = with_row_of_nobody(Journey::green(), "row-older", GROWTH.name)
        .with_before(is_created(GROWTH), [facts::created(GROWTH.name, "row-older")]);
    let older = found_one(&journey, FindingKind::Leftover);
    assert!(older.seen.contains("row-older"), "{}", older.seen);
}

#[test]
fn what_a_refused_create_left_is_not_reported_twice() {
    let found = Court::of_team().judge(&trace_of_a_refusal(Journey::green()).observations()).findings;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].kind, FindingKind::RefusalLeftTrace);
}

#[test]
fn beside_a_refusal_a_row_of_another_name_is_left_over() {
    let journey = with_row_of_nobody(Journey::green(), "row-stray", "stray")
        .with_before(is_created(GROWTH), [facts::refused(GROWTH.name)]);
    found_one(&journey, FindingKind::Leftover);
}

#[test]
fn a_box_whose_row_is_nobodys_is_left_over() {
    let second = found_one(&with_second_box(Journey::green(), "row-unknown"), FindingKind::Leftover);
    assert!(second.seen.contains("box-second"), "{}", second.seen);
}

#[test]
fn an_older_box_of_a_row_is_left_over_and_the_newest_is_not() {
    for row in [GROWTH.row, CONCIERGE] {
        let older = found_one(&with_second_box(Journey::green(), row), FindingKind::Leftover);
        assert!(!older.seen.contains("box-second"), "{}", older.seen);
    }
}

#[test]
fn a_box_that_was_replaced_and_stopped_is_not_left_over() {
    let journey =
        with_second_box(Journey::green(), GROWTH.row).with_census(SUBJECT, CensusMoment::End, |census| {
            census.boxes.retain(|instance| instance != GROWTH.instance)
        });
    assert_green(&Court::of_team(), &journey);
}

#[test]
fn a_row_that_is_left_over_is_reported_once_with_its_box() {
    let journey = with_second_box(with_row_of_nobody(Journey::green(), "row-stray", "stray"), "row-stray");
    found_one(&journey, FindingKind::Leftover);
}

#[test]
fn everything_that_reaches_the_bystander_is_found() {
    let message = facts::exchange(BYSTANDER, Hop::PlatformToBox, "/box/box-neighbour", json!({}));
    let mut call = facts::agents_read(NEIGHBOUR, "online");
    if let Fact::ToolCall(call) = &mut call {
        call.tenant = BYSTANDER;
    }
    for (fact, seen) in [
        (message, "a message to its agent"),
        (call, "a tool call get_workspace"),
        (facts::model_call(BYSTANDER, NEIGHBOUR), "a model call on moonshot/kimi-k2.6"),
        (facts::box_started(BYSTANDER, "row-new", "box-new", WorkspaceKind::Workspace), "a box was started"),
        (facts::box_stopped(BYSTANDER, NEIGHBOUR, "box-neighbour"), "a box was stopped"),
    ] {
        let journey = Journey::green().with_before(is_wait(4), [fact.clone()]);
        assert_eq!(found_one(&journey, FindingKind::BystanderTouched).seen, seen);
        let after = Journey::green().with_before(is_receipt(NEIGHBOUR), [fact]);
        assert_green(&Court::of_team(), &after);
    }
}

#[test]
fn every_change_of_the_bystanders_rows_and_boxes_is_found() {
    let changes: [fn(&mut journal::Census); 7] = [
        |census| census.rows[0].status = "offline".into(),
        |census| census.rows[0].tier = 4,
        |census| census.rows[0].name = "enter-growth".into(),
        |census| census.rows[0].runtime = "hermes".into(),
        |census| census.rows[0].parent_id = Some(CONCIERGE.into()),
        |census| census.boxes.clear(),
        |census| census.boxes.push("box-new".into()),
    ];
    for change in changes {
        let journey = Journey::green().with_census(BYSTANDER, CensusMoment::End, change);
        let touched = found_one(&journey, FindingKind::BystanderTouched);
        assert_eq!(touched.seen, "its rows or boxes changed");
    }
}

#[test]
fn its_own_life_does_not_touch_the_bystander() {
    let heartbeat = facts::exchange(BYSTANDER, Hop::BoxToPlatform, "/registry/heartbeat", json!({}));
    assert_green(&Court::of_team(), &Journey::green().with_before(is_began(3), [heartbeat]));
}

#[test]
fn only_the_first_register_of_a_box_must_be_accepted() {
    let registered = |status| {
        let mut fact = facts::box_registered(SUBJECT, PRODUCT.row, PRODUCT.instance);
        if let Fact::BoxRegistered(registered) = &mut fact {
            registered.status = status;
        }
        fact
    };
    let again = Journey::green().with_before(is_wait(4), [registered(Some(401))]);
    assert_green(&Court::of_team(), &again);
    let first = Journey::green().with_before(is_created(PRODUCT), [registered(Some(401))]);
    let refused = found_one(&first, FindingKind::RegisterRefused);
    assert_eq!(refused.seen, "401 to the box box-product");
    for other in [None, Some(200), Some(503)] {
        let first = Journey::green().with_before(is_created(PRODUCT), [registered(other)]);
        assert_green(&Court::of_team(), &first);
    }
}

/// A journey that ended in trouble of ours before its second step was over, and what a server had said by then.
fn in_trouble(said: Fact) -> Journey {
    let refused = Fact::Trouble(Trouble { what: "GET /workspaces: connection refused".into() });
    let mut journey = Journey::green().until(is_wait(1));
    journey.tell([refused, said]);
    journey
}

#[test]
fn a_server_that_ended_by_itself_fails_the_journey_and_its_trouble_is_what_came_of_it() {
    let lines = ["one", "two", "three", "panicked at store"];
    for (role, whose) in [(SUBJECT, "the tenant's server"), (BYSTANDER, "the bystander's server")] {
        let journey = in_trouble(facts::server_said(role, Some("signal: 9 (SIGKILL)"), &lines));
        let ended = found_one(&journey, FindingKind::ServerEnded);
        assert!(ended.expected.starts_with(whose), "{ended:#?}");
        assert_eq!(
            ended.seen,
            "it ended by itself with signal: 9 (SIGKILL); its last words: two | three | panicked at store"
        );
        assert_eq!(ended.proof, [u64::try_from(journey.len()).unwrap()]);
        assert_eq!(ended.layer, Layer::Server);
    }
    let silent = in_trouble(facts::server_said(SUBJECT, Some("exit status: 1"), &[]));
    assert!(found_one(&silent, FindingKind::ServerEnded).seen.ends_with("; it said nothing"));
}

#[test]
fn a_server_that_ran_to_the_end_is_no_finding_whatever_it_said() {
    let said = || facts::server_said(SUBJECT, None, &["error: panicked"]);
    let mut green = Journey::green();
    green.tell([said()]);
    assert_green(&Court::of_team(), &green);
    let judged = Court::of_team().judge(&in_trouble(said()).observations());
    assert_eq!((judged.verdict, judged.findings.len()), (Verdict::Broken, 0), "{judged:#?}");
}

#[test]
fn a_server_that_ended_comes_before_everything_that_broke_without_it() {
    let mut journey = with_row_of_nobody(Journey::green(), "row-stray", "stray");
    journey.tell([facts::server_said(SUBJECT, Some("exit status: 101"), &[])]);
    let kinds: Vec<FindingKind> = found(&journey).iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [FindingKind::ServerEnded, FindingKind::Leftover]);
}
