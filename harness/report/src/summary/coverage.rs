//! Which forms of model ids were played, by entry and then by runtime too.

use std::collections::BTreeSet;
use std::fmt::Write;

use contract::Entry;

use super::{MAX_BYTES, MAX_ROWS, Markdown, ROOM_AFTER_REDS, plain};
use crate::text::count;
use crate::words::coverage::{LEGEND, cell, never_drawn};
use crate::{Coverage, DrawnTally, Report};

/// Two tables of each scenario that drew ids by their form; nothing where none did. What comes after them keeps its room.
pub(super) fn write_coverage(page: &mut Markdown, report: &Report) {
    let within = MAX_BYTES - ROOM_AFTER_REDS / 2;
    let mut left_out = 0;
    for coverage in &report.coverage {
        let heading = format!("### forms of model ids in {}", plain(&coverage.scenario));
        let note = format!("- {}\n- {}", plain(LEGEND), plain(&never_drawn(coverage)));
        let text = format!("{heading}\n\n{}\n{note}\n\n{}", by_entry(coverage), by_runtime(coverage));
        left_out += u64::from(!page.block(&text, within));
    }
    if left_out > 0 {
        let scenarios = count(left_out, "scenario", "scenarios");
        page.block(&format!("and forms of model ids in {scenarios} more, told in `report.json`"), MAX_BYTES);
    }
}

fn by_entry(coverage: &Coverage) -> String {
    let mut text = head(&["form"], &coverage.entries);
    for row in &coverage.forms {
        let tally = |entry| row.entries.get(&entry).map(|cell| &cell.all);
        let _ = writeln!(text, "| {} {}", plain(row.form.as_str()), cells(coverage, tally));
    }
    text
}

fn by_runtime(coverage: &Coverage) -> String {
    let mut text = head(&["form", "runtime"], &coverage.entries);
    let mut written = 0;
    for row in &coverage.forms {
        let runtimes: BTreeSet<&String> =
            row.entries.values().flat_map(|cell| cell.runtimes.keys()).collect();
        for runtime in runtimes {
            let tally = |entry| row.entries.get(&entry).and_then(|cell| cell.runtimes.get(runtime));
            written += 1;
            if written <= MAX_ROWS {
                let names = format!("{} | {}", plain(row.form.as_str()), plain(runtime));
                let _ = writeln!(text, "| {names} {}", cells(coverage, tally));
            }
        }
    }
    let more = written.saturating_sub(MAX_ROWS);
    if more > 0 {
        let _ = writeln!(text, "\nand {more} more, told in `report.json`");
    }
    text
}

fn head(names: &[&str], entries: &[Entry]) -> String {
    let entries: Vec<String> = entries.iter().map(|entry| plain(entry.as_str())).collect();
    let rules = format!("{}{}", " --- |".repeat(names.len()), " ---: |".repeat(entries.len()));
    format!("| {} | {} |\n|{rules}\n", names.join(" | "), entries.join(" | "))
}

fn cells<'a>(coverage: &Coverage, tally: impl Fn(Entry) -> Option<&'a DrawnTally>) -> String {
    let cells = coverage.entries.iter().map(|entry| format!("| {} ", cell(tally(*entry))));
    cells.collect::<String>() + "|"
}
