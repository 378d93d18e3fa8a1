//! The journey's own course in words. Steps are counted from 1 for people.

use journal::{SignedUp, StepBegan, StepEnded, Trouble, WaitOutcome, WaitSeen};

use super::body::whose;
use crate::text::{count, time};

pub(super) fn signed_up(up: &SignedUp) -> String {
    format!("{}tenant {} came online with its concierge {}", whose(up.tenant), up.slug, up.concierge)
}

pub(super) fn began(step: &StepBegan) -> String {
    format!("step {} ({}) began", step.index + 1, step.verb)
}

pub(super) fn ended(step: &StepEnded) -> String {
    format!("step {} ended", step.index + 1)
}

pub(super) fn wait(wait: &WaitSeen) -> String {
    let outcome = match wait.outcome {
        WaitOutcome::Held => "it was seen",
        WaitOutcome::Hopeless => "it can't come any more",
        WaitOutcome::TimedOut => "time was up",
        WaitOutcome::Broke => "it did not stay",
    };
    let looks = count(u64::from(wait.samples), "look", "looks");
    format!("step {} waited {}, {looks}: {outcome}", wait.step + 1, time(wait.took_ms))
}

pub(super) fn trouble(trouble: &Trouble) -> String {
    format!("trouble of ours: {}", trouble.what)
}
