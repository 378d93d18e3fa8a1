//! Kept cases: a drawn case that failed once is a small file, and later runs play it first.
//!
//! `run --keep-regressions DIR` reads the files of a folder (`kept`, `folder`), puts their cases before the plan and
//! writes afterwards what became of them and which are new (`ruling`). A case that keeps passing is told as fixed;
//! `firstrun regressions DIR --drop-fixed` drops it. A file holds the values of the case and not only its seed, so that
//! it plays the same case when the grammar has grown.

mod folder;
mod kept;
mod ruling;

pub(crate) use folder::{KeptFolder, KeptFolderError};
pub(crate) use kept::{FIXED_AFTER, Kept};
pub(crate) use ruling::{Replay, replay};
