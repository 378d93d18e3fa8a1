//! Scenarios as authors write them: what is refused and how, and what is planned.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "scenario/explaining.rs"]
mod explaining;
#[path = "scenario/invalid.rs"]
mod invalid;
#[path = "scenario/planning.rs"]
mod planning;
#[path = "scenario/surroundings.rs"]
mod surroundings;
