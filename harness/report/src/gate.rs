//! How a run stands as a gate: what became of each listed failure, and what is not listed.
//!
//! The command rules (it reads the list), renderers tell. A journey whose failure is known keeps its verdict: that it
//! failed is a fact, that it may is an agreement.

use std::collections::BTreeMap;

use journal::JourneyId;
use serde::{Deserialize, Serialize};

/// One entry of `known-failures.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownFailure {
    /// The scenario's id.
    pub scenario: String,
    /// The case's key; absent where every case of the scenario may fail like this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// The name of a kind of finding, or `skipped`.
    pub finding: String,
    /// Why it is tolerated.
    pub reason: String,
    /// Who mends it.
    pub owner: String,
    /// The last day on which it is tolerated, as `2026-06-11`.
    pub expiry: String,
}

/// What a run says of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It happened as listed.
    Known,
    /// It did not happen: the entry must go. Red.
    Stale,
    /// Its day is over, whether it happened or not. Red.
    Expired,
    /// It is about a scenario that this run was not asked to play.
    NotJudged,
}

impl Standing {
    /// True where the entry itself turns the gate red.
    pub fn is_red(self) -> bool {
        match self {
            Self::Stale | Self::Expired => true,
            Self::Known | Self::NotJudged => false,
        }
    }
}

/// An entry with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateEntry {
    /// The entry.
    pub known: KnownFailure,
    /// What became of it.
    pub standing: Standing,
    /// In how many journeys it happened; of a skip, how many cases or scenarios it covers.
    pub times: u64,
}

impl GateEntry {
    /// The scenario and the case that the entry is about.
    pub(crate) fn subject(&self) -> String {
        match &self.known.case {
            None => self.known.scenario.clone(),
            Some(case) => format!("{}, case {case}", self.known.scenario),
        }
    }

    /// What became of the entry, in words.
    pub(crate) fn in_words(&self) -> String {
        let KnownFailure { finding, reason, owner, expiry, .. } = &self.known;
        let what = match self.standing {
            Standing::Known => format!("happened {}", crate::text::count(self.times, "time", "times")),
            Standing::Stale => "did not happen, take it off the list".to_owned(),
            Standing::Expired => "its day is over".to_owned(),
            Standing::NotJudged => "not judged, its scenario was not asked for".to_owned(),
        };
        format!("{}: {finding}, {what} (until {expiry}, {owner}: {reason})", self.subject())
    }
}

/// How a run stands as a gate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Every entry of the list, in its order.
    pub entries: Vec<GateEntry>,
    /// The failed journeys of which every finding is listed, each with the entry of its first finding.
    pub known: BTreeMap<JourneyId, usize>,
    /// Scenarios of which no case was played and which no entry lists as skipped.
    pub unlisted_skips: Vec<String>,
}

impl Gate {
    /// The entry that covers a journey's failure.
    pub fn entry_of(&self, journey: &JourneyId) -> Option<&GateEntry> {
        self.known.get(journey).and_then(|at| self.entries.get(*at))
    }

    /// True where an entry of the list turns the gate red.
    pub fn has_red_entry(&self) -> bool {
        self.entries.iter().any(|entry| entry.standing.is_red())
    }
}

/// What is to be said of a scenario that no entry lists as skipped.
pub(crate) fn unlisted_skip(scenario: &str) -> String {
    format!("{scenario}: no case was played, and no entry of the known failures says `finding: skipped`")
}
