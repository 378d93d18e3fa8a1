//! What a journey amounts to.

use serde::{Deserialize, Serialize};

use crate::{Finding, InvariantId};

/// The verdict on a journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every promise that was judged was kept.
    Passed,
    /// The platform broke a promise.
    Failed,
    /// We could not judge.
    Broken,
    /// Decided in the plan.
    Skipped,
}

impl Verdict {
    /// In words, for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Broken => "broken",
            Self::Skipped => "skipped",
        }
    }
}

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckSubject {
    /// A step of the scenario, from 0.
    Step(usize),
    /// An invariant.
    Invariant(InvariantId),
    /// What is watched in every journey without being an invariant: the bystander, unmodelled routes, leftovers.
    Watch,
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// The promise was kept.
    Held,
    /// It was broken; a finding says how.
    Broke,
    /// The journey holds nothing it applies to.
    NotApplicable,
    /// It applies, but its observations are missing.
    NotEvaluated,
}

/// One check and how it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked.
    pub subject: CheckSubject,
    /// How it went.
    pub outcome: CheckOutcome,
}

/// The opinion on one journey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is broken or skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Every broken promise.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// Every check, kept or not.
    #[serde(default)]
    pub checks: Vec<Check>,
}

impl Judged {
    /// A journey that could not be judged.
    pub fn broken(reason: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Broken,
            reason: Some(reason.into()),
            findings: Vec::new(),
            checks: Vec::new(),
        }
    }
}
