//! Which forms of model ids were played, by runtime and entry, and which were never drawn.
//!
//! A pure fold of the record (what a draw could give) and of the journeys' verdicts (what became of what it gave). A
//! journey counts as played where there is an opinion on the platform: it passed or failed. One that is broken, cut off or
//! without a record says nothing of its combination.

use std::collections::BTreeMap;

use contract::Entry;
use journal::{FormLabel, PlannedJourney, RunRecord, Verdict};
use serde::{Deserialize, Serialize};

use crate::JourneyReport;

/// What the draw of one scenario reached of what it could reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The scenario's id.
    pub scenario: String,
    /// The entries by which its ids come in: the columns.
    pub entries: Vec<Entry>,
    /// Every form that could be drawn: the rows.
    pub forms: Vec<FormCoverage>,
    /// How many combinations of form, runtime and entry could be drawn.
    pub combinations: u64,
    /// Those that never were, by form, runtime and entry.
    pub never_drawn: Vec<Combination>,
}

/// One form, by the entries that it can come in by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormCoverage {
    /// The form.
    pub form: FormLabel,
    /// What was drawn; an entry that is not here can't take an id of this form.
    pub entries: BTreeMap<Entry, EntryCoverage>,
}

/// One form by one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryCoverage {
    /// On all runtimes.
    #[serde(flatten)]
    pub all: DrawnTally,
    /// On each runtime that has ids of the form.
    pub runtimes: BTreeMap<String, DrawnTally>,
}

/// How often something was drawn, and what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnTally {
    /// Journeys that drew it.
    pub drawn: u64,
    /// Of these, those that passed or failed.
    pub played: u64,
    /// Of these, those that failed, known failures included.
    pub red: u64,
}

/// A form on a runtime by an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Combination {
    /// The form.
    pub form: FormLabel,
    /// The runtime.
    pub runtime: String,
    /// The entry.
    pub entry: Entry,
}

/// The coverage of every scenario that drew ids by their form, in the order of the record.
pub(crate) fn coverage(run: &RunRecord, journeys: &[JourneyReport]) -> Vec<Coverage> {
    let mut grids: Vec<Grid<'_>> = Vec::new();
    for offered in &run.offered {
        let at = grids.iter().position(|grid| grid.scenario == offered.scenario).unwrap_or_else(|| {
            grids.push(Grid::new(&offered.scenario, offered.entry));
            grids.len() - 1
        });
        for form in &offered.forms {
            grids[at].tally(*form, &offered.runtime, offered.entry);
        }
    }
    for journey in journeys {
        let of_scenario = |grid: &&mut Grid<'_>| grid.scenario == journey.planned.scenario;
        if let Some(grid) = grids.iter_mut().find(of_scenario) {
            grid.add(journey);
        }
    }
    grids.into_iter().filter(|grid| grid.has_draws).map(Grid::into_coverage).collect()
}

/// One scenario in the making.
struct Grid<'a> {
    scenario: &'a str,
    /// The entry of a scenario that does not vary it.
    entry: Entry,
    tallies: BTreeMap<FormLabel, BTreeMap<Entry, BTreeMap<String, DrawnTally>>>,
    has_draws: bool,
}

impl<'a> Grid<'a> {
    fn new(scenario: &'a str, entry: Entry) -> Self {
        Self { scenario, entry, tallies: BTreeMap::new(), has_draws: false }
    }

    fn tally(&mut self, form: FormLabel, runtime: &str, entry: Entry) -> &mut DrawnTally {
        let runtimes = self.tallies.entry(form).or_default().entry(entry).or_default();
        runtimes.entry(runtime.to_owned()).or_default()
    }

    fn add(&mut self, journey: &JourneyReport) {
        let Some(drawn) = self.drawn_by(&journey.planned) else { return };
        let verdict = journey.judged.verdict;
        let tally = self.tally(drawn.form, &drawn.runtime, drawn.entry);
        tally.drawn += 1;
        tally.played += u64::from(matches!(verdict, Verdict::Passed | Verdict::Failed));
        tally.red += u64::from(verdict == Verdict::Failed);
        self.has_draws = true;
    }

    /// What a journey drew; `None` where it drew no form.
    fn drawn_by(&self, planned: &PlannedJourney) -> Option<Combination> {
        let text = |axis: &str| planned.values.get(axis).and_then(|value| value.value.as_str());
        let entry = match text("entry") {
            Some(word) => Entry::from_word(word)?,
            None => self.entry,
        };
        let form = planned.values.get("model")?.form?;
        Some(Combination { form, runtime: text("runtime")?.to_owned(), entry })
    }

    fn into_coverage(self) -> Coverage {
        let mut never_drawn = Vec::new();
        let mut combinations = 0;
        let mut entries: Vec<Entry> = self.tallies.values().flat_map(BTreeMap::keys).copied().collect();
        entries.sort_unstable();
        entries.dedup();
        for (form, by_entry) in &self.tallies {
            for (entry, runtimes) in by_entry {
                combinations += runtimes.len() as u64;
                let never = runtimes.iter().filter(|(_, tally)| tally.drawn == 0);
                never_drawn.extend(never.map(|(runtime, _)| Combination {
                    form: *form,
                    runtime: runtime.clone(),
                    entry: *entry,
                }));
            }
        }
        never_drawn.sort_unstable();
        let of_entry = |(entry, runtimes)| (entry, EntryCoverage { all: sum(&runtimes), runtimes });
        let of_form = |(form, by_entry): (FormLabel, BTreeMap<_, _>)| FormCoverage {
            form,
            entries: by_entry.into_iter().map(of_entry).collect(),
        };
        Coverage {
            scenario: self.scenario.to_owned(),
            entries,
            forms: self.tallies.into_iter().map(of_form).collect(),
            combinations,
            never_drawn,
        }
    }
}

fn sum(runtimes: &BTreeMap<String, DrawnTally>) -> DrawnTally {
    runtimes.values().fold(DrawnTally::default(), |all, one| DrawnTally {
        drawn: all.drawn + one.drawn,
        played: all.played + one.played,
        red: all.red + one.red,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::forms;

    fn folded() -> Coverage {
        let report = forms::report();
        let [coverage] = report.coverage.as_slice() else { panic!("{:?}", report.coverage) };
        coverage.clone()
    }

    fn cell(coverage: &Coverage, form: FormLabel, entry: Entry) -> Option<EntryCoverage> {
        let row = coverage.forms.iter().find(|row| row.form == form).unwrap();
        row.entries.get(&entry).cloned()
    }

    #[test]
    fn what_passed_or_failed_counts_as_played_and_what_broke_as_drawn() {
        let coverage = folded();
        let tally = |drawn, played, red| DrawnTally { drawn, played, red };
        let padded = cell(&coverage, FormLabel::Padded, Entry::Tool).unwrap();
        assert_eq!(padded.all, tally(3, 3, 1));
        assert_eq!(padded.runtimes["claude-code"], tally(2, 2, 1));
        assert_eq!(padded.runtimes["hermes"], tally(1, 1, 0));
        let cut_off_and_unrecorded = cell(&coverage, FormLabel::Alias, Entry::Create).unwrap();
        assert_eq!(cut_off_and_unrecorded.all, tally(2, 0, 0));
    }

    #[test]
    fn what_could_be_drawn_and_never_was_is_listed_and_what_could_not_be_is_not() {
        let coverage = folded();
        assert_eq!(coverage.entries, [Entry::Tool, Entry::Create, Entry::PutModel]);
        assert_eq!(cell(&coverage, FormLabel::Absent, Entry::PutModel), None);
        let is_listed = |form, runtime: &str, entry| {
            coverage.never_drawn.contains(&Combination { form, runtime: runtime.into(), entry })
        };
        assert!(is_listed(FormLabel::Padded, "hermes", Entry::PutModel));
        assert!(!is_listed(FormLabel::Alias, "claude-code", Entry::Create), "it was drawn, if not played");
        assert!(!is_listed(FormLabel::Absent, "claude-code", Entry::PutModel));
        let drawn: usize = coverage
            .forms
            .iter()
            .flat_map(|row| row.entries.values())
            .map(|cell| cell.runtimes.values().filter(|tally| tally.drawn > 0).count())
            .sum();
        assert_eq!(coverage.combinations, (drawn + coverage.never_drawn.len()) as u64);
    }

    #[test]
    fn a_scenario_without_the_axis_has_the_entry_that_was_offered() {
        let mut run = forms::record();
        run.offered.retain(|offered| offered.entry == Entry::Create);
        for journey in &mut run.journeys {
            journey.values.remove("entry");
        }
        let report = crate::fold(&run, [], None);
        assert_eq!(report.coverage[0].entries, [Entry::Create]);
        assert_eq!(cell(&report.coverage[0], FormLabel::Padded, Entry::Create).unwrap().all.drawn, 4);
    }

    #[test]
    fn a_run_without_form_draws_has_none() {
        assert!(crate::sample::mixed_report().coverage.is_empty());
        let mut run = forms::record();
        run.journeys.clear();
        assert!(crate::fold(&run, [], None).coverage.is_empty());
    }

    #[test]
    fn it_is_the_same_in_json_and_back() {
        let coverage = folded();
        let value = serde_json::to_value(&coverage).unwrap();
        insta::assert_json_snapshot!("coverage", &value);
        assert_eq!(serde_json::from_value::<Coverage>(value).unwrap(), coverage);
    }
}
