//! OpenAI chat completions, as a box sends and reads them.

use eventsource_stream::Eventsource;
use futures::Stream;
use serde_json::{Value, json};

use super::model::{CallError, CallInPieces, EventReader, data_of, tools_as};
use crate::speech::{Completion, Prompt, Said};

/// No answer holds more tool calls.
const MAX_CALLS: usize = 256;

/// The end of a stream.
const DONE: &str = "[DONE]";

/// The body of a request.
pub(super) fn request(prompt: &Prompt) -> Value {
    let mut messages = Vec::new();
    if let Some(system) = &prompt.system {
        messages.push(json!({ "role": "system", "content": system }));
    }
    prompt.messages.iter().for_each(|said| push(&mut messages, said));
    let mut body = json!({ "model": prompt.model, "messages": messages, "stream": prompt.stream });
    if !prompt.tools.is_empty() {
        body["tools"] = Value::Array(tools_as(prompt, |tool| {
            json!({
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.input_schema,
                },
            })
        }));
    }
    body
}

fn push(messages: &mut Vec<Value>, said: &Said) {
    match said {
        Said::User(text) => messages.push(json!({ "role": "user", "content": text })),
        Said::Assistant(completion) => messages.push(said_by_assistant(completion)),
        Said::Results(results) => messages.extend(
            results
                .iter()
                .map(|result| json!({ "role": "tool", "tool_call_id": result.id, "content": result.text })),
        ),
    }
}

fn said_by_assistant(completion: &Completion) -> Value {
    let mut message = json!({ "role": "assistant", "content": completion.text });
    if !completion.calls.is_empty() {
        let calls = completion.calls.iter().map(|call| {
            json!({
                "id": call.id,
                "type": "function",
                "function": { "name": call.name, "arguments": call.arguments.to_string() },
            })
        });
        message["tool_calls"] = calls.collect();
    }
    message
}

/// Puts a streamed answer together.
///
/// # Errors
/// A stream that broke, that reports an error, or whose arguments are no JSON.
pub(super) async fn read_stream<S, B, E>(bytes: S) -> Result<Completion, CallError>
where
    S: Stream<Item = Result<B, E>> + Unpin,
    B: AsRef<[u8]>,
    E: std::fmt::Display,
{
    let mut events = EventReader::new(bytes.eventsource());
    let mut text = String::new();
    let mut calls: Vec<CallInPieces> = Vec::new();
    loop {
        let event = events.next().await?;
        if event.data == DONE {
            break;
        }
        let data = data_of(&event)?;
        if let Some(error) = data.get("error") {
            return Err(CallError::Cut(error["message"].to_string()));
        }
        let delta = &data["choices"][0]["delta"];
        text.push_str(delta["content"].as_str().unwrap_or_default());
        for piece in delta["tool_calls"].as_array().into_iter().flatten() {
            take_piece(&mut calls, piece)?;
        }
    }
    let calls = calls.into_iter().map(CallInPieces::whole).collect::<Result<_, _>>()?;
    Ok(Completion { text, calls })
}

fn take_piece(calls: &mut Vec<CallInPieces>, piece: &Value) -> Result<(), CallError> {
    let index = piece["index"].as_u64().and_then(|index| usize::try_from(index).ok()).unwrap_or_default();
    if index >= MAX_CALLS {
        return Err(CallError::Cut(format!("more than {MAX_CALLS} tool calls")));
    }
    if calls.len() <= index {
        calls.resize_with(index + 1, CallInPieces::default);
    }
    let call = &mut calls[index];
    call.id.push_str(piece["id"].as_str().unwrap_or_default());
    call.name.push_str(piece["function"]["name"].as_str().unwrap_or_default());
    call.arguments.push_str(piece["function"]["arguments"].as_str().unwrap_or_default());
    Ok(())
}
