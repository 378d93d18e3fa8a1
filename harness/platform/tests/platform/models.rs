//! Which id is stored, refused or given up, by every entry.

use serde_json::{Value, json};

use crate::org::{Org, USAGE};

#[tokio::test]
async fn a_vendors_id_without_its_key_fails_with_the_same_reason_everywhere() {
    let org = Org::new().await;
    org.concierge().await;
    let id = org.create(json!({ "name": "Member", "model": " claude-sonnet-4-6 " })).await;
    let reason = org.until(&id, "failed").await.last_sample_error.unwrap();
    for word in ["claude-sonnet-4-6", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "moonshot/kimi-k2.6"] {
        assert!(reason.contains(word), "{word} in {reason}");
    }
    let (_, list) = org.get("/workspaces").await;
    assert_eq!(list[1]["last_sample_error"], json!(reason));
    let (_, events) = org.get(&format!("/events/{id}")).await;
    assert_eq!(
        events[0]["payload"],
        json!({ "error": reason, "code": "MISSING_BYOK_CREDENTIAL", "billing_mode": "byok", "issue": "1994" })
    );
    assert_eq!(org.events(&id).await, ["WORKSPACE_PROVISIONING", "WORKSPACE_PROVISION_FAILED"]);
    assert!(org.world.calls_for(&id).is_empty(), "nobody is asked for a box that can't be paid");
    let stored = org.get(&format!("/workspaces/{id}/model")).await.1;
    assert_eq!(stored["model"], "claude-sonnet-4-6", "stored trimmed");
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_refused_create_leaves_no_trace() {
    let org = Org::new().await;
    let model = |model: &str| json!({ "name": "A", "model": model });
    let unregistered = "UNREGISTERED_MODEL_FOR_RUNTIME";
    for (body, status, code) in [
        (model("minimax:MiniMax-M2.7"), 422, json!(unregistered)),
        (model("minimax/MiniMax-M2.7\n"), 400, Value::Null),
        (model(&"m".repeat(101)), 400, Value::Null),
        (json!({ "name": "A", "model": 7 }), 400, Value::Null),
        (json!({ "model": "minimax/MiniMax-M2.7" }), 400, Value::Null),
        (json!({ "name": "" }), 400, Value::Null),
        (json!({ "name": "[A]" }), 400, Value::Null),
        (json!({ "name": "A", "tier": "4" }), 400, Value::Null),
        (json!({ "name": "A", "runtime": "langgraph" }), 422, json!("RUNTIME_UNSUPPORTED")),
        (json!({ "name": "A", "runtime": "claude-code " }), 422, json!("RUNTIME_UNSUPPORTED")),
        (json!({ "name": "A", "template": "t" }), 422, json!("RUNTIME_UNRESOLVED")),
        (json!({ "name": "A", "parent_id": "nobody" }), 400, json!("WORKSPACE_REPARENT_INVALID_PARENT_ID")),
        (
            json!({ "name": "A", "parent_id": "c0000000-0000-4000-8000-00000000000f" }),
            422,
            json!("WORKSPACE_REPARENT_PARENT_NOT_FOUND"),
        ),
        (json!(["A"]), 400, Value::Null),
    ] {
        let (answered, answer) = org.post("/workspaces", body.clone()).await;
        assert_eq!((answered.as_u16(), &answer["code"]), (status, &code), "{body} {answer}");
        assert!(!answer["error"].as_str().unwrap().is_empty());
    }
    assert_eq!(org.get("/workspaces").await.1, json!([]));
    assert_eq!(org.get("/events").await.1, json!([]));
    assert!(org.world.calls.lock().unwrap().is_empty());
    let (_, refusal) = org.post("/workspaces", model("sonnet-4-6")).await;
    assert_eq!((&refusal["runtime"], &refusal["model"]), (&json!("claude-code"), &json!("sonnet-4-6")));
    org.tenant.stop().await;
}

#[tokio::test]
async fn every_runtime_gets_its_platform_default_for_a_missing_and_for_a_blank_model() {
    let org = Org::new().await;
    for (runtime, default) in [
        ("claude-code", "moonshot/kimi-k2.6"),
        ("hermes", "moonshot/kimi-k2.6"),
        ("codex", "openai/gpt-5.4"),
        ("google-adk", "platform:gemini-2.5-pro"),
    ] {
        for model in [Value::Null, json!(""), json!(" \t")] {
            let id = org.create(json!({ "name": "A", "runtime": runtime, "model": model })).await;
            org.until(&id, "online").await;
            let env = org.box_of(&id).env;
            assert_eq!((env["MODEL"].as_str(), env["MOLECULE_LLM_USAGE_TOKEN"].as_str()), (default, USAGE));
        }
    }
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_vendors_key_in_the_payload_fits_vendors_ids_alone() {
    let org = Org::new().await;
    let body = |model: &str, key: &str| json!({ "name": "A", "model": model, "secrets": { (key): "value" } });
    for key in ["ANTHROPIC_API_KEY", "anthropic_api_key"] {
        let (status, answer) = org.post("/workspaces", body("minimax/MiniMax-M2.7", key)).await;
        assert_eq!((status.as_u16(), &answer["key"]), (400, &json!(key)), "{answer}");
        assert!(answer["workspace_id"].is_string());
    }
    assert_eq!(org.get("/workspaces").await.1, json!([]), "rolled back");
    let id = org.create(body("claude-sonnet-4-6", "ANTHROPIC_API_KEY")).await;
    org.until(&id, "online").await;
    let env = org.box_of(&id).env;
    assert_eq!(env["ANTHROPIC_API_KEY"], "value");
    assert!(!env.contains_key("MOLECULE_LLM_USAGE_TOKEN"));
    let id = org.create(body("claude-sonnet-4-6", "MINIMAX_API_KEY")).await;
    org.until(&id, "failed").await;
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_tenant_wide_key_pays_for_vendors_ids() {
    let org = Org::new().await;
    let saved = org.post("/settings/secrets", json!({ "key": "ANTHROPIC_API_KEY", "value": "shared" })).await;
    assert_eq!(saved.1, json!({ "status": "saved", "key": "ANTHROPIC_API_KEY", "scope": "global" }));
    assert_eq!(org.get("/settings/secrets").await.1[0]["has_value"], true);
    let id = org.create(json!({ "name": "A", "model": "claude-sonnet-4-6" })).await;
    org.until(&id, "online").await;
    assert_eq!(org.box_of(&id).env["ANTHROPIC_API_KEY"], "shared");
    let (_, list) = org.get(&format!("/workspaces/{id}/secrets")).await;
    let scopes: Vec<_> = list.as_array().unwrap().iter().map(|line| (&line["key"], &line["scope"])).collect();
    assert_eq!(
        scopes,
        [(&json!("ANTHROPIC_API_KEY"), &json!("global")), (&json!("MODEL"), &json!("workspace"))]
    );
    org.tenant.stop().await;
}

#[tokio::test]
async fn put_model_stores_trimmed_refuses_what_create_refuses_and_restarts_once_in_its_window() {
    let org = Org::new().await;
    let id = org.create(json!({ "name": "A" })).await;
    org.until(&id, "online").await;
    let path = format!("/workspaces/{id}/model");
    for (model, status) in [("no-such-model", 422), ("minimax/MiniMax-M2.7\n", 400)] {
        assert_eq!(org.put(&path, json!({ "model": model })).await.0, status);
    }
    assert_eq!(org.get(&path).await.1["model"], "moonshot/kimi-k2.6", "unchanged");

    let saved = org.put(&path, json!({ "model": "  claude-sonnet-4-6 " })).await;
    assert_eq!(saved.1, json!({ "status": "saved", "model": "claude-sonnet-4-6" }));
    org.until(&id, "failed").await;
    assert_eq!(org.world.calls_for(&id), ["provision", "delete"], "the old box went first");
    let saved = org.put(&path, json!({ "model": "" })).await;
    assert_eq!(saved.1, json!({ "status": "saved", "model": "moonshot/kimi-k2.6" }));
    assert_eq!(org.until(&id, "failed").await.status, "failed", "inside the window no second restart");
    org.post(&format!("/workspaces/{id}/restart"), json!({})).await;
    let row = org.until(&id, "online").await;
    assert!(
        row.last_sample_error.unwrap().contains("claude-sonnet-4-6"),
        "stays until a heartbeat clears it"
    );
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_key_stored_after_the_failure_brings_the_workspace_online() {
    let org = Org::new().await;
    let id = org.create(json!({ "name": "A", "model": "claude-sonnet-4-6" })).await;
    org.until(&id, "failed").await;
    let path = format!("/workspaces/{id}/secrets");
    assert_eq!(org.post(&path, json!({ "key": "K", "value": "" })).await.0, 400);
    let saved = org.put(&path, json!({ "key": "ANTHROPIC_API_KEY", "value": "mine" })).await;
    assert_eq!(saved.1, json!({ "status": "saved", "key": "ANTHROPIC_API_KEY" }));
    org.until(&id, "online").await;
    assert_eq!(org.box_of(&id).env["ANTHROPIC_API_KEY"], "mine");

    let paid = org.create(json!({ "name": "B" })).await;
    org.until(&paid, "online").await;
    let body = json!({ "key": "ANTHROPIC_API_KEY", "value": "mine" });
    let (status, answer) = org.post(&format!("/workspaces/{paid}/secrets"), body).await;
    assert_eq!((status.as_u16(), &answer["workspace_id"]), (400, &json!(paid)));
    org.tenant.stop().await;
}

#[tokio::test]
async fn an_imported_team_stands_under_the_concierge_and_fails_where_a_create_refuses() {
    let org = Org::new().await;
    let concierge = org.concierge().await;
    let template = |model: Value| {
        json!({ "template": { "name": "Org", "defaults": { "runtime": "claude-code", "model": model },
            "workspaces": [{ "name": format!("Lead {model}"), "children": [{ "name": "Kid", "role": "kid" }] }] } })
    };
    for (model, status) in [
        (json!("minimax/MiniMax-M2.7"), "online"),
        (Value::Null, "online"),
        (json!("claude-sonnet-4-6"), "failed"),
        (json!("no-such-model"), "failed"),
    ] {
        let (answered, answer) = org.post("/org/import", template(model.clone())).await;
        assert_eq!((answered.as_u16(), &answer["count"]), (201, &json!(2)), "{answer}");
        let ids: Vec<&str> =
            answer["workspaces"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(org.until(ids[0], status).await.parent_id.as_deref(), Some(concierge.as_str()), "{model}");
        assert_eq!(org.until(ids[1], status).await.parent_id.as_deref(), Some(ids[0]));
        if model == "no-such-model" {
            let (_, events) = org.get(&format!("/events/{}", ids[0])).await;
            assert_eq!(events[0]["payload"]["code"], "UNREGISTERED_MODEL_FOR_RUNTIME");
            assert!(events[0]["payload"]["error"].as_str().unwrap().contains("no-such-model"));
        }
        let (_, again) = org.post("/org/import", template(model)).await;
        assert_eq!(
            again["workspaces"][1],
            json!({ "id": ids[1], "name": "Kid", "tier": 4, "skipped": true })
        );
    }
    let langgraph =
        json!({ "template": { "name": "O", "workspaces": [{ "name": "A", "runtime": "langgraph" }] } });
    let (status, answer) = org.post("/org/import", langgraph).await;
    assert_eq!((status.as_u16(), &answer["count"], &answer["workspaces"]), (207, &json!(0), &json!([])));
    assert!(answer["error"].is_string());
    assert_eq!(org.post("/org/import", json!({ "dir": "team" })).await.0, 404);
    org.tenant.stop().await;
}
