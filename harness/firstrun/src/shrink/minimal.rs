//! Which failing cases of a run are shrunk, and the files that are left of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use journal::{JourneyId, MinimalRecord, RunRecord};
use report::RunHead;
use scenario::Scenario;

use super::reduction::Reduction;
use super::search::{End, Search, Tally};
use crate::failing::{Failing, failing_drawn};
use crate::load::Loaded;
use crate::run::{FolderError, RunFolder, RunResult, Runner};
use crate::select::id_of;

/// How long all of a run's cases may be shrunk, on a stack of the usual pace.
const SHRINK_WITHIN: Duration = Duration::from_secs(90);

/// What shrinking needs of a run.
pub(crate) struct Shrinking<'a> {
    pub(crate) runner: &'a Runner,
    pub(crate) loaded: &'a Loaded,
    pub(crate) scenarios: &'a HashMap<String, Arc<Scenario>>,
    pub(crate) run: &'a RunRecord,
    pub(crate) folder: &'a RunFolder,
}

/// Shrinks the failing drawn cases of a run, one of each kind.
///
/// # Errors
/// Where a file can't be written.
pub(crate) async fn shrink_all(
    shrinking: &Shrinking<'_>,
    results: &[RunResult],
) -> Result<Vec<MinimalRecord>, FolderError> {
    let deadline = Instant::now() + SHRINK_WITHIN.mul_f64(shrinking.run.time_factor);
    let mut records = Vec::new();
    let all = failing_drawn(shrinking.scenarios, shrinking.run, results);
    if !all.is_empty() {
        let bound = SHRINK_WITHIN.as_secs();
        eprintln!(
            "shrinking failing cases: {}, at most {bound} s (--no-shrink leaves them as they are)",
            all.len()
        );
    }
    for failing in all {
        records.push(shrinking.shrink(&failing, deadline).await?);
    }
    Ok(records)
}

impl Shrinking<'_> {
    async fn shrink(&self, failing: &Failing<'_>, deadline: Instant) -> Result<MinimalRecord, FolderError> {
        let journey = &failing.planned.id;
        if Instant::now() >= deadline {
            return Ok(unshrunk(journey, 0, "the time for shrinking was up"));
        }
        let Some(reduction) = Reduction::of(failing.scenario, failing.planned, &self.loaded.registry) else {
            return Ok(unshrunk(journey, 0, "its scenario can't be cut"));
        };
        let path = self.folder.minimal_path(journey);
        let (file, id) = (path.display().to_string(), id_of(&path));
        let mut search = Search {
            runner: self.runner,
            loaded: self.loaded,
            scenario: failing.scenario,
            reduction: &reduction,
            file: &file,
            id: &id,
            seed: failing.planned.seed,
            mark: failing.mark.clone(),
            deadline,
            tally: Tally::default(),
        };
        let (rungs, is_smallest) = match search.run().await {
            End::NotRepeated => {
                return Ok(unshrunk(
                    journey,
                    search.tally.plays,
                    "played by itself it did not fail the same way",
                ));
            }
            End::NotJudged => {
                let why = "the time was up, or nobody could judge it when it was played by itself";
                return Ok(unshrunk(journey, search.tally.plays, why));
            }
            End::Smallest(rungs, is_smallest) => (rungs, is_smallest),
        };
        let Some((text, planned)) = search.file_of(&rungs) else {
            return Ok(unshrunk(journey, search.tally.plays, "what is left of it can't be written"));
        };
        let repeat = report::repeat_command(&RunHead::from(self.run), &planned, &file);
        let origin = format!("{}, {}", failing.planned.scenario, failing.planned.case);
        self.folder.write_minimal(journey, &format!("# shrunk from {origin}\n# {repeat}\n{text}"))?;
        Ok(MinimalRecord {
            journey: journey.clone(),
            file: Some(file.clone()),
            model: reduction.id(&rungs).cloned(),
            plays: search.tally.plays,
            is_smallest,
            repeat: Some(repeat),
            why_not: None,
        })
    }
}

fn unshrunk(journey: &JourneyId, plays: usize, why: &str) -> MinimalRecord {
    MinimalRecord {
        journey: journey.clone(),
        file: None,
        model: None,
        plays,
        is_smallest: false,
        repeat: None,
        why_not: Some(why.to_owned()),
    }
}
