//! Which observations prove a finding, and which statuses its row went through.

use std::collections::BTreeSet;

use journal::{Fact, Finding, FindingKind, RowSource};

use crate::changes::case;
use crate::facts::TEAM;
use crate::journey::Journey;

/// What made a member's row and its box, and the last look at the row.
const STORY: [&str; 6] = ["create", "provision request", "box started", "box registered", "events", "look"];

/// What proves a kind of finding, by what it is.
fn proof_of(kind: FindingKind) -> BTreeSet<&'static str> {
    let without_events: &[&str] = &STORY[..4];
    let parts: [&[&str]; 2] = match kind {
        FindingKind::RowDiffers | FindingKind::SettledOtherwise | FindingKind::DidNotStay => {
            [without_events, &["look"]]
        }
        FindingKind::ModelCallDiffers => [without_events, &["look", "model call"]],
        FindingKind::RowMissing => [&["create"], &[]],
        FindingKind::HeldThoughNever => [&["look"], &[]],
        FindingKind::TurnUnanswered => [&["create", "read by the agent"], &["turn"]],
        FindingKind::RefusalLeftTrace => [&["create"], &["census"]],
        FindingKind::ReasonMissing | FindingKind::ReasonDiffers | FindingKind::CodeMissing => [&STORY, &[]],
        FindingKind::NobodyAtWork => [&["create", "box started", "box registered"], &["events", "look"]],
        FindingKind::OutsideTheTree => [&STORY, &["census"]],
        FindingKind::DeleteUnproven => [&STORY, &["census", "receipt"]],
        FindingKind::Unanswered | FindingKind::EmptyAnswer => {
            [&STORY, &["message to a box", "model call", "question"]]
        }
        FindingKind::WrongAnswer => [without_events, &["look", "message to a box", "model call", "question"]],
        FindingKind::DeliveredTwice => [&["message to a box"], &[]],
        FindingKind::Leftover | FindingKind::LeftAfterTeardown => [&["census"], &[]],
        FindingKind::BystanderTouched => [&["census"], &["model call"]],
        FindingKind::UnmodelledRoute => [&["unmodelled route"], &[]],
        FindingKind::RegisterRefused => [&STORY, &[]],
        FindingKind::ActFailed => [&["billing mode"], &[]],
        FindingKind::NotRefused => [&["create", "events"], &["look", "model call"]],
        FindingKind::RefusedElsewhere
        | FindingKind::CodeDiffers
        | FindingKind::NotSurfaced
        | FindingKind::ReasonLacksWord
        | FindingKind::VerdictDiffers => [&["create", "events"], &["look"]],
        FindingKind::ToolTextLacksRule => [&["list of tools"], &[]],
        FindingKind::AdviceRefused => [&["list of tools", "list of ids"], &[]],
        FindingKind::ExpressionFailed => [without_events, &["look", "model call", "turn"]],
        FindingKind::ClaimDiffers => [&STORY, &["turn"]],
        FindingKind::EventsDiffer => [&STORY, &[]],
        FindingKind::EnvironmentDiffers => [&["box started"], &[]],
        FindingKind::ServerEnded => [&["words of a server"], &[]],
    };
    parts.into_iter().flatten().copied().collect()
}

fn label(fact: &Fact) -> &'static str {
    match fact {
        Fact::ToolCall(call) if call.tool == "provision_workspace" => "create",
        Fact::ToolCall(_) => "read by the agent",
        Fact::Exchange(exchange) if exchange.path.starts_with("/box/") => "message to a box",
        Fact::Exchange(_) => "provision request",
        Fact::BoxStarted(_) => "box started",
        Fact::BoxRegistered(_) => "box registered",
        Fact::Events(_) => "events",
        Fact::Row(_) => "look",
        Fact::ModelCall(_) => "model call",
        Fact::Asked(_) => "question",
        Fact::Turn(_) => "turn",
        Fact::Census(_) => "census",
        Fact::Receipt(_) => "receipt",
        Fact::Unmodelled(_) => "unmodelled route",
        Fact::BillingModeSet(_) => "billing mode",
        Fact::ToolList(_) => "list of tools",
        Fact::Offered(_) => "list of ids",
        Fact::ServerSaid(_) => "words of a server",
        _ => "something else",
    }
}

/// The facts that prove what the smallest change of this kind brings about.
fn proven(kind: FindingKind) -> (Finding, Vec<Fact>) {
    let case = case(kind);
    let observations = (case.change)((case.base)(TEAM)).observations();
    let mut findings = (case.court)().judge(&observations).findings;
    findings.retain(|finding| finding.kind == kind);
    let finding = findings.remove(0);
    let facts = observations.into_iter().filter(|seen| finding.proof.contains(&seen.seq));
    let facts = facts.map(|seen| seen.fact).collect();
    (finding, facts)
}

#[test]
fn every_kind_is_proven_by_what_belongs_to_it() {
    for kind in FindingKind::ALL {
        let (finding, facts) = proven(kind);
        let labels: BTreeSet<&str> = facts.iter().map(label).collect();
        assert_eq!(labels, proof_of(kind), "{finding:#?}");
    }
}

/// The row of the member that a finding names.
fn row_of(finding: &Finding) -> Option<&'static str> {
    match finding.subject.as_deref()? {
        "enter-product" => Some("row-product"),
        "enter-growth" | "row-growth" => Some("row-growth"),
        _ => None,
    }
}

#[test]
fn what_proves_a_finding_about_a_member_names_no_other_member() {
    for kind in FindingKind::ALL {
        let (finding, facts) = proven(kind);
        let Some(row) = row_of(&finding) else { continue };
        let other = if row == "row-product" { "row-growth" } else { "row-product" };
        for fact in facts.iter().filter(|fact| !matches!(fact, Fact::Census(_))) {
            let text = serde_json::to_string(fact).unwrap();
            assert!(!text.contains(other), "{kind:?} of {row} is proven by {text}");
        }
    }
}

#[test]
fn the_last_look_proves_what_a_row_was_like() {
    let (_, facts) = proven(FindingKind::ReasonDiffers);
    let looks: Vec<&Fact> = facts.iter().filter(|fact| matches!(fact, Fact::Row(_))).collect();
    let [Fact::Row(look)] = looks.as_slice() else { panic!("{looks:#?}") };
    assert_eq!(look.source, RowSource::List);
}

#[test]
fn a_finding_about_a_row_tells_the_statuses_it_went_through() {
    for (kind, statuses) in [
        (FindingKind::SettledOtherwise, &["provisioning", "online", "degraded"][..]),
        (FindingKind::RowDiffers, &["provisioning", "online"]),
        (FindingKind::ModelCallDiffers, &["provisioning", "online"]),
        (FindingKind::DidNotStay, &["provisioning", "online", "offline"]),
        (FindingKind::ReasonMissing, &["provisioning", "online", "failed"]),
        (FindingKind::NobodyAtWork, &["provisioning", "online", "provisioning"]),
        (FindingKind::OutsideTheTree, &["provisioning", "online"]),
        (FindingKind::WrongAnswer, &["provisioning", "online"]),
        (FindingKind::RowMissing, &[]),
    ] {
        let (finding, _) = proven(kind);
        let trail: Vec<&str> = finding.trail.iter().map(|seen| seen.status.as_str()).collect();
        assert_eq!(trail, statuses, "{kind:?}");
        assert!(finding.trail.is_sorted_by_key(|seen| seen.at_ms), "{kind:?}");
    }
}

/// The agent's own reads are part of the trail: it may have seen what our looks missed.
#[test]
fn the_agents_own_reads_are_part_of_the_trail() {
    let (finding, facts) = proven(FindingKind::SettledOtherwise);
    let green = Journey::green();
    let read = green.position(
        |fact| matches!(fact, Fact::ToolCall(call) if call.created_id().as_deref() == Some("row-growth")),
    );
    assert!(!facts.is_empty());
    let at_ms = green.observations()[read].at_ms;
    assert_eq!(finding.trail[0].at_ms, at_ms, "the create's own answer says provisioning first");
}
