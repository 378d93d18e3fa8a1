//! A vendor's id without its key, by every way and under every contract (incident §7), and what else only some of the
//! contracts promise.

use std::time::Duration;

use serde_json::{Value, json};

use crate::org::{Org, send};

const WAIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(5);
const CONCIERGE: &str = "c0000000-0000-4000-8000-000000000001";
const VENDORS: &str = "claude-sonnet-4-6";
const PLATFORM: &str = "minimax/MiniMax-M2.7";
const SERVER_MODE: (&str, &str) = ("MOLECULE_LLM_BILLING_MODE", "platform_managed");

/// Contract, then what create answers, and how a row ends by create with a blank key, by import, PUT and restart.
const TABLE: [(&str, u16, &str); 6] = [
    ("incident", 201, "failed"),
    ("org-default", 201, "online"),
    ("create-gate", 422, "failed"),
    ("derive-only", 422, "failed"),
    ("head", 422, "online"),
    ("as-designed", 201, "failed"),
];

#[tokio::test]
async fn a_keyless_vendors_id_ends_under_each_contract_as_the_incident_tells() {
    for (contract, created, ends) in TABLE {
        let org = Org::under(contract, 1.0, &[], &[SERVER_MODE]).await;
        let body = json!({ "name": "Created", "runtime": "claude-code", "model": VENDORS });
        let (status, answer) = org.post("/workspaces", body.clone()).await;
        assert_eq!(status.as_u16(), created, "{contract} {answer}");
        if created == 201 {
            org.until(answer["id"].as_str().unwrap(), ends).await;
        } else {
            assert_eq!(answer["code"], "MISSING_BYOK_CREDENTIAL", "{contract}");
            assert_eq!(org.get("/workspaces").await.1, json!([]), "{contract}: no trace");
        }
        imported(&org, contract, ends).await;
        changed(&org, contract, ends).await;
        // A name without a value passes a gate at create and opens no provision.
        let blank = json!({ "key": "ANTHROPIC_API_KEY", "value": " " });
        assert_eq!(org.post("/settings/secrets", blank).await.0, 200);
        let named = json!({ "name": "Named", "runtime": "claude-code", "model": VENDORS });
        org.until(&org.create(named).await, ends).await;
        org.tenant.stop().await;
    }
}

async fn imported(org: &Org, contract: &str, ends: &str) {
    let member = json!({ "name": "Imported", "runtime": "claude-code", "model": VENDORS });
    let (status, answer) =
        org.post("/org/import", json!({ "template": { "name": "T", "workspaces": [member] } })).await;
    assert_eq!(status, 201, "{contract} {answer}");
    org.until(answer["workspaces"][0]["id"].as_str().unwrap(), ends).await;
}

/// A row that was online on the platform's bill: its model is changed, then it is restarted.
async fn changed(org: &Org, contract: &str, ends: &str) {
    let id = org.create(json!({ "name": "Changed", "runtime": "claude-code", "model": PLATFORM })).await;
    org.until(&id, "online").await;
    let saved = org.put(&format!("/workspaces/{id}/model"), json!({ "model": VENDORS })).await;
    assert_eq!(saved.0, 200, "{contract}");
    for restarts in 1..=2 {
        if restarts == 2 {
            assert_eq!(org.post(&format!("/workspaces/{id}/restart"), json!({})).await.0, 200);
        }
        // The status alone may be the old one's.
        let ended = async {
            while org.events(&id).await.len() < 2 + 2 * restarts {
                tokio::time::sleep(POLL).await;
            }
        };
        tokio::time::timeout(WAIT, ended).await.unwrap();
        org.until(&id, ends).await;
    }
    if ends == "online" {
        let told = org.box_of(&id).env;
        assert_eq!(told["MODEL"], VENDORS, "{contract}: the id as typed");
        assert!(told.contains_key("MOLECULE_LLM_USAGE_TOKEN"), "{contract}");
    }
}

#[tokio::test]
async fn without_the_servers_mode_its_rule_is_that_of_the_night() {
    let org = Org::under("org-default", 1.0, &[], &[]).await;
    let id = org.create(json!({ "name": "A", "model": VENDORS })).await;
    org.until(&id, "failed").await;
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_malformed_id_is_refused_by_a_change_of_the_model_where_the_contract_says_so() {
    let long = format!("claude-{}", "a".repeat(100));
    for (contract, refused) in [("as-designed", true), ("incident", false)] {
        let org = Org::under(contract, 1.0, &[], &[]).await;
        let id = org.create(json!({ "name": "A", "model": PLATFORM })).await;
        org.until(&id, "online").await;
        for malformed in [long.as_str(), "claude-sonnet-4-6\rx"] {
            let body = json!({ "name": "B", "model": malformed });
            assert_eq!(org.post("/workspaces", body).await.0, 400, "{contract}");
            let (status, _) =
                org.put(&format!("/workspaces/{id}/model"), json!({ "model": malformed })).await;
            assert_eq!(status == 400, refused, "{contract} {malformed:?}");
        }
        let (_, stored) = org.get(&format!("/workspaces/{id}/model")).await;
        assert_eq!(stored["model"] == PLATFORM, refused, "{contract}");
        org.tenant.stop().await;
    }
}

#[tokio::test]
async fn a_secret_of_the_admins_waits_for_approval_where_the_contract_says_so_and_the_workspaces_own_does_not()
 {
    let org = Org::under("head", 1.0, &[], &[]).await;
    let body = json!({ "name": "A", "runtime": "claude-code", "model": PLATFORM });
    let (_, made) = org.post("/workspaces", body).await;
    let (id, token) = (made["id"].as_str().unwrap(), made["auth_token"].as_str().unwrap());
    org.until(id, "online").await;
    let path = format!("/workspaces/{id}/secrets");
    let secret = json!({ "key": "FOO", "value": "x" });
    let (status, answer) = org.post(&path, secret.clone()).await;
    assert_eq!((status.as_u16(), &answer["status"]), (202, &json!("pending_approval")));
    let names = |answer: Value| answer.as_array().unwrap().iter().any(|line| line["key"] == "FOO");
    assert!(!names(org.get(&path).await.1), "nothing is stored");
    let own = org.request(reqwest::Method::POST, &path).bearer_auth(token).json(&secret);
    assert_eq!(send(own).await.0, 200);
    assert!(names(org.get(&path).await.1));
    org.tenant.stop().await;
}

#[tokio::test]
async fn heads_concierge_runs_on_what_the_server_names_else_on_its_own_default() {
    for (variables, model) in [
        (&[][..], "minimax/MiniMax-M2.7"),
        (&[("MOLECULE_LLM_DEFAULT_MODEL", "minimax/MiniMax-M3")][..], "minimax/MiniMax-M3"),
    ] {
        let org = Org::under("head", 1.0, &[], variables).await;
        org.concierge().await;
        let told = org.box_of(CONCIERGE);
        assert_eq!((told.runtime.as_str(), told.env["MODEL"].as_str()), ("hermes", model));
        org.tenant.stop().await;
    }
}

/// Contract, then what an external create with a vendor's key in its payload answers with a proxy and without one.
const EXTERNAL: [(&str, u16, u16); 5] = [
    ("incident", 400, 201),
    ("org-default", 400, 201),
    ("create-gate", 400, 400),
    ("derive-only", 400, 400),
    ("head", 400, 400),
];
/// Only a tenant that hosts itself boots without a proxy.
const NO_PROXY: [(&str, &str); 5] = [
    ("MOLECULE_ORG_ID", ""),
    ("MOLECULE_LLM_BASE_URL", ""),
    ("MOLECULE_LLM_ANTHROPIC_BASE_URL", ""),
    ("MOLECULE_LLM_USAGE_TOKEN", ""),
    ("MOLECULE_LLM_USAGE_URL", ""),
];

#[tokio::test]
async fn a_vendors_key_in_the_payload_is_refused_for_an_agent_elsewhere_as_for_an_id_that_is_no_vendors() {
    for (contract, proxied, alone) in EXTERNAL {
        let orgs = [
            (Org::under(contract, 1.0, &[], &[]).await, proxied),
            (Org::driven(contract, &NO_PROXY).await, alone),
        ];
        for (org, wanted) in orgs {
            for (key, wanted) in [("ANTHROPIC_API_KEY", wanted), ("openai_api_key", wanted), ("FOO", 201)] {
                // A vendor's id makes no difference: nobody looks at it.
                let body =
                    json!({ "name": key, "runtime": "external", "model": VENDORS, "secrets": { key: "x" } });
                let (status, answer) = org.post("/workspaces", body).await;
                assert_eq!(status.as_u16(), wanted, "{contract} {key} {answer}");
                let (_, rows) = org.get("/workspaces").await;
                let is_there = rows.as_array().unwrap().iter().any(|row| row["name"] == key);
                assert_eq!(is_there, wanted == 201, "{contract} {key}: a refusal leaves no trace");
                if wanted == 201 {
                    let path = format!("/workspaces/{}/secrets", answer["id"].as_str().unwrap());
                    let (_, names) = org.get(&path).await;
                    assert!(names.as_array().unwrap().iter().any(|line| line["key"] == key), "{names}");
                }
            }
            org.tenant.stop().await;
        }
    }
}
