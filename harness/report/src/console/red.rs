//! A red journey in full: what was promised, what was seen, why we think so, and how to see it again.

use journal::{MinimalRecord, PlannedJourney, Verdict};

use super::Look;
use super::findings::write_findings;
use super::page::{Ink, Page};
use super::servers::write_servers;
use crate::JourneyReport;
use crate::text::time;
use crate::words::{shown_id, value};

/// The width of the verdict before a journey's title.
pub(super) const VERDICT_WIDTH: usize = 7;

/// The width of the labels of a journey.
pub(super) const LABEL_WIDTH: usize = 9;

/// One red journey in full.
pub fn render_red(journey: &JourneyReport, look: Look<'_>) -> String {
    let mut page = Page::new(look);
    write_red(&mut page, journey);
    page.into_text()
}

/// Writes one red journey.
pub(super) fn write_red(page: &mut Page<'_>, journey: &JourneyReport) {
    write_head(page, journey);
    if journey.judged.verdict == Verdict::Broken || journey.judged.findings.is_empty() {
        write_trouble(page, journey);
    }
    write_findings(page, journey);
    write_servers(page, &journey.servers);
    page.gap();
    page.copyable(2, LABEL_WIDTH, "repeat", &journey.repeat);
    if let Some(minimal) = &journey.minimal {
        write_minimal(page, minimal);
    }
}

/// What shrinking left of it: the file, its id, the command that plays it.
fn write_minimal(page: &mut Page<'_>, minimal: &MinimalRecord) {
    let plays = minimal.plays;
    let (Some(file), Some(repeat)) = (&minimal.file, &minimal.repeat) else {
        let why = minimal.why_not.as_deref().unwrap_or("no reason is recorded");
        page.labelled(2, LABEL_WIDTH, (Ink::Label, "minimal"), &format!("not shrunk: {why} ({plays} plays)"));
        return;
    };
    let id = minimal.model.as_ref().map(|id| match id.as_str() {
        Some(id) => format!(" with {}", shown_id(id)),
        None => " without an id".to_owned(),
    });
    let sure = if minimal.is_smallest { "nothing simpler fails" } else { "not everything simpler was tried" };
    let told = format!("{file}{}: {sure}, {plays} plays", id.unwrap_or_default());
    page.labelled(2, LABEL_WIDTH, (Ink::Label, "minimal"), &told);
    page.copyable(2, LABEL_WIDTH, "", repeat);
}

/// The verdict as it stands before a title.
pub(super) fn verdict_label(verdict: Verdict) -> (Ink, &'static str) {
    match verdict {
        Verdict::Passed => (Ink::Good, "passed"),
        Verdict::Failed => (Ink::Bad, "FAILED"),
        Verdict::Broken => (Ink::Warning, "BROKEN"),
        Verdict::Skipped => (Ink::Plain, "skipped"),
    }
}

fn write_head(page: &mut Page<'_>, journey: &JourneyReport) {
    let planned = &journey.planned;
    page.labelled(0, VERDICT_WIDTH, verdict_label(journey.judged.verdict), &journey.title);
    page.copyable(2, LABEL_WIDTH, "scenario", &planned.scenario);
    page.copyable(2, LABEL_WIDTH, "case", &planned.case);
    let took = journey.took_ms.map(|ms| format!(", took {}", time(ms))).unwrap_or_default();
    page.copyable(2, LABEL_WIDTH, "seed", &format!("{}{took}", planned.seed));
    for drawn in drawn_values(planned) {
        page.labelled(2, LABEL_WIDTH, (Ink::Label, "drawn"), &drawn);
    }
}

/// What was drawn, with what it is.
fn drawn_values(planned: &PlannedJourney) -> impl Iterator<Item = String> {
    planned.values.iter().filter_map(|(axis, drawn)| {
        let label = drawn.label.as_ref()?;
        let shown = drawn.value.as_str().map_or_else(|| value(&drawn.value), shown_id);
        Some(format!("{axis} {shown}: {label}"))
    })
}

fn write_trouble(page: &mut Page<'_>, journey: &JourneyReport) {
    let reason = journey.judged.reason.as_deref().unwrap_or("no reason is recorded");
    page.gap();
    page.labelled(2, LABEL_WIDTH, (Ink::Label, "reason"), reason);
    let Some(last) = &journey.last else { return };
    let is_told_already = reason.contains(&last.line);
    let at = time(last.at_ms);
    let last_line = if is_told_already {
        format!("#{} at {at}", last.seq)
    } else {
        format!("#{} at {at}: {}", last.seq, last.line)
    };
    page.labelled(2, LABEL_WIDTH, (Ink::Label, "last seen"), &last_line);
    if let Some(excerpt) = &last.excerpt {
        page.labelled(2, LABEL_WIDTH, (Ink::Label, ""), excerpt);
    }
}
