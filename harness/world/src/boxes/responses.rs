//! OpenAI responses, as a box sends and reads them.

use eventsource_stream::Eventsource;
use futures::Stream;
use serde_json::{Value, json};

use super::model::{CallError, CallInPieces, EventReader, tools_as};
use crate::speech::{Completion, Prompt, Said};

/// The body of a request.
pub(super) fn request(prompt: &Prompt) -> Value {
    let mut input = Vec::new();
    prompt.messages.iter().for_each(|said| push(&mut input, said));
    let mut body = json!({ "model": prompt.model, "input": input, "stream": prompt.stream, "store": false });
    if let Some(system) = &prompt.system {
        body["instructions"] = json!(system);
    }
    if !prompt.tools.is_empty() {
        body["tools"] = Value::Array(tools_as(prompt, |tool| {
            json!({
                "type": "function",
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.input_schema,
                "strict": false,
            })
        }));
    }
    body
}

fn push(input: &mut Vec<Value>, said: &Said) {
    match said {
        Said::User(text) => input.push(message("user", "input_text", text)),
        Said::Assistant(completion) => {
            if !completion.text.is_empty() || completion.calls.is_empty() {
                input.push(message("assistant", "output_text", &completion.text));
            }
            input.extend(completion.calls.iter().map(|call| {
                json!({
                    "type": "function_call",
                    "call_id": call.id,
                    "name": call.name,
                    "arguments": call.arguments.to_string(),
                })
            }));
        }
        Said::Results(results) => input.extend(results.iter().map(
            |result| json!({ "type": "function_call_output", "call_id": result.id, "output": result.text }),
        )),
    }
}

fn message(role: &str, kind: &str, text: &str) -> Value {
    json!({ "type": "message", "role": role, "content": [{ "type": kind, "text": text }] })
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
        let index = data["output_index"].as_u64().unwrap_or_default();
        match data["type"].as_str().unwrap_or_default() {
            "response.output_item.added" if data["item"]["type"] == "function_call" => {
                calls.push((index, begun(&data["item"])));
            }
            "response.output_text.delta" => text.push_str(data["delta"].as_str().unwrap_or_default()),
            "response.function_call_arguments.delta" => {
                let call = calls.iter_mut().find(|(of, _)| *of == index);
                if let (Some((_, call)), Some(piece)) = (call, data["delta"].as_str()) {
                    call.arguments.push_str(piece);
                }
            }
            "response.failed" | "response.incomplete" => {
                return Err(CallError::Cut(data["response"]["error"]["message"].to_string()));
            }
            "error" => return Err(CallError::Cut(data["message"].to_string())),
            "response.completed" => break,
            _ => {}
        }
    }
    let calls = calls.into_iter().map(|(_, call)| call.whole()).collect::<Result<_, _>>()?;
    Ok(Completion { text, calls })
}

fn begun(item: &Value) -> CallInPieces {
    CallInPieces {
        id: item["call_id"].as_str().unwrap_or_default().to_owned(),
        name: item["name"].as_str().unwrap_or_default().to_owned(),
        arguments: String::new(),
    }
}
