//! The recorded boots, each tried again; those that can't be played are listed by name in `golden.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::{RunningPlatform, Settings};
use serde_json::{Value, json};

use crate::golden::{self, BOOTS_NOT_MODELLED, CONTRACTS};
use crate::org::{ADMIN, ORG_ID, USAGE, contract_named, registry_of, send, settings};
use crate::stage::{self, Ledger};

/// How many boots a contract's recording holds.
const BOOTS: usize = 14;
/// A managed tenant's model settings, and where they lead at the control plane.
const LLM: [(&str, &str); 4] = [
    ("MOLECULE_LLM_BASE_URL", "/llm/openai/v1"),
    ("MOLECULE_LLM_ANTHROPIC_BASE_URL", "/llm/anthropic/v1"),
    ("MOLECULE_LLM_USAGE_TOKEN", ""),
    ("MOLECULE_LLM_USAGE_URL", "/llm/usage"),
];

/// The variables of the recorded servers, with a control plane at this port.
pub(crate) fn variables(port: u16) -> BTreeMap<String, String> {
    let cp = format!("http://127.0.0.1:{port}");
    let mut variables: BTreeMap<String, String> = [
        ("MOLECULE_ORG_ID", ORG_ID),
        ("ADMIN_TOKEN", ADMIN),
        ("MOLECULE_CP_URL", cp.as_str()),
        ("CP_PROVISION_URL", cp.as_str()),
        ("MOLECULE_ENV", "development"),
        ("WORKSPACE_MANIFEST_PATH", "/nonexistent"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    variables.extend(llm(&cp));
    variables
}

fn llm(cp: &str) -> impl Iterator<Item = (String, String)> + '_ {
    LLM.into_iter().map(move |(name, path)| {
        let value = if path.is_empty() { USAGE.to_owned() } else { format!("{cp}{path}") };
        (name.to_owned(), value)
    })
}

#[tokio::test]
async fn every_recorded_boot_ends_as_recorded_or_is_listed_as_not_modelled() {
    for contract in CONTRACTS {
        let boots = golden::lines(&format!("transcripts/{contract}/boot.jsonl"), BOOTS);
        let cases: Vec<&str> = boots.iter().map(|boot| boot["case"].as_str().unwrap()).collect();
        for listed in BOOTS_NOT_MODELLED.what {
            assert!(cases.contains(listed), "{contract} has no boot {listed}");
        }
        let modelled = boots.iter().filter(|boot| !BOOTS_NOT_MODELLED.names(boot["case"].as_str().unwrap()));
        let mut played = 0;
        for boot in modelled {
            check_boot(contract, boot).await;
            played += 1;
        }
        println!("{contract} boot: {played} played, {} not modelled", BOOTS_NOT_MODELLED.what.len());
        assert_eq!(played + BOOTS_NOT_MODELLED.what.len(), boots.len());
    }
}

async fn check_boot(contract: &str, boot: &Value) {
    let case = boot["case"].as_str().unwrap();
    let ledger = Arc::new(Ledger::default());
    let port = stage::control_plane(&ledger).await;
    let mut variables = variables(port);
    match case {
        "complete" => {}
        "no-usage-token" => drop(variables.remove("MOLECULE_LLM_USAGE_TOKEN")),
        "no-base-url" => drop(variables.remove("MOLECULE_LLM_BASE_URL")),
        "no-anthropic-base-url" => drop(variables.remove("MOLECULE_LLM_ANTHROPIC_BASE_URL")),
        "no-usage-url" => drop(variables.remove("MOLECULE_LLM_USAGE_URL")),
        "no-admin-token" => drop(variables.remove("ADMIN_TOKEN")),
        "org-unset" => drop(variables.remove("MOLECULE_ORG_ID")),
        "llm-env-from-cp-config" => {
            variables.retain(|name, _| !name.starts_with("MOLECULE_LLM_"));
            let told: serde_json::Map<String, Value> =
                llm(&format!("http://127.0.0.1:{port}")).map(|(name, value)| (name, json!(value))).collect();
            *ledger.config.lock().unwrap() = Some(Value::Object(told));
        }
        unknown => panic!("how is {unknown} booted?"),
    }
    let promises = contract_named(contract);
    let settings = Settings { registry: registry_of(&promises), contract: promises, ..settings(variables) };
    match RunningPlatform::start(settings).await {
        Ok(tenant) => {
            assert_eq!(boot["served"], true, "{contract} {case}");
            let request =
                reqwest::Client::new().get(format!("{}/workspaces", tenant.url())).bearer_auth(ADMIN);
            let (status, _) = send(request.header("X-Molecule-Org-Id", ORG_ID)).await;
            assert_eq!(json!(status.as_u16()), boot["list"], "{contract} {case}");
            tenant.stop().await;
        }
        Err(error) => {
            assert_eq!(boot["served"], false, "{contract} {case}: {error}");
            for marker in boot["markers"].as_array().unwrap() {
                assert!(error.to_string().contains(marker.as_str().unwrap()), "{contract} {case}: {error}");
            }
        }
    }
}
