//! The world against a small fake tenant: sign-up, a turn, questions, deleting, leaving, and what the journal holds.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod acts;
mod fake_acts;
mod fake_tenant;
mod fake_tools;
mod host;
mod scenes;
mod servers;
