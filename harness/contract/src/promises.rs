//! The promises of a platform, as a closed schema.
//!
//! A promise that depends on how an id comes in has one value an entry. What nobody recorded and nobody wrote down is
//! `unpromised`: the oracle predicts nothing from it and the judge asks nothing of it.

use std::time::Duration;

use document::Time;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Entry, PerEntry};

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
    pub known_runtimes: KnownRuntimes,
    /// The runtime of a create that names none.
    pub default_runtime: String,
    /// The concierge (tenant-api §1.3).
    pub concierge: ConciergePromise,
    /// The tier that every member gets.
    pub tier: Tiers,
    /// Who decides who pays (tenant-api §4.3).
    pub payer: PayerRule,
    /// What becomes of a create without a model (D-11).
    pub omitted_model: PerEntry<MissingModel>,
    /// What becomes of a blank model.
    pub blank_model: PerEntry<MissingModel>,
    /// What becomes of a vendor's id without that vendor's key (D-02, D-03).
    pub keyless_vendor_id: PerEntry<KeylessVendorId>,
    /// What becomes of an id that belongs to no arm.
    pub unregistered_id: PerEntry<UnregisteredId>,
    /// What becomes of a vendor's key in the payload (tenant-api §2.4 #19).
    pub payload_key: PerEntry<PayloadKey>,
    /// Where a member without a parent stands (D-13).
    pub root_parent: PerEntry<RootParent>,
    /// What becomes of a create under a parent that is not there (D-57, D-70).
    pub bad_parent: BadParent,
    /// Which keys open the provision step (D-33).
    pub provision_key_test: KeyTest,
    /// How an id is stored.
    pub stored_id: StoredId,
    /// Whether an import stores its model (D-10).
    pub import_stores_model: bool,
    /// What a read of a model says where none is stored (tenant-api §2.9).
    pub no_model_source: String,
    /// What `MOLECULE_LLM_DEFAULT_MODEL` in the server's environment does.
    pub default_model_variable: DefaultModelVariable,
    /// What a box that the tenant pays for is told beside its secrets (tenant-api §5.2, D-34).
    pub byok_wiring: ByokWiring,
    /// Whether a box is told which provider was resolved (D-07).
    pub resolved_provider: Signal,
    /// Whether a box is told the tenant's admin token (D-55).
    pub box_admin_token: Signal,
    /// Whether a tenant needs an admin token to boot (tenant-api §1.2).
    pub boot_admin_token: BootAdminToken,
    /// Whether the token of the 201 survives provisioning (D-23).
    pub create_token: CreateToken,
    /// Whether a box's first register may lose against that token (#2611).
    pub bootstrap_race: BootstrapRace,
    /// Whose model calls name their workspace (D-29).
    pub attribution: Attribution,
    /// The routes that not every platform has.
    pub routes: Routes,
    /// What a refusal tells, and where, for each place of refusal (scenarios/README.md, `refused`).
    pub refusals: Refusals,
    /// The platform's clocks (tenant-api §4.4).
    pub timers: Timers,
    /// What the agent is told of `provision_workspace` (D-17).
    pub provision_tool: ToolText,
}

/// The runtimes that a platform knows (tenant-api §2.4, notes).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownRuntimes {
    /// With its manifest readable.
    pub with_manifest: Vec<String>,
    /// Where `WORKSPACE_MANIFEST_PATH` names nothing readable.
    pub without_manifest: Vec<String>,
    /// Runtimes whose agents run elsewhere: they get neither box nor model (tenant-api §1.5 C).
    #[serde(default)]
    pub external: Vec<String>,
    /// Runtimes that no registry lists: they get a box, and their ids are not looked at.
    #[serde(default)]
    pub unlisted: Vec<String>,
    /// More of these, known with a manifest only.
    #[serde(default)]
    pub unlisted_with_manifest: Vec<String>,
}

impl KnownRuntimes {
    /// True where the platform, with its manifest, knows this runtime.
    pub fn contains(&self, runtime: &str) -> bool {
        self.with_manifest.iter().any(|known| known == runtime)
    }

    /// The runtimes that the platform, with its manifest, knows.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.with_manifest.iter().map(String::as_str)
    }
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
    pub model: ConciergeModel,
}

/// Which model a concierge runs on when nobody chose one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConciergeModel {
    /// The platform's default for its runtime.
    PlatformDefault,
    /// What the server's environment says, else none at all.
    ServerDefault,
    /// This id, stored at its first provision.
    Seeded(String),
}

/// The tier that every member gets, whatever was asked for (tenant-api §2.3).
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// On a SaaS tenant.
    pub saas: i64,
    /// On a self-hosted one, where nothing was asked for.
    pub self_hosted: i64,
}

/// Who decides who pays for a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayerRule {
    /// The arm that owns the id.
    Arm,
    /// The workspace's own billing mode, else the arm, else the platform where a proxy is wired.
    OverrideThenArm,
}

/// What stands in for a model that was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingModel {
    /// The runtime's template default where that is platform-billed, else the first id of its platform arm (DESIGN §5).
    PlatformDefault,
    /// Refused: 422 `MODEL_REQUIRED`, for an import 207 without a row.
    Refused,
    /// Accepted; the box runs on the server's own default, or is told no model at all.
    ServerDefault,
    /// Accepted, then `failed` with `MISSING_MODEL`.
    FailsAtProvisioning,
    /// The entry has no such case, or nobody recorded it.
    Unpromised,
}

/// What becomes of a vendor's id without its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeylessVendorId {
    /// 422 `MISSING_BYOK_CREDENTIAL`, and nothing changed.
    Refused,
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
    /// Accepted; goes online on the proxy with the id as typed.
    Proxied,
    /// The entry has no such case, or nobody recorded it.
    Unpromised,
}

/// What becomes of a vendor's key in the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayloadKey {
    /// 400 where the id is platform-billed; accepted where it is a vendor's.
    RefusedOnPlatformIds,
    /// 400 whatever the id, on a server with a wired proxy.
    RefusedWhereProxied,
    /// The entry has no payload for keys.
    NotOffered,
}

/// Where a member without a parent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RootParent {
    /// Under the tenant's concierge.
    Concierge,
    /// Under the concierge; without one, under the sole root if there is exactly one.
    ConciergeOrSoleRoot,
    /// Nowhere: it is a root.
    Nowhere,
    /// As it is: the entry makes no row.
    Unchanged,
}

/// What becomes of a create under a parent that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadParent {
    /// 400 for what is no id, 422 for an id that no live row has, each with a code.
    Refused,
    /// 500.
    ServerError,
}

/// Which keys open the provision step (registry §7). Only keys with a value count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyTest {
    /// A key that the arm accepts.
    ArmNames,
    /// Any of the 23 vendor names; global ones that the arm does not accept are taken away first.
    AnyVendorName,
}

/// How an id is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredId {
    /// Without white space at its ends.
    Trimmed,
    /// As it was typed.
    AsTyped,
}

/// What `MOLECULE_LLM_DEFAULT_MODEL` in the server's environment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultModelVariable {
    /// Nothing.
    Ignored,
    /// A box that would be told no model is told this one.
    FillsIn,
}

/// What a box that the tenant pays for is told beside its secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ByokWiring {
    /// Nothing.
    SecretsAlone,
    /// On claude-code the key under the name that its adapter reads, and the vendor's address.
    ClaudeCode,
    /// On every runtime the key under the name that its adapter reads, and the vendor's address.
    EveryRuntime,
}

/// Whether a tenant needs an admin token to boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BootAdminToken {
    /// It refuses to boot without one.
    Required,
    /// It boots; its admin routes then take any live workspace token.
    Optional,
}

/// Whether something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// It is.
    Sent,
    /// It is not.
    NotSent,
}

/// What becomes of the token in the 201.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreateToken {
    /// It stays good, and does not stand for a box.
    Survives,
    /// Provisioning revokes it, unless it comes too late; then it stands for a box.
    MayBeRevoked,
}

/// Whether a box's first register may be refused because of the create's token (#2611).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BootstrapRace {
    /// It may.
    Possible,
    /// It may not.
    Impossible,
}

/// Whose model calls name their workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribution {
    /// Nobody's.
    None,
    /// Those of claude-code boxes.
    ClaudeCode,
}

/// The routes that not every platform has.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routes {
    /// `GET /admin/llm/offered-models`.
    pub offered_models: bool,
    /// `GET`, `PUT /admin/workspaces/:id/llm-billing-mode`.
    pub billing_mode: BillingModeRoute,
    /// `POST /admin/workspaces/:id/restart`.
    pub admin_restart: bool,
}

/// What the billing-mode route answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingModeRoute {
    /// There is none.
    Absent,
    /// With the key `org_default`.
    WithOrgDefault,
    /// Without that key.
    WithoutOrgDefault,
}

/// What a refusal tells, for each place of refusal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusals {
    /// A 4xx of the entry itself.
    pub early: RefusalPromise,
    /// An accepted request whose row fails.
    pub at_provisioning: RefusalPromise,
}

/// What a refusal tells, and where.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusalPromise {
    /// Every place that shows the reason; the same text in each.
    pub surfaces: Vec<Surface>,
    /// What the reason names.
    pub names: Vec<Word>,
    /// The runtimes on which the alternative that it names is accepted.
    #[serde(default)]
    pub alternative_is_usable_on: Vec<String>,
}

/// Where a reason is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// The row in `GET /workspaces`.
    List,
    /// The row in `GET /workspaces/:id`.
    Read,
    /// The answer to a create.
    CreateAnswer,
    /// The event `WORKSPACE_PROVISION_FAILED`.
    Event,
    /// The text that a tool call answered.
    ToolResult,
    /// The chat.
    User,
}

/// What a reason names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// The id that was asked for.
    Model,
    /// Key names that would do.
    AcceptedKeys,
    /// A platform-billed id of the same runtime.
    Alternative,
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
    /// The rules that these texts state.
    pub states: Vec<Rule>,
}

/// A rule that a tool's text can state (mcp §8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Leaving the model out gives the platform's default.
    OmitMeansDefault,
    /// Ids written vendor, slash, model are paid by the platform.
    SlashIsPlatform,
    /// Bare ids and ids with a colon need the workspace's own key.
    BareOrColonNeedsKey,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::OmitMeansDefault, Self::SlashIsPlatform, Self::BareOrColonNeedsKey];

    /// The word for it in scenarios.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OmitMeansDefault => "omit_means_default",
            Self::SlashIsPlatform => "slash_is_platform",
            Self::BareOrColonNeedsKey => "bare_or_colon_needs_key",
        }
    }
}

impl Contract {
    /// The promise about a refusal by this entry, in the place where this contract refuses a keyless vendor's id.
    pub fn refusal_of_keyless(&self, entry: Entry) -> &RefusalPromise {
        match self.keyless_vendor_id.of(entry) {
            KeylessVendorId::Refused => &self.refusals.early,
            KeylessVendorId::FailsAtProvisioning => &self.refusals.at_provisioning,
        }
    }
}
