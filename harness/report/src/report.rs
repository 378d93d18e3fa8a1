//! The report: all that any renderer says, as plain data.

use std::collections::BTreeMap;

use journal::{
    CheckOutcome, Counts, Finding, InvariantId, JourneyId, Judged, KeptRecord, LeftOut, MinimalRecord,
    PlannedJourney, Skipped, TenantRole,
};
use journal::{RunRecord, Verdict};
use serde::{Deserialize, Serialize};

use crate::{Coverage, Gate, GateEntry};

/// A run as its record and its journals say it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What was run.
    pub run: RunHead,
    /// What it amounts to.
    pub totals: Totals,
    /// Every scenario of the run with its journeys counted, in the order of the record.
    pub scenarios: Vec<ScenarioTally>,
    /// Every planned journey, in the order of the plan.
    pub journeys: Vec<JourneyReport>,
    /// What the plan skipped, and why.
    pub skipped: Vec<Skipped>,
    /// What was drawn but not planned, and why.
    pub left_out: Vec<LeftOut>,
    /// Which forms of model ids were played, by scenario; empty where no id was drawn by its form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coverage: Vec<Coverage>,
    /// Journeys that have a record and are not in the plan, sorted. They count nowhere.
    pub unplanned: Vec<JourneyId>,
    /// How long the whole run took; absent where nobody measured it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u64>,
    /// What became of the kept cases, and which are new; empty where none is kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<KeptRecord>,
    /// How the run stands as a gate; absent where it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
}

impl Report {
    /// The journeys that failed or are broken, without known failures, in the order of the plan.
    pub fn reds(&self) -> impl Iterator<Item = &JourneyReport> {
        self.journeys.iter().filter(|journey| journey.is_red() && self.known(journey).is_none())
    }

    /// Tells with each journey what shrinking left of it.
    pub fn add_minimal(&mut self, records: Vec<MinimalRecord>) {
        for record in records {
            let journey = self.journeys.iter_mut().find(|journey| journey.planned.id == record.journey);
            if let Some(journey) = journey {
                journey.minimal = Some(record);
            }
        }
    }

    /// Why the failure of a journey is known; `None` where it is not, or where the journey did not fail.
    pub fn known(&self, journey: &JourneyReport) -> Option<&GateEntry> {
        self.gate.as_ref()?.entry_of(&journey.planned.id)
    }
}

/// What was run: the part of `run.json` that tells two runs apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunHead {
    /// The version of the harness.
    pub firstrun: String,
    /// The version of the generator. A seed repeats a run only under the same version.
    pub generator: u32,
    /// The first seed of the run.
    pub seed: u64,
    /// The name of the stack.
    pub stack: String,
    /// The name of the contract whose promises are judged.
    pub contract: String,
    /// The name of the registry.
    pub registry: String,
    /// What every wait was multiplied by.
    pub time_factor: f64,
    /// How much of that is the stack's own.
    pub stack_factor: f64,
    /// The bound on a journey, before that.
    pub journey_timeout_ms: u64,
    /// The contract that the embedded platform obeyed.
    pub platform_contract: String,
    /// The defect switches that were on.
    pub defects: Vec<String>,
}

impl From<&RunRecord> for RunHead {
    fn from(run: &RunRecord) -> Self {
        Self {
            firstrun: run.firstrun.clone(),
            generator: run.generator,
            seed: run.seed,
            stack: run.stack.clone(),
            contract: run.contract.name.clone(),
            registry: run.registry.name.clone(),
            time_factor: run.time_factor,
            stack_factor: run.stack_factor,
            journey_timeout_ms: run.journey_timeout_ms,
            platform_contract: run.platform_contract.name.clone(),
            defects: run.defects.clone(),
        }
    }
}

/// One planned journey and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JourneyReport {
    /// Its place in the plan.
    pub planned: PlannedJourney,
    /// The scenario's title; its id where the record holds no such scenario.
    pub title: String,
    /// The scenario's file; empty where the record holds no such scenario.
    pub file: String,
    /// The opinion on it. The finding nearest to the cause comes first.
    pub judged: Judged,
    /// What it amounts to in numbers.
    pub counts: Counts,
    /// How many questions were asked; [`Counts::answered`] of them were answered.
    pub asked: u64,
    /// The time of the last observation, since the journey began; absent where nothing was observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u64>,
    /// What proves each finding: as many as [`Judged::findings`], in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<FindingDetail>,
    /// Whether it is in the plan and left no record: it never began, or its record is lost.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_no_record: bool,
    /// The last observation of a broken journey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<InWords>,
    /// What its tenants' servers said last, where it is red and the stack heard them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<ServerLog>,
    /// The command that repeats it.
    pub repeat: String,
    /// What shrinking left of it; absent where it was not shrunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimal: Option<MinimalRecord>,
}

/// The last lines of a server's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerLog {
    /// Whose server.
    pub tenant: TenantRole,
    /// How it ended; absent where it ran until it was told to stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// Its last lines.
    pub lines: Vec<String>,
    /// How many lines came before these.
    pub before: u64,
}

impl JourneyReport {
    /// True where it failed or is broken.
    pub fn is_red(&self) -> bool {
        matches!(self.judged.verdict, Verdict::Failed | Verdict::Broken)
    }

    /// Every finding with what proves it, the one nearest to the cause first.
    pub fn findings(&self) -> impl Iterator<Item = (&Finding, &FindingDetail)> {
        self.judged.findings.iter().zip(&self.details)
    }
}

/// What proves a finding, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingDetail {
    /// The ids of the rows that the finding's subject stands for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<String>,
    /// The observations that prove it, in the order of the journal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<InWords>,
    /// How many more prove it and are not shown.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub proof_not_shown: u64,
    /// The numbers that the finding names and the journal does not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proof_missing: Vec<u64>,
    /// The model calls of the subject's boxes; absent where the finding has no subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_calls: Option<ModelCallsOf>,
}

/// One observation in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InWords {
    /// Its number in the journal.
    pub seq: u64,
    /// Milliseconds since the journey began.
    pub at_ms: u64,
    /// What was seen, in one line.
    pub line: String,
    /// What its bodies or texts said, cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
}

/// The model calls that the boxes of one subject made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelCallsOf {
    /// The member or row.
    pub subject: String,
    /// How many.
    pub total: u64,
    /// The calls in words, equal neighbours joined; the later ones of many are not shown.
    pub lines: Vec<String>,
    /// How many calls of the whole journey can't be tied to any box.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub of_no_box: u64,
}

/// The journeys of one scenario, counted by verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioTally {
    /// The scenario's id.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// Its file.
    pub file: String,
    /// Journeys that passed.
    pub passed: u64,
    /// Journeys that failed.
    pub failed: u64,
    /// Journeys that could not be judged.
    pub broken: u64,
    /// Cases that were skipped; a wholly skipped scenario counts once.
    pub skipped: u64,
}

/// What a run amounts to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Journeys that passed.
    pub passed: u64,
    /// Journeys that failed.
    pub failed: u64,
    /// Journeys that could not be judged.
    pub broken: u64,
    /// Cases that were skipped; a wholly skipped scenario counts once.
    pub skipped: u64,
    /// The numbers of all journals, added up.
    pub counts: Counts,
    /// How many questions were asked.
    pub asked: u64,
    /// How the checks went.
    pub checks: CheckTotals,
}

/// How the checks of all journeys went, by what they are about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckTotals {
    /// Expectations of the scenarios' steps.
    pub steps: Tally,
    /// What is watched in every journey without being an invariant.
    pub watch: Tally,
    /// Every invariant. A journey whose opinion does not mention one counts as not evaluated.
    pub invariants: BTreeMap<InvariantId, Tally>,
}

/// How often a check went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The promise was kept.
    pub held: u64,
    /// It was broken.
    pub broke: u64,
    /// The journey holds nothing it applies to.
    pub not_applicable: u64,
    /// It applies, but its observations are missing.
    pub not_evaluated: u64,
}

impl Tally {
    /// Counts one check.
    pub(crate) fn add(&mut self, outcome: CheckOutcome) {
        match outcome {
            CheckOutcome::Held => self.held += 1,
            CheckOutcome::Broke => self.broke += 1,
            CheckOutcome::NotApplicable => self.not_applicable += 1,
            CheckOutcome::NotEvaluated => self.not_evaluated += 1,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference to it")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
