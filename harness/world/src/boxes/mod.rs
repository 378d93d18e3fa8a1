//! Boxes: stand-ins for the machines that agents run on. One listener serves them all, by path.
//!
//! The control plane starts and stops them; each registers with its tenant, sends heartbeats, answers messages and
//! calls the model as its environment says, and knows nothing else. To add a wire: a module beside `anthropic`,
//! `openai` and `responses`, and its arms in [`model`].

mod agent_box;
mod anthropic;
mod belief;
mod life;
mod model;
mod openai;
mod responses;
mod serve;

pub(crate) use agent_box::{Agent, AgentBox};
pub(crate) use life::{start, stop};
pub(crate) use model::{CallError, call as call_model};
pub(crate) use serve::router;

#[cfg(test)]
mod wire_tests;
