//! Kept cases before the plan, and what became of them after it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use journal::{JourneyId, KeptFate, KeptRecord, RunRecord, Verdict};
use scenario::{Plan, Scenario, no_case_of};

use super::folder::{KeptFolder, KeptFolderError};
use super::kept::{Circumstances, Kept};
use crate::failing::failing_drawn;
use crate::gate::Day;
use crate::load::Loaded;
use crate::run::RunResult;

/// The kept cases that a run plays.
pub(crate) struct Replay {
    folder: KeptFolder,
    circumstances: Circumstances,
    /// With the names of their files.
    played: Vec<(String, Kept)>,
    /// Cases that can't be played, and why.
    stale: Vec<KeptRecord>,
}

/// Puts the kept cases of these scenarios and circumstances before the plan.
///
/// # Errors
/// Where the folder holds what is no kept case.
pub(crate) fn replay(
    folder: KeptFolder,
    loaded: &Loaded,
    scenarios: &[Scenario],
    plan: &mut Plan,
) -> Result<Replay, KeptFolderError> {
    let mut replay =
        Replay { circumstances: Circumstances::of(loaded), played: Vec::new(), stale: Vec::new(), folder };
    let mut passed_over = 0;
    for (file, kept) in replay.folder.read()? {
        let scenario = scenarios.iter().find(|scenario| scenario.id == kept.scenario);
        let Some(scenario) = scenario.filter(|_| kept.circumstances == replay.circumstances) else {
            passed_over += 1;
            continue;
        };
        match no_case_of(scenario, loaded.around(), &loaded.oracle, &kept.values) {
            None => replay.played.push((file, kept)),
            Some(why) => {
                let stale = record(file, &kept, KeptFate::Stale);
                replay.stale.push(KeptRecord { why: Some(why), ..stale });
            }
        }
    }
    if passed_over > 0 {
        eprintln!(
            "kept cases of scenarios, contracts or registries that this run does not play: {passed_over}"
        );
    }
    let mut journeys: Vec<_> = replay.played.iter().map(|(_, kept)| kept.planned()).collect();
    let mut ids = HashSet::new();
    journeys.retain(|planned| ids.insert(planned.id.clone()));
    plan.journeys.retain(|planned| !ids.contains(&planned.id));
    journeys.append(&mut plan.journeys);
    plan.journeys = journeys;
    Ok(replay)
}

impl Replay {
    /// Writes what became of the kept cases, and keeps the failing drawn cases that are new.
    ///
    /// # Errors
    /// Where a file can't be written.
    pub(crate) fn rule(
        self,
        scenarios: &HashMap<String, Arc<Scenario>>,
        run: &RunRecord,
        results: &[RunResult],
    ) -> Result<Vec<KeptRecord>, KeptFolderError> {
        let verdicts: HashMap<&JourneyId, Verdict> =
            results.iter().map(|result| (result.journey(), result.judged().verdict)).collect();
        let mut records = self.stale;
        let mut known = HashSet::new();
        for (file, mut kept) in self.played {
            let id = kept.planned().id;
            let fate = match verdicts.get(&id) {
                Some(Verdict::Passed) => {
                    kept.passed = kept.passed.saturating_add(1);
                    if kept.is_fixed() { KeptFate::Fixed } else { KeptFate::Passed }
                }
                Some(Verdict::Failed) => {
                    kept.passed = 0;
                    KeptFate::StillFails
                }
                Some(Verdict::Broken | Verdict::Skipped) | None => KeptFate::NotJudged,
            };
            if fate != KeptFate::NotJudged {
                self.folder.write_as(&file, &kept)?;
            }
            records.push(record(file, &kept, fate));
            known.insert(id);
        }
        let today = Day::today().to_string();
        for failing in failing_drawn(scenarios, run, results) {
            if known.contains(&failing.planned.id) {
                continue;
            }
            let kept = Kept {
                scenario: failing.planned.scenario.clone(),
                seed: failing.planned.seed,
                circumstances: self.circumstances.clone(),
                since: today.clone(),
                finding: failing.mark.kind.as_str().to_owned(),
                passed: 0,
                values: failing.planned.values.clone(),
            };
            let file = self.folder.write(&kept)?;
            records.push(record(file, &kept, KeptFate::New));
        }
        Ok(records)
    }
}

fn record(file: String, kept: &Kept, fate: KeptFate) -> KeptRecord {
    KeptRecord { file, journey: kept.planned().id, passed: kept.passed, fate, why: None }
}
