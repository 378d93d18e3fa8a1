//! Giving a row up: the event first, then the row, with the same text (tenant-api §4.2).

use contract::Surface;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use wire::{Code, EventName};

use crate::store::workspaces::Workspace;
use crate::store::{events, workspaces};
use crate::tenant::Tenant;

/// Why a row is given up.
#[derive(Debug)]
pub(crate) struct Failure {
    /// For people; the same on the record and on the event.
    pub(crate) error: String,
    /// What else the event says.
    pub(crate) details: Map<String, Value>,
}

impl Failure {
    /// The control plane did not start a box. Why is its secret.
    pub(crate) fn start_refused() -> Self {
        Self::new("provisioning failed".to_owned(), Value::Null)
    }

    /// A vendor's id without its key.
    pub(crate) fn no_key(error: String) -> Self {
        let code = Code::MissingByokCredential;
        Self::new(error, json!({ "code": code, "billing_mode": "byok", "issue": "1994" }))
    }

    /// An id that no arm of the runtime owns.
    pub(crate) fn unregistered(error: String) -> Self {
        Self::new(error, json!({ "code": Code::UnregisteredModelForRuntime }))
    }

    /// No id and no default for it.
    pub(crate) fn missing_model(runtime: &str) -> Self {
        let error = format!("no model is stored, and the platform pays for none on runtime `{runtime}`");
        Self::new(error, json!({ "code": Code::MissingModel }))
    }

    /// Nobody registered in time.
    pub(crate) fn timed_out(row: &Workspace, limit: std::time::Duration) -> Self {
        let error = format!("no box of this {} workspace registered within {limit:?}", row.runtime);
        let details = json!({
            "timeout_secs": limit.as_millis().div_ceil(1000),
            "runtime": row.runtime,
            "source": "provision_timeout_sweep",
        });
        Self::new(error, details)
    }

    fn new(error: String, details: Value) -> Self {
        let details = match details {
            Value::Object(details) => details,
            _ => Map::new(),
        };
        Self { error, details }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(%error, "the store refused a statement of a provision");
        Self::new("the store failed while the workspace was provisioned".to_owned(), Value::Null)
    }
}

/// Stores the event, then writes the row: two statements, so that a listener may read the row a moment before it flips.
pub(crate) fn give_up(tenant: &Tenant, id: Uuid, failure: &Failure) {
    if let Err(error) = write(tenant, id, failure) {
        tracing::error!(%error, workspace = %id, "a failure could not be written");
    }
}

fn write(tenant: &Tenant, id: Uuid, failure: &Failure) -> rusqlite::Result<()> {
    let row = tenant.store.with(|store| workspaces::find(store, id))?;
    if row.is_none_or(|row| row.is_removed()) {
        return Ok(());
    }
    let mut payload = failure.details.clone();
    if tenant.contract.failure.surfaces.contains(&Surface::Event) {
        payload.insert("error".to_owned(), json!(failure.error));
    }
    let payload = Value::Object(payload);
    tenant.store.with(|store| events::append(store, EventName::WorkspaceProvisionFailed, id, &payload))?;
    tenant.store.with(|store| workspaces::fail(store, id, &failure.error))?;
    Ok(())
}
