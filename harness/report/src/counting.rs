//! Adds journeys up.

use journal::{CheckSubject, InvariantId, Judged, RunRecord, Verdict};

use crate::{CheckTotals, JourneyReport, ScenarioTally, Totals};

/// What all journeys amount to.
pub(crate) fn totals(run: &RunRecord, journeys: &[JourneyReport]) -> Totals {
    let mut totals = Totals { skipped: run.skipped.len() as u64, ..Totals::default() };
    for journey in journeys {
        match journey.judged.verdict {
            Verdict::Passed => totals.passed += 1,
            Verdict::Failed => totals.failed += 1,
            Verdict::Broken => totals.broken += 1,
            Verdict::Skipped => totals.skipped += 1,
        }
        totals.counts += journey.counts;
        totals.asked += journey.asked;
        add_checks(&mut totals.checks, &journey.judged);
    }
    totals
}

fn add_checks(totals: &mut CheckTotals, judged: &Judged) {
    for check in &judged.checks {
        match check.subject {
            CheckSubject::Step(_) => totals.steps.add(check.outcome),
            CheckSubject::Watch => totals.watch.add(check.outcome),
            CheckSubject::Invariant(id) => totals.invariants.entry(id).or_default().add(check.outcome),
        }
    }
    for id in InvariantId::ALL {
        let subject = CheckSubject::Invariant(id);
        if !judged.checks.iter().any(|check| check.subject == subject) {
            totals.invariants.entry(id).or_default().not_evaluated += 1;
        }
    }
}

/// Every scenario of the record, then those that only the plan names, with their journeys counted.
pub(crate) fn scenarios(run: &RunRecord, journeys: &[JourneyReport]) -> Vec<ScenarioTally> {
    let mut tallies = Tallies::default();
    for scenario in &run.scenarios {
        tallies.0.push(ScenarioTally {
            scenario: scenario.id.clone(),
            title: scenario.title.clone(),
            file: scenario.file.clone(),
            ..ScenarioTally::default()
        });
    }
    for journey in journeys {
        let tally = tallies.of(&journey.planned.scenario);
        match journey.judged.verdict {
            Verdict::Passed => tally.passed += 1,
            Verdict::Failed => tally.failed += 1,
            Verdict::Broken => tally.broken += 1,
            Verdict::Skipped => tally.skipped += 1,
        }
    }
    for skipped in &run.skipped {
        tallies.of(&skipped.scenario).skipped += 1;
    }
    tallies.0
}

#[derive(Default)]
struct Tallies(Vec<ScenarioTally>);

impl Tallies {
    fn of(&mut self, scenario: &str) -> &mut ScenarioTally {
        let known = self.0.iter().position(|tally| tally.scenario == scenario);
        let at = known.unwrap_or(self.0.len());
        if known.is_none() {
            let (scenario, title) = (scenario.to_owned(), scenario.to_owned());
            self.0.push(ScenarioTally { scenario, title, ..ScenarioTally::default() });
        }
        &mut self.0[at]
    }
}
