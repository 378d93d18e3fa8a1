//! `summary.md`: the run on one page, for the step summary of a continuous integration server.
//!
//! Reds first, then a table of scenarios, then what it amounts to. Nothing that a platform says can end a table, open
//! a fence or become a tag: every text is escaped on its way in, and commands stand in fences longer than any in them.

mod coverage;

use std::fmt::Write;

use journal::Verdict;

use crate::console::verdict_of;
use crate::gate::unlisted_skip;
use crate::servers::{SHOWN_LINES, tail};
use crate::text::{cut, escaped, time};
use crate::words::{
    amounts, circumstances, kind_in_words, log_in_words, refusals_in_words, tally_in_words, verdicts,
};
use crate::{JourneyReport, Report, Standing};

/// Servers drop a larger summary. In bytes; a little under the 1 MiB that is known.
const MAX_BYTES: usize = 1_000_000;

/// Room that is kept for what comes after the reds.
const ROOM_AFTER_REDS: usize = 400_000;

/// So many findings of one journey are told; the rest is counted.
const MAX_FINDINGS: usize = 5;

/// So many rows of a table or lines of a list are written; the rest is counted.
const MAX_ROWS: usize = 500;

/// A longer text is cut, in characters.
const MAX_TEXT_CHARS: usize = 300;

/// The report as Markdown, under 1 MiB.
pub fn summary(report: &Report) -> String {
    let mut page = Markdown::default();
    page.block(&head(report), MAX_BYTES);
    write_reds(&mut page, report);
    write_gate(&mut page, report);
    write_scenarios(&mut page, report);
    coverage::write_coverage(&mut page, report);
    write_skipped(&mut page, report);
    write_totals(&mut page, report);
    page.text
}

/// Blocks with an empty line between them.
#[derive(Default)]
struct Markdown {
    text: String,
}

impl Markdown {
    /// Adds a block where the page stays within so many bytes; false where it would not.
    fn block(&mut self, block: &str, within: usize) -> bool {
        let fits = self.text.len() + block.len() + 2 <= within;
        if fits {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(block.trim_end());
            self.text.push('\n');
        }
        fits
    }
}

fn head(report: &Report) -> String {
    let is_gate_red =
        report.gate.as_ref().is_some_and(|gate| gate.has_red_entry() || !gate.unlisted_skips.is_empty());
    let mark = if report.reds().next().is_some() || is_gate_red { "❌" } else { "✅" };
    let mark =
        if report.totals.passed + report.totals.failed + report.totals.broken == 0 { "⚪" } else { mark };
    let mut text = format!("## {mark} firstrun: {}\n", plain(&verdicts(report)));
    let _ = write!(text, "\n{}\n", plain(&circumstances(report)));
    if !report.run.defects.is_empty() {
        text.push_str("\nDefect switches were on: this run is no gate.\n");
    }
    text
}

fn write_reds(page: &mut Markdown, report: &Report) {
    let (missing, told): (Vec<&JourneyReport>, Vec<&JourneyReport>) =
        report.reds().partition(|journey| journey.has_no_record);
    let mut written = 0;
    for journey in &told {
        if !page.block(&red(journey), MAX_BYTES - ROOM_AFTER_REDS) {
            break;
        }
        written += 1;
    }
    let more = told.len() - written;
    if more > 0 {
        page.block(&format!("and {more} more red journeys, told in `report.json`"), MAX_BYTES);
    }
    if !missing.is_empty() {
        page.block(&format!("{} of the plan left no record: broken.", counted(missing.len())), MAX_BYTES);
    }
}

fn counted(journeys: usize) -> String {
    crate::text::count(journeys as u64, "journey", "journeys")
}

fn red(journey: &JourneyReport) -> String {
    let (judged, planned) = (&journey.judged, &journey.planned);
    let verdict = judged.verdict.as_str();
    let mut text = format!("### {verdict}: {}\n\n", plain(&journey.title));
    let _ = writeln!(
        text,
        "{}, case {}, seed {}\n",
        plain(&planned.scenario),
        plain(&planned.case),
        planned.seed
    );
    if judged.findings.is_empty() || judged.verdict == Verdict::Broken {
        let _ = writeln!(text, "- {}", plain(judged.reason.as_deref().unwrap_or("no reason is recorded")));
    }
    for finding in judged.findings.iter().take(MAX_FINDINGS) {
        let subject = finding.subject.as_ref().map(|subject| format!("{subject}: ")).unwrap_or_default();
        let rule = finding.invariant.map(|id| format!(" ({})", id.as_str())).unwrap_or_default();
        let _ = writeln!(
            text,
            "- **{}{}{rule}**, at {}",
            plain(&subject),
            kind_in_words(finding.kind),
            plain(&finding.at.to_string())
        );
        let _ = writeln!(text, "  - expected: {}", plain(&finding.expected));
        let _ = writeln!(text, "  - seen: {}", plain(&finding.seen));
        let _ = writeln!(text, "  - layer: {}", finding.layer.in_words());
    }
    let more = judged.findings.len().saturating_sub(MAX_FINDINGS);
    if more > 0 {
        let _ = writeln!(text, "- and {more} more findings");
    }
    for log in &journey.servers {
        let lines: Vec<String> = tail(log, SHOWN_LINES).iter().map(|line| escaped(line)).collect();
        let _ = writeln!(text, "\n{}\n", plain(&log_in_words(log, SHOWN_LINES)));
        if !lines.is_empty() {
            text.push_str(&fenced("text", &lines.join("\n")));
        }
    }
    let _ = write!(text, "\n{}", fenced("sh", &escaped(&journey.repeat)));
    text
}

fn write_gate(page: &mut Markdown, report: &Report) {
    let Some(gate) = &report.gate else { return };
    let mut lines: Vec<String> = Vec::new();
    for entry in &gate.entries {
        let mark = match entry.standing {
            Standing::Known => "known",
            Standing::Stale => "**stale**",
            Standing::Expired => "**expired**",
            Standing::NotJudged => "listed",
        };
        lines.push(format!("- {mark}: {}", plain(&entry.in_words())));
    }
    lines.extend(
        gate.unlisted_skips
            .iter()
            .map(|scenario| format!("- **skipped**: {}", plain(&unlisted_skip(scenario)))),
    );
    if !lines.is_empty() {
        write_list(page, "### known failures", &lines);
    }
}

fn write_scenarios(page: &mut Markdown, report: &Report) {
    let mut text = "### scenarios\n\n| verdict | scenario | journeys |\n| --- | --- | --- |\n".to_owned();
    for tally in report.scenarios.iter().take(MAX_ROWS) {
        let verdict = verdict_of(tally).as_str();
        let _ = writeln!(text, "| {verdict} | {} | {} |", plain(&tally.title), tally_in_words(tally));
    }
    let more = report.scenarios.len().saturating_sub(MAX_ROWS);
    if more > 0 {
        let _ = writeln!(text, "| | and {more} more | |");
    }
    page.block(&text, MAX_BYTES);
}

fn write_skipped(page: &mut Markdown, report: &Report) {
    let of_one = |skipped: &journal::Skipped| match &skipped.case {
        None => format!("- {}: {}", plain(&skipped.scenario), plain(&skipped.reason)),
        Some(case) => {
            format!("- {}, case {}: {}", plain(&skipped.scenario), plain(case), plain(&skipped.reason))
        }
    };
    let lines: Vec<String> = report.skipped.iter().map(of_one).collect();
    if !lines.is_empty() {
        write_list(page, "### skipped", &lines);
    }
}

/// A list under a heading, cut where it grows too long.
fn write_list(page: &mut Markdown, heading: &str, lines: &[String]) {
    let mut text = format!("{heading}\n\n");
    let mut written = 0;
    for line in lines.iter().take(MAX_ROWS) {
        if page.text.len() + text.len() + line.len() + ROOM_AFTER_REDS / 4 > MAX_BYTES {
            break;
        }
        let _ = writeln!(text, "{line}");
        written += 1;
    }
    if written < lines.len() {
        let _ = writeln!(text, "- and {} more", lines.len() - written);
    }
    page.block(&text, MAX_BYTES);
}

fn write_totals(page: &mut Markdown, report: &Report) {
    let mut text = format!("### in all\n\n- {}\n", plain(&amounts(&report.totals)));
    if let Some(refusals) = refusals_in_words(&report.totals.counts.refusals) {
        let _ = writeln!(text, "- {}", plain(&refusals));
    }
    if let Some(took_ms) = report.took_ms {
        let _ = writeln!(text, "- took {}", time(took_ms));
    }
    page.block(&text, MAX_BYTES);
}

/// A text that Markdown shows as it is, on one line and cut: what could mean something is escaped.
fn plain(text: &str) -> String {
    let text = escaped(&cut(text, MAX_TEXT_CHARS));
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        let begins_link = letter == ':' && rest.peek() == Some(&'/');
        if begins_link || r"\`*_[]<>#|~&@$!".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// Escaped lines that are shown as they are, in a fence that nothing in them closes.
fn fenced(kind: &str, lines: &str) -> String {
    let longest = lines.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{kind}\n{lines}\n{fence}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Gate, GateEntry, KnownFailure, sample};

    #[test]
    fn reds_come_first_then_scenarios_then_totals() {
        insta::assert_snapshot!("summary", summary(&sample::mixed_report()));
    }

    #[test]
    fn forms_are_told_by_entry_and_by_runtime() {
        insta::assert_snapshot!("forms", summary(&sample::forms::report()));
    }

    #[test]
    fn very_many_forms_leave_room_for_the_totals() {
        let mut report = sample::forms::report();
        for row in &mut report.coverage[0].forms {
            for cell in row.entries.values_mut() {
                let names = (0..400).map(|number| (format!("{number}{}", "|".repeat(400)), cell.all));
                cell.runtimes = names.collect();
            }
        }
        report.coverage = vec![report.coverage[0].clone(); 9];
        let text = summary(&report);
        assert!(text.len() < 1 << 20, "{} bytes", text.len());
        for part in ["more, told in `report.json`", "forms of model ids in ", "### in all"] {
            assert!(text.contains(part), "no `{part}`");
        }
    }

    #[test]
    fn a_green_run_is_short() {
        let text = summary(&sample::green_report());
        assert!(text.starts_with("## ✅ firstrun: 6 passed\n"), "{text}");
        assert!(text.lines().count() < 20, "{text}");
    }

    #[test]
    fn what_a_platform_says_means_nothing_to_markdown() {
        let hostile = "</details>\n# heading\n```\n| a | b |\n[x](http://y) <script> @all `c` \u{202e}";
        let shown = plain(hostile);
        assert!(!shown.contains('\n') && !shown.contains('\u{202e}'), "{shown}");
        let mut before = ' ';
        for letter in shown.chars() {
            assert!(!"<#|[`@".contains(letter) || before == '\\', "{letter} in {shown}");
            before = letter;
        }
        assert!(!shown.contains("http:"), "{shown}");
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_command() {
        assert_eq!(fenced("sh", "a ```` b"), "`````sh\na ```` b\n`````\n");
        assert_eq!(fenced("sh", "plain"), "```sh\nplain\n```\n");
    }

    #[test]
    fn a_run_with_very_many_reds_stays_under_a_mebibyte() {
        let journeys: Vec<_> = (0..2_000)
            .map(|number| sample::planned(sample::SCENARIO, &format!("runtime={number}")))
            .collect();
        let mut record = sample::record(&journeys);
        record.skipped = (0..5_000)
            .map(|number| journal::Skipped {
                scenario: format!("s/{number}"),
                case: None,
                reason: "|`".repeat(2_000),
            })
            .collect();
        let journals = journeys.iter().map(|planned| {
            let mut journal = sample::red_journal(planned);
            for finding in &mut journal.judged.as_mut().unwrap().findings {
                finding.seen = "*".repeat(10_000);
            }
            (planned.id.clone(), Some(journal))
        });
        let text = summary(&crate::fold(&record, journals, None));
        assert!(text.len() < 1 << 20, "{} bytes", text.len());
        for part in ["more red journeys", "### scenarios", "### in all"] {
            assert!(text.contains(part), "no `{part}`");
        }
    }

    #[test]
    fn a_known_failure_is_listed_and_no_red() {
        let mut report = sample::mixed_report();
        let id = report.journeys[1].planned.id.clone();
        let known = KnownFailure {
            scenario: sample::SCENARIO.into(),
            case: None,
            finding: "unanswered".into(),
            reason: "see #1".into(),
            owner: "us".into(),
            expiry: "2026-12-31".into(),
        };
        let entries = vec![GateEntry { known, standing: Standing::Known, times: 1 }];
        report.gate = Some(Gate { entries, known: [(id, 0)].into(), unlisted_skips: Vec::new() });
        let text = summary(&report);
        assert!(
            text.contains("- known: first\\_run/build\\_me\\_a\\_team: unanswered, happened 1 time"),
            "{text}"
        );
        assert!(!text.contains("### failed"), "{text}");
        let xml = crate::junit(&report);
        assert!(xml.contains("known failure: ") && xml.contains("name=\"known failures\""), "{xml}");
        let look = crate::console::Look { color: false, width: 200, records: None };
        let shown = crate::console::render(&report, look);
        assert!(shown.contains("1 failed (1 known)") && !shown.contains("FAILED"), "{shown}");
    }
}
