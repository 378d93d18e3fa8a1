//! What the process says when it ends (DESIGN §10). One enum, one choice.

use journal::Verdict;

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
    /// Nothing was selected, or all of it is skipped.
    NothingPlayed = 4,
    /// A journey could not be judged.
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
    /// Whether some record could not be written.
    pub(crate) is_unrecorded: bool,
    /// Whether our own code panicked.
    pub(crate) is_bug: bool,
}

impl Happened {
    /// Counts a verdict.
    pub(crate) fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed => self.failed += 1,
            Verdict::Broken => self.broken += 1,
            Verdict::Skipped => {}
        }
    }

    /// The exit code. When several apply: 70, 6, 5, 1; unable to judge outranks judged bad.
    pub(crate) fn exit(self) -> Exit {
        match self {
            Self { is_bug: true, .. } => Exit::Bug,
            Self { is_unrecorded: true, .. } => Exit::NotRecorded,
            Self { broken: 1.., .. } => Exit::Broken,
            Self { failed: 1.., .. } => Exit::Failed,
            Self { passed: 1.., .. } => Exit::Passed,
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
        assert_eq!(Happened { is_bug: true, ..happened(1, 0, 0) }.exit(), Exit::Bug);
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
