//! HTTP, as seen by our client or by one of our servers.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Hop, TenantRole};

/// One request and its answer. Secrets are replaced, bodies are cut at a bound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// Whose tenant it concerns.
    pub tenant: TenantRole,
    /// Who called whom.
    pub hop: Hop,
    /// The method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The request's body; null where there was none.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub request: Value,
    /// The answer's status; absent where none came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The answer's body: JSON, or a string where it was none.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub response: Value,
    /// Why no answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long it took.
    pub took_ms: u64,
}

/// A call that one of our fakes has no answer for: it said 501.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unmodelled {
    /// Who called whom.
    pub hop: Hop,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
}
