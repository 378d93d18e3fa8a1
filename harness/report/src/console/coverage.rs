//! Which forms of model ids were played by which entry.

use super::page::{Ink, Page};
use crate::text::count;
use crate::words::coverage::{LEGEND, cell, never_drawn};
use crate::{Coverage, Report};

/// So many scenarios get a table; a console is no place for more.
const MAX_TABLES: usize = 3;

/// A table of each scenario that drew ids by their form; nothing where none did.
pub(super) fn write_coverage(page: &mut Page<'_>, report: &Report) {
    for coverage in report.coverage.iter().take(MAX_TABLES) {
        page.gap();
        let heading = format!("forms of model ids in {}, journeys played by entry", coverage.scenario);
        page.paragraph(0, Ink::Heading, &heading);
        write_table(page, coverage);
        page.paragraph(2, Ink::Label, LEGEND);
        page.paragraph(2, Ink::Plain, &never_drawn(coverage));
    }
    let more = report.coverage.len().saturating_sub(MAX_TABLES);
    if more > 0 {
        page.gap();
        let scenarios = count(more as u64, "scenario", "scenarios");
        page.paragraph(0, Ink::Plain, &format!("{scenarios} more drew forms of model ids: see report.json"));
    }
}

/// At most 104 characters wide: five entries of 15, a form of 17, and what parts them.
fn write_table(page: &mut Page<'_>, coverage: &Coverage) {
    let heads = coverage.entries.iter().map(|entry| entry.as_str().to_owned());
    let mut rows = vec![["form".to_owned()].into_iter().chain(heads).collect::<Vec<String>>()];
    for row in &coverage.forms {
        let cells = coverage.entries.iter().map(|entry| cell(row.entries.get(entry).map(|cell| &cell.all)));
        rows.push([row.form.to_string()].into_iter().chain(cells).collect());
    }
    let width_of = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(String::len).max();
    let widths: Vec<usize> = (0..=coverage.entries.len()).filter_map(width_of).collect();
    for row in &rows {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        page.row(2, &cells.join("  "));
    }
}
