//! `holds_all`: whether something holds, may still come, or can't come any more.

use journal::{Endpoint, Fact, Finding, FindingKind, KeyShown, Layer, ModelCall, Observation, Payer, Row};
use judge::Holding;

use crate::changes::without_member;
use crate::court::Court;
use crate::facts::{self, GROWTH, PRODUCT};
use crate::journey::Journey;
use crate::which::{is_created, is_row, is_stored_model, is_turn_over, is_wait};

/// Makes one thing differ.
type Change<T> = fn(&mut T);

/// What `holds_all` says, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Yes,
    NotYet,
    Never,
}

fn said(holding: &Holding) -> Says {
    match holding {
        Holding::Yes => Says::Yes,
        Holding::NotYet(_) => Says::NotYet,
        Holding::Never(_) => Says::Never,
    }
}

fn findings(holding: Holding) -> Vec<Finding> {
    match holding {
        Holding::Yes => Vec::new(),
        Holding::NotYet(findings) | Holding::Never(findings) => findings,
    }
}

/// The journey while the team comes online, with a member's last look like this.
fn looked(row: Row) -> Vec<Observation> {
    let look = facts::seen(journal::TenantRole::Subject, journal::RowSource::Read, row);
    Journey::green().with_before(is_wait(1), [look]).until(is_wait(1)).observations()
}

fn with(change: impl Fn(&mut Row)) -> Vec<Observation> {
    let mut row = facts::row(PRODUCT, "online");
    change(&mut row);
    looked(row)
}

fn expecting(row: &str) -> Court {
    Court::of_step(&format!("eventually: {{ within: 10s, team: {{ enter-product: {{ {row} }} }} }}"))
}

#[test]
fn a_status_holds_may_come_or_is_excluded_by_a_settled_one() {
    for (status, says) in [
        ("online", Says::Yes),
        ("provisioning", Says::NotYet),
        ("offline", Says::NotYet),
        ("hibernating", Says::NotYet),
        ("awaiting_agent", Says::NotYet),
        ("failed", Says::Never),
        ("degraded", Says::Never),
        ("removed", Says::Never),
        ("paused", Says::Never),
        ("hibernated", Says::Never),
        ("Online", Says::Never),
        ("no_such_status", Says::Never),
        ("", Says::Never),
    ] {
        let holding = expecting("status: online").holding(&with(|row| row.status = status.into()));
        assert_eq!(said(&holding), says, "{status}");
        let kinds: Vec<FindingKind> = findings(holding).iter().map(|finding| finding.kind).collect();
        match says {
            Says::Yes => assert!(kinds.is_empty()),
            Says::NotYet => assert_eq!(kinds, [FindingKind::RowDiffers], "{status}"),
            Says::Never => assert_eq!(kinds, [FindingKind::SettledOtherwise], "{status}"),
        }
    }
}

#[test]
fn a_settled_status_may_pass_where_the_wait_goes_through_it() {
    let through = |statuses: &str, row: &str| {
        Court::of_step(&format!(
            "eventually: {{ within: 10s, through: [{statuses}], team: {{ enter-product: {{ {row} }} }} }}"
        ))
    };
    let failed = with(|row| row.status = "failed".into());
    for (statuses, row, says) in [
        ("failed", "status: online", Says::NotYet),
        ("degraded, failed", "status: online", Says::NotYet),
        ("degraded", "status: online", Says::Never),
        ("", "status: online", Says::Never),
        ("failed", "status: failed", Says::Yes),
        ("failed", "{status: online, tier: 3}", Says::Never),
    ] {
        let row = row.trim_matches(['{', '}']);
        assert_eq!(said(&through(statuses, row).holding(&failed)), says, "[{statuses}] {row}");
    }
    let unknown = with(|row| row.status = "no_such_status".into());
    assert_eq!(said(&through("failed", "status: online").holding(&unknown)), Says::Never);
}

#[test]
fn what_never_changes_in_a_row_is_never_waited_for() {
    let differs: [(&str, Change<Row>); 5] = [
        ("parent: concierge", |row| row.parent_id = None),
        ("parent: concierge", |row| row.parent_id = Some(GROWTH.row.into())),
        ("tier: 4", |row| row.tier = 0),
        ("runtime: claude-code", |row| row.runtime = "hermes".into()),
        ("runtime: claude-code", |row| row.runtime = String::new()),
    ];
    for (expected, change) in differs {
        let court = expecting(expected);
        assert_eq!(said(&court.holding(&with(|_| {}))), Says::Yes, "{expected}");
        let holding = court.holding(&with(change));
        assert_eq!(said(&holding), Says::Never, "{expected}");
        let findings = findings(holding);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].kind, FindingKind::RowDiffers);
        assert_eq!(findings[0].at, court.place_of("enter-product: {"));
        assert_eq!(findings[0].trail.last().map(|seen| seen.status.as_str()), Some("online"));
    }
}

#[test]
fn without_a_concierge_no_row_stands_under_it() {
    let orphan = with(|row| row.parent_id = None);
    let unsigned: Vec<Observation> =
        orphan.into_iter().filter(|seen| !matches!(seen.fact, Fact::SignedUp(_))).collect();
    assert_ne!(said(&expecting("parent: concierge").holding(&unsigned)), Says::Yes);
}

#[test]
fn several_lacks_of_one_row_are_all_named_and_one_final_one_ends_the_wait() {
    let court = expecting("status: online, tier: 3, runtime: hermes");
    let holding = court.holding(&with(|row| row.status = "provisioning".into()));
    assert_eq!(said(&holding), Says::Never);
    assert_eq!(findings(holding).len(), 3);
}

#[test]
fn a_team_is_online_when_each_of_its_members_is() {
    let court = Court::of_step("eventually: { within: 10s, team: all_online }");
    let journey = || Journey::green().until(is_wait(1));
    assert_eq!(said(&court.holding(&journey().observations())), Says::Yes);
    for (status, says) in
        [("provisioning", Says::NotYet), ("failed", Says::Never), ("no_such_status", Says::Never)]
    {
        let one = Journey::green().with_before(is_wait(1), [facts::look(GROWTH, status)]).until(is_wait(1));
        let holding = court.holding(&one.observations());
        assert_eq!(said(&holding), says, "{status}");
        let subjects: Vec<_> = findings(holding).into_iter().map(|finding| finding.subject).collect();
        assert_eq!(subjects, [Some("enter-growth".to_owned())], "{status}");
    }
}

#[test]
fn nobody_at_all_is_not_a_team_that_is_online() {
    let court = Court::of_step("eventually: { within: 10s, team: all_online }");
    let holding = court.holding(&[]);
    assert_eq!(said(&holding), Says::NotYet);
    assert_eq!(findings(holding)[0].subject, None);
    let before_the_turn = Journey::green().until(is_turn_over);
    assert_ne!(said(&court.holding(&before_the_turn.observations())), Says::Yes);
    let calls = Court::of_step("expect: { model_calls: { each: team, payer: platform } }");
    assert_ne!(said(&calls.holding(&[])), Says::Yes);
}

#[test]
fn a_member_whose_create_was_refused_never_gets_a_row() {
    let journey = without_member(Journey::green(), GROWTH).until(is_wait(1));
    for step in [
        "eventually: { within: 10s, team: all_online }",
        "eventually: { within: 10s, workspace: { enter-growth: { tier: 4 } } }",
        "expect: { model_calls: { workspace: enter-growth } }",
    ] {
        let holding = Court::of_step(step).holding(&journey.observations());
        assert_eq!(said(&holding), Says::Never, "{step}");
        let findings = findings(holding);
        assert_eq!(
            (findings[0].kind, findings[0].layer),
            (FindingKind::RowMissing, Layer::Concierge),
            "{step}"
        );
        assert!(findings[0].seen.starts_with("the tool refused: "), "{}", findings[0].seen);
        assert_eq!(findings[0].proof.len(), 1, "{step}");
    }
}

#[test]
fn of_several_refusals_the_last_one_is_told() {
    let mut last = facts::refused(GROWTH.name);
    if let Fact::ToolCall(call) = &mut last {
        call.text = "quota is used up".into();
    }
    let journey = without_member(Journey::green(), GROWTH).with_before(is_turn_over, [last]);
    let court = Court::of_step("eventually: { within: 10s, team: all_online }");
    let findings = findings(court.holding(&journey.until(is_wait(1)).observations()));
    assert_eq!(findings[0].seen, "the tool refused: quota is used up");
}

#[test]
fn the_layer_of_a_row_is_how_far_its_box_came() {
    let is_registered =
        |fact: &Fact| matches!(fact, Fact::BoxRegistered(registered) if registered.workspace == PRODUCT.row);
    let is_started =
        |fact: &Fact| matches!(fact, Fact::BoxStarted(started) if started.workspace == PRODUCT.row);
    let failed = || Journey::green().with_before(is_wait(1), [facts::look(PRODUCT, "failed")]);
    let refused = failed().change(|fact| match fact {
        Fact::BoxRegistered(registered) if registered.workspace == PRODUCT.row => {
            registered.status = Some(401);
        }
        _ => {}
    });
    for (journey, layer) in [
        (failed(), Layer::Rows),
        (refused, Layer::Box),
        (failed().without(is_registered), Layer::Box),
        (failed().without(is_registered).without(is_started), Layer::Provisioning),
    ] {
        let holding = expecting("status: online").holding(&journey.until(is_wait(1)).observations());
        assert_eq!(findings(holding)[0].layer, layer);
    }
}

#[test]
fn a_member_that_no_call_was_made_for_never_gets_a_row() {
    let journey = Journey::green().without(is_created(GROWTH)).until(is_wait(1));
    let court = Court::of_step("eventually: { within: 10s, team: all_online }");
    let holding = court.holding(&journey.observations());
    assert_eq!(said(&holding), Says::Never);
    assert_eq!(findings(holding)[0].seen, "the agent made no call for it");
}

#[test]
fn a_member_that_was_not_looked_at_may_still_be_as_expected() {
    let journey = Journey::green().without(is_row(GROWTH)).until(is_wait(1));
    let court = Court::of_step("eventually: { within: 10s, team: all_online }");
    let holding = court.holding(&journey.observations());
    assert_eq!(said(&holding), Says::NotYet);
    assert_eq!(findings(holding)[0].kind, FindingKind::RowMissing);
}

#[test]
fn a_row_that_the_platform_does_not_show_any_more_is_missing() {
    let court = expecting("status: online");
    for (status, says) in [(404, Says::NotYet), (410, Says::Never)] {
        let vanished = Journey::green().with_before(is_wait(1), [facts::look_in_vain(PRODUCT, status)]);
        let holding = court.holding(&vanished.until(is_wait(1)).observations());
        assert_eq!(said(&holding), says, "{status}");
        let findings = findings(holding);
        assert_eq!(findings[0].kind, FindingKind::RowMissing);
        assert!(!findings[0].proof.is_empty());
        assert_eq!(findings[0].trail.last().map(|seen| seen.status.as_str()), Some("online"));
    }
    let back = [facts::look_in_vain(PRODUCT, 404), facts::look(PRODUCT, "online")];
    let came_back = Journey::green().with_before(is_wait(1), back).until(is_wait(1));
    assert_eq!(said(&court.holding(&came_back.observations())), Says::Yes);
}

fn calls(expected: &str) -> Court {
    Court::of_step(&format!("expect: {{ model_calls: {{ each: team{expected} }} }}"))
}

#[test]
fn model_calls_must_be_there_and_each_must_be_as_expected() {
    let changes: [(&str, &str, Change<ModelCall>, Layer); 6] = [
        (", payer: platform", "a call that nobody paid", |call| call.payer = None, Layer::Proxy),
        (
            ", payer: platform",
            "no key",
            |call| (call.payer, call.key) = (None, KeyShown::Missing),
            Layer::Box,
        ),
        (
            ", payer: platform",
            "a call paid by the tenant, at a vendor",
            |call| (call.payer, call.endpoint) = (Some(Payer::Vendor), Endpoint::Vendor("a.invalid".into())),
            Layer::Proxy,
        ),
        (", payer: vendor", "a call paid by the platform", |_| {}, Layer::Proxy),
        (", model: as_stored", "model gpt-9", |call| call.model = "gpt-9".into(), Layer::Box),
        (", model: no-such-model", "model moonshot/kimi-k2.6", |_| {}, Layer::Box),
    ];
    for (expected, seen, change, layer) in changes {
        let mut observations = Journey::green().observations();
        for observation in &mut observations {
            if let Fact::ModelCall(call) = &mut observation.fact {
                change(call);
            }
        }
        let court = calls(expected);
        let holding = court.holding(&observations);
        assert_eq!(said(&holding), Says::Never, "{expected} {seen}");
        for finding in findings(holding) {
            assert_eq!((finding.kind, finding.layer), (FindingKind::ModelCallDiffers, layer), "{finding:#?}");
            assert!(finding.seen.contains(seen), "{expected}: {}", finding.seen);
            assert_eq!(finding.at, court.place_of("{ each: team"));
        }
    }
}

#[test]
fn model_calls_hold_where_they_are_as_expected() {
    for expected in [
        "",
        ", payer: platform",
        ", model: as_stored",
        ", model: moonshot/kimi-k2.6",
        ", payer: platform, model: as_stored",
    ] {
        let holding = calls(expected).holding(&Journey::green().observations());
        assert_eq!(said(&holding), Says::Yes, "{expected}");
    }
}

#[test]
fn a_box_that_called_no_model_is_found_for_its_member() {
    let silent = Journey::green().without(
        |fact| matches!(fact, Fact::ModelCall(call) if call.workspace.as_deref() == Some(GROWTH.row)),
    );
    for expected in ["", ", payer: platform", ", model: as_stored"] {
        let findings = findings(calls(expected).holding(&silent.observations()));
        assert_eq!(findings.len(), 1, "{expected}: {findings:#?}");
        assert_eq!(findings[0].subject.as_deref(), Some("enter-growth"));
        assert_eq!((findings[0].seen.as_str(), findings[0].layer), ("none", Layer::Box));
    }
}

#[test]
fn one_wrong_call_among_many_is_enough() {
    let mut observations = Journey::green().observations();
    let last = observations.iter_mut().rev().find_map(|seen| match &mut seen.fact {
        Fact::ModelCall(call) if call.workspace.as_deref() == Some(PRODUCT.row) => Some(call),
        _ => None,
    });
    last.unwrap().model = "anthropic/claude-fable-5".into();
    let holding = calls(", model: as_stored").holding(&observations);
    let findings = findings(holding);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].subject.as_deref(), Some("enter-product"));
}

#[test]
fn a_stored_model_that_was_not_read_does_not_hold() {
    let unread = Journey::green().without(is_stored_model(GROWTH));
    assert_ne!(said(&calls(", model: as_stored").holding(&unread.observations())), Says::Yes);
    assert_eq!(said(&calls(", payer: platform").holding(&unread.observations())), Says::Yes);
}
