//! Anthropic messages, as a box sends and reads them.

use eventsource_stream::Eventsource;
use futures::Stream;
use serde_json::{Value, json};

use super::model::{CallError, CallInPieces, EventReader, tools_as};
use crate::speech::{Completion, Prompt, Said};

const MAX_TOKENS: u32 = 4096;

/// The body of a request.
pub(super) fn request(prompt: &Prompt) -> Value {
    let mut body = json!({
        "model": prompt.model,
        "max_tokens": MAX_TOKENS,
        "messages": prompt.messages.iter().map(message).collect::<Vec<_>>(),
        "stream": prompt.stream,
    });
    if let Some(system) = &prompt.system {
        body["system"] = json!(system);
    }
    if !prompt.tools.is_empty() {
        body["tools"] = Value::Array(tools_as(
            prompt,
            |tool| json!({ "name": tool.name, "description": tool.description, "input_schema": tool.input_schema }),
        ));
    }
    body
}

fn message(said: &Said) -> Value {
    match said {
        Said::User(text) => json!({ "role": "user", "content": text }),
        Said::Assistant(completion) => {
            json!({ "role": "assistant", "content": said_by_assistant(completion) })
        }
        Said::Results(results) => {
            let blocks = results.iter().map(|result| {
                json!({
                    "type": "tool_result",
                    "tool_use_id": result.id,
                    "content": result.text,
                    "is_error": result.is_error,
                })
            });
            json!({ "role": "user", "content": blocks.collect::<Vec<_>>() })
        }
    }
}

fn said_by_assistant(completion: &Completion) -> Vec<Value> {
    let mut blocks = Vec::new();
    if !completion.text.is_empty() {
        blocks.push(json!({ "type": "text", "text": completion.text }));
    }
    for call in &completion.calls {
        blocks.push(json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments }));
    }
    blocks
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
    let mut calls: Vec<(u64, CallInPieces)> = Vec::new();
    loop {
        let data = events.next_data().await?;
        let index = data["index"].as_u64().unwrap_or_default();
        match data["type"].as_str().unwrap_or_default() {
            "content_block_start" if data["content_block"]["type"] == "tool_use" => {
                calls.push((index, begun(&data["content_block"])));
            }
            "content_block_delta" => {
                let delta = &data["delta"];
                text.push_str(delta["text"].as_str().unwrap_or_default());
                let call = calls.iter_mut().find(|(of, _)| *of == index);
                if let (Some((_, call)), Some(piece)) = (call, delta["partial_json"].as_str()) {
                    call.arguments.push_str(piece);
                }
            }
            "error" => return Err(CallError::Cut(data["error"]["message"].to_string())),
            "message_stop" => break,
            _ => {}
        }
    }
    let calls = calls.into_iter().map(|(_, call)| call.whole()).collect::<Result<_, _>>()?;
    Ok(Completion { text, calls })
}

fn begun(block: &Value) -> CallInPieces {
    CallInPieces {
        id: block["id"].as_str().unwrap_or_default().to_owned(),
        name: block["name"].as_str().unwrap_or_default().to_owned(),
        arguments: String::new(),
    }
}
