//! The table of workspace tokens. Only digests are kept: a token is known once, in the answer that made it.

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Handed to a box by its first register; revoked by the next provision.
    Instance,
    /// Handed out by the create answer; outlives provisions and does not stand for a box (D-23).
    Api,
}

impl TokenKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Api => "api",
        }
    }
}

/// Makes a token and answers with it.
pub(crate) fn issue(connection: &Connection, workspace: Uuid, kind: TokenKind) -> rusqlite::Result<String> {
    let token = fresh_secret();
    connection
        .prepare_cached("INSERT INTO tokens (digest, workspace_id, kind) VALUES (?1, ?2, ?3)")?
        .execute(params![digest(&token), workspace.to_string(), kind.as_str()])?;
    Ok(token)
}

/// True where this is a live token of this workspace, of either kind.
pub(crate) fn holds(connection: &Connection, workspace: Uuid, token: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM tokens WHERE digest = ?1 AND workspace_id = ?2 AND revoked = 0")?
        .exists(params![digest(token), workspace.to_string()])
}

/// True where this is a live token of any workspace.
pub(crate) fn is_live(connection: &Connection, token: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM tokens WHERE digest = ?1 AND revoked = 0")?
        .exists(params![digest(token)])
}

/// True where a live token of this kind exists.
pub(crate) fn has_live(connection: &Connection, workspace: Uuid, kind: TokenKind) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM tokens WHERE workspace_id = ?1 AND kind = ?2 AND revoked = 0")?
        .exists(params![workspace.to_string(), kind.as_str()])
}

/// Ends every token of this kind.
pub(crate) fn revoke(connection: &Connection, workspace: Uuid, kind: TokenKind) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE tokens SET revoked = 1 WHERE workspace_id = ?1 AND kind = ?2 AND revoked = 0",
        )?
        .execute(params![workspace.to_string(), kind.as_str()])?;
    Ok(())
}

/// 256 bits that nobody can guess, as text.
pub(crate) fn fresh_secret() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

fn digest(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
