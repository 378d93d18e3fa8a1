//! O-6, its half on parentage: every row's ancestry ends at its own concierge.

use std::collections::BTreeMap;

use contract::RootParent;
use journal::{CensusMoment, EntryStep, FindingKind, InvariantId, Layer, Row};

use super::Ruling;
use super::ruling::finding;
use crate::evidence::story_of;
use crate::{Facts, Trial};

pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    let mut findings = Vec::new();
    let (mut applies, mut is_missing) = (false, false);
    for role in trial.tenants() {
        let (Some(concierge), Some((seq, census))) =
            (facts.concierge(role), facts.census(role, CensusMoment::End))
        else {
            (applies, is_missing) = (true, true);
            continue;
        };
        let rows: BTreeMap<&str, &Row> = census.rows.iter().map(|row| (row.id.as_str(), row)).collect();
        let is_bound = |row: &&Row| row.id != concierge && !may_stand_anywhere(trial, facts, &row.id);
        for row in census.rows.iter().filter(is_bound) {
            applies = true;
            let Err(seen) = ends_at(&rows, row, concierge) else { continue };
            let expected = "an ancestry that ends at the tenant's concierge";
            let kind = FindingKind::OutsideTheTree;
            let mut outside = finding(trial, InvariantId::O6, kind, Layer::Rows, expected, seen);
            outside.subject = Some(row.name.clone());
            outside.trail = facts.trail(&row.id);
            outside.proof = story_of(facts.up_to(seq), &row.id);
            outside.proof.push(seq);
            findings.push(outside);
        }
    }
    Ruling::of(applies, is_missing, findings)
}

/// True for a row whose entry, by the contract, gives it no parent.
fn may_stand_anywhere(trial: &Trial<'_>, facts: Facts<'_>, workspace: &str) -> bool {
    let mut made = facts.entry_calls().filter(|(_, call)| call.step == EntryStep::Make);
    let entry =
        made.find(|(_, call)| call.workspace.as_deref() == Some(workspace)).map(|(_, call)| call.entry);
    entry.is_some_and(|entry| *trial.contract.root_parent.of(entry) == RootParent::Nowhere)
}

/// Follows the parents up to the concierge. A circle ends when there are no more rows than steps.
fn ends_at(rows: &BTreeMap<&str, &Row>, row: &Row, concierge: &str) -> Result<(), String> {
    let mut at = row;
    for _ in 0..=rows.len() {
        match at.parent_id.as_deref() {
            Some(parent) if parent == concierge => return Ok(()),
            Some(parent) => match rows.get(parent) {
                Some(above) => at = above,
                None => return Err(format!("it ends at {parent}, which is no row of this tenant")),
            },
            None if at.id == row.id => return Err("it has no parent".to_owned()),
            None => return Err(format!("it ends at `{}`, which has no parent", at.name)),
        }
    }
    Err("it goes in a circle".to_owned())
}
