//! What the process says when it ends (DESIGN §10). One enum, one choice.

use journal::Verdict;
use report::Report;

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Everything that was played passed.
    Passed = 0,
    /// The platform broke a promise.
    Failed = 1,
    /// What was typed makes no sense.
    Usage = 2,
    /// A scenario, contract or registry is not valid.
    InvalidScenario = 3,
    /// Nothing was selected, all of it is skipped, or a gate skips a whole scenario that is not listed.
    NothingPlayed = 4,
    /// A journey could not be judged, or calls came that belong to none.
    Broken = 5,
    /// A record could not be written.
    NotRecorded = 6,
    /// A bug of ours.
    Bug = 70,
}

/// What happened in a run, as far as the exit code cares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Happened {
    /// Journeys that passed.
    pub(crate) passed: usize,
    /// Journeys in which the platform broke a promise.
    pub(crate) failed: usize,
    /// Journeys that could not be judged.
    pub(crate) broken: usize,
    /// Journeys of a gate whose failure is listed as known.
    pub(crate) known: usize,
    /// Whether an entry of the known failures did not happen, or its day is over.
    pub(crate) is_list_wrong: bool,
    /// Whether a scenario of a gate was skipped as a whole and is not listed.
    pub(crate) is_skip_unlisted: bool,
    /// Whether some record could not be written.
    pub(crate) is_unrecorded: bool,
    /// Whether calls came that no journey could be told of.
    pub(crate) has_strays: bool,
    /// Whether our own code panicked.
    pub(crate) is_bug: bool,
}

impl Happened {
    /// Counts what a report says.
    pub(crate) fn add(&mut self, report: &Report) {
        for journey in &report.journeys {
            match journey.judged.verdict {
                Verdict::Passed => self.passed += 1,
                Verdict::Failed if report.known(journey).is_some() => self.known += 1,
                Verdict::Failed => self.failed += 1,
                Verdict::Broken => self.broken += 1,
                Verdict::Skipped => {}
            }
        }
        if let Some(gate) = &report.gate {
            self.is_list_wrong |= gate.has_red_entry();
            self.is_skip_unlisted |= !gate.unlisted_skips.is_empty();
        }
    }

    /// The exit code. When several apply: 70, 6, 5, 1, 4; unable to judge outranks judged bad.
    pub(crate) fn exit(self) -> Exit {
        match self {
            Self { is_bug: true, .. } => Exit::Bug,
            Self { is_unrecorded: true, .. } => Exit::NotRecorded,
            Self { broken: 1.., .. } | Self { has_strays: true, .. } => Exit::Broken,
            Self { failed: 1.., .. } | Self { is_list_wrong: true, .. } => Exit::Failed,
            Self { is_skip_unlisted: true, .. } => Exit::NothingPlayed,
            Self { passed: 1.., .. } | Self { known: 1.., .. } => Exit::Passed,
            _ => Exit::NothingPlayed,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happened(passed: usize, failed: usize, broken: usize) -> Happened {
        Happened { passed, failed, broken, ..Default::default() }
    }

    #[test]
    fn every_row_of_the_table_is_chosen_where_it_alone_applies() {
        assert_eq!(happened(3, 0, 0).exit(), Exit::Passed);
        assert_eq!(happened(0, 1, 0).exit(), Exit::Failed);
        assert_eq!(happened(0, 0, 0).exit(), Exit::NothingPlayed);
        assert_eq!(happened(0, 0, 1).exit(), Exit::Broken);
        assert_eq!(Happened { is_unrecorded: true, ..happened(1, 0, 0) }.exit(), Exit::NotRecorded);
        assert_eq!(Happened { has_strays: true, ..happened(1, 0, 0) }.exit(), Exit::Broken);
        assert_eq!(Happened { is_bug: true, ..happened(1, 0, 0) }.exit(), Exit::Bug);
    }

    #[test]
    fn a_gate_passes_with_known_failures_and_never_with_a_wrong_list_or_an_unlisted_skip() {
        let known = Happened { known: 1, ..happened(0, 0, 0) };
        assert_eq!(known.exit(), Exit::Passed);
        assert_eq!(Happened { is_list_wrong: true, ..known }.exit(), Exit::Failed);
        assert_eq!(Happened { is_skip_unlisted: true, ..known }.exit(), Exit::NothingPlayed);
        assert_eq!(Happened { is_skip_unlisted: true, failed: 1, ..known }.exit(), Exit::Failed);
    }

    #[test]
    fn when_several_apply_the_worse_for_us_wins() {
        assert_eq!(happened(5, 1, 0).exit(), Exit::Failed);
        assert_eq!(happened(5, 1, 1).exit(), Exit::Broken);
        assert_eq!(Happened { is_unrecorded: true, ..happened(5, 1, 1) }.exit(), Exit::NotRecorded);
        assert_eq!(Happened { is_bug: true, is_unrecorded: true, ..happened(5, 1, 1) }.exit(), Exit::Bug);
    }

    #[test]
    fn the_numbers_are_the_documented_ones() {
        let numbers: Vec<u8> = [
            Exit::Passed,
            Exit::Failed,
            Exit::Usage,
            Exit::InvalidScenario,
            Exit::NothingPlayed,
            Exit::Broken,
            Exit::NotRecorded,
            Exit::Bug,
        ]
        .into_iter()
        .map(|exit| exit as u8)
        .collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6, 70]);
    }
}
