//! The table of stored events (tenant-api §4.8, §6.3).

use rusqlite::{Connection, Row, params};
use serde_json::{Map, Value};
use uuid::Uuid;
use wire::{EventName, StoredEvent};

/// How many events one answer holds; older ones can't be read over the wire.
const EVENTS_SHOWN: i64 = 100;

/// Stores an event; `payload` is an object.
pub(crate) fn append(
    connection: &Connection,
    name: EventName,
    workspace: Uuid,
    payload: &Value,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO events (id, event_type, workspace_id, payload) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            Uuid::new_v4().to_string(),
            name.as_str(),
            workspace.to_string(),
            payload.to_string()
        ])?;
    Ok(())
}

/// The newest events of one workspace, or of all, newest first.
pub(crate) fn newest(connection: &Connection, workspace: Option<Uuid>) -> rusqlite::Result<Vec<StoredEvent>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, event_type, workspace_id, payload, created_at FROM events
         WHERE ?1 IS NULL OR workspace_id = ?1 ORDER BY seq DESC LIMIT ?2",
    )?;
    statement.query_map(params![workspace.map(|id| id.to_string()), EVENTS_SHOWN], event)?.collect()
}

/// The place of the newest event.
pub(crate) fn last(connection: &Connection) -> rusqlite::Result<i64> {
    connection.prepare_cached("SELECT ifnull(max(seq), 0) FROM events")?.query_row([], |row| row.get(0))
}

/// The events of a workspace after this place, oldest first, and the place of the newest.
pub(crate) fn since(
    connection: &Connection,
    workspace: Uuid,
    after: i64,
) -> rusqlite::Result<(i64, Vec<StoredEvent>)> {
    let last = last(connection)?;
    let mut statement = connection.prepare_cached(
        "SELECT id, event_type, workspace_id, payload, created_at FROM events
         WHERE workspace_id = ?1 AND seq > ?2 ORDER BY seq",
    )?;
    let fresh =
        statement.query_map(params![workspace.to_string(), after], event)?.collect::<Result<_, _>>()?;
    Ok((last, fresh))
}

fn event(row: &Row<'_>) -> rusqlite::Result<StoredEvent> {
    let payload: String = row.get("payload")?;
    Ok(StoredEvent {
        id: row.get("id")?,
        event_type: row.get("event_type")?,
        workspace_id: row.get("workspace_id")?,
        payload: serde_json::from_str::<Map<String, Value>>(&payload).unwrap_or_default(),
        created_at: row.get("created_at")?,
    })
}
