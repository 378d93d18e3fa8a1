//! The platform's stored events.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The names of events that a platform stores (tenant-api §4.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventName {
    /// A provision began.
    WorkspaceProvisioning,
    /// A provision was given up; the payload says why.
    WorkspaceProvisionFailed,
    /// A box registered.
    WorkspaceOnline,
    /// An external agent is awaited.
    WorkspaceAwaitingAgent,
    /// A box reports trouble.
    WorkspaceDegraded,
    /// A box is gone.
    WorkspaceOffline,
    /// Parked by a person.
    WorkspacePaused,
    /// Parked for want of work.
    WorkspaceHibernated,
    /// Deleted.
    WorkspaceRemoved,
}

impl EventName {
    /// The name as it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WorkspaceProvisioning => "WORKSPACE_PROVISIONING",
            Self::WorkspaceProvisionFailed => "WORKSPACE_PROVISION_FAILED",
            Self::WorkspaceOnline => "WORKSPACE_ONLINE",
            Self::WorkspaceAwaitingAgent => "WORKSPACE_AWAITING_AGENT",
            Self::WorkspaceDegraded => "WORKSPACE_DEGRADED",
            Self::WorkspaceOffline => "WORKSPACE_OFFLINE",
            Self::WorkspacePaused => "WORKSPACE_PAUSED",
            Self::WorkspaceHibernated => "WORKSPACE_HIBERNATED",
            Self::WorkspaceRemoved => "WORKSPACE_REMOVED",
        }
    }
}

/// One line of `GET /events/:id`, newest first (tenant-api §6.3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredEvent {
    /// The event's own id.
    pub id: String,
    /// Its name; kept as text, since a platform may send one that we do not know.
    pub event_type: String,
    /// The workspace it is about.
    pub workspace_id: String,
    /// Name-specific keys.
    #[serde(default)]
    pub payload: Map<String, Value>,
    /// RFC 3339.
    #[serde(default)]
    pub created_at: String,
}

impl StoredEvent {
    /// True where the event has this name.
    pub fn is(&self, name: EventName) -> bool {
        self.event_type == name.as_str()
    }

    /// A text in the payload; empty counts as absent.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.payload.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
    }
}
