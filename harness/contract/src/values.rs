//! The values that a promise can have: closed sets, each value with what it means.

use document::Placed;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which model a concierge runs on when nobody chose one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConciergeModel {
    /// The platform's default for its runtime.
    PlatformDefault,
    /// What the server's environment says, else none at all.
    ServerDefault,
    /// This id, stored at its first provision.
    Seeded(Placed<String>),
    /// `MOLECULE_LLM_DEFAULT_MODEL` of the server's environment, else this id; stored at its first provision.
    ServerDefaultOr(Placed<String>),
}

/// When a concierge's row comes online.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConciergeOnline {
    /// As its box registers.
    #[default]
    Register,
    /// As a heartbeat says that its tools are at hand, or that its runtime knows nothing of them (tenant-api §4.5).
    ToolsReady,
}

/// Who decides who pays for a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayerRule {
    /// The arm that owns the id.
    Arm,
    /// The workspace's own billing mode, else the arm, else the platform where a proxy is wired.
    OverrideThenArm,
    /// The workspace's own billing mode, else the server's `MOLECULE_LLM_BILLING_MODE`, else as the arm says. Tenants of
    /// such a contract that have a proxy boot with `platform_managed` (tenant-api §0.2).
    OverrideThenServerThenArm,
    /// The arm that owns the id; the platform where that is a vendor's, no usable key is there and a proxy is wired.
    ArmElseProxy,
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
    /// The tool itself fills in what its environment names, which is what its concierge runs on, else its own default
    /// (mcp §3). For the entry `tool` alone.
    ToolDefault,
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
    /// Accepted; goes online on the proxy with the id as typed. Without a proxy as the payer's rule says.
    Proxied,
}

/// What becomes of a model id that is too long or holds a line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MalformedId {
    /// 400 before anything looks at what it names, and nothing changed.
    Refused,
    /// Accepted, then `failed` with `UNREGISTERED_MODEL_FOR_RUNTIME`.
    FailsAtProvisioning,
    /// Nobody recorded it.
    Unpromised,
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
    /// 400 where the id is platform-billed; accepted where it is a vendor's. Nothing is said of an id without an arm.
    RefusedOnPlatformIds,
    /// 400 unless a vendor's arm owns the id.
    RefusedUnlessVendors,
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
    /// The same, but 500 for the empty string.
    RefusedUnlessEmpty,
    /// 500.
    ServerError,
}

/// Which keys open the provision step (registry §7). Only keys with a value count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyTest {
    /// A key that the arm accepts.
    ArmNames,
    /// A key that the arm accepts and that is one of the 23 vendor names.
    ArmVendorNames,
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
    /// A concierge that nobody gave a model gets this one.
    Concierge,
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

/// How the event of a failure says who was to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailurePayer {
    /// `billing_mode: byok` or `platform_managed`.
    BillingMode,
    /// `routing: byok` or `platform`; not at all where no model is there.
    Routing,
}

/// What becomes of a workspace's secret that the admin writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminSecretWrites {
    /// It is stored.
    AtOnce,
    /// 202: it waits for a person's approval. With the workspace's own token it is stored.
    WaitForApproval,
}

/// Whether boxes may register this machine's own addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoopbackAddresses {
    /// Only by the name `localhost`.
    ByNameAlone,
    /// On a development server by their numbers too.
    InDevelopment,
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

impl Surface {
    /// The word for it in contracts and scenarios.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::CreateAnswer => "create_answer",
            Self::Event => "event",
            Self::ToolResult => "tool_result",
            Self::User => "user",
        }
    }
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

impl Word {
    /// The word for it in contracts and scenarios.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::AcceptedKeys => "accepted_keys",
            Self::Alternative => "alternative",
        }
    }
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
