//! The reference platform: a tenant server and the management MCP server, after the tenant API and a contract.
//!
//! It is the system under test when no other is given, and the ground on which defects are switched on. It keeps its
//! own resolver and its own store and shares no code with those who judge it: only the wire's types, the contract and
//! the registry.
//!
//! * [`RunningPlatform`] is one tenant: one listener, one store. [`Settings`] say everything that it may know; it reads
//!   no process environment. [`serve`] boots one from variables alone.
//! * [`ManagementServer`] is the tool server that the concierge talks to; it knows a tenant only by HTTP.
//!
//! Inside: `boot` and `environment` bring a tenant up; `router` names every route; `guard` and `credential` say who may
//! use them; `workspaces` holds the routes of rows, `boxes` those of boxes and messages; `provision` brings a row's box
//! up; `resolver` turns a model id into its arm, `billing` says who pays for it, `reason` why it is refused; `store` is
//! the database, one file a table.
//!
//! To obey one more promise: read it from the contract in the one place that it decides, never by the contract's name.
//! What the recorded servers did is held by `tests/platform/vectors.rs` and `replay.rs`.
//! To add a defect: ask `tenant.defects` at the line that it breaks, and show it in `tests/platform`.

mod address;
mod billing;
mod boot;
mod boxes;
mod credential;
mod environment;
mod guard;
mod http;
mod mcp;
mod provision;
mod reason;
mod reply;
mod resolver;
mod router;
#[cfg(test)]
mod sample;
mod server;
mod settings;
mod store;
mod tenant;
mod workspaces;

pub use boot::serve;
pub use mcp::{ManagementServer, McpError};
pub use server::RunningPlatform;
pub use settings::{BootError, Settings, StorePlace};
