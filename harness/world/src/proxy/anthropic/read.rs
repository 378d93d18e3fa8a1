//! Reads a request strictly: what a vendor would refuse with 400 is refused.

use std::sync::Arc;

use journal::ToolDescription;
use serde::Deserialize;
use serde_json::Value;

use crate::proxy::serve::Rejection;
use crate::served::Arrived;
use crate::speech::{Call, CallResult, Completion, Prompt, Said, check_pairs};

/// The version that every request must name.
const VERSION_HEADER: &str = "anthropic-version";

#[derive(Deserialize)]
struct Request {
    model: String,
    max_tokens: u64,
    messages: Vec<Message>,
    #[serde(default)]
    system: Option<Contents>,
    #[serde(default)]
    tools: Vec<Tool>,
    #[serde(default)]
    stream: bool,
}

#[derive(Deserialize)]
struct Message {
    role: Role,
    content: Contents,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    User,
    Assistant,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Contents {
    Text(String),
    Blocks(Vec<Block>),
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    Text {
        text: String,
    },
    ToolUse {
        id: String,
        name: String,
        input: Value,
    },
    ToolResult {
        tool_use_id: String,
        #[serde(default)]
        content: Option<Contents>,
        #[serde(default)]
        is_error: bool,
    },
}

#[derive(Deserialize)]
struct Tool {
    name: String,
    #[serde(default)]
    description: String,
    input_schema: Value,
}

/// The prompt in a request.
///
/// # Errors
/// 400, with what is wrong.
pub(crate) fn read(arrived: &Arrived, body: &Value) -> Result<Prompt, Rejection> {
    if arrived.header(VERSION_HEADER).is_none_or(str::is_empty) {
        return Err(Rejection::bad_request("anthropic-version: header is required"));
    }
    prompt(body)
}

/// The prompt in a body.
///
/// # Errors
/// 400, with what is wrong.
pub(crate) fn prompt(body: &Value) -> Result<Prompt, Rejection> {
    let request = Request::deserialize(body).map_err(|error| Rejection::bad_request(error.to_string()))?;
    if request.max_tokens == 0 {
        return Err(Rejection::bad_request("max_tokens: must be greater than 0"));
    }
    if request.messages.first().is_none_or(|message| message.role != Role::User) {
        return Err(Rejection::bad_request("messages: the first message must use the user role"));
    }
    if request.tools.iter().any(|tool| !tool.input_schema.is_object()) {
        return Err(Rejection::bad_request("tools: input_schema must be an object"));
    }
    let mut messages = Vec::with_capacity(request.messages.len());
    for message in request.messages {
        messages.push(said(message)?);
    }
    check_pairs(&messages).map_err(Rejection::bad_request)?;
    let tools = request.tools.into_iter().map(|tool| ToolDescription {
        name: tool.name,
        description: tool.description,
        input_schema: tool.input_schema,
    });
    Ok(Prompt {
        model: request.model,
        system: request.system.map(text_of),
        messages,
        tools: Arc::new(tools.collect()),
        stream: request.stream,
    })
}

fn said(message: Message) -> Result<Said, Rejection> {
    let blocks = match message.content {
        Contents::Text(text) => vec![Block::Text { text }],
        Contents::Blocks(blocks) => blocks,
    };
    match message.role {
        Role::User => said_by_user(blocks),
        Role::Assistant => said_by_assistant(blocks),
    }
}

fn said_by_user(blocks: Vec<Block>) -> Result<Said, Rejection> {
    let mut texts = Vec::new();
    let mut results = Vec::new();
    for block in blocks {
        match block {
            Block::Text { text } => texts.push(text),
            Block::ToolResult { tool_use_id, content, is_error } => results.push(CallResult {
                id: tool_use_id,
                text: content.map(text_of).unwrap_or_default(),
                is_error,
            }),
            Block::ToolUse { .. } => {
                return Err(Rejection::bad_request("tool_use: not allowed in a user message"));
            }
        }
    }
    match (results.is_empty(), texts.is_empty()) {
        (false, true) => Ok(Said::Results(results)),
        (true, false) => Ok(Said::User(texts.join("\n"))),
        (false, false) => Err(Rejection::bad_request("words beside tool results are not modelled")),
        (true, true) => Err(Rejection::bad_request("messages: content must not be empty")),
    }
}

fn said_by_assistant(blocks: Vec<Block>) -> Result<Said, Rejection> {
    let mut completion = Completion::default();
    for block in blocks {
        match block {
            Block::Text { text } => completion.text.push_str(&text),
            Block::ToolUse { id, name, input } => completion.calls.push(Call { id, name, arguments: input }),
            Block::ToolResult { .. } => {
                return Err(Rejection::bad_request("tool_result: not allowed in an assistant message"));
            }
        }
    }
    Ok(Said::Assistant(completion))
}

fn text_of(contents: Contents) -> String {
    match contents {
        Contents::Text(text) => text,
        Contents::Blocks(blocks) => {
            let texts = blocks.into_iter().filter_map(|block| match block {
                Block::Text { text } => Some(text),
                _ => None,
            });
            texts.collect::<Vec<_>>().join("\n")
        }
    }
}
