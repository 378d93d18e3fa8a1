//! What a create may say (tenant-api §2.3). Everything else is ignored, a `null` counts as absent, and the case of a
//! key does not matter.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::address::check_registered;
use crate::reply::{Answer, Refused};
use crate::tenant::Tenant;

/// The body of a create.
#[derive(Debug, Deserialize)]
pub(crate) struct CreateBody {
    pub(super) name: String,
    pub(super) role: Option<String>,
    pub(super) template: Option<String>,
    pub(super) tier: Option<i64>,
    pub(super) model: Option<String>,
    pub(super) runtime: Option<String>,
    pub(super) external: Option<bool>,
    pub(super) url: Option<String>,
    pub(super) parent_id: Option<String>,
    pub(super) secrets: Option<BTreeMap<String, String>>,
    workspace_access: Option<String>,
    workspace_dir: Option<String>,
    delivery_mode: Option<String>,
    compute: Option<Compute>,
    canvas: Option<Canvas>,
}

#[derive(Debug, Deserialize)]
struct Compute {
    provider: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
struct Canvas {
    #[serde(default)]
    x: f64,
    #[serde(default)]
    y: f64,
}

impl CreateBody {
    /// Reads an object; of keys that differ in case alone the last one stands.
    pub(crate) fn read(body: Value) -> Answer<Self> {
        let Value::Object(typed) = body else { return Err(Refused::malformed()) };
        let folded: Map<String, Value> =
            typed.into_iter().map(|(key, value)| (key.to_lowercase(), value)).collect();
        serde_json::from_value(Value::Object(folded)).map_err(|_| Refused::malformed())
    }

    /// Where the row stands on the canvas.
    pub(super) fn place(&self) -> (f64, f64) {
        let Canvas { x, y } = self.canvas.unwrap_or_default();
        (x, y)
    }

    /// Checks what says where the workspace is to live and how it is reached.
    pub(super) fn check_place(&self, tenant: &Tenant) -> Answer<()> {
        let bad = |error: &str| Err(Refused::text(StatusCode::BAD_REQUEST, error));
        if self.workspace_dir.as_deref().is_some_and(|dir| !dir.is_empty() && !dir.starts_with('/')) {
            return bad("workspace_dir must be an absolute path");
        }
        let provider = self.compute.as_ref().and_then(|compute| compute.provider.as_deref());
        if provider.is_some_and(|provider| !provider.is_empty()) {
            return bad("compute.provider is none that this platform can use");
        }
        if let Some(url) = self.url.as_deref().filter(|url| !url.is_empty()) {
            check_registered(url, tenant.takes_loopback())
                .map_err(|error| Refused::text(StatusCode::BAD_REQUEST, error))?;
        }
        if !matches!(self.delivery_mode.as_deref(), None | Some("" | "push" | "poll")) {
            return bad("delivery_mode must be push or poll");
        }
        Ok(())
    }

    /// How much of a directory the workspace may use.
    pub(super) fn access(&self) -> Answer<String> {
        let typed = self.workspace_access.as_deref().filter(|typed| !typed.is_empty());
        let access = typed.unwrap_or("none");
        if matches!(access, "none" | "read_only" | "read_write") {
            Ok(access.to_owned())
        } else {
            let error = "workspace_access must be none, read_only or read_write";
            Err(Refused::text(StatusCode::BAD_REQUEST, error))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_read_in_any_case_and_unknown_ones_are_ignored() {
        let body =
            json!({ "Name": "A", "MODEL": "m", "secrets": { "FOO": "x" }, "id": 7, "Canvas": { "x": 3 } });
        let body = CreateBody::read(body).unwrap();
        assert_eq!((body.name.as_str(), body.model.as_deref(), body.place()), ("A", Some("m"), (3.0, 0.0)));
        assert!(body.secrets.unwrap().contains_key("FOO"), "only the keys of the body itself");
        for malformed in
            [json!(["A"]), json!({ "model": "m" }), json!({ "name": "A", "model": 7 }), json!(null)]
        {
            assert!(CreateBody::read(malformed.clone()).is_err(), "{malformed}");
        }
    }
}
