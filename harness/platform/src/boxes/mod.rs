//! The routes of boxes, and the way of a message to one (tenant-api §2.8, §2.11).

mod access;
pub(crate) mod heartbeat;
pub(crate) mod message;
mod presence;
pub(crate) mod register;

/// The header in which an agent names the workspace that it calls from.
pub(crate) const CALLER: &str = "x-workspace-id";
