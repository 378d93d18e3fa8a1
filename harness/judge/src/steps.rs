//! The verdict on each step: the waits evaluated again where they ended, the acts by what they brought.

use journal::{
    AskReason, Check, CheckOutcome, CheckSubject, Fact, Finding, FindingKind, Layer, TurnReply, WaitOutcome,
    WaitSeen,
};
use scenario::{Ask, Condition, Eventually, Expect, Step, Verb, Who, Window};
use serde_json::Value;
use wire::Status;

use crate::findings::of_question;
use crate::holds::Asking;
use crate::{Facts, Trial};

/// A window needs at least so many looks, one of them after its end (scenarios/README.md, `stays`).
pub const MIN_SAMPLES: u32 = 5;

/// What came of one step.
enum Outcome {
    Held,
    Broke(Vec<Finding>),
    NotEvaluated,
}

/// Judges every step.
pub(crate) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> (Vec<Check>, Vec<Finding>) {
    let mut checks = Vec::new();
    let mut findings = Vec::new();
    let mut bindings = trial.bindings.clone();
    for (index, step) in trial.scenario.steps.iter().enumerate() {
        let outcome = match facts.step(index) {
            (Some(began), Some(ended)) => {
                let seen = facts.up_to(ended);
                let outcome = judge_step(&Trial { bindings: &bindings, ..*trial }, index, step, seen, began);
                if let Verb::Expect(expect) = &step.verb {
                    for (name, value) in
                        captures(&Trial { bindings: &bindings, ..*trial }, index, expect, seen)
                    {
                        bindings.capture(&name, value);
                    }
                }
                note(outcome, &mut findings)
            }
            _ => CheckOutcome::NotEvaluated,
        };
        checks.push(Check { subject: CheckSubject::Step(index), outcome });
    }
    (checks, findings)
}

fn note(outcome: Outcome, findings: &mut Vec<Finding>) -> CheckOutcome {
    match outcome {
        Outcome::Held => CheckOutcome::Held,
        Outcome::NotEvaluated => CheckOutcome::NotEvaluated,
        Outcome::Broke(mut broken) => {
            findings.append(&mut broken);
            CheckOutcome::Broke
        }
    }
}

fn judge_step(trial: &Trial<'_>, index: usize, step: &Step, facts: Facts<'_>, began: u64) -> Outcome {
    match &step.verb {
        Verb::UserSays(says) => turn(trial, step, &says.members.join(", "), facts, began),
        Verb::SayAgain(_) => turn(trial, step, "the same team", facts, began),
        Verb::Provision(_) | Verb::PutModel(_) | Verb::SetBillingMode(_) | Verb::Restart(_) => {
            act(trial, step, facts, began)
        }
        Verb::Eventually(eventually) => judge_eventually(trial, index, eventually, facts),
        Verb::Stays(window) => judge_window(trial, index, window, facts, began, breaks_staying),
        Verb::Never(window) => judge_window(trial, index, window, facts, began, breaks_never),
        Verb::Ask(ask) => judge_ask(trial, index, step, ask, facts),
        Verb::Expect(expect) => judge_expect(trial, index, expect, facts),
    }
}

fn turn(trial: &Trial<'_>, step: &Step, asked_for: &str, facts: Facts<'_>, began: u64) -> Outcome {
    let Some((seq, turn)) = facts.after(began).turns().next() else { return Outcome::NotEvaluated };
    if is_answered(&turn.reply) {
        return Outcome::Held;
    }
    let error = turn.reply.error.clone();
    let seen = error.unwrap_or_else(|| match &turn.reply.text {
        Some(_) => "an empty answer".to_owned(),
        None => {
            format!("no answer (status {})", turn.reply.status.map_or("none".to_owned(), |s| s.to_string()))
        }
    });
    let mut proof: Vec<u64> = facts.after(began).tool_calls().map(|(seq, _)| seq).collect();
    proof.push(seq);
    Outcome::Broke(vec![Finding {
        kind: FindingKind::TurnUnanswered,
        invariant: None,
        at: trial.scenario.place(step.place),
        subject: None,
        expected: format!("an answer to the turn that asks for {asked_for}"),
        seen,
        trail: Vec::new(),
        proof,
        layer: Layer::Concierge,
    }])
}

/// A scripted act holds where it was done: what it was answered, an expectation says. A 5xx is never an answer.
fn act(trial: &Trial<'_>, step: &Step, facts: Facts<'_>, began: u64) -> Outcome {
    let since = facts.after(began);
    let answers = since.iter().filter_map(|seen| match &seen.fact {
        Fact::EntryCall(call) => Some((seen.seq, call.status)),
        Fact::BillingModeSet(set) => Some((seen.seq, set.status)),
        Fact::SecretWritten(written) => Some((seen.seq, written.status)),
        _ => None,
    });
    let answers: Vec<(u64, u16)> = answers.collect();
    let broken = answers.iter().find(|(_, status)| *status >= 500);
    match (answers.is_empty(), broken) {
        (true, _) => Outcome::NotEvaluated,
        (false, None) => Outcome::Held,
        (false, Some((seq, status))) => Outcome::Broke(vec![Finding {
            kind: FindingKind::ActFailed,
            invariant: None,
            at: trial.scenario.place(step.place),
            subject: None,
            expected: format!("an answer to `{}`", step.verb.name()),
            seen: format!("status {status}"),
            trail: Vec::new(),
            proof: vec![*seq],
            layer: Layer::Rows,
        }]),
    }
}

/// What `keep` of an expectation captures, by dotted name.
pub fn captures(trial: &Trial<'_>, step: usize, expect: &Expect, facts: Facts<'_>) -> Vec<(String, Value)> {
    let mut captured = Vec::new();
    for condition in &expect.conditions {
        let Condition::Refused(refused) = condition else { continue };
        let Some(name) = &refused.value.keep else { continue };
        let asking = Asking { trial, step, through: &[] };
        let Some(kept) = asking.captured(refused.place, facts) else { continue };
        let text = |text: Option<String>| text.map_or(Value::Null, Value::String);
        captured.push((format!("{name}.code"), text(kept.code)));
        captured.push((format!("{name}.alternative"), text(kept.alternative)));
        captured.push((format!("{name}.place"), Value::String(kept.place.as_str().to_owned())));
    }
    captured
}

fn is_answered(reply: &TurnReply) -> bool {
    reply.error.is_none() && reply.text.as_deref().is_some_and(|text| !text.trim().is_empty())
}

/// What is wrong with the conditions; nothing where they hold, `None` where nobody looked.
fn lacks(
    trial: &Trial<'_>,
    step: usize,
    conditions: &[Condition],
    through: &[Status],
    facts: Facts<'_>,
) -> Option<Vec<Finding>> {
    let asking = Asking { trial, step, through };
    asking.lacks_of_all(conditions, facts).seen()
}

fn outcome_of(findings: Option<Vec<Finding>>) -> Outcome {
    match findings {
        None => Outcome::NotEvaluated,
        Some(findings) if findings.is_empty() => Outcome::Held,
        Some(findings) => Outcome::Broke(findings),
    }
}

fn judge_eventually(trial: &Trial<'_>, index: usize, step: &Eventually, facts: Facts<'_>) -> Outcome {
    let Some((seq, wait)) = facts.wait(index) else { return Outcome::NotEvaluated };
    let found = lacks(trial, index, &step.conditions, &step.through, facts.up_to(seq));
    outcome_of(found.map(|findings| timed(findings, wait)))
}

/// Says for how long was waited in vain.
fn timed(mut findings: Vec<Finding>, wait: &WaitSeen) -> Vec<Finding> {
    if wait.outcome == WaitOutcome::TimedOut {
        for finding in &mut findings {
            finding.seen =
                format!("{}, still so after {} ms and {} looks", finding.seen, wait.took_ms, wait.samples);
        }
    }
    findings
}

/// What breaks a window at one moment; `None` where nobody looked.
type Breaks = fn(&Trial<'_>, usize, &Window, Facts<'_>) -> Option<Vec<Finding>>;

/// Judges the beginning of the window and every change that was seen in it.
///
/// What was last seen before the window may be out of date: its first look replaces that. Play ends a window at the
/// first break, so where nothing was right at any moment, it is judged at the end.
fn judge_window(
    trial: &Trial<'_>,
    index: usize,
    step: &Window,
    facts: Facts<'_>,
    began: u64,
    breaks: Breaks,
) -> Outcome {
    let Some((end, wait)) = facts.wait(index) else { return Outcome::NotEvaluated };
    let changes = facts.up_to(end).after(began).iter().map(|seen| seen.seq);
    let mut was_right = false;
    for moment in std::iter::once(began).chain(changes) {
        match breaks(trial, index, step, facts.up_to(moment)) {
            Some(findings) if findings.is_empty() => was_right = true,
            Some(findings) if was_right || moment == end => return Outcome::Broke(at(findings, moment)),
            _ => {}
        }
    }
    let is_watched =
        wait.outcome == WaitOutcome::Held && wait.samples >= MIN_SAMPLES && wait.samples_after >= 1;
    if was_right && is_watched { Outcome::Held } else { Outcome::NotEvaluated }
}

/// Names the moment that proves it.
fn at(mut findings: Vec<Finding>, moment: u64) -> Vec<Finding> {
    findings.iter_mut().for_each(|finding| finding.proof.push(moment));
    findings
}

fn breaks_staying(trial: &Trial<'_>, index: usize, step: &Window, facts: Facts<'_>) -> Option<Vec<Finding>> {
    let mut findings = lacks(trial, index, &step.conditions, &[], facts)?;
    findings.iter_mut().for_each(|finding| finding.kind = FindingKind::DidNotStay);
    Some(findings)
}

fn breaks_never(trial: &Trial<'_>, index: usize, step: &Window, facts: Facts<'_>) -> Option<Vec<Finding>> {
    let lacking = lacks(trial, index, &step.conditions, &[], facts)?;
    // Of a row that was never made nothing can be said, not even that it never was like this.
    let is_about_no_row = |finding: &Finding| {
        let member = finding.subject.as_deref().unwrap_or_default();
        finding.kind == FindingKind::RowMissing && facts.row_of_member(member).is_none()
    };
    if lacking.iter().any(is_about_no_row) {
        return Some(lacking);
    }
    if !lacking.is_empty() {
        return Some(Vec::new());
    }
    let at = step.conditions.first().map_or(trial.scenario.place, Condition::place);
    let rows = facts.team();
    Some(vec![Finding {
        kind: FindingKind::HeldThoughNever,
        invariant: None,
        at: trial.scenario.place(at),
        subject: None,
        expected: "at no moment what stands here".to_owned(),
        seen: "all of it at one moment".to_owned(),
        trail: Vec::new(),
        proof: rows.iter().filter_map(|(_, workspace)| facts.row(workspace).map(|(seq, _)| seq)).collect(),
        layer: Layer::Rows,
    }])
}

/// A member that has no row was not asked, and that it has none is said instead.
fn judge_ask(trial: &Trial<'_>, index: usize, step: &Step, ask: &Ask, facts: Facts<'_>) -> Outcome {
    let members: Vec<&str> = match &ask.who {
        Who::Team => facts.members(),
        Who::Member(member) => vec![member],
    };
    let mut findings = Vec::new();
    let mut is_missing = members.is_empty();
    for member in members {
        let mut asked = facts.asked().filter(|(_, asked)| asked.reason == AskReason::Step(index));
        match asked.find(|(_, asked)| asked.member.as_deref() == Some(member)) {
            Some((seq, asked)) => {
                findings.extend(of_question(facts, seq, asked, trial.scenario.place(step.place), None));
            }
            None if facts.row_of_member(member).is_none() => {
                let asking = Asking { trial, step: index, through: &[] };
                findings.push(asking.no_row(member, step.place, facts).finding);
            }
            None => is_missing = true,
        }
    }
    outcome_of(if is_missing && findings.is_empty() { None } else { Some(findings) })
}

fn judge_expect(trial: &Trial<'_>, index: usize, expect: &Expect, facts: Facts<'_>) -> Outcome {
    outcome_of(lacks(trial, index, &expect.conditions, &[], facts))
}
