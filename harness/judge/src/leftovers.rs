//! Rows of the subject's tenant that are nobody's newest, and running boxes that are no row's newest.

use std::collections::BTreeSet;

use journal::{BoxStarted, Census, CensusMoment, Finding, FindingKind, Layer, TenantRole};

use crate::evidence::story_of;
use crate::invariants::is_left_of_a_refusal;
use crate::{Facts, Trial, watch};

/// The tenant when all steps were played, and the rows that somebody asked for.
struct Counted<'a> {
    facts: Facts<'a>,
    seq: u64,
    census: &'a Census,
    wanted: BTreeSet<String>,
}

/// What is left over. What a refused create left is O-2's to report, and a box of a row that is left over belongs to
/// that row's finding.
pub(crate) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Vec<Finding> {
    let census = facts.census(TenantRole::Subject, CensusMoment::End);
    let (Some((seq, census)), Some(wanted)) = (census, wanted(trial, facts)) else { return Vec::new() };
    let counted = Counted { facts, seq, census, wanted };
    let mut findings = counted.rows(trial);
    findings.extend(counted.boxes(trial));
    findings
}

/// The concierge's row and each member's newest; `None` where it was not seen who they are.
pub(crate) fn wanted(trial: &Trial<'_>, facts: Facts<'_>) -> Option<BTreeSet<String>> {
    let concierge = facts.concierge(TenantRole::Subject)?;
    let is_anybody_awaited = !trial.scenario.members().is_empty();
    if is_anybody_awaited && facts.members().is_empty() {
        return None;
    }
    let team = facts.team().into_iter().map(|(_, id)| id);
    Some(team.chain([concierge.to_owned()]).collect())
}

impl Counted<'_> {
    fn rows(&self, trial: &Trial<'_>) -> Vec<Finding> {
        let left = self.census.rows.iter().filter(|row| self.is_left(&row.id));
        left.map(|row| {
            let seen = format!("a row `{}` ({}), status {}", row.name, row.id, row.status);
            self.finding(trial, &row.id, "no row but the newest of each member that was asked for", seen)
        })
        .collect()
    }

    fn boxes(&self, trial: &Trial<'_>) -> Vec<Finding> {
        let started = self.facts.boxes_started().map(|(_, started)| started);
        let running: Vec<&BoxStarted> =
            started.filter(|started| self.census.boxes.contains(&started.instance)).collect();
        let mut findings = Vec::new();
        for (index, started) in running.iter().enumerate() {
            let workspace = started.workspace.as_str();
            let is_older = running[index + 1..].iter().any(|later| later.workspace == workspace);
            let is_of_no_row = self.name_of(workspace).is_none() && self.is_left(workspace);
            if is_of_no_row || (is_older && self.wanted.contains(workspace)) {
                let seen = format!("the box {} for the row {workspace} runs", started.instance);
                findings.push(self.finding(trial, workspace, "one box for each row that is wanted", seen));
            }
        }
        findings
    }

    fn is_left(&self, workspace: &str) -> bool {
        !self.wanted.contains(workspace) && !is_left_of_a_refusal(self.facts, self.census, workspace)
    }

    fn name_of(&self, workspace: &str) -> Option<&str> {
        self.census.rows.iter().find(|row| row.id == workspace).map(|row| row.name.as_str())
    }

    fn finding(&self, trial: &Trial<'_>, workspace: &str, expected: &str, seen: String) -> Finding {
        let mut finding = watch::finding(trial, FindingKind::Leftover, Layer::Rows, expected, seen);
        finding.subject = Some(self.name_of(workspace).unwrap_or(workspace).to_owned());
        finding.proof = story_of(self.facts, workspace);
        finding.proof.push(self.seq);
        finding
    }
}
