//! The life of boxes, as the control plane sees it.

use serde::{Deserialize, Serialize};
use wire::WorkspaceKind;

use crate::TenantRole;

/// The control plane was asked for a box and started it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoxStarted {
    /// Whose tenant.
    pub tenant: TenantRole,
    /// The row it is for.
    pub workspace: String,
    /// The box.
    pub instance: String,
    /// Member or concierge.
    pub kind: WorkspaceKind,
    /// The runtime it runs.
    pub runtime: String,
    /// The model it was told to use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The names of its variables, sorted; never their values.
    pub env_names: Vec<String>,
}

/// A box tried to register with its tenant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoxRegistered {
    /// Whose tenant.
    pub tenant: TenantRole,
    /// The row.
    pub workspace: String,
    /// The box.
    pub instance: String,
    /// The status of the answer; absent where none came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// The control plane stopped a box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoxStopped {
    /// Whose tenant.
    pub tenant: TenantRole,
    /// The row.
    pub workspace: String,
    /// The box.
    pub instance: String,
}
