//! The promises of a platform, as a closed schema.

use std::time::Duration;

use document::Time;
use serde::Deserialize;

use crate::PerEntry;

/// What a platform promises. Read from `fixtures/contracts/<name>.yaml`; unknown keys are refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// The name it is chosen by.
    pub name: String,
    /// What it stands for, in a sentence.
    pub title: String,
    /// Where its facts come from.
    pub source: String,
    /// The registry that goes with it.
    pub registry: String,
    /// The runtimes that the platform knows.
    pub known_runtimes: Vec<String>,
    /// The runtime of a create that names none (defects §2, "Runtime when omitted").
    pub default_runtime: String,
    /// The concierge (tenant-api §1.3).
    pub concierge: ConciergePromise,
    /// The tier that a SaaS tenant gives every member, whatever was asked for (tenant-api §2.3).
    pub saas_tier: i64,
    /// What becomes of a create without a model (D-11).
    pub omitted_model: PerEntry<MissingModel>,
    /// What becomes of a blank model.
    pub blank_model: PerEntry<MissingModel>,
    /// What becomes of a vendor's id without that vendor's key (D-02, D-03).
    pub keyless_vendor_id: PerEntry<KeylessVendorId>,
    /// What becomes of an id that belongs to no arm.
    pub unregistered_id: PerEntry<UnregisteredId>,
    /// What becomes of a vendor's key in the payload of a platform-billed id (tenant-api §2.4 #19).
    pub payload_key: PayloadKey,
    /// Where a member without a parent stands (D-13).
    pub root_parent: PerEntry<RootParent>,
    /// What a failure at provisioning tells, and where (D-04, D-05).
    pub failure: FailurePromise,
    /// The platform's clocks (tenant-api §4.4).
    pub timers: Timers,
    /// What the agent is told of `provision_workspace` (D-17).
    pub provision_tool: ToolText,
}

/// The concierge that a fresh tenant gets.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConciergePromise {
    /// Its runtime.
    pub runtime: String,
    /// Its tier.
    pub tier: i64,
    /// Which model it runs on when nobody chose one (D-12).
    pub model: MissingModel,
}

/// What stands in for a model that was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingModel {
    /// The runtime's template default where that is platform-billed, else the first id of its platform arm (DESIGN §5).
    PlatformDefault,
}

/// What becomes of a vendor's id without its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeylessVendorId {
    /// Accepted, then `failed` with `MISSING_BYOK_CREDENTIAL`.
    FailsAtProvisioning,
}

/// What becomes of an id that no arm of the runtime owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnregisteredId {
    /// 422 `UNREGISTERED_MODEL_FOR_RUNTIME`, and nothing changed.
    Refused,
    /// Accepted, then `failed` with `UNREGISTERED_MODEL_FOR_RUNTIME`.
    FailsAtProvisioning,
}

/// What becomes of a vendor's key in the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayloadKey {
    /// 400 where the id is platform-billed; accepted where it is a vendor's.
    RefusedOnPlatformIds,
}

/// Where a member without a parent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RootParent {
    /// Under the tenant's concierge.
    Concierge,
    /// As it is: the entry makes no row.
    Unchanged,
}

/// Where a reason is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// The row in `GET /workspaces`.
    List,
    /// The row in `GET /workspaces/:id`.
    Read,
    /// The event `WORKSPACE_PROVISION_FAILED`.
    Event,
    /// The text that a tool call answered.
    ToolResult,
    /// The chat.
    User,
}

/// What a reason names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// The id that was asked for.
    Model,
    /// Key names that would do.
    AcceptedKeys,
    /// A platform-billed id of the same runtime.
    Alternative,
}

/// What a failure at provisioning tells, and where.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailurePromise {
    /// Every place that shows the reason; the same text in each.
    pub surfaces: Vec<Surface>,
    /// What the reason names.
    pub names: Vec<Word>,
}

/// The platform's clocks. All are multiplied by `FIRSTRUN_TIME_SCALE`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timers {
    /// How long a provision may take before it is given up.
    pub provision: Time,
    /// How long a row may stay `provisioning`.
    pub stuck_provisioning: Time,
    /// How often that is looked at.
    pub sweep: Time,
    /// Restarts caused by a changed model or secret: further ones inside this window are dropped.
    pub restart_debounce: Time,
}

impl Timers {
    /// The same clocks, multiplied.
    pub fn scaled(&self, factor: f64) -> Self {
        let scale = |time: &Time| Time(time.0.mul_f64(factor).max(Duration::from_millis(1)));
        Self {
            provision: scale(&self.provision),
            stuck_provisioning: scale(&self.stuck_provisioning),
            sweep: scale(&self.sweep),
            restart_debounce: scale(&self.restart_debounce),
        }
    }
}

/// What the agent is told of `provision_workspace`. `$platform_ids` stands for a list of platform-billed ids a
/// runtime, which the platform renders from its registry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolText {
    /// The tool's own description.
    pub description: String,
    /// The description of its argument `model`.
    pub model: String,
}
