//! The judge over journals made by hand: every check is seen red once, and nothing that is missing counts as kept.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "judge/advice.rs"]
mod advice;
#[path = "judge/calls.rs"]
mod calls;
#[path = "judge/changes.rs"]
mod changes;
#[path = "judge/court.rs"]
mod court;
#[path = "judge/facts.rs"]
mod facts;
#[path = "judge/green.rs"]
mod green;
#[path = "judge/holding.rs"]
mod holding;
#[path = "judge/invariants.rs"]
mod invariants;
#[path = "judge/journey.rs"]
mod journey;
#[path = "judge/kinds.rs"]
mod kinds;
#[path = "judge/missing.rs"]
mod missing;
#[path = "judge/order.rs"]
mod order;
#[path = "judge/proof.rs"]
mod proof;
#[path = "judge/reasons.rs"]
mod reasons;
#[path = "judge/refusals.rs"]
mod refusals;
#[path = "judge/refused.rs"]
mod refused;
#[path = "judge/steps.rs"]
mod steps;
#[path = "judge/that.rs"]
mod that;
#[path = "judge/told.rs"]
mod told;
#[path = "judge/verdicts.rs"]
mod verdicts;
#[path = "judge/watched.rs"]
mod watched;
#[path = "judge/which.rs"]
mod which;
#[path = "judge/windows.rs"]
mod windows;
