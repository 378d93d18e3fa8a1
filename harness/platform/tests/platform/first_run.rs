//! The moment itself: concierge, team, everybody online.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::org::{ADMIN, ORG_ID, Org, USAGE};

#[tokio::test]
async fn a_tenant_says_who_it_is() {
    let org = Org::new().await;
    assert_eq!(org.get("/health").await.1, json!({ "status": "ok" }));
    assert_eq!(org.get("/buildinfo").await.1, json!({ "git_sha": "dev" }));
    let identity = json!({ "name": "", "slug": "", "org_id": ORG_ID, "platform_managed_available": true });
    assert_eq!(org.get("/org/identity").await.1, identity);
    assert_eq!(org.get("/workspaces").await.1, json!([]));
    org.tenant.stop().await;
}

#[tokio::test]
async fn the_concierge_is_installed_restarted_and_online_on_the_platforms_bill() {
    let org = Org::new().await;
    let id = "c0000000-0000-4000-8000-000000000001";
    let installed = org.post("/admin/org/platform-agent", json!({ "id": id, "name": "Concierge" })).await;
    assert_eq!(installed.1, json!({ "status": "installed", "platform_agent_id": id, "kind": "platform" }));
    let (_, row) = org.get(&format!("/workspaces/{id}")).await;
    let recorded = json!({"active_tasks":0,"agent_card":null,"broadcast_enabled":false,"collapsed":false,"compute":{},
        "id":id,"kind":"platform","last_error_rate":0,"last_outbound_at":null,"last_sample_error":"",
        "max_concurrent_tasks":1,"name":"Concierge","parent_id":null,"role":null,"runtime":"claude-code",
        "status":"offline","talk_to_user_enabled":true,"tier":0,"uptime_seconds":0,"url":"","x":0,"y":0});
    assert_eq!(row, recorded);
    let unresolved = json!({ "model": "", "source": "unresolved" });
    assert_eq!(org.get(&format!("/workspaces/{id}/model")).await.1, unresolved);

    let (_, restarted) = org.post(&format!("/workspaces/{id}/restart"), json!({})).await;
    assert_eq!(
        restarted,
        json!({ "status": "provisioning", "config_dir": "existing-volume", "reset_session": false })
    );
    let online = org.until(id, "online").await;
    assert!(online.url.ends_with(&format!("/box/{id}")));
    assert_eq!(org.events(id).await, ["WORKSPACE_PROVISIONING", "WORKSPACE_ONLINE"]);

    let request = org.box_of(id);
    assert_eq!(
        (request.tier, request.kind, request.org_id.as_str()),
        (0, Some(wire::WorkspaceKind::Platform), ORG_ID)
    );
    assert_eq!(request.platform_url, org.tenant.url());
    assert_eq!(request.env["MODEL"], "moonshot/kimi-k2.6");
    assert_eq!(request.env["MOLECULE_ORG_API_KEY"], ADMIN);
    assert_eq!(request.env["ANTHROPIC_API_KEY"], USAGE);
    let files = request.config_files.unwrap();
    let servers = String::from_utf8(STANDARD.decode(&files["mcp_servers.yaml"]).unwrap()).unwrap();
    assert!(servers.contains("MOLECULE_MCP_MODE: management"));
    assert!(files.contains_key("system-prompt.md"));
    let stored = json!({ "model": "moonshot/kimi-k2.6", "source": "workspace_secrets" });
    assert_eq!(org.get(&format!("/workspaces/{id}/model")).await.1, stored);
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_member_without_anything_comes_online_under_the_concierge_on_the_default_model() {
    let org = Org::new().await;
    let concierge = org.concierge().await;
    let (status, created) = org.post("/workspaces", json!({ "name": "Researcher", "role": "a role" })).await;
    assert_eq!(status, 201);
    assert_eq!((&created["status"], &created["workspace_access"]), (&json!("provisioning"), &json!("none")));
    let id = created["id"].as_str().unwrap().to_owned();
    let row = org.until(&id, "online").await;
    assert_eq!((row.parent_id.as_deref(), row.tier), (Some(concierge.as_str()), 4));
    assert_eq!((row.runtime.as_str(), row.kind), ("claude-code", wire::WorkspaceKind::Workspace));
    let card = json!({ "name": "stub", "skills": [], "description": "stub", "role": "a role" });
    assert_eq!(row.rest["agent_card"], card);

    let request = org.box_of(&id);
    assert_eq!(request.kind, None);
    assert_eq!(request.env["MODEL"], "moonshot/kimi-k2.6");
    assert_eq!(request.env["PARENT_ID"], concierge);
    assert_eq!(request.env["MOLECULE_AGENT_ROLE"], "A role");
    assert!(!request.env.values().any(|value| value == ADMIN));
    assert!(request.config_files.unwrap().contains_key("config.yaml"));

    let (_, list) = org.get("/workspaces").await;
    let keys: Vec<&str> = list[1].as_object().unwrap().keys().map(String::as_str).collect();
    for key in ["budget_limit", "current_task", "last_sample_error", "monthly_spend", "workspace_dir"] {
        assert!(keys.contains(&key), "{key} in {keys:?}");
    }
    assert!(!keys.contains(&"last_outbound_at") && !keys.contains(&"model"));
    let (_, events) = org.get(&format!("/events/{id}")).await;
    assert_eq!(events[0]["payload"]["delivery_mode"], "push");
    assert_eq!(events[1]["payload"], json!({ "name": "Researcher", "tier": 4, "runtime": "claude-code" }));
    org.tenant.stop().await;
}

#[tokio::test]
async fn twenty_one_namesakes_come_online_with_one_box_each_and_the_next_is_refused() {
    let org = Org::new().await;
    org.concierge().await;
    let mut members = Vec::new();
    for _ in 0..21 {
        members.push(org.create(json!({ "name": "Same" })).await);
    }
    assert_eq!(org.post("/workspaces", json!({ "name": "Same" })).await.0, 409);
    for (place, id) in members.iter().enumerate() {
        let name = if place == 0 { "Same".to_owned() } else { format!("Same ({})", place + 1) };
        assert_eq!(org.until(id, "online").await.name, name);
        assert_eq!(org.world.calls_for(id), ["provision"]);
    }
    org.tenant.stop().await;
}
