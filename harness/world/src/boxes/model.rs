//! A box's call to its model: as its environment says, and nowhere but in this world.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use wire::{ModelWire, header};

use super::belief::Credential;
use super::{AgentBox, anthropic, openai, responses};
use crate::http::{excerpt, json_or_text};
use crate::shared::Shared;
use crate::speech::{Completion, Prompt};
use crate::vendors::Running;

/// No model call takes longer.
const CALL_BOUND: Duration = Duration::from_secs(20);

/// No answer of a model is longer.
const MAX_ANSWER_BYTES: usize = 4 << 20;

/// Why a model call brought no completion, as the agent reports it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    /// No credential, and the model wants one.
    #[error("not logged in")]
    NotLoggedIn,
    /// Nothing says which model to call.
    #[error("no model is configured")]
    NoModel,
    /// Nothing says where to call it.
    #[error("no base URL is configured for the model")]
    NoBase,
    /// The runtime is not in the registry.
    #[error("this box does not know how its runtime calls models")]
    UnknownRuntime,
    /// The base points out of the world.
    #[error("refused to call {0}: no model host of this world")]
    ForeignHost(String),
    /// The model answered with an error.
    #[error("model call failed with status {status}: {cause}")]
    Status {
        /// The status.
        status: u16,
        /// What the body says.
        cause: String,
    },
    /// No answer, or half of one.
    #[error("model call failed: {0}")]
    Cut(String),
    /// A turn of the concierge that went on for too long.
    #[error("the turn was given up: {0}")]
    GivenUp(String),
    /// The concierge's tools can't be used.
    #[error("the management tools can't be used: {0}")]
    Tools(String),
}

/// Calls the model.
///
/// # Errors
/// As the agent would report it.
pub(crate) async fn call(
    shared: &Shared,
    agent_box: &AgentBox,
    prompt: &Prompt,
) -> Result<Completion, CallError> {
    let bound = shared.pace.of(CALL_BOUND);
    tokio::time::timeout(bound, call_unbounded(shared, agent_box, prompt))
        .await
        .unwrap_or_else(|_| Err(CallError::Cut(format!("no answer within {bound:?}"))))
}

async fn call_unbounded(
    shared: &Shared,
    agent_box: &AgentBox,
    prompt: &Prompt,
) -> Result<Completion, CallError> {
    let (request, _vendor) = request(shared, agent_box, prompt).await?;
    let response = request.send().await.map_err(|error| CallError::Cut(error.to_string()))?;
    let status = response.status().as_u16();
    if status != 200 {
        let body = read_all(response).await?;
        return Err(failure(agent_box, status, &body));
    }
    match agent_box.belief.wire {
        Some(ModelWire::AnthropicMessages) => anthropic::read_stream(response.bytes_stream()).await,
        Some(ModelWire::OpenaiResponses) => responses::read_stream(response.bytes_stream()).await,
        _ => openai::read_stream(response.bytes_stream()).await,
    }
}

/// The request, and what must live until its answer is read.
async fn request(
    shared: &Shared,
    agent_box: &AgentBox,
    prompt: &Prompt,
) -> Result<(reqwest::RequestBuilder, Option<Arc<Running>>), CallError> {
    let belief = &agent_box.belief;
    let wire = belief.wire.ok_or(CallError::UnknownRuntime)?;
    let (path, body) = match wire {
        ModelWire::AnthropicMessages => ("/v1/messages", anthropic::request(prompt)),
        ModelWire::OpenaiChat => ("/chat/completions", openai::request(prompt)),
        ModelWire::OpenaiResponses => ("/responses", responses::request(prompt)),
    };
    let no_base = if belief.key.is_none() { CallError::NotLoggedIn } else { CallError::NoBase };
    let base = belief.base.as_deref().ok_or(no_base)?;
    let (request, vendor) = post_in_this_world(shared, base, path).await?;
    let mut request = request.json(&body).header(header::CALL_ID, agent_box.next_mark());
    if wire == ModelWire::AnthropicMessages {
        request = request.header("anthropic-version", "2023-06-01");
    }
    if let Some(key) = &belief.key {
        request = match key {
            Credential::ApiKey(key) => request.header("x-api-key", key),
            Credential::Bearer(token) => request.bearer_auth(token),
        };
    }
    for (name, value) in &belief.headers {
        request = request.header(name, value);
    }
    Ok((request, vendor))
}

/// A request to the proxy of this world, or to the fake of a vendor, which is told whose host was meant.
///
/// # Errors
/// Any other host, or fakes that can't be started.
async fn post_in_this_world(
    shared: &Shared,
    base: &str,
    path: &str,
) -> Result<(reqwest::RequestBuilder, Option<Arc<Running>>), CallError> {
    let foreign = || CallError::ForeignHost(base.to_owned());
    let mut url = Url::parse(&format!("{}{path}", base.trim_end_matches('/'))).map_err(|_| foreign())?;
    let host = url.host_str().ok_or_else(foreign)?.to_owned();
    let proxy = shared.addresses.proxy;
    let is_proxy = url.scheme() == "http"
        && host == proxy.ip().to_string()
        && url.port_or_known_default() == Some(proxy.port());
    if is_proxy {
        return Ok((shared.client.post(url), None));
    }
    let world =
        shared.itself.upgrade().filter(|_| shared.vendor_hosts.contains(&host)).ok_or_else(foreign)?;
    let started = shared.vendors.for_a_call(&world).await;
    let vendor = started.map_err(|error| CallError::Cut(format!("no fake of {host}: {error}")))?;
    let address = vendor.address();
    let is_moved = url.set_scheme("http").is_ok()
        && url.set_ip_host(address.ip()).is_ok()
        && url.set_port(Some(address.port())).is_ok();
    if !is_moved {
        return Err(foreign());
    }
    Ok((shared.client.post(url).header(reqwest::header::HOST, host), Some(vendor)))
}

async fn read_all(mut response: reqwest::Response) -> Result<Vec<u8>, CallError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| CallError::Cut(error.to_string()))? {
        if bytes.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(CallError::Cut(format!("an answer past {MAX_ANSWER_BYTES} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn failure(agent_box: &AgentBox, status: u16, body: &[u8]) -> CallError {
    if status == 401 && agent_box.belief.key.is_none() {
        return CallError::NotLoggedIn;
    }
    let body = json_or_text(body);
    let message = body.pointer("/error/message").and_then(serde_json::Value::as_str);
    CallError::Status { status, cause: message.map_or_else(|| excerpt(&body), str::to_owned) }
}

/// Tool calls arrive in fragments; this is what they are put together from.
#[derive(Clone, Debug, Default)]
pub(super) struct CallInPieces {
    /// The call's id.
    pub(super) id: String,
    /// The tool.
    pub(super) name: String,
    /// The JSON text of its arguments so far.
    pub(super) arguments: String,
}

impl CallInPieces {
    /// The whole call.
    ///
    /// # Errors
    /// Arguments that are no JSON.
    pub(super) fn whole(self) -> Result<crate::speech::Call, CallError> {
        let text = if self.arguments.is_empty() { "{}" } else { &self.arguments };
        let arguments = serde_json::from_str(text)
            .map_err(|error| CallError::Cut(format!("arguments of {}: {error}", self.name)))?;
        Ok(crate::speech::Call { id: self.id, name: self.name, arguments })
    }
}

/// A stream of server-sent events, bounded.
pub(super) struct EventReader<S> {
    events: S,
    left_bytes: usize,
}

impl<S, E> EventReader<S>
where
    S: futures::Stream<Item = Result<eventsource_stream::Event, E>> + Unpin,
    E: std::fmt::Display,
{
    /// Reads these events.
    pub(super) fn new(events: S) -> Self {
        Self { events, left_bytes: MAX_ANSWER_BYTES }
    }

    /// The next event.
    ///
    /// # Errors
    /// The stream broke, ended, or went past the bound.
    pub(super) async fn next(&mut self) -> Result<eventsource_stream::Event, CallError> {
        let event = futures::StreamExt::next(&mut self.events).await;
        let event = event.ok_or_else(|| CallError::Cut("the stream ended early".into()))?;
        let event = event.map_err(|error| CallError::Cut(error.to_string()))?;
        self.left_bytes = self
            .left_bytes
            .checked_sub(event.data.len())
            .ok_or_else(|| CallError::Cut(format!("an answer past {MAX_ANSWER_BYTES} bytes")))?;
        Ok(event)
    }

    /// What the next event holds, for wires that end with an event of JSON like all others.
    ///
    /// # Errors
    /// Those of [`Self::next`], and an event that is no JSON.
    pub(super) async fn next_data(&mut self) -> Result<serde_json::Value, CallError> {
        data_of(&self.next().await?)
    }
}

/// What an event holds.
///
/// # Errors
/// It is no JSON.
pub(super) fn data_of(event: &eventsource_stream::Event) -> Result<serde_json::Value, CallError> {
    serde_json::from_str(&event.data).map_err(|error| CallError::Cut(format!("unreadable event: {error}")))
}

/// Tools as a wire's own list.
pub(super) fn tools_as<F>(prompt: &Prompt, render: F) -> Vec<serde_json::Value>
where
    F: Fn(&journal::ToolDescription) -> serde_json::Value,
{
    prompt.tools.iter().map(render).collect()
}
