//! Each defect switch turns one small case red with a finding of its own, and leaves a neighbour green.

use contract::DefectId;
use firstrun::{Choice, RunOptions};
use journal::{Finding, FindingKind, InvariantId, Judged, Layer, Verdict};
use libtest_mimic::Trial;

use crate::Named;
use crate::stage::Stage;
use crate::tidy::root;

pub(crate) const TESTS: &[Named] = &[("every_defect_has_its_row_here", every_defect_has_its_row_here)];

/// Waits for what never comes are cut short: nothing in these journeys takes that long by itself.
const TIME_FACTOR: f64 = 0.2;

/// A case of the pack, or of `fixtures/red`: the first one whose key holds all the words.
#[derive(Clone, Copy)]
struct Case {
    contract: &'static str,
    scenario: &'static str,
    words: &'static [&'static str],
}

/// What a defect shows, and where.
pub(crate) struct Shown {
    /// The trial.
    name: &'static str,
    defect: DefectId,
    case: Case,
    /// The kind of its own finding.
    pub(crate) kind: FindingKind,
    invariant: Option<InvariantId>,
    /// One finding each; empty where the finding is about nobody.
    subjects: &'static [&'static str],
    layer: Layer,
    /// Part of what was seen, where the kind alone could be another defect's.
    seen: &'static str,
    /// The case nearest to it that stays green with the switch on.
    neighbour: Case,
}

/// Both members of the team.
const MEMBERS: &[&str] = &["enter-product", "enter-growth"];

const TEAM: Case = Case::of("first_run/build_me_a_team", &["runtime=claude-code"]);
const TEAM_ON_OPENCLAW: Case = Case::of("first_run/build_me_a_team", &["runtime=openclaw"]);
const LEFT_OUT: Case = Case::of("first_run/agent_chooses", &["runtime=claude-code", "persona=omitter"]);
const READ: Case = Case::of("first_run/agent_chooses", &["runtime=claude-code", "persona=reader"]);
const KEYLESS: Case = Case::of("first_run/byok_without_a_key", &["runtime=claude-code", "persona=guesser"]);
const KEYLESS_AT_THE_GATE: Case = Case { contract: "create-gate", ..KEYLESS };
const WITH_PAYLOAD_KEY: Case =
    Case::of("first_run/byok_with_its_key", &["runtime=claude-code", "matching-payload"]);
const WITH_GLOBAL_KEY: Case =
    Case::of("first_run/byok_with_its_key", &["runtime=claude-code", "matching-global"]);
const COLON: Case =
    Case::of("first_run/byok_with_its_key", &["runtime=openclaw", "matching-global", "model=moonshot:"]);
const FOLLOWED: Case = Case::of("first_run/follow_the_advice", &["runtime=claude-code"]);
const IMPORTED: Case = Case::of("first_run/refused_later", &["entry=import"]);
const ANOTHER_VENDORS_KEY: Case = Case::of("fixtures/red/another_vendors_key.yaml", &[]);

/// One row a defect, in the order of the catalogue.
pub(crate) const SHOWN: &[Shown] = &[
    Shown {
        name: "a_create_that_accepts_the_doomed_is_found_to_refuse_too_late",
        invariant: None,
        ..Shown::of(DefectId::D02, KEYLESS_AT_THE_GATE, FindingKind::RefusedElsewhere, TEAM)
    },
    Shown {
        name: "a_reason_that_the_single_read_hides_is_missed_there",
        invariant: Some(InvariantId::O3),
        seen: "the single read gives no reason",
        ..Shown::of(DefectId::D04, KEYLESS, FindingKind::ReasonMissing, TEAM)
    },
    Shown {
        name: "a_failure_without_a_reason_is_missed_in_the_list_too",
        invariant: Some(InvariantId::O3),
        seen: "the list gives no reason",
        ..Shown::of(DefectId::D05, KEYLESS, FindingKind::ReasonMissing, TEAM)
    },
    Shown {
        name: "a_colon_read_as_a_slash_is_found_on_the_platforms_bill",
        invariant: Some(InvariantId::O4),
        subjects: &["byok"],
        layer: Layer::Box,
        ..Shown::of(DefectId::D06, COLON, FindingKind::ModelCallDiffers, TEAM_ON_OPENCLAW)
    },
    Shown {
        name: "a_box_without_its_usage_token_is_found_by_its_answer",
        invariant: Some(InvariantId::O7),
        layer: Layer::Box,
        ..Shown::of(DefectId::D08, TEAM, FindingKind::WrongAnswer, WITH_PAYLOAD_KEY)
    },
    Shown {
        name: "a_model_that_nobody_declared_is_found_on_the_wire",
        invariant: Some(InvariantId::O5),
        layer: Layer::Box,
        ..Shown::of(DefectId::D11, LEFT_OUT, FindingKind::ModelCallDiffers, TEAM)
    },
    Shown {
        name: "a_lost_parent_is_found_outside_the_tree",
        invariant: Some(InvariantId::O6),
        ..Shown::of(DefectId::D13, TEAM, FindingKind::OutsideTheTree, IMPORTED)
    },
    Shown {
        name: "a_tool_that_recommends_what_is_refused_is_found_by_its_text",
        invariant: Some(InvariantId::O15),
        subjects: &[],
        layer: Layer::Concierge,
        ..Shown::of(DefectId::D17, READ, FindingKind::AdviceRefused, WITH_PAYLOAD_KEY)
    },
    Shown {
        name: "a_dropped_provisioning_is_found_with_nobody_at_work",
        invariant: Some(InvariantId::O3),
        layer: Layer::Provisioning,
        ..Shown::of(DefectId::D20, TEAM, FindingKind::NobodyAtWork, KEYLESS_AT_THE_GATE)
    },
    Shown {
        name: "an_empty_reply_is_found_by_the_question",
        invariant: Some(InvariantId::O7),
        layer: Layer::Messages,
        ..Shown::of(DefectId::D27, TEAM, FindingKind::EmptyAnswer, KEYLESS)
    },
    Shown {
        name: "a_vendors_id_on_the_platforms_bill_is_found_on_the_wire",
        invariant: Some(InvariantId::O4),
        subjects: &["byok"],
        layer: Layer::Box,
        ..Shown::of(DefectId::D31, WITH_PAYLOAD_KEY, FindingKind::ModelCallDiffers, TEAM)
    },
    Shown {
        name: "another_vendors_key_that_opens_the_step_is_found_online",
        invariant: None,
        subjects: &["late"],
        ..Shown::of(DefectId::D33, ANOTHER_VENDORS_KEY, FindingKind::NotRefused, WITH_GLOBAL_KEY)
    },
    Shown {
        name: "a_create_refused_for_its_own_key_is_found_by_the_verdict",
        invariant: Some(InvariantId::O1),
        subjects: &["byok"],
        seen: "status 400",
        ..Shown::of(DefectId::D35, WITH_PAYLOAD_KEY, FindingKind::VerdictDiffers, WITH_GLOBAL_KEY)
    },
    Shown {
        name: "an_event_that_is_not_stored_is_missed_in_the_walk",
        invariant: Some(InvariantId::O11),
        ..Shown::of(DefectId::D53, KEYLESS, FindingKind::EventsDiffer, TEAM)
    },
    Shown {
        name: "advice_that_is_refused_is_found_in_the_refusal",
        invariant: Some(InvariantId::O15),
        ..Shown::of(DefectId::D72, FOLLOWED, FindingKind::AdviceRefused, WITH_PAYLOAD_KEY)
    },
];

impl Case {
    const fn of(scenario: &'static str, words: &'static [&'static str]) -> Self {
        Self { contract: "as-designed", scenario, words }
    }

    fn play(self, defect: DefectId) -> Judged {
        let choice = Choice { contract: Some(self.contract.to_owned()), ..Choice::default() };
        let named = match root().join(self.scenario) {
            file if file.is_file() => file.display().to_string(),
            _ => self.scenario.to_owned(),
        };
        let stage = Stage::new(&choice, &[named]);
        let options = RunOptions {
            defects: [defect].into_iter().collect(),
            time_factor: TIME_FACTOR,
            ..RunOptions::default()
        };
        let journey = stage.case(self.words);
        let (_, judged) = stage.play(options, &[journey]).into_iter().next().unwrap();
        judged
    }
}

impl Shown {
    const fn of(defect: DefectId, case: Case, kind: FindingKind, neighbour: Case) -> Self {
        let (subjects, layer) = (MEMBERS, Layer::Rows);
        Self { name: "", defect, case, kind, invariant: None, subjects, layer, seen: "", neighbour }
    }

    fn is_found(&self) {
        let judged = self.case.play(self.defect);
        assert_eq!(judged.verdict, Verdict::Failed, "{judged:#?}");
        if self.subjects.is_empty() {
            self.is_among(&judged.findings, None);
        }
        for subject in self.subjects {
            self.is_among(&judged.findings, Some(subject));
        }
    }

    fn is_among(&self, findings: &[Finding], subject: Option<&str>) {
        let is_own = |finding: &&Finding| {
            finding.kind == self.kind
                && finding.invariant == self.invariant
                && finding.subject.as_deref() == subject
                && finding.seen.contains(self.seen)
        };
        let found = findings.iter().find(is_own);
        let found = found.unwrap_or_else(|| panic!("no {:?} for {subject:?} in {findings:#?}", self.kind));
        assert_eq!(found.layer, self.layer, "{found:#?}");
        assert!(!found.proof.is_empty(), "{found:#?}");
    }

    fn spares_its_neighbour(&self) {
        let judged = self.neighbour.play(self.defect);
        assert_eq!(judged.verdict, Verdict::Passed, "{judged:#?}");
    }
}

/// Two trials a defect: what it shows, and what it spares.
pub(crate) fn trials() -> Vec<Trial> {
    let named = |name: String, test: fn(&Shown), shown: &'static Shown| {
        Trial::test(format!("defects::{name}"), move || {
            test(shown);
            Ok(())
        })
    };
    let both = |shown: &'static Shown| {
        let number = shown.defect.defect().number;
        let spared = shown.neighbour.scenario.trim_start_matches("first_run/");
        [
            named(format!("{number}::{}", shown.name), Shown::is_found, shown),
            named(format!("{number}::{spared}_stays_green"), Shown::spares_its_neighbour, shown),
        ]
    };
    SHOWN.iter().flat_map(both).collect()
}

fn every_defect_has_its_row_here() {
    let shown: Vec<DefectId> = SHOWN.iter().map(|shown| shown.defect).collect();
    assert_eq!(DefectId::ALL.to_vec(), shown);
}
