//! Rows, their events and their stored models, as the platform shows them.

use serde::{Deserialize, Serialize};
use wire::{StoredEvent, StoredModel, Workspace, WorkspaceKind};

use crate::TenantRole;

/// Where a row was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowSource {
    /// `GET /workspaces/:id`.
    Read,
    /// `GET /workspaces`.
    List,
}

/// A row at one moment. Recorded when it is first seen, when it changed, and when a probe looked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowSeen {
    /// Whose tenant.
    pub tenant: TenantRole,
    /// Where it was read.
    pub source: RowSource,
    /// The row; absent where the platform said 404 or 410.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Row>,
    /// The id that was asked for.
    pub workspace: String,
    /// The status of the answer.
    pub status: u16,
}

/// The part of a row that is judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its stored name.
    pub name: String,
    /// Its status, as written by the platform.
    pub status: String,
    /// Member or concierge.
    pub kind: WorkspaceKind,
    /// Capability level.
    pub tier: i64,
    /// Its runtime.
    pub runtime: String,
    /// The row above it.
    pub parent_id: Option<String>,
    /// Why it failed: absent where hidden, empty where there is nothing to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<Workspace> for Row {
    fn from(row: Workspace) -> Self {
        Self {
            id: row.id,
            name: row.name,
            status: row.status,
            kind: row.kind,
            tier: row.tier,
            runtime: row.runtime,
            parent_id: row.parent_id,
            reason: row.last_sample_error,
        }
    }
}

/// The stored events of a row, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventsSeen {
    /// Whose tenant.
    pub tenant: TenantRole,
    /// The row.
    pub workspace: String,
    /// Oldest first; the platform answers newest first.
    pub events: Vec<StoredEvent>,
}

/// What `GET /workspaces/:id/model` said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredModelSeen {
    /// The row.
    pub workspace: String,
    /// The answer.
    pub stored: StoredModel,
}

/// When a census was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CensusMoment {
    /// The tenant had just come up.
    SetUp,
    /// All steps were played.
    End,
    /// Everything was deleted.
    TornDown,
}

/// All rows and live boxes of a tenant at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Census {
    /// Whose tenant.
    pub tenant: TenantRole,
    /// When.
    pub moment: CensusMoment,
    /// The rows that `GET /workspaces` showed.
    pub rows: Vec<Row>,
    /// The boxes that run, by instance, sorted.
    pub boxes: Vec<String>,
}

/// What a delete answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Whose tenant.
    pub tenant: TenantRole,
    /// The row.
    pub workspace: String,
    /// The status of the delete.
    pub status: u16,
    /// What a read of the row answered afterwards: 410 is the proof.
    pub read_after: u16,
}
