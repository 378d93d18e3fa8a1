//! Renders an answer, whole or as the vendor's sequence of events.

use serde_json::{Value, json};

use crate::proxy::fragments::{Events, pieces};
use crate::proxy::rendered::Rendered;
use crate::speech::{Completion, Prompt};

/// The answer to a prompt.
pub(crate) fn render(prompt: &Prompt, completion: &Completion) -> Rendered {
    if prompt.stream {
        return Rendered::Events(events(prompt, completion));
    }
    Rendered::Whole(whole(prompt, completion))
}

fn whole(prompt: &Prompt, completion: &Completion) -> Value {
    let mut content = Vec::new();
    if !completion.text.is_empty() {
        content.push(json!({ "type": "text", "text": completion.text }));
    }
    for call in &completion.calls {
        content
            .push(json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments }));
    }
    let mut message = head(prompt);
    message["content"] = Value::Array(content);
    message["stop_reason"] = json!(stop_reason(completion));
    message["usage"] =
        json!({ "input_tokens": input_tokens(prompt), "output_tokens": output_tokens(completion) });
    message
}

fn events(prompt: &Prompt, completion: &Completion) -> Events {
    let mut events = Events::default();
    events.named("message_start", &json!({ "type": "message_start", "message": head(prompt) }));
    events.named("ping", &json!({ "type": "ping" }));
    let mut index = 0;
    if !completion.text.is_empty() {
        let deltas =
            pieces(&completion.text).into_iter().map(|text| json!({ "type": "text_delta", "text": text }));
        block(&mut events, index, &json!({ "type": "text", "text": "" }), deltas);
        index += 1;
    }
    for call in &completion.calls {
        let start = json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": {} });
        let arguments = call.arguments.to_string();
        // The vendor's first fragment of arguments is empty.
        let fragments = std::iter::once("").chain(pieces(&arguments));
        let deltas = fragments.map(|json| json!({ "type": "input_json_delta", "partial_json": json }));
        block(&mut events, index, &start, deltas);
        index += 1;
    }
    events.named(
        "message_delta",
        &json!({
            "type": "message_delta",
            "delta": { "stop_reason": stop_reason(completion), "stop_sequence": null },
            "usage": { "output_tokens": output_tokens(completion) },
        }),
    );
    events.named("message_stop", &json!({ "type": "message_stop" }));
    events
}

fn block(events: &mut Events, index: usize, start: &Value, deltas: impl Iterator<Item = Value>) {
    let data = json!({ "type": "content_block_start", "index": index, "content_block": start });
    events.named("content_block_start", &data);
    for delta in deltas {
        let data = json!({ "type": "content_block_delta", "index": index, "delta": delta });
        events.named("content_block_delta", &data);
    }
    events.named("content_block_stop", &json!({ "type": "content_block_stop", "index": index }));
}

fn head(prompt: &Prompt) -> Value {
    json!({
        "id": format!("msg_{:04}", prompt.messages.len()),
        "type": "message",
        "role": "assistant",
        "model": prompt.model,
        "content": [],
        "stop_reason": null,
        "stop_sequence": null,
        "usage": { "input_tokens": input_tokens(prompt), "output_tokens": 0 },
    })
}

fn stop_reason(completion: &Completion) -> &'static str {
    if completion.calls.is_empty() { "end_turn" } else { "tool_use" }
}

/// Only the order of magnitude matters.
fn input_tokens(prompt: &Prompt) -> usize {
    prompt.messages.len() * 16
}

fn output_tokens(completion: &Completion) -> usize {
    completion.text.len() / 4 + completion.calls.len() * 16
}
