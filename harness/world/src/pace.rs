//! How long things may take on this stack.

use std::time::Duration;

/// A factor past this is a mistake; waits must stay bounded.
const MAX_FACTOR: f64 = 1_000.0;

/// The stack's time factor: every pause and every bound of the world is multiplied by it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace(f64);

impl Pace {
    /// A factor that is no positive number counts as 1.
    pub(crate) fn new(factor: f64) -> Self {
        let is_usable = factor.is_finite() && factor > 0.0;
        Self(if is_usable { factor.min(MAX_FACTOR) } else { 1.0 })
    }

    /// The time on this stack.
    pub(crate) fn of(self, time: Duration) -> Duration {
        time.mul_f64(self.0)
    }
}

/// Pauses between looks that grow from short to long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pauses {
    next: Duration,
    longest: Duration,
}

impl Pauses {
    /// Doubling from `first` up to `longest`.
    pub(crate) fn growing(first: Duration, longest: Duration) -> Self {
        Self { next: first, longest }
    }

    /// Waits for the next pause.
    pub(crate) async fn wait(&mut self) {
        tokio::time::sleep(self.next).await;
        self.next = (self.next * 2).min(self.longest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unusable_factor_counts_as_one() {
        for factor in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Pace::new(factor).of(Duration::from_secs(2)), Duration::from_secs(2), "{factor}");
        }
    }

    #[test]
    fn a_factor_scales_and_is_bounded() {
        assert_eq!(Pace::new(0.5).of(Duration::from_secs(2)), Duration::from_secs(1));
        assert_eq!(Pace::new(1e9).of(Duration::from_secs(1)), Duration::from_secs(1_000));
    }
}
