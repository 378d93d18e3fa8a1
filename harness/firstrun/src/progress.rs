//! What a person sees while a run goes on. Talk, so it goes to standard error; a pipe gets plain lines, and few.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use journal::{PlannedJourney, Verdict};

use crate::run::RunResult;

/// A pipe gets a line at most so often.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// The progress of a run.
pub struct Progress {
    shown: Shown,
    total: usize,
    state: Mutex<State>,
}

enum Shown {
    Nothing,
    Lines,
    Bar(ProgressBar),
}

struct State {
    done: usize,
    red: usize,
    last_line: Instant,
}

impl Progress {
    /// Says nothing.
    pub fn silent() -> Self {
        Self::new(Shown::Nothing, 0)
    }

    /// Shows a bar on a terminal, a line now and then elsewhere.
    pub fn to_stderr(total: usize) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::new(Shown::Lines, total);
        }
        let bar = ProgressBar::new(total as u64);
        if let Ok(style) = ProgressStyle::with_template("{pos}/{len} journeys {wide_bar} {msg}") {
            bar.set_style(style);
        }
        Self::new(Shown::Bar(bar), total)
    }

    fn new(shown: Shown, total: usize) -> Self {
        let state = State { done: 0, red: 0, last_line: Instant::now() };
        Self { shown, total, state: Mutex::new(state) }
    }

    /// A journey ended.
    pub(crate) fn ended(&self, planned: &PlannedJourney, result: &RunResult) {
        let verdict = result.judged().verdict;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.done += 1;
        let is_red = matches!(verdict, Verdict::Failed | Verdict::Broken);
        state.red += usize::from(is_red);
        let red_line = || format!("{}: {} {}", verdict.as_str(), planned.scenario, planned.case);
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => {
                bar.inc(1);
                if is_red {
                    bar.println(red_line());
                    bar.set_message(format!("{} red", state.red));
                }
            }
            Shown::Lines => {
                if is_red {
                    eprintln!("{}", red_line());
                }
                if state.last_line.elapsed() >= LINE_EVERY {
                    state.last_line = Instant::now();
                    eprintln!("{} of {} journeys, {} red", state.done, self.total, state.red);
                }
            }
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}
