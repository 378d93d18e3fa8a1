//! The last words of a run: how the checks went, what was on, what it amounts to.

use contract::DefectId;

use super::page::{Ink, Page};
use crate::text::{count, time};
use crate::words::{amounts, circumstances, refusals_in_words, verdicts};
use crate::{CheckTotals, Report, RunHead, Tally, Totals};

/// The width of the labels of the checks.
const LABEL_WIDTH: usize = 14;

/// Says which defect switches are on; nothing where none is.
pub(super) fn write_defects(page: &mut Page<'_>, run: &RunHead) {
    if run.defects.is_empty() {
        return;
    }
    page.gap();
    for defect in &run.defects {
        // A run of another version may name a defect that this one does not know.
        let title = match defect.parse::<DefectId>() {
            Ok(known) => format!("{defect}: {}", known.defect().title),
            Err(_) => defect.clone(),
        };
        page.paragraph(0, Ink::Warning, &format!("DEFECT SWITCHED ON  {title}"));
    }
    page.paragraph(0, Ink::Plain, "This run is no gate.");
}

/// How the checks went. What was not evaluated stands apart, so that it can't read as passed.
pub(super) fn write_checks(page: &mut Page<'_>, checks: &CheckTotals) {
    let mut tallies = vec![("steps", checks.steps)];
    tallies.extend(checks.invariants.iter().map(|(id, tally)| (id.as_str(), *tally)));
    tallies.push(("watch", checks.watch));
    page.gap();
    let evaluated = told(&tallies, |tally| match (tally.held, tally.broke) {
        (0, 0) => None,
        (held, 0) => Some(format!("held {held}")),
        (0, broke) => Some(format!("broke {broke}")),
        (held, broke) => Some(format!("held {held}, broke {broke}")),
    });
    let number = |number: u64| (number > 0).then(|| number.to_string());
    let not_applicable = told(&tallies, |tally| number(tally.not_applicable));
    let not_evaluated = told(&tallies, |tally| number(tally.not_evaluated));
    for (label, text) in
        [("evaluated", evaluated), ("not applicable", not_applicable), ("not evaluated", not_evaluated)]
    {
        page.labelled(0, LABEL_WIDTH, (Ink::Label, label), text.as_deref().unwrap_or("none"));
    }
}

fn told(tallies: &[(&str, Tally)], words: impl Fn(&Tally) -> Option<String>) -> Option<String> {
    let parts: Vec<String> = tallies
        .iter()
        .filter_map(|(name, tally)| words(tally).map(|words| format!("{name} {words}")))
        .collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What the run amounts to.
pub(super) fn write_closing(page: &mut Page<'_>, report: &Report, records: Option<&str>) {
    page.gap();
    let journeys = count(report.journeys.len() as u64, "journey", "journeys");
    let line = format!("{journeys}: {} ({})", verdicts(report), circumstances(report));
    page.paragraph(0, closing_ink(report), &line);
    page.paragraph(0, Ink::Plain, &amounts(&report.totals));
    if let Some(refusals) = refusals_in_words(&report.totals.counts.refusals) {
        page.paragraph(0, Ink::Plain, &refusals);
    }
    if let Some(took_ms) = report.took_ms {
        page.paragraph(0, Ink::Plain, &format!("took {}", time(took_ms)));
    }
    if let Some(records) = records {
        page.copyable(0, "records".len(), "records", records);
    }
}

/// Good only where something was played, everything passed, and no defect was on.
fn closing_ink(report: &Report) -> Ink {
    let is_gate_red =
        report.gate.as_ref().is_some_and(|gate| gate.has_red_entry() || !gate.unlisted_skips.is_empty());
    match &report.totals {
        Totals { broken: 1.., .. } => Ink::Warning,
        _ if is_gate_red || report.reds().next().is_some() => Ink::Bad,
        Totals { failed: 1.., .. } => Ink::Warning,
        Totals { passed: 1.., .. } if report.run.defects.is_empty() => Ink::Good,
        _ => Ink::Warning,
    }
}
