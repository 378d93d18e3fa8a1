use super::*;
use crate::http::{Answer, Outgoing};
use crate::org::Org;
use crate::testing::{journey_in, org_in, org_with, quiet_world};
use crate::{Proxy, SignUpSettings, World, boxes};
use journal::{AnswerKind, Fact, KeyShown, ModelCall, Payer};
use reqwest::Method;
use serde_json::Value;
use std::time::Duration;
use wire::header;

const BOUND: Duration = Duration::from_secs(5);
const GOOD_ID: &str = "moonshot/kimi-k2.6";

fn messages(model: &str) -> Value {
    json!({ "model": model, "max_tokens": 16, "messages": [{ "role": "user", "content": "hello" }] })
}

fn anthropic_call(world: &World, key: &str, body: Value) -> Outgoing {
    let base = world.shared().addresses.anthropic_base();
    Outgoing::new(Method::POST, &base, "/messages", BOUND)
        .header("anthropic-version", "2023-06-01")
        .header("x-api-key", key)
        .json(body)
}

fn openai_call(world: &World, key: &str, body: Value) -> Outgoing {
    let base = world.shared().addresses.openai_base();
    Outgoing::new(Method::POST, &base, "/chat/completions", BOUND).bearer(key).json(body)
}

fn responses_call(world: &World, key: &str, model: &str) -> Outgoing {
    let base = world.shared().addresses.openai_base();
    let body = json!({ "model": model, "input": "hello" });
    Outgoing::new(Method::POST, &base, "/responses", BOUND).bearer(key).json(body)
}

async fn send(world: &World, call: Outgoing) -> Answer {
    call.send(&world.shared().client).await.unwrap()
}

fn calls(org: &Org) -> Vec<ModelCall> {
    org.journey.recorder.look(|seen| {
        let calls = seen.iter().filter_map(|seen| match &seen.fact {
            Fact::ModelCall(call) => Some(call.clone()),
            _ => None,
        });
        calls.collect()
    })
}

#[tokio::test]
async fn an_id_counts_byte_for_byte_and_only_on_a_platform_arm() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "ids"));
    let key = org.identity.usage_token.clone();
    for (id, status) in [
        (GOOD_ID, 200),
        (" moonshot/kimi-k2.6", 403),
        ("Moonshot/kimi-k2.6", 403),
        ("moonshot:kimi-k2.6", 403),
        ("claude-sonnet-4-6", 403),
        ("", 403),
    ] {
        let answer = send(&world, anthropic_call(&world, &key, messages(id))).await;
        assert_eq!(answer.status, status, "{id:?}: {}", answer.body);
        let answer = send(&world, openai_call(&world, &key, messages(id))).await;
        assert_eq!(answer.status, status, "{id:?}: {}", answer.body);
        let answer = send(&world, responses_call(&world, &key, id)).await;
        assert_eq!(answer.status, status, "{id:?}: {}", answer.body);
    }
    for call in calls(&org) {
        assert_eq!(call.payer, (call.status == 200).then_some(Payer::Platform));
        assert_eq!(call.answer == AnswerKind::Error, call.status != 200);
        assert_eq!(call.key, KeyShown::UsageToken);
    }
    world.stop().await;
}

#[tokio::test]
async fn refusals_have_the_vendors_shape() {
    let world = quiet_world().await;
    org_in(&world, &journey_in(&world, "shapes"));
    let answer = send(&world, anthropic_call(&world, "nobody's key", messages(GOOD_ID))).await;
    assert_eq!((answer.status, &answer.body["error"]["type"]), (401, &json!("authentication_error")));
    for call in [
        openai_call(&world, "nobody's key", messages(GOOD_ID)),
        responses_call(&world, "nobody's key", GOOD_ID),
    ] {
        let answer = send(&world, call).await;
        assert_eq!((answer.status, &answer.body["error"]["code"]), (401, &json!("invalid_api_key")));
    }
    world.stop().await;
}

#[tokio::test]
async fn a_malformed_request_is_refused_with_400() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "malformed"));
    let key = org.identity.usage_token.clone();
    let user = json!({ "role": "user", "content": "hi" });
    for body in [
        json!("no object"),
        json!({ "model": GOOD_ID, "messages": [user] }),
        json!({ "model": GOOD_ID, "max_tokens": 0, "messages": [user] }),
        json!({ "model": GOOD_ID, "max_tokens": 1, "messages": [] }),
        json!({ "max_tokens": 1, "messages": [user] }),
        json!({ "model": GOOD_ID, "max_tokens": 1, "messages": [{ "role": "assistant", "content": "hi" }] }),
        json!({ "model": GOOD_ID, "max_tokens": 1, "messages": [
            { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "x", "content": "y" }] }
        ] }),
    ] {
        let answer = send(&world, anthropic_call(&world, &key, body.clone())).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
    }
    let base = world.shared().addresses.anthropic_base();
    let unversioned =
        Outgoing::new(Method::POST, &base, "/messages", BOUND).bearer(&key).json(messages(GOOD_ID));
    let answer = send(&world, unversioned).await;
    assert!(
        answer.status == 400
            && answer.body["error"]["message"].as_str().unwrap().contains("anthropic-version")
    );
    world.stop().await;
}

#[tokio::test]
async fn a_body_past_the_bound_is_refused() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "big"));
    let big = json!({ "model": GOOD_ID, "filler": "x".repeat(crate::served::MAX_REQUEST_BYTES) });
    let sent = anthropic_call(&world, &org.identity.usage_token, big).send(&world.shared().client).await;
    // A server that stops reading may close the connection before its answer is read.
    assert!(sent.is_err() || sent.is_ok_and(|answer| answer.status == 413));
    world.stop().await;
}

#[tokio::test]
async fn another_tenants_token_or_workspace_is_refused() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "own"));
    let other = org_in(&world, &journey_in(&world, "other"));
    for (org, workspace) in [(&org, "w-own"), (&other, "w-other")] {
        let request: wire::ProvisionRequest = serde_json::from_value(json!({
            "org_id": org.identity.org_id, "workspace_id": workspace, "runtime": "claude-code", "tier": 4,
            "platform_url": "http://127.0.0.1:1", "env": {}
        }))
        .unwrap();
        boxes::start(world.shared(), org, format!("box-{workspace}"), request);
    }
    let marked =
        |key: &str| anthropic_call(&world, key, messages(GOOD_ID)).header(header::CALL_ID, "box-w-own/1");
    let answer = send(&world, marked(&other.identity.usage_token)).await;
    assert_eq!(answer.status, 401);
    let foreign = marked(&org.identity.usage_token).header(header::WORKSPACE_ID, "w-other");
    assert_eq!(send(&world, foreign).await.status, 401);
    let own = marked(&org.identity.usage_token).header(header::WORKSPACE_ID, "w-own");
    assert_eq!(send(&world, own).await.status, 200);
    let seen: Vec<_> = calls(&org).into_iter().map(|call| (call.key, call.status, call.workspace)).collect();
    let workspace = Some("w-own".to_owned());
    assert_eq!(
        seen,
        [
            (KeyShown::OtherTenantsToken, 401, workspace.clone()),
            (KeyShown::UsageToken, 401, workspace.clone()),
            (KeyShown::UsageToken, 200, workspace),
        ]
    );
    assert!(calls(&other).is_empty());
    world.stop().await;
}

#[tokio::test]
async fn every_spelling_of_the_path_is_served_and_no_other() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "paths"));
    let key = org.identity.usage_token.clone();
    let base = format!("http://{}", world.shared().addresses.proxy);
    for (path, status) in [
        ("/llm/anthropic/messages", 200),
        ("/llm/anthropic/v1/messages", 200),
        ("/llm/anthropic/v1/v1/messages", 200),
        ("/llm/anthropic/v1/complete", 501),
        ("/llm/openai/v1/embeddings", 501),
    ] {
        let call = Outgoing::new(Method::POST, &base, path, BOUND)
            .header("anthropic-version", "2023-06-01")
            .bearer(&key)
            .json(messages(GOOD_ID));
        assert_eq!(send(&world, call).await.status, status, "{path}");
    }
    let strays = org
        .journey
        .recorder
        .look(|seen| seen.iter().filter(|seen| matches!(seen.fact, Fact::Unmodelled(_))).count());
    assert_eq!(strays, 2);
    let usage =
        |key: &str| Outgoing::new(Method::POST, &base, "/llm/usage", BOUND).bearer(key).json(json!({}));
    assert_eq!(send(&world, usage(&key)).await.status, 200);
    assert_eq!(send(&world, usage("nobody's")).await.status, 401);
    world.stop().await;
}

#[tokio::test]
async fn a_journey_that_left_is_forgotten() {
    let world = quiet_world().await;
    let journey = journey_in(&world, "left");
    let org = org_in(&world, &journey);
    assert_eq!(world.shared().directory.len(), 5);
    world.shared().directory.forget(&journey);
    assert_eq!(world.shared().directory.len(), 0);
    let call = anthropic_call(&world, &org.identity.usage_token, messages(GOOD_ID));
    assert_eq!(send(&world, call).await.status, 401);
    world.stop().await;
}

#[tokio::test]
async fn a_proxy_can_be_exhausted_or_down_for_one_tenant() {
    let world = quiet_world().await;
    let wired = org_in(&world, &journey_in(&world, "wired"));
    for (proxy, status) in [(Proxy::Exhausted, 402), (Proxy::Down, 503)] {
        let settings = SignUpSettings { proxy, ..SignUpSettings::default() };
        let org = org_with(&world, &journey_in(&world, &format!("{proxy:?}")), settings);
        let key = &org.identity.usage_token;
        let answer = send(&world, anthropic_call(&world, key, messages(GOOD_ID))).await;
        assert_eq!((answer.status, &answer.body["type"]), (status, &json!("error")));
        let answer = send(&world, openai_call(&world, key, messages(GOOD_ID))).await;
        assert_eq!(answer.status, status);
        assert!(calls(&org).iter().all(|call| call.payer.is_none() && call.status == status));
    }
    let key = &wired.identity.usage_token;
    assert_eq!(send(&world, anthropic_call(&world, key, messages(GOOD_ID))).await.status, 200);
    world.stop().await;
}
