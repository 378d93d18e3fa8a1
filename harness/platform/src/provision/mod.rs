//! Bringing a row's box up: one task a provision, one at a time a workspace (tenant-api §4.2 to §4.6).
//!
//! `pipeline` is the way of one provision; `prepare` decides what the box gets; `environment` and `files` make what the box gets; `control_plane` is the
//! wire to whoever starts boxes; `failure` gives a row up; `restart` begins again; `sweep` ends what got stuck.

mod control_plane;
mod environment;
mod failure;
mod files;
mod pipeline;
mod prepare;
mod restart;
mod sweep;

pub(crate) use failure::{Failure, give_up};
pub(crate) use pipeline::{Job, clear_away, dispatch};
pub(crate) use restart::{begin_again, restart_for_change};
pub(crate) use sweep::start_sweeping;
