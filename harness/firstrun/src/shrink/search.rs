//! Climbs down the ladders of one case as long as the live stack gives the same finding.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use document::Source;
use futures::future::join_all;
use journal::PlannedJourney;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use scenario::{PlanRequest, Scenario, read_scenario};

use super::reduction::Reduction;
use crate::failing::Mark;
use crate::load::Loaded;
use crate::run::Runner;

/// Journeys that one case may cost.
pub(super) const MAX_PLAYS: usize = 800;

/// Ids that are tried side by side.
const ABREAST: usize = 24;

/// How a search ended.
pub(super) enum End {
    /// On these rungs, which fail; `true` where everything simpler was tried.
    Smallest(Vec<usize>, bool),
    /// The case did not fail again when it was played by itself.
    NotRepeated,
}

/// The search for the simplest cut of one case.
pub(super) struct Search<'a> {
    pub(super) runner: &'a Runner,
    pub(super) loaded: &'a Loaded,
    pub(super) reduction: &'a Reduction,
    /// The name under which every cut is played, and the id of the scenario of that name.
    pub(super) file: &'a str,
    pub(super) id: &'a str,
    pub(super) seed: u64,
    pub(super) mark: Mark,
    pub(super) deadline: Instant,
    pub(super) plays: usize,
    /// What was played: whether it fails the same way.
    pub(super) known: HashMap<Vec<usize>, bool>,
}

impl Search<'_> {
    /// Climbs down.
    pub(super) async fn run(&mut self) -> End {
        let whole = self.reduction.whole();
        if !self.fails(&whole).await {
            return End::NotRepeated;
        }
        let Ok(mut tree) = self.reduction.ladders().new_tree(&mut TestRunner::deterministic()) else {
            return End::Smallest(whole, false);
        };
        let mut best = whole;
        let mut moves = tree.simplify();
        while moves {
            if self.is_spent() {
                return End::Smallest(best, false);
            }
            let rungs = tree.current();
            moves = if self.fails(&rungs).await {
                best = rungs;
                tree.simplify()
            } else {
                tree.complicate()
            };
        }
        End::Smallest(best, true)
    }

    fn is_spent(&self) -> bool {
        self.plays >= MAX_PLAYS || Instant::now() >= self.deadline
    }

    /// Whether the cut fails the same way. The next ids are played along with this one.
    async fn fails(&mut self, rungs: &[usize]) -> bool {
        if let Some(known) = self.known.get(rungs) {
            return *known;
        }
        let mut abreast = vec![rungs.to_vec()];
        if let Some(at) = self.reduction.ids() {
            let top = self.reduction.whole()[at];
            let next = (rungs[at] + 1..top).map(|rung| {
                let mut next = rungs.to_vec();
                next[at] = rung;
                next
            });
            // At the top every other ladder is still to be climbed with this id.
            if rungs[at] < top {
                abreast.extend(next.filter(|next| !self.known.contains_key(next)).take(ABREAST - 1));
            }
        }
        self.plays += abreast.len();
        let played = join_all(abreast.iter().map(|rungs| self.play(rungs))).await;
        self.known.extend(abreast.into_iter().zip(played));
        self.known.get(rungs).copied().unwrap_or(false)
    }

    /// Plays one cut as the file that it would be. What is no scenario any more does not fail.
    async fn play(&self, rungs: &[usize]) -> bool {
        let Some((scenario, planned, _)) = self.cut(rungs) else { return false };
        let left = self.deadline.saturating_duration_since(Instant::now()) + Duration::from_secs(1);
        let playing = self.runner.play_one(Arc::new(scenario), &planned, None);
        match tokio::time::timeout(left, playing).await {
            Ok(result) => self.mark.stands_in(&result.judged()),
            Err(_) => false,
        }
    }

    /// The text of a cut, and its one case.
    pub(super) fn file_of(&self, rungs: &[usize]) -> Option<(String, PlannedJourney)> {
        self.cut(rungs).map(|(_, planned, text)| (text, planned))
    }

    fn cut(&self, rungs: &[usize]) -> Option<(Scenario, PlannedJourney, String)> {
        let text = document::write(&self.reduction.document(rungs)).ok()?;
        let source = Source::new(self.file, text.clone());
        let scenario = read_scenario(&source, self.id, self.loaded.around()).ok()?;
        let mut plan = scenario::plan(&PlanRequest {
            scenarios: std::slice::from_ref(&scenario),
            around: self.loaded.around(),
            oracle: &self.loaded.oracle,
            seed: self.seed,
            seeds: None,
            all_cases: false,
            case: None,
        });
        let planned = plan.journeys.pop().filter(|_| plan.journeys.is_empty())?;
        Some((scenario, planned, text))
    }
}
