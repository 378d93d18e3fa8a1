//! Renders an answer, whole or as the vendor's sequence of chunks.

use serde_json::{Value, json};

use crate::proxy::fragments::{Events, pieces};
use crate::proxy::rendered::Rendered;
use crate::speech::{Call, Completion, Prompt};

/// The answer to a prompt.
pub(crate) fn render(prompt: &Prompt, completion: &Completion) -> Rendered {
    if prompt.stream {
        return Rendered::Events(events(prompt, completion));
    }
    Rendered::Whole(whole(prompt, completion))
}

fn whole(prompt: &Prompt, completion: &Completion) -> Value {
    let mut message = json!({ "role": "assistant", "content": completion.text });
    if !completion.calls.is_empty() {
        message["content"] = Value::Null;
        message["tool_calls"] = completion.calls.iter().map(whole_call).collect();
    }
    let mut answer = head(prompt, "chat.completion");
    answer["choices"] = json!([{ "index": 0, "message": message, "finish_reason": finish_reason(completion), "logprobs": null }]);
    answer["usage"] = json!({ "prompt_tokens": 16, "completion_tokens": 16, "total_tokens": 32 });
    answer
}

fn whole_call(call: &Call) -> Value {
    json!({
        "id": call.id,
        "type": "function",
        "function": { "name": call.name, "arguments": call.arguments.to_string() },
    })
}

fn events(prompt: &Prompt, completion: &Completion) -> Events {
    let mut events = Events::default();
    let mut send = |delta: Value, finish: Option<&str>| {
        let mut chunk = head(prompt, "chat.completion.chunk");
        chunk["choices"] = json!([{ "index": 0, "delta": delta, "finish_reason": finish }]);
        events.data(&chunk.to_string());
    };
    send(json!({ "role": "assistant", "content": "" }), None);
    for piece in pieces(&completion.text) {
        send(json!({ "content": piece }), None);
    }
    for (index, call) in completion.calls.iter().enumerate() {
        let start = json!({
            "index": index,
            "id": call.id,
            "type": "function",
            "function": { "name": call.name, "arguments": "" },
        });
        send(json!({ "tool_calls": [start] }), None);
        for piece in pieces(&call.arguments.to_string()) {
            send(json!({ "tool_calls": [{ "index": index, "function": { "arguments": piece } }] }), None);
        }
    }
    send(json!({}), Some(finish_reason(completion)));
    events.data("[DONE]");
    events
}

fn head(prompt: &Prompt, object: &str) -> Value {
    json!({
        "id": format!("chatcmpl-{:04}", prompt.messages.len()),
        "object": object,
        "created": 0,
        "model": prompt.model,
    })
}

fn finish_reason(completion: &Completion) -> &'static str {
    if completion.calls.is_empty() { "stop" } else { "tool_calls" }
}
