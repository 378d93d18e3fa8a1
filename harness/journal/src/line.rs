//! The lines of a journal.

use serde::{Deserialize, Serialize};

use crate::{JourneyId, Judged, Observation};

/// One line of a journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// The first line.
    Opened(Opened),
    /// A fact.
    Seen(Observation),
    /// The last line: the opinion at the time.
    Judged(Judged),
}

/// Which journey this is the record of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// The version of this format.
    pub format: u32,
    /// The journey.
    pub journey: JourneyId,
    /// Its seed.
    pub seed: u64,
}
