//! A whole run: reds first, then every scenario in a line, then what was not played, then the closing words.

use std::collections::BTreeMap;

use journal::{KeptFate, KeptRecord, Verdict};

use super::Look;
use super::closing::{write_checks, write_closing, write_defects};
use super::coverage::write_coverage;
use super::gate::write_gate;
use super::page::{Ink, Page};
use super::red::{LABEL_WIDTH, VERDICT_WIDTH, verdict_label, write_red};
use crate::text::count;
use crate::words::{kind_in_words, tally_in_words};
use crate::{JourneyReport, Report, ScenarioTally};

/// So many reds are told in full; the others in two lines each.
const MAX_REDS_IN_FULL: usize = 50;

/// So many records that belong to no planned journey are named.
const MAX_UNPLANNED_NAMES: usize = 10;

/// The width of the labels of kept cases.
const KEPT_WIDTH: usize = 7;

/// The report of a run.
pub fn render(report: &Report, look: Look<'_>) -> String {
    let mut page = Page::new(look);
    write_defects(&mut page, &report.run);
    write_reds(&mut page, report);
    write_scenarios(&mut page, report);
    write_coverage(&mut page, report);
    write_skipped(&mut page, report);
    write_left_out(&mut page, report);
    write_unplanned(&mut page, report);
    write_kept(&mut page, report);
    write_gate(&mut page, report);
    write_checks(&mut page, &report.totals.checks);
    write_closing(&mut page, report, look.records);
    page.into_text()
}

fn write_reds(page: &mut Page<'_>, report: &Report) {
    let (missing, told): (Vec<&JourneyReport>, Vec<&JourneyReport>) =
        report.reds().partition(|journey| journey.has_no_record);
    // An interrupted run leaves many journeys that never began; each of them would be told in the same words.
    let told: Vec<&JourneyReport> = if missing.len() > 1 { told } else { report.reds().collect() };
    for (index, journey) in told.into_iter().enumerate() {
        page.gap();
        if index < MAX_REDS_IN_FULL {
            write_red(page, journey);
            page.gap();
        } else {
            write_red_in_short(page, journey);
        }
    }
    if missing.len() > 1 {
        page.gap();
        let text = format!("{} journeys have no record: they are in the plan and never began", missing.len());
        page.labelled(0, VERDICT_WIDTH, verdict_label(Verdict::Broken), &text);
    }
}

fn write_red_in_short(page: &mut Page<'_>, journey: &JourneyReport) {
    let judged = &journey.judged;
    let what = match (judged.findings.first(), &judged.reason) {
        (Some(finding), _) => kind_in_words(finding.kind),
        (None, Some(reason)) => reason,
        (None, None) => "no reason is recorded",
    };
    page.labelled(0, VERDICT_WIDTH, verdict_label(judged.verdict), &format!("{}: {what}", journey.title));
    page.copyable(2, LABEL_WIDTH, "repeat", &journey.repeat);
}

/// What became of the kept cases: a line each, those that need somebody first.
fn write_kept(page: &mut Page<'_>, report: &Report) {
    if report.kept.is_empty() {
        return;
    }
    page.gap();
    page.paragraph(0, Ink::Heading, "kept cases");
    let mut kept: Vec<&KeptRecord> = report.kept.iter().collect();
    kept.sort_by_key(|record| record.fate);
    for record in kept {
        let (ink, label, told) = fate_in_words(record);
        page.labelled(2, KEPT_WIDTH, (ink, label), &format!("{}{told}", record.file));
    }
}

fn fate_in_words(record: &KeptRecord) -> (Ink, &'static str, String) {
    let times = count(u64::from(record.passed), "run", "runs");
    match record.fate {
        KeptFate::New => (Ink::Bad, "new", String::new()),
        KeptFate::StillFails => (Ink::Bad, "fails", String::new()),
        KeptFate::Passed => (Ink::Good, "passed", format!(": {times} in a row")),
        KeptFate::Fixed => (
            Ink::Good,
            "fixed",
            format!(": passed {times} in a row; `firstrun regressions DIR --drop-fixed`"),
        ),
        KeptFate::NotJudged => {
            (Ink::Warning, "unknown", ": it was cut off, or nobody could judge it".to_owned())
        }
        KeptFate::Stale => {
            let why = record.why.as_deref().unwrap_or("it is no case of its scenario any more");
            (Ink::Warning, "stale", format!(": {why}; drop it"))
        }
    }
}

fn write_scenarios(page: &mut Page<'_>, report: &Report) {
    page.gap();
    page.paragraph(0, Ink::Heading, "scenarios");
    for scenario in &report.scenarios {
        let line = format!("{}: {}", scenario.title, tally_in_words(scenario));
        page.labelled(2, VERDICT_WIDTH, verdict_label(verdict_of(scenario)), &line);
    }
}

/// A broken journey outranks a failed one: we could not judge.
pub(crate) fn verdict_of(scenario: &ScenarioTally) -> Verdict {
    match scenario {
        ScenarioTally { broken: 1.., .. } => Verdict::Broken,
        ScenarioTally { failed: 1.., .. } => Verdict::Failed,
        ScenarioTally { passed: 1.., .. } => Verdict::Passed,
        _ => Verdict::Skipped,
    }
}

/// Cases of one scenario that are skipped for one reason stand in one line.
fn write_skipped(page: &mut Page<'_>, report: &Report) {
    let mut groups: BTreeMap<(&str, &str), Vec<Option<&str>>> = BTreeMap::new();
    for skipped in &report.skipped {
        let group = groups.entry((&skipped.scenario, &skipped.reason)).or_default();
        group.push(skipped.case.as_deref());
    }
    for journey in &report.journeys {
        if journey.judged.verdict == Verdict::Skipped {
            let reason = journey.judged.reason.as_deref().unwrap_or("no reason is recorded");
            groups.entry((&journey.planned.scenario, reason)).or_default().push(Some(&journey.planned.case));
        }
    }
    page.gap();
    for ((scenario, reason), cases) in groups {
        let which = match cases.as_slice() {
            [None] => scenario.to_owned(),
            [Some(case)] => format!("{scenario}, case {case}"),
            many => format!("{scenario}, {}", count(many.len() as u64, "case", "cases")),
        };
        page.labelled(0, VERDICT_WIDTH, (Ink::Label, "skipped"), &format!("{which}: {reason}"));
    }
}

fn write_left_out(page: &mut Page<'_>, report: &Report) {
    page.gap();
    for left_out in &report.left_out {
        page.paragraph(0, Ink::Plain, &format!("left out of {}: {}", left_out.scenario, left_out.note));
    }
}

fn write_unplanned(page: &mut Page<'_>, report: &Report) {
    let total = report.unplanned.len();
    if total == 0 {
        return;
    }
    let shown = report.unplanned.iter().take(MAX_UNPLANNED_NAMES).map(ToString::to_string);
    let more = if total > MAX_UNPLANNED_NAMES { ", ..." } else { "" };
    let names = shown.collect::<Vec<_>>().join(", ");
    page.gap();
    page.paragraph(
        0,
        Ink::Warning,
        &format!(
            "{} of no planned journey, counted nowhere: {names}{more}",
            count(total as u64, "record", "records")
        ),
    );
}
