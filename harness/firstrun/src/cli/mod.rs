//! What was typed, and what is done about it. Data goes to standard output, talk to standard error.

mod arguments;
mod check;
mod clean;
mod doctor;
mod explain;
mod forms;
mod identify;
mod parse;
mod plan;
mod platform;
mod predict;
mod print;
mod regressions;
mod report;
mod run;
mod signal;
mod start;
mod up;

pub use start::main;
