//! What was said: the user's turns, the concierge's tools, and questions to agents.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::TenantRole;

/// One chat turn of the user, with the concierge's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// From 1, within the journey.
    pub number: u32,
    /// What the user said, as sent.
    pub said: String,
    /// The members the user asked for.
    pub members: Vec<String>,
    /// The runtime the user named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime: Option<String>,
    /// The model the user wished for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What came back.
    pub reply: TurnReply,
    /// How long it took.
    pub took_ms: u64,
}

/// What a message to an agent brought.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TurnReply {
    /// The HTTP status; absent where no answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The agent's text; absent where the answer had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The platform's or the agent's error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The tools that the concierge was shown by `tools/list`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolList {
    /// Whose concierge.
    pub tenant: TenantRole,
    /// In the server's order.
    pub tools: Vec<ToolDescription>,
}

/// One tool, as the agent sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolDescription {
    /// Its name.
    pub name: String,
    /// What it says of itself.
    #[serde(default)]
    pub description: String,
    /// The JSON schema of its arguments.
    #[serde(default)]
    pub input_schema: Value,
}

/// One tool call of the concierge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// Whose concierge.
    pub tenant: TenantRole,
    /// The tool.
    pub tool: String,
    /// What it was called with.
    pub arguments: Value,
    /// The text of its result, or of its error.
    pub text: String,
    /// The protocol's own error mark.
    pub is_error: bool,
    /// How many equal calls this line stands for: a wait repeats its read.
    pub times: u32,
}

impl ToolCall {
    /// The result read as JSON, where it is some.
    pub fn result(&self) -> Option<Value> {
        serde_json::from_str(&self.text).ok()
    }

    /// A text argument.
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.arguments.get(name).and_then(Value::as_str)
    }

    /// True where the result is an error envelope, whatever its status (mcp §5).
    pub fn is_refused(&self) -> bool {
        self.is_error || self.result().is_some_and(|result| result.get("error").is_some())
    }

    /// The status of a refusal envelope (mcp §5); `None` where the call was accepted.
    pub fn refused_status(&self) -> Option<u16> {
        let result = self.result()?;
        result.get("error")?;
        result.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok())
    }

    /// The text of a refusal: the `error` inside `detail`, else `detail`, else `error` (mcp §5). `None` where the call
    /// was accepted or says nothing.
    pub fn refusal_text(&self) -> Option<String> {
        if !self.is_refused() {
            return None;
        }
        let said = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let text = match self.result() {
            None => Some(self.text.clone()),
            Some(result) => {
                let detail = said(&result, "detail");
                let body = detail.as_deref().and_then(|detail| serde_json::from_str::<Value>(detail).ok());
                body.and_then(|body| said(&body, "error")).or(detail).or_else(|| said(&result, "error"))
            }
        };
        text.filter(|text| !text.is_empty())
    }

    /// The id of the row that a `provision_workspace` made.
    pub fn created_id(&self) -> Option<String> {
        if self.tool != "provision_workspace" || self.is_error {
            return None;
        }
        let result = self.result()?;
        if result.get("error").is_some() {
            return None;
        }
        result.get("id").and_then(Value::as_str).map(str::to_owned)
    }
}

/// Why a question was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskReason {
    /// The row was first seen online.
    FirstOnline,
    /// A step of the scenario asked; its index, from 0.
    Step(usize),
}

/// A question that only an agent with a working model can answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The row.
    pub workspace: String,
    /// The member it was made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Why.
    pub reason: AskReason,
    /// The word in the question.
    pub nonce: String,
    /// The word that the answer must hold.
    pub expected: String,
    /// What came back.
    pub reply: TurnReply,
    /// How long it took.
    pub took_ms: u64,
}

impl Asked {
    /// True where the agent gave the answer.
    pub fn is_answered(&self) -> bool {
        self.reply.error.is_none()
            && self
                .reply
                .text
                .as_deref()
                .is_some_and(|text| text.split_whitespace().any(|word| word == self.expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(text: &str) -> ToolCall {
        ToolCall {
            tenant: TenantRole::Subject,
            tool: "provision_workspace".into(),
            arguments: json!({"name": "a"}),
            text: text.into(),
            is_error: false,
            times: 1,
        }
    }

    #[test]
    fn a_refusal_in_an_ordinary_text_is_not_taken_for_a_success() {
        let refused = call(r#"{"error": "HTTP 422", "detail": "{\"id\":\"x\"}", "status": 422}"#);
        assert_eq!(refused.created_id(), None);
        assert_eq!(refused.refused_status(), Some(422));
        let unreachable = call(r#"{"error": "Tenant host unreachable", "detail": "..."}"#);
        assert!(unreachable.is_refused() && unreachable.created_id().is_none());
    }

    #[test]
    fn an_accepted_call_names_its_row() {
        let accepted = call(r#"{"id": "row-1", "status": "provisioning"}"#);
        assert_eq!(accepted.created_id().as_deref(), Some("row-1"));
        assert_eq!(accepted.refused_status(), None);
    }

    #[test]
    fn only_the_expected_word_counts_as_an_answer() {
        let asked = |text: Option<&str>| Asked {
            workspace: "w".into(),
            member: None,
            reason: AskReason::FirstOnline,
            nonce: "n".into(),
            expected: "amber-12".into(),
            reply: TurnReply { status: Some(200), text: text.map(str::to_owned), error: None },
            took_ms: 1,
        };
        assert!(asked(Some("the word is amber-12")).is_answered());
        for wrong in [None, Some(""), Some("amber-123"), Some("not logged in")] {
            assert!(!asked(wrong).is_answered(), "{wrong:?}");
        }
    }
}
