//! Each defect switch turns the first team's journey red with a finding of its own.

use contract::DefectId;
use firstrun::RunOptions;
use journal::{Finding, FindingKind, InvariantId, Layer, Verdict};

use crate::Named;
use crate::played::{Played, loaded, planned, play};

pub(crate) const TESTS: &[Named] = &[
    ("a_lost_parent_is_found_outside_the_tree", a_lost_parent_is_found_outside_the_tree),
    (
        "a_box_without_its_usage_token_is_found_by_its_answer",
        a_box_without_its_usage_token_is_found_by_its_answer,
    ),
    (
        "a_dropped_provisioning_is_found_with_nobody_at_work",
        a_dropped_provisioning_is_found_with_nobody_at_work,
    ),
    ("an_empty_reply_is_found_by_the_question", an_empty_reply_is_found_by_the_question),
    ("every_defect_has_its_test_here", every_defect_has_its_test_here),
];

/// Waits for what never comes are cut short: nothing in these journeys takes that long by itself.
const TIME_FACTOR: f64 = 0.2;

/// Both members of the team.
const MEMBERS: [&str; 2] = ["enter-product", "enter-growth"];

fn first_team() -> Played {
    planned(&loaded(), 1)
        .into_iter()
        .find(|(_, journey)| journey.scenario == "first_run/build_me_a_team")
        .unwrap()
}

/// The findings of the first team's journey with this switch on.
fn findings(defect: DefectId) -> Vec<Finding> {
    let options = RunOptions {
        defects: [defect].into_iter().collect(),
        time_factor: TIME_FACTOR,
        ..RunOptions::default()
    };
    let judged = play(options, &first_team()).judged();
    assert_eq!(judged.verdict, Verdict::Failed, "{judged:#?}");
    judged.findings
}

/// One finding of this kind for each member, in this layer, by this invariant.
fn each_member_has(findings: &[Finding], kind: FindingKind, invariant: InvariantId, layer: Layer) {
    for member in MEMBERS {
        let found = findings.iter().find(|finding| {
            finding.kind == kind
                && finding.invariant == Some(invariant)
                && finding.subject.as_deref() == Some(member)
        });
        let found = found.unwrap_or_else(|| panic!("no {kind:?} for {member} in {findings:#?}"));
        assert_eq!(found.layer, layer, "{found:#?}");
        assert!(!found.proof.is_empty(), "{found:#?}");
    }
}

fn a_lost_parent_is_found_outside_the_tree() {
    let findings = findings(DefectId::D13);
    each_member_has(&findings, FindingKind::OutsideTheTree, InvariantId::O6, Layer::Rows);
}

fn a_box_without_its_usage_token_is_found_by_its_answer() {
    let findings = findings(DefectId::D08);
    each_member_has(&findings, FindingKind::WrongAnswer, InvariantId::O7, Layer::Box);
}

fn a_dropped_provisioning_is_found_with_nobody_at_work() {
    let findings = findings(DefectId::D20);
    each_member_has(&findings, FindingKind::NobodyAtWork, InvariantId::O3, Layer::Provisioning);
}

fn an_empty_reply_is_found_by_the_question() {
    let findings = findings(DefectId::D27);
    each_member_has(&findings, FindingKind::EmptyAnswer, InvariantId::O7, Layer::Messages);
}

fn every_defect_has_its_test_here() {
    assert_eq!(DefectId::ALL.len() + 1, TESTS.len(), "a defect without a test, or a test without a defect");
}
