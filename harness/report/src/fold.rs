//! Journals in, one report out.

use std::collections::{BTreeMap, BTreeSet};

use journal::{
    Counts, Fact, Journal, JourneyId, Judged, Observation, PlannedJourney, RunRecord, ScenarioText, Verdict,
};

use crate::detail::{Evidence, sort_by_nearness_to_cause};
use crate::{JourneyReport, Report, RunHead, broken, counting, coverage, repeat_command, servers};

/// Folds the journals of a run into its report.
///
/// The order in which journals come does not matter, and journals are the only source of counts. A planned journey
/// without a whole record is broken; a journal that the plan does not name is listed and counts nowhere. Each journal
/// is dropped once it is read.
pub fn fold(
    run: &RunRecord,
    journals: impl IntoIterator<Item = (JourneyId, Option<Journal>)>,
    took_ms: Option<u64>,
) -> Report {
    let head = RunHead::from(run);
    let planned: BTreeMap<&JourneyId, &PlannedJourney> =
        run.journeys.iter().map(|journey| (&journey.id, journey)).collect();
    let scenarios: BTreeMap<&str, &ScenarioText> =
        run.scenarios.iter().map(|scenario| (scenario.id.as_str(), scenario)).collect();
    let teller = Teller { head: &head, scenarios };
    let mut found: BTreeMap<JourneyId, JourneyReport> = BTreeMap::new();
    let mut unplanned = BTreeSet::new();
    for (id, journal) in journals {
        match (planned.get(&id), journal) {
            (Some(planned), Some(journal)) => {
                let report = teller.recorded(planned, journal);
                let kept = match found.remove(&id) {
                    Some(other) if other != report => teller.unrecorded(planned, broken::two_records()),
                    _ => report,
                };
                found.insert(id, kept);
            }
            (Some(_), None) => {}
            (None, _) => {
                unplanned.insert(id);
            }
        }
    }
    let in_order = run
        .journeys
        .iter()
        .map(|planned| found.remove(&planned.id).unwrap_or_else(|| teller.missing(planned)));
    let journeys: Vec<JourneyReport> = in_order.collect();
    Report {
        totals: counting::totals(run, &journeys),
        scenarios: counting::scenarios(run, &journeys),
        coverage: coverage::coverage(run, &journeys),
        journeys,
        skipped: run.skipped.clone(),
        left_out: run.left_out.clone(),
        unplanned: unplanned.into_iter().collect(),
        took_ms,
        kept: Vec::new(),
        gate: None,
        run: head,
    }
}

/// Tells what became of one journey.
struct Teller<'a> {
    head: &'a RunHead,
    scenarios: BTreeMap<&'a str, &'a ScenarioText>,
}

impl Teller<'_> {
    fn recorded(&self, planned: &PlannedJourney, journal: Journal) -> JourneyReport {
        if let Some(judged) = broken::mistaken(planned, &journal) {
            return self.unrecorded(planned, judged);
        }
        let observations = &journal.observations;
        let judged =
            journal.judged.unwrap_or_else(|| broken::cut_off(Evidence::of(observations).last().as_ref()));
        let mut report = self.unrecorded(planned, judged);
        report.counts = Counts::of(observations);
        report.asked = questions(observations);
        report.took_ms = observations.last().map(|last| last.at_ms);
        if report.is_red() || !report.judged.findings.is_empty() {
            explain(&mut report, observations);
        }
        if report.is_red() {
            report.servers = servers::logs(observations);
        }
        report
    }

    fn missing(&self, planned: &PlannedJourney) -> JourneyReport {
        JourneyReport { has_no_record: true, ..self.unrecorded(planned, broken::no_record()) }
    }

    fn unrecorded(&self, planned: &PlannedJourney, judged: Judged) -> JourneyReport {
        let scenario = self.scenarios.get(planned.scenario.as_str());
        let file = scenario.map(|scenario| scenario.file.clone()).unwrap_or_default();
        JourneyReport {
            title: scenario.map_or_else(|| planned.scenario.clone(), |scenario| scenario.title.clone()),
            repeat: repeat_command(self.head, planned, &file),
            file,
            planned: planned.clone(),
            judged,
            counts: Counts::default(),
            asked: 0,
            took_ms: None,
            details: Vec::new(),
            has_no_record: false,
            last: None,
            servers: Vec::new(),
            minimal: None,
        }
    }
}

/// Adds what proves the findings, and where a broken journey was when it broke.
fn explain(report: &mut JourneyReport, observations: &[Observation]) {
    let evidence = Evidence::of(observations);
    if report.judged.verdict == Verdict::Broken {
        report.last = evidence.last();
    }
    sort_by_nearness_to_cause(&mut report.judged.findings);
    report.details = report.judged.findings.iter().map(|finding| evidence.detail(finding)).collect();
}

fn questions(observations: &[Observation]) -> u64 {
    observations.iter().filter(|observation| matches!(observation.fact, Fact::Asked(_))).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    /// Three journeys with a record each (one of them cut off), one without, and one that nobody planned.
    fn pieces() -> (RunRecord, Vec<(JourneyId, Option<Journal>)>) {
        let journeys = ["a", "b", "c", "d"].map(|case| sample::planned("first_run/build_me_a_team", case));
        let record = sample::record(&journeys);
        let [a, b, c, d] = journeys;
        let mut cut_off = sample::green_journal(&c);
        cut_off.judged = None;
        let stray = sample::planned("first_run/gone", "x");
        let journals = vec![
            (a.id.clone(), Some(sample::green_journal(&a))),
            (b.id.clone(), Some(sample::red_journal(&b))),
            (c.id.clone(), Some(cut_off)),
            (d.id, None),
            (stray.id.clone(), Some(sample::green_journal(&stray))),
        ];
        (record, journals)
    }

    /// Calls `check` with every order of the items.
    fn in_every_order<T: Clone>(items: &mut [T], at: usize, check: &mut impl FnMut(&[T])) {
        if at == items.len() {
            return check(items);
        }
        for other in at..items.len() {
            items.swap(at, other);
            in_every_order(items, at + 1, check);
            items.swap(at, other);
        }
    }

    #[test]
    fn the_order_of_the_journals_does_not_matter() {
        let (record, mut journals) = pieces();
        let expected = fold(&record, journals.clone(), None);
        let mut orders = 0;
        in_every_order(&mut journals, 0, &mut |journals| {
            orders += 1;
            assert_eq!(fold(&record, journals.to_vec(), None), expected);
        });
        assert_eq!(orders, 120);
    }

    #[test]
    fn two_records_that_differ_are_broken_in_every_order_and_equal_ones_are_one() {
        let journey = sample::planned("first_run/build_me_a_team", "a");
        let record = sample::record(std::slice::from_ref(&journey));
        let green = (journey.id.clone(), Some(sample::green_journal(&journey)));
        let red = (journey.id.clone(), Some(sample::red_journal(&journey)));
        let twice = fold(&record, [green.clone(), green.clone()], None);
        assert_eq!((twice.totals.passed, twice.totals.broken), (1, 0));
        in_every_order(&mut [green.clone(), red, green, (journey.id, None)], 0, &mut |journals| {
            let report = fold(&record, journals.to_vec(), None);
            assert_eq!(report.totals.broken, 1);
            let reason = report.journeys[0].judged.reason.clone().unwrap();
            assert!(reason.starts_with("more than one record"), "{reason}");
        });
    }

    #[test]
    fn every_planned_journey_is_counted_once_and_no_other() {
        let (record, journals) = pieces();
        let report = fold(&record, journals, Some(1_200));
        let totals = &report.totals;
        assert_eq!((totals.passed, totals.failed, totals.broken, totals.skipped), (1, 1, 2, 2));
        assert_eq!(report.journeys.len(), 4);
        assert_eq!(report.unplanned, [JourneyId("first_run/gone[x]".into())]);
        let mut added = Counts::default();
        for journey in &report.journeys {
            added += journey.counts;
        }
        assert_eq!(totals.counts, added);
    }

    #[test]
    fn a_journey_that_was_cut_off_is_broken_and_says_where() {
        let (record, journals) = pieces();
        let report = fold(&record, journals, None);
        let cut_off = &report.journeys[2];
        assert_eq!(cut_off.judged.verdict, Verdict::Broken);
        assert_eq!(
            cut_off.judged.reason.as_deref(),
            Some("cut off after observation 7: delete of enter-product → 200, a read afterwards → 410")
        );
        assert_eq!(cut_off.counts.tenants_online, 1);
        assert_eq!(cut_off.took_ms, Some(120));
    }

    #[test]
    fn a_journey_that_was_cut_off_at_once_says_so() {
        let journey = sample::planned("first_run/build_me_a_team", "a");
        let mut journal = sample::green_journal(&journey);
        journal.judged = None;
        journal.observations.clear();
        let report =
            fold(&sample::record(std::slice::from_ref(&journey)), [(journey.id, Some(journal))], None);
        let judged = &report.journeys[0].judged;
        assert_eq!(judged.reason.as_deref(), Some("cut off before its first observation"));
    }

    #[test]
    fn a_journey_without_a_record_is_broken() {
        let journey = sample::planned("first_run/build_me_a_team", "a");
        let record = sample::record(std::slice::from_ref(&journey));
        for journals in [vec![], vec![(journey.id, None)]] {
            let report = fold(&record, journals, None);
            assert_eq!(report.totals.broken, 1);
            assert!(report.journeys[0].judged.reason.as_deref().unwrap().starts_with("no record"));
        }
    }

    #[test]
    fn a_record_of_another_journey_or_seed_is_no_record() {
        let journey = sample::planned("first_run/build_me_a_team", "a");
        let record = sample::record(std::slice::from_ref(&journey));
        let mut of_another = sample::green_journal(&journey);
        of_another.opened.journey = JourneyId("x".into());
        let mut of_another_seed = sample::green_journal(&journey);
        of_another_seed.opened.seed = 2;
        for journal in [of_another, of_another_seed] {
            let report = fold(&record, [(journey.id.clone(), Some(journal))], None);
            assert_eq!(report.totals.broken, 1);
            assert_eq!(report.totals.counts, Counts::default());
        }
    }

    #[test]
    fn an_invariant_that_nobody_mentions_counts_as_not_evaluated() {
        let (record, journals) = pieces();
        let checks = fold(&record, journals, None).totals.checks;
        for (id, tally) in checks.invariants {
            let sum = tally.held + tally.broke + tally.not_applicable + tally.not_evaluated;
            assert_eq!(sum, 4, "{}", id.as_str());
            assert!(tally.not_evaluated >= 2, "{}", id.as_str());
        }
    }
}
