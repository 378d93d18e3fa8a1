//! The tables of secrets: one scope a workspace, one for the whole tenant. A workspace's model is its secret `MODEL`.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use uuid::Uuid;

/// The key under which a workspace's model id stands.
pub(crate) const MODEL_KEY: &str = "MODEL";

/// A secret as a list shows it: never its value.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SecretLine {
    pub(crate) key: String,
    pub(crate) has_value: bool,
    pub(crate) scope: String,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
}

/// Writes a workspace's secret, over an older one.
pub(crate) fn set(connection: &Connection, workspace: Uuid, key: &str, value: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO workspace_secrets (workspace_id, key, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (workspace_id, key) DO UPDATE
             SET value = ?3, updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
        )?
        .execute(params![workspace.to_string(), key, value])?;
    Ok(())
}

/// Writes a tenant-wide secret, over an older one.
pub(crate) fn set_global(connection: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO global_secrets (key, value) VALUES (?1, ?2)
             ON CONFLICT (key) DO UPDATE
             SET value = ?2, updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
        )?
        .execute(params![key, value])?;
    Ok(())
}

/// Removes a workspace's secret; false where there was none.
pub(crate) fn delete(connection: &Connection, workspace: Uuid, key: &str) -> rusqlite::Result<bool> {
    let gone = connection
        .prepare_cached("DELETE FROM workspace_secrets WHERE workspace_id = ?1 AND key = ?2")?
        .execute(params![workspace.to_string(), key])?;
    Ok(gone > 0)
}

/// Removes a tenant-wide secret; false where there was none.
pub(crate) fn delete_global(connection: &Connection, key: &str) -> rusqlite::Result<bool> {
    Ok(connection.prepare_cached("DELETE FROM global_secrets WHERE key = ?1")?.execute(params![key])? > 0)
}

/// The stored model id, as it stands; `None` where none was ever stored.
pub(crate) fn model(connection: &Connection, workspace: Uuid) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT value FROM workspace_secrets WHERE workspace_id = ?1 AND key = ?2")?
        .query_row(params![workspace.to_string(), MODEL_KEY], |row| row.get(0))
        .optional()
}

/// Every secret of a workspace, name to value.
pub(crate) fn all(connection: &Connection, workspace: Uuid) -> rusqlite::Result<BTreeMap<String, String>> {
    connection
        .prepare_cached("SELECT key, value FROM workspace_secrets WHERE workspace_id = ?1")?
        .query_map(params![workspace.to_string()], pair)?
        .collect()
}

/// Every tenant-wide secret, name to value.
pub(crate) fn all_global(connection: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    connection.prepare_cached("SELECT key, value FROM global_secrets")?.query_map([], pair)?.collect()
}

/// What stands in a workspace's list: its own secrets, and the tenant-wide ones that it does not override.
pub(crate) fn lines(connection: &Connection, workspace: Uuid) -> rusqlite::Result<Vec<SecretLine>> {
    connection
        .prepare_cached(
            "SELECT key, value <> '' AS has_value, 'workspace' AS scope, created_at, updated_at
             FROM workspace_secrets WHERE workspace_id = ?1
             UNION ALL
             SELECT key, value <> '', 'global', created_at, updated_at FROM global_secrets
             WHERE key NOT IN (SELECT key FROM workspace_secrets WHERE workspace_id = ?1)
             ORDER BY key",
        )?
        .query_map(params![workspace.to_string()], line)?
        .collect()
}

/// What stands in the tenant-wide list.
pub(crate) fn global_lines(connection: &Connection) -> rusqlite::Result<Vec<SecretLine>> {
    connection
        .prepare_cached(
            "SELECT key, value <> '' AS has_value, 'global' AS scope, created_at, updated_at
             FROM global_secrets ORDER BY key",
        )?
        .query_map([], line)?
        .collect()
}

fn pair(row: &Row<'_>) -> rusqlite::Result<(String, String)> {
    Ok((row.get(0)?, row.get(1)?))
}

fn line(row: &Row<'_>) -> rusqlite::Result<SecretLine> {
    Ok(SecretLine {
        key: row.get("key")?,
        has_value: row.get("has_value")?,
        scope: row.get("scope")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
