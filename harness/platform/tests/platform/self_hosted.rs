//! A tenant that hosts itself, and tenants that are booted from variables alone.

use std::collections::BTreeMap;

use platform::{BootError, RunningPlatform, serve};
use serde_json::{Value, json};

use crate::golden::CONTRACTS;
use crate::org::{ADMIN, Org, contract_named, environment, registry_of, send};

const CONCIERGE: &str = "MOLECULE_SEED_PLATFORM_AGENT";
/// Without an org and its wiring, and with the control plane as the driver of its own boxes.
const HOSTED: [(&str, &str); 5] = [
    ("MOLECULE_ORG_ID", ""),
    ("MOLECULE_LLM_BASE_URL", ""),
    ("MOLECULE_LLM_ANTHROPIC_BASE_URL", ""),
    ("MOLECULE_LLM_USAGE_TOKEN", ""),
    ("MOLECULE_LLM_USAGE_URL", ""),
];

async fn hosted(contract: &str, more: &[(&str, &str)]) -> Org {
    let variables: Vec<(&str, &str)> = HOSTED.into_iter().chain(more.iter().copied()).collect();
    Org::driven(contract, &variables).await
}

#[tokio::test]
async fn a_tenant_without_an_org_has_no_guard_and_gives_the_tier_that_was_asked_for() {
    for contract in CONTRACTS.into_iter().chain(["as-designed"]) {
        let org = hosted(contract, &[("MOLECULE_LLM_USAGE_TOKEN", ""), (CONCIERGE, "true")]).await;
        let request =
            reqwest::Client::new().get(format!("{}/workspaces", org.tenant.url())).bearer_auth(ADMIN);
        let (status, list) = send(request).await;
        assert_eq!((status.as_u16(), &list[0]["kind"]), (200, &json!("platform")), "no org header is wanted");
        assert_eq!(
            (&list[0]["tier"], &list[0]["status"], &list[0]["name"]),
            (&json!(0), &json!("offline"), &json!("Org Concierge"))
        );
        let (_, identity) = org.get("/org/identity").await;
        assert_eq!(
            (&identity["org_id"], &identity["platform_managed_available"]),
            (&json!(""), &json!(false))
        );
        assert_eq!(
            org.post("/settings/secrets", json!({ "key": "MINIMAX_API_KEY", "value": "k" })).await.0,
            200
        );
        for (asked, tier) in [(Value::Null, 3), (json!(2), 2)] {
            let id = org.create(json!({ "name": "A", "model": "MiniMax-M2.7", "tier": asked })).await;
            let row = org.until(&id, "online").await;
            assert_eq!((row.tier, row.parent_id.as_deref()), (tier, list[0]["id"].as_str()), "{contract}");
            assert_eq!(org.box_of(&id).env["MINIMAX_API_KEY"], "k");
            assert!(!org.box_of(&id).env.contains_key("MOLECULE_LLM_BASE_URL"));
        }
        org.tenant.stop().await;
    }
}

#[tokio::test]
async fn without_a_proxy_an_id_that_the_platform_pays_for_fails_and_says_so() {
    for contract in CONTRACTS.into_iter().chain(["as-designed"]) {
        let org = hosted(contract, &[]).await;
        assert_eq!(org.get("/workspaces").await.1, json!([]), "no concierge unless it is wanted");
        let id = org.create(json!({ "name": "A", "model": "minimax/MiniMax-M2.7" })).await;
        org.until(&id, "failed").await;
        let (_, events) = org.get(&format!("/events/{id}")).await;
        let mut payload = events[0]["payload"].clone();
        assert!(payload["error"].as_str().unwrap().contains("MOLECULE_LLM_BASE_URL"));
        payload.as_object_mut().unwrap().shift_remove("error");
        let recorded =
            json!({ "code": "MISSING_PLATFORM_PROXY", "billing_mode": "platform_managed", "issue": "2162" });
        assert_eq!(payload, recorded, "{contract}");
        assert!(org.world.calls_for(&id).is_empty());
        org.tenant.stop().await;
    }
}

#[tokio::test]
async fn without_a_driver_a_row_fails_at_once() {
    let org = hosted("as-designed", &[("CP_PROVISION_URL", "")]).await;
    let id = org.create(json!({ "name": "A" })).await;
    let row = org.until(&id, "failed").await;
    assert!(row.last_sample_error.unwrap().contains("no backend"));
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_server_is_booted_from_its_variables_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenant.db");
    let start = |more: Vec<(&str, String)>| {
        let mut variables: BTreeMap<String, String> = environment("http://127.0.0.1:9");
        variables.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
        let contract = contract_named("create-gate");
        let registry = registry_of(&contract);
        async move { serve(variables, contract, registry, std::iter::empty().collect(), 1.0).await }
    };
    let at = |file: &std::path::Path| {
        vec![("PORT", "0".to_owned()), ("FIRSTRUN_STORE", file.display().to_string())]
    };
    let headers = |request: reqwest::RequestBuilder| {
        request.bearer_auth(ADMIN).header("x-molecule-org-id", crate::org::ORG_ID)
    };
    let client = reqwest::Client::new();
    let tenant: RunningPlatform = start(at(&file)).await.unwrap();
    assert!(tenant.url().starts_with("http://127.0.0.1:"));
    let body = json!({ "id": "c0000000-0000-4000-8000-000000000001", "name": "Kept" });
    let install = client.post(format!("{}/admin/org/platform-agent", tenant.url())).json(&body);
    assert_eq!(send(headers(install)).await.0, 200);
    tenant.stop().await;
    let tenant = start(at(&file)).await.unwrap();
    let (_, rows) = send(headers(client.get(format!("{}/workspaces", tenant.url())))).await;
    assert_eq!(rows[0]["name"], "Kept");
    tenant.stop().await;
    for (name, typed) in [("PORT", "eighty"), ("PORT", "70000"), ("BIND", "0.0.0.0"), ("BIND", "example.org")]
    {
        let error = start(vec![("PORT", "0".to_owned()), (name, typed.to_owned())]).await.err().unwrap();
        assert!(matches!(error, BootError::BadPort { .. } | BootError::NotLoopback { .. }), "{error}");
        assert!(error.to_string().contains(typed), "{error}");
    }
    let in_container = vec![("PORT", "0"), ("BIND", "0.0.0.0"), ("FIRSTRUN_IN_CONTAINER", "1")];
    let told = in_container.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    start(told).await.unwrap().stop().await;
}
