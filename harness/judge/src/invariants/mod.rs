//! The invariants: rules that are judged in every journey they apply to, whatever its steps say (defects §7).
//!
//! Each has one file and answers with a [`Ruling`]. Where a journey holds nothing that an invariant is about, it is
//! not applicable; where its observations are missing, it is not evaluated; neither counts as kept.

mod answering;
mod o11_events;
mod o12_boxes;
mod o13_teardown;
mod o15_advice;
mod o1_verdicts;
mod o2_refusals;
mod o3_reasons;
mod o4_payers;
mod o5_models;
mod o6_tree;
mod o7_answers;
mod o9_claims;
mod ruling;

pub(crate) use o2_refusals::is_left_of_a_refusal;
pub(crate) use ruling::{Ruling, judge};
