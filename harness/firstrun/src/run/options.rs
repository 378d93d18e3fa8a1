//! How a run is played.

use std::time::Duration;

use contract::DefectSet;

use crate::stacks::ChosenStack;

/// How a run is played, whatever it plays.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Journeys side by side.
    pub jobs: usize,
    /// The bound on a journey, before the time factor.
    pub journey_timeout: Duration,
    /// Multiplies every wait; a slow stack needs more.
    pub time_factor: f64,
    /// The switches that are on.
    pub defects: DefectSet,
    /// What the tenants run on.
    pub stack: ChosenStack,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            jobs: 32,
            journey_timeout: Duration::from_secs(60),
            time_factor: 1.0,
            defects: DefectSet::default(),
            stack: ChosenStack::embedded(),
        }
    }
}
