//! From a runtime, a model id and the names of available keys to the arm that owns the id, and what follows from it.
//!
//! Pure: no runtime, no network, no file. The registry is the platform's own published data; the resolver is written
//! here a second time, after the rules (registry §2), and shares no code with the platform's. Both are held to
//! answers recorded from real servers. The scenario crate draws ids with it, the judge predicts with it.

mod answers;
mod predict;
mod resolve;

pub use answers::Answers;
pub use predict::{GivenKey, Manifest, Payer, Prediction, Promised, Question, RowEnd, Scope, shown};
pub use resolve::{Oracle, OracleError, Resolved, Unresolved, Via};
