//! Shrinking: from a failing drawn case to the simplest scenario that gives the same finding.
//!
//! A case is cut along ladders (`reduction`): what is given, the steps, the members, the key, the id, each from what it
//! was down to the simplest. Proptest's value tree climbs down them (`ladder`), the live stack says which cut still fails
//! (`search`), and what is left is a scenario file of its own below `minimal/` of the run's folder (`minimal`): every cut
//! was played as exactly that file, so that it runs by itself and fails the same way.
//!
//! To cut something more: a ladder in `reduction`.

mod ladder;
mod minimal;
mod reduction;
mod search;

pub(crate) use minimal::{Shrinking, shrink_all};
