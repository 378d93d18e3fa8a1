//! The ledger of model calls, as the proxy and the vendor fakes saw them.

use serde::{Deserialize, Serialize};
use wire::ModelWire;

use crate::{Payer, TenantRole};

/// One call of a box to a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelCall {
    /// Whose tenant, where the call could be tied to one.
    pub tenant: TenantRole,
    /// The box's mark on the call; absent where it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// The row that the box is for, known from the box's mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// Where it arrived.
    pub endpoint: Endpoint,
    /// The wire it spoke.
    pub wire: ModelWire,
    /// The model id, byte for byte.
    pub model: String,
    /// The credential it carried.
    pub key: KeyShown,
    /// The workspace that the platform's own attribution header named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    /// Whether it asked for a stream.
    pub stream: bool,
    /// The status it was answered with.
    pub status: u16,
    /// What the answer held.
    pub answer: AnswerKind,
    /// Who paid; nobody where the call was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<Payer>,
}

/// Where a model call arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// The platform's proxy.
    Proxy,
    /// A vendor, by host.
    Vendor(String),
}

/// The credential on a model call; never its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyShown {
    /// None at all.
    Missing,
    /// The tenant's usage token.
    UsageToken,
    /// The usage token of another tenant.
    OtherTenantsToken,
    /// The tenant's own key, by the name of its variable.
    OwnKey(String),
    /// Something that nobody issued.
    Unknown,
}

/// What a model's answer held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// Words.
    Text,
    /// Tool calls.
    ToolUse,
    /// Nothing.
    Empty,
    /// An error.
    Error,
}
