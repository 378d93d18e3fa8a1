//! The control plane's wire (tenant-api §1.4).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::WorkspaceKind;

/// `POST /cp/admin/orgs`: a new organisation signs up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreateOrg {
    /// Unique among orgs; 409 on a collision.
    pub slug: String,
    /// For people.
    pub name: String,
    /// Who signed up.
    pub owner_user_id: String,
}

/// The 201 of `POST /cp/admin/orgs`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreatedOrg {
    /// The org's id, sent to its tenant as `MOLECULE_ORG_ID`.
    pub id: String,
    /// As asked for.
    pub slug: String,
}

/// `GET /cp/admin/orgs`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrgList {
    /// In the order they signed up.
    pub orgs: Vec<OrgState>,
}

/// One org in `GET /cp/admin/orgs`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrgState {
    /// The org's id.
    pub id: String,
    /// Its slug.
    pub slug: String,
    /// `provisioning`, `running` or `failed`.
    pub instance_status: String,
    /// Where its tenant listens, once it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The concierge's workspace id, once it is installed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_agent_id: Option<String>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// `GET /cp/admin/orgs/:slug/admin-token`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrgToken {
    /// The tenant's admin token.
    pub admin_token: String,
}

/// `POST /cp/workspaces/provision`, from a tenant. `env` is the box's whole environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProvisionRequest {
    /// The tenant's org.
    pub org_id: String,
    /// The row that the box is for.
    pub workspace_id: String,
    /// The same for every try of one provision; only of the newest servers. What was tried before must not start another
    /// box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// The runtime to start.
    pub runtime: String,
    /// The template behind it; only of the newest servers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Capability level.
    pub tier: i64,
    /// Only sent for the concierge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<WorkspaceKind>,
    /// Always there, empty in this journey.
    #[serde(default)]
    pub display: BTreeMap<String, serde_json::Value>,
    /// Where the box finds its tenant.
    pub platform_url: String,
    /// Every variable of the box.
    pub env: BTreeMap<String, String>,
    /// Name to base64; not sent on restarts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_files: Option<BTreeMap<String, String>>,
}

/// `POST /cp/workspaces/ensure-image`, from the newest servers before a restart: any 2xx lets it go on, 501 too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnsureImage {
    /// The tenant's org.
    pub org_id: String,
    /// The row that is restarted.
    pub workspace_id: String,
    /// Its runtime.
    pub runtime: String,
    /// The template behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// `GET /cp/admin/workspaces/:id/console`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConsoleAnswer {
    /// What the box's machine said.
    pub output: String,
}

/// The answer to a provision: a tenant accepts exactly 201 with this body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProvisionAnswer {
    /// The box's id.
    pub instance_id: String,
    /// `running`.
    pub state: String,
}

/// `GET /cp/workspaces/:id/status`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatusAnswer {
    /// `running`; anything else makes the tenant restart the box.
    pub state: String,
}
