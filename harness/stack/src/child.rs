//! A child process of ours: a group of its own, its words kept, its end bounded, marked so that the next run finds it.

use std::collections::VecDeque;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{ChildStdin, ChildStdout, Command};

use crate::orphans;

/// So many of a child's last lines are kept, each cut at so many characters.
const KEPT_LINES: usize = 200;
const KEPT_CHARS: usize = 400;

/// So many of them are told with a failure.
const TOLD_LINES: usize = 20;

/// A running child with everything that it starts. Killed when it is dropped.
pub(crate) struct OwnChild {
    child: tokio::process::Child,
    group: Option<Pid>,
    words: Words,
}

/// The last lines that a child said.
#[derive(Clone, Default)]
pub(crate) struct Words(Arc<Mutex<VecDeque<String>>>);

impl OwnChild {
    /// Starts a command in a group of its own.
    ///
    /// # Errors
    /// What the system said, with the program's name.
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        let mut started = Self::start_piped(command)?;
        started.words.keep(started.child.stdout.take());
        Ok(started)
    }

    /// The same, with its standard output left to whoever takes it.
    pub(crate) fn start_piped(command: &mut Command) -> Result<Self, String> {
        command
            .envs(orphans::mark().map(|mark| (orphans::OWNER, mark)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        let program = command.as_std().get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().map_err(|error| format!("start {program}: {error}"))?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let words = Words::default();
        words.keep(child.stderr.take());
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

    /// How it ended, where it did by itself.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
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
            Ok(Ok(status)) => Err(format!("ended with {status}{}", self.words.told())),
            Ok(Err(error)) => Err(format!("can't be waited for: {error}")),
            Err(_) => Err(format!("was not done within {within:?}{}", self.words.told())),
        }
    }

    /// Told to stop, then killed; with everything that it started.
    pub(crate) async fn end(self, within: Duration) {
        self.end_by(Signal::TERM, within).await;
    }

    /// The same with another signal first.
    pub(crate) async fn end_by(mut self, signal: Signal, within: Duration) {
        self.signal(signal);
        if tokio::time::timeout(within, self.child.wait()).await.is_err() {
            self.signal(Signal::KILL);
            self.child.wait().await.ok();
        }
    }

    /// A group that is gone needs no signal.
    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            kill_process_group(group, signal).ok();
        }
    }
}

impl Drop for OwnChild {
    fn drop(&mut self) {
        if self.child.id().is_some() {
            self.signal(Signal::KILL);
        }
    }
}

impl Words {
    /// Reads what is said to its end, and keeps the last of it.
    pub(crate) fn keep(&self, stream: Option<impl AsyncRead + Unpin + Send + 'static>) {
        let Some(stream) = stream else { return };
        let words = self.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(stream).split(b'\n');
            while let Ok(Some(line)) = lines.next_segment().await {
                words.add(&String::from_utf8_lossy(&line));
            }
        });
    }

    /// One more line.
    pub(crate) fn add(&self, line: &str) {
        let mut words = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if words.len() == KEPT_LINES {
            words.pop_front();
        }
        words.push_back(line.trim_end().chars().take(KEPT_CHARS).collect());
    }

    /// The last of them, to follow what went wrong.
    pub(crate) fn told(&self) -> String {
        let words = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if words.is_empty() {
            return "; it said nothing".to_owned();
        }
        let last = words.iter().skip(words.len().saturating_sub(TOLD_LINES));
        format!("; its last words: {}", last.cloned().collect::<Vec<_>>().join(" | "))
    }
}
