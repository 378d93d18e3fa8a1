//! The table of workspaces: every statement on a row, and the row as a type.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use uuid::Uuid;
use wire::{Status, WorkspaceKind};

use super::now_ms;
use crate::billing::Mode;

/// A name that is taken gets " (2)" and so on up to this number; past it the create is refused (tenant-api §8 #22).
const LAST_SUFFIX: u32 = 21;

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) role: Option<String>,
    pub(crate) kind: WorkspaceKind,
    pub(crate) tier: i64,
    pub(crate) runtime: String,
    pub(crate) status: Status,
    pub(crate) parent_id: Option<Uuid>,
    pub(crate) url: String,
    pub(crate) instance_id: Option<String>,
    pub(crate) inbound_secret: Option<String>,
    pub(crate) agent_card: Option<Value>,
    pub(crate) last_sample_error: String,
    pub(crate) last_error_rate: f64,
    pub(crate) active_tasks: i64,
    pub(crate) uptime_seconds: i64,
    pub(crate) current_task: String,
    pub(crate) removed_at: Option<String>,
    /// The workspace's own say in who pays.
    pub(crate) billing_mode: Option<Mode>,
    /// Where it stands on the canvas.
    pub(crate) place: (f64, f64),
}

impl Workspace {
    /// True for the org's concierge.
    pub(crate) fn is_concierge(&self) -> bool {
        self.kind == WorkspaceKind::Platform
    }

    /// True where the row was deleted.
    pub(crate) fn is_removed(&self) -> bool {
        self.status == Status::Removed
    }
}

/// What a new row starts with.
#[derive(Clone, Debug)]
pub(crate) struct NewWorkspace {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) role: Option<String>,
    pub(crate) kind: WorkspaceKind,
    pub(crate) tier: i64,
    pub(crate) runtime: String,
    pub(crate) status: Status,
    pub(crate) parent_id: Option<Uuid>,
    /// Where it stands on the canvas.
    pub(crate) place: (f64, f64),
}

/// Every suffix of a name is taken under this parent.
#[derive(Debug)]
pub(crate) struct NameTaken;

/// Stores a row under its name or the first free suffix of it, and answers with the stored name.
pub(crate) fn insert(
    connection: &Connection,
    new: &NewWorkspace,
) -> rusqlite::Result<Result<String, NameTaken>> {
    let Some(name) = free_name(connection, new.parent_id, &new.name)? else { return Ok(Err(NameTaken)) };
    let since = (new.status == Status::Provisioning).then(now_ms);
    connection
        .prepare_cached(
            "INSERT INTO workspaces
                 (id, name, role, kind, tier, runtime, status, parent_id, provisioning_since_ms, x, y)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            new.id.to_string(),
            name,
            new.role,
            kind_text(new.kind),
            new.tier,
            new.runtime,
            new.status.as_str(),
            new.parent_id.map(|id| id.to_string()),
            since,
            new.place.0,
            new.place.1,
        ])?;
    Ok(Ok(name))
}

fn free_name(connection: &Connection, parent: Option<Uuid>, name: &str) -> rusqlite::Result<Option<String>> {
    let parent = parent.map(|id| id.to_string());
    let mut taken = connection.prepare_cached(
        "SELECT 1 FROM workspaces
         WHERE ifnull(parent_id, '') = ifnull(?1, '') AND name = ?2 AND status <> 'removed'",
    )?;
    let suffixed = (2..=LAST_SUFFIX).map(|number| format!("{name} ({number})"));
    for candidate in std::iter::once(name.to_owned()).chain(suffixed) {
        if !taken.exists(params![parent, candidate])? {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
}

/// The row of this id, removed or not.
pub(crate) fn find(connection: &Connection, id: Uuid) -> rusqlite::Result<Option<Workspace>> {
    connection
        .prepare_cached("SELECT * FROM workspaces WHERE id = ?1")?
        .query_row(params![id.to_string()], workspace)
        .optional()
}

/// The live row of this name under this parent.
pub(crate) fn named(
    connection: &Connection,
    parent: Option<Uuid>,
    name: &str,
) -> rusqlite::Result<Option<Workspace>> {
    connection
        .prepare_cached(
            "SELECT * FROM workspaces
             WHERE ifnull(parent_id, '') = ifnull(?1, '') AND name = ?2 AND status <> 'removed'",
        )?
        .query_row(params![parent.map(|id| id.to_string()), name], workspace)
        .optional()
}

/// Every live row, oldest first.
pub(crate) fn list(connection: &Connection) -> rusqlite::Result<Vec<Workspace>> {
    connection
        .prepare_cached("SELECT * FROM workspaces WHERE status <> 'removed' ORDER BY seq")?
        .query_map([], workspace)?
        .collect()
}

/// The live concierge.
pub(crate) fn concierge(connection: &Connection) -> rusqlite::Result<Option<Workspace>> {
    connection
        .prepare_cached("SELECT * FROM workspaces WHERE kind = 'platform' AND status <> 'removed'")?
        .query_row([], workspace)
        .optional()
}

/// The live rows that stand under nobody, oldest first.
pub(crate) fn roots(connection: &Connection) -> rusqlite::Result<Vec<Workspace>> {
    connection
        .prepare_cached(
            "SELECT * FROM workspaces WHERE parent_id IS NULL AND status <> 'removed' ORDER BY seq",
        )?
        .query_map([], workspace)?
        .collect()
}

/// The live rows right under this one, oldest first.
pub(crate) fn children(connection: &Connection, id: Uuid) -> rusqlite::Result<Vec<Workspace>> {
    connection
        .prepare_cached("SELECT * FROM workspaces WHERE parent_id = ?1 AND status <> 'removed' ORDER BY seq")?
        .query_map(params![id.to_string()], workspace)?
        .collect()
}

/// The live rows anywhere under this one, deepest first.
pub(crate) fn descendants(connection: &Connection, id: Uuid) -> rusqlite::Result<Vec<Workspace>> {
    connection
        .prepare_cached(
            "WITH RECURSIVE below (id, depth) AS (
                 SELECT id, 1 FROM workspaces WHERE parent_id = ?1 AND status <> 'removed'
                 UNION
                 SELECT w.id, depth + 1 FROM workspaces w JOIN below ON w.parent_id = below.id
                 WHERE w.status <> 'removed')
             SELECT w.* FROM workspaces w JOIN below USING (id) ORDER BY depth DESC, seq",
        )?
        .query_map(params![id.to_string()], workspace)?
        .collect()
}

/// Puts a live row back to `provisioning` without an address. False where there is no such row.
pub(crate) fn begin_provisioning(connection: &Connection, id: Uuid) -> rusqlite::Result<bool> {
    changed(
        connection
            .prepare_cached(
                "UPDATE workspaces SET status = 'provisioning', url = '', provisioning_since_ms = ?2
         WHERE id = ?1 AND status <> 'removed'",
            )?
            .execute(params![id.to_string(), now_ms()]),
    )
}

/// Writes a failure's text and the status with it. False where there is no such live row.
pub(crate) fn fail(connection: &Connection, id: Uuid, error: &str) -> rusqlite::Result<bool> {
    changed(connection.prepare_cached(
        "UPDATE workspaces SET status = 'failed', last_sample_error = ?2 WHERE id = ?1 AND status <> 'removed'",
    )?
    .execute(params![id.to_string(), error]))
}

/// Writes how an agent that runs elsewhere stands.
pub(crate) fn set_external(
    connection: &Connection,
    id: Uuid,
    status: Status,
    url: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE workspaces SET status = ?2, url = ?3 WHERE id = ?1")?
        .execute(params![id.to_string(), status.as_str(), url])?;
    Ok(())
}

/// Keeps or forgets the workspace's own say in who pays.
pub(crate) fn set_billing_mode(
    connection: &Connection,
    id: Uuid,
    mode: Option<Mode>,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE workspaces SET billing_mode = ?2 WHERE id = ?1")?
        .execute(params![id.to_string(), mode.map(Mode::as_str)])?;
    Ok(())
}

/// Keeps the secret with which the tenant proves itself to the box.
pub(crate) fn set_inbound_secret(connection: &Connection, id: Uuid, secret: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE workspaces SET inbound_secret = ?2 WHERE id = ?1")?
        .execute(params![id.to_string(), secret])?;
    Ok(())
}

/// Keeps or forgets which box serves the row.
pub(crate) fn set_instance(
    connection: &Connection,
    id: Uuid,
    instance: Option<&str>,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE workspaces SET instance_id = ?2 WHERE id = ?1")?
        .execute(params![id.to_string(), instance])?;
    Ok(())
}

/// Writes what a register said, and `online` unless the row is parked.
pub(crate) fn register(
    connection: &Connection,
    id: Uuid,
    (url, card): (&str, &Value),
    status: Status,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE workspaces SET url = ?2, agent_card = ?3,
                 status = CASE WHEN status IN ('paused', 'hibernated', 'hibernating') THEN status ELSE ?4 END
             WHERE id = ?1 AND status <> 'removed'",
        )?
        .execute(params![id.to_string(), url, card.to_string(), status.as_str()])?;
    Ok(())
}

/// Writes what a heartbeat said, and the status that follows from it.
pub(crate) fn beat(
    connection: &Connection,
    beat: &wire::Heartbeat,
    id: Uuid,
    status: Status,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE workspaces SET last_error_rate = ?2, last_sample_error = ?3, active_tasks = ?4,
                 uptime_seconds = ?5, current_task = ?6, status = ?7
             WHERE id = ?1 AND status <> 'removed'",
        )?
        .execute(params![
            id.to_string(),
            beat.error_rate,
            beat.sample_error,
            beat.active_tasks,
            beat.uptime_seconds,
            beat.current_task,
            status.as_str(),
        ])?;
    Ok(())
}

/// Marks a row deleted; its name is free from now on.
pub(crate) fn remove(connection: &Connection, id: Uuid) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE workspaces SET status = 'removed', removed_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
             WHERE id = ?1",
        )?
        .execute(params![id.to_string()])?;
    Ok(())
}

/// Live rows that have been `provisioning` since before this moment.
pub(crate) fn stuck_since(connection: &Connection, before_ms: i64) -> rusqlite::Result<Vec<Workspace>> {
    connection
        .prepare_cached(
            "SELECT * FROM workspaces WHERE status = 'provisioning' AND provisioning_since_ms < ?1 ORDER BY seq",
        )?
        .query_map(params![before_ms], workspace)?
        .collect()
}

/// Deleted rows whose box is not known to be gone.
pub(crate) fn removed_with_box(connection: &Connection) -> rusqlite::Result<Vec<Workspace>> {
    connection
        .prepare_cached("SELECT * FROM workspaces WHERE status = 'removed' AND instance_id IS NOT NULL")?
        .query_map([], workspace)?
        .collect()
}

/// Makes this row the only concierge and every other root its child. The row must exist.
pub(crate) fn crown(connection: &Connection, id: Uuid) -> rusqlite::Result<()> {
    let id = id.to_string();
    connection
        .prepare_cached("UPDATE workspaces SET kind = 'workspace' WHERE kind = 'platform' AND id <> ?1")?
        .execute(params![id])?;
    connection
        .prepare_cached("UPDATE workspaces SET kind = 'platform', parent_id = NULL WHERE id = ?1")?
        .execute(params![id])?;
    connection
        .prepare_cached(
            "UPDATE workspaces SET parent_id = ?1 WHERE parent_id IS NULL AND id <> ?1 AND status <> 'removed'",
        )?
        .execute(params![id])?;
    Ok(())
}

fn changed(count: rusqlite::Result<usize>) -> rusqlite::Result<bool> {
    Ok(count? > 0)
}

fn kind_text(kind: WorkspaceKind) -> &'static str {
    match kind {
        WorkspaceKind::Workspace => "workspace",
        WorkspaceKind::Platform => "platform",
    }
}

fn workspace(row: &Row<'_>) -> rusqlite::Result<Workspace> {
    let card: Option<String> = row.get("agent_card")?;
    let status: String = row.get("status")?;
    let kind: String = row.get("kind")?;
    Ok(Workspace {
        id: parsed(&row.get::<_, String>("id")?),
        name: row.get("name")?,
        role: row.get("role")?,
        kind: if kind == "platform" { WorkspaceKind::Platform } else { WorkspaceKind::Workspace },
        tier: row.get("tier")?,
        runtime: row.get("runtime")?,
        status: Status::from_wire(&status).unwrap_or(Status::Offline),
        parent_id: row.get::<_, Option<String>>("parent_id")?.as_deref().map(parsed),
        url: row.get("url")?,
        instance_id: row.get("instance_id")?,
        inbound_secret: row.get("inbound_secret")?,
        agent_card: card.and_then(|text| serde_json::from_str(&text).ok()),
        last_sample_error: row.get("last_sample_error")?,
        last_error_rate: row.get("last_error_rate")?,
        active_tasks: row.get("active_tasks")?,
        uptime_seconds: row.get("uptime_seconds")?,
        current_task: row.get("current_task")?,
        removed_at: row.get("removed_at")?,
        billing_mode: row.get::<_, Option<String>>("billing_mode")?.as_deref().and_then(Mode::from_word),
        place: (row.get("x")?, row.get("y")?),
    })
}

/// Ids are written by this file alone, from a [`Uuid`]; what a foreign hand wrote into the file reads as nil.
fn parsed(id: &str) -> Uuid {
    id.parse().unwrap_or_default()
}
