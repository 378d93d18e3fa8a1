//! A child process of ours: a group of its own, its words kept, its end bounded, marked so that the next run finds it.
//!
//! A child leads its group, so that whatever it starts ends with it: told to stop first, killed when it does not. One
//! that ends before it is told to is not fetched: it is only looked at, so that its id stays its own until everything
//! that it left is ended.

use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::orphans;
use crate::ready::Serving;
use crate::words::Words;

/// The pause between two looks at a child that is told to stop.
const PAUSE: Duration = Duration::from_millis(2);

/// A running child with everything that it starts. Killed when it is dropped.
pub(crate) struct OwnChild {
    child: Child,
    group: Option<Pid>,
    words: Words,
}

impl OwnChild {
    /// Starts a command in a group of its own.
    ///
    /// # Errors
    /// What the system said, with the program's name.
    pub(crate) fn start(command: &mut Command, words: Words) -> Result<Self, String> {
        let mut started = Self::start_piped(command, words)?;
        started.words.hear(started.child.stdout.take());
        Ok(started)
    }

    /// The same, with its standard output left to whoever takes it.
    pub(crate) fn start_piped(command: &mut Command, words: Words) -> Result<Self, String> {
        command
            .envs(orphans::mark().map(|mark| (orphans::OWNER, mark)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        let program = command.as_std().get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().map_err(|error| format!("start {program}: {error}"))?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        words.hear(child.stderr.take());
        Ok(Self { child, group, words })
    }

    /// Its standard input, where it was piped and is not taken yet.
    pub(crate) fn take_input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Its standard output, where it is not taken yet.
    pub(crate) fn take_output(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// What it said last.
    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// Waits for its own end, which must be a good one.
    ///
    /// # Errors
    /// How it ended otherwise, with what it said; killed where it took too long.
    pub(crate) async fn done(mut self, within: Duration) -> Result<(), String> {
        match tokio::time::timeout(within, self.child.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => {
                self.words.heard_out().await;
                Err(format!("ended with {status}{}", self.words.told()))
            }
            Ok(Err(error)) => Err(format!("can't be waited for: {error}")),
            Err(_) => Err(format!("was not done within {within:?}{}", self.words.told())),
        }
    }

    /// Told to stop, then killed; with everything that it started.
    pub(crate) async fn end(self, within: Duration) {
        self.end_by(Signal::TERM, within).await;
    }

    /// The same with another signal first. What is left of the group when its leader is gone has nobody who could stop it
    /// in order, so it is killed before the leader's status is fetched: until then no other group can have its id.
    pub(crate) async fn end_by(mut self, first: Signal, within: Duration) {
        self.signal(first);
        let began = Instant::now();
        while self.status().is_none() && began.elapsed() < within {
            tokio::time::sleep(PAUSE).await;
        }
        self.signal(Signal::KILL);
        self.child.wait().await.ok();
    }

    /// How it ended, where it did. Its status is not fetched, so that no other process can have its id yet.
    pub(crate) fn status(&self) -> Option<String> {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let seen = waitid(WaitId::Pid(self.group?), look).ok()??;
        let by_itself = seen.exit_status().map(|code| code << 8);
        by_itself.or_else(|| seen.terminating_signal()).map(|raw| ExitStatus::from_raw(raw).to_string())
    }

    /// A group that is gone needs no signal.
    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            kill_process_group(group, signal).ok();
        }
    }
}

impl Serving for OwnChild {
    async fn ended(&mut self) -> Option<String> {
        self.status()
    }
}

impl Drop for OwnChild {
    fn drop(&mut self) {
        if self.child.id().is_some() {
            self.signal(Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_child_started_ends_with_it_though_it_does_not_listen_and_its_leader_does() {
        let script = "(trap '' TERM; while :; do sleep 0.05; done) & echo $!; trap 'exit 0' TERM; wait";
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).stdin(Stdio::null());
        let words = Words::default();
        let child = OwnChild::start(&mut command, words.clone()).unwrap();
        let began = Instant::now();
        while words.last().0.is_empty() {
            assert!(began.elapsed() < Duration::from_secs(10), "it said nothing");
            tokio::time::sleep(PAUSE).await;
        }
        let deaf: u32 = words.last().0[0].parse().unwrap();
        // The deaf one has its trap by the time that it sleeps.
        tokio::time::sleep(Duration::from_millis(100)).await;
        child.end(Duration::from_secs(5)).await;
        let began = Instant::now();
        while orphans::runs(deaf) {
            assert!(began.elapsed() < Duration::from_secs(2), "it goes on");
            tokio::time::sleep(PAUSE).await;
        }
    }
}
