//! What the historical contracts promise beside what the recordings show, and the routes that go with them.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::golden::CONTRACTS;
use crate::org::{ADMIN, ORG_ID, Org, contract_named, send};

#[tokio::test]
async fn the_gate_refuses_a_vendors_id_at_create_without_a_trace_and_says_what_would_do() {
    let org = Org::under("create-gate", 1.0, &[], &[]).await;
    for (runtime, model, provider, key) in [
        ("claude-code", " claude-sonnet-4-6", "anthropic-api", "ANTHROPIC_AUTH_TOKEN"),
        ("hermes", "nousresearch/hermes-4-70b", "nousresearch", "NOUSRESEARCH_API_KEY"),
        ("openclaw", "moonshot:kimi-k2.6", "kimi-coding", "KIMI_API_KEY"),
        ("codex", "gpt-5.5", "openai-subscription", "CODEX_AUTH_JSON"),
    ] {
        let body = json!({ "name": "A", "runtime": runtime, "model": model });
        let (status, answer) = org.post("/workspaces", body).await;
        assert_eq!((status.as_u16(), &answer["code"]), (422, &json!("MISSING_BYOK_CREDENTIAL")), "{answer}");
        assert_eq!((&answer["runtime"], &answer["model"]), (&json!(runtime), &json!(model)));
        let error = answer["error"].as_str().unwrap();
        for word in [model, provider, key, "moonshot/kimi-k2.6"] {
            assert!(error.contains(word), "{word} in {error}");
        }
        let usable = contract_named("create-gate").refusals.early.alternative_is_usable_on.clone();
        let advised = json!({ "name": "B", "runtime": runtime, "model": "moonshot/kimi-k2.6" });
        let followed = org.post("/workspaces", advised).await.0.is_success();
        assert_eq!(
            followed,
            usable.iter().any(|it| it == runtime),
            "{runtime} is promised its advice, or not"
        );
    }
    let (_, list) = org.get("/workspaces").await;
    assert!(list.as_array().unwrap().iter().all(|row| row["name"] != "A"));
    org.tenant.stop().await;
}

#[tokio::test]
async fn put_model_import_and_restart_pass_the_gate_and_fail_later_with_a_text_that_helps_nobody() {
    for contract in CONTRACTS {
        let org = Org::under(contract, 1.0, &[], &[]).await;
        let id = org.create(json!({ "name": "A", "model": "minimax/MiniMax-M2.7" })).await;
        org.until(&id, "online").await;
        let saved = org.put(&format!("/workspaces/{id}/model"), json!({ "model": "glm-4.6 " })).await;
        assert_eq!(saved.1, json!({ "status": "saved", "model": "glm-4.6 " }), "as it was typed");
        assert_eq!(org.until(&id, "failed").await.last_sample_error, None, "hidden on the single read");
        let (_, list) = org.get("/workspaces").await;
        let reason = list[0]["last_sample_error"].as_str().unwrap();
        assert!(reason.contains("CLAUDE_CODE_OAUTH_TOKEN"), "{reason}");
        for word in ["glm-4.6", "GLM_API_KEY", "kimi"] {
            assert!(!reason.contains(word), "{reason}");
        }
        org.post(&format!("/workspaces/{id}/restart"), json!({})).await;
        org.until(&id, "failed").await;
        let names = org.events(&id).await;
        assert_eq!(names.iter().filter(|name| *name == "WORKSPACE_PROVISION_FAILED").count(), 2);
        org.tenant.stop().await;
    }
}

#[tokio::test]
async fn the_servers_default_model_fills_in_where_the_contract_lets_it() {
    let variable = ("MOLECULE_LLM_DEFAULT_MODEL", "minimax/MiniMax-M3");
    for (contract, concierges, blank) in [
        ("incident", Some("minimax/MiniMax-M3"), "online"),
        ("create-gate", Some("moonshot/kimi-k2.6"), "failed"),
    ] {
        let org = Org::under(contract, 1.0, &[], &[variable]).await;
        let concierge = org.concierge().await;
        assert_eq!(org.box_of(&concierge).env.get("MODEL").map(String::as_str), concierges, "{contract}");
        let id = org.create(json!({ "name": "A", "model": " " })).await;
        org.until(&id, blank).await;
        if blank == "online" {
            assert_eq!(org.box_of(&id).env["MODEL"], "minimax/MiniMax-M3");
            assert_eq!(
                org.get(&format!("/workspaces/{id}/model")).await.1["model"],
                " ",
                "and is not stored"
            );
        } else {
            let (_, events) = org.get(&format!("/events/{id}")).await;
            assert_eq!(events[0]["payload"]["code"], "MISSING_MODEL");
        }
        org.tenant.stop().await;
    }
    let org = Org::under("incident", 1.0, &[], &[]).await;
    let concierge = org.concierge().await;
    assert!(!org.box_of(&concierge).env.contains_key("MODEL"), "without the variable it is told none");
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_workspaces_own_billing_mode_outranks_its_arm_after_the_next_restart() {
    for contract in CONTRACTS {
        let org = Org::under(contract, 1.0, &[], &[]).await;
        let id = org.create(json!({ "name": "A", "model": "minimax/MiniMax-M2.7" })).await;
        org.until(&id, "online").await;
        let path = format!("/admin/workspaces/{id}/llm-billing-mode");
        for (mode, status) in [
            (json!({ "mode": "zzz" }), 400),
            (json!({ "mode": "" }), 400),
            (json!({}), 400),
            (json!({ "mode": 7 }), 400),
        ] {
            assert_eq!(org.put(&path, mode.clone()).await.0, status, "{mode}");
        }
        let unknown = "/admin/workspaces/c0000000-0000-4000-8000-00000000000f/llm-billing-mode";
        assert_eq!(org.put(unknown, json!({ "mode": "byok" })).await.0, 404);
        for (mode, ends, code) in [("byok", "failed", true), ("disabled", "online", false)] {
            let (_, answer) = org.put(&path, json!({ "mode": mode })).await;
            assert_eq!(
                (&answer["resolved_mode"], &answer["source"]),
                (&json!(mode), &json!("workspace_override"))
            );
            assert_eq!(answer["provider_selection"], Value::Null);
            assert_eq!(answer.get("org_default").is_some(), contract == "incident");
            org.post(&format!("/workspaces/{id}/restart"), json!({})).await;
            org.until(&id, ends).await;
            let (_, events) = org.get(&format!("/events/{id}")).await;
            assert_eq!(events[0]["payload"]["code"] == "MISSING_BYOK_CREDENTIAL", code, "{contract} {mode}");
        }
        let env = org.box_of(&id).env;
        assert_eq!(
            (env["MOLECULE_LLM_BILLING_MODE"].as_str(), env.get("ANTHROPIC_API_KEY")),
            ("disabled", None)
        );
        let (_, cleared) = org.put(&path, json!({ "mode": null })).await;
        assert_eq!(
            (&cleared["resolved_mode"], &cleared["provider_selection"]),
            (&json!("platform_managed"), &json!("platform"))
        );
        org.tenant.stop().await;
    }
}

#[tokio::test]
async fn a_foreign_key_opens_the_provision_step_at_workspace_scope_and_is_stripped_at_tenant_scope() {
    for contract in CONTRACTS {
        let org = Org::under(contract, 1.0, &[], &[]).await;
        org.post("/settings/secrets", json!({ "key": "OPENAI_API_KEY", "value": "shared" })).await;
        let id = org.create(json!({ "name": "A", "model": "minimax/MiniMax-M2.7" })).await;
        org.until(&id, "online").await;
        org.put(&format!("/workspaces/{id}/model"), json!({ "model": "claude-sonnet-4-6" })).await;
        org.until(&id, "failed").await;
        let secrets = format!("/workspaces/{id}/secrets");
        assert_eq!(org.post(&secrets, json!({ "key": "GLM_API_KEY", "value": "own" })).await.0, 200);
        org.post(&format!("/workspaces/{id}/restart"), json!({})).await;
        org.until(&id, "online").await;
        let env = org.box_of(&id).env;
        assert_eq!((env["GLM_API_KEY"].as_str(), env.get("OPENAI_API_KEY")), ("own", None));
        assert_eq!(env["MOLECULE_LLM_BILLING_MODE"], "byok");
        org.tenant.stop().await;
    }
}

#[tokio::test]
async fn a_key_is_projected_for_its_adapter_only_where_the_contract_says_so() {
    for (contract, projected, address) in [
        ("as-designed", Some("mine"), Some("https://api.minimax.io/anthropic")),
        ("create-gate", Some("mine"), Some("https://api.minimax.io/anthropic")),
        ("incident", None, None),
    ] {
        let org = Org::under(contract, 1.0, &[], &[]).await;
        org.post("/settings/secrets", json!({ "key": "MINIMAX_API_KEY", "value": "mine" })).await;
        let id = org.create(json!({ "name": "A", "model": "MiniMax-M2.7" })).await;
        org.until(&id, "online").await;
        let env = org.box_of(&id).env;
        let of = |name: &str| env.get(name).map(String::as_str);
        assert_eq!(
            (of("ANTHROPIC_AUTH_TOKEN"), of("ANTHROPIC_BASE_URL")),
            (projected, address),
            "{contract}"
        );
        assert_eq!(of("MINIMAX_API_KEY"), Some("mine"));
        assert_eq!(of("ADMIN_TOKEN"), (contract != "as-designed").then_some(ADMIN));
        org.tenant.stop().await;
    }
}

#[tokio::test]
async fn a_create_token_that_provisioning_revokes_never_bars_the_first_register() {
    for (contract, survives) in [("incident", false), ("create-gate", true)] {
        let org = Org::under(contract, 1.0, &[], &[]).await;
        for _ in 0..10 {
            let (_, made) =
                org.post("/workspaces", json!({ "name": "A", "model": "minimax/MiniMax-M2.7" })).await;
            let (id, token) = (made["id"].as_str().unwrap(), made["auth_token"].as_str().unwrap());
            org.until(id, "online").await;
            let request = org.request(Method::GET, &format!("/workspaces/{id}/model")).bearer_auth(token);
            assert_eq!(send(request).await.0.is_success(), survives, "{contract}");
        }
        assert!(org.world.registers.lock().unwrap().iter().all(|(status, _)| *status == 200));
        org.tenant.stop().await;
    }
    let org = Org::under("incident", 1.0, &[], &[]).await;
    let (_, made) = org.post("/workspaces", json!({ "name": "A", "model": "sonnet" })).await;
    let id = made["id"].as_str().unwrap();
    org.until(id, "failed").await;
    let beat = org.bare(Method::POST, "/registry/heartbeat").json(&json!({ "workspace_id": id }));
    assert_eq!(send(beat).await.0, 401, "a token that was never revoked stands for a box");
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_platform_agent_without_its_seeded_model_may_not_register() {
    let id = "c0000000-0000-4000-8000-000000000001";
    let card = json!({ "id": id, "url": "http://localhost:9", "agent_card": { "name": "c" } });
    for (contract, status) in [("create-gate", 400), ("incident", 200), ("as-designed", 200)] {
        let org = Org::under(contract, 1.0, &[], &[]).await;
        org.post("/admin/org/platform-agent", json!({ "id": id })).await;
        let (answered, answer) = send(org.bare(Method::POST, "/registry/register").json(&card)).await;
        assert_eq!(answered, status, "{contract} {answer}");
        if status == 400 {
            assert_eq!(answer["error"], "platform agent identity incomplete");
            org.until(id, "failed").await;
            let (_, events) = org.get(&format!("/events/{id}")).await;
            assert_eq!(events[0]["payload"]["code"], "PLATFORM_AGENT_IDENTITY_GATE");
        }
        org.tenant.stop().await;
    }
}

#[tokio::test]
async fn routes_that_a_contract_lacks_are_unknown_pages() {
    let id = "c0000000-0000-4000-8000-00000000000f";
    let mode = format!("/admin/workspaces/{id}/llm-billing-mode");
    let restart = format!("/admin/workspaces/{id}/restart");
    for (contract, offered, mode_is, restart_is) in [
        ("as-designed", true, json!("404 page not found"), json!({ "error": "workspace not found" })),
        ("incident", false, json!({ "error": "workspace not found" }), json!("404 page not found")),
        (
            "create-gate",
            true,
            json!({ "error": "workspace not found" }),
            json!({ "error": "workspace not found" }),
        ),
    ] {
        let org = Org::under(contract, 1.0, &[], &[]).await;
        let (status, body) = org.get("/admin/llm/offered-models?runtime=openclaw").await;
        assert_eq!(status.is_success(), offered, "{contract} {body}");
        assert_eq!(org.get(&mode).await, (axum::http::StatusCode::NOT_FOUND, mode_is), "{contract}");
        assert_eq!(org.post(&restart, json!({})).await, (axum::http::StatusCode::NOT_FOUND, restart_is));
        org.tenant.stop().await;
    }
}

#[tokio::test]
async fn offered_models_are_the_listed_ids_with_their_payer() {
    let org = Org::under("create-gate", 1.0, &[], &[]).await;
    let (_, body) = org.get("/admin/llm/offered-models?runtime=openclaw").await;
    let keys = json!(["KIMI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"]);
    assert_eq!(
        body,
        json!({ "runtime": "openclaw", "models": [
            { "model": "moonshot/kimi-k2.5", "provider": "platform", "platform_billed": true },
            { "model": "moonshot/kimi-k2.6", "provider": "platform", "platform_billed": true },
            { "model": "moonshot:kimi-k2.5", "provider": "kimi-coding", "platform_billed": false, "auth_env": keys },
            { "model": "moonshot:kimi-k2.6", "provider": "kimi-coding", "platform_billed": false, "auth_env": keys },
        ] })
    );
    let (_, body) = org.get("/admin/llm/offered-models?runtime=codex").await;
    assert_eq!(
        (body["models"].as_array().unwrap().len(), &body["models"][0]["provider"]),
        (8, &json!("openai-subscription"))
    );
    let (status, body) = org.get("/admin/llm/offered-models?runtime=nosuch").await;
    assert_eq!((status.as_u16(), &body["runtime"]), (404, &json!("nosuch")));
    org.tenant.stop().await;
}

#[tokio::test]
async fn the_smaller_routes_answer_as_recorded() {
    let org = Org::under("create-gate", 1.0, &[], &[]).await;
    let id = org.create(json!({ "name": "A", "model": "minimax/MiniMax-M2.7" })).await;
    org.until(&id, "online").await;
    assert_eq!(org.get("/org/tokens").await.1, json!({ "tokens": [], "count": 0 }));
    let (status, body) = org.post("/org/tokens", json!({ "name": "lab" })).await;
    assert_eq!(status, 400);
    assert!(body["error"].as_str().unwrap().contains("MOLECULE_PLATFORM_WORKSPACE_ID"));
    for method in [Method::GET, Method::PUT] {
        let (status, body) = org.call(method, &format!("/workspaces/{id}/provider"), Some(json!({}))).await;
        assert_eq!((status.as_u16(), &body["code"]), (410, &json!("PROVIDER_ENDPOINT_RETIRED")));
    }
    let (_, values) = org.get(&format!("/workspaces/{id}/secrets/values")).await;
    assert_eq!(values, json!({ "MODEL": "minimax/MiniMax-M2.7" }));
    let (_, templates) = org.get("/templates").await;
    assert!(
        templates.as_array().unwrap().iter().any(|it| it["runtime"] == "codex" && it["model"] == "gpt-5.5")
    );
    assert_eq!(org.get("/org/templates").await.1, json!([]));
    let (status, body) = org.post(&format!("/admin/workspaces/{id}/restart"), json!({})).await;
    assert_eq!((status.as_u16(), body), (202, json!({ "status": "restart_dispatched", "workspace_id": id })));
    org.until(&id, "online").await;
    let approving = Org::under("create-gate", 1.0, &[], &[("MOLECULE_PLATFORM_WORKSPACE_ID", &id)]).await;
    let (status, body) = approving.post("/org/tokens", json!({ "name": "lab" })).await;
    assert_eq!((status.as_u16(), &body["status"]), (202, &json!("pending_approval")));
    approving.tenant.stop().await;
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_workspaces_events_stream_as_they_come() {
    let org = Org::under("create-gate", 1.0, &[], &[]).await;
    let id = org.create(json!({ "name": "A", "model": "minimax/MiniMax-M2.7" })).await;
    org.until(&id, "online").await;
    let path = format!("/workspaces/{id}/events/stream");
    assert_eq!(send(org.request(Method::GET, &path)).await.0, 401);
    let mut stream = org.request(Method::GET, &path).bearer_auth(ADMIN).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    org.put(&format!("/workspaces/{id}/model"), json!({ "model": "sonnet" })).await;
    let mut heard = String::new();
    while !heard.contains("WORKSPACE_PROVISION_FAILED") {
        let next = tokio::time::timeout(Duration::from_secs(10), stream.chunk()).await.unwrap();
        heard.push_str(&String::from_utf8_lossy(&next.unwrap().unwrap()));
    }
    assert!(heard.starts_with(": ping\n"), "{heard}");
    let began = heard.find("WORKSPACE_PROVISIONING").unwrap();
    assert!(began < heard.find("WORKSPACE_PROVISION_FAILED").unwrap());
    assert!(heard.contains("\"code\":\"MISSING_BYOK_CREDENTIAL\"") && !heard.contains("WORKSPACE_ONLINE"));
    org.tenant.stop().await;
}

#[tokio::test]
async fn an_agent_that_runs_elsewhere_gets_neither_box_nor_model() {
    let org = Org::under("create-gate", 1.0, &[], &[]).await;
    let (status, made) = org.post("/workspaces", json!({ "name": "Ext", "runtime": "external" })).await;
    assert_eq!((status.as_u16(), &made["status"]), (201, &json!("awaiting_agent")));
    let (id, token) = (made["id"].as_str().unwrap(), made["connection"]["auth_token"].as_str().unwrap());
    assert_eq!(made["connection"]["registry_endpoint"], format!("{}/registry/register", org.tenant.url()));
    let card = json!({ "id": id, "url": "http://localhost:9", "agent_card": { "name": "e" } });
    let (status, answer) =
        send(org.bare(Method::POST, "/registry/register").bearer_auth(token).json(&card)).await;
    assert!(status.is_success() && answer.get("auth_token").is_none(), "{answer}");
    let names = ["WORKSPACE_PROVISIONING", "WORKSPACE_AWAITING_AGENT", "WORKSPACE_ONLINE"];
    assert_eq!(org.events(id).await, names);
    assert_eq!(org.post(&format!("/workspaces/{id}/restart"), json!({})).await.1["status"], "noop");
    assert!(org.world.calls.lock().unwrap().is_empty());
    org.tenant.stop().await;
    let designed = Org::new().await;
    let (status, body) = designed.post("/workspaces", json!({ "name": "Ext", "runtime": "external" })).await;
    assert_eq!((status.as_u16(), &body["code"]), (422, &json!("RUNTIME_UNSUPPORTED")), "{ORG_ID}");
    designed.tenant.stop().await;
}
