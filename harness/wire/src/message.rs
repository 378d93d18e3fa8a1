//! A2A: a person's or an agent's message to a workspace (tenant-api §2.11).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// `POST /workspaces/:id/a2a`, and what the platform sends on to the box: JSON-RPC `message/send`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SendMessage {
    /// `2.0`.
    pub jsonrpc: String,
    /// Chosen by the caller.
    pub id: Value,
    /// `message/send`.
    pub method: String,
    /// The message.
    pub params: SendParams,
}

/// The `params` of a `message/send`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SendParams {
    /// The message itself.
    pub message: Message,
    /// Marks unasked messages of the platform, such as `restart_context`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// `message`, in replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `user` or `agent`.
    pub role: String,
    /// Unique.
    #[serde(rename = "messageId", default)]
    pub message_id: String,
    /// Its contents.
    #[serde(default)]
    pub parts: Vec<Part>,
}

/// One part of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// `text`.
    pub kind: String,
    /// The text.
    #[serde(default)]
    pub text: String,
}

/// A JSON-RPC answer: a result or an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// `2.0`.
    pub jsonrpc: String,
    /// The caller's id.
    pub id: Value,
    /// Result or error.
    #[serde(flatten)]
    pub body: ReplyBody,
}

/// What a JSON-RPC answer says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyBody {
    /// The agent's message.
    Result(Message),
    /// What went wrong.
    Error(Value),
}

impl SendMessage {
    /// A text from a user.
    pub fn text(message_id: impl Into<String>, text: impl Into<String>) -> Self {
        let message_id = message_id.into();
        Self {
            jsonrpc: "2.0".into(),
            id: Value::String(message_id.clone()),
            method: "message/send".into(),
            params: SendParams {
                message: Message {
                    kind: None,
                    role: "user".into(),
                    message_id,
                    parts: vec![Part { kind: "text".into(), text: text.into() }],
                },
                metadata: None,
            },
        }
    }
}

impl Message {
    /// An agent's text.
    pub fn from_agent(message_id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            kind: Some("message".into()),
            role: "agent".into(),
            message_id: message_id.into(),
            parts: vec![Part { kind: "text".into(), text: text.into() }],
        }
    }

    /// All text parts, joined by line breaks.
    pub fn all_text(&self) -> String {
        let texts: Vec<&str> =
            self.parts.iter().filter(|part| part.kind == "text").map(|p| p.text.as_str()).collect();
        texts.join("\n")
    }
}

impl Reply {
    /// An answer with an agent's message.
    pub fn result(id: Value, message: Message) -> Self {
        Self { jsonrpc: "2.0".into(), id, body: ReplyBody::Result(message) }
    }

    /// An answer with an error; codes as in JSON-RPC.
    pub fn error(id: Value, code: i64, message: &str) -> Self {
        Self {
            jsonrpc: "2.0".into(),
            id,
            body: ReplyBody::Error(json!({ "code": code, "message": message })),
        }
    }
}

/// The text of an answer, wherever the platform put it: `result.parts`, `result.message.parts`,
/// `result.status.message.parts` or `result.artifacts[].parts` (mcp §6). `None` where there is no text part.
pub fn reply_text(answer: &Value) -> Option<String> {
    let result = answer.get("result").unwrap_or(answer);
    let mut places = vec![
        result.pointer("/parts"),
        result.pointer("/message/parts"),
        result.pointer("/status/message/parts"),
    ];
    if let Some(artifacts) = result.get("artifacts").and_then(Value::as_array) {
        places.extend(artifacts.iter().map(|artifact| artifact.get("parts")));
    }
    let texts: Vec<&str> = places
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(|part| part.get("text").and_then(Value::as_str))
        .collect();
    if texts.is_empty() { None } else { Some(texts.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_reads_back_as_it_was_written() {
        let reply = Reply::result(json!("7"), Message::from_agent("m", "hello"));
        let value = serde_json::to_value(&reply).unwrap();
        assert_eq!(value["result"]["parts"][0]["text"], "hello");
        assert_eq!(serde_json::from_value::<Reply>(value).unwrap(), reply);
    }

    #[test]
    fn text_is_found_wherever_platforms_put_it() {
        let part = json!([{"kind": "text", "text": "hi"}]);
        for answer in [
            json!({"result": {"parts": part}}),
            json!({"result": {"message": {"parts": part}}}),
            json!({"result": {"status": {"message": {"parts": part}}}}),
            json!({"result": {"artifacts": [{"parts": part}]}}),
        ] {
            assert_eq!(reply_text(&answer).as_deref(), Some("hi"), "{answer}");
        }
        assert_eq!(reply_text(&json!({"error": {"code": -1}})), None);
    }
}
