//! Just enough of a tenant server for the world to live with.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use wire::{ProvisionRequest, Workspace, WorkspaceKind, env, header};

/// How the fake misbehaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Quirk {
    /// Not at all.
    #[default]
    None,
    /// Members get no usage token.
    NoUsageToken,
    /// Every restart calls a route that nobody models.
    StrayCall,
    /// Members get a base URL outside of the world.
    ForeignHost,
    /// The concierge fails.
    FailedConcierge,
    /// A member's first register wants the token of the create's answer.
    BootstrapRace,
    /// Members get the tenant's own keys and the name of their provider, and nothing of the proxy's.
    OwnKeys,
}

pub(crate) struct FakeTenant {
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) url: String,
    pub(crate) quirk: Quirk,
    pub(crate) client: reqwest::Client,
    pub(crate) rows: Mutex<Vec<Workspace>>,
    pub(crate) secrets: Mutex<BTreeMap<String, String>>,
}

pub(crate) type Tenant = Arc<FakeTenant>;
pub(crate) type Reply = (StatusCode, Json<Value>);

impl FakeTenant {
    pub(crate) fn new(environment: BTreeMap<String, String>, url: String, quirk: Quirk) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let seeds = environment.contains_key("MOLECULE_SEED_PLATFORM_AGENT");
        let id = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, b"molecule:self-hosted:platform-agent");
        let seeded = seeds.then(|| row(&id.to_string(), "Concierge", "offline", WorkspaceKind::Platform));
        let rows = Mutex::new(seeded.into_iter().collect());
        Self { environment, url, quirk, client, rows, secrets: Mutex::default() }
    }

    fn setting(&self, name: &str) -> String {
        self.environment.get(name).cloned().unwrap_or_default()
    }

    pub(crate) fn with_row<T>(&self, id: &str, act: impl FnOnce(&mut Workspace) -> T) -> Option<T> {
        self.rows.lock().unwrap().iter_mut().find(|row| row.id == id).map(act)
    }

    fn concierge(&self) -> Option<String> {
        let rows = self.rows.lock().unwrap();
        rows.iter().find(|row| row.kind == WorkspaceKind::Platform).map(|row| row.id.clone())
    }

    fn box_environment(&self, kind: WorkspaceKind, model: &str) -> BTreeMap<String, String> {
        let mut environment = BTreeMap::from([
            (env::ANTHROPIC_BASE_URL.to_owned(), self.setting(env::LLM_ANTHROPIC_BASE_URL)),
            (env::OPENAI_BASE_URL.to_owned(), self.setting(env::LLM_BASE_URL)),
            (env::MODEL.to_owned(), model.to_owned()),
        ]);
        if kind == WorkspaceKind::Platform {
            environment.insert(env::API_URL.to_owned(), self.url.clone());
            environment.insert(env::ORG_API_KEY.to_owned(), self.setting(env::ADMIN_TOKEN));
            if self.environment.contains_key(env::ORG_ID) {
                environment.insert(env::ORG_ID.to_owned(), self.setting(env::ORG_ID));
            }
        }
        if kind == WorkspaceKind::Workspace && self.quirk == Quirk::OwnKeys {
            environment = self.secrets.lock().unwrap().clone();
            environment.insert(env::MODEL.to_owned(), model.to_owned());
            environment.insert(env::RESOLVED_PROVIDER.to_owned(), "anthropic-api".into());
            return environment;
        }
        if kind == WorkspaceKind::Workspace && self.quirk == Quirk::ForeignHost {
            environment.insert(env::ANTHROPIC_BASE_URL.to_owned(), "https://api.vendor.invalid".into());
        }
        if kind == WorkspaceKind::Platform || self.quirk != Quirk::NoUsageToken {
            for name in [env::ANTHROPIC_API_KEY, env::OPENAI_API_KEY] {
                environment.insert(name.to_owned(), self.setting(env::LLM_USAGE_TOKEN));
            }
        }
        environment
    }

    pub(crate) async fn provision(&self, id: &str, runtime: &str, kind: WorkspaceKind, model: &str) {
        let mut environment = self.box_environment(kind, model);
        let attribution = format!("X-Molecule-Workspace-Id: {id}");
        environment.insert(env::ANTHROPIC_CUSTOM_HEADERS.to_owned(), attribution);
        let request = ProvisionRequest {
            org_id: self.setting(env::ORG_ID),
            workspace_id: id.to_owned(),
            idempotency_key: None,
            runtime: runtime.to_owned(),
            template: None,
            tier: 4,
            kind: (kind == WorkspaceKind::Platform).then_some(kind),
            display: BTreeMap::new(),
            platform_url: self.url.clone(),
            env: environment,
            config_files: None,
        };
        let answer = self
            .client
            .post(format!("{}/cp/workspaces/provision", self.setting(env::CP_PROVISION_URL)))
            .header(header::ADMIN_TOKEN, self.setting(env::ADMIN_TOKEN))
            .json(&request)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), 201);
    }

    async fn stray_call(&self) {
        let url = format!("{}/cp/workspaces/resize", self.setting(env::CP_URL));
        let call = self.client.post(url).header(header::ADMIN_TOKEN, self.setting(env::ADMIN_TOKEN));
        assert_eq!(call.send().await.unwrap().status().as_u16(), 501);
    }

    async fn stop_box(&self, id: &str) {
        let url = format!("{}/cp/workspaces/{id}", self.setting(env::CP_URL));
        let call = self.client.delete(url).header(header::ADMIN_TOKEN, self.setting(env::ADMIN_TOKEN));
        assert!(call.send().await.unwrap().status().is_success());
    }
}

pub(crate) fn router(tenant: Tenant) -> Router {
    Router::new()
        .route("/health", get(|| async { Json(json!({"status": "ok"})) }))
        .route("/admin/org/platform-agent", post(install))
        .route("/workspaces", get(list).post(create))
        .route("/workspaces/{id}", get(read).delete(remove))
        .route("/workspaces/{id}/restart", post(restart))
        .route("/workspaces/{id}/model", get(stored_model).put(crate::fake_acts::put_model))
        .route("/workspaces/{id}/a2a", post(message))
        .route("/events/{id}", get(events))
        .route("/registry/register", post(register))
        .route("/registry/heartbeat", post(|| async { Json(json!({"status": "ok"})) }))
        .merge(crate::fake_acts::routes())
        .with_state(tenant)
}

pub(crate) fn row(id: &str, name: &str, status: &str, kind: WorkspaceKind) -> Workspace {
    Workspace {
        id: id.into(),
        name: name.into(),
        status: status.into(),
        kind,
        tier: 4,
        runtime: "claude-code".into(),
        parent_id: None,
        url: String::new(),
        last_sample_error: Some(String::new()),
        rest: BTreeMap::new(),
    }
}

pub(crate) fn not_found() -> Reply {
    (StatusCode::NOT_FOUND, Json(json!({"error": "workspace not found"})))
}

fn is_admin(tenant: &FakeTenant, headers: &HeaderMap) -> bool {
    let bearer = format!("Bearer {}", tenant.setting(env::ADMIN_TOKEN));
    let org_id = tenant.environment.get(env::ORG_ID).map(|id| id.as_bytes());
    headers.get("authorization").is_some_and(|value| value == bearer.as_str())
        && headers.get(header::ORG_ID).map(|value| value.as_bytes()) == org_id
}

async fn install(State(tenant): State<Tenant>, headers: HeaderMap, Json(body): Json<Value>) -> Reply {
    if !is_admin(&tenant, &headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": "admin auth required"})));
    }
    let id = body["id"].as_str().unwrap();
    tenant.rows.lock().unwrap().push(row(id, "Concierge", "offline", WorkspaceKind::Platform));
    (StatusCode::OK, Json(json!({"status": "installed", "platform_agent_id": id, "kind": "platform"})))
}

async fn restart(State(tenant): State<Tenant>, Path(id): Path<String>) -> Reply {
    let status = if tenant.quirk == Quirk::FailedConcierge { "failed" } else { "provisioning" };
    let known = tenant.with_row(&id, |row| {
        row.status = status.into();
        row.last_sample_error = Some("no proxy is wired".into());
    });
    if known.is_none() {
        return not_found();
    }
    if tenant.quirk == Quirk::StrayCall {
        tenant.stray_call().await;
    }
    if status == "provisioning" {
        tokio::spawn(async move {
            tenant.provision(&id, "claude-code", WorkspaceKind::Platform, "moonshot/kimi-k2.6").await;
        });
    }
    (StatusCode::OK, Json(json!({"status": status, "config_dir": "existing-volume", "reset_session": false})))
}

async fn list(State(tenant): State<Tenant>) -> Json<Value> {
    let rows = tenant.rows.lock().unwrap();
    Json(rows.iter().filter(|row| row.status != "removed").map(|row| json!(row)).collect())
}

/// `refused` is refused, `x-fails` fails, the rest comes online with the model as typed.
pub(crate) async fn create(State(tenant): State<Tenant>, Json(body): Json<Value>) -> Reply {
    let model = body["model"].as_str().unwrap_or("moonshot/kimi-k2.6").to_owned();
    if model == "refused" {
        let refusal = json!({"error": "`refused` is on no arm", "code": "UNREGISTERED_MODEL_FOR_RUNTIME"});
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(refusal));
    }
    let mut made = row(
        &uuid::Uuid::new_v4().to_string(),
        body["name"].as_str().unwrap(),
        "provisioning",
        WorkspaceKind::Workspace,
    );
    made.parent_id = tenant.concierge();
    made.runtime = body["runtime"].as_str().unwrap_or("claude-code").into();
    let fails = model.ends_with("-fails");
    if fails {
        made.status = "failed".into();
        made.last_sample_error = Some(format!("`{model}` wants a key\nof its vendor"));
    }
    let (id, runtime) = (made.id.clone(), made.runtime.clone());
    tenant.rows.lock().unwrap().push(made);
    if !fails {
        let (tenant, id) = (Arc::clone(&tenant), id.clone());
        tokio::spawn(async move { tenant.provision(&id, &runtime, WorkspaceKind::Workspace, &model).await });
    }
    let token = format!("create-token-of-{id}");
    let body = json!({"id": id, "status": "provisioning", "workspace_access": "none", "auth_token": token});
    (StatusCode::CREATED, Json(body))
}

async fn read(State(tenant): State<Tenant>, Path(id): Path<String>) -> Reply {
    match tenant.with_row(&id, |row| json!(row)) {
        Some(row) if row["status"] == "removed" => {
            (StatusCode::GONE, Json(json!({"error": "workspace removed"})))
        }
        Some(row) => (StatusCode::OK, Json(row)),
        None => not_found(),
    }
}

async fn remove(
    State(tenant): State<Tenant>,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Reply {
    let confirmed = headers.get(header::CONFIRM_NAME).map(|value| value.as_bytes().to_vec());
    let Some(name) = tenant.with_row(&id, |row| row.name.clone()) else { return not_found() };
    if confirmed.as_deref() != Some(name.as_bytes()) {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "destructive_action_requires_confirmation"})));
    }
    let children: Vec<String> = {
        let rows = tenant.rows.lock().unwrap();
        let is_child = |row: &&Workspace| row.parent_id.as_ref() == Some(&id) && row.status != "removed";
        rows.iter().filter(is_child).map(|row| row.id.clone()).collect()
    };
    if !children.is_empty() && query.get("confirm").map(String::as_str) != Some("true") {
        return (StatusCode::CONFLICT, Json(json!({"status": "confirmation_required"})));
    }
    let count = children.len();
    for id in children.into_iter().chain([id]) {
        tenant.stop_box(&id).await;
        tenant.with_row(&id, |row| row.status = "removed".into());
    }
    (StatusCode::OK, Json(json!({"status": "removed", "cascade_deleted": count})))
}

async fn stored_model(State(tenant): State<Tenant>, Path(id): Path<String>) -> Reply {
    match tenant.with_row(&id, |_| ()) {
        Some(()) => {
            (StatusCode::OK, Json(json!({"model": "moonshot/kimi-k2.6", "source": "workspace_secrets"})))
        }
        None => not_found(),
    }
}

async fn events(Path(id): Path<String>) -> Json<Value> {
    let event = |name: &str| json!({"id": name, "event_type": name, "workspace_id": id, "payload": {}});
    Json(json!([event("WORKSPACE_ONLINE"), event("WORKSPACE_PROVISIONING")]))
}

async fn message(State(tenant): State<Tenant>, Path(id): Path<String>, Json(body): Json<Value>) -> Reply {
    let url = tenant.with_row(&id, |row| row.url.clone()).unwrap_or_default();
    if url.is_empty() {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"error": "no url", "status": "failed"})));
    }
    let answer = tenant.client.post(url).json(&body).send().await.unwrap();
    (StatusCode::OK, Json(answer.json().await.unwrap()))
}

async fn register(State(tenant): State<Tenant>, headers: HeaderMap, Json(body): Json<Value>) -> Reply {
    let id = body["id"].as_str().unwrap();
    let is_member = tenant.with_row(id, |row| row.kind) == Some(WorkspaceKind::Workspace);
    let wanted = format!("Bearer create-token-of-{id}");
    let is_refused = tenant.quirk == Quirk::BootstrapRace
        && is_member
        && headers.get("authorization").is_none_or(|value| value != wanted.as_str());
    if is_refused {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": "missing workspace auth token"})));
    }
    let registered = tenant.with_row(body["id"].as_str().unwrap(), |row| {
        row.url = body["url"].as_str().unwrap().into();
        row.status = "online".into();
        row.last_sample_error = Some(String::new());
    });
    match registered {
        Some(()) => {
            let body =
                json!({"status": "registered", "delivery_mode": "push", "auth_token": "tok-0123456789"});
            (StatusCode::OK, Json(body))
        }
        None => not_found(),
    }
}
