//! The little that is asked of a target by the stack itself: its health, its rows, and their removal.

use std::time::Duration;

use journal::CUT_MARK;
use reqwest::{Method, RequestBuilder, StatusCode};
use wire::{Workspace, header};

/// No list of rows that we have a use for is longer.
const MAX_BYTES: usize = 4 << 20;

/// So much of an answer stands in an error.
const EXCERPT_CHARS: usize = 200;

/// A tenant's server that runs already, and what opens it.
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) org_id: String,
    pub(crate) admin_token: String,
    client: reqwest::Client,
}

/// An answer, read whole.
struct Answer {
    status: StatusCode,
    text: String,
}

impl Target {
    /// No call of it takes longer than this.
    pub(crate) fn new(
        url: String,
        org_id: String,
        admin_token: String,
        within: Duration,
    ) -> Result<Self, String> {
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let client = client.timeout(within).build().map_err(|error| format!("build a client: {error}"))?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), org_id, admin_token, client })
    }

    /// Asks whether it is there; no token is shown.
    pub(crate) async fn health(&self, path: &str) -> Result<(), String> {
        let answer = read(self.client.get(format!("{}{path}", self.url))).await?;
        if answer.status == StatusCode::OK { Ok(()) } else { Err(answer.told(&format!("GET {path}"))) }
    }

    /// Every row that it lists.
    pub(crate) async fn rows(&self) -> Result<Vec<Workspace>, String> {
        let answer = read(self.request(Method::GET, "/workspaces")).await?;
        if answer.status != StatusCode::OK {
            return Err(answer.told("GET /workspaces"));
        }
        serde_json::from_str(&answer.text)
            .map_err(|error| format!("GET /workspaces is no list of rows: {error}"))
    }

    /// Deletes one row, and none below it.
    pub(crate) async fn delete(&self, row: &Workspace) -> Result<(), String> {
        let path = format!("/workspaces/{}", row.id);
        let request = self.request(Method::DELETE, &path).header(header::CONFIRM_NAME, row.name.as_bytes());
        let answer = read(request).await?;
        // Somebody else may have been faster.
        let is_gone =
            answer.status.is_success() || [StatusCode::NOT_FOUND, StatusCode::GONE].contains(&answer.status);
        if is_gone { Ok(()) } else { Err(answer.told(&format!("DELETE {path}"))) }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        request.bearer_auth(&self.admin_token).header(header::ORG_ID, &self.org_id)
    }
}

impl Answer {
    fn told(&self, asked: &str) -> String {
        let whole = self.text.trim();
        let mut said: String = whole.chars().take(EXCERPT_CHARS).collect();
        if said.len() < whole.len() {
            said.push(CUT_MARK);
        }
        let said = if said.is_empty() { said } else { format!(": {said}") };
        format!("{asked} is answered with {}{said}", self.status.as_u16())
    }
}

async fn read(request: RequestBuilder) -> Result<Answer, String> {
    let mut response = request.send().await.map_err(|error| no_answer(&error))?;
    let status = response.status();
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| no_answer(&error))? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(format!("an answer is longer than {MAX_BYTES} bytes"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Answer { status, text: String::from_utf8_lossy(&bytes).into_owned() })
}

/// The error with its causes: the first alone only says that a request failed.
fn no_answer(error: &reqwest::Error) -> String {
    let mut told = format!("no answer: {error}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        told = format!("{told}: {cause}");
        source = cause.source();
    }
    told
}
