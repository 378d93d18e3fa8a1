//! JUnit XML, as continuous integration servers read it.
//!
//! One test suite a scenario, one test case a case. A failed journey is a `failure`, a broken one an `error`, what
//! the plan skipped is `skipped`, and so is a known failure of a gate run; the gate's own objections stand in a suite of
//! their own. The text of a red is the console's, without colour; the logs of its servers stand beside it as its output.

use std::time::Duration;

use journal::{Skipped, Verdict};
use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use crate::console::{self, Look};
use crate::gate::unlisted_skip;
use crate::text::escaped;
use crate::words::{kind_in_words, log_in_words};
use crate::{Gate, JourneyReport, Report, RunHead, ScenarioTally, ServerLog};

/// The width of the texts in it.
const WIDTH: usize = 100;

/// The name of a test case that stands for a wholly skipped scenario.
const ALL_CASES: &str = "all cases";

/// The report as JUnit XML. It holds no date, so that equal reports are equal texts.
pub fn junit(report: &Report) -> String {
    let mut xml = quick_junit::Report::new("firstrun");
    if let Some(took_ms) = report.took_ms {
        xml.set_time(Duration::from_millis(took_ms));
    }
    xml.add_test_suites(report.scenarios.iter().map(|scenario| suite(report, scenario)));
    xml.add_test_suites(report.gate.as_ref().map(gate_suite));
    xml.to_string().expect("writing to memory can't fail, and a Rust string is UTF-8")
}

fn suite(report: &Report, scenario: &ScenarioTally) -> TestSuite {
    let mut suite = TestSuite::new(escaped(&scenario.title));
    suite.add_property(property("scenario", &scenario.scenario));
    suite.add_property(property("file", &scenario.file));
    suite.add_properties(run_properties(&report.run));
    let journeys: Vec<&JourneyReport> =
        report.journeys.iter().filter(|journey| journey.planned.scenario == scenario.scenario).collect();
    let took_ms: u64 = journeys.iter().filter_map(|journey| journey.took_ms).sum();
    suite.set_time(Duration::from_millis(took_ms));
    for journey in &journeys {
        let namesakes = journeys.iter().filter(|other| other.planned.case == journey.planned.case).count();
        suite.add_test_case(case(report, journey, namesakes > 1));
    }
    let skipped = report.skipped.iter().filter(|skipped| skipped.scenario == scenario.scenario);
    suite.add_test_cases(skipped.map(skipped_case));
    suite
}

/// One test case an entry of the known failures: what is stale, expired or missing there fails.
fn gate_suite(gate: &Gate) -> TestSuite {
    let mut suite = TestSuite::new("known failures");
    for entry in &gate.entries {
        let status =
            if entry.standing.is_red() { gate_failure(&entry.in_words()) } else { TestCaseStatus::success() };
        suite.add_test_case(TestCase::new(
            escaped(&format!("{}: {}", entry.subject(), entry.known.finding)),
            status,
        ));
    }
    for scenario in &gate.unlisted_skips {
        let name = escaped(&format!("{scenario}: skipped"));
        suite.add_test_case(TestCase::new(name, gate_failure(&unlisted_skip(scenario))));
    }
    suite
}

fn gate_failure(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type("known_failures");
    status.set_message(escaped(message));
    status
}

fn run_properties(run: &RunHead) -> [Property; 7] {
    let defects = if run.defects.is_empty() { "none".to_owned() } else { run.defects.join(", ") };
    [
        property("seed", &run.seed.to_string()),
        property("generator", &run.generator.to_string()),
        property("contract", &run.contract),
        property("registry", &run.registry),
        property("stack", &run.stack),
        property("defects", &defects),
        property("firstrun", &run.firstrun),
    ]
}

fn property(name: &str, value: &str) -> Property {
    Property::new(name, escaped(value))
}

/// A case that is played with several seeds has the seed in its name.
fn case(report: &Report, journey: &JourneyReport, has_namesakes: bool) -> TestCase {
    let planned = &journey.planned;
    let name = if has_namesakes {
        format!("{} (seed {})", escaped(&planned.case), planned.seed)
    } else {
        escaped(&planned.case)
    };
    // A known failure must not turn a server red, and must be seen: JUnit has one word for that.
    let status = match report.known(journey) {
        Some(entry) => skipped_status(&format!("known failure: {}", entry.in_words())),
        None => status(journey),
    };
    let mut case = TestCase::new(name, status);
    case.set_classname(escaped(&planned.scenario));
    if let Some(took_ms) = journey.took_ms {
        case.set_time(Duration::from_millis(took_ms));
    }
    if !journey.servers.is_empty() {
        case.set_system_out(output(&journey.servers));
    }
    case.add_property(property("journey", &planned.id.0));
    case.add_property(property("seed", &planned.seed.to_string()));
    case.add_property(property("repeat", &journey.repeat));
    case
}

/// The logs of the servers, each under its heading, as far as the report has them.
fn output(logs: &[ServerLog]) -> String {
    let mut text = String::new();
    for log in logs {
        text.push_str(&log_in_words(log, log.lines.len()));
        text.push('\n');
        text.extend(log.lines.iter().flat_map(|line| [escaped(line), "\n".to_owned()]));
    }
    text
}

fn status(journey: &JourneyReport) -> TestCaseStatus {
    match journey.judged.verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Failed => failure(journey),
        Verdict::Broken => red(NonSuccessKind::Error, "broken", &reason(journey), journey),
        Verdict::Skipped => skipped_status(&reason(journey)),
    }
}

fn failure(journey: &JourneyReport) -> TestCaseStatus {
    let Some(finding) = journey.judged.findings.first() else {
        return red(NonSuccessKind::Failure, "failed", &reason(journey), journey);
    };
    let subject = finding.subject.as_ref().map(|subject| format!("{subject}: ")).unwrap_or_default();
    let message = format!(
        "{subject}{}; expected {}; seen {}",
        kind_in_words(finding.kind),
        finding.expected,
        finding.seen
    );
    red(NonSuccessKind::Failure, finding.kind.as_str(), &message, journey)
}

fn red(kind: NonSuccessKind, name: &str, message: &str, journey: &JourneyReport) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(name);
    status.set_message(escaped(message));
    status.set_description(console::render_red(journey, Look { color: false, width: WIDTH, records: None }));
    status
}

fn reason(journey: &JourneyReport) -> String {
    journey.judged.reason.clone().unwrap_or_else(|| "no reason is recorded".to_owned())
}

fn skipped_case(skipped: &Skipped) -> TestCase {
    let name = skipped.case.as_deref().map_or_else(|| ALL_CASES.to_owned(), escaped);
    let mut case = TestCase::new(name, skipped_status(&skipped.reason));
    case.set_classname(escaped(&skipped.scenario));
    case
}

fn skipped_status(reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(escaped(reason));
    status
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn parsed(report: &Report) -> quick_junit::Report {
        quick_junit::Report::deserialize_from_str(&junit(report)).unwrap()
    }

    #[test]
    fn it_reads_back_with_one_suite_a_scenario_and_one_case_a_case() {
        let xml = parsed(&sample::mixed_report());
        assert_eq!((xml.tests, xml.failures, xml.errors, xml.skipped), (6, 1, 2, 2));
        assert_eq!(xml.test_suites.len(), 2);
        let suite = &xml.test_suites[0];
        assert_eq!(suite.name.as_str(), "a fresh tenant's first team comes online");
        let kinds: Vec<&str> = suite.test_cases.iter().map(|case| kind_of(&case.status)).collect();
        assert_eq!(kinds, ["success", "failure", "error", "error", "skipped"]);
        for case in &suite.test_cases {
            assert_eq!(case.classname.as_ref().unwrap().as_str(), sample::SCENARIO);
        }
        assert_eq!(suite.test_cases[1].name.as_str(), "runtime=codex model=a b");
        assert_eq!(xml.test_suites[1].test_cases[0].name.as_str(), ALL_CASES);
    }

    fn kind_of(status: &TestCaseStatus) -> &'static str {
        match status {
            TestCaseStatus::Success { .. } => "success",
            TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, .. } => "failure",
            TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, .. } => "error",
            TestCaseStatus::Skipped { .. } => "skipped",
        }
    }

    #[test]
    fn the_properties_tell_runs_apart() {
        let xml = parsed(&sample::mixed_report());
        let properties: Vec<(&str, &str)> = xml.test_suites[0]
            .properties
            .iter()
            .map(|property| (property.name.as_str(), property.value.as_str()))
            .collect();
        for expected in [
            ("seed", "1"),
            ("generator", "1"),
            ("contract", "as-designed"),
            ("registry", "incident"),
            ("stack", "embedded"),
            ("defects", "D-13, D-99"),
        ] {
            assert!(properties.contains(&expected), "{expected:?} in {properties:?}");
        }
    }

    #[test]
    fn a_failure_holds_the_first_finding_and_the_red_without_colour() {
        let xml = parsed(&sample::mixed_report());
        let TestCaseStatus::NonSuccess { message, ty, description, .. } =
            &xml.test_suites[0].test_cases[1].status
        else {
            unreachable!()
        };
        assert_eq!(ty.as_ref().unwrap().as_str(), "outside_the_tree");
        let message = message.as_ref().unwrap().as_str();
        assert!(message.starts_with("enter-product: a row stands outside"), "{message}");
        let text = description.as_ref().unwrap().as_str();
        assert!(text.contains("repeat") && text.contains("cargo run --release -- run"), "{text}");
    }

    #[test]
    fn control_characters_are_shown_and_never_sent() {
        let text = junit(&sample::mixed_report());
        let is_safe = |letter: char| letter == '\n' || !letter.is_control();
        assert!(text.chars().all(is_safe));
        assert!(text.contains("\\u{1b}[2K\\r"), "{text}");
    }

    #[test]
    fn a_case_that_is_played_with_two_seeds_has_two_names() {
        let first = sample::planned(sample::SCENARIO, "a");
        let mut second = first.clone();
        second.id.0.push_str("#2");
        second.seed = 2;
        let report = crate::fold(&sample::record(&[first, second]), [], None);
        let names: Vec<String> = parsed(&report).test_suites[0]
            .test_cases
            .iter()
            .map(|case| case.name.as_str().to_owned())
            .collect();
        assert_eq!(names[..2], ["a (seed 1)", "a (seed 2)"]);
    }
}
