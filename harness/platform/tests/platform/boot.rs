//! What a tenant needs to start, and how it ends.

use std::time::{Duration, Instant};

use document::{Place, Placed};
use platform::{BootError, RunningPlatform, Settings, StorePlace};
use serde_json::json;

use crate::org::{Org, environment, settings, try_start};

#[tokio::test]
async fn a_managed_tenant_without_its_model_wiring_does_not_boot() {
    for name in [
        "MOLECULE_LLM_BASE_URL",
        "MOLECULE_LLM_ANTHROPIC_BASE_URL",
        "MOLECULE_LLM_USAGE_TOKEN",
        "MOLECULE_LLM_USAGE_URL",
    ] {
        let mut variables = environment("http://cp.test");
        variables.insert(name.to_owned(), " ".to_owned());
        let error = try_start(variables).await.err().unwrap().to_string();
        assert!(error.contains("MISSING_CP_LLM_ENV") && error.contains(name), "{error}");
    }
}

#[tokio::test]
async fn a_managed_tenant_without_admin_or_control_plane_does_not_boot() {
    for (name, says) in [
        ("ADMIN_TOKEN", "ADMIN_TOKEN_REQUIRED_FOR_MANAGED_TENANT"),
        ("MOLECULE_CP_URL", "MOLECULE_CP_URL not set"),
    ] {
        let mut variables = environment("http://cp.test");
        variables.remove(name);
        let error = try_start(variables).await.err().unwrap().to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[tokio::test]
async fn a_contract_that_the_registry_can_not_serve_is_refused_with_the_runtime() {
    let mut settings = settings(environment("http://cp.test"));
    let mut contract = contract::Contract::clone(&settings.contract);
    let unserved = Placed::new(Place::default(), "langgraph".to_owned());
    contract.known_runtimes.with_manifest.0.push(unserved);
    settings.contract = contract.into();
    match RunningPlatform::start(settings).await.err() {
        Some(BootError::UnservedRuntime { runtime, .. }) => assert_eq!(runtime, "langgraph"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_taken_port_and_an_unusable_store_are_refused() {
    let org = Org::new().await;
    let taken = org.tenant.url().strip_prefix("http://").unwrap().parse().unwrap();
    let again = Settings { listen: taken, ..settings(environment("http://cp.test")) };
    assert!(matches!(RunningPlatform::start(again).await.err(), Some(BootError::Bind { .. })));
    let store = StorePlace::File("/nowhere/at/all/tenant.db".into());
    let unusable = Settings { store, ..settings(environment("http://cp.test")) };
    assert!(matches!(RunningPlatform::start(unusable).await.err(), Some(BootError::Store(_))));
}

#[tokio::test]
async fn an_unusable_clock_factor_is_refused() {
    for time_scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
        let unusable = Settings { time_scale, ..settings(environment("http://cp.test")) };
        assert!(matches!(RunningPlatform::start(unusable).await.err(), Some(BootError::TimeScale(_))));
    }
}

#[tokio::test]
async fn a_stopped_tenant_is_gone_at_once_even_with_a_box_on_the_way() {
    let org = Org::new().await;
    *org.world.silent.lock().unwrap() = true;
    org.create(json!({ "name": "A" })).await;
    let (url, began) = (org.tenant.url(), Instant::now());
    org.tenant.stop().await;
    assert!(began.elapsed() < Duration::from_secs(2));
    assert!(reqwest::get(format!("{url}/health")).await.is_err());
}

#[tokio::test]
async fn rows_in_a_file_are_there_after_a_restart_of_the_tenant() {
    let folder = tempfile::tempdir().unwrap();
    let place = StorePlace::File(folder.path().join("tenant.db"));
    let start = || {
        let settings = Settings { store: place.clone(), ..settings(environment("http://127.0.0.1:9")) };
        RunningPlatform::start(settings)
    };
    let headers = |request: reqwest::RequestBuilder| {
        request.bearer_auth(crate::org::ADMIN).header("x-molecule-org-id", crate::org::ORG_ID)
    };
    let client = reqwest::Client::new();
    let tenant = start().await.unwrap();
    let body = json!({ "id": "c0000000-0000-4000-8000-000000000001" });
    let install = client.post(format!("{}/admin/org/platform-agent", tenant.url())).json(&body);
    assert_eq!(crate::org::send(headers(install)).await.0, 200);
    tenant.stop().await;
    let tenant = start().await.unwrap();
    let (_, rows) = crate::org::send(headers(client.get(format!("{}/workspaces", tenant.url())))).await;
    assert_eq!(rows[0]["name"], "Org Concierge");
    tenant.stop().await;
}
