//! Climbs down the ladders of one case as long as the live stack gives the same finding.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use document::Source;
use futures::future::join_all;
use journal::{CaseValue, Judged, PlannedJourney, Verdict};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use scenario::{PlanRequest, Scenario, no_case_of, read_scenario};

use super::reduction::Reduction;
use crate::failing::Mark;
use crate::load::Loaded;
use crate::run::Runner;

/// Journeys that one case may cost.
const MAX_PLAYS: usize = 1_000;

/// Ids that are tried side by side, where the run plays so many.
const ABREAST: usize = 24;

/// How a search ended.
pub(super) enum End {
    /// On these rungs, which fail; `true` where everything simpler was tried and judged.
    Smallest(Vec<usize>, bool),
    /// The case did not fail again when it was played by itself.
    NotRepeated,
    /// Nobody could judge it when it was played by itself, or the time was up before.
    NotJudged,
}

/// What a cut did when it was played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Played {
    /// It fails the same way.
    Fails,
    /// It does not, or it is no case of the scenario.
    Holds,
    /// It was cut off, or nobody could judge it.
    Unknown,
}

/// The search for the simplest cut of one case.
pub(super) struct Search<'a> {
    pub(super) runner: &'a Runner,
    pub(super) loaded: &'a Loaded,
    /// The scenario that drew the case: nothing is tried that it could not draw.
    pub(super) scenario: &'a Scenario,
    pub(super) reduction: &'a Reduction,
    /// The name under which every cut is played, and the id of the scenario of that name.
    pub(super) file: &'a str,
    pub(super) id: &'a str,
    pub(super) seed: u64,
    pub(super) mark: Mark,
    pub(super) deadline: Instant,
    pub(super) tally: Tally,
}

/// What a search has played so far.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) plays: usize,
    known: HashMap<Vec<usize>, Played>,
    has_unknown: bool,
}

impl Search<'_> {
    /// Climbs down, round after round, until a round changes nothing: a simpler id may need no key any more.
    pub(super) async fn run(&mut self) -> End {
        let mut best = self.reduction.whole();
        match self.played(&best).await {
            Played::Fails => {}
            Played::Holds => return End::NotRepeated,
            Played::Unknown => return End::NotJudged,
        }
        loop {
            let before = best.clone();
            if !self.climb(&mut best).await {
                return End::Smallest(best, false);
            }
            if best == before {
                return End::Smallest(best, !self.tally.has_unknown);
            }
        }
    }

    /// One round along every ladder; `false` where the bounds came first.
    async fn climb(&mut self, best: &mut Vec<usize>) -> bool {
        let Ok(mut tree) = Reduction::ladders(best).new_tree(&mut TestRunner::deterministic()) else {
            return false;
        };
        let mut moves = tree.simplify();
        while moves {
            if self.is_spent() {
                return false;
            }
            let rungs = tree.current();
            moves = if self.played(&rungs).await == Played::Fails {
                *best = rungs;
                tree.simplify()
            } else {
                tree.complicate()
            };
        }
        true
    }

    fn is_spent(&self) -> bool {
        self.tally.plays >= MAX_PLAYS || Instant::now() >= self.deadline
    }

    /// What a cut does. The next ids are played along with it.
    async fn played(&mut self, rungs: &[usize]) -> Played {
        if let Some(known) = self.tally.known.get(rungs) {
            return *known;
        }
        let abreast = self.abreast(rungs);
        let played = join_all(abreast.iter().map(|rungs| self.play_twice(rungs))).await;
        self.tally.plays += played.iter().map(|(_, plays)| plays).sum::<usize>();
        let mut own = Played::Unknown;
        for (index, (at, (played, _))) in abreast.into_iter().zip(played).enumerate() {
            if index == 0 {
                own = played;
            }
            self.tally.has_unknown |= played == Played::Unknown;
            self.tally.known.insert(at, played);
        }
        own
    }

    /// These rungs, and those with the next ids that were not played yet. At the top every other ladder is still to be
    /// climbed with this id.
    fn abreast(&self, rungs: &[usize]) -> Vec<Vec<usize>> {
        let mut abreast = vec![rungs.to_vec()];
        let Some(at) = self.reduction.ids() else { return abreast };
        let top = self.reduction.whole()[at];
        let next = (rungs[at] + 1..top).map(|rung| {
            let mut next = rungs.to_vec();
            next[at] = rung;
            next
        });
        if rungs[at] < top {
            let many = ABREAST.min(self.runner.jobs());
            abreast.extend(
                next.filter(|next| !self.tally.known.contains_key(next)).take(many.saturating_sub(1)),
            );
        }
        abreast
    }

    /// What a cut does, and how many journeys that took. One that nobody could judge is played once more.
    async fn play_twice(&self, rungs: &[usize]) -> (Played, usize) {
        let Some((scenario, planned, _)) = self.cut(rungs) else { return (Played::Holds, 0) };
        let scenario = Arc::new(scenario);
        match self.play(&scenario, &planned).await {
            Played::Unknown => (self.play(&scenario, &planned).await, 2),
            played => (played, 1),
        }
    }

    async fn play(&self, scenario: &Arc<Scenario>, planned: &PlannedJourney) -> Played {
        let left = self.deadline.saturating_duration_since(Instant::now()) + Duration::from_secs(1);
        let playing = self.runner.play_one(scenario.clone(), planned, None);
        let Ok(result) = tokio::time::timeout(left, playing).await else { return Played::Unknown };
        self.ruled(scenario, &result.judged())
    }

    fn ruled(&self, scenario: &Scenario, judged: &Judged) -> Played {
        match judged.verdict {
            Verdict::Failed if self.mark.stands_in(scenario, judged) => Played::Fails,
            Verdict::Failed | Verdict::Passed => Played::Holds,
            Verdict::Broken | Verdict::Skipped => Played::Unknown,
        }
    }

    /// The text of a cut, and its one case.
    pub(super) fn file_of(&self, rungs: &[usize]) -> Option<(String, PlannedJourney)> {
        self.cut(rungs).map(|(_, planned, text)| (text, planned))
    }

    /// The scenario that a cut is, played as the file that it would be. `None` where it is no scenario any more, or its
    /// case is none that the scenario it comes from could draw.
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
        let values = self.as_drawn(&planned.values);
        let why_not = no_case_of(self.scenario, self.loaded.around(), &self.loaded.oracle, &values);
        why_not.is_none().then_some((scenario, planned, text))
    }

    /// The values as the drawing scenario would have them: an axis that was cut away gives none of its keys.
    fn as_drawn(&self, values: &BTreeMap<String, CaseValue>) -> BTreeMap<String, CaseValue> {
        let mut drawn = values.clone();
        if self.scenario.vary.key.is_some() {
            drawn.entry("key".to_owned()).or_default();
        }
        drawn
    }
}
