//! Ids that came in by a scripted entry, and what else a scripted act changed.

use contract::Entry;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which call of an entry this is. `put_model` and `restart` begin with a create of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryStep {
    /// `POST /workspaces`, `POST /org/import` or the tool.
    Make,
    /// `PUT /workspaces/:id/model`.
    PutModel,
    /// `POST /workspaces/:id/restart`.
    Restart,
}

/// One call of an entry, and what was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryCall {
    /// The entry that is played.
    pub entry: Entry,
    /// Which of its calls this is.
    pub step: EntryStep,
    /// The member that it is for.
    pub member: String,
    /// The runtime that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime: Option<String>,
    /// The id that was sent; absent where the field was left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The names of the keys in the payload.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// The row that it made or changed; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// The status of the answer. Of a tool's call: the status in its refusal, else 201.
    pub status: u16,
    /// The code of a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The text of a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl EntryCall {
    /// True where the call was refused and is to have changed nothing.
    pub fn is_refused(&self) -> bool {
        (400..500).contains(&self.status)
    }
}

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// In the body of a create.
    Payload,
    /// On one workspace.
    Workspace,
    /// On the whole tenant.
    Global,
}

impl KeyScope {
    /// The word for it in scenarios.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Payload => "payload",
            Self::Workspace => "workspace",
            Self::Global => "global",
        }
    }
}

/// A key was written by a route of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecretWritten {
    /// Where it stands.
    pub scope: KeyScope,
    /// The workspace, for that scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// Its name; never its value.
    pub key: String,
    /// The status of the answer.
    pub status: u16,
}

/// A workspace's billing mode was set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BillingModeSet {
    /// The workspace.
    pub workspace: String,
    /// The mode that was asked for; absent where it was cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The status of the answer.
    pub status: u16,
}

/// The platform's own list of ids for a runtime (tenant-api §2.5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfferedSeen {
    /// The runtime that was asked for.
    pub runtime: String,
    /// The status of the answer.
    pub status: u16,
    /// The ids; empty where there was no list.
    pub models: Vec<OfferedModel>,
}

/// One id of that list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfferedModel {
    /// The id.
    pub model: String,
    /// The provider.
    pub provider: String,
    /// Whether the platform pays.
    pub platform_billed: bool,
    /// The key names that would do.
    #[serde(default)]
    pub auth_env: Vec<String>,
}
