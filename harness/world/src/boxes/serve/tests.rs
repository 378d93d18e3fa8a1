use super::*;
use crate::World;
use crate::boxes;
use crate::http::{Answer, Outgoing};
use crate::org::Org;
use crate::testing::{journey_in, org_in, quiet_world};
use journal::Fact;
use std::time::Duration;
use wire::SendMessage;

const BOUND: Duration = Duration::from_secs(5);

fn start_box(world: &World, org: &Arc<Org>, runtime: &str, environment: Value) -> String {
    let instance = org.instance_for(None).0;
    let request = serde_json::from_value(json!({
        "org_id": org.identity.org_id, "workspace_id": "w", "runtime": runtime, "tier": 4,
        "platform_url": "http://127.0.0.1:1", "env": environment
    }));
    boxes::start(world.shared(), org, instance.clone(), request.unwrap());
    format!("/box/{instance}")
}

async fn send(world: &World, method: Method, path: &str, body: Value) -> Answer {
    let base = format!("http://{}", world.shared().addresses.boxes);
    Outgoing::new(method, &base, path, BOUND).json(body).send(&world.shared().client).await.unwrap()
}

fn said(text: &str) -> Value {
    serde_json::to_value(SendMessage::text("m", text)).unwrap()
}

#[test]
fn unasked_messages_are_known_by_their_mark() {
    assert!(is_unasked(&json!({"params": {"metadata": {"kind": "restart_context"}}})));
    assert!(is_unasked(&json!({"params": {"message": {"metadata": {"kind": "restart_context"}}}})));
    assert!(!is_unasked(&json!({"params": {"message": {"kind": "message", "parts": []}}})));
}

#[tokio::test]
async fn a_box_speaks_json_rpc_and_answers_the_unasked_without_its_model() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "rpc"));
    let path = start_box(&world, &org, "claude-code", json!({}));
    assert_eq!(send(&world, Method::GET, &path, Value::Null).await.status, 200);
    let unknown = json!({"jsonrpc": "2.0", "id": 7, "method": "tasks/get"});
    let answer = send(&world, Method::POST, &path, unknown).await;
    assert_eq!(
        (answer.status, &answer.body["error"]["code"], &answer.body["id"]),
        (200, &json!(-32601), &json!(7))
    );
    let mut unasked = said("you were restarted");
    unasked["params"]["message"]["metadata"] = json!({"kind": "restart_context"});
    let answer = send(&world, Method::POST, &path, unasked).await;
    assert!(reply_text(&answer.body).is_some());
    assert_eq!(send(&world, Method::POST, &format!("{path}/files"), json!({})).await.status, 501);
    assert_eq!(send(&world, Method::POST, "/box/box-2", said("hello")).await.status, 404);
    boxes::stop(world.shared(), &org, "w");
    assert_eq!(send(&world, Method::POST, &path, said("hello")).await.status, 404);
    let kinds = org.journey.recorder.look(|seen| {
        let strays = seen.iter().filter(|seen| matches!(seen.fact, Fact::Unmodelled(_))).count();
        let calls = seen.iter().filter(|seen| matches!(seen.fact, Fact::ModelCall(_))).count();
        (strays, calls)
    });
    assert_eq!(kinds, (1, 0));
    world.stop().await;
}

#[tokio::test]
async fn an_agent_that_cannot_call_its_model_says_why() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "why"));
    let base = world.shared().addresses.anthropic_base();
    let key = org.identity.usage_token.clone();
    for (runtime, environment, expected) in [
        ("claude-code", json!({}), "no model is configured"),
        ("claude-code", json!({"MODEL": "m", "ANTHROPIC_API_KEY": key}), "no base URL"),
        (
            "claude-code",
            json!({"MODEL": "m", "ANTHROPIC_API_KEY": key, "ANTHROPIC_BASE_URL": "http://127.0.0.1:1"}),
            "refused to call",
        ),
        (
            "claude-code",
            json!({"MODEL": "m", "ANTHROPIC_API_KEY": key, "ANTHROPIC_BASE_URL": base}),
            "status 403",
        ),
        (
            "claude-code",
            json!({"MODEL": "m", "ANTHROPIC_API_KEY": "x", "ANTHROPIC_BASE_URL": base}),
            "status 401",
        ),
        ("codex", json!({"MODEL": "m", "OPENAI_API_KEY": key}), "no base URL"),
        ("langgraph", json!({"MODEL": "m"}), "does not know how its runtime"),
    ] {
        let path = start_box(&world, &org, runtime, environment);
        let answer = send(&world, Method::POST, &path, said("hello")).await;
        let error = answer.body["error"]["message"].as_str().unwrap_or_default();
        assert!(error.contains(expected), "{expected}: {}", answer.body);
    }
    world.stop().await;
}
