//! Restarts, refusals of the control plane, heartbeats, sweeps and deletes.

use std::time::Duration;

use axum::http::StatusCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::org::{ADMIN, Org, send};

#[tokio::test]
async fn every_answer_but_a_201_fails_the_row_without_the_control_planes_words() {
    let org = Org::new().await;
    for status in [200, 402, 409, 422, 500] {
        *org.world.refusal.lock().unwrap() = StatusCode::from_u16(status).ok();
        let id = org.create(json!({ "name": "A" })).await;
        let row = org.until(&id, "failed").await;
        assert_eq!(row.last_sample_error.as_deref(), Some("provisioning failed"), "{status}");
        let (_, events) = org.get(&format!("/events/{id}")).await;
        assert_eq!(events[0]["payload"], json!({ "error": "provisioning failed" }));
        assert_eq!(org.world.calls_for(&id), ["provision"]);
    }
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_restart_replaces_the_box_keeps_the_model_and_ends_the_old_boxs_token() {
    let org = Org::new().await;
    let id = org.create(json!({ "name": "A", "role": "r", "model": "minimax/MiniMax-M3" })).await;
    org.until(&id, "online").await;
    for _ in 0..2 {
        assert_eq!(org.post(&format!("/workspaces/{id}/restart"), json!({})).await.0, 200);
        org.until(&id, "online").await;
    }
    assert_eq!(org.world.calls_for(&id), ["provision", "delete", "provision", "delete", "provision"]);
    let request = org.box_of(&id);
    assert_eq!(request.env["MODEL"], "minimax/MiniMax-M3");
    assert!(request.config_files.is_none());
    for name in ["PARENT_ID", "MOLECULE_AGENT_ROLE"] {
        assert!(!request.env.contains_key(name));
    }
    let registers = org.world.registers.lock().unwrap().clone();
    assert!(registers.iter().all(|(status, _)| *status == 200), "{registers:?}");
    let first = registers[0].1["auth_token"].as_str().unwrap();
    let beat = org.bare(Method::POST, "/registry/heartbeat").json(&json!({ "workspace_id": id }));
    assert_eq!(send(beat.bearer_auth(first)).await.0, 401);
    assert_eq!(org.post("/workspaces/c0000000-0000-4000-8000-00000000000f/restart", json!({})).await.0, 404);
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_create_with_restarts_on_its_heels_ends_online_with_one_box() {
    let org = Org::new().await;
    for _ in 0..10 {
        let id = org.create(json!({ "name": "Raced" })).await;
        for _ in 0..3 {
            assert_eq!(org.post(&format!("/workspaces/{id}/restart"), json!({})).await.0, 200);
        }
        for _ in 0..400 {
            if org.world.calls_for(&id).iter().filter(|call| *call == "provision").count() == 4 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        org.until(&id, "online").await;
        let calls = org.world.calls_for(&id);
        assert_eq!(calls, ["provision", "delete", "provision", "delete", "provision", "delete", "provision"]);
        assert!(!org.events(&id).await.contains(&"WORKSPACE_PROVISION_FAILED".to_owned()));
    }
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_box_that_only_beats_comes_online_and_a_beat_revives_a_failed_row() {
    let org = Org::new().await;
    *org.world.silent.lock().unwrap() = true;
    let id = org.create(json!({ "name": "Beats" })).await;
    let beat = json!({ "workspace_id": id, "sample_error": "" });
    assert_eq!(send(org.bare(Method::POST, "/registry/heartbeat").json(&beat)).await.0, 200);
    assert_eq!(org.until(&id, "online").await.url, "");
    assert_eq!(org.events(&id).await, ["WORKSPACE_PROVISIONING"]);

    let id = org.create(json!({ "name": "Fails", "model": "sonnet" })).await;
    org.until(&id, "failed").await;
    let beat = json!({ "workspace_id": id });
    assert_eq!(send(org.bare(Method::POST, "/registry/heartbeat").json(&beat)).await.0, 200);
    let row = org.until(&id, "online").await;
    assert_eq!(row.last_sample_error.as_deref(), Some(""));
    let (_, events) = org.get(&format!("/events/{id}")).await;
    assert_eq!(events[0]["payload"], json!({ "recovered_from": "failed" }));
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_row_that_nobody_brings_up_is_given_up_by_the_sweep() {
    let org = Org::with(0.001, &[]).await;
    *org.world.silent.lock().unwrap() = true;
    let id = org.create(json!({ "name": "A" })).await;
    let row = org.until(&id, "failed").await;
    assert!(!row.last_sample_error.unwrap().is_empty());
    let (_, events) = org.get(&format!("/events/{id}")).await;
    assert_eq!(events[0]["payload"]["source"], "provision_timeout_sweep");
    assert_eq!(events[0]["payload"]["runtime"], "claude-code");
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_delete_is_confirmed_by_name_takes_the_box_down_and_frees_the_name() {
    let org = Org::new().await;
    let id = org.create(json!({ "name": "Solo" })).await;
    org.until(&id, "online").await;
    let path = format!("/workspaces/{id}");
    let (status, body) = org.call(Method::DELETE, &path, None).await;
    assert_eq!((status.as_u16(), &body["error"]), (400, &json!("destructive_action_requires_confirmation")));
    assert_eq!((&body["workspace_name"], &body["child_count"]), (&json!("Solo"), &json!(0)));
    assert_eq!(org.delete(&id, "solo", "").await.0, 400);
    assert_eq!(org.delete(&id, "Solo", "").await.1, json!({ "status": "removed", "cascade_deleted": 0 }));
    assert_eq!(org.world.calls_for(&id), ["provision", "delete"]);

    let (status, body) = org.get(&path).await;
    assert_eq!(
        (status.as_u16(), &body["error"], &body["id"]),
        (410, &json!("workspace removed"), &json!(id))
    );
    assert!(body["removed_at"].is_string() && body["hint"].is_string());
    assert_eq!(org.get(&format!("{path}?include_removed=true")).await.1["status"], "removed");
    assert_eq!(
        org.delete(&id, "Solo", "").await,
        (StatusCode::GONE, json!({ "error": "workspace removed", "id": id }))
    );
    assert_eq!(org.post(&format!("{path}/restart"), json!({})).await.0, 404);
    assert_eq!(org.events(&id).await.last().unwrap(), "WORKSPACE_REMOVED");
    let late = json!({ "id": id, "url": "http://localhost:9", "agent_card": {} });
    assert_eq!(send(org.bare(Method::POST, "/registry/register").json(&late)).await.0, 410);
    let again = org.create(json!({ "name": "Solo" })).await;
    assert_eq!(org.until(&again, "online").await.name, "Solo");
    assert_eq!(org.get("/workspaces").await.1.as_array().unwrap().len(), 1);
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_box_that_is_still_on_the_way_is_gone_when_the_delete_returns() {
    let org = Org::new().await;
    for _ in 0..20 {
        let id = org.create(json!({ "name": "Brief" })).await;
        assert_eq!(org.delete(&id, "Brief", "").await.0, 200);
        let calls = org.world.calls_for(&id);
        assert!(calls.is_empty() || calls == ["provision", "delete"], "{calls:?}");
    }
    org.tenant.stop().await;
}

#[tokio::test]
async fn children_are_deleted_on_demand_deepest_first() {
    let org = Org::new().await;
    let parent = org.create(json!({ "name": "Parent" })).await;
    let child = org.create(json!({ "name": "Child", "parent_id": parent })).await;
    org.until(&parent, "online").await;
    assert_eq!(org.until(&child, "online").await.parent_id.as_deref(), Some(parent.as_str()));
    let (status, body) = org.delete(&parent, "Parent", "").await;
    assert_eq!((status.as_u16(), &body["status"]), (409, &json!("confirmation_required")));
    assert_eq!((&body["children_count"], &body["children"][0]["name"]), (&json!(1), &json!("Child")));
    let (_, body) = org.delete(&parent, "Parent", "?confirm=true").await;
    assert_eq!(body, json!({ "status": "removed", "cascade_deleted": 1 }));
    let calls = org.world.calls.lock().unwrap().clone();
    assert_eq!(calls[calls.len() - 2..], [format!("delete {child}"), format!("delete {parent}")]);
    assert_eq!(org.get("/workspaces").await.1, json!([]));
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_box_that_the_control_plane_keeps_is_taken_down_by_a_later_sweep() {
    let org = Org::with(0.002, &[]).await;
    let id = org.create(json!({ "name": "A" })).await;
    org.until(&id, "online").await;
    *org.world.kept_boxes.lock().unwrap() = 6;
    assert_eq!(org.delete(&id, "A", "").await.0, 200);
    for _ in 0..1000 {
        if org.world.calls_for(&id).len() == 8 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut expected = vec!["provision"];
    expected.extend(["delete"; 7]);
    assert_eq!(org.world.calls_for(&id), expected);
    org.tenant.stop().await;
}

#[tokio::test]
async fn a_second_concierge_takes_the_first_one_under_itself() {
    let org = Org::new().await;
    let first = org.concierge().await;
    let member = org.create(json!({ "name": "A" })).await;
    let second = "c0000000-0000-4000-8000-000000000002";
    for _ in 0..2 {
        let (status, _) =
            org.post("/admin/org/platform-agent", json!({ "id": second, "name": "Second" })).await;
        assert_eq!(status, 200);
    }
    let (_, old) = org.get(&format!("/workspaces/{first}")).await;
    assert_eq!(
        (&old["kind"], &old["parent_id"], &old["status"]),
        (&json!("workspace"), &json!(second), &json!("online"))
    );
    let (_, new) = org.get(&format!("/workspaces/{second}")).await;
    assert_eq!(
        (&new["kind"], &new["parent_id"], &new["status"]),
        (&json!("platform"), &Value::Null, &json!("offline"))
    );
    assert_eq!(org.get(&format!("/workspaces/{member}")).await.1["parent_id"], json!(first));
    let (status, _) =
        send(org.request(Method::POST, "/admin/org/platform-agent").bearer_auth(ADMIN).json(&json!({})))
            .await;
    assert_eq!(status, 400);
    org.tenant.stop().await;
}
