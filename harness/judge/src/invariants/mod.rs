//! The invariants: rules that are judged in every journey they apply to, whatever its steps say (defects §7).
//!
//! Each has one file and answers with a [`Ruling`]. Where a journey holds nothing that an invariant is about, it is
//! not applicable; where its observations are missing, it is not evaluated; neither counts as kept.

mod o13_teardown;
mod o2_refusals;
mod o3_reasons;
mod o6_tree;
mod o7_answers;
mod ruling;

pub(crate) use o2_refusals::is_left_of_a_refusal;
pub(crate) use ruling::{Ruling, judge};
