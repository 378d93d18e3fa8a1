//! How a box reports to its tenant (tenant-api §2.8).

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `POST /registry/register`. Sent without credentials on the first boot after a provision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Register {
    /// The workspace.
    pub id: String,
    /// Where the box listens.
    #[serde(default)]
    pub url: String,
    /// What the agent says of itself.
    pub agent_card: Value,
}

/// The 200 of a register. `auth_token` comes only with the first one after a provision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registered {
    /// `registered`.
    pub status: String,
    /// `push`.
    pub delivery_mode: String,
    /// The box's bearer from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_token: Option<String>,
    /// What the tenant proves itself with when it calls the box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_inbound_secret: Option<String>,
}

/// `POST /registry/heartbeat`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// The workspace.
    pub workspace_id: String,
    /// From 0 to 1; at 0.5 the row degrades.
    #[serde(default)]
    pub error_rate: f64,
    /// Written to the row with every beat, even when empty.
    #[serde(default)]
    pub sample_error: String,
    /// Tasks under way.
    #[serde(default)]
    pub active_tasks: i64,
    /// Seconds since the box booted.
    #[serde(default)]
    pub uptime_seconds: i64,
    /// What it works on.
    #[serde(default)]
    pub current_task: String,
    /// Whether the concierge has a server of management tools at all; a runtime that says nothing is taken at its word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mcp_server_present: Option<bool>,
    /// Whether its tools are at hand (tenant-api §4.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mcp_tools_ready: Option<bool>,
    /// Their names, as the runtime writes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loaded_mcp_tools: Option<Vec<String>>,
}
