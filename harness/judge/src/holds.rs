//! Whether a condition holds, over what had been seen so far.

use journal::{Finding, FindingKind, KeyShown, Layer, ModelCall, Payer, Row};
use scenario::{
    Bindings, Condition, ModelCallExpectation, ModelExpected, ParentExpected, Place, RowExpectation,
    Scenario, TeamExpectation, Who,
};
use wire::Status;

use crate::Facts;
use crate::evidence::{layer_of_row, story_of};

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

/// The scenario and the case whose conditions are asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) bindings: &'a Bindings,
    pub(crate) through: &'a [Status],
}

/// What is wrong, and whether waiting can mend it.
struct Lack {
    finding: Finding,
    is_final: bool,
}

/// Whether all conditions hold. `through` names settled statuses that may pass.
pub fn holds_all(
    scenario: &Scenario,
    bindings: &Bindings,
    conditions: &[Condition],
    through: &[Status],
    facts: Facts<'_>,
) -> Holding {
    let asking = Asking { scenario, bindings, through };
    let lacks: Vec<Lack> = conditions.iter().flat_map(|condition| asking.lacks(condition, facts)).collect();
    sum(lacks)
}

/// Whether one condition holds.
pub fn holds(scenario: &Scenario, bindings: &Bindings, condition: &Condition, facts: Facts<'_>) -> Holding {
    sum(Asking { scenario, bindings, through: &[] }.lacks(condition, facts))
}

fn sum(lacks: Vec<Lack>) -> Holding {
    let is_final = lacks.iter().any(|lack| lack.is_final);
    let findings: Vec<Finding> = lacks.into_iter().map(|lack| lack.finding).collect();
    match (findings.is_empty(), is_final) {
        (true, _) => Holding::Yes,
        (false, true) => Holding::Never(findings),
        (false, false) => Holding::NotYet(findings),
    }
}

impl Asking<'_> {
    fn lacks(&self, condition: &Condition, facts: Facts<'_>) -> Vec<Lack> {
        match condition {
            Condition::Team(team) => self.team(&team.value, team.place, facts),
            Condition::ModelCalls(calls) => self.model_calls(&calls.value, calls.place, facts),
        }
    }

    fn team(&self, team: &TeamExpectation, place: Place, facts: Facts<'_>) -> Vec<Lack> {
        match team {
            TeamExpectation::AllOnline => {
                let online = RowExpectation { status: Some(Status::Online), ..Default::default() };
                facts
                    .members()
                    .into_iter()
                    .flat_map(|member| self.row(member, &online, place, facts))
                    .collect()
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
        let Some((_, row)) = facts.row(&workspace) else {
            let lack = self.lack(FindingKind::RowMissing, member, place, "a row", "it was not seen yet");
            return vec![Lack { is_final: false, ..lack }];
        };
        let mut lacks = Vec::new();
        lacks.extend(expected.status.and_then(|status| self.status(member, status, row, place, facts)));
        lacks.extend(expected.parent.and_then(|parent| self.parent(member, parent, row, place, facts)));
        lacks.extend(expected.tier.and_then(|tier| self.tier(member, tier, row, place)));
        let runtime = expected.runtime.as_ref().and_then(|runtime| runtime.text(self.bindings));
        lacks.extend(runtime.and_then(|runtime| self.runtime(member, &runtime, row, place)));
        for lack in &mut lacks {
            lack.finding.trail = facts.trail(&workspace);
            lack.finding.proof = story_of(facts, &workspace);
        }
        lacks
    }

    /// The agent's turn is over and no call made a row: none will come.
    fn no_row(&self, member: &str, place: Place, facts: Facts<'_>) -> Lack {
        let attempt = facts
            .tool_calls()
            .rev()
            .find(|(_, call)| call.tool == "provision_workspace" && call.argument("name") == Some(member));
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
        Some(Lack { is_final, ..lack })
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
        let concierge = facts.concierge(journal::TenantRole::Subject);
        if row.parent_id.as_deref() == concierge {
            return None;
        }
        let seen = row.parent_id.as_ref().map_or("no parent".to_owned(), |parent| format!("parent {parent}"));
        let expected = format!("the concierge as parent ({})", concierge.unwrap_or("which never came up"));
        Some(self.lack(FindingKind::RowDiffers, member, place, &expected, &seen))
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

    fn model_calls(&self, expected: &ModelCallExpectation, place: Place, facts: Facts<'_>) -> Vec<Lack> {
        let members: Vec<&str> = match &expected.who {
            Who::Team => facts.members(),
            Who::Member(member) => vec![member],
        };
        members.into_iter().flat_map(|member| self.calls_of(member, expected, place, facts)).collect()
    }

    fn calls_of(
        &self,
        member: &str,
        expected: &ModelCallExpectation,
        place: Place,
        facts: Facts<'_>,
    ) -> Vec<Lack> {
        let Some((_, workspace)) = facts.row_of_member(member) else {
            return vec![self.no_row(member, place, facts)];
        };
        let calls: Vec<(u64, &ModelCall)> = facts.model_calls_of(&workspace).collect();
        let mut lacks = Vec::new();
        if calls.is_empty() {
            let mut lack =
                self.lack(FindingKind::ModelCallDiffers, member, place, "at least one model call", "none");
            lack.finding.layer = Layer::Box;
            lacks.push(lack);
        }
        let model = match &expected.model {
            Some(ModelExpected::This(template)) => template.text(self.bindings),
            Some(ModelExpected::AsStored) => match facts.stored_model(&workspace) {
                Some((_, stored)) => Some(stored.stored.model.clone()),
                None => {
                    lacks.push(self.lack(
                        FindingKind::ModelCallDiffers,
                        member,
                        place,
                        "a stored model",
                        "it was not read",
                    ));
                    None
                }
            },
            None => None,
        };
        let wrong = calls.iter().find_map(|(seq, call)| {
            let (wanted, got, layer) = call_differs(call, expected.payer, model.as_deref())?;
            let mut lack = self.lack(FindingKind::ModelCallDiffers, member, place, &wanted, &got);
            lack.finding.layer = layer;
            lack.finding.proof = vec![*seq];
            Some(lack)
        });
        lacks.extend(wrong);
        for lack in &mut lacks {
            lack.finding.trail = facts.trail(&workspace);
            lack.finding.proof.extend(story_of(facts, &workspace));
            lack.finding.proof.sort_unstable();
            lack.finding.proof.dedup();
        }
        lacks
    }

    /// A lack that waiting can't mend; the caller says otherwise where it can.
    fn lack(&self, kind: FindingKind, member: &str, place: Place, expected: &str, seen: &str) -> Lack {
        let finding = Finding {
            kind,
            invariant: None,
            at: self.scenario.place(place),
            subject: Some(member.to_owned()),
            expected: expected.to_owned(),
            seen: seen.to_owned(),
            trail: Vec::new(),
            proof: Vec::new(),
            layer: Layer::Rows,
        };
        Lack { finding, is_final: true }
    }
}

/// What a call should have been, what it was, and the layer that made it so.
fn call_differs(
    call: &ModelCall,
    payer: Option<Payer>,
    model: Option<&str>,
) -> Option<(String, String, Layer)> {
    if let Some(model) = model.filter(|model| *model != call.model) {
        return Some((format!("model {model}"), format!("model {}", call.model), Layer::Box));
    }
    let expected = payer?;
    if call.payer == Some(expected) {
        return None;
    }
    let wanted = format!("every call paid by the {}", payer_in_words(expected));
    let seen = match call.payer {
        Some(other) => format!("a call paid by the {}", payer_in_words(other)),
        None => format!("a call that nobody paid: {}, status {}", key_in_words(&call.key), call.status),
    };
    let layer = if call.key == KeyShown::Missing { Layer::Box } else { Layer::Proxy };
    Some((wanted, seen, layer))
}

fn payer_in_words(payer: Payer) -> &'static str {
    match payer {
        Payer::Platform => "platform",
        Payer::Vendor => "tenant, at a vendor",
    }
}

fn key_in_words(key: &KeyShown) -> &'static str {
    match key {
        KeyShown::Missing => "no key",
        KeyShown::UsageToken => "the usage token",
        KeyShown::OtherTenantsToken => "another tenant's token",
        KeyShown::Unknown => "a key that nobody issued",
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
