//! Bodies of the workspace routes (tenant-api §2.3 to §2.9).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Code;

/// `POST /workspaces` (tenant-api §2.3). Keys that a platform does not know are ignored by it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CreateWorkspace {
    /// Required, not empty.
    pub name: String,
    /// What the agent is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// A template's folder name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// A capability level; a SaaS tenant makes it 4 whatever is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<i64>,
    /// The model id, as typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The runtime; the platform's default where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime: Option<String>,
    /// The parent row; the concierge where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// Workspace secrets, written in the same transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<BTreeMap<String, String>>,
}

/// The 201 of `POST /workspaces` (tenant-api §2.4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Created {
    /// The new row's id, made by the platform.
    pub id: String,
    /// `provisioning`.
    pub status: String,
    /// `none` unless asked for otherwise.
    #[serde(default)]
    pub workspace_access: String,
    /// A token of kind `api` for the new workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_token: Option<String>,
}

/// The body of a 4xx that has a code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// For people.
    pub error: String,
    /// For machines; absent on plain 400s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The runtime that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime: Option<String>,
    /// The model id that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The template that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// What kind of workspace a row is (tenant-api §4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkspaceKind {
    /// A member.
    #[default]
    Workspace,
    /// The org's concierge.
    Platform,
}

/// A row as `GET /workspaces` and `GET /workspaces/:id` show it (tenant-api §2.6, §11), in the part that we read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workspace {
    /// UUID, made by the platform.
    pub id: String,
    /// The stored name, possibly with a suffix.
    pub name: String,
    /// The status, kept as text: a platform may send one that we do not know.
    pub status: String,
    /// Member or concierge.
    #[serde(default)]
    pub kind: WorkspaceKind,
    /// Capability level.
    #[serde(default)]
    pub tier: i64,
    /// The runtime.
    #[serde(default)]
    pub runtime: String,
    /// The row above it.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// Where its box listens; empty while there is none.
    #[serde(default)]
    pub url: String,
    /// Why it failed. Absent where the platform hides it, empty where there is nothing to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sample_error: Option<String>,
    /// Everything else in the row.
    #[serde(flatten)]
    pub rest: BTreeMap<String, Value>,
}

/// `POST /admin/org/platform-agent` (tenant-api §1.3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstallConcierge {
    /// The concierge's id, chosen by the control plane.
    pub id: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The 200 of `POST /workspaces/:id/restart` (tenant-api §4.6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restarted {
    /// `provisioning`.
    pub status: String,
    /// Where the box's configuration comes from.
    pub config_dir: String,
    /// Whether the box's session is thrown away.
    pub reset_session: bool,
}

/// The answer of `GET /workspaces/:id/model` (tenant-api §2.9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredModel {
    /// The id as stored; empty where none is.
    pub model: String,
    /// `workspace_secrets`, or a word for "nothing stored".
    pub source: String,
}

/// The 200 of `DELETE /workspaces/:id` (tenant-api §2.7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deleted {
    /// `removed`.
    pub status: String,
    /// How many descendants went with it.
    pub cascade_deleted: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_model_is_not_sent_and_an_empty_one_is() {
        let bare = CreateWorkspace { name: "a".into(), ..Default::default() };
        assert_eq!(serde_json::to_value(&bare).unwrap(), serde_json::json!({"name": "a"}));
        let blank = CreateWorkspace { name: "a".into(), model: Some(String::new()), ..Default::default() };
        assert_eq!(serde_json::to_value(&blank).unwrap(), serde_json::json!({"name": "a", "model": ""}));
    }

    #[test]
    fn a_recorded_row_keeps_what_we_do_not_read() {
        let recorded = serde_json::json!({
            "id": "u", "name": "Concierge", "status": "offline", "kind": "platform", "tier": 0,
            "runtime": "claude-code", "parent_id": null, "url": "", "x": 0, "compute": {}
        });
        let row: Workspace = serde_json::from_value(recorded).unwrap();
        assert_eq!(row.kind, WorkspaceKind::Platform);
        assert_eq!(row.last_sample_error, None, "hidden is not the same as empty");
        assert!(row.rest.contains_key("compute"));
    }
}
