//! How many journeys may run at once, by the open files that the system grants this process (DESIGN §12).

/// What one journey with a bystander holds open at its peak, measured: listeners, both ends of loopback connections,
/// its journal.
const DESCRIPTORS_A_JOURNEY: u64 = 24;

/// What the process itself holds open: standard streams, the world's listeners, the runtime, the run's folder.
const DESCRIPTORS_OF_OUR_OWN: u64 = 64;

/// Raises the soft limit of open files to the hard one, as far as the system lets us, and answers what is granted.
/// `None` where there is no limit.
#[cfg(unix)]
pub(crate) fn raised_limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    }
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub(crate) fn raised_limit() -> Option<u64> {
    None
}

/// How many of the jobs that were asked for fit into a limit; at least one.
pub(crate) fn jobs_within(limit: Option<u64>, jobs: usize) -> usize {
    let Some(limit) = limit else { return jobs };
    let fit = limit.saturating_sub(DESCRIPTORS_OF_OUR_OWN) / DESCRIPTORS_A_JOURNEY;
    usize::try_from(fit).unwrap_or(usize::MAX).clamp(1, jobs.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_as_many_as_the_open_files_allow_and_at_least_one() {
        for (limit, jobs, fit) in [
            (None, 4_096, 4_096),
            (Some(1_024), 32, 32),
            (Some(1_024), 100, 40),
            (Some(256), 32, 8),
            (Some(64), 32, 1),
            (Some(0), 1, 1),
            (Some(u64::MAX), 4_096, 4_096),
        ] {
            assert_eq!(jobs_within(limit, jobs), fit, "{limit:?}, {jobs}");
        }
    }
}
