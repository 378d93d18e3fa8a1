//! One tool call over HTTP, and its answer as the one text that a model reads (mcp §5).

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, StatusCode, Url};
use rmcp::model::JsonObject;
use serde_json::{Value, json};
use wire::{env, header};

use super::tools::ManagementTool;
use crate::environment::ORG_SLUG;
use crate::http;

/// How long a call may take.
const CALL_WAIT: Duration = Duration::from_secs(60);
/// The longest answer that is read, in bytes.
const ANSWER_LIMIT_BYTES: usize = 8 * 1024 * 1024;
/// Where a tenant is looked for when nothing says where.
const DEFAULT_URL: &str = "http://localhost:8080";
/// Names of the address, the first that is set wins.
const URL_NAMES: [&str; 3] = [env::API_URL, "MOLECULE_URL", env::PLATFORM_URL];
/// Names the org by its short name.
const ORG_SLUG_HEADER: &str = "x-molecule-org-slug";

/// The tenant that the tools work on.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    url: String,
    /// What is missing is told to whoever calls a tool; the server itself starts without.
    access: Result<Access, String>,
}

#[derive(Clone, Debug)]
struct Access {
    key: String,
    org_id: Option<String>,
    org_slug: Option<String>,
}

impl Target {
    /// Reads where the tenant is and what opens it.
    pub(crate) fn read(environment: &BTreeMap<String, String>) -> Self {
        let get = |name: &str| environment.get(name).filter(|value| !value.trim().is_empty()).cloned();
        let url = URL_NAMES.into_iter().find_map(get).unwrap_or_else(|| DEFAULT_URL.to_owned());
        let (org_id, org_slug) = (get(env::ORG_ID), get(ORG_SLUG));
        let access = match get(env::ORG_API_KEY) {
            None => Err(format!("{} is not set", env::ORG_API_KEY)),
            Some(_) if org_id.is_none() && org_slug.is_none() => {
                Err(format!("neither {} nor {ORG_SLUG} is set", env::ORG_ID))
            }
            Some(key) => Ok(Access { key, org_id, org_slug }),
        };
        Self { url: url.trim_end_matches('/').to_owned(), access }
    }

    /// Makes the call. Whatever comes of it is a text.
    pub(crate) async fn call(&self, tool: ManagementTool, arguments: JsonObject) -> String {
        let access = match &self.access {
            Ok(access) => access,
            Err(detail) => return shown(&json!({ "error": "AUTH_ERROR", "detail": detail })),
        };
        let request = match self.request(tool, arguments) {
            Ok(request) => signed(request, access),
            Err(detail) => return self.unreachable(&detail),
        };
        match request.timeout(CALL_WAIT).send().await {
            Ok(response) => {
                let status = response.status();
                match http::body(response, ANSWER_LIMIT_BYTES).await {
                    Ok(body) => told(status, &String::from_utf8_lossy(&body)),
                    Err(error) => self.unreachable(&error.to_string()),
                }
            }
            Err(error) => self.unreachable(&causes(&error)),
        }
    }

    fn request(&self, tool: ManagementTool, mut arguments: JsonObject) -> Result<RequestBuilder, String> {
        let id = arguments.get("workspace_id").and_then(Value::as_str).map(str::to_owned);
        let url = self.workspaces(id.as_deref())?;
        let client = http::client();
        Ok(match tool {
            ManagementTool::Provision => client.post(url).json(&arguments),
            ManagementTool::Get | ManagementTool::List => client.request(Method::GET, url),
            ManagementTool::Deprovision => {
                let request = client.delete(url);
                match arguments.remove("confirm_name").as_ref().and_then(Value::as_str) {
                    Some(name) => request.header(header::CONFIRM_NAME, name.as_bytes()),
                    None => request,
                }
            }
        })
    }

    fn workspaces(&self, id: Option<&str>) -> Result<Url, String> {
        let mut url = Url::parse(&self.url).map_err(|error| error.to_string())?;
        let mut path = url.path_segments_mut().map_err(|()| "the tenant's address has no path".to_owned())?;
        path.pop_if_empty().push("workspaces").extend(id);
        drop(path);
        Ok(url)
    }

    fn unreachable(&self, detail: &str) -> String {
        shown(&json!({ "error": format!("Tenant host unreachable at {}", self.url), "detail": detail }))
    }
}

fn signed(request: RequestBuilder, access: &Access) -> RequestBuilder {
    let org = [(header::ORG_ID, &access.org_id), (ORG_SLUG_HEADER, &access.org_slug)];
    let request = request.bearer_auth(&access.key);
    org.into_iter().fold(request, |request, (name, value)| match value {
        Some(value) => request.header(name, value),
        None => request,
    })
}

/// The answer of a tenant that was reached: its own JSON, or an envelope around what it said.
fn told(status: StatusCode, body: &str) -> String {
    let code = status.as_u16();
    if status.is_success() {
        return match serde_json::from_str::<Value>(body) {
            Ok(answer) => shown(&answer),
            Err(_) => shown(&json!({ "raw": body, "status": code })),
        };
    }
    let error = match code {
        401 | 403 => "AUTH_ERROR".to_owned(),
        429 => "RATE_LIMITED".to_owned(),
        other => format!("HTTP {other}"),
    };
    shown(&json!({ "error": error, "detail": body, "status": code }))
}

fn shown(value: &Value) -> String {
    format!("{value:#}")
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_text_with_the_raw_body_inside() {
        for (status, body, expected) in [
            (201, r#"{"id":"a"}"#, "{\n  \"id\": \"a\"\n}"),
            (200, "fine", "{\n  \"raw\": \"fine\",\n  \"status\": 200\n}"),
            (
                422,
                r#"{"code":"X"}"#,
                "{\n  \"error\": \"HTTP 422\",\n  \"detail\": \"{\\\"code\\\":\\\"X\\\"}\",\n  \"status\": 422\n}",
            ),
            (401, "no", "{\n  \"error\": \"AUTH_ERROR\",\n  \"detail\": \"no\",\n  \"status\": 401\n}"),
            (429, "", "{\n  \"error\": \"RATE_LIMITED\",\n  \"detail\": \"\",\n  \"status\": 429\n}"),
        ] {
            assert_eq!(told(StatusCode::from_u16(status).unwrap(), body), expected);
        }
    }
}
