//! A scenario that a newcomer wrote from `scenarios/README.md`: green as designed, red with the defect that it is about.

use contract::DefectId;
use firstrun::{Choice, RunOptions};
use journal::{InvariantId, Verdict};

use crate::Named;
use crate::stage::Stage;
use crate::tidy::root;

pub(crate) const TESTS: &[Named] = &[
    ("a_newcomers_scenario_passes_as_designed", passes_as_designed),
    ("a_newcomers_scenario_finds_the_defect_it_is_about", finds_its_defect),
];

fn stage() -> Stage {
    Stage::new(
        &Choice::default(),
        &[root().join("fixtures/first_day/silent_default.yaml").display().to_string()],
    )
}

fn passes_as_designed() {
    let stage = stage();
    assert_eq!(stage.plan.journeys.len(), 6, "two runtimes by three entries: {:?}", stage.plan);
    for (journey, judged) in stage.play(RunOptions::default(), &stage.plan.journeys) {
        assert_eq!(judged.verdict, Verdict::Passed, "{}: {judged:#?}", journey.case);
    }
}

fn finds_its_defect() {
    let stage = stage();
    let options = RunOptions { defects: [DefectId::D11].into_iter().collect(), ..RunOptions::default() };
    let failed: Vec<_> = stage
        .play(options, &stage.plan.journeys)
        .into_iter()
        .filter(|(_, judged)| judged.verdict == Verdict::Failed)
        .collect();
    assert!(!failed.is_empty());
    for (journey, judged) in failed {
        let by_the_author = judged.findings.iter().any(|finding| finding.invariant.is_none());
        let always = judged.findings.iter().any(|finding| finding.invariant == Some(InvariantId::O5));
        assert!(by_the_author && always, "{}: {judged:#?}", journey.case);
    }
}
