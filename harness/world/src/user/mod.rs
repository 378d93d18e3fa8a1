//! The person who signed up: what they say, and what they and our probes see of their tenant.
//!
//! [`words`] renders a turn into a sentence and reads it back; the brain reads the user's wishes from nothing else.

mod acts;
mod adopted;
mod answer;
mod chat;
mod looks;
mod mark;
mod tenant;
mod tool_acts;
pub(crate) mod words;

pub use adopted::AdoptedTenant;
pub use tenant::{Tenant, TenantSurroundings};
pub use words::UserTurn;
