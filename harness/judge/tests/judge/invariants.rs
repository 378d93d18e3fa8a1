//! Each invariant flipped by one fact, and the twin of that fact that leaves it kept.

use journal::{
    AskReason, CensusMoment, CheckOutcome, Fact, FindingKind, InvariantId, Judged, KeyShown, Layer,
    TenantRole, Verdict,
};

use crate::changes::{trace_of_a_refusal, with_row_of_nobody, without_member};
use crate::court::{Court, ruling};
use crate::facts::{self, CONCIERGE, GROWTH, NEIGHBOUR, PRODUCT};
use crate::journey::Journey;
use crate::which::{
    is_asked, is_census, is_created, is_handed_on, is_receipt, is_row, is_stored_model, is_wait,
};

const SUBJECT: TenantRole = TenantRole::Subject;

pub(crate) fn judged(journey: &Journey) -> Judged {
    Court::of_team().judge(&journey.observations())
}

/// The journey is red by this invariant alone, with this kind.
pub(crate) fn assert_broke(journey: &Journey, id: InvariantId, kind: FindingKind, seen: &str) {
    let judged = judged(journey);
    assert_eq!(ruling(&judged, id), CheckOutcome::Broke, "{seen}: {judged:#?}");
    assert_eq!(judged.verdict, Verdict::Failed);
    for finding in &judged.findings {
        assert_eq!((finding.kind, finding.invariant), (kind, Some(id)), "{finding:#?}");
        assert!(!finding.proof.is_empty(), "{finding:#?}");
    }
    assert!(judged.findings.iter().any(|finding| finding.seen.contains(seen)), "{seen}: {judged:#?}");
}

/// The journey passes and the invariant was evaluated and kept.
pub(crate) fn assert_kept(journey: &Journey, id: InvariantId) {
    let judged = judged(journey);
    assert_eq!(judged.verdict, Verdict::Passed, "{judged:#?}");
    assert_eq!(ruling(&judged, id), CheckOutcome::Held);
}

/// The journey passes and holds nothing that the invariant is about.
pub(crate) fn assert_not_applicable(journey: &Journey, id: InvariantId) {
    let judged = judged(journey);
    assert_eq!(judged.verdict, Verdict::Passed, "{judged:#?}");
    assert_eq!(ruling(&judged, id), CheckOutcome::NotApplicable);
}

fn refused_once(journey: Journey) -> Journey {
    journey.with_before(is_created(GROWTH), [facts::refused(GROWTH.name)])
}

#[test]
fn o2_a_refused_create_may_be_tried_again_but_leaves_nothing() {
    assert_kept(&refused_once(Journey::green()), InvariantId::O2);
    assert_broke(
        &trace_of_a_refusal(Journey::green()),
        InvariantId::O2,
        FindingKind::RefusalLeftTrace,
        "a row `enter-growth` (row-trace), status online",
    );
}

#[test]
fn o2_a_refused_create_starts_no_box() {
    let stray = facts::box_started(SUBJECT, "row-trace", "box-trace", wire::WorkspaceKind::Workspace);
    let with_box = refused_once(Journey::green()).with_before(is_wait(1), [stray]);
    assert_broke(&with_box, InvariantId::O2, FindingKind::RefusalLeftTrace, "box-trace");
    let still_running = with_box.with_census(SUBJECT, CensusMoment::End, |census| {
        census.boxes.push("box-trace".into());
    });
    let found = judged(&still_running).findings;
    assert_eq!(found.len(), 1, "one box, one finding: {found:#?}");
}

#[test]
fn o2_is_about_creates_that_the_subjects_agent_was_refused() {
    for (status, expected) in [
        (400, CheckOutcome::Held),
        (422, CheckOutcome::Held),
        (500, CheckOutcome::NotApplicable),
        (503, CheckOutcome::NotApplicable),
    ] {
        let mut refused = facts::refused(GROWTH.name);
        if let Fact::ToolCall(call) = &mut refused {
            call.text = call.text.replace("422", &status.to_string());
        }
        let journey = Journey::green().with_before(is_created(GROWTH), [refused]);
        let judged = judged(&journey);
        assert_eq!(ruling(&judged, InvariantId::O2), expected, "{status}");
        let is_promised = ruling(&judged, InvariantId::O1) == CheckOutcome::Held;
        assert_eq!(is_promised, status == 422, "{status}");
    }
    let by_protocol = refused_once(Journey::green()).change(|fact| match fact {
        Fact::ToolCall(call) if call.refused_status().is_some() => {
            (call.text, call.is_error) = ("invalid arguments".into(), true);
        }
        _ => {}
    });
    assert_eq!(ruling(&judged(&by_protocol), InvariantId::O2), CheckOutcome::Held);
    let of_the_bystander = refused_once(Journey::green()).change(|fact| match fact {
        Fact::ToolCall(call) if call.refused_status().is_some() => call.tenant = TenantRole::Bystander,
        _ => {}
    });
    assert_eq!(ruling(&judged(&of_the_bystander), InvariantId::O2), CheckOutcome::NotApplicable);
}

#[test]
fn o2_is_kept_where_a_member_is_refused_for_good() {
    let refused = judged(&without_member(Journey::green(), GROWTH).broken_at(1));
    assert_eq!(ruling(&refused, InvariantId::O2), CheckOutcome::Held);
}

fn with_parent(row: &'static str, parent: Option<&'static str>) -> Journey {
    Journey::green().with_census(SUBJECT, CensusMoment::End, |census| {
        let rows = census.rows.iter_mut().filter(|own| own.id == row);
        rows.for_each(|own| own.parent_id = parent.map(str::to_owned));
    })
}

#[test]
fn o6_an_ancestry_may_go_through_another_member_but_must_end_at_the_concierge() {
    assert_kept(&with_parent(GROWTH.row, Some(PRODUCT.row)), InvariantId::O6);
    for (parent, seen) in [
        (None, "it has no parent"),
        (Some("row-unknown"), "it ends at row-unknown, which is no row of this tenant"),
        (Some(NEIGHBOUR), "which is no row of this tenant"),
        (Some(GROWTH.row), "it goes in a circle"),
        (Some(""), "which is no row of this tenant"),
    ] {
        let journey = with_parent(GROWTH.row, parent);
        assert_broke(&journey, InvariantId::O6, FindingKind::OutsideTheTree, seen);
    }
}

#[test]
fn o6_whoever_hangs_below_a_row_outside_the_tree_is_outside_too() {
    let journey = with_parent(PRODUCT.row, None).with_census(SUBJECT, CensusMoment::End, |census| {
        census.rows.iter_mut().filter(|row| row.id == GROWTH.row).for_each(|row| {
            row.parent_id = Some(PRODUCT.row.into());
        });
    });
    let kind = FindingKind::OutsideTheTree;
    assert_broke(&journey, InvariantId::O6, kind, "it ends at `enter-product`, which has no parent");
    assert_eq!(judged(&journey).findings.len(), 2);
}

#[test]
fn o6_is_proven_by_what_was_seen_up_to_the_census() {
    let listed_later = facts::listed(facts::row(GROWTH, "online"));
    let journey = with_parent(GROWTH.row, None).with_before(is_receipt(GROWTH.row), [listed_later]);
    let census = journey.position(is_census(SUBJECT, CensusMoment::End));
    let proof = &judged(&journey).findings[0].proof;
    assert_eq!(proof.last().copied(), u64::try_from(census + 1).ok());
}

#[test]
fn o6_and_o13_keep_what_they_found_where_the_bystanders_census_is_missing() {
    let outside = with_parent(GROWTH.row, None).without(is_census(TenantRole::Bystander, CensusMoment::End));
    assert_eq!(ruling(&judged(&outside), InvariantId::O6), CheckOutcome::Broke);
    let left = Journey::green()
        .with_census(SUBJECT, CensusMoment::TornDown, |census| census.boxes.push("box-growth".into()))
        .without(is_census(TenantRole::Bystander, CensusMoment::TornDown));
    assert_eq!(ruling(&judged(&left), InvariantId::O13), CheckOutcome::Broke);
    let left = Journey::green()
        .with_census(SUBJECT, CensusMoment::TornDown, |census| census.boxes.push("box-growth".into()))
        .without(is_census(SUBJECT, CensusMoment::End));
    assert_eq!(ruling(&judged(&left), InvariantId::O13), CheckOutcome::Broke);
}

#[test]
fn o7_is_about_members_whose_model_the_oracle_says_answers() {
    let silent = |model: &str| {
        Journey::green()
            .with_stored_model(GROWTH, model)
            .with_model_calls(GROWTH, |call| call.model = model.to_owned())
            .with_asked(GROWTH, AskReason::FirstOnline, |asked| {
                asked.reply.text = Some("Not logged in".into())
            })
    };
    for model in ["claude-sonnet-4-6", "platform/no-such-model", "no-such-model", ""] {
        let one_left = judged(&silent(model));
        assert_eq!(one_left.verdict, Verdict::Passed, "{model}: {:#?}", one_left.findings);
        let nobody_left = silent(model).with_stored_model(PRODUCT, model).with_model_calls(PRODUCT, |call| {
            call.model = model.to_owned();
        });
        assert_not_applicable(&nobody_left, InvariantId::O7);
    }
    let listed = silent("anthropic/claude-fable-5");
    assert_broke(&listed, InvariantId::O7, FindingKind::WrongAnswer, "Not logged in");
}

#[test]
fn o7_is_about_members_that_were_seen_online() {
    let never_online = Journey::green()
        .with_row(GROWTH, |row| row.status = "provisioning".into())
        .without(is_asked(GROWTH, AskReason::FirstOnline));
    let judged = judged(&never_online.broken_at(1));
    assert_eq!(ruling(&judged, InvariantId::O7), CheckOutcome::Held, "the other one was asked");
}

#[test]
fn o7_a_row_that_a_look_did_not_find_was_not_seen_online() {
    let vanished = Journey::green()
        .with_row(GROWTH, |row| row.status = "provisioning".into())
        .without(is_asked(GROWTH, AskReason::FirstOnline))
        .with_before(is_wait(1), [facts::look_in_vain(GROWTH, 404)]);
    assert_eq!(ruling(&judged(&vanished.broken_at(1)), InvariantId::O7), CheckOutcome::Held);
}

#[test]
fn o7_is_not_evaluated_where_no_member_was_looked_at() {
    let unseen = Journey::green().without(is_row(GROWTH)).without(is_row(PRODUCT));
    assert_eq!(ruling(&judged(&unseen), InvariantId::O7), CheckOutcome::NotEvaluated);
    let unread = Journey::green().without(is_stored_model(GROWTH)).without(is_stored_model(PRODUCT));
    assert_eq!(ruling(&judged(&unread), InvariantId::O7), CheckOutcome::NotEvaluated);
}

#[test]
fn o6_and_o7_are_not_about_a_tenant_without_members() {
    let alone = without_member(without_member(Journey::green(), GROWTH), PRODUCT).broken_at(1);
    let judged = judged(&alone);
    for id in [InvariantId::O6, InvariantId::O7] {
        assert_eq!(ruling(&judged, id), CheckOutcome::NotApplicable, "{id:?}");
    }
    for id in [InvariantId::O2, InvariantId::O13] {
        assert_eq!(ruling(&judged, id), CheckOutcome::Held, "{id:?}");
    }
}

#[test]
fn the_newest_look_at_a_model_and_at_a_tenant_counts() {
    let older = Fact::StoredModel(journal::StoredModelSeen {
        workspace: GROWTH.row.into(),
        stored: wire::StoredModel { model: "claude-sonnet-4-6".into(), source: "workspace_secrets".into() },
    });
    let wrong = Journey::green().with_before(is_stored_model(GROWTH), [older]).with_asked(
        GROWTH,
        AskReason::FirstOnline,
        |asked| asked.reply.text = Some("Not logged in".into()),
    );
    assert_eq!(ruling(&judged(&wrong), InvariantId::O7), CheckOutcome::Broke);
    let earlier = facts::census(SUBJECT, CensusMoment::TornDown, Vec::new(), &["box-growth"]);
    let counted_twice = Journey::green().with_before(is_census(SUBJECT, CensusMoment::TornDown), [earlier]);
    assert_kept(&counted_twice, InvariantId::O13);
}

#[test]
fn o7_only_the_expected_word_by_itself_is_an_answer() {
    let answered = |text: &'static str| {
        Journey::green().with_asked(GROWTH, AskReason::FirstOnline, |asked| {
            asked.reply.text = Some(text.replace("WORD", &asked.expected));
        })
    };
    assert_kept(&answered("It is WORD"), InvariantId::O7);
    assert_kept(&answered("WORD\n"), InvariantId::O7);
    for wrong in ["WORD-1", "xWORD", "amber"] {
        assert_broke(&answered(wrong), InvariantId::O7, FindingKind::WrongAnswer, "");
    }
    assert_broke(&answered(""), InvariantId::O7, FindingKind::EmptyAnswer, "status 200 with an empty text");
}

fn refused_call() -> Fact {
    let mut fact = facts::model_call(SUBJECT, GROWTH.row);
    if let Fact::ModelCall(call) = &mut fact {
        call.status = 403;
    }
    fact
}

#[test]
fn o7_the_layer_of_a_silence_is_where_the_answer_went_missing() {
    let silent = || {
        Journey::green().with_asked(GROWTH, AskReason::FirstOnline, |asked| {
            (asked.reply.text, asked.reply.status) = (None, Some(502));
        })
    };
    let is_call =
        |fact: &Fact| matches!(fact, Fact::ModelCall(call) if call.workspace.as_deref() == Some(GROWTH.row));
    let layer = |journey: Journey| {
        let found = judged(&journey).findings;
        found.into_iter().find(|found| found.invariant == Some(InvariantId::O7)).unwrap().layer
    };
    assert_eq!(layer(silent()), Layer::Messages);
    for refused in [400, 403, 503] {
        let journey = silent().with_model_calls(GROWTH, |call| call.status = refused);
        assert_eq!(layer(journey), Layer::Proxy, "{refused}");
    }
    let refused_at_first = silent().with_before(is_call, [refused_call()]);
    assert_eq!(layer(refused_at_first), Layer::Messages, "the last call went well");
    let keyless = silent().with_model_calls(GROWTH, |call| {
        (call.status, call.key) = (401, KeyShown::Missing);
    });
    assert_eq!(layer(keyless), Layer::Box);
    assert_eq!(layer(silent().without(is_call)), Layer::Box);
}

#[test]
fn o7_a_question_is_handed_on_once() {
    let handed = |reason| facts::handed_on(GROWTH, &facts::nonce(GROWTH, reason));
    let first = AskReason::FirstOnline;
    let twice = Journey::green().with_before(is_asked(GROWTH, first), [handed(first)]);
    assert_broke(&twice, InvariantId::O7, FindingKind::DeliveredTwice, "handed to the box 2 times");
    let later = Journey::green().with_before(is_wait(4), [handed(first)]);
    assert_broke(&later, InvariantId::O7, FindingKind::DeliveredTwice, "handed to the box 2 times");
    let of_another_question =
        Journey::green().with_before(is_handed_on(GROWTH, first), [handed(AskReason::Step(2))]);
    assert_kept(&of_another_question, InvariantId::O7);
    let as_sent = serde_json::json!({"text": facts::nonce(GROWTH, first)});
    let sent = facts::exchange(SUBJECT, journal::Hop::UserToPlatform, "/workspaces/row-growth/a2a", as_sent);
    assert_kept(&Journey::green().with_before(is_handed_on(GROWTH, first), [sent]), InvariantId::O7);
}

#[test]
fn o13_every_row_and_box_that_is_left_is_named() {
    for (tenant, row) in [(SUBJECT, CONCIERGE), (TenantRole::Bystander, NEIGHBOUR)] {
        let left = Journey::green().with_census(tenant, CensusMoment::TornDown, |census| {
            census.rows.push(facts::concierge(row));
            census.boxes.push("box-left".into());
        });
        let kind = FindingKind::LeftAfterTeardown;
        assert_broke(&left, InvariantId::O13, kind, row);
        assert_broke(&left, InvariantId::O13, kind, "the box box-left");
    }
}

#[test]
fn o13_a_delete_counts_where_it_was_accepted_and_a_read_says_gone() {
    let receipt = |status: u16, read_after: u16| {
        Journey::green().change(|fact| match fact {
            Fact::Receipt(receipt) if receipt.workspace == GROWTH.row => {
                (receipt.status, receipt.read_after) = (status, read_after);
            }
            _ => {}
        })
    };
    assert_kept(&receipt(202, 410), InvariantId::O13);
    for (status, read_after) in [(200, 200), (300, 410), (200, 404), (409, 410), (500, 410), (404, 410)] {
        let seen = format!("the delete said {status}, a read afterwards {read_after}");
        let journey = receipt(status, read_after);
        assert_broke(&journey, InvariantId::O13, FindingKind::DeleteUnproven, &seen);
    }
}

#[test]
fn o13_every_row_that_was_made_has_its_receipt() {
    for row in [GROWTH.row, PRODUCT.row, CONCIERGE, NEIGHBOUR] {
        let journey = Journey::green().without(is_receipt(row));
        assert_broke(&journey, InvariantId::O13, FindingKind::DeleteUnproven, "it was never deleted");
    }
    let hidden = Journey::green()
        .with_census(SUBJECT, CensusMoment::End, |census| census.rows.retain(|row| row.id != GROWTH.row))
        .without(is_receipt(GROWTH.row));
    assert_broke(&hidden, InvariantId::O13, FindingKind::DeleteUnproven, "it was never deleted");
}

#[test]
fn o13_the_last_receipt_of_a_row_counts() {
    let refused_first = || {
        let mut receipt = facts::receipt(SUBJECT, GROWTH.row);
        if let Fact::Receipt(first) = &mut receipt {
            (first.status, first.read_after) = (503, 200);
        }
        receipt
    };
    let tried_again = Journey::green().with_before(is_receipt(GROWTH.row), [refused_first()]);
    assert_kept(&tried_again, InvariantId::O13);
}

#[test]
fn o13_asks_for_a_receipt_of_a_row_that_nobody_made_too() {
    let stray = with_row_of_nobody(Journey::green(), "row-stray", "stray").without(is_receipt("row-stray"));
    let judged = judged(&stray);
    assert_eq!(ruling(&judged, InvariantId::O13), CheckOutcome::Broke);
}
