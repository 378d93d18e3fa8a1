//! A box's call to its model: as its environment says, and nowhere but in this world.

use std::time::Duration;

use reqwest::Url;
use wire::{ModelWire, header};

use super::{AgentBox, anthropic, openai};
use crate::http::{excerpt, json_or_text};
use crate::shared::Shared;
use crate::speech::{Completion, Prompt};

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
    /// The wire is not modelled.
    #[error("this box does not model the wire of its runtime: openai responses")]
    UnmodelledWire,
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
    let request = request(shared, agent_box, prompt)?;
    let response = request.send().await.map_err(|error| CallError::Cut(error.to_string()))?;
    let status = response.status().as_u16();
    if status != 200 {
        let body = read_all(response).await?;
        return Err(failure(agent_box, status, &body));
    }
    match agent_box.belief.wire {
        Some(ModelWire::AnthropicMessages) => anthropic::read_stream(response.bytes_stream()).await,
        _ => openai::read_stream(response.bytes_stream()).await,
    }
}

fn request(
    shared: &Shared,
    agent_box: &AgentBox,
    prompt: &Prompt,
) -> Result<reqwest::RequestBuilder, CallError> {
    let belief = &agent_box.belief;
    let wire = belief.wire.ok_or(CallError::UnknownRuntime)?;
    let (path, body) = match wire {
        ModelWire::AnthropicMessages => ("/v1/messages", anthropic::request(prompt)),
        ModelWire::OpenaiChat => ("/chat/completions", openai::request(prompt)),
        ModelWire::OpenaiResponses => return Err(CallError::UnmodelledWire),
    };
    let no_base = if belief.key.is_none() { CallError::NotLoggedIn } else { CallError::NoBase };
    let base = belief.base.as_deref().ok_or(no_base)?;
    let url = url_in_this_world(shared, base, path)?;
    let mut request = shared.client.post(url).json(&body).header(header::CALL_ID, agent_box.next_mark());
    if wire == ModelWire::AnthropicMessages {
        request = request.header("anthropic-version", "2023-06-01");
    }
    if let Some(key) = &belief.key {
        request = match wire {
            ModelWire::AnthropicMessages => request.header("x-api-key", key),
            ModelWire::OpenaiChat | ModelWire::OpenaiResponses => request.bearer_auth(key),
        };
    }
    for (name, value) in &belief.headers {
        request = request.header(name, value);
    }
    Ok(request)
}

/// The address to call, if it is the proxy of this world.
fn url_in_this_world(shared: &Shared, base: &str, path: &str) -> Result<Url, CallError> {
    let foreign = || CallError::ForeignHost(base.to_owned());
    let url = Url::parse(&format!("{}{path}", base.trim_end_matches('/'))).map_err(|_| foreign())?;
    let proxy = shared.addresses.proxy;
    let is_ours = url.scheme() == "http"
        && url.host_str() == Some(proxy.ip().to_string().as_str())
        && url.port_or_known_default() == Some(proxy.port());
    if is_ours { Ok(url) } else { Err(foreign()) }
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
}

/// Tools as a wire's own list.
pub(super) fn tools_as<F>(prompt: &Prompt, render: F) -> Vec<serde_json::Value>
where
    F: Fn(&journal::ToolDescription) -> serde_json::Value,
{
    prompt.tools.iter().map(render).collect()
}
