//! The tables and what holds between them.

use rusqlite::Connection;

/// Text times are RFC 3339 with milliseconds, as the wire shows them; `*_ms` are milliseconds since 1970.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS workspaces (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    role TEXT,
    kind TEXT NOT NULL DEFAULT 'workspace' CHECK (kind IN ('workspace', 'platform')),
    tier INTEGER NOT NULL,
    runtime TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('provisioning', 'online', 'offline', 'degraded', 'failed', 'removed',
        'paused', 'hibernated', 'hibernating', 'awaiting_agent')),
    parent_id TEXT REFERENCES workspaces(id) CHECK (parent_id <> id),
    url TEXT NOT NULL DEFAULT '',
    instance_id TEXT,
    inbound_secret TEXT,
    agent_card TEXT,
    last_sample_error TEXT NOT NULL DEFAULT '',
    last_error_rate REAL NOT NULL DEFAULT 0,
    active_tasks INTEGER NOT NULL DEFAULT 0,
    uptime_seconds INTEGER NOT NULL DEFAULT 0,
    current_task TEXT NOT NULL DEFAULT '',
    provisioning_since_ms INTEGER,
    removed_at TEXT,
    billing_mode TEXT CHECK (billing_mode IN ('platform_managed', 'byok', 'disabled')),
    x REAL NOT NULL DEFAULT 0,
    y REAL NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS live_name ON workspaces (ifnull(parent_id, ''), name) WHERE status <> 'removed';
CREATE UNIQUE INDEX IF NOT EXISTS one_platform ON workspaces (kind) WHERE kind = 'platform';
CREATE INDEX IF NOT EXISTS by_parent ON workspaces (parent_id);

CREATE TABLE IF NOT EXISTS workspace_secrets (
    workspace_id TEXT NOT NULL REFERENCES workspaces(id),
    key TEXT NOT NULL CHECK (key <> ''),
    value TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    PRIMARY KEY (workspace_id, key)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS global_secrets (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    value TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS tokens (
    digest TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces(id),
    kind TEXT NOT NULL CHECK (kind IN ('instance', 'api')),
    revoked INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1))
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS live_tokens ON tokens (workspace_id, kind) WHERE revoked = 0;

CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    event_type TEXT NOT NULL,
    workspace_id TEXT NOT NULL REFERENCES workspaces(id),
    payload TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);
CREATE INDEX IF NOT EXISTS by_workspace ON events (workspace_id, seq);
";

/// Sets the connection up and makes the tables. In memory the journal mode stays `memory`; a file gets its log.
pub(crate) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.execute_batch(TABLES)
}
