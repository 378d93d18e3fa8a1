//! What a draw reached, in words.

use crate::{Combination, Coverage, DrawnTally};

/// So many combinations are named; the rest is counted.
const MAX_NAMED: usize = 5;

/// One cell of the table, at most 15 characters; `None` is what can't be drawn there.
pub(crate) fn cell(tally: Option<&DrawnTally>) -> String {
    match tally {
        None => "-".to_owned(),
        Some(DrawnTally { drawn: 0, .. }) => "0".to_owned(),
        Some(DrawnTally { played: 0, .. }) => "unplayed".to_owned(),
        Some(DrawnTally { played, red: 0, .. }) => short(*played),
        Some(DrawnTally { played, red, .. }) => format!("{} ({} red)", short(*played), short(*red)),
    }
}

/// How to read the cells.
pub(crate) const LEGEND: &str =
    "0: never drawn; -: no such id by this entry; unplayed: drawn, and nothing of it passed or failed";

/// How many combinations were never drawn, with the first of them.
pub(crate) fn never_drawn(coverage: &Coverage) -> String {
    let never = coverage.never_drawn.len();
    let first: Vec<String> = coverage.never_drawn.iter().take(MAX_NAMED).map(in_words).collect();
    let names = if never == 0 { String::new() } else { format!(": {}", first.join(", ")) };
    let more = if never > MAX_NAMED { ", ..." } else { "" };
    format!(
        "never drawn: {never} of {} combinations of form, runtime and entry{names}{more}",
        coverage.combinations
    )
}

fn in_words(combination: &Combination) -> String {
    let Combination { form, runtime, entry } = combination;
    format!("{form} on {runtime} by {}", entry.as_str())
}

/// A number in at most four characters, rounded down; nobody plays a thousand million journeys.
fn short(number: u64) -> String {
    match number {
        0..10_000 => number.to_string(),
        10_000..1_000_000 => format!("{}k", number / 1_000),
        _ => format!("{}m", number / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_says_what_it_counts_in_few_characters() {
        let tally = |drawn, played, red| DrawnTally { drawn, played, red };
        assert_eq!(cell(None), "-");
        for (counts, words) in [
            (tally(0, 0, 0), "0"),
            (tally(2, 0, 0), "unplayed"),
            (tally(3, 2, 0), "2"),
            (tally(12, 12, 3), "12 (3 red)"),
            (tally(12_345_678, 12_345_678, 10_999), "12m (10k red)"),
            (tally(9_999, 9_999, 9_999), "9999 (9999 red)"),
        ] {
            assert_eq!(cell(Some(&counts)), words);
            assert!(words.len() <= 15);
        }
    }
}
