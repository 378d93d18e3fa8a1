//! How a model is called.

use serde::{Deserialize, Serialize};

/// The three wires on which models are called (mcp §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelWire {
    /// `POST {base}/v1/messages`, `anthropic-version: 2023-06-01`.
    AnthropicMessages,
    /// `POST {base}/chat/completions`.
    OpenaiChat,
    /// `POST {base}/responses`.
    OpenaiResponses,
}
