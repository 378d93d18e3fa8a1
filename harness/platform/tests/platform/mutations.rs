//! The recorded scripts of later changes (`phase: mutate`), each played against a tenant of its own.

use std::time::Duration;

use axum::http::StatusCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::golden::{self, CHANGES_NOT_MODELLED, CREATES, FREE_WORDING, MISSING_FIELDS};
use crate::org::{Org, send};
use crate::vectors::RECORDED;

const SCRIPTS: usize = 28;
const WAIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(5);
/// Long enough for a restart that should not come.
const QUIET: Duration = Duration::from_millis(60);

#[tokio::test]
async fn every_recorded_change_ends_as_recorded_or_is_listed_as_not_modelled() {
    for contract in CREATES {
        let vectors = golden::lines(&format!("vectors/{contract}.jsonl"), RECORDED);
        let scripts: Vec<&Value> = vectors.iter().filter(|vector| vector["phase"] == "mutate").collect();
        assert_eq!(scripts.len(), SCRIPTS, "{contract} holds another number of scripts");
        let (mut wrong, mut played) = (Vec::new(), 0);
        for script in &scripts {
            if !CHANGES_NOT_MODELLED.names(script["case"].as_str().unwrap()) {
                wrong.extend(play(contract, script).await);
                played += 1;
            }
        }
        println!("{contract} mutate: {played} scripts, {} not modelled", scripts.len() - played);
        assert_eq!(played + CHANGES_NOT_MODELLED.what.len(), scripts.len());
        assert!(wrong.is_empty(), "{contract}:\n{}", wrong.join("\n"));
    }
}

/// A script under way.
struct Stage {
    contract: &'static str,
    org: Org,
    id: String,
    /// The token of the create's answer.
    created: String,
    wrong: Vec<String>,
}

async fn play(contract: &'static str, script: &Value) -> Vec<String> {
    let org = Org::under(contract, 1.0, &[], &[("WORKSPACE_MANIFEST_PATH", "/nonexistent")]).await;
    let model = script["model"].as_str().unwrap();
    let by_change = !script["via"].is_null();
    let first = if by_change { "minimax/MiniMax-M2.7" } else { model };
    let body = json!({ "name": "M", "runtime": script["runtime"], "model": first });
    let (status, made) = org.post("/workspaces", body).await;
    assert_eq!(status, 201, "{made}");
    let text = |key: &str| made[key].as_str().unwrap().to_owned();
    let mut stage = Stage { contract, id: text("id"), created: text("auth_token"), org, wrong: Vec::new() };
    if by_change {
        stage.until(&json!("online"), 2).await;
        let path = format!("/workspaces/{}/model", stage.id);
        stage.compare(
            "put",
            &json!(stage.org.put(&path, json!({ "model": model })).await.0.as_u16()),
            &script["put"],
        );
    }
    let before = &script["before"];
    stage.until(&before["status"], before["events"].as_array().unwrap().len()).await;
    stage.compare("events before", &json!(stage.org.events(&stage.id).await), &before["events"]);
    for step in script["steps"].as_array().unwrap() {
        stage.step(step).await;
    }
    stage.org.tenant.stop().await;
    stage.wrong.into_iter().map(|it| format!("  {} {it}", script["case"])).collect()
}

impl Stage {
    async fn step(&mut self, step: &Value) {
        let calls = self.provisions();
        let (status, body) = self.act(step).await;
        let name = step["step"].as_str().unwrap();
        self.compare(&format!("{name} status"), &json!(status.as_u16()), &step["status"]);
        self.compare_body(name, &body, &step["body"]);
        let Some(row) = step["row"].as_object() else { return };
        if name == "restartmodel" {
            let path = format!("/workspaces/{}/restart", self.id);
            assert_eq!(self.org.post(&path, json!({})).await.0, 200);
        }
        let events = row["events"].as_array().unwrap().len();
        self.until(&row["status"], events).await;
        if step["new_events"] == json!([]) {
            tokio::time::sleep(QUIET).await;
        }
        let (_, ours) = self.org.get(&format!("/workspaces/{}", self.id)).await;
        self.compare(&format!("{name} row"), &ours["status"], &row["status"]);
        self.compare(&format!("{name} url set"), &json!(ours["url"] != ""), &row["url_set"]);
        self.compare(&format!("{name} events"), &json!(self.org.events(&self.id).await), &row["events"]);
        self.compare(&format!("{name} calls"), &json!(self.provisions() - calls), &step["cp_calls"]);
        self.compare_reason(name, row).await;
    }

    async fn act(&self, step: &Value) -> (StatusCode, Value) {
        let (id, arg) = (&self.id, step["arg"].clone());
        let mode = format!("/admin/workspaces/{id}/llm-billing-mode");
        let beat = |error: &str| json!({ "workspace_id": id, "error_rate": 0.0, "sample_error": error });
        match step["step"].as_str().unwrap() {
            "model" | "restartmodel" => {
                self.org.put(&format!("/workspaces/{id}/model"), json!({ "model": arg })).await
            }
            "mode" => self.org.put(&mode, json!({ "mode": arg })).await,
            "modeabsent" => self.org.put(&mode, json!({})).await,
            "restart" => self.org.post(&format!("/workspaces/{id}/restart"), json!({})).await,
            "adminrestart" => self.org.post(&format!("/admin/workspaces/{id}/restart"), json!({})).await,
            "secret" => {
                let body = json!({ "key": arg, "value": format!("value of {arg}") });
                self.org.post(&format!("/workspaces/{id}/secrets"), body).await
            }
            "provider" => self.org.put(&format!("/workspaces/{id}/provider"), json!({})).await,
            "beat-no-token" => self.report("heartbeat", &beat(""), false).await,
            "beat" => self.report("heartbeat", &beat(""), true).await,
            "beaterr" => self.report("heartbeat", &beat("two words"), true).await,
            "reg-no-token" => self.report("register", &self.card(), false).await,
            "reg" => self.report("register", &self.card(), true).await,
            unknown => panic!("how is {unknown} played?"),
        }
    }

    fn card(&self) -> Value {
        json!({ "id": self.id, "url": "http://localhost:9", "agent_card": { "name": "x" } })
    }

    /// What a box sends, with the token that it has: its own, else that of the create.
    async fn report(&self, route: &str, body: &Value, proves_itself: bool) -> (StatusCode, Value) {
        let registers = self.org.world.registers.lock().unwrap().clone();
        let own = registers.last().and_then(|(_, answer)| answer["auth_token"].as_str().map(str::to_owned));
        let request = self.org.bare(Method::POST, &format!("/registry/{route}")).json(body);
        send(if proves_itself {
            request.bearer_auth(own.unwrap_or_else(|| self.created.clone()))
        } else {
            request
        })
        .await
    }

    fn provisions(&self) -> usize {
        self.org.world.calls_for(&self.id).iter().filter(|call| *call == "provision").count()
    }

    /// Waits for a status and for this many events.
    async fn until(&self, status: &Value, events: usize) {
        for _ in 0..WAIT.as_millis() / POLL.as_millis() {
            let (_, row) = self.org.get(&format!("/workspaces/{}", self.id)).await;
            if row["status"] == *status && self.org.events(&self.id).await.len() >= events {
                return;
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// The recorded fields: a text of which only the class is there must say something.
    fn compare_body(&mut self, name: &str, ours: &Value, recorded: &Value) {
        let Some(fields) = recorded.as_object() else {
            return self.compare(name, ours, recorded);
        };
        for (key, value) in fields {
            if FREE_WORDING.names(self.contract) && MISSING_FIELDS.names(key) {
                continue;
            }
            if value.get("fp").is_some() {
                let says = ours[key].as_str().is_some_and(|text| !text.trim().is_empty());
                self.compare(&format!("{name} {key} says something"), &json!(says), &json!(true));
            } else {
                self.compare(&format!("{name} {key}"), &ours[key], value);
            }
        }
    }

    async fn compare_reason(&mut self, name: &str, row: &serde_json::Map<String, Value>) {
        let (_, list) = self.org.get("/workspaces").await;
        let reason = list[0]["last_sample_error"].as_str().unwrap_or_default();
        let words = &row["list_error"]["words"];
        if FREE_WORDING.names(self.contract) {
            self.compare(&format!("{name} reason"), &json!(reason.is_empty()), &json!(*words == 0));
        } else {
            let ours = json!(reason.split_whitespace().count());
            self.compare(&format!("{name} reason"), &ours, words);
        }
        let Some(recorded) = row.get("fail_payload") else { return };
        let (_, events) = self.org.get(&format!("/events/{}", self.id)).await;
        let failed =
            events.as_array().unwrap().iter().find(|it| it["event_type"] == "WORKSPACE_PROVISION_FAILED");
        let mut payload = failed.map(|event| event["payload"].clone()).unwrap_or_default();
        payload.as_object_mut().map(|fields| fields.shift_remove("error"));
        self.compare(&format!("{name} failure"), &payload, recorded);
    }

    fn compare(&mut self, what: &str, ours: &Value, recorded: &Value) {
        if ours != recorded {
            self.wrong.push(format!("{what}: {ours} instead of {recorded}"));
        }
    }
}
