//! Giving a row up: the event first, then the row, with the same text (tenant-api §4.2).

use contract::{DefectId, FailurePayer, Surface};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use wire::{Code, EventName};

use crate::billing::Mode;
use crate::reason;
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

    /// Nobody starts boxes for this tenant.
    pub(crate) fn no_backend() -> Self {
        Self::new("no backend is wired that could start a box for this workspace".to_owned(), Value::Null)
    }

    /// A vendor's id without its key.
    pub(crate) fn no_key(tenant: &Tenant, error: String) -> Self {
        let code = Code::MissingByokCredential;
        Self::new(error, payer_told(tenant, Mode::Byok, json!({ "code": code, "issue": "1994" })))
    }

    /// An id that no arm of the runtime owns.
    pub(crate) fn unregistered(error: String) -> Self {
        Self::new(error, json!({ "code": Code::UnregisteredModelForRuntime }))
    }

    /// No id and nothing that stands in for one.
    pub(crate) fn missing_model(tenant: &Tenant, mode: Mode) -> Self {
        let details = json!({ "code": Code::MissingModel, "issue": "2594" });
        let details = match tenant.contract.failure_payer {
            FailurePayer::BillingMode => payer_told(tenant, mode, details),
            FailurePayer::Routing => details,
        };
        Self::new(reason::MISSING_MODEL.to_owned(), details)
    }

    /// An id that the platform pays for, and no proxy.
    pub(crate) fn no_proxy(tenant: &Tenant, error: String) -> Self {
        let details = json!({ "code": Code::MissingPlatformProxy, "issue": "2162" });
        Self::new(error, payer_told(tenant, Mode::PlatformManaged, details))
    }

    /// A platform agent that nobody gave a model.
    pub(crate) fn no_identity() -> Self {
        let details = json!({ "code": Code::PlatformAgentIdentityGate });
        Self::new(reason::NO_IDENTITY.to_owned(), details)
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

/// What the event says, with who was to pay in the contract's words.
fn payer_told(tenant: &Tenant, mode: Mode, mut details: Value) -> Value {
    match tenant.contract.failure_payer {
        FailurePayer::BillingMode => details["billing_mode"] = json!(mode),
        FailurePayer::Routing => {
            details["routing"] = json!(if mode == Mode::Byok { "byok" } else { "platform" });
        }
    }
    details
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
    let error = if tenant.defects.has(DefectId::D05) { "" } else { failure.error.as_str() };
    let mut payload = failure.details.clone();
    if tenant.contract.refusals.at_provisioning.surfaces.contains(&Surface::Event) {
        payload.insert("error".to_owned(), json!(error));
    }
    let payload = Value::Object(payload);
    if !tenant.defects.has(DefectId::D53) {
        let name = EventName::WorkspaceProvisionFailed;
        tenant.store.with(|store| events::append(store, name, id, &payload))?;
    }
    tenant.store.with(|store| workspaces::fail(store, id, error))?;
    Ok(())
}
