//! What was typed, and what is done about it. Data goes to standard output, talk to standard error.

mod arguments;
mod check;
mod parse;
mod plan;
mod report;
mod run;
mod start;

pub use start::main;
