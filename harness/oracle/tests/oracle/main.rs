//! The oracle against recorded truth, and its properties.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod eras;
mod golden;
mod journeys;
mod own_promises;
mod properties;
mod recorded;
mod sample;
