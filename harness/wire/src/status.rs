//! The states of a workspace row.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The `status` of a workspace (tenant-api §4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Accepted; its box is on the way.
    Provisioning,
    /// Its box registered or sent a heartbeat.
    Online,
    /// Its box is gone.
    Offline,
    /// Online, but its box reports trouble.
    Degraded,
    /// Provisioning was given up; a heartbeat may still revive it.
    Failed,
    /// Deleted.
    Removed,
    /// Parked by a person.
    Paused,
    /// Parked for want of work.
    Hibernated,
    /// On the way to `Hibernated`.
    Hibernating,
    /// An external agent that has not called yet.
    AwaitingAgent,
}

impl Status {
    /// The status as it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provisioning => "provisioning",
            Self::Online => "online",
            Self::Offline => "offline",
            Self::Degraded => "degraded",
            Self::Failed => "failed",
            Self::Removed => "removed",
            Self::Paused => "paused",
            Self::Hibernated => "hibernated",
            Self::Hibernating => "hibernating",
            Self::AwaitingAgent => "awaiting_agent",
        }
    }

    /// Every status, in the order of the enum.
    pub const ALL: [Self; 10] = [
        Self::Provisioning,
        Self::Online,
        Self::Offline,
        Self::Degraded,
        Self::Failed,
        Self::Removed,
        Self::Paused,
        Self::Hibernated,
        Self::Hibernating,
        Self::AwaitingAgent,
    ];

    /// The status that is written like this, if there is one.
    pub fn from_wire(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// True where nothing is under way any more: waiting longer for another status is in vain.
    ///
    /// `failed` counts although a heartbeat can revive it: a box that the platform gave up on sends none.
    pub fn is_settled(self) -> bool {
        !matches!(self, Self::Provisioning | Self::Hibernating | Self::AwaitingAgent | Self::Offline)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_reads_back_from_its_own_text() {
        for status in Status::ALL {
            assert_eq!(Status::from_wire(status.as_str()), Some(status));
            assert_eq!(serde_json::to_value(status).unwrap(), serde_json::json!(status.as_str()));
        }
        assert_eq!(Status::from_wire("Online"), None);
    }
}
