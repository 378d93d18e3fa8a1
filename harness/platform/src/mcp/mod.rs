//! The management MCP server: the tools with which the concierge reaches its tenant (mcp §1 to §5).
//!
//! `tools` says what there is and in which words, `arguments` checks a call's arguments, `call` makes it over HTTP and
//! puts the answer into the one text that the model reads. Only the provision tool's words are the contract's.

mod arguments;
mod call;
mod server;
mod tools;

pub use server::{ManagementServer, McpError};
