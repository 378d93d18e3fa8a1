//! What a box sends is what the proxy reads, and what the proxy streams is what the box reads.

use super::*;
use crate::proxy;
use crate::speech::{Call, CallResult, Completion, Prompt, Said};
use axum::response::IntoResponse;
use journal::ToolDescription;
use serde_json::json;
use std::sync::Arc;

fn call(id: &str, arguments: serde_json::Value) -> Call {
    Call { id: id.into(), name: "provision_workspace".into(), arguments }
}

fn prompt() -> Prompt {
    let calls = vec![call("call_0", json!({"name": "Scout \"é\""})), call("call_1", json!({}))];
    let results = ["{\"id\": \"x\"}", ""].iter().enumerate().map(|(number, text)| CallResult {
        id: format!("call_{number}"),
        text: (*text).into(),
        is_error: false,
    });
    Prompt {
        model: " moonshot/kimi-k2.6 ".into(),
        system: Some("be good".into()),
        messages: vec![
            Said::User("Build me\na team".into()),
            Said::Assistant(Completion { text: "At once.".into(), calls }),
            Said::Results(results.collect()),
            Said::Assistant(Completion::text("done")),
            Said::User("thanks".into()),
        ],
        tools: Arc::new(vec![ToolDescription {
            name: "provision_workspace".into(),
            description: "Provisions.".into(),
            input_schema: json!({"type": "object", "properties": {"name": {"type": "string"}}}),
        }]),
        stream: true,
    }
}

fn completions() -> Vec<Completion> {
    vec![
        Completion::default(),
        Completion::text("a"),
        Completion::text("The word is amber-123456 — 团队 🦀\n\nbye"),
        Completion::calls(vec![
            call("call_0", json!({})),
            call("call_1", json!({"name": "a\"b", "model": null})),
        ]),
        Completion {
            text: "words first".into(),
            calls: vec![call("call_9", json!({"name": "é".repeat(100)}))],
        },
    ]
}

#[test]
fn a_request_reads_back_on_every_wire() {
    let prompt = prompt();
    assert_eq!(proxy::anthropic::prompt(&anthropic::request(&prompt)).unwrap(), prompt);
    assert_eq!(proxy::openai::read(&openai::request(&prompt)).unwrap(), prompt);
    assert_eq!(proxy::responses::read(&responses::request(&prompt)).unwrap(), prompt);
}

async fn body(rendered: proxy::rendered::Rendered) -> Vec<u8> {
    axum::body::to_bytes(rendered.into_response().into_body(), usize::MAX).await.unwrap().to_vec()
}

/// The bytes as a stream that is cut at every `size` bytes: never where the events end.
fn chunks(bytes: &[u8], size: usize) -> impl futures::Stream<Item = Result<Vec<u8>, String>> + Unpin {
    let chunks: Vec<_> = bytes.chunks(size).map(|chunk| Ok(chunk.to_vec())).collect();
    futures::stream::iter(chunks)
}

#[tokio::test]
async fn a_streamed_answer_reads_back_on_every_wire_however_it_is_cut() {
    let prompt = prompt();
    for completion in completions() {
        for size in [1, 7, 4096] {
            let bytes = body(proxy::anthropic::render(&prompt, &completion)).await;
            assert_eq!(anthropic::read_stream(chunks(&bytes, size)).await.unwrap(), completion);
            let bytes = body(proxy::openai::render(&prompt, &completion)).await;
            assert_eq!(openai::read_stream(chunks(&bytes, size)).await.unwrap(), completion);
            let bytes = body(proxy::responses::render(&prompt, &completion)).await;
            assert_eq!(responses::read_stream(chunks(&bytes, size)).await.unwrap(), completion);
        }
    }
}

#[tokio::test]
async fn a_stream_without_its_end_is_no_answer() {
    let prompt = prompt();
    let completion = Completion::text("half of a sentence");
    let bytes = body(proxy::anthropic::render(&prompt, &completion)).await;
    assert!(anthropic::read_stream(chunks(&bytes[..bytes.len() / 2], 4096)).await.is_err());
    let bytes = body(proxy::openai::render(&prompt, &completion)).await;
    assert!(openai::read_stream(chunks(&bytes[..bytes.len() / 2], 4096)).await.is_err());
    let bytes = body(proxy::responses::render(&prompt, &completion)).await;
    assert!(responses::read_stream(chunks(&bytes[..bytes.len() / 2], 4096)).await.is_err());
}

#[tokio::test]
async fn tool_arguments_come_in_several_fragments() {
    let mut prompt = prompt();
    let completion = Completion::calls(vec![call("call_0", json!({"name": "Scout", "model": "x"}))]);
    let text = String::from_utf8(body(proxy::anthropic::render(&prompt, &completion)).await).unwrap();
    assert!(text.matches("input_json_delta").count() >= 3, "{text}");
    let order = [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ];
    let places: Vec<_> = order.iter().map(|name| text.find(&format!("event: {name}\n")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
    let text = String::from_utf8(body(proxy::openai::render(&prompt, &completion)).await).unwrap();
    assert!(text.matches("\"arguments\"").count() >= 3, "{text}");
    assert!(text.ends_with("data: [DONE]\n\n"));
    prompt.stream = false;
    let whole: serde_json::Value =
        serde_json::from_slice(&body(proxy::anthropic::render(&prompt, &completion)).await).unwrap();
    assert_eq!(whole["content"][0]["input"]["name"], "Scout");
    assert_eq!(whole["stop_reason"], "tool_use");
    let whole: serde_json::Value =
        serde_json::from_slice(&body(proxy::openai::render(&prompt, &completion)).await).unwrap();
    assert_eq!(whole["choices"][0]["finish_reason"], "tool_calls");
}

#[tokio::test]
async fn the_responses_wire_numbers_its_events_and_ends_with_the_whole() {
    let mut prompt = prompt();
    let calls = vec![call("call_0", json!({"name": "Scout", "model": "x"}))];
    let completion = Completion { text: "words".into(), calls };
    let text = String::from_utf8(body(proxy::responses::render(&prompt, &completion)).await).unwrap();
    assert!(text.matches("event: response.function_call_arguments.delta\n").count() >= 3, "{text}");
    let numbers: Vec<u64> = text
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| {
            serde_json::from_str::<serde_json::Value>(data).unwrap()["sequence_number"].as_u64().unwrap()
        })
        .collect();
    assert!(numbers.iter().copied().eq(0..numbers.len() as u64), "{numbers:?}");
    prompt.stream = false;
    let whole: serde_json::Value =
        serde_json::from_slice(&body(proxy::responses::render(&prompt, &completion)).await).unwrap();
    assert_eq!(whole["output"][0]["content"][0]["text"], "words");
    assert_eq!(whole["output"][1]["name"], "provision_workspace");
    assert_eq!((&whole["status"], &whole["object"]), (&json!("completed"), &json!("response")));
}

#[test]
fn a_responses_request_is_read_strictly() {
    let message = json!({"role": "user", "content": "hi"});
    let read = |body: serde_json::Value| proxy::responses::read(&body);
    assert!(read(json!({"model": "m", "input": "hi"})).is_ok());
    assert!(read(json!({"model": "m", "input": [message]})).is_ok());
    for bad in [
        json!({"input": "hi"}),
        json!({"model": "m"}),
        json!({"model": "m", "input": []}),
        json!({"model": "m", "messages": [message]}),
        json!({"model": "m", "input": [{"type": "reasoning", "summary": []}]}),
        json!({"model": "m", "input": [message, {"type": "function_call", "call_id": "c", "name": "t", "arguments": "{"}]}),
        json!({"model": "m", "input": [message, {"type": "function_call", "call_id": "c", "name": "t", "arguments": "{}"}]}),
        json!({"model": "m", "input": [message, {"type": "function_call_output", "call_id": "c", "output": ""}]}),
        json!({"model": "m", "input": "hi", "tools": [{"type": "web_search"}]}),
    ] {
        assert!(read(bad.clone()).is_err(), "{bad}");
    }
}
