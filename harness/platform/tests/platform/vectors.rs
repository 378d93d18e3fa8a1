//! The recorded creates, each played against the platform: answer, row, events, calls and what the box was given.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use contract::{Contract, DefectId};
use document::{Place, Placed};
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::golden::{
    self, BOX_VARIABLES, COMMIT_VARIABLES, CREATES, FREE_WORDING, LISTED_BY_RECORDING, UNREACHABLE_ASSETS,
};
use crate::org::{ADMIN, Org, USAGE, contract_named, send};

/// How many creates a contract's recording holds, by phase.
const PHASES: [(&str, usize); 5] =
    [("edge", 88), ("table", 91), ("payload", 56), ("global", 82), ("adk", 12)];
/// So many lines a contract were recorded.
pub(crate) const RECORDED: usize = 357;
const WAIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(5);
const NO_MANIFEST: (&str, &str) = ("WORKSPACE_MANIFEST_PATH", "/nonexistent");
const CONCIERGE: &str = "c0000000-0000-4000-8000-000000000001";

#[tokio::test]
async fn every_recorded_create_ends_as_recorded() {
    for contract in CREATES {
        let vectors = golden::lines(&format!("vectors/{contract}.jsonl"), RECORDED);
        for (phase, count) in PHASES {
            let of_phase: Vec<&Value> = vectors.iter().filter(|vector| vector["phase"] == phase).collect();
            assert_eq!(of_phase.len(), count, "{contract} {phase} holds another number of creates");
            let wrong = play(contract, phase, &of_phase).await;
            println!("{contract} {phase}: {} creates, {} wrong", of_phase.len(), wrong.len());
            assert!(wrong.is_empty(), "{contract} {phase}:\n{}", wrong.join("\n"));
        }
    }
}

#[tokio::test]
async fn a_broken_promise_turns_the_vectors_red() {
    for (contract, defect, case) in [
        ("create-gate", DefectId::D02, "byok-trailing-space"),
        ("incident", DefectId::D05, "claude-prefix-word"),
        ("incident", DefectId::D13, "platform-prefix"),
    ] {
        let vectors = golden::lines(&format!("vectors/{contract}.jsonl"), RECORDED);
        let vector = vectors.iter().find(|vector| vector["case"] == case).unwrap();
        let broken = org(contract, &[defect], &[NO_MANIFEST]).await;
        assert!(check(&broken, vector).await.is_some(), "{contract} {case}");
        broken.tenant.stop().await;
    }
}

async fn play(contract: &str, phase: &str, vectors: &[&Value]) -> Vec<String> {
    let mut wrong = Vec::new();
    if phase == "global" {
        for vector in vectors {
            let org = org(contract, &[], &[NO_MANIFEST]).await;
            for name in names(vector) {
                let body = json!({ "key": name, "value": format!("value of {name}") });
                assert_eq!(org.post("/settings/secrets", body).await.0, 200);
            }
            wrong.extend(check(&org, vector).await);
            org.tenant.stop().await;
        }
        return wrong;
    }
    let variables: &[(&str, &str)] = if phase == "adk" { &[] } else { &[NO_MANIFEST] };
    let org = org(contract, &[], variables).await;
    for vector in vectors {
        wrong.extend(check(&org, vector).await);
    }
    org.tenant.stop().await;
    wrong
}

async fn org(contract: &str, defects: &[DefectId], variables: &[(&str, &str)]) -> Org {
    let org = Org::obeying(as_recorded(contract), 1.0, defects, variables).await;
    let body = json!({ "id": CONCIERGE, "name": "Concierge" });
    assert_eq!(org.post("/admin/org/platform-agent", body).await.0, 200);
    org
}

/// The contract, with the runtimes that the recording's own manifest added to it.
fn as_recorded(contract: &str) -> Arc<Contract> {
    let mut contract = contract_named(contract);
    let known = &mut Arc::make_mut(&mut contract).known_runtimes;
    for runtime in LISTED_BY_RECORDING.what {
        if !known.contains(runtime) {
            let name = Placed::new(Place::default(), (*runtime).to_owned());
            known.unlisted_with_manifest.0.push(name);
        }
    }
    contract
}

/// The names of the keys that a vector gives.
fn names(vector: &Value) -> Vec<&str> {
    vector["keys"]["names"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What differs from the recording.
async fn check(org: &Org, vector: &Value) -> Option<String> {
    let title = format!("{} {} {} {}", vector["n"], vector["case"], vector["runtime"], vector["model"]);
    let is_free = FREE_WORDING.names(vector["rev"].as_str().unwrap());
    let mut wrong = Differences { is_free, found: Vec::new() };
    let recorded = &vector["create"];
    let request = org.request(Method::POST, "/workspaces").bearer_auth(ADMIN).body(body(vector));
    let (status, answer) = send(request).await;
    wrong.compare("create status", &json!(status.as_u16()), &recorded["status"]);
    wrong.compare("create code", &answer["code"], &recorded["code"]);
    if status != 201 || recorded["status"] != 201 {
        wrong.compare("create fields", &json!(keys(&answer)), &recorded["fields"]);
        return wrong.told(&title);
    }
    let fields: Vec<&str> = recorded["fields"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    wrong.compare("create fields", &json!(keys(&answer)), &json!(fields));
    wrong.compare("create body status", &answer["status"], &recorded["body_status"]);
    if !vector["note"].as_str().is_some_and(|note| UNREACHABLE_ASSETS.is_in(note)) || vector["cp_calls"] == 1
    {
        let id = answer["id"].as_str().unwrap();
        check_row(org, id, &vector["row"], &mut wrong).await;
        check_box(org, id, vector, &mut wrong);
        check_reads(org, id, vector, &mut wrong).await;
    }
    wrong.told(&title)
}

async fn check_row(org: &Org, id: &str, recorded: &Value, wrong: &mut Differences) {
    let wanted = recorded["status"].as_str().unwrap();
    let row = settled(org, id, wanted).await;
    wrong.compare("row status", &row["status"], &recorded["status"]);
    wrong.compare("row tier", &row["tier"], &recorded["tier"]);
    wrong.compare("row kind", &row["kind"], &recorded["kind"]);
    wrong.compare("row url set", &json!(row["url"] != ""), &recorded["url_set"]);
    wrong.compare("row parent", &row["parent_id"], &json!(CONCIERGE));
    if !recorded["name"].as_str().unwrap().starts_with("V ") {
        wrong.compare("row name", &row["name"], &recorded["name"]);
    }
    wrong.compare(
        "single read has a reason",
        &json!(row.get("last_sample_error").is_some()),
        &recorded["single_has_error_key"],
    );
    let (_, list) = org.get("/workspaces").await;
    let listed = list.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone();
    let reason = listed["last_sample_error"].as_str().unwrap().to_owned();
    check_class("listed reason", &reason, &recorded["list_error"], wrong);
    let (_, events) = org.get(&format!("/events/{id}")).await;
    wrong.compare("events", &json!(org.events(id).await), &recorded["events"]);
    if let Some(payload) = recorded["fail_payload"].as_object() {
        let mut shown = events[0]["payload"].as_object().cloned().unwrap_or_default();
        let told = shown.shift_remove("error").unwrap_or_default();
        wrong.compare("failure payload", &Value::Object(shown), &Value::Object(payload.clone()));
        let same = json!(told == listed["last_sample_error"]);
        wrong.compare("row equals event", &same, &recorded["row_equals_event"]);
    }
}

/// A text of ours against the class of the recorded one: as long, where that matters, naming the same variables and the same paths.
fn check_class(what: &str, text: &str, class: &Value, wrong: &mut Differences) {
    let words = text.split_whitespace().count();
    if wrong.is_free {
        wrong.compare(what, &json!(words == 0), &json!(class["words"] == 0));
    } else {
        wrong.compare(what, &json!(words), &class["words"]);
    }
    for named in class["env_names"].as_array().into_iter().chain(class["slash_ids"].as_array()).flatten() {
        wrong.compare(what, &json!(text.contains(named.as_str().unwrap())), &json!(true));
    }
}

fn check_box(org: &Org, id: &str, vector: &Value, wrong: &mut Differences) {
    let calls = org.world.calls_for(id).iter().filter(|call| *call == "provision").count();
    wrong.compare("calls for a box", &json!(calls), &json!(vector["cp_calls"].as_u64().unwrap_or(0)));
    let (Some(recorded), 1) = (vector["cp"].as_object(), calls) else { return };
    let given = org.box_of(id);
    let named = recorded["env_names"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let ours: BTreeSet<&str> = given.env.keys().map(String::as_str).collect();
    let differing: Vec<&&str> = ours
        .symmetric_difference(&named)
        .filter(|name| !BOX_VARIABLES.names(name) && !COMMIT_VARIABLES.names(name))
        .collect();
    wrong.compare("variables", &json!(differing), &json!([]));
    for (name, value) in recorded["env"].as_object().unwrap() {
        if value == "<other>" {
            continue;
        }
        let value = filled(value.as_str().unwrap(), &org.world.url(), id, vector);
        wrong.compare(name, &json!(given.env.get(name)), &json!(value));
    }
    let files: Vec<&String> = given.config_files.iter().flatten().map(|(name, _)| name).collect();
    wrong.compare("files", &json!(files), &recorded["files"]);
}

/// A recorded value with its placeholders filled in.
fn filled(value: &str, cp: &str, id: &str, vector: &Value) -> String {
    let mut value = value.replace("<CP>", cp).replace("<uuid>", id);
    value = value.replace("<ADMIN_TOKEN>", ADMIN).replace("<USAGE_TOKEN>", USAGE);
    for (letter, name) in ["a", "b"].into_iter().zip(names(vector)) {
        value = value.replace(&format!("<GIVEN:{letter}>"), &format!("value of {name}"));
    }
    match value.strip_prefix("<GIVEN:").and_then(|rest| rest.strip_suffix('>')) {
        Some(name) => format!("value of {name}"),
        None => value,
    }
}

async fn check_reads(org: &Org, id: &str, vector: &Value, wrong: &mut Differences) {
    if let Some(recorded) = vector["get_model"].as_object() {
        let (status, body) = org.get(&format!("/workspaces/{id}/model")).await;
        wrong.compare("model status", &json!(status.as_u16()), &recorded["status"]);
        wrong.compare("model", &body, &recorded["body"]);
    }
    if let Some(recorded) = vector["billing_mode"].as_object() {
        let (status, mut body) = org.get(&format!("/admin/workspaces/{id}/llm-billing-mode")).await;
        wrong.compare("mode status", &json!(status.as_u16()), &recorded["status"]);
        let Some(fields) = body.as_object_mut() else { return };
        wrong.compare("mode workspace", &json!(fields.shift_remove("workspace_id")), &json!(id));
        wrong.compare("mode", &body, &recorded["body"]);
    }
}

/// The row once it has this status, or as it stands when the wait is over.
async fn settled(org: &Org, id: &str, status: &str) -> Value {
    let mut row = Value::Null;
    for _ in 0..WAIT.as_millis() / POLL.as_millis() {
        row = org.get(&format!("/workspaces/{id}")).await.1;
        let is_told = status != "online" || org.events(id).await.len() > 1;
        if row["status"] == status && is_told {
            break;
        }
        if row["status"] == "failed" && status != "failed" {
            break;
        }
        tokio::time::sleep(POLL).await;
    }
    row
}

fn keys(body: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = body.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    keys
}

/// The request of a vector. What the recording does not hold of it stands in [`extra`] and [`raw`].
fn body(vector: &Value) -> String {
    let case = vector["case"].as_str().unwrap();
    if let Some(raw) = raw(case) {
        return raw.to_owned();
    }
    let mut body = Map::new();
    body.insert("name".to_owned(), json!(format!("V {}", uuid::Uuid::new_v4())));
    for field in ["runtime", "model"] {
        if !vector[field].is_null() || case == format!("{field}-null") {
            body.insert(field.to_owned(), vector[field].clone());
        }
    }
    if vector["keys"]["where"] == "payload" {
        let value = |name: &&str| (name.to_string(), json!(secret(case, name)));
        let secrets: Map<String, Value> = names(vector).iter().map(value).collect();
        body.insert("secrets".to_owned(), Value::Object(secrets));
    }
    for (field, value) in extra(case).as_object().into_iter().flatten() {
        if value == "<absent>" {
            body.shift_remove(field);
        } else {
            body.insert(field.clone(), value.clone());
        }
    }
    Value::Object(body).to_string()
}

fn secret(case: &str, name: &str) -> String {
    match case {
        "payload-empty-value" | "platform-payload-empty" => String::new(),
        "payload-blank-value" => "  ".to_owned(),
        "payload-model-secret" => "minimax/MiniMax-M2.7".to_owned(),
        "platform-payload-model-byok" => "claude-sonnet-4-6".to_owned(),
        _ => format!("value of {name}"),
    }
}

/// Bodies that are no plain objects.
fn raw(case: &str) -> Option<&'static str> {
    Some(match case {
        "json-broken" => r#"{"name":"broken""#,
        "json-array" => "[]",
        "json-empty" => "",
        "json-trailing" => r#"{"name":"tj","runtime":"claude-code","model":"minimax/MiniMax-M2.7"} trailing"#,
        "json-dup-model" => {
            r#"{"name":"dj","runtime":"claude-code","model":"no-such-model","model":"minimax/MiniMax-M2.7"}"#
        }
        "json-case-keys" => r#"{"Name":"ck","RUNTIME":"claude-code","Model":"minimax/MiniMax-M2.7"}"#,
        _ => return None,
    })
}

/// What a case adds to its body.
fn extra(case: &str) -> Value {
    match case {
        "external-url" => json!({ "url": "http://localhost:9" }),
        "external-flag" | "external-flag-cc" => json!({ "external": true }),
        "name-absent" => json!({ "name": "<absent>" }),
        "name-empty" => json!({ "name": "" }),
        "name-space" => json!({ "name": " " }),
        "name-brackets" => json!({ "name": "[A]" }),
        "name-newline" => json!({ "name": "a\nb" }),
        "name-255" => json!({ "name": "n".repeat(255) }),
        "name-256" => json!({ "name": "n".repeat(256) }),
        "name-unicode" => json!({ "name": "团队 ✨" }),
        "role-1001" => json!({ "role": "r".repeat(1001) }),
        "role-pipe" => json!({ "role": "a|b" }),
        "tier-1" => json!({ "tier": 1 }),
        "tier-9" => json!({ "tier": 9 }),
        "tier-string" => json!({ "tier": "4" }),
        "parent-empty" => json!({ "parent_id": "" }),
        "parent-null" => json!({ "parent_id": null }),
        "parent-not-uuid" => json!({ "parent_id": "nobody" }),
        "parent-unknown" => json!({ "parent_id": "c0000000-0000-4000-8000-00000000000f" }),
        "delivery-bad" => json!({ "delivery_mode": "carrier-pigeon" }),
        "delivery-poll" => json!({ "delivery_mode": "poll" }),
        "access-bad" => json!({ "workspace_access": "all" }),
        "dir-relative" => json!({ "workspace_dir": "here" }),
        "dir-abs" => json!({ "workspace_dir": "/srv/here" }),
        "compute-unknown-provider" => json!({ "compute": { "provider": "nobody" } }),
        "url-bad-scheme" => json!({ "url": "ftp://localhost" }),
        "url-loopback" => json!({ "url": "http://127.0.0.1:9" }),
        "url-metadata" => json!({ "url": "http://169.254.169.254/latest" }),
        "body-id-ignored" => json!({ "id": "c0000000-0000-4000-8000-00000000000e" }),
        "unknown-key" => json!({ "colour": "red" }),
        "llm-provider-ignored" | "llm-provider-ignored-byok" => json!({ "llm_provider": "openai" }),
        "template-missing-no-runtime" | "template-missing-runtime" | "template-missing-bare" => {
            json!({ "template": "nosuch" })
        }
        "template-traversal" => json!({ "template": "../etc" }),
        "same-name-1" | "same-name-2" | "same-name-3" => json!({ "name": "Twin" }),
        _ => Value::Null,
    }
}

struct Differences {
    /// Whether texts may be as long as they like.
    is_free: bool,
    found: Vec<String>,
}

impl Differences {
    fn compare(&mut self, what: &str, ours: &Value, recorded: &Value) {
        if ours != recorded {
            self.found.push(format!("{what}: {ours} instead of {recorded}"));
        }
    }

    fn told(self, title: &str) -> Option<String> {
        if self.found.is_empty() { None } else { Some(format!("  {title}: {}", self.found.join("; "))) }
    }
}
