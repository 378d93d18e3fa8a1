//! Each defect shows, and only it.

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
