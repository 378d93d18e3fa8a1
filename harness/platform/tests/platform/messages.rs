//! Messages to boxes, and what becomes of bad answers.

use axum::http::StatusCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::org::{Org, send};

fn hello() -> Value {
    json!({ "jsonrpc": "2.0", "id": "m1", "method": "message/send", "params": { "message":
        { "role": "user", "messageId": "m1", "parts": [{ "kind": "text", "text": "hello" }] } } })
}

#[tokio::test]
async fn a_message_reaches_the_box_and_its_answer_comes_back_as_it_is() {
    let org = Org::new().await;
    let id = org.create(json!({ "name": "A" })).await;
    org.until(&id, "online").await;
    let path = format!("/workspaces/{id}/a2a");
    let (status, answer) = send(org.request(Method::POST, &path).json(&hello())).await;
    assert_eq!((status.as_u16(), &answer["id"]), (200, &json!("m1")), "a person needs no bearer");
    assert_eq!(wire::reply_text(&answer).as_deref(), Some("you said hello"));
    let (_, answer) = org.post(&path, json!({ "message": { "content": "bare" } })).await;
    assert_eq!(wire::reply_text(&answer).as_deref(), Some("you said bare"));
    assert_eq!(org.post(&path, json!({ "hello": 1 })).await.0, 400);
    org.tenant.stop().await;
}

#[tokio::test]
async fn an_answer_that_says_nothing_or_is_none_is_an_error() {
    let org = Org::new().await;
    let id = org.create(json!({ "name": "A" })).await;
    org.until(&id, "online").await;
    let path = format!("/workspaces/{id}/a2a");
    let result =
        |parts: Value| json!({ "jsonrpc": "2.0", "id": "m1", "result": { "parts": parts } }).to_string();
    for (status, reply, expected, says) in [
        (200, result(json!([])), 502, "answered with nothing"),
        (200, result(json!([{ "kind": "text", "text": "  " }])), 502, "answered with nothing"),
        (200, "<html>".to_owned(), 502, "not JSON"),
        (500, "boom".to_owned(), 502, "boom"),
        (200, json!({ "jsonrpc": "2.0", "id": "m1", "error": { "message": "no" } }).to_string(), 200, "no"),
    ] {
        *org.world.reply.lock().unwrap() = Some((StatusCode::from_u16(status).unwrap(), reply));
        let (answered, body) = org.post(&path, hello()).await;
        assert_eq!(answered, expected, "{body}");
        assert!(body.to_string().contains(says), "{body}");
    }
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_workspace_without_a_box_says_so() {
    let org = Org::new().await;
    let unknown = "/workspaces/c0000000-0000-4000-8000-00000000000f/a2a";
    assert_eq!(org.post(unknown, hello()).await.0, 404);
    assert_eq!(org.post("/workspaces/x/a2a", hello()).await.0, 400);
    *org.world.silent.lock().unwrap() = true;
    let id = org.create(json!({ "name": "A" })).await;
    let path = format!("/workspaces/{id}/a2a");
    let (status, body) = org.post(&path, hello()).await;
    assert_eq!((status.as_u16(), &body["status"]), (503, &json!("provisioning")));
    let dead = json!({ "id": id, "url": "http://localhost:1", "agent_card": {} });
    assert_eq!(send(org.bare(Method::POST, "/registry/register").json(&dead)).await.0, 200);
    assert_eq!(org.post(&path, hello()).await.0, 502);
    assert_eq!(org.delete(&id, "A", "").await.0, 200);
    assert_eq!(org.post(&path, hello()).await.0, 410);
    org.tenant.stop().await;
}

#[tokio::test]
async fn an_agent_talks_within_its_own_tree_and_proves_itself() {
    let org = Org::new().await;
    let concierge = org.concierge().await;
    let token = org.world.registers.lock().unwrap()[0].1["auth_token"].as_str().unwrap().to_owned();
    let child = org.create(json!({ "name": "Child" })).await;
    org.until(&child, "online").await;
    let ask = |from: &str, bearer: &str| {
        let request = org.request(Method::POST, &format!("/workspaces/{child}/a2a")).json(&hello());
        send(request.header("X-Workspace-ID", from).bearer_auth(bearer))
    };
    assert_eq!(ask(&concierge, &token).await.0, 200);
    assert_eq!(ask(&concierge, "nope").await.0, 401);
    assert_eq!(ask(&child, &token).await.0, 401);
    org.tenant.stop().await;
}
