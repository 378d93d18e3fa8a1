//! Whether a condition holds, over what had been seen so far.

use journal::{Finding, FindingKind, Layer, Row, RowSeen};
use scenario::{Condition, ParentExpected, Place, RowExpectation, TeamExpectation};
use wire::Status;

use crate::evidence::{layer_of_row, story_of};
use crate::facts::GONE;
use crate::lack::{Lack, Lacks, Nature};
use crate::{Facts, Trial};

/// Whether something holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Holding {
    /// It does.
    Yes,
    /// Not so far, and it may come.
    NotYet(Vec<Finding>),
    /// It does not, and waiting on is in vain.
    Never(Vec<Finding>),
}

/// The case and the step whose conditions are asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking<'a> {
    pub(crate) trial: &'a Trial<'a>,
    /// The step, from 0: `refused` is about the act before it.
    pub(crate) step: usize,
    pub(crate) through: &'a [Status],
}

/// Whether all conditions of a step hold. `through` names settled statuses that may pass.
pub fn holds_all(
    trial: &Trial<'_>,
    step: usize,
    conditions: &[Condition],
    through: &[Status],
    facts: Facts<'_>,
) -> Holding {
    Asking { trial, step, through }.lacks_of_all(conditions, facts).holding()
}

impl Asking<'_> {
    /// Everything that is wrong with any of the conditions.
    pub(crate) fn lacks_of_all(&self, conditions: &[Condition], facts: Facts<'_>) -> Lacks {
        Lacks(conditions.iter().flat_map(|condition| self.lacks(condition, facts)).collect())
    }

    fn lacks(&self, condition: &Condition, facts: Facts<'_>) -> Vec<Lack> {
        match condition {
            Condition::Team(team) => self.team(&team.value, team.place, facts),
            Condition::ModelCalls(calls) => self.model_calls(&calls.value, calls.place, facts),
            Condition::Refused(refused) => self.refused(&refused.value, refused.place, facts),
            Condition::ToolText(text) => self.tool_text(&text.value, text.place, facts),
            Condition::AsPredicted(place) => self.as_predicted(*place, facts),
            Condition::That(that) => self.that(&that.value, that.place, facts).into_iter().collect(),
        }
    }

    fn team(&self, team: &TeamExpectation, place: Place, facts: Facts<'_>) -> Vec<Lack> {
        match team {
            TeamExpectation::AllOnline => {
                let online = RowExpectation { status: Some(Status::Online), ..Default::default() };
                let members = facts.members();
                if members.is_empty() {
                    return vec![self.nobody(place)];
                }
                members.into_iter().flat_map(|member| self.row(member, &online, place, facts)).collect()
            }
            TeamExpectation::Rows(rows) => rows
                .iter()
                .flat_map(|(member, row)| self.row(&member.value, row, member.place, facts))
                .collect(),
        }
    }

    fn row(&self, member: &str, expected: &RowExpectation, place: Place, facts: Facts<'_>) -> Vec<Lack> {
        let Some((_, workspace)) = facts.row_of_member(member) else {
            return vec![self.no_row(member, place, facts)];
        };
        let row = match facts.last_look(&workspace) {
            Some((_, RowSeen { row: Some(row), .. })) => row,
            look => return vec![self.no_sight(member, &workspace, look.map(|(_, seen)| seen), place, facts)],
        };
        let mut lacks = Vec::new();
        lacks.extend(expected.status.and_then(|status| self.status(member, status, row, place, facts)));
        lacks.extend(expected.parent.and_then(|parent| self.parent(member, parent, row, place, facts)));
        lacks.extend(expected.tier.and_then(|tier| self.tier(member, tier, row, place)));
        lacks.extend(expected.runtime.as_ref().and_then(|runtime| {
            let Some(runtime) = runtime.text(self.trial.bindings) else {
                return Some(self.nothing_to_compare(member, "runtime", place));
            };
            self.runtime(member, &runtime, row, place)
        }));
        for lack in &mut lacks {
            lack.finding.trail = facts.trail(&workspace);
            lack.finding.proof = story_of(facts, &workspace);
        }
        lacks
    }

    /// No turn was seen, so nobody knows whose rows are meant.
    pub(crate) fn nobody(&self, place: Place) -> Lack {
        let mut lack = self.lack(FindingKind::RowMissing, "", place, "a team", "no turn asked for one yet");
        lack.finding.subject = None;
        Lack { nature: Nature::Unseen, ..lack }
    }

    /// A row was made, and there is no look at it or the last one found none.
    fn no_sight(
        &self,
        member: &str,
        workspace: &str,
        look: Option<&RowSeen>,
        place: Place,
        facts: Facts<'_>,
    ) -> Lack {
        let (nature, seen) = match look {
            None => (Nature::Unseen, "it was not seen yet".to_owned()),
            Some(look) if look.status == GONE => (Nature::Final, format!("a read says {GONE}")),
            Some(look) => (Nature::Open, format!("a read says {}", look.status)),
        };
        let mut lack = self.lack(FindingKind::RowMissing, member, place, "a row", &seen);
        lack.finding.trail = facts.trail(workspace);
        lack.finding.proof = story_of(facts, workspace);
        Lack { nature, ..lack }
    }

    /// The act is over and no call made a row: none will come.
    pub(crate) fn no_row(&self, member: &str, place: Place, facts: Facts<'_>) -> Lack {
        let attempt = facts
            .tool_calls()
            .rev()
            .find(|(_, call)| call.tool == "provision_workspace" && call.argument("name") == Some(member));
        let scripted = facts.entry_calls().rev().find(|(_, call)| call.member == member);
        if let Some((seq, call)) = scripted {
            let reason = call.reason.as_deref().map(one_line).unwrap_or_default();
            let seen = format!("{} answered {}: {reason}", call.entry.as_str(), call.status);
            let mut lack = self.lack(FindingKind::RowMissing, member, place, "a row", &seen);
            lack.finding.proof = vec![seq];
            return lack;
        }
        let seen = match attempt {
            Some((_, call)) => format!("the tool refused: {}", one_line(&call.text)),
            None => "the agent made no call for it".to_owned(),
        };
        let mut lack = self.lack(FindingKind::RowMissing, member, place, "a row", &seen);
        lack.finding.proof = attempt.map(|(seq, _)| seq).into_iter().collect();
        lack.finding.layer = Layer::Concierge;
        lack
    }

    fn status(
        &self,
        member: &str,
        expected: Status,
        row: &Row,
        place: Place,
        facts: Facts<'_>,
    ) -> Option<Lack> {
        if row.status == expected.as_str() {
            return None;
        }
        let seen = Status::from_wire(&row.status);
        let may_pass = seen.is_some_and(|status| self.through.contains(&status));
        let is_final = seen.is_none_or(Status::is_settled) && !may_pass;
        let kind = if is_final { FindingKind::SettledOtherwise } else { FindingKind::RowDiffers };
        let reason = row.reason.as_deref().filter(|reason| !reason.is_empty());
        let seen = match reason {
            Some(reason) => format!("status {}: {}", row.status, one_line(reason)),
            None => format!("status {}", row.status),
        };
        let mut lack = self.lack(kind, member, place, &format!("status {expected}"), &seen);
        lack.finding.layer = layer_of_row(facts, &row.id);
        let nature = if is_final { Nature::Final } else { Nature::Open };
        Some(Lack { nature, ..lack })
    }

    fn parent(
        &self,
        member: &str,
        expected: ParentExpected,
        row: &Row,
        place: Place,
        facts: Facts<'_>,
    ) -> Option<Lack> {
        let ParentExpected::Concierge = expected;
        let seen = row.parent_id.as_ref().map_or("no parent".to_owned(), |parent| format!("parent {parent}"));
        let kind = FindingKind::RowDiffers;
        let Some(concierge) = facts.concierge(journal::TenantRole::Subject) else {
            let expected = "the concierge as parent, which was not seen to come up";
            let lack = self.lack(kind, member, place, expected, &seen);
            return Some(Lack { nature: Nature::Unseen, ..lack });
        };
        if row.parent_id.as_deref() == Some(concierge) {
            return None;
        }
        let expected = format!("the concierge as parent ({concierge})");
        Some(self.lack(kind, member, place, &expected, &seen))
    }

    fn tier(&self, member: &str, expected: i64, row: &Row, place: Place) -> Option<Lack> {
        if row.tier == expected {
            return None;
        }
        let seen = format!("tier {}", row.tier);
        Some(self.lack(FindingKind::RowDiffers, member, place, &format!("tier {expected}"), &seen))
    }

    fn runtime(&self, member: &str, expected: &str, row: &Row, place: Place) -> Option<Lack> {
        if row.runtime == expected {
            return None;
        }
        let seen = format!("runtime {}", row.runtime);
        Some(self.lack(FindingKind::RowDiffers, member, place, &format!("runtime {expected}"), &seen))
    }

    /// An expectation whose value the case leaves out says nothing.
    pub(crate) fn nothing_to_compare(&self, member: &str, what: &str, place: Place) -> Lack {
        let expected = format!("a {what} to compare with");
        let lack = self.lack(FindingKind::RowDiffers, member, place, &expected, "the case leaves it out");
        Lack { nature: Nature::Unseen, ..lack }
    }

    /// A lack that waiting can't mend; the caller says otherwise where it can.
    pub(crate) fn lack(
        &self,
        kind: FindingKind,
        member: &str,
        place: Place,
        expected: &str,
        seen: &str,
    ) -> Lack {
        let finding = Finding {
            kind,
            invariant: None,
            at: self.trial.scenario.place(place),
            subject: Some(member.to_owned()),
            expected: expected.to_owned(),
            seen: seen.to_owned(),
            trail: Vec::new(),
            proof: Vec::new(),
            layer: Layer::Rows,
        };
        Lack { finding, nature: Nature::Final }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
