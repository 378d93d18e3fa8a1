//! The waits: until something holds, and while it holds.

use std::time::{Duration, Instant};

use journal::{Fact, WaitOutcome, WaitSeen};
use judge::{Holding, MIN_SAMPLES};
use scenario::{Eventually, Window};

use super::journey::{Course, Stop};

/// The first pause between two looks; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(5);

/// The longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// Into so many looks a window is divided.
const LOOKS_A_WINDOW: u32 = 8;

/// What a window is watched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// It must hold at every look.
    AllTheTime,
    /// It may hold at none.
    Never,
}

impl Course<'_> {
    /// Looks until the conditions hold, can't come to hold any more, or the time is up.
    pub(crate) async fn eventually(&mut self, step: usize, wait: &Eventually) -> Result<WaitOutcome, Stop> {
        let began = Instant::now();
        let within = self.scaled(wait.within);
        let mut pause = FIRST_PAUSE;
        let mut samples = 0;
        let outcome = loop {
            self.look_at_team().await?;
            samples += 1;
            match self.holding(step, &wait.conditions, &wait.through) {
                Holding::Yes => break WaitOutcome::Held,
                Holding::Never(_) => break WaitOutcome::Hopeless,
                Holding::NotYet(_) if began.elapsed() >= within => break WaitOutcome::TimedOut,
                Holding::NotYet(_) => tokio::time::sleep(pause).await,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        };
        self.note_wait(WaitSeen { step, outcome, took_ms: millis(began), samples, samples_after: 0 });
        Ok(outcome)
    }

    /// Looks all through a window and once after it; the window is the scenario's own, not scaled. On a machine so busy
    /// that a window holds too few looks to judge by, the looks go on.
    pub(crate) async fn watch(
        &mut self,
        step: usize,
        wait: &Window,
        wanted: Holds,
    ) -> Result<WaitOutcome, Stop> {
        let began = Instant::now();
        let pause = wait.window / LOOKS_A_WINDOW;
        let (mut samples, mut samples_after) = (0, 0);
        let outcome = loop {
            let is_after = began.elapsed() >= wait.window;
            self.look_at_team().await?;
            samples += 1;
            samples_after += u32::from(is_after);
            let holds = self.holding(step, &wait.conditions, &[]) == Holding::Yes;
            if holds != (wanted == Holds::AllTheTime) {
                break WaitOutcome::Broke;
            }
            if is_after && samples >= MIN_SAMPLES {
                break WaitOutcome::Held;
            }
            tokio::time::sleep(pause).await;
        };
        self.note_wait(WaitSeen { step, outcome, took_ms: millis(began), samples, samples_after });
        Ok(outcome)
    }

    fn note_wait(&self, wait: WaitSeen) {
        self.recorder.record(Fact::Wait(wait));
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
