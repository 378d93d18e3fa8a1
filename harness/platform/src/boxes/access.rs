//! Which workspaces may talk to each other (tenant-api §7): a row with itself, with its siblings, with all above and
//! below it. Roots are no siblings: a member outside the concierge's tree is out of its reach (D-13).

use rusqlite::Connection;
use uuid::Uuid;

use crate::store::workspaces;

/// How many steps up a tree are followed.
const DEPTH_LIMIT: usize = 64;

/// True where a message from one to the other is allowed.
pub(crate) fn may_talk(store: &Connection, from: Uuid, to: Uuid) -> rusqlite::Result<bool> {
    if from == to {
        return Ok(true);
    }
    let (above_from, above_to) = (ancestors(store, from)?, ancestors(store, to)?);
    let siblings = !above_from.is_empty() && above_from.first() == above_to.first();
    Ok(siblings || above_from.contains(&to) || above_to.contains(&from))
}

/// The rows above this one, nearest first.
fn ancestors(store: &Connection, id: Uuid) -> rusqlite::Result<Vec<Uuid>> {
    let mut above = Vec::new();
    let mut next = workspaces::find(store, id)?.and_then(|row| row.parent_id);
    while let Some(id) = next.filter(|_| above.len() < DEPTH_LIMIT) {
        above.push(id);
        next = workspaces::find(store, id)?.and_then(|row| row.parent_id);
    }
    Ok(above)
}
