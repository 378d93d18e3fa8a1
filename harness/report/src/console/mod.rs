//! The report for a terminal, readable without colour.

mod closing;
mod coverage;
mod findings;
mod gate;
mod page;
mod red;
mod run;
mod servers;

pub use red::render_red;
pub use run::render;
pub(crate) use run::verdict_of;

/// How it shall look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look<'a> {
    /// Whether to colour it. Nothing is said by colour alone.
    pub color: bool,
    /// The width of the terminal, in characters.
    pub width: usize,
    /// Where the records of the run are, to be said at the end.
    pub records: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    const PLAIN: Look<'static> = Look { color: false, width: 100, records: None };

    #[test]
    fn a_red_names_cause_layer_proof_and_the_repeat_command() {
        let report = sample::mixed_report();
        insta::assert_snapshot!("red", render_red(&report.journeys[1], PLAIN));
    }

    #[test]
    fn a_broken_journey_says_where_it_was_cut_off() {
        let report = sample::mixed_report();
        insta::assert_snapshot!("broken", render_red(&report.journeys[2], PLAIN));
    }

    #[test]
    fn a_green_run_is_short() {
        let look = Look { records: Some("reports/1"), ..PLAIN };
        insta::assert_snapshot!("green_run", render(&sample::green_report(), look));
    }

    #[test]
    fn a_mixed_run_shows_reds_first_and_nothing_unevaluated_as_passed() {
        let look = Look { width: 80, ..PLAIN };
        insta::assert_snapshot!("mixed_run", render(&sample::mixed_report(), look));
    }

    #[test]
    fn forms_stand_in_a_table_by_entry_with_what_was_never_drawn() {
        let text = render(&sample::forms::report(), Look { width: 110, ..PLAIN });
        let at = text.find("forms of model ids").unwrap();
        let table = text[at..].split("\n\n").next().unwrap();
        insta::assert_snapshot!("forms", table);
    }

    #[test]
    fn a_table_of_forms_is_never_wider_than_110_characters() {
        let mut report = sample::forms::report();
        let coverage = &mut report.coverage[0];
        coverage.entries = contract::Entry::ALL.to_vec();
        let all = crate::DrawnTally { drawn: 9_999, played: 9_999, red: 9_999 };
        for row in &mut coverage.forms {
            row.entries = contract::Entry::ALL
                .map(|entry| (entry, crate::EntryCoverage { all, ..Default::default() }))
                .into();
        }
        report.coverage = vec![coverage.clone(); 5];
        let text = render(&report, Look { width: 110, ..PLAIN });
        let table = &text[text.find("forms of model ids").unwrap()..];
        assert!(table.lines().all(|line| line.chars().count() <= 110), "{table}");
        assert!(table.contains("control_character  9999 (9999 red)"), "{table}");
        assert!(table.contains("2 scenarios more drew forms of model ids"), "{table}");
        assert_eq!(table.matches("never drawn: ").count(), 3);
    }

    #[test]
    fn colour_adds_nothing_but_colour() {
        let report = sample::forms::report();
        let coloured = render(&report, Look { color: true, ..PLAIN });
        assert!(coloured.contains("\u{1b}["));
        let mut plain = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            plain.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        plain.push_str(rest);
        assert_eq!(plain, render(&report, PLAIN));
    }

    #[test]
    fn nothing_that_a_platform_says_reaches_the_terminal_raw() {
        let text = render(&sample::mixed_report(), PLAIN);
        let is_safe = |letter: char| letter == '\n' || !(letter.is_control() || letter == '\u{202e}');
        assert!(text.chars().all(is_safe));
    }
}
