//! Servers that a dead run left: found by their mark, ended before a run begins.
//!
//! A run that is killed can end nothing. So every server, and whatever it starts, carries the run that owns it in its
//! environment, and the next run ends those whose owner is gone. Where there is no `/proc`, nothing is found.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use sha2::{Digest, Sha256};

/// The variable that names the owner of a server: `PID.START`, so that a process which got the same number later is not
/// taken for it.
pub(crate) const OWNER: &str = "FIRSTRUN_OWNER";

/// How long what was left may take to stop, and the pause between two looks.
const STOP_WITHIN: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(10);

/// A longer environment is not read to its end.
const MAX_ENVIRONMENT_BYTES: u64 = 1 << 20;

/// The mark of this process; `None` where there is no `/proc`.
pub(crate) fn mark() -> Option<String> {
    let pid = std::process::id();
    Some(format!("{pid}.{}", start_of(pid)?))
}

/// Where the process numbers of a mark are counted: this machine, and on it this namespace of processes, in short. What
/// others can see too, such as a database of a shared server or a folder, must say so, since a number means nothing
/// elsewhere.
pub(crate) fn host() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let machine = fs::read_to_string("/etc/machine-id").unwrap_or_default();
    let namespace = namespace_of("self").unwrap_or_default();
    let all = format!("{name}\n{machine}\n{}", namespace.display());
    Sha256::digest(all).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The namespace in which a process has its number.
fn namespace_of(pid: &str) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{pid}/ns/pid")).ok()
}

/// Ends every process whose owner is gone, and answers how many these were. They are told to stop before they are
/// killed: a database that is killed leaves what its system shared with it.
pub(crate) fn sweep() -> usize {
    let told: Vec<u32> = left().into_iter().filter(|pid| signal(*pid, Signal::TERM)).collect();
    let began = Instant::now();
    while !told.is_empty() && !left().is_empty() && began.elapsed() < STOP_WITHIN {
        std::thread::sleep(PAUSE);
    }
    left().into_iter().for_each(|pid| _ = signal(pid, Signal::KILL));
    told.len()
}

/// The processes whose owner is gone.
fn left() -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let own = namespace_of("self");
    let is_left = |pid: &u32| owner_of(*pid).is_some_and(|owner| !is_alive(&owner));
    // A mark of another namespace counts other processes.
    pids.filter(|pid| is_left(pid) && namespace_of(&pid.to_string()) == own).collect()
}

fn signal(pid: u32, signal: Signal) -> bool {
    pid_of(pid).is_some_and(|pid| kill_process(pid, signal).is_ok())
}

/// The mark that a process carries. Another user's can't be read, and is none of ours.
fn owner_of(pid: u32) -> Option<String> {
    let file = fs::File::open(format!("/proc/{pid}/environ")).ok()?;
    let mut environment = Vec::new();
    file.take(MAX_ENVIRONMENT_BYTES).read_to_end(&mut environment).ok()?;
    let variables = environment.split(|byte| *byte == 0).filter_map(|one| std::str::from_utf8(one).ok());
    let mut marks = variables.filter_map(|one| one.strip_prefix(OWNER)?.strip_prefix('='));
    marks.next().map(str::to_owned)
}

/// Whether a text has the shape of a mark.
pub(crate) fn is_mark(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.').is_some_and(|(pid, start)| is_number(pid) && is_number(start))
}

/// Whether the process of a mark still runs.
pub(crate) fn is_alive(owner: &str) -> bool {
    let Some((pid, start)) = owner.split_once('.') else { return false };
    let Ok(number) = pid.parse() else { return false };
    match start_of(number) {
        Some(now) => now == start,
        // There are systems that hide the processes of others. One that may not be signalled is there.
        None => pid_of(number).is_some_and(|pid| test_kill_process(pid) == Err(Errno::PERM)),
    }
}

fn pid_of(number: u32) -> Option<Pid> {
    i32::try_from(number).ok().and_then(Pid::from_raw)
}

/// Whether a process of this number runs.
#[cfg(test)]
pub(crate) fn runs(pid: u32) -> bool {
    start_of(pid).is_some()
}

/// When a process started, in the system's ticks: the twenty-second field, of which the second may hold anything in
/// parentheses (proc(5)). One that ended and waits to be reaped is gone.
fn start_of(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace();
    let state = fields.next()?;
    if state == "Z" {
        return None;
    }
    fields.nth(18).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_is_alive_as_long_as_it_is_the_same_process() {
        let Some(own) = mark() else { return };
        assert!(is_alive(&own));
        let (pid, start) = own.split_once('.').unwrap();
        assert!(!is_alive(&format!("{pid}.{start}0")));
        assert!(!is_alive("0.1") && !is_alive("nobody"));
        assert!(is_mark(&own) && !is_mark("nobody") && !is_mark("1.") && !is_mark("1.2.3"));
    }
}
