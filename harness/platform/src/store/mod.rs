//! A tenant's database: SQLite behind one connection.
//!
//! Statements take microseconds, so handlers call them in place; no lock is held over an await. One file a table:
//! `workspaces`, `secrets`, `tokens`, `events`; `schema` holds the constraints that they rest on.

pub(crate) mod events;
mod schema;
pub(crate) mod secrets;
pub(crate) mod tokens;
pub(crate) mod workspaces;

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::watch;

use crate::settings::StorePlace;

/// How many compiled statements the connection keeps.
const CACHED_STATEMENTS: usize = 64;

/// The database of one tenant.
pub(crate) struct Store {
    connection: Mutex<Connection>,
    /// Told after every piece of work; whoever listens looks for itself.
    changed: watch::Sender<()>,
}

impl Store {
    /// Opens the database and makes its tables where they are missing.
    pub(crate) fn open(place: &StorePlace) -> rusqlite::Result<Self> {
        let connection = match place {
            StorePlace::Memory => Connection::open_in_memory()?,
            StorePlace::File(path) => Connection::open(path)?,
        };
        connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
        schema::prepare(&connection)?;
        Ok(Self { connection: Mutex::new(connection), changed: watch::Sender::new(()) })
    }

    /// Runs statements that each stand alone.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let before = connection.total_changes();
        let result = work(&connection);
        self.tell(connection.total_changes() != before);
        result
    }

    /// Tells when something was written.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    fn tell(&self, wrote: bool) {
        if wrote && self.changed.receiver_count() > 0 {
            self.changed.send_replace(());
        }
    }

    /// Runs statements of which all or none take effect: an error of any kind rolls them back.
    pub(crate) fn transaction<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        self.tell(true);
        Ok(result)
    }
}

/// Milliseconds since 1970, as the tables keep time that is compared.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;
    use wire::{EventName, Status, WorkspaceKind};

    use super::tokens::TokenKind;
    use super::workspaces::NewWorkspace;
    use super::*;

    fn new(name: &str, parent_id: Option<Uuid>) -> NewWorkspace {
        NewWorkspace {
            id: Uuid::new_v4(),
            name: name.to_owned(),
            role: None,
            kind: WorkspaceKind::Workspace,
            tier: 4,
            runtime: "claude-code".to_owned(),
            status: Status::Provisioning,
            parent_id,
            place: (0.0, 0.0),
        }
    }

    fn insert(store: &Store, row: &NewWorkspace) -> String {
        store.with(|store| workspaces::insert(store, row)).unwrap().unwrap()
    }

    #[test]
    fn a_taken_name_is_numbered_until_the_numbers_run_out_and_a_removed_row_frees_it() {
        let store = Store::open(&StorePlace::Memory).unwrap();
        let first = new("Researcher", None);
        assert_eq!(insert(&store, &first), "Researcher");
        assert_eq!(insert(&store, &new("Researcher", None)), "Researcher (2)");
        assert_eq!(insert(&store, &new("Researcher", Some(first.id))), "Researcher");
        for number in 3..=21 {
            assert_eq!(insert(&store, &new("Researcher", None)), format!("Researcher ({number})"));
        }
        assert!(store.with(|store| workspaces::insert(store, &new("Researcher", None))).unwrap().is_err());
        store.with(|store| workspaces::remove(store, first.id)).unwrap();
        assert_eq!(insert(&store, &new("Researcher", None)), "Researcher");
    }

    #[test]
    fn a_second_concierge_and_a_parent_from_nowhere_are_refused_by_the_tables() {
        let store = Store::open(&StorePlace::Memory).unwrap();
        let orphan = new("A", Some(Uuid::new_v4()));
        assert!(store.with(|store| workspaces::insert(store, &orphan)).is_err());
        let platform = |name| NewWorkspace { kind: WorkspaceKind::Platform, ..new(name, None) };
        insert(&store, &platform("One"));
        assert!(store.with(|store| workspaces::insert(store, &platform("Two"))).is_err());
    }

    #[test]
    fn a_failed_transaction_leaves_no_trace() {
        let store = Store::open(&StorePlace::Memory).unwrap();
        let row = new("A", None);
        let result: rusqlite::Result<()> = store.transaction(|store| {
            workspaces::insert(store, &row)?.unwrap();
            secrets::set(store, row.id, "MODEL", "m")?;
            Err(rusqlite::Error::InvalidQuery)
        });
        assert!(result.is_err());
        assert!(store.with(workspaces::list).unwrap().is_empty());
        assert_eq!(store.with(|store| secrets::model(store, row.id)).unwrap(), None);
    }

    #[test]
    fn the_create_token_outlives_a_provision_and_does_not_stand_for_a_box() {
        let store = Store::open(&StorePlace::Memory).unwrap();
        let (row, other) = (new("A", None), new("B", None));
        insert(&store, &row);
        insert(&store, &other);
        store
            .with(|store| {
                let api = tokens::issue(store, row.id, TokenKind::Api)?;
                assert!(!tokens::has_live(store, row.id, TokenKind::Instance)?);
                let instance = tokens::issue(store, row.id, TokenKind::Instance)?;
                assert!(
                    tokens::holds(store, row.id, &instance)?
                        && tokens::has_live(store, row.id, TokenKind::Instance)?
                );
                assert!(!tokens::holds(store, other.id, &instance)?);
                tokens::revoke(store, row.id, TokenKind::Instance)?;
                assert!(!tokens::holds(store, row.id, &instance)? && tokens::holds(store, row.id, &api)?);
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn a_file_keeps_rows_events_and_secrets_over_a_restart_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let place = StorePlace::File(folder.path().join("tenant.db"));
        let root = new("Root", None);
        let child = new("Child", Some(root.id));
        let store = Store::open(&place).unwrap();
        insert(&store, &root);
        insert(&store, &child);
        store
            .with(|store| {
                secrets::set(store, child.id, "MODEL", "m")?;
                events::append(
                    store,
                    EventName::WorkspaceProvisioning,
                    child.id,
                    &json!({ "name": "Child" }),
                )?;
                events::append(store, EventName::WorkspaceOnline, child.id, &json!({}))
            })
            .unwrap();
        drop(store);
        let store = Store::open(&place).unwrap();
        let below = store.with(|store| workspaces::descendants(store, root.id)).unwrap();
        assert_eq!(below.len(), 1);
        assert_eq!(below[0].parent_id, Some(root.id));
        let newest = store.with(|store| events::newest(store, Some(child.id))).unwrap();
        assert!(newest[0].is(EventName::WorkspaceOnline) && newest[1].is(EventName::WorkspaceProvisioning));
        assert_eq!(store.with(|store| secrets::model(store, child.id)).unwrap().as_deref(), Some("m"));
    }
}
