//! Names on a target: whose a row is can only be read from its name, also by a later run on another machine.
//!
//! `PREFIX-HOST-PID.START-BEGAN-NUMBER-NAME`: the run's machine, process and second of beginning, the journey's number in
//! it, and the name that the member has in its scenario.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::orphans;

/// A run on another machine can't be seen to have ended. What one made that began longer ago than this is left.
const RUNS_AT_MOST: Duration = Duration::from_secs(6 * 60 * 60);

const PREFIX_CHARS: std::ops::RangeInclusive<usize> = 3..=24;

/// Whether names can begin with it: a text that nothing else in a name is mistaken for.
pub(crate) fn is_prefix(text: &str) -> bool {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    is_plain && PREFIX_CHARS.contains(&text.len())
}

/// The mark of a run in the names of what it makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunMark {
    prefix: String,
    text: String,
}

/// Whose a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// This run.
    Us,
    /// A run that is over.
    DeadRun,
    /// A run that may go on.
    OtherRun,
    /// Somebody else.
    Others,
}

impl RunMark {
    /// The mark of this run.
    pub(crate) fn of_this_run(prefix: &str) -> Self {
        // Where there is no `/proc`, the mark does not tell whether its process runs, and time has to.
        let process = orphans::mark().unwrap_or_else(|| format!("{}.0", std::process::id()));
        let text = format!("{prefix}-{}-{process}-{}-", orphans::host(), seconds());
        Self { prefix: prefix.to_owned(), text }
    }

    /// What the names of one journey begin with.
    pub(crate) fn of_journey(&self, number: u32) -> String {
        format!("{}{number}-", self.text)
    }

    /// Whose a row of this name is.
    pub(crate) fn owner(&self, name: &str) -> Owner {
        if name.starts_with(&self.text) {
            return Owner::Us;
        }
        let Some(maker) = Maker::of(&self.prefix, name) else { return Owner::Others };
        if maker.is_over() { Owner::DeadRun } else { Owner::OtherRun }
    }
}

/// The run that made a row, by the row's name.
struct Maker<'a> {
    host: &'a str,
    process: &'a str,
    began: u64,
}

impl<'a> Maker<'a> {
    fn of(prefix: &str, name: &'a str) -> Option<Self> {
        let mut parts = name.strip_prefix(prefix)?.strip_prefix('-')?.splitn(4, '-');
        let (host, process, began) = (parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
        parts.next()?;
        orphans::is_mark(process).then_some(Self { host, process, began })
    }

    fn is_over(&self) -> bool {
        let is_seen_from_here = self.host == orphans::host() && orphans::mark().is_some();
        if is_seen_from_here {
            return !orphans::is_alive(self.process);
        }
        seconds().saturating_sub(self.began) > RUNS_AT_MOST.as_secs()
    }
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_short_and_plain() {
        assert!(is_prefix("firstrun") && is_prefix("fr2"));
        assert!(!is_prefix("") && !is_prefix("fr") && !is_prefix("a-b-c") && !is_prefix("First"));
        assert!(!is_prefix(&"x".repeat(25)));
    }

    #[test]
    fn a_name_tells_whose_row_it_is() {
        let own = RunMark::of_this_run("firstrun");
        let host = orphans::host();
        let now = seconds();
        let old = now - RUNS_AT_MOST.as_secs() - 1;
        assert_eq!(own.owner(&format!("{}Scout", own.of_journey(3))), Owner::Us);
        for (name, owner) in [
            (format!("firstrun-{host}-4194399.77-{now}-1-Scout"), Owner::DeadRun),
            (format!("firstrun-elsewhere-4194399.77-{old}-1-Scout"), Owner::DeadRun),
            (format!("firstrun-elsewhere-4194399.77-{now}-1-Scout"), Owner::OtherRun),
            (format!("other-{host}-4194399.77-{now}-1-Scout"), Owner::Others),
            (format!("Copy of firstrun-{host}-4194399.77-{now}-1-Scout"), Owner::Others),
            ("firstrun".to_owned(), Owner::Others),
            ("firstrun-notes".to_owned(), Owner::Others),
            ("firstrun-a-b-c-d".to_owned(), Owner::Others),
            ("Scout".to_owned(), Owner::Others),
        ] {
            assert_eq!(own.owner(&name), owner, "{name}");
        }
    }

    #[test]
    fn a_run_that_goes_on_beside_this_one_keeps_its_rows() {
        let Some(process) = orphans::mark() else { return };
        // Another run of a living process: this very one, begun at another second.
        let beside = format!("firstrun-{}-{process}-1-1-Scout", orphans::host());
        assert_eq!(RunMark::of_this_run("firstrun").owner(&beside), Owner::OtherRun);
    }
}
