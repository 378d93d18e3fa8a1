//! `run.json`: the plan and every text it was made from, written before the first journey.

use std::collections::BTreeMap;

use contract::Entry;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::FormLabel;

/// The version of journals and `run.json`.
pub const JOURNAL_FORMAT: u32 = 1;

/// The version of everything that turns a seed into choices. A seed repeats a run only under the same version.
pub const GENERATOR_VERSION: u32 = 1;

/// The name of a journey, unique in its run, and the stem of its file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JourneyId(pub String);

impl std::fmt::Display for JourneyId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// `run.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The version of this format.
    pub format: u32,
    /// The version of the harness.
    pub firstrun: String,
    /// The version of the generator.
    pub generator: u32,
    /// The first seed of the run.
    pub seed: u64,
    /// The stack it was played on.
    pub stack: String,
    /// What every wait was multiplied by.
    pub time_factor: f64,
    /// How much of that is the stack's own.
    #[serde(default = "one")]
    pub stack_factor: f64,
    /// The bound on a journey, before that.
    pub journey_timeout_ms: u64,
    /// The defect switches that were on.
    pub defects: Vec<String>,
    /// The contract whose promises are judged.
    pub contract: TextRecord,
    /// The contract that the embedded platform obeys.
    pub platform_contract: TextRecord,
    /// The registry of the run.
    pub registry: TextRecord,
    /// Every scenario of the run.
    pub scenarios: Vec<ScenarioText>,
    /// The journeys, in the order of the plan.
    pub journeys: Vec<PlannedJourney>,
    /// What is skipped, and why.
    pub skipped: Vec<Skipped>,
    /// What was drawn but not planned, and why.
    pub left_out: Vec<LeftOut>,
    /// The forms that could be drawn, whether they were or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<FormsOffered>,
    /// What the run is held against as a gate; absent where it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<GateRecord>,
}

/// What a gate run is held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateRecord {
    /// The list of known failures.
    pub known_failures: TextRecord,
    /// The day of the run, as `2026-06-11`: entries of the list expire.
    pub today: String,
    /// Whether every gate scenario of the pack is played; where only some are, entries about others are not judged.
    pub is_whole: bool,
}

/// A named text, kept so that an old run can be judged again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRecord {
    /// Its name.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A scenario's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioText {
    /// Its id: the path without extension.
    pub id: String,
    /// The file as it was named.
    pub file: String,
    /// Its title.
    pub title: String,
    /// The text.
    pub text: String,
}

/// One journey of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedJourney {
    /// The journey.
    pub id: JourneyId,
    /// The scenario's id.
    pub scenario: String,
    /// The case's key, unique in its scenario.
    pub case: String,
    /// The seed it is played with.
    pub seed: u64,
    /// The value of every axis.
    pub values: BTreeMap<String, CaseValue>,
}

/// The value of one axis in one case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CaseValue {
    /// The value itself.
    pub value: Value,
    /// What a drawn value is: which arm owns it, how it is spelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The form of a model id that was drawn by its form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormLabel>,
}

impl CaseValue {
    /// A value that was not drawn.
    pub fn plain(value: Value) -> Self {
        Self { value, ..Self::default() }
    }
}

/// A scenario or case that is not played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The scenario's id.
    pub scenario: String,
    /// The case's key; absent where the whole scenario is skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Why.
    pub reason: String,
}

/// What is left of a failing drawn case: the simplest scenario that gives the same finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MinimalRecord {
    /// The failing journey.
    pub journey: JourneyId,
    /// The scenario that is left; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Its id; null where the field is left out, absent where the scenario draws none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "there")]
    pub model: Option<Value>,
    /// How many journeys were played to find it.
    pub plays: usize,
    /// Whether everything simpler was tried; the bounds on time and journeys may come first.
    pub is_smallest: bool,
    /// The command that plays it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<String>,
    /// Why there is no such scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
}

/// What became of a kept case in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRecord {
    /// The name of its file.
    pub file: String,
    /// Its journey.
    pub journey: JourneyId,
    /// In how many runs in a row it has passed.
    pub passed: u32,
    /// What became of it.
    pub fate: KeptFate,
    /// Why it was not played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What can become of a kept case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptFate {
    /// It failed here for the first time and is kept from now on.
    New,
    /// It fails still, or again.
    StillFails,
    /// It passed, not yet often enough.
    Passed,
    /// It passed often enough to be dropped.
    Fixed,
    /// It was cut off, or nobody could judge it.
    NotJudged,
    /// It is no case of its scenario any more, so that it was not played.
    Stale,
}

/// The forms that a scenario's draw could have given, for one runtime and one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormsOffered {
    /// The scenario's id.
    pub scenario: String,
    /// The runtime.
    pub runtime: String,
    /// How ids come in.
    pub entry: Entry,
    /// The forms of which the grammar holds at least one id.
    pub forms: Vec<FormLabel>,
}

/// A note on a draw: fewer values than asked for, or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The scenario's id.
    pub scenario: String,
    /// What was left out, and why.
    pub note: String,
}

fn one() -> f64 {
    1.0
}

/// A null that stands there is a value.
fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_is_left_out_is_not_one_that_is_not_there() {
        for model in [None, Some(Value::Null), Some(Value::from("gpt"))] {
            let record = MinimalRecord {
                journey: JourneyId("a".to_owned()),
                file: None,
                model,
                plays: 1,
                is_smallest: true,
                repeat: None,
                why_not: None,
            };
            let text = serde_json::to_string(&record).unwrap();
            assert_eq!(serde_json::from_str::<MinimalRecord>(&text).unwrap(), record, "{text}");
        }
    }
}
