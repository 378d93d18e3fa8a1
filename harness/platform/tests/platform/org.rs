//! One org to test with: a tenant, a control plane that starts boxes, and a client that carries the right headers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, post};
use axum::{Json, Router};
use contract::{
    BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, Contract, DefectId, Registry, load_contract, load_registry,
};
use document::Source;
use platform::{BootError, RunningPlatform, Settings, StorePlace};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wire::{ProvisionRequest, Workspace};

pub(crate) const ORG_ID: &str = "0f3c1d5e-0000-4000-8000-000000000001";
pub(crate) const ADMIN: &str = "admin-token";
pub(crate) const USAGE: &str = "usage-token";
const WAIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(5);

/// What the control plane and its boxes saw, and how they are to behave.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) provisions: Mutex<Vec<ProvisionRequest>>,
    /// Every call to the control plane in order: `provision <workspace>` or `delete <workspace>`.
    pub(crate) calls: Mutex<Vec<String>>,
    /// What the control plane answers a provision with; 201 where absent.
    pub(crate) refusal: Mutex<Option<StatusCode>>,
    /// How often the control plane still refuses to delete.
    pub(crate) kept_boxes: Mutex<u32>,
    /// What boxes answer a message with; a friendly text where absent.
    pub(crate) reply: Mutex<Option<(StatusCode, String)>>,
    /// Boxes boot, yet never register.
    pub(crate) silent: Mutex<bool>,
    /// What the tenant answered to each register.
    pub(crate) registers: Mutex<Vec<(StatusCode, Value)>>,
    url: Mutex<String>,
}

/// A tenant with its world.
pub(crate) struct Org {
    pub(crate) tenant: RunningPlatform,
    pub(crate) world: Arc<World>,
    client: reqwest::Client,
}

pub(crate) fn contract() -> Arc<Contract> {
    contract_named("as-designed")
}

pub(crate) fn contract_named(wanted: &str) -> Arc<Contract> {
    let (name, text) = BUILTIN_CONTRACTS.iter().find(|(name, _)| *name == wanted).unwrap();
    Arc::new(load_contract(&Source::new(*name, *text)).unwrap())
}

pub(crate) fn registry() -> Arc<Registry> {
    registry_of(&contract())
}

/// The registry that goes with a contract.
pub(crate) fn registry_of(contract: &Contract) -> Arc<Registry> {
    let (name, text) = BUILTIN_REGISTRIES.iter().find(|(name, _)| *name == *contract.registry).unwrap();
    Arc::new(load_registry(&Source::new(*name, *text)).unwrap())
}

pub(crate) fn environment(cp: &str) -> BTreeMap<String, String> {
    [
        ("MOLECULE_ORG_ID", ORG_ID.to_owned()),
        ("ADMIN_TOKEN", ADMIN.to_owned()),
        ("MOLECULE_CP_URL", cp.to_owned()),
        ("MOLECULE_LLM_BASE_URL", format!("{cp}/llm/openai/v1")),
        ("MOLECULE_LLM_ANTHROPIC_BASE_URL", format!("{cp}/llm/anthropic/v1")),
        ("MOLECULE_LLM_USAGE_TOKEN", USAGE.to_owned()),
        ("MOLECULE_LLM_USAGE_URL", format!("{cp}/llm/usage")),
        ("MOLECULE_ENV", "development".to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

pub(crate) fn settings(environment: BTreeMap<String, String>) -> Settings {
    Settings {
        environment,
        contract: contract(),
        registry: registry(),
        defects: std::iter::empty().collect(),
        store: StorePlace::Memory,
        listen: "127.0.0.1:0".parse().unwrap(),
        time_scale: 0.001,
    }
}

pub(crate) async fn try_start(environment: BTreeMap<String, String>) -> Result<RunningPlatform, BootError> {
    RunningPlatform::start(settings(environment)).await
}

impl Org {
    pub(crate) async fn new() -> Self {
        Self::with(1.0, &[]).await
    }

    pub(crate) async fn with(time_scale: f64, defects: &[DefectId]) -> Self {
        Self::under("as-designed", time_scale, defects, &[]).await
    }

    /// An org whose platform obeys this contract, with these variables beside its own; an empty one is taken away.
    pub(crate) async fn under(
        contract: &str,
        time_scale: f64,
        defects: &[DefectId],
        variables: &[(&str, &str)],
    ) -> Self {
        Self::obeying(contract_named(contract), time_scale, defects, variables).await
    }

    /// The same for a contract that need not be one of ours.
    pub(crate) async fn obeying(
        contract: Arc<Contract>,
        time_scale: f64,
        defects: &[DefectId],
        variables: &[(&str, &str)],
    ) -> Self {
        Self::prepared(contract, time_scale, defects, variables, false).await
    }

    async fn prepared(
        contract: Arc<Contract>,
        time_scale: f64,
        defects: &[DefectId],
        variables: &[(&str, &str)],
        is_driven: bool,
    ) -> Self {
        let world = Arc::new(World::default());
        let cp = world.listen().await;
        let mut environment = environment(&cp);
        if is_driven {
            environment.insert("CP_PROVISION_URL".to_owned(), cp.clone());
        }
        environment.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let settings = Settings {
            time_scale,
            defects: defects.iter().copied().collect(),
            registry: registry_of(&contract),
            contract,
            ..settings(environment)
        };
        let tenant = RunningPlatform::start(settings).await.unwrap();
        Self { tenant, world, client: reqwest::Client::new() }
    }

    /// An org whose boxes are started at `CP_PROVISION_URL`.
    pub(crate) async fn driven(contract: &str, variables: &[(&str, &str)]) -> Self {
        Self::prepared(contract_named(contract), 1.0, &[], variables, true).await
    }

    /// A request with the org's header and the admin's bearer.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let request = self.request(method, path).bearer_auth(ADMIN);
        send(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.bare(method, path).header("x-molecule-org-id", ORG_ID)
    }

    pub(crate) fn bare(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.tenant.url()))
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, id: &str, name: &str, query: &str) -> (StatusCode, Value) {
        let request = self.request(Method::DELETE, &format!("/workspaces/{id}{query}"));
        send(request.bearer_auth(ADMIN).header("X-Confirm-Name", name)).await
    }

    /// Creates a member that must be accepted.
    pub(crate) async fn create(&self, body: Value) -> String {
        let (status, answer) = self.post("/workspaces", body).await;
        assert_eq!(status, 201, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }

    /// Installs the concierge and brings it online.
    pub(crate) async fn concierge(&self) -> String {
        let id = "c0000000-0000-4000-8000-000000000001";
        let installed =
            self.post("/admin/org/platform-agent", json!({ "id": id, "name": "Concierge" })).await;
        assert_eq!(installed.0, 200);
        assert_eq!(self.post(&format!("/workspaces/{id}/restart"), json!({})).await.0, 200);
        self.until(id, "online").await;
        id.to_owned()
    }

    /// Polls a row until it has this status.
    pub(crate) async fn until(&self, id: &str, status: &str) -> Workspace {
        let mut last = Value::Null;
        for _ in 0..WAIT.as_millis() / POLL.as_millis() {
            let (code, row) = self.get(&format!("/workspaces/{id}")).await;
            assert_eq!(code, 200, "{row}");
            if row["status"] == status {
                return serde_json::from_value(row).unwrap();
            }
            last = row;
            tokio::time::sleep(POLL).await;
        }
        panic!("not {status} in time: {last}");
    }

    /// The names of a workspace's events, oldest first.
    pub(crate) async fn events(&self, id: &str) -> Vec<String> {
        let (_, events) = self.get(&format!("/events/{id}")).await;
        let names = events.as_array().unwrap().iter().map(|it| it["event_type"].as_str().unwrap().to_owned());
        let mut names: Vec<String> = names.collect();
        names.reverse();
        names
    }

    /// The environment of the last box that was started for a workspace.
    pub(crate) fn box_of(&self, id: &str) -> ProvisionRequest {
        let provisions = self.world.provisions.lock().unwrap();
        provisions.iter().rev().find(|request| request.workspace_id == id).unwrap().clone()
    }
}

/// Status and JSON body; a body that is no JSON comes as a text, an empty one as null.
pub(crate) async fn send(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    let body = match text.as_str() {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
    };
    (status, body)
}

impl World {
    async fn listen(self: &Arc<Self>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        url.clone_into(&mut self.url.lock().unwrap());
        let routes = Router::new()
            .route("/cp/workspaces/provision", post(provision))
            .route("/cp/workspaces/{id}", delete(take_down))
            .route("/box/{id}", post(answer))
            .with_state(Arc::clone(self));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        url
    }

    /// Where the control plane listens.
    pub(crate) fn url(&self) -> String {
        self.url.lock().unwrap().clone()
    }

    pub(crate) fn calls_for(&self, id: &str) -> Vec<String> {
        let calls = self.calls.lock().unwrap();
        calls
            .iter()
            .filter(|call| call.ends_with(id))
            .map(|call| call.replace(&format!(" {id}"), ""))
            .collect()
    }
}

async fn provision(
    State(world): State<Arc<World>>,
    Json(request): Json<ProvisionRequest>,
) -> (StatusCode, Json<Value>) {
    let id = request.workspace_id.clone();
    let tenant = request.platform_url.clone();
    world.calls.lock().unwrap().push(format!("provision {id}"));
    let is_concierge = request.kind.is_some();
    world.provisions.lock().unwrap().push(request);
    let refusal = *world.refusal.lock().unwrap();
    if let Some(status) = refusal {
        return (status, Json(json!({ "error": "no capacity" })));
    }
    let number = world.provisions.lock().unwrap().len();
    if !*world.silent.lock().unwrap() {
        tokio::spawn(boot(Arc::clone(&world), tenant, id, is_concierge));
    }
    (StatusCode::CREATED, Json(json!({ "instance_id": format!("box-{number}"), "state": "running" })))
}

/// A box registers as soon as it exists, which may be before the control plane answered. A concierge's beats after that,
/// as one of an older runtime does: there are platforms that hold it back until then.
async fn boot(world: Arc<World>, tenant: String, id: String, is_concierge: bool) {
    let url = format!("{}/box/{id}", world.url.lock().unwrap()).replace("127.0.0.1", "localhost");
    let body = json!({ "id": id, "url": url, "agent_card": { "name": "stub", "skills": [] } });
    let client = reqwest::Client::new();
    let answer = send(client.post(format!("{tenant}/registry/register")).json(&body)).await;
    if let (true, Some(token)) = (is_concierge, answer.1["auth_token"].as_str()) {
        let beat = client.post(format!("{tenant}/registry/heartbeat")).bearer_auth(token);
        send(beat.json(&json!({ "workspace_id": id }))).await;
    }
    world.registers.lock().unwrap().push(answer);
}

async fn take_down(State(world): State<Arc<World>>, Path(id): Path<String>) -> StatusCode {
    world.calls.lock().unwrap().push(format!("delete {id}"));
    let mut kept = world.kept_boxes.lock().unwrap();
    if *kept == 0 {
        return StatusCode::OK;
    }
    *kept -= 1;
    StatusCode::SERVICE_UNAVAILABLE
}

async fn answer(
    State(world): State<Arc<World>>,
    Path(_id): Path<String>,
    Json(message): Json<Value>,
) -> (StatusCode, String) {
    let reply = world.reply.lock().unwrap().clone();
    reply.unwrap_or_else(|| {
        let text = message["params"]["message"]["parts"][0]["text"].as_str().unwrap_or_default();
        let parts = json!([{ "kind": "text", "text": format!("you said {text}") }]);
        let result = json!({ "kind": "message", "role": "agent", "messageId": "r", "parts": parts });
        (StatusCode::OK, json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }).to_string())
    })
}
