//! What will be played and what each case is expected to do, in plain sentences.
//!
//! `whole` tells a scenario after the other, `world` what each begins with, `steps` what happens, `expectations` what
//! must hold, `cases` what the oracle predicts. All are pure functions of a checked scenario and its plan; a new word
//! of the language gets its sentence here.

mod cases;
mod expectations;
mod steps;
mod whole;
mod words;
mod world;

pub use cases::outcome;
pub use whole::{Explanation, explain};
