//! The promises of a platform, as a closed schema.
//!
//! A promise that depends on how an id comes in has one value an entry. What nobody recorded and nobody wrote down is
//! `unpromised`: the oracle predicts nothing from it and the judge asks nothing of it.

use std::collections::BTreeMap;
use std::time::Duration;

use document::{Placed, Time};
use serde::Deserialize;

use crate::{
    AdminSecretWrites, Attribution, BadParent, BillingModeRoute, BootAdminToken, BootstrapRace, ByokWiring,
    ConciergeModel, ConciergeOnline, CreateToken, DefaultModelVariable, Entry, FailurePayer, KeyTest,
    KeylessVendorId, LoopbackAddresses, MalformedId, MissingModel, PayerRule, PayloadKey, PerEntry,
    RootParent, Rule, Signal, StoredId, Surface, UnregisteredId, Word,
};

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
    pub registry: Placed<String>,
    /// The runtimes that the platform knows.
    pub known_runtimes: KnownRuntimes,
    /// The runtime of a create that names none.
    pub default_runtime: Placed<String>,
    /// The concierge (tenant-api §1.3).
    pub concierge: ConciergePromise,
    /// The tier that every member gets.
    pub tier: Tiers,
    /// Who decides who pays (tenant-api §4.3).
    pub payer: Placed<PayerRule>,
    /// What becomes of a model id over 100 bytes or with a line break (tenant-api §2.4 #2).
    pub malformed_id: PerEntry<MalformedId>,
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
    /// The vendors' addresses that a box is told with their key: `X_BASE_URL` where there is an `X_API_KEY`, whoever
    /// pays (tenant-api §5.2).
    pub vendor_addresses: BTreeMap<String, Placed<String>>,
    /// Whether a box is told which provider was resolved (D-07).
    pub resolved_provider: Signal,
    /// Whether a box is told its billing mode (tenant-api §5.1).
    pub billing_variables: Signal,
    /// How the event of a failure says who was to pay (tenant-api §4.2).
    pub failure_payer: FailurePayer,
    /// Whether a member's first box is told a token for its configuration (tenant-api §1.4).
    pub config_boot_token: Signal,
    /// Whether a box is told the tenant's admin token (D-55).
    pub box_admin_token: Signal,
    /// What becomes of a workspace's secret that the admin writes (tenant-api §2.1).
    pub admin_secret_writes: AdminSecretWrites,
    /// Whether boxes may register this machine's own addresses (tenant-api §2.8).
    pub loopback_addresses: LoopbackAddresses,
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
    pub timers: Placed<Timers>,
    /// What the agent is told of `provision_workspace` (D-17).
    pub provision_tool: ToolText,
}

/// The runtimes that a platform knows (tenant-api §2.4, notes).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownRuntimes {
    /// With its manifest readable.
    pub with_manifest: RuntimeNames,
    /// Where `WORKSPACE_MANIFEST_PATH` names nothing readable.
    pub without_manifest: RuntimeNames,
    /// Runtimes whose agents run elsewhere: they get neither box nor model (tenant-api §1.5 C).
    #[serde(default)]
    pub external: RuntimeNames,
    /// Runtimes that no registry lists: they get a box, and their ids are not looked at.
    #[serde(default)]
    pub unlisted: RuntimeNames,
    /// More of these, known with a manifest only.
    #[serde(default)]
    pub unlisted_with_manifest: RuntimeNames,
}

impl KnownRuntimes {
    /// True where the platform, with its manifest, knows this runtime.
    pub fn contains(&self, runtime: &str) -> bool {
        self.with_manifest.contains(runtime)
    }

    /// The runtimes that the platform, with its manifest, knows.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.with_manifest.iter()
    }
}

/// Names of runtimes, each with its place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct RuntimeNames(pub Vec<Placed<String>>);

impl RuntimeNames {
    /// True where this runtime is among them.
    pub fn contains(&self, runtime: &str) -> bool {
        self.iter().any(|known| known == runtime)
    }

    /// The names alone.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|name| name.value.as_str())
    }
}

/// The concierge that a fresh tenant gets.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConciergePromise {
    /// Its runtime.
    pub runtime: Placed<String>,
    /// Its tier.
    pub tier: i64,
    /// Which model it runs on when nobody chose one (D-12).
    pub model: ConciergeModel,
    /// When its row comes online.
    #[serde(default)]
    pub online_at: ConciergeOnline,
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
    pub surfaces: Placed<Vec<Surface>>,
    /// What the reason names.
    pub names: Placed<Vec<Word>>,
    /// The runtimes on which the alternative that it names is accepted.
    #[serde(default)]
    pub alternative_is_usable_on: RuntimeNames,
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
    pub description: Placed<String>,
    /// The description of its argument `model`.
    pub model: Placed<String>,
    /// The rules that these texts state.
    pub states: Placed<Vec<Rule>>,
    /// The id that the tool itself sends where it was given none and its own environment names none (mcp §3, D-09).
    #[serde(default)]
    pub default_model: Option<Placed<String>>,
}

impl Contract {
    /// The promise about a refusal by this entry, in the place where this contract refuses a keyless vendor's id.
    pub fn refusal_of_keyless(&self, entry: Entry) -> &RefusalPromise {
        match self.keyless_vendor_id.of(entry) {
            KeylessVendorId::Refused => &self.refusals.early,
            KeylessVendorId::FailsAtProvisioning | KeylessVendorId::Proxied => &self.refusals.at_provisioning,
        }
    }
}
