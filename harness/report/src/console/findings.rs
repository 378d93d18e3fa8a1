//! The findings of one journey, each complete, nothing told twice.

use std::collections::BTreeSet;

use journal::{Finding, InvariantId};

use super::page::{HANGING, Ink, Page};
use crate::text::{count, cut, time};
use crate::words::kind_in_words;
use crate::{FindingDetail, InWords, JourneyReport, ModelCallsOf};

const INDENT: usize = 4;
const LABEL_WIDTH: usize = 9;

/// A longer text of an expectation or of what was seen is cut, in characters.
const MAX_TEXT_CHARS: usize = 800;

/// So many statuses of a trail are told.
const MAX_TRAIL: usize = 16;

/// What an earlier finding of the same journey already told.
#[derive(Default)]
struct Told<'a> {
    rules: BTreeSet<InvariantId>,
    observations: BTreeSet<u64>,
    model_calls: Vec<&'a ModelCallsOf>,
}

/// Writes every finding, the one nearest to the cause first.
pub(super) fn write_findings(page: &mut Page<'_>, journey: &JourneyReport) {
    let total = journey.judged.findings.len();
    let mut told = Told::default();
    for (index, (finding, detail)) in journey.findings().enumerate() {
        page.gap();
        let number = if total > 1 { format!("{} of {total}  ", index + 1) } else { String::new() };
        write_title(page, &number, finding);
        write_promise(page, finding, detail, &mut told);
        write_trail(page, finding);
        write_proof(page, detail, &mut told);
        write_model_calls(page, detail.model_calls.as_ref(), &mut told);
    }
}

fn write_title(page: &mut Page<'_>, number: &str, finding: &Finding) {
    let subject = finding.subject.as_ref().map(|subject| format!("{subject}: ")).unwrap_or_default();
    let kind = finding.kind;
    let title = format!("{number}{subject}{} ({})", kind_in_words(kind), kind.as_str());
    page.paragraph(2, Ink::Heading, &title);
}

fn write_promise(page: &mut Page<'_>, finding: &Finding, detail: &FindingDetail, told: &mut Told<'_>) {
    label(page, "at", &finding.at.to_string());
    if let Some(id) = finding.invariant {
        let rule = if told.rules.insert(id) { format!(": {}", id.rule()) } else { String::new() };
        label(page, "invariant", &format!("{}{rule}", id.as_str()));
    }
    label(page, "layer", finding.layer.in_words());
    let is_id = |row: &String| finding.subject.as_ref() == Some(row);
    if !detail.rows.is_empty() && !detail.rows.iter().all(is_id) {
        label(page, "row", &detail.rows.join(", "));
    }
    label(page, "expected", &cut(&finding.expected, MAX_TEXT_CHARS));
    label(page, "seen", &cut(&finding.seen, MAX_TEXT_CHARS));
}

fn write_trail(page: &mut Page<'_>, finding: &Finding) {
    if finding.trail.is_empty() {
        return;
    }
    let told = finding.trail.iter().take(MAX_TRAIL);
    let mut steps: Vec<String> = told.map(|seen| format!("{} ({})", seen.status, time(seen.at_ms))).collect();
    if finding.trail.len() > MAX_TRAIL {
        steps.push(format!("{} more", finding.trail.len() - MAX_TRAIL));
    }
    label(page, "trail", &steps.join(" → "));
}

fn write_proof(page: &mut Page<'_>, detail: &FindingDetail, told: &mut Told<'_>) {
    let (above, new): (Vec<&InWords>, Vec<&InWords>) =
        detail.proof.iter().partition(|seen| told.observations.contains(&seen.seq));
    let mut name = "proof";
    for seen in new {
        told.observations.insert(seen.seq);
        page.entry(INDENT, LABEL_WIDTH, (Ink::Label, name), &format!("#{} {}", seen.seq, seen.line));
        if let Some(excerpt) = &seen.excerpt {
            page.labelled(INDENT, LABEL_WIDTH + HANGING, (Ink::Label, ""), excerpt);
        }
        name = "";
    }
    for note in proof_notes(detail, &above) {
        label(page, name, &note);
        name = "";
    }
}

/// What is to be said of proof that is not spelled out.
fn proof_notes(detail: &FindingDetail, above: &[&InWords]) -> Vec<String> {
    let mut notes = Vec::new();
    if !above.is_empty() {
        notes.push(format!("{} above", numbers(above.iter().map(|seen| seen.seq))));
    }
    if detail.proof_not_shown > 0 {
        notes.push(format!("{} more", count(detail.proof_not_shown, "observation", "observations")));
    }
    if !detail.proof_missing.is_empty() {
        notes.push(format!("{} not in the journal", numbers(detail.proof_missing.iter().copied())));
    }
    if notes.is_empty() && detail.proof.is_empty() {
        notes.push("none: the finding names no observation".to_owned());
    }
    notes
}

fn numbers(all: impl Iterator<Item = u64>) -> String {
    all.map(|seq| format!("#{seq}")).collect::<Vec<_>>().join(", ")
}

fn write_model_calls<'a>(page: &mut Page<'_>, calls: Option<&'a ModelCallsOf>, told: &mut Told<'a>) {
    let Some(calls) = calls else { return };
    let of = format!("model calls of {}", calls.subject);
    if told.model_calls.contains(&calls) {
        page.paragraph(INDENT, Ink::Plain, &format!("{of}: as above"));
        return;
    }
    told.model_calls.push(calls);
    let of_no_box = match calls.of_no_box {
        0 => String::new(),
        many => format!(" (and {} of no known box)", count(many, "call", "calls")),
    };
    let text = match calls.total {
        0 => format!("{of}: none{of_no_box}"),
        total => format!("{of}: {total}: {}{of_no_box}", calls.lines.join("; ")),
    };
    page.paragraph(INDENT, Ink::Plain, &text);
}

fn label(page: &mut Page<'_>, name: &str, text: &str) {
    page.labelled(INDENT, LABEL_WIDTH, (Ink::Label, name), text);
}
