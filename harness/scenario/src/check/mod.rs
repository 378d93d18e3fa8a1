//! From what is written to what can be played. Every check adds its problems and goes on, so that an author sees all
//! of them at once.

mod acts;
mod conditions;
mod file;
mod given;
mod keys;
mod models;
mod problems;
mod references;
mod steps;
mod vary;

pub use file::{Surroundings, read_scenario};
