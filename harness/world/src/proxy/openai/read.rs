//! Reads a request strictly: what a vendor would refuse with 400 is refused.

use std::sync::Arc;

use journal::ToolDescription;
use serde::Deserialize;
use serde_json::Value;

use crate::proxy::serve::Rejection;
use crate::speech::{Call, CallResult, Completion, Prompt, Said, check_pairs};

#[derive(Deserialize)]
struct Request {
    model: String,
    messages: Vec<Message>,
    #[serde(default)]
    tools: Vec<Tool>,
    #[serde(default)]
    stream: bool,
}

#[derive(Deserialize)]
#[serde(tag = "role", rename_all = "lowercase")]
enum Message {
    System {
        content: Contents,
    },
    Developer {
        content: Contents,
    },
    User {
        content: Contents,
    },
    Assistant {
        #[serde(default)]
        content: Option<Contents>,
        #[serde(default)]
        tool_calls: Vec<ToolCall>,
    },
    Tool {
        tool_call_id: String,
        content: Contents,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Contents {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct ToolCall {
    id: String,
    function: Function,
}

#[derive(Deserialize)]
struct Function {
    name: String,
    arguments: String,
}

#[derive(Deserialize)]
struct Tool {
    function: ToolFunction,
}

#[derive(Deserialize)]
struct ToolFunction {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Value,
}

/// The prompt in a request.
///
/// # Errors
/// 400, with what is wrong.
pub(crate) fn read(body: &Value) -> Result<Prompt, Rejection> {
    let request = Request::deserialize(body).map_err(|error| Rejection::bad_request(error.to_string()))?;
    let mut system = None;
    let mut messages: Vec<Said> = Vec::with_capacity(request.messages.len());
    for message in request.messages {
        match message {
            Message::System { content } | Message::Developer { content } => system = Some(text_of(content)),
            Message::User { content } => messages.push(Said::User(text_of(content))),
            Message::Assistant { content, tool_calls } => messages.push(assistant(content, tool_calls)?),
            Message::Tool { tool_call_id, content } => {
                let result = CallResult { id: tool_call_id, text: text_of(content), is_error: false };
                match messages.last_mut() {
                    Some(Said::Results(results)) => results.push(result),
                    _ => messages.push(Said::Results(vec![result])),
                }
            }
        }
    }
    if messages.is_empty() {
        return Err(Rejection::bad_request("messages: at least one message is required"));
    }
    check_pairs(&messages).map_err(Rejection::bad_request)?;
    let tools = request.tools.into_iter().map(|tool| ToolDescription {
        name: tool.function.name,
        description: tool.function.description,
        input_schema: tool.function.parameters,
    });
    Ok(Prompt {
        model: request.model,
        system,
        messages,
        tools: Arc::new(tools.collect()),
        stream: request.stream,
    })
}

fn assistant(content: Option<Contents>, tool_calls: Vec<ToolCall>) -> Result<Said, Rejection> {
    let mut completion = Completion::text(content.map(text_of).unwrap_or_default());
    for call in tool_calls {
        let arguments = serde_json::from_str(&call.function.arguments).map_err(|error| {
            Rejection::bad_request(format!("tool_calls: arguments of {}: {error}", call.id))
        })?;
        completion.calls.push(Call { id: call.id, name: call.function.name, arguments });
    }
    Ok(Said::Assistant(completion))
}

fn text_of(contents: Contents) -> String {
    match contents {
        Contents::Text(text) => text,
        Contents::Parts(parts) => parts.into_iter().map(|part| part.text).collect::<Vec<_>>().join("\n"),
    }
}
