//! The management MCP server, as an agent's client sees it.

use std::collections::BTreeMap;

use platform::ManagementServer;
use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::RunningService;
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Value, json};

use crate::org::{ADMIN, ORG_ID, Org, contract, contract_named, registry, registry_of};

type Client = RunningService<RoleClient, ()>;

async fn client(environment: &[(&str, &str)]) -> Client {
    let environment: BTreeMap<String, String> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let server = ManagementServer::new(&environment, contract(), registry());
    tokio::spawn(server.serve(theirs));
    ().serve(ours).await.unwrap()
}

async fn client_of(org: &Org) -> Client {
    let url = org.tenant.url();
    client(&[
        ("MOLECULE_API_URL", url.as_str()),
        ("MOLECULE_ORG_API_KEY", ADMIN),
        ("MOLECULE_ORG_ID", ORG_ID),
    ])
    .await
}

async fn call(client: &Client, tool: &'static str, arguments: Value) -> (CallToolResult, String) {
    let params = CallToolRequestParams::new(tool).with_arguments(arguments.as_object().unwrap().clone());
    let result = client.call_tool(params).await.unwrap();
    let text = result.content[0].as_text().unwrap().text.clone();
    (result, text)
}

#[tokio::test]
async fn the_tools_are_listed_with_the_contracts_words_and_the_registrys_ids() {
    let client = client(&[]).await;
    let info = client.peer_info().unwrap();
    let server = info.server_info.as_ref().unwrap();
    assert_eq!((server.name.as_str(), server.version.as_str()), ("molecule-platform", "1.0.0"));
    assert_eq!(info.capabilities.tools.as_ref().unwrap().list_changed, Some(true));
    let tools = client.list_all_tools().await.unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    assert_eq!(names, ["provision_workspace", "get_workspace", "list_workspaces", "deprovision_workspace"]);
    assert_eq!(tools[0].description.as_deref(), Some(contract().provision_tool.description.as_str()));
    let schema = Value::Object(tools[0].input_schema.as_ref().clone());
    let model = schema["properties"]["model"]["description"].as_str().unwrap();
    assert!(model.contains("claude-code: anthropic/claude-fable-5, "), "{model}");
    assert!(
        model.contains("; hermes: moonshot/kimi-k2.6, moonshot/kimi-k2.5; codex: openai/gpt-5.4, "),
        "{model}"
    );
    assert!(!model.contains('$'), "{model}");
    assert_eq!(schema["required"], json!(["name"]));
    assert_eq!(schema["additionalProperties"], json!(false));
    assert_eq!(schema["properties"]["tier"]["maximum"], 4);
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn an_agent_provisions_reads_lists_and_deprovisions() {
    let org = Org::new().await;
    org.concierge().await;
    let client = client_of(&org).await;
    let (result, text) =
        call(&client, "provision_workspace", json!({ "name": "Writer", "nickname": "w" })).await;
    assert_eq!(result.is_error, None);
    assert!(text.starts_with("{\n  \"id\": \""), "{text}");
    let id = serde_json::from_str::<Value>(&text).unwrap()["id"].as_str().unwrap().to_owned();
    org.until(&id, "online").await;
    let (_, text) = call(&client, "get_workspace", json!({ "workspace_id": id })).await;
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["status"], "online");
    let (_, text) = call(&client, "list_workspaces", json!({})).await;
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap().as_array().unwrap().len(), 2);
    let (_, text) = call(&client, "deprovision_workspace", json!({ "workspace_id": id })).await;
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["error"], "HTTP 400");
    let arguments = json!({ "workspace_id": id, "confirm_name": "Writer" });
    let (_, text) = call(&client, "deprovision_workspace", arguments).await;
    assert_eq!(text, "{\n  \"status\": \"removed\",\n  \"cascade_deleted\": 0\n}");
    client.cancel().await.unwrap();
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_refusal_is_a_plain_text_whose_detail_holds_the_code() {
    let org = Org::new().await;
    let client = client_of(&org).await;
    let arguments = json!({ "name": "A", "model": "no-such-model" });
    let (result, text) = call(&client, "provision_workspace", arguments).await;
    assert_eq!(result.is_error, None, "a refusal is not marked as an error");
    let envelope: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&envelope["error"], &envelope["status"]), (&json!("HTTP 422"), &json!(422)));
    let detail: Value = serde_json::from_str(envelope["detail"].as_str().unwrap()).unwrap();
    assert_eq!(detail["code"], "UNREGISTERED_MODEL_FOR_RUNTIME");

    let (_, text) = call(&client, "get_workspace", json!({ "workspace_id": "../events" })).await;
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["status"], 400, "an id stays one path segment");
    for (tool, arguments) in [
        ("provision_workspace", json!({ "model": "m" })),
        ("provision_workspace", json!({ "name": "A", "role": null })),
        ("provision_workspace", json!({ "name": "A", "tier": 0 })),
        ("create_team", json!({})),
    ] {
        let (result, text) = call(&client, tool, arguments).await;
        assert_eq!(result.is_error, Some(true));
        assert!(text.starts_with("MCP error -32602"), "{text}");
    }
    client.cancel().await.unwrap();
    org.tenant.stop().await;
}

#[tokio::test]
async fn what_the_server_lacks_or_can_not_reach_is_told_as_a_text() {
    let bare = client(&[]).await;
    let (result, text) = call(&bare, "list_workspaces", json!({})).await;
    let envelope: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((result.is_error, &envelope["error"]), (None, &json!("AUTH_ERROR")));
    assert!(envelope.get("status").is_none() && envelope["detail"].is_string());

    let org = Org::new().await;
    let url = org.tenant.url();
    let wrong =
        client(&[("MOLECULE_API_URL", &url), ("MOLECULE_ORG_API_KEY", "nope"), ("MOLECULE_ORG_ID", ORG_ID)])
            .await;
    let (_, text) = call(&wrong, "list_workspaces", json!({})).await;
    let envelope: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&envelope["error"], &envelope["status"]), (&json!("AUTH_ERROR"), &json!(401)));

    let client = client_of(&org).await;
    org.tenant.stop().await;
    let (_, text) = call(&client, "list_workspaces", json!({})).await;
    let envelope: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(envelope["error"], json!(format!("Tenant host unreachable at {url}")));
}

#[tokio::test]
async fn d17_the_tools_text_puts_a_vendors_id_before_those_that_the_platform_pays_for() {
    let defects = [contract::DefectId::D17].into_iter().collect();
    for (name, says) in [
        ("as-designed", "claude-code: claude-fable-5, anthropic/claude-fable-5, "),
        ("incident", "Recommended: claude-fable-5."),
        ("create-gate", "Recommended: claude-sonnet-4-6."),
    ] {
        let promises = contract_named(name);
        let registry = registry_of(&promises);
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let server = ManagementServer::with_defects(&BTreeMap::new(), &promises, &registry, &defects);
        tokio::spawn(server.serve(theirs));
        let client = ().serve(ours).await.unwrap();
        let tools = client.list_all_tools().await.unwrap();
        let schema = Value::Object(tools[0].input_schema.as_ref().clone());
        let model = schema["properties"]["model"]["description"].as_str().unwrap();
        assert!(model.contains(says), "{name}: {model}");
        client.cancel().await.unwrap();
    }
}

#[tokio::test]
async fn a_tool_with_a_default_of_its_own_fills_a_missing_model_in() {
    let org = Org::under("head", 1.0, &[], &[]).await;
    org.concierge().await;
    let url = org.tenant.url();
    let promises = contract_named("head");
    for (told, typed, expected) in [
        (None, None, "minimax/MiniMax-M2.7"),
        (None, Some(" "), "minimax/MiniMax-M2.7"),
        (Some("minimax/MiniMax-M3"), Some(""), "minimax/MiniMax-M3"),
        (Some("minimax/MiniMax-M3"), Some(" anthropic/claude-opus-4-8\n"), "anthropic/claude-opus-4-8"),
    ] {
        let mut environment: BTreeMap<String, String> = [
            ("MOLECULE_API_URL", url.as_str()),
            ("MOLECULE_ORG_API_KEY", ADMIN),
            ("MOLECULE_ORG_ID", ORG_ID),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        environment.extend(told.map(|id: &str| ("MODEL".to_owned(), id.to_owned())));
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let server = ManagementServer::new(&environment, promises.clone(), registry_of(&promises));
        tokio::spawn(server.serve(theirs));
        let client: Client = ().serve(ours).await.unwrap();
        let mut arguments = json!({ "name": "Writer", "runtime": "claude-code" });
        if let Some(typed) = typed {
            arguments["model"] = json!(typed);
        }
        let (_, text) = call(&client, "provision_workspace", arguments).await;
        let made: Value = serde_json::from_str(&text).unwrap();
        let (_, stored) = org.get(&format!("/workspaces/{}/model", made["id"].as_str().unwrap())).await;
        assert_eq!(stored["model"], expected, "{told:?} {typed:?}: {text}");
        client.cancel().await.unwrap();
    }
    org.tenant.stop().await;
}
