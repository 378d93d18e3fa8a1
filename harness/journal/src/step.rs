//! The journey's own course: set-up, steps, waits, and trouble of ours.

use serde::{Deserialize, Serialize};

use crate::TenantRole;

/// A tenant came up and its concierge is online.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignedUp {
    /// Which tenant.
    pub tenant: TenantRole,
    /// Its org id, made from the seed.
    pub org_id: String,
    /// Its slug, made from the seed.
    pub slug: String,
    /// The concierge's row.
    pub concierge: String,
}

/// A step of the scenario began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepBegan {
    /// From 0.
    pub index: usize,
    /// Its verb.
    pub verb: String,
}

/// A step ended, whatever came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepEnded {
    /// From 0.
    pub index: usize,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitOutcome {
    /// What was waited for was seen.
    Held,
    /// A settled status excluded it: waiting on was in vain.
    Hopeless,
    /// Its time was up.
    TimedOut,
    /// It had to hold all the time and did not.
    Broke,
}

/// A wait ended. The judge evaluates again what had been seen up to here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitSeen {
    /// The step that waited, from 0.
    pub step: usize,
    /// How it ended.
    pub outcome: WaitOutcome,
    /// How long it took.
    pub took_ms: u64,
    /// How often was looked.
    pub samples: u32,
    /// How many of these looks came after the window (for a wait on something that must stay).
    pub samples_after: u32,
}

/// Something of ours went wrong: the journey can't be judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trouble {
    /// What, in a sentence.
    pub what: String,
}
