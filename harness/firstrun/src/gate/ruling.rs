//! What became of every entry of the list, and which failures it covers.

use std::collections::BTreeMap;

use journal::{Finding, JourneyId, Verdict};
use report::{Gate, GateEntry, JourneyReport, Report, ScenarioTally, Standing};

use super::{Day, Listed, Wanted};

/// What is ruled about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged<'a> {
    /// The run.
    pub(crate) report: &'a Report,
    /// The day of the run.
    pub(crate) today: Day,
    /// Whether every gate scenario of the pack was to be played.
    pub(crate) is_whole: bool,
}

/// Rules about a run. Strict both ways: a failure is known only where each of its findings is listed, and an entry
/// must have happened. A broken journey is never known: nobody could judge it.
pub(crate) fn rule(judged: &Judged<'_>, list: &[Listed]) -> Gate {
    let known = judged
        .report
        .journeys
        .iter()
        .filter_map(|journey| covering(journey, list).map(|at| (journey.planned.id.clone(), at)))
        .collect::<BTreeMap<JourneyId, usize>>();
    let entries = list
        .iter()
        .map(|listed| {
            let times = times(judged.report, listed);
            GateEntry { known: listed.known.clone(), standing: standing(judged, listed, times), times }
        })
        .collect();
    let is_listed = |tally: &&ScenarioTally| {
        list.iter().any(|listed| {
            listed.wanted == Wanted::Skipped
                && listed.known.case.is_none()
                && listed.known.scenario == tally.scenario
        })
    };
    let unlisted_skips = judged
        .report
        .scenarios
        .iter()
        .filter(|tally| is_unplayed(tally) && !is_listed(tally))
        .map(|tally| tally.scenario.clone())
        .collect();
    Gate { entries, known, unlisted_skips }
}

fn standing(judged: &Judged<'_>, listed: &Listed, times: u64) -> Standing {
    let is_asked_for = judged.report.scenarios.iter().any(|tally| tally.scenario == listed.known.scenario);
    match (is_asked_for || judged.is_whole, listed.expiry < judged.today, times) {
        (false, _, _) => Standing::NotJudged,
        (true, true, _) => Standing::Expired,
        (true, false, 0) => Standing::Stale,
        (true, false, _) => Standing::Known,
    }
}

/// The entry of the first finding, where every finding of a failed journey is listed.
fn covering(journey: &JourneyReport, list: &[Listed]) -> Option<usize> {
    let findings = &journey.judged.findings;
    if journey.judged.verdict != Verdict::Failed || findings.is_empty() {
        return None;
    }
    let entry_of = |finding: &Finding| {
        let covers = |listed: &Listed| {
            listed.wanted == Wanted::Finding(finding.kind)
                && is_about(listed, &journey.planned.scenario, &journey.planned.case)
        };
        list.iter().position(covers)
    };
    let entries: Option<Vec<usize>> = findings.iter().map(entry_of).collect();
    entries?.first().copied()
}

fn is_about(listed: &Listed, scenario: &str, case: &str) -> bool {
    listed.known.scenario == scenario && listed.known.case.as_deref().is_none_or(|own| own == case)
}

/// How often an entry happened.
fn times(report: &Report, listed: &Listed) -> u64 {
    let count = match (listed.wanted, &listed.known.case) {
        (Wanted::Finding(kind), _) => report
            .journeys
            .iter()
            .filter(|journey| is_about(listed, &journey.planned.scenario, &journey.planned.case))
            .filter(|journey| journey.judged.findings.iter().any(|finding| finding.kind == kind))
            .count(),
        (Wanted::Skipped, None) => {
            let is_meant =
                |tally: &&ScenarioTally| tally.scenario == listed.known.scenario && is_unplayed(tally);
            report.scenarios.iter().filter(is_meant).count()
        }
        (Wanted::Skipped, Some(case)) => report
            .skipped
            .iter()
            .filter(|skipped| {
                skipped.scenario == listed.known.scenario && skipped.case.as_ref() == Some(case)
            })
            .count(),
    };
    count as u64
}

fn is_unplayed(tally: &ScenarioTally) -> bool {
    tally.passed + tally.failed + tally.broken == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::read_list;
    use serde_json::json;

    /// Scenario `a`: one case failed with two findings, one passed. Scenario `b`: nothing played.
    fn report() -> Report {
        let finding = |kind: &str| {
            json!({
                "kind": kind, "at": {"file": "a.yaml", "line": 1, "column": 1}, "expected": "x", "seen": "y",
                "layer": "rows",
            })
        };
        let journey = |case: &str, verdict: &str, findings: serde_json::Value| {
            json!({
                "planned": {"id": case, "scenario": "a", "case": case, "seed": 1, "values": {}},
                "title": "a", "file": "a.yaml", "counts": journal::Counts::default(), "asked": 0, "repeat": "",
                "judged": {"verdict": verdict, "findings": findings, "checks": []},
            })
        };
        let tally = |id: &str, passed: u64, failed: u64, skipped: u64| {
            json!({
                "scenario": id, "title": id, "file": "", "passed": passed, "failed": failed, "broken": 0,
                "skipped": skipped,
            })
        };
        serde_json::from_value(json!({
            "run": {
                "firstrun": "0", "generator": 1, "seed": 1, "stack": "embedded", "contract": "c", "registry": "r",
                "time_factor": 1.0, "stack_factor": 1.0, "journey_timeout_ms": 1, "platform_contract": "c",
                "defects": [],
            },
            "totals": report::Totals::default(),
            "scenarios": [tally("a", 1, 1, 0), tally("b", 0, 0, 1)],
            "journeys": [
                journey("c1", "failed", json!([finding("wrong_answer"), finding("leftover")])),
                journey("c2", "passed", json!([])),
            ],
            "skipped": [{"scenario": "b", "case": "d1", "reason": "no promise"}], "left_out": [], "unplanned": [],
        }))
        .unwrap()
    }

    fn entry(id: &str, case: &str, finding: &str, expiry: &str) -> String {
        let case = if case.is_empty() { String::new() } else { format!("case: {case}, ") };
        format!("- {{ id: {id}, {case}finding: {finding}, reason: r, owner: o, expiry: {expiry} }}\n")
    }

    const LATER: &str = "2026-06-11";

    fn ruled(lines: &[String], is_whole: bool) -> Gate {
        let report = report();
        let today = Day::parse("2026-06-11").unwrap();
        let text = if lines.is_empty() { "[]".to_owned() } else { lines.concat() };
        rule(&Judged { report: &report, today, is_whole }, &read_list("list", &text).unwrap())
    }

    #[test]
    fn every_entry_stands_as_its_row_says() {
        for (id, case, finding, expiry, standing) in [
            ("a", "", "wrong_answer", LATER, Standing::Known),
            ("a", "c1", "wrong_answer", LATER, Standing::Known),
            ("a", "c2", "wrong_answer", LATER, Standing::Stale),
            ("a", "", "row_missing", LATER, Standing::Stale),
            ("a", "", "wrong_answer", "2026-06-10", Standing::Expired),
            ("a", "", "row_missing", "2026-06-10", Standing::Expired),
            ("a", "", "skipped", LATER, Standing::Stale),
            ("b", "", "skipped", LATER, Standing::Known),
            ("b", "d1", "skipped", LATER, Standing::Known),
            ("b", "d2", "skipped", LATER, Standing::Stale),
            ("gone", "", "skipped", LATER, Standing::Stale),
        ] {
            let gate = ruled(&[entry(id, case, finding, expiry)], true);
            assert_eq!(gate.entries[0].standing, standing, "{id} {case} {finding} {expiry}");
        }
        let gate = ruled(&[entry("gone", "", "skipped", LATER)], false);
        assert_eq!(gate.entries[0].standing, Standing::NotJudged);
    }

    #[test]
    fn a_failure_is_known_only_where_each_of_its_findings_is_listed() {
        let (one, other) = (entry("a", "", "wrong_answer", LATER), entry("a", "c1", "leftover", LATER));
        assert!(ruled(std::slice::from_ref(&one), true).known.is_empty());
        let both = ruled(&[one, other], true);
        assert_eq!(both.known.keys().map(|id| id.0.as_str()).collect::<Vec<_>>(), ["c1"]);
    }

    #[test]
    fn a_scenario_without_a_played_case_must_be_listed_as_skipped() {
        assert_eq!(ruled(&[], true).unlisted_skips, ["b"]);
        assert_eq!(ruled(&[entry("b", "d1", "skipped", LATER)], true).unlisted_skips, ["b"]);
        assert!(ruled(&[entry("b", "", "skipped", LATER)], true).unlisted_skips.is_empty());
    }
}
