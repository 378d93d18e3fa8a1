//! O-11: a row's stored events tell the statuses that were seen, in order, by known names.
//!
//! Judged at the end of the steps, for every member's row: the names are known ones; each event is one that may follow
//! the one before (tenant-api §4.1); the statuses that anybody polled are a subsequence of those that the events tell;
//! a row that ended online or failed has the event that says so. Slack: `WORKSPACE_ONLINE` is stored after the row is
//! online, so it may stand behind the next `WORKSPACE_PROVISIONING`; `WORKSPACE_PROVISION_FAILED` is stored before the
//! row fails; a row whose box only sent heartbeats has no `WORKSPACE_ONLINE` (tenant-api §4.2, §4.5).

use journal::{EventsSeen, FindingKind, InvariantId, Layer};
use wire::Status;

use super::Ruling;
use super::ruling::finding;
use crate::evidence::story_of;
use crate::{Facts, Trial};

/// Events that a platform may store and that change no status (tenant-api §4.8).
const OTHER_NAMES: [&str; 10] = [
    "A2A_RESPONSE",
    "ACTIVITY_LOGGED",
    "AGENT_CARD_UPDATED",
    "AGENT_MESSAGE",
    "APPROVAL_REQUESTED",
    "BOOT_STEP",
    "TASK_UPDATED",
    "WORKSPACE_HEARTBEAT",
    "WORKSPACE_RESTART_DECLINED",
    "WORKSPACE_WEDGED",
];

pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    let mut findings = Vec::new();
    let (mut applies, mut is_missing) = (false, false);
    for (member, workspace) in facts.rows_made() {
        applies = true;
        let Some((seq, seen)) = facts.events_of(&workspace) else {
            is_missing = true;
            continue;
        };
        let polled: Vec<String> =
            facts.up_to(seq).trail(&workspace).into_iter().map(|one| one.status).collect();
        is_missing |= facts.up_to(seq).last_look(&workspace).is_none();
        let is_registered = is_registered(facts, &workspace);
        for wrong in wrongs(seen, &polled, is_registered) {
            let kind = FindingKind::EventsDiffer;
            let mut finding = finding(trial, InvariantId::O11, kind, Layer::Rows, wrong.expected, wrong.seen);
            finding.subject = Some(member.to_owned());
            finding.trail = facts.trail(&workspace);
            finding.proof = story_of(facts, &workspace);
            findings.push(finding);
        }
    }
    Ruling::of(applies, is_missing, findings)
}

/// True where a box of the row registered, which the platform stores as `WORKSPACE_ONLINE`.
fn is_registered(facts: Facts<'_>, workspace: &str) -> bool {
    facts.boxes_registered().any(|(_, box_)| box_.workspace == workspace && box_.status == Some(200))
}

#[derive(Debug, PartialEq)]
struct Wrong {
    expected: String,
    seen: String,
}

/// What is wrong with a row's events: at most one thing of each sort.
fn wrongs(events: &EventsSeen, polled: &[String], is_registered: bool) -> Vec<Wrong> {
    let names: Vec<&str> = events.events.iter().map(|event| event.event_type.as_str()).collect();
    let walk: Vec<Status> = names.iter().filter_map(|name| status_of(name)).collect();
    let told = || if names.is_empty() { "no event".to_owned() } else { names.join(", ") };
    let mut wrongs = Vec::new();
    let unknown = names.iter().find(|name| status_of(name).is_none() && !OTHER_NAMES.contains(name));
    wrongs.extend(unknown.map(|name| Wrong {
        expected: "events of known names".to_owned(),
        seen: format!("an event {}", name.escape_debug()),
    }));
    wrongs.extend(illegal_step(&walk).map(|expected| Wrong { expected, seen: told() }));
    if wrongs.is_empty() {
        wrongs.extend(untold(&walk, polled, is_registered).map(|status| Wrong {
            expected: format!("an event for each status that was seen: {}", polled.join(", ")),
            seen: format!("none tells {status} in that order: {}", told()),
        }));
    }
    wrongs
}

fn status_of(name: &str) -> Option<Status> {
    Some(match name {
        "WORKSPACE_PROVISIONING" => Status::Provisioning,
        "WORKSPACE_PROVISION_FAILED" => Status::Failed,
        "WORKSPACE_ONLINE" => Status::Online,
        "WORKSPACE_AWAITING_AGENT" => Status::AwaitingAgent,
        "WORKSPACE_DEGRADED" => Status::Degraded,
        "WORKSPACE_OFFLINE" => Status::Offline,
        "WORKSPACE_PAUSED" => Status::Paused,
        "WORKSPACE_HIBERNATED" => Status::Hibernated,
        "WORKSPACE_REMOVED" => Status::Removed,
        _ => return None,
    })
}

/// The first step that may not be: how a row begins, what needs a provision before it, what nothing follows.
fn illegal_step(walk: &[Status]) -> Option<String> {
    let first = walk.first()?;
    let begins = matches!(first, Status::Provisioning | Status::Online | Status::AwaitingAgent);
    if !begins {
        return Some("a row's first event begins its life".to_owned());
    }
    (1..walk.len()).find_map(|index| {
        let (from, to) = (walk[index - 1], walk[index]);
        let is_legal = match (from, to) {
            (Status::Removed, _) => false,
            (Status::Online, Status::Failed) => is_late(&walk[..index]),
            (_, Status::Failed) => from == Status::Provisioning,
            (_, Status::Degraded | Status::Paused | Status::Hibernated) => {
                matches!(from, Status::Online | Status::Degraded | Status::Offline)
            }
            _ => true,
        };
        (!is_legal).then(|| format!("no event of {to} right after one of {from}"))
    })
}

/// True where the last event, of `online`, may belong before the provision that stands right before it.
fn is_late(walk: &[Status]) -> bool {
    matches!(walk, [.., Status::Provisioning, Status::Provisioning, Status::Online])
}

/// The first polled status that the events do not tell in its order.
fn untold<'a>(walk: &[Status], polled: &'a [String], is_registered: bool) -> Option<&'a str> {
    let mut at = 0;
    for status in polled {
        let known = Status::from_wire(status);
        let is_silent = known == Some(Status::Online) && !is_registered || known == Some(Status::Hibernating);
        let found = (at..walk.len()).find(|index| Some(walk[*index]) == known);
        match found {
            // An event of `online` may be late by one: what it overtook is looked for from there.
            Some(index) if known == Some(Status::Online) => at = at.max(index.saturating_sub(1)),
            Some(index) => at = index + 1,
            None if is_silent => {}
            None => return Some(status),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(words: &str) -> Vec<Status> {
        words.split_whitespace().map(|word| Status::from_wire(word).unwrap()).collect()
    }

    fn polled(words: &str) -> Vec<String> {
        words.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn what_was_polled_is_told_in_order_within_the_slack() {
        for (events, seen, untold_one) in [
            ("provisioning online", "provisioning online", None),
            ("provisioning online", "online", None),
            ("provisioning online", "provisioning", None),
            ("provisioning failed", "provisioning failed", None),
            ("provisioning failed provisioning online", "provisioning failed provisioning online", None),
            // The event of the first `online` came after the restart's.
            ("provisioning provisioning online online", "provisioning online provisioning online", None),
            ("provisioning", "provisioning online", Some("online")),
            ("provisioning", "provisioning failed", Some("failed")),
            ("online", "provisioning online", Some("provisioning")),
            ("provisioning online", "provisioning online provisioning", Some("provisioning")),
            ("provisioning online provisioning failed", "failed online", Some("online")),
            ("", "provisioning", Some("provisioning")),
            ("provisioning online", "strange", Some("strange")),
        ] {
            assert_eq!(untold(&walk(events), &polled(seen), true), untold_one, "{events} | {seen}");
        }
        assert_eq!(untold(&walk("provisioning"), &polled("provisioning online"), false), None, "heartbeats");
    }

    #[test]
    fn some_steps_may_never_be() {
        for (events, is_legal) in [
            ("provisioning online", true),
            ("provisioning failed provisioning online degraded online offline provisioning", true),
            ("provisioning failed online", true),
            ("awaiting_agent online", true),
            ("online paused provisioning", true),
            ("provisioning online failed", false),
            ("provisioning provisioning online failed", true),
            ("failed", false),
            ("removed", false),
            ("provisioning removed provisioning", false),
            ("provisioning degraded", false),
            ("", true),
        ] {
            assert_eq!(illegal_step(&walk(events)).is_none(), is_legal, "{events}");
        }
    }
}
