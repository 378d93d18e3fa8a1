//! A grammar of labelled forms: for a runtime of a registry, every id that an agent might type, with a word on how it is
//! spelled.
//!
//! The grammar is finite and fixed: which id is drawn is the seed's choice, which ids there are is not. What becomes of
//! an id is not said here, that is the oracle's. The rules stand in `grammar`, the spellings in `respell`; weights and
//! the words that no registry holds are data (`fixtures/forms/grammar.yaml`), read by `words`. The plan draws from it
//! (`draw`), `firstrun forms` prints it, the shrinker looks for the simplest id in it.
//!
//! To add a form: see [`journal::FormLabel`].

mod draw;
mod grammar;
mod respell;
mod words;

pub use draw::of_runtime as forms_of;
pub(crate) use draw::{Forms, Hat};
pub use grammar::Form;
pub(crate) use grammar::takes_no_id;
