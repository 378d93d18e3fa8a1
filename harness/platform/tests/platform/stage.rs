//! What stands around the tenant in a replay: a control plane that starts nothing and boxes that answer every message
//! alike. Both keep what they were told.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A call that came in.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) admin_token: Value,
    pub(crate) body: Value,
    /// Whether a line of the recording stands for it.
    pub(crate) matched: bool,
}

/// Every call to one listener, in order.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) calls: Mutex<Vec<Call>>,
    /// The settings that a tenant is told at boot.
    pub(crate) config: Mutex<Option<Value>>,
}

impl Ledger {
    fn note(&self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Call {
        let admin_token = headers.get("x-molecule-admin-token").and_then(|value| value.to_str().ok());
        let call = Call {
            method: method.to_string(),
            path: uri.to_string(),
            admin_token: json!(admin_token),
            body: serde_json::from_slice(body).unwrap_or_default(),
            matched: false,
        };
        self.calls.lock().unwrap().push(call.clone());
        call
    }

    /// Takes the first call that fits and that no line stands for yet.
    pub(crate) fn take(&self, fits: impl Fn(&Call) -> bool) -> Option<Call> {
        let mut calls = self.calls.lock().unwrap();
        let call = calls.iter_mut().find(|call| !call.matched && fits(call))?;
        call.matched = true;
        Some(call.clone())
    }
}

/// Starts a control plane; the answer is its port.
pub(crate) async fn control_plane(ledger: &Arc<Ledger>) -> u16 {
    listen(Router::new().fallback(of_control_plane).with_state(Arc::clone(ledger))).await
}

/// Starts a box; the answer is its port.
pub(crate) async fn a_box(ledger: &Arc<Ledger>) -> u16 {
    listen(Router::new().fallback(of_box).with_state(Arc::clone(ledger))).await
}

async fn listen(routes: Router) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    port
}

async fn of_control_plane(
    State(ledger): State<Arc<Ledger>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, axum::Json<Value>) {
    if uri.path() == "/cp/tenants/config" {
        let config = ledger.config.lock().unwrap().clone();
        return match config {
            Some(config) => (StatusCode::OK, axum::Json(config)),
            None => (StatusCode::NOT_FOUND, axum::Json(Value::Null)),
        };
    }
    ledger.note(&method, &uri, &headers, &body);
    if method == Method::POST {
        let instance = format!("box-{}", uuid::Uuid::new_v4());
        let answer = json!({ "instance_id": instance, "state": "running" });
        ledger.calls.lock().unwrap().last_mut().unwrap().body["__instance"] = json!(instance);
        return (StatusCode::CREATED, axum::Json(answer));
    }
    (StatusCode::OK, axum::Json(json!({ "ok": true })))
}

async fn of_box(
    State(ledger): State<Arc<Ledger>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> axum::Json<Value> {
    let call = ledger.note(&method, &uri, &headers, &body);
    let parts = json!([{ "kind": "text", "text": "stub says hello" }]);
    let result = json!({ "kind": "message", "role": "agent", "messageId": "stub-1", "parts": parts });
    axum::Json(json!({ "jsonrpc": "2.0", "id": call.body["id"], "result": result }))
}
