//! Renders an answer, whole or as the vendor's sequence of events.

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
    let mut response = head(prompt, "completed");
    response["output"] = Value::Array(items(completion));
    response["usage"] = json!({ "input_tokens": 16, "output_tokens": 16, "total_tokens": 32 });
    response
}

/// Words first, then the calls.
fn items(completion: &Completion) -> Vec<Value> {
    let message = has_message(completion).then(|| message(&completion.text, "completed"));
    let calls =
        completion.calls.iter().map(|call| function_call(call, &call.arguments.to_string(), "completed"));
    message.into_iter().chain(calls).collect()
}

/// An answer is never without an item.
fn has_message(completion: &Completion) -> bool {
    !completion.text.is_empty() || completion.calls.is_empty()
}

fn message(text: &str, status: &str) -> Value {
    json!({
        "id": "msg_0",
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": [output_text(text)],
    })
}

fn output_text(text: &str) -> Value {
    json!({ "type": "output_text", "text": text, "annotations": [] })
}

fn function_call(call: &Call, arguments: &str, status: &str) -> Value {
    json!({
        "id": format!("fc_{}", call.id),
        "type": "function_call",
        "call_id": call.id,
        "name": call.name,
        "arguments": arguments,
        "status": status,
    })
}

fn events(prompt: &Prompt, completion: &Completion) -> Events {
    let mut stream = Numbered::default();
    let begun = head(prompt, "in_progress");
    stream.send("response.created", json!({ "response": begun }));
    stream.send("response.in_progress", json!({ "response": begun }));
    let mut index = 0;
    if has_message(completion) {
        message_events(&mut stream, index, &completion.text);
        index += 1;
    }
    for call in &completion.calls {
        call_events(&mut stream, index, call);
        index += 1;
    }
    stream.send("response.completed", json!({ "response": whole(prompt, completion) }));
    stream.events
}

fn message_events(stream: &mut Numbered, index: usize, text: &str) {
    let begun = json!({ "id": "msg_0", "type": "message", "role": "assistant", "status": "in_progress", "content": [] });
    stream.send("response.output_item.added", json!({ "output_index": index, "item": begun }));
    let place = |mut data: Value| {
        data["item_id"] = json!("msg_0");
        data["output_index"] = json!(index);
        data["content_index"] = json!(0);
        data
    };
    stream.send("response.content_part.added", place(json!({ "part": output_text("") })));
    for piece in pieces(text) {
        stream.send("response.output_text.delta", place(json!({ "delta": piece })));
    }
    stream.send("response.output_text.done", place(json!({ "text": text })));
    stream.send("response.content_part.done", place(json!({ "part": output_text(text) })));
    let done = message(text, "completed");
    stream.send("response.output_item.done", json!({ "output_index": index, "item": done }));
}

fn call_events(stream: &mut Numbered, index: usize, call: &Call) {
    let begun = function_call(call, "", "in_progress");
    let item = begun["id"].clone();
    stream.send("response.output_item.added", json!({ "output_index": index, "item": begun }));
    let arguments = call.arguments.to_string();
    for piece in pieces(&arguments) {
        let data = json!({ "item_id": item, "output_index": index, "delta": piece });
        stream.send("response.function_call_arguments.delta", data);
    }
    let data = json!({ "item_id": item, "output_index": index, "arguments": arguments });
    stream.send("response.function_call_arguments.done", data);
    let done = function_call(call, &arguments, "completed");
    stream.send("response.output_item.done", json!({ "output_index": index, "item": done }));
}

/// Events that bear their type and their number.
#[derive(Debug, Default)]
struct Numbered {
    events: Events,
    next: u64,
}

impl Numbered {
    fn send(&mut self, kind: &str, mut data: Value) {
        data["type"] = json!(kind);
        data["sequence_number"] = json!(self.next);
        self.next += 1;
        self.events.named(kind, &data);
    }
}

fn head(prompt: &Prompt, status: &str) -> Value {
    json!({
        "id": format!("resp_{:04}", prompt.messages.len()),
        "object": "response",
        "created_at": 0,
        "status": status,
        "error": null,
        "incomplete_details": null,
        "model": prompt.model,
        "output": [],
    })
}
