use super::*;
use crate::World;
use crate::http::{Answer, Outgoing};
use crate::lock::lock;
use crate::testing::{journey_in, org_in, quiet_world};
use journal::{Fact, TenantRole};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const BOUND: Duration = Duration::from_secs(5);

fn call(world: &World, method: Method, path: &str) -> Outgoing {
    Outgoing::new(method, &world.shared().addresses.control_plane_url(), path, BOUND)
}

async fn send(world: &World, call: Outgoing) -> Answer {
    call.send(&world.shared().client).await.unwrap()
}

fn provision(org_id: &str) -> Value {
    json!({
        "org_id": org_id, "workspace_id": "w", "runtime": "claude-code", "tier": 4, "display": {},
        "platform_url": "http://127.0.0.1:1", "env": { "MODEL": "m" }
    })
}

#[tokio::test]
async fn a_box_is_started_for_its_own_tenant_only() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "own"));
    let other = org_in(&world, &journey_in(&world, "other"));
    let path = "/cp/workspaces/provision";
    for (token, org_id, status) in [
        (None, &org.identity.org_id, 401),
        (Some("nobody's"), &org.identity.org_id, 401),
        (Some(other.identity.admin_token.as_str()), &org.identity.org_id, 403),
        (Some(org.identity.admin_token.as_str()), &org.identity.org_id, 201),
    ] {
        let mut asked = call(&world, Method::POST, path).json(provision(org_id));
        if let Some(token) = token {
            asked = asked.header(header::ADMIN_TOKEN, token);
        }
        let answer = send(&world, asked).await;
        assert_eq!(answer.status, status, "{token:?}: {}", answer.body);
    }
    let malformed = call(&world, Method::POST, path).header(header::ADMIN_TOKEN, &org.identity.admin_token);
    assert_eq!(send(&world, malformed.json(json!({"org_id": org.identity.org_id}))).await.status, 400);
    assert_eq!(org.running_boxes(), [format!("box-{}-1", org.identity.slug)]);
    assert!(other.running_boxes().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn a_box_has_a_state_and_can_be_stopped_twice() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "state"));
    let as_tenant =
        |method, path| call(&world, method, path).header(header::ADMIN_TOKEN, &org.identity.admin_token);
    let asked = as_tenant(Method::POST, "/cp/workspaces/provision").json(provision(&org.identity.org_id));
    assert_eq!(send(&world, asked).await.body["state"], "running");
    let status = || as_tenant(Method::GET, "/cp/workspaces/w/status?instance_id=x");
    assert_eq!(send(&world, status()).await.body, json!({"state": "running"}));
    for _ in 0..2 {
        let answer = send(&world, as_tenant(Method::DELETE, "/cp/workspaces/w?instance_id=x")).await;
        assert_eq!(answer.status, 200);
    }
    assert_eq!(send(&world, status()).await.body, json!({"state": "stopped"}));
    let stops = org
        .journey
        .recorder
        .look(|seen| seen.iter().filter(|seen| matches!(seen.fact, Fact::BoxStopped(_))).count());
    assert_eq!(stops, 1);
    world.stop().await;
}

#[tokio::test]
async fn a_person_sees_their_own_orgs_only() {
    let world = quiet_world().await;
    let journey = journey_in(&world, "mine");
    let theirs = org_in(&world, &journey_in(&world, "theirs"));
    let slug = crate::fresh::slug_of(&journey.streams, TenantRole::Subject);
    lock(&journey.sign_ups).insert(slug.clone(), (TenantRole::Subject, crate::SignUpSettings::default()));
    let as_person = |method, path: &str| call(&world, method, path).bearer(&journey.operator_token);
    let create = |body: Value| as_person(Method::POST, "/cp/admin/orgs").json(body);
    let org = |slug: &str| json!({ "slug": slug, "name": "n", "owner_user_id": "o" });
    assert_eq!(send(&world, call(&world, Method::GET, "/cp/admin/orgs")).await.status, 401);
    let missing = send(&world, create(json!({ "slug": slug }))).await;
    assert_eq!((missing.status, &missing.body["fields"]), (400, &json!(["name", "owner_user_id"])));
    assert_eq!(send(&world, create(org("someone-elses"))).await.status, 403);
    let created = send(&world, create(org(&slug))).await;
    assert_eq!((created.status, &created.body["slug"]), (201, &json!(slug)));
    assert_eq!(send(&world, create(org(&slug))).await.status, 409);
    let list = send(&world, as_person(Method::GET, "/cp/admin/orgs")).await;
    assert_eq!(list.body["orgs"].as_array().unwrap().len(), 1);
    let token = |slug: &str| format!("/cp/admin/orgs/{slug}/admin-token");
    let own = send(&world, as_person(Method::GET, &token(&slug))).await;
    assert!(own.status == 200 && own.body["admin_token"].is_string());
    let foreign = send(&world, as_person(Method::GET, &token(&theirs.identity.slug))).await;
    assert_eq!(foreign.status, 404);
    world.stop().await;
}

#[tokio::test]
async fn a_tenants_configuration_is_a_flat_map() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "config"));
    let asked = call(&world, Method::GET, "/cp/tenants/config").bearer(&org.identity.admin_token);
    let answer = send(&world, asked).await;
    let values = answer.body.as_object().unwrap();
    assert!(values.len() == 4 && values.values().all(Value::is_string), "{}", answer.body);
    world.stop().await;
}

#[tokio::test]
async fn an_unknown_route_or_method_is_501_and_a_fact() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "stray"));
    for (method, path) in [(Method::POST, "/cp/workspaces/resize"), (Method::PUT, "/cp/workspaces/w")] {
        let asked = call(&world, method, path).header(header::ADMIN_TOKEN, &org.identity.admin_token);
        assert_eq!(send(&world, asked).await.status, 501, "{path}");
    }
    let strays = org
        .journey
        .recorder
        .look(|seen| seen.iter().filter(|seen| matches!(seen.fact, Fact::Unmodelled(_))).count());
    assert_eq!(strays, 2);
    world.stop().await;
}

#[tokio::test]
async fn a_provision_that_is_tried_again_under_its_key_starts_no_second_box() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "again"));
    let asked = |key: Option<&str>| {
        let mut body = provision(&org.identity.org_id);
        if let Some(key) = key {
            body["idempotency_key"] = json!(key);
        }
        call(&world, Method::POST, "/cp/workspaces/provision")
            .header(header::ADMIN_TOKEN, &org.identity.admin_token)
            .json(body)
    };
    let mut instances = Vec::new();
    for key in [Some("a"), Some("a"), Some("b"), Some(""), None, None] {
        let answer = send(&world, asked(key)).await;
        assert_eq!(answer.status, 201, "{key:?}: {}", answer.body);
        instances.push(answer.body["instance_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(instances[0], instances[1], "the same key, the same box");
    let distinct: std::collections::HashSet<&String> = instances.iter().collect();
    assert_eq!(distinct.len(), 5, "{instances:?}");
    let started = org
        .journey
        .recorder
        .look(|seen| seen.iter().filter(|seen| matches!(seen.fact, Fact::BoxStarted(_))).count());
    assert_eq!(started, 5);
    world.stop().await;
}

#[tokio::test]
async fn an_image_is_there_for_its_own_tenant_and_a_machine_tells_what_it_said() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "image"));
    let as_tenant =
        |method, path| call(&world, method, path).header(header::ADMIN_TOKEN, &org.identity.admin_token);
    let path = "/cp/workspaces/ensure-image";
    for (body, status) in [
        (json!({"org_id": org.identity.org_id, "workspace_id": "w", "runtime": "hermes"}), 200),
        (json!({"org_id": "another", "workspace_id": "w", "runtime": "hermes"}), 403),
        (json!({"org_id": org.identity.org_id}), 400),
    ] {
        let answer = send(&world, as_tenant(Method::POST, path).json(body.clone())).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
    }
    let console = "/cp/admin/workspaces/w/console";
    assert_eq!(send(&world, as_tenant(Method::GET, console)).await.status, 404);
    let asked = as_tenant(Method::POST, "/cp/workspaces/provision").json(provision(&org.identity.org_id));
    let instance = send(&world, asked).await.body["instance_id"].as_str().unwrap().to_owned();
    let told = send(&world, as_tenant(Method::GET, console)).await;
    assert!(told.body["output"].as_str().unwrap().contains(&instance), "{}", told.body);
    world.stop().await;
}
