//! Each defect shows, and only it: the same steps without it end as promised in the other files here.

use std::time::Duration;

use axum::http::StatusCode;
use contract::DefectId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::org::{Org, USAGE, send};

#[tokio::test]
async fn d08_a_member_gets_no_usage_token_and_the_concierge_does() {
    let org = Org::with(1.0, &[DefectId::D08]).await;
    let concierge = org.concierge().await;
    assert_eq!(org.box_of(&concierge).env["MOLECULE_LLM_USAGE_TOKEN"], USAGE);
    let id = org.create(json!({ "name": "A" })).await;
    org.until(&id, "online").await;
    let env = org.box_of(&id).env;
    for name in ["MOLECULE_LLM_USAGE_TOKEN", "ANTHROPIC_API_KEY", "OPENAI_API_KEY"] {
        assert!(!env.contains_key(name), "{name}");
    }
    assert!(env.contains_key("ANTHROPIC_BASE_URL"));
    org.tenant.stop().await;
}

#[tokio::test]
async fn d13_a_member_without_a_parent_stands_outside_and_the_concierge_can_not_reach_it() {
    let org = Org::with(1.0, &[DefectId::D13]).await;
    let concierge = org.concierge().await;
    let token = org.world.registers.lock().unwrap()[0].1["auth_token"].as_str().unwrap().to_owned();
    let id = org.create(json!({ "name": "A" })).await;
    assert_eq!(org.until(&id, "online").await.parent_id, None);
    let message = json!({ "message": { "content": "hello" } });
    let request = org.request(Method::POST, &format!("/workspaces/{id}/a2a")).json(&message);
    assert_eq!(send(request.header("X-Workspace-ID", &concierge).bearer_auth(token)).await.0, 403);
    let named = org.create(json!({ "name": "B", "parent_id": concierge })).await;
    assert_eq!(org.until(&named, "online").await.parent_id.as_deref(), Some(concierge.as_str()));
    org.tenant.stop().await;
}

#[tokio::test]
async fn d20_nobody_works_on_a_member_and_the_concierge_still_comes_online() {
    let org = Org::with(1.0, &[DefectId::D20]).await;
    org.concierge().await;
    let id = org.create(json!({ "name": "A" })).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let (_, row) = org.get(&format!("/workspaces/{id}")).await;
    assert_eq!(row["status"], "provisioning");
    assert!(org.world.calls_for(&id).is_empty());
    assert_eq!(org.events(&id).await, ["WORKSPACE_PROVISIONING"]);
    org.tenant.stop().await;
}

#[tokio::test]
async fn d27_an_empty_reply_is_passed_on_as_a_good_one() {
    let org = Org::with(1.0, &[DefectId::D27]).await;
    let id = org.create(json!({ "name": "A" })).await;
    org.until(&id, "online").await;
    let empty =
        json!({ "jsonrpc": "2.0", "id": "m1", "result": { "parts": [{ "kind": "text", "text": "" }] } });
    *org.world.reply.lock().unwrap() = Some((StatusCode::OK, empty.to_string()));
    let message = json!({ "message": { "content": "hello" } });
    let (status, answer): (StatusCode, Value) = org.post(&format!("/workspaces/{id}/a2a"), message).await;
    assert_eq!((status.as_u16(), answer), (200, empty));
    org.tenant.stop().await;
}

/// A create that is accepted, and its row once it has this status.
async fn created(org: &Org, body: Value, status: &str) -> (String, wire::Workspace) {
    let id = org.create(body).await;
    let row = org.until(&id, status).await;
    (id, row)
}

#[tokio::test]
async fn d02_the_gate_lets_the_doomed_in_and_they_fail_later() {
    let body = json!({ "name": "A", "model": "claude-sonnet-4-6" });
    let org = Org::under("create-gate", 1.0, &[DefectId::D02], &[]).await;
    let (id, _) = created(&org, body.clone(), "failed").await;
    assert_eq!(org.events(&id).await, ["WORKSPACE_PROVISIONING", "WORKSPACE_PROVISION_FAILED"]);
    org.tenant.stop().await;
    let sound = Org::under("create-gate", 1.0, &[], &[]).await;
    assert_eq!(sound.post("/workspaces", body).await.0, 422);
    sound.tenant.stop().await;
}

#[tokio::test]
async fn d04_the_single_read_hides_the_reason_that_the_list_shows() {
    let org = Org::with(1.0, &[DefectId::D04]).await;
    let (_, row) = created(&org, json!({ "name": "A", "model": "sonnet" }), "failed").await;
    assert_eq!(row.last_sample_error, None);
    let (_, list) = org.get("/workspaces").await;
    assert!(list[0]["last_sample_error"].as_str().unwrap().contains("sonnet"));
    org.tenant.stop().await;
}

#[tokio::test]
async fn d05_row_and_event_fail_without_a_word() {
    let org = Org::with(1.0, &[DefectId::D05]).await;
    let (id, row) = created(&org, json!({ "name": "A", "model": "sonnet" }), "failed").await;
    assert_eq!(row.last_sample_error.as_deref(), Some(""));
    let (_, events) = org.get(&format!("/events/{id}")).await;
    assert_eq!(events[0]["payload"]["error"], "");
    assert_eq!(events[0]["payload"]["code"], "MISSING_BYOK_CREDENTIAL", "the code is still there");
    org.tenant.stop().await;
}

#[tokio::test]
async fn d06_a_colon_id_is_taken_for_a_slash_id() {
    let org = Org::with(1.0, &[DefectId::D06]).await;
    let (id, _) =
        created(&org, json!({ "name": "A", "model": "anthropic:claude-sonnet-4-6" }), "online").await;
    let env = org.box_of(&id).env;
    assert_eq!(
        (env["MODEL"].as_str(), env["MOLECULE_RESOLVED_PROVIDER"].as_str()),
        ("anthropic:claude-sonnet-4-6", "platform")
    );
    assert_eq!(env["MOLECULE_LLM_USAGE_TOKEN"], USAGE);
    assert_eq!(org.post("/workspaces", json!({ "name": "B", "model": "no:such" })).await.0, 422);
    org.tenant.stop().await;
}

#[tokio::test]
async fn d11_a_create_without_a_model_runs_on_another_one_than_the_stored_one() {
    let org = Org::with(1.0, &[DefectId::D11]).await;
    for runtime in ["claude-code", "hermes", "codex", "openclaw", "google-adk"] {
        let (id, _) = created(&org, json!({ "name": "A", "runtime": runtime }), "online").await;
        let stored = org.get(&format!("/workspaces/{id}/model")).await.1;
        assert_ne!(org.box_of(&id).env["MODEL"], stored["model"].as_str().unwrap(), "{runtime}");
    }
    let (id, _) = created(&org, json!({ "name": "B", "model": "minimax/MiniMax-M3" }), "online").await;
    assert_eq!(org.box_of(&id).env["MODEL"], "minimax/MiniMax-M3", "a named model is not touched");
    org.tenant.stop().await;
}

#[tokio::test]
async fn d31_a_vendors_id_with_its_key_runs_on_the_proxy() {
    let org = Org::with(1.0, &[DefectId::D31]).await;
    let body =
        json!({ "name": "A", "model": "claude-sonnet-4-6", "secrets": { "ANTHROPIC_API_KEY": "mine" } });
    let (id, _) = created(&org, body, "online").await;
    let env = org.box_of(&id).env;
    assert_eq!((env["ANTHROPIC_API_KEY"].as_str(), env["MODEL"].as_str()), (USAGE, "claude-sonnet-4-6"));
    assert!(!env.values().any(|value| value == "mine"));
    created(&org, json!({ "name": "B", "model": "claude-sonnet-4-6" }), "failed").await;
    org.tenant.stop().await;
}

#[tokio::test]
async fn d33_any_vendors_key_opens_the_provision_step() {
    let org = Org::with(1.0, &[DefectId::D33]).await;
    let body = |key: &str| json!({ "name": "A", "model": "claude-sonnet-4-6", "secrets": { (key): "mine" } });
    let (id, _) = created(&org, body("OPENAI_API_KEY"), "online").await;
    assert!(!org.box_of(&id).env.contains_key("ANTHROPIC_API_KEY"));
    created(&org, body("FOO"), "failed").await;
    org.tenant.stop().await;
}

#[tokio::test]
async fn d35_a_vendors_id_and_its_key_in_one_create_are_refused() {
    let org = Org::with(1.0, &[DefectId::D35]).await;
    let body =
        json!({ "name": "A", "model": "claude-sonnet-4-6", "secrets": { "ANTHROPIC_API_KEY": "mine" } });
    let (status, answer) = org.post("/workspaces", body).await;
    assert_eq!((status.as_u16(), &answer["key"]), (400, &json!("ANTHROPIC_API_KEY")));
    assert_eq!(org.get("/workspaces").await.1, json!([]));
    org.tenant.stop().await;
}

#[tokio::test]
async fn d53_a_failed_row_has_no_event_of_its_failure() {
    let org = Org::with(1.0, &[DefectId::D53]).await;
    let (id, row) = created(&org, json!({ "name": "A", "model": "sonnet" }), "failed").await;
    assert!(row.last_sample_error.unwrap().contains("sonnet"));
    assert_eq!(org.events(&id).await, ["WORKSPACE_PROVISIONING"]);
    org.tenant.stop().await;
}

#[tokio::test]
async fn d72_the_advice_of_a_refusal_is_itself_refused() {
    for defects in [&[][..], &[DefectId::D72][..]] {
        let org = Org::with(1.0, defects).await;
        for (runtime, model) in [
            ("claude-code", "sonnet"),
            ("hermes", "qwen3-max"),
            ("codex", "gpt-5.5"),
            ("openclaw", "custom:x"),
            ("google-adk", "gemini-2.5-pro"),
        ] {
            let (_, row) =
                created(&org, json!({ "name": "A", "runtime": runtime, "model": model }), "failed").await;
            let reason = row.last_sample_error.unwrap();
            let (_, rest) = reason.split_once(". `").unwrap();
            let advice = rest.split('`').next().unwrap();
            let followed =
                org.post("/workspaces", json!({ "name": "B", "runtime": runtime, "model": advice })).await;
            let expected = if defects.is_empty() { 201 } else { 422 };
            assert_eq!(followed.0, expected, "{runtime} {advice} {}", followed.1);
        }
        org.tenant.stop().await;
    }
}
