//! Whether an expression over the facts is true (scenario, `Expression`, says which facts).

use journal::{Fact, FindingKind};
use scenario::{Expression, Place, Variables};
use serde::Serialize;
use serde_json::Value;

use crate::Facts;
use crate::evidence::story_of;
use crate::holds::Asking;
use crate::lack::Lack;

/// The last act that somebody answered, and the member that it named last.
struct LastAct {
    seq: u64,
    member: Option<String>,
    answer: Value,
}

impl Asking<'_> {
    /// An expression that is not true, or can't be evaluated, says so; waiting does not mend it.
    pub(crate) fn that(&self, expression: &Expression, place: Place, facts: Facts<'_>) -> Option<Lack> {
        let act = last_act(facts);
        let member = act.as_ref().and_then(|act| act.member.clone());
        let row = member.as_deref().and_then(|member| facts.row_of_member(member)).map(|(_, id)| id);
        let seen = match expression.is_true(&variables(act.as_ref(), row.as_deref(), facts)) {
            Ok(true) => return None,
            Ok(false) => "it is false".to_owned(),
            Err(cause) => cause,
        };
        let kind = FindingKind::ExpressionFailed;
        let mut lack =
            self.lack(kind, member.as_deref().unwrap_or_default(), place, expression.text(), &seen);
        lack.finding.subject = member;
        lack.finding.proof.extend(act.map(|act| act.seq));
        if let Some(row) = row {
            lack.finding.trail = facts.trail(&row);
            lack.finding.proof.extend(story_of(facts, &row));
            lack.finding.proof.extend(facts.model_calls_of(&row).map(|(seq, _)| seq));
        }
        Some(lack)
    }
}

fn variables(act: Option<&LastAct>, row: Option<&str>, facts: Facts<'_>) -> Variables {
    let shown = row.and_then(|row| facts.row(row)).map(|(_, row)| json_of(row));
    let events = row.and_then(|row| facts.events_of(row)).map(|(_, seen)| json_of(&seen.events));
    let calls = row.map(|row| facts.model_calls_of(row).map(|(_, call)| json_of(call)).collect());
    Variables(vec![
        ("answer", act.map(|act| act.answer.clone())),
        ("row", shown),
        ("events", events),
        ("model_calls", calls.map(Value::Array)),
    ])
}

/// The last turn or call of an entry, or change of a billing mode.
fn last_act(facts: Facts<'_>) -> Option<LastAct> {
    facts.iter().rev().find_map(|seen| {
        let (member, answer) = match &seen.fact {
            Fact::Turn(turn) => (turn.members.last().cloned(), json_of(&turn.reply)),
            Fact::EntryCall(call) => (Some(call.member.clone()), json_of(call)),
            Fact::BillingModeSet(set) => (facts.member_of(&set.workspace), json_of(set)),
            _ => return None,
        };
        Some(LastAct { seq: seen.seq, member, answer })
    })
}

/// What the journal would hold of it.
fn json_of<T: Serialize>(fact: &T) -> Value {
    serde_json::to_value(fact).unwrap_or_default()
}

impl Facts<'_> {
    /// The member that a row was made for.
    fn member_of(self, workspace: &str) -> Option<String> {
        let mut made = self.rows_made().into_iter();
        made.find(|(_, id)| id == workspace).map(|(member, _)| member.to_owned())
    }
}
