//! What each era shows when it is judged by the promises of `as-designed`, line by line; and that each keeps its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::OnceLock;

use document::Source;
use firstrun::{Choice, RunOptions};
use journal::{Finding, FindingKind, InvariantId, PlannedJourney, Skipped, Verdict};
use serde::Deserialize;

use crate::Named;
use crate::stage::{Stage, Told, in_a_line};
use crate::tidy::root;

pub(crate) const TESTS: &[Named] = &[
    ("the_night_shows_exactly_the_lines_of_its_fixture", || era(&INCIDENT)),
    ("the_day_after_shows_exactly_the_lines_of_its_fixture", || era(&CREATE_GATE)),
    ("the_first_answer_shows_exactly_the_lines_of_its_fixture", || era(&ORG_DEFAULT)),
    ("the_weeks_after_show_exactly_the_lines_of_their_fixture", || era(&DERIVE_ONLY)),
    ("the_night_keeps_its_own_promises", || keeps_its_own("incident", LEAST_PASSED)),
    // Where the platform pays for whatever comes, little of the pack has anything to refuse.
    ("the_first_answer_keeps_its_own_promises", || keeps_its_own("org-default", 10)),
    ("the_day_after_keeps_its_own_promises", || keeps_its_own("create-gate", LEAST_PASSED)),
    ("the_weeks_after_keep_their_own_promises", || keeps_its_own("derive-only", LEAST_PASSED)),
    ("the_newest_keeps_its_own_promises", || keeps_its_own("head", LEAST_PASSED)),
    ("every_line_names_its_defect", every_line_names_its_defect),
];

/// Fewer journeys would say too little of an era.
const LEAST_PASSED: usize = 40;

static INCIDENT: Era = Era::of("incident");
static ORG_DEFAULT: Era = Era::of("org-default");
static CREATE_GATE: Era = Era::of("create-gate");
static DERIVE_ONLY: Era = Era::of("derive-only");
/// `head` is not among them: its registry and that of `as-designed` do not serve each other's runtimes and ids.
static ERAS: [&Era; 4] = [&INCIDENT, &ORG_DEFAULT, &CREATE_GATE, &DERIVE_ONLY];

/// One era, judged by the promises of `as-designed`; played once in this process.
struct Era {
    name: &'static str,
    played: OnceLock<Vec<Told>>,
}

/// What a fixture of `fixtures/history` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct History {
    lines: Vec<Line>,
}

/// One thing that an era shows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// The scenario that shows it.
    scenario: String,
    /// The kind of finding.
    kind: FindingKind,
    /// The invariant; absent for an expectation of a step.
    invariant: Option<InvariantId>,
    /// Part of the case's key, where not every case shows it.
    #[serde(default)]
    case: String,
    /// Part of what was expected or seen.
    #[serde(default)]
    says: String,
    /// The defect or the property of the era behind it, by number and in words.
    because: String,
}

impl Line {
    fn matches(&self, journey: &PlannedJourney, finding: &Finding) -> bool {
        self.scenario == journey.scenario
            && self.kind == finding.kind
            && self.invariant == finding.invariant
            && journey.case.contains(&self.case)
            && (finding.expected.contains(&self.says) || finding.seen.contains(&self.says))
    }
}

impl Era {
    const fn of(name: &'static str) -> Self {
        Self { name, played: OnceLock::new() }
    }

    fn lines(&self) -> Vec<Line> {
        let path = root().join(format!("fixtures/history/{}-vs-as-designed.yaml", self.name));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let source = Source::new(path.display().to_string(), text);
        let history: History = document::read(&source).unwrap_or_else(|problem| panic!("{problem}"));
        history.lines
    }

    fn played(&self) -> &[Told] {
        self.played.get_or_init(|| {
            let choice = Choice { platform_contract: Some(self.name.to_owned()), ..Choice::default() };
            let stage = Stage::new(&choice, &[]);
            stage.play(RunOptions::default(), &stage.plan.journeys)
        })
    }
}

fn era(era: &Era) {
    let lines = era.lines();
    let mut problems = Vec::new();
    let mut shown = BTreeSet::new();
    for (journey, judged) in era.played() {
        if !matches!(judged.verdict, Verdict::Passed | Verdict::Failed) {
            problems.push(format!("{:?}: {} {:?}", judged.verdict, journey.id, judged.reason));
        }
        for finding in &judged.findings {
            let matching = lines.iter().enumerate().filter(|(_, line)| line.matches(journey, finding));
            let matching: Vec<usize> = matching.map(|(index, _)| index).collect();
            if matching.is_empty() {
                problems.push(format!("no line for {}", in_a_line(journey, finding)));
            }
            shown.extend(matching);
        }
    }
    let silent = lines.iter().enumerate().filter(|(index, _)| !shown.contains(index));
    problems.extend(silent.map(|(_, line)| format!("no journey shows {line:?}")));
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    assert!(era.played().iter().any(|(_, judged)| judged.verdict == Verdict::Failed), "nothing failed");
}

/// An era that is judged by its own promises passes; what it can't be asked is skipped, naming the promise.
fn keeps_its_own(name: &str, at_least: usize) {
    let choice = Choice { contract: Some(name.to_owned()), ..Choice::default() };
    let stage = Stage::new(&choice, &[]);
    let told = stage.play(RunOptions::default(), &stage.plan.journeys);
    let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut problems = Vec::new();
    for (journey, judged) in &told {
        *verdicts.entry(judged.verdict.as_str()).or_default() += 1;
        problems.extend(judged.findings.iter().map(|finding| in_a_line(journey, finding)));
        problems.extend(judged.reason.as_ref().map(|reason| format!("{}: {reason}", journey.id)));
    }
    assert!(told.iter().all(|(_, judged)| judged.verdict == Verdict::Passed), "{verdicts:?} {problems:#?}");
    assert!(told.len() >= at_least, "{verdicts:?}");
    assert!(!stage.plan.skipped.is_empty(), "nothing is skipped");
    for skipped in &stage.plan.skipped {
        assert!(stage.tells_why(skipped), "{skipped:?}");
    }
}

impl Stage {
    /// A skip names a promise that is asked for and not made; where the draws left no case, the plan says what each of
    /// them found.
    fn tells_why(&self, skipped: &Skipped) -> bool {
        let needs = &self.scenario(&skipped.scenario).needs;
        let is_drawn_empty = self.plan.left_out.iter().any(|left| left.scenario == skipped.scenario);
        needs.iter().any(|need| skipped.reason.contains(need.promise.key()))
            || (needs.is_empty() && is_drawn_empty)
    }
}

fn every_line_names_its_defect() {
    let is_named = |because: &str| {
        because.split("D-").skip(1).any(|rest| rest.bytes().take(2).filter(u8::is_ascii_digit).count() == 2)
    };
    for line in ERAS.into_iter().flat_map(Era::lines) {
        assert!(is_named(&line.because) && line.because.contains(' '), "{line:?}");
    }
}

/// Every kind that a line names.
pub(crate) fn kinds() -> Vec<FindingKind> {
    ERAS.into_iter().flat_map(Era::lines).map(|line| line.kind).collect()
}
