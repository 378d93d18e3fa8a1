//! Who may do what: the guard and the bearers, with the recorded words.

use reqwest::Method;
use serde_json::{Value, json};

use crate::org::{ADMIN, ORG_ID, Org, send};

#[tokio::test]
async fn every_guarded_path_wants_the_org_byte_for_byte() {
    let org = Org::new().await;
    for path in ["/workspaces", "/events", "/nosuch", "/workspaces/not-a-uuid"] {
        let (status, body) = send(org.bare(Method::GET, path).bearer_auth(ADMIN)).await;
        assert_eq!((status.as_u16(), &body["error"]), (400, &json!("missing tenant routing header")));
        assert_eq!(body["code"], "TENANT_ORG_HEADER_REQUIRED");
        assert_eq!(body["required_header"], "X-Molecule-Org-Id");
        for wrong in [ORG_ID.to_uppercase(), "other".to_owned()] {
            let request = org.bare(Method::GET, path).bearer_auth(ADMIN).header("X-Molecule-Org-Id", wrong);
            assert_eq!(send(request).await, (axum::http::StatusCode::NOT_FOUND, Value::Null));
        }
    }
    for path in ["/health", "/buildinfo"] {
        assert_eq!(send(org.bare(Method::GET, path)).await.0, 200);
    }
    for (method, path) in
        [(Method::GET, "/nosuch"), (Method::PATCH, "/events"), (Method::GET, "/workspaces/a/b")]
    {
        let answer = send(org.request(method, path).bearer_auth(ADMIN)).await;
        assert_eq!(answer, (axum::http::StatusCode::NOT_FOUND, json!("404 page not found")), "{path}");
    }
    org.tenant.stop().await;
}

#[tokio::test]
async fn bearers_open_what_they_are_for_and_are_refused_with_the_recorded_words() {
    let org = Org::new().await;
    let (_, created) = org.post("/workspaces", json!({ "name": "A" })).await;
    let id = created["id"].as_str().unwrap().to_owned();
    org.until(&id, "online").await;
    let other = org.create(json!({ "name": "B" })).await;
    org.until(&other, "online").await;
    let registers = org.world.registers.lock().unwrap().clone();
    let (own, others) = (token(&registers[0].1), token(&registers[1].1));
    let (api, model, state) =
        (token(&created), format!("/workspaces/{id}/model"), format!("/workspaces/{id}/state"));
    let (no_admin, bad_admin) = ("admin auth required", "invalid admin auth token");
    let (no_token, bad_token) = ("missing workspace auth token", "invalid workspace auth token");
    for (path, bearer, expected) in [
        ("/workspaces", None, Some(no_admin)),
        ("/workspaces", Some("nope"), Some(bad_admin)),
        ("/workspaces", Some(own.as_str()), Some(bad_admin)),
        ("/workspaces", Some(ADMIN), None),
        ("/events", None, Some(no_admin)),
        (model.as_str(), None, Some(no_token)),
        (model.as_str(), Some("nope"), Some(bad_token)),
        (model.as_str(), Some(others.as_str()), Some(bad_token)),
        (model.as_str(), Some(own.as_str()), None),
        (model.as_str(), Some(api.as_str()), None),
        (model.as_str(), Some(ADMIN), None),
        (state.as_str(), Some(own.as_str()), None),
        (state.as_str(), Some(ADMIN), Some(bad_token)),
    ] {
        let request = org.request(Method::GET, path);
        let request = match bearer {
            Some(bearer) => request.bearer_auth(bearer),
            None => request,
        };
        let (status, body) = send(request).await;
        match expected {
            Some(words) => {
                assert_eq!((status.as_u16(), &body), (401, &json!({ "error": words })), "{path} {bearer:?}")
            }
            None => assert_eq!(status, 200, "{path} {bearer:?}"),
        }
    }
    let (_, body) = send(org.request(Method::GET, &state).bearer_auth(&own)).await;
    assert_eq!(body, json!({ "workspace_id": id, "status": "online", "paused": false, "deleted": false }));
    assert_eq!(send(org.request(Method::GET, &format!("/workspaces/{id}"))).await.0, 200, "needs no bearer");
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_box_proves_itself_after_its_first_register() {
    let org = Org::new().await;
    let id = org.create(json!({ "name": "A" })).await;
    org.until(&id, "online").await;
    let first = org.world.registers.lock().unwrap()[0].1.clone();
    assert_eq!((&first["status"], &first["delivery_mode"]), (&json!("registered"), &json!("push")));
    let own = token(&first);
    let card = json!({ "id": id, "url": "http://localhost:9", "agent_card": { "name": "x" } });
    let beat = json!({ "workspace_id": id, "error_rate": 0.0 });
    for (bearer, words) in [
        (None, Some("missing workspace auth token")),
        (Some("nope"), Some("invalid workspace auth token")),
        (Some(ADMIN), Some("invalid workspace auth token")),
        (Some(own.as_str()), None),
    ] {
        for (path, body) in [("/registry/register", &card), ("/registry/heartbeat", &beat)] {
            let request = org.bare(Method::POST, path).json(body);
            let request = match bearer {
                Some(bearer) => request.bearer_auth(bearer),
                None => request,
            };
            let (status, answer) = send(request).await;
            match words {
                Some(words) => assert_eq!((status.as_u16(), &answer["error"]), (401, &json!(words))),
                None => {
                    assert_eq!(status, 200);
                    assert_eq!(answer["platform_inbound_secret"], first["platform_inbound_secret"]);
                    assert!(answer.get("auth_token").is_none());
                }
            }
        }
    }
    org.tenant.stop().await;
}

#[tokio::test]
async fn the_registry_refuses_what_it_can_not_use() {
    let org = Org::new().await;
    *org.world.silent.lock().unwrap() = true;
    let id = org.create(json!({ "name": "A" })).await;
    for (path, body, status, words) in [
        (
            "/registry/register",
            json!({ "url": "http://localhost:9", "agent_card": {} }),
            400,
            "invalid request body",
        ),
        ("/registry/register", json!({ "id": id, "url": "http://localhost:9" }), 400, "invalid request body"),
        (
            "/registry/register",
            json!({ "id": id, "agent_card": {} }),
            400,
            "url is required for push-mode workspaces",
        ),
        (
            "/registry/register",
            json!({ "id": id, "url": "ftp://x", "agent_card": {} }),
            400,
            "url must be http or https",
        ),
        ("/registry/heartbeat", json!({}), 400, "invalid request body"),
    ] {
        let (answered, answer) = send(org.bare(Method::POST, path).json(&body)).await;
        assert_eq!((answered.as_u16(), &answer["error"]), (status, &json!(words)), "{body}");
    }
    let unknown = json!({ "workspace_id": "c0000000-0000-4000-8000-00000000000f" });
    let (status, answer) = send(org.bare(Method::POST, "/registry/heartbeat").json(&unknown)).await;
    assert!(status == 200 && answer["platform_inbound_secret"].is_string(), "{answer}");
    assert_eq!(org.get("/workspaces").await.1.as_array().unwrap().len(), 1, "and made no row");
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_body_past_the_bound_is_refused() {
    let org = Org::new().await;
    let long = json!({ "name": "A", "role": "r".repeat(1024 * 1024) });
    assert_eq!(org.post("/workspaces", long).await.0, 413);
    org.tenant.stop().await;
}

fn token(answer: &Value) -> String {
    answer["auth_token"].as_str().unwrap().to_owned()
}
