//! The scenarios of `fixtures/red` fail with exactly their findings, and no kind of finding is without a fixture.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use contract::DefectId;
use document::Source;
use firstrun::{Choice, RunOptions};
use journal::{Finding, FindingKind, InvariantId, Verdict};
use libtest_mimic::Trial;
use serde::Deserialize;

use crate::stage::Stage;
use crate::tidy::root;
use crate::{Named, defects, history};

pub(crate) const TESTS: &[Named] =
    &[("every_kind_of_finding_has_a_fixture", every_kind_of_finding_has_a_fixture)];

/// The kinds that no scenario can bring about on the reference platform. Journals made by hand show them, in
/// `harness/judge/tests`.
const BY_HAND: &[(FindingKind, &str)] = &[
    (FindingKind::ActFailed, "no act that a scenario can write is answered with a 5xx"),
    (FindingKind::ClaimDiffers, "every persona tells its user what it read"),
    (FindingKind::RefusalLeftTrace, "no switch lets a refused create leave something"),
    (FindingKind::ReasonDiffers, "one text is written in every place"),
    (FindingKind::CodeMissing, "every event of a failure that is stored carries its code"),
    (FindingKind::DeliveredTwice, "no switch hands a message on twice"),
    (FindingKind::Leftover, "a member is asked for once, and no switch makes a twin"),
    (FindingKind::LeftAfterTeardown, "no switch leaks a row or a box"),
    (FindingKind::DeleteUnproven, "a delete that was answered always removes"),
    (FindingKind::BystanderTouched, "no switch reaches across tenants"),
    (FindingKind::UnmodelledRoute, "the reference platform calls what the world models, nothing else"),
    (FindingKind::ServerEnded, "no scenario can end a server; the trials of `stacks` kill one"),
    (FindingKind::RegisterRefused, "the reference platform lets a box's first register win"),
];

/// What must come of a scenario of `fixtures/red`: `<name>.findings.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    contract: Option<String>,
    platform_contract: Option<String>,
    #[serde(default)]
    defects: Vec<DefectId>,
    time_factor: Option<f64>,
    findings: BTreeSet<Own>,
}

/// What tells a finding from others.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    kind: FindingKind,
    invariant: Option<InvariantId>,
    subject: Option<String>,
}

impl Own {
    fn of(finding: &Finding) -> Self {
        Self { kind: finding.kind, invariant: finding.invariant, subject: finding.subject.clone() }
    }
}

/// One trial a scenario.
pub(crate) fn trials() -> Vec<Trial> {
    let of_file = |file: PathBuf| {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        Trial::test(format!("red::{name}_fails_with_exactly_its_findings"), move || {
            fails_with_its_findings(&file);
            Ok(())
        })
    };
    scenarios().into_iter().map(of_file).collect()
}

fn scenarios() -> Vec<PathBuf> {
    let is_scenario = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".yaml") && !name.ends_with(".findings.yaml")
    };
    let entries = fs::read_dir(root().join("fixtures/red")).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(is_scenario).collect();
    files.sort();
    files
}

fn expected(scenario: &Path) -> Expected {
    let path = scenario.with_extension("findings.yaml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let source = Source::new(path.display().to_string(), text);
    document::read(&source).unwrap_or_else(|problem| panic!("{problem}"))
}

fn fails_with_its_findings(scenario: &Path) {
    let expected = expected(scenario);
    let choice =
        Choice { contract: expected.contract, platform_contract: expected.platform_contract, registry: None };
    let options = RunOptions {
        defects: expected.defects.into_iter().collect(),
        time_factor: expected.time_factor.unwrap_or(1.0),
        ..RunOptions::default()
    };
    let stage = Stage::new(&choice, &[scenario.display().to_string()]);
    assert!(!stage.plan.journeys.is_empty(), "nothing is played: {:?}", stage.plan);
    let mut seen = BTreeSet::new();
    for (journey, judged) in stage.play(options, &stage.plan.journeys) {
        assert_eq!(judged.verdict, Verdict::Failed, "{}: {judged:#?}", journey.case);
        assert!(judged.findings.iter().all(|finding| !finding.proof.is_empty()), "{judged:#?}");
        seen.extend(judged.findings.iter().map(Own::of));
    }
    assert_eq!(seen, expected.findings);
}

/// A kind that nobody shows is a promise whose breach nobody would see; one that is shown needs no excuse.
fn every_kind_of_finding_has_a_fixture() {
    let red = scenarios();
    let red = red.iter().flat_map(|file| expected(file).findings).map(|own| own.kind);
    let broken = defects::SHOWN.iter().map(|shown| shown.kind);
    let told = history::kinds();
    let played: BTreeSet<FindingKind> = red.chain(broken).chain(told).collect();
    let by_hand: BTreeSet<FindingKind> = BY_HAND.iter().map(|(kind, _)| *kind).collect();
    let unshown: Vec<FindingKind> = FindingKind::ALL
        .into_iter()
        .filter(|kind| !played.contains(kind) && !by_hand.contains(kind))
        .collect();
    assert!(unshown.is_empty(), "no fixture shows {unshown:?}");
    let excused: Vec<&FindingKind> = played.intersection(&by_hand).collect();
    assert!(excused.is_empty(), "{excused:?} can be played, and are said to be shown by hand alone");
    assert!(BY_HAND.iter().all(|(_, why)| !why.is_empty()));
}
