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
    input: Input,
    #[serde(default)]
    instructions: Option<String>,
    #[serde(default)]
    tools: Vec<Tool>,
    #[serde(default)]
    stream: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Input {
    Text(String),
    Items(Vec<Value>),
}

/// An item of the input that names its type.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Item {
    Message(Message),
    FunctionCall { call_id: String, name: String, arguments: String },
    FunctionCallOutput { call_id: String, output: String },
}

#[derive(Deserialize)]
struct Message {
    role: Role,
    content: Contents,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    System,
    Developer,
    User,
    Assistant,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Contents {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part {
    InputText { text: String },
    OutputText { text: String },
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Tool {
    Function {
        name: String,
        #[serde(default)]
        description: String,
        #[serde(default)]
        parameters: Value,
    },
}

/// The prompt in a request.
///
/// # Errors
/// 400, with what is wrong.
pub(crate) fn read(body: &Value) -> Result<Prompt, Rejection> {
    let request = Request::deserialize(body).map_err(|error| Rejection::bad_request(error.to_string()))?;
    let mut conversation = Conversation { system: request.instructions, messages: Vec::new() };
    match request.input {
        Input::Text(text) => conversation.messages.push(Said::User(text)),
        Input::Items(items) => {
            items.into_iter().try_for_each(|item| conversation.take(item))?;
        }
    }
    if conversation.messages.is_empty() {
        return Err(Rejection::bad_request("input: at least one message is required"));
    }
    check_pairs(&conversation.messages).map_err(Rejection::bad_request)?;
    let tools = request.tools.into_iter().map(|Tool::Function { name, description, parameters }| {
        ToolDescription { name, description, input_schema: parameters }
    });
    Ok(Prompt {
        model: request.model,
        system: conversation.system,
        messages: conversation.messages,
        tools: Arc::new(tools.collect()),
        stream: request.stream,
    })
}

/// The input, item by item.
struct Conversation {
    system: Option<String>,
    messages: Vec<Said>,
}

impl Conversation {
    fn take(&mut self, item: Value) -> Result<(), Rejection> {
        let bad = |error: serde_json::Error| Rejection::bad_request(format!("input: {error}"));
        // A message may leave its type out.
        if item.get("type").is_none() {
            self.take_message(serde_json::from_value(item).map_err(bad)?);
            return Ok(());
        }
        match serde_json::from_value(item).map_err(bad)? {
            Item::Message(message) => self.take_message(message),
            Item::FunctionCall { call_id, name, arguments } => {
                let arguments = serde_json::from_str(&arguments).map_err(|error| {
                    Rejection::bad_request(format!("input: arguments of {call_id}: {error}"))
                })?;
                self.take_call(Call { id: call_id, name, arguments });
            }
            Item::FunctionCallOutput { call_id, output } => {
                let result = CallResult { id: call_id, text: output, is_error: false };
                match self.messages.last_mut() {
                    Some(Said::Results(results)) => results.push(result),
                    _ => self.messages.push(Said::Results(vec![result])),
                }
            }
        }
        Ok(())
    }

    fn take_message(&mut self, message: Message) {
        let text = text_of(message.content);
        match message.role {
            Role::System | Role::Developer => self.system = Some(text),
            Role::User => self.messages.push(Said::User(text)),
            Role::Assistant => self.messages.push(Said::Assistant(Completion::text(text))),
        }
    }

    /// Calls belong to the words that stand right before them.
    fn take_call(&mut self, call: Call) {
        match self.messages.last_mut() {
            Some(Said::Assistant(completion)) => completion.calls.push(call),
            _ => self.messages.push(Said::Assistant(Completion::calls(vec![call]))),
        }
    }
}

fn text_of(contents: Contents) -> String {
    match contents {
        Contents::Text(text) => text,
        Contents::Parts(parts) => {
            let texts = parts.into_iter().map(|part| match part {
                Part::InputText { text } | Part::OutputText { text } => text,
            });
            texts.collect::<Vec<_>>().join("\n")
        }
    }
}
