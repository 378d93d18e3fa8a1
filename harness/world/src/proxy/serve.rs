//! One call, from its bytes to its answer. The order of the checks is that of a vendor: credential, form, permission.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use contract::DefectId;
use journal::{AnswerKind, Endpoint};
use serde_json::Value;
use wire::ModelWire;

use super::admission::Caller;
use super::ledger::{self, Entry};
use super::rendered::Rendered;
use super::{anthropic, openai, responses};
use crate::Proxy;
use crate::brain::{Mind, Thought, think};
use crate::org::Org;
use crate::served::{Arrived, Given, MAX_REQUEST_BYTES};
use crate::shared::Shared;
use crate::speech::{Completion, Prompt};

/// Why a call gets no completion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    /// The status.
    pub(crate) status: StatusCode,
    /// For people.
    pub(crate) message: String,
}

impl Rejection {
    /// 400.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

/// Where a call came in, and so what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// The platform's proxy: a usage token, and an id on a platform arm.
    Proxy,
    /// The vendor of this host: a key of the tenant's own that it accepts.
    Vendor(String),
}

impl Door {
    /// What stands behind it.
    fn in_words(&self) -> &'static str {
        match self {
            Self::Proxy => "model proxy",
            Self::Vendor(_) => "fake of a vendor",
        }
    }
}

/// A call that was handled, not answered yet.
pub(crate) struct Handled {
    door: Door,
    entry: Entry,
    outcome: Result<(Prompt, Thought), Rejection>,
}

/// Answers a model call on this wire, after the model's pause.
pub(crate) async fn answer(shared: &Arc<Shared>, wire: ModelWire, arrived: &Arrived) -> Response {
    let caller = Caller::of(shared, arrived);
    let handled = handle(shared, wire, arrived, &caller, &Door::Proxy);
    let pause = handled.pause();
    if !pause.is_zero() {
        tokio::time::sleep(shared.pace.of(pause)).await;
    }
    handled.record(shared, arrived, &caller);
    match handled.into_answer() {
        Ok(rendered) => rendered.into_response(),
        Err(given) => given.into_response(),
    }
}

/// Decides on a call.
pub(crate) fn handle(
    shared: &Shared,
    wire: ModelWire,
    arrived: &Arrived,
    caller: &Caller,
    door: &Door,
) -> Handled {
    let body: Option<Value> = arrived.body.as_ref().and_then(|body| serde_json::from_slice(body).ok());
    let entry = Entry {
        wire,
        model: text_of(body.as_ref(), "model").to_owned(),
        stream: body.as_ref().and_then(|body| body.get("stream")).and_then(Value::as_bool).unwrap_or(false),
    };
    let outcome = admit(shared, wire, arrived, caller, door, body.as_ref());
    let outcome = outcome.map(|(org, prompt)| {
        let thought = thought(shared, &org, &prompt);
        (prompt, thought)
    });
    Handled { door: door.clone(), entry, outcome }
}

impl Handled {
    /// How long the model takes to answer, before the pace.
    pub(crate) fn pause(&self) -> Duration {
        self.outcome.as_ref().map_or(Duration::ZERO, |(_, thought)| thought.pause)
    }

    /// Writes the call down. That of nobody we know is a stray: no journey can be told of it.
    pub(crate) fn record(&self, shared: &Shared, arrived: &Arrived, caller: &Caller) {
        let Some(org) = caller.org() else { return shared.stray(arrived, self.door.in_words()) };
        let (status, kind) = match &self.outcome {
            Ok((_, thought)) => (StatusCode::OK, ledger::kind_of(&thought.completion)),
            Err(rejection) => (rejection.status, AnswerKind::Error),
        };
        let endpoint = match &self.door {
            Door::Proxy => Endpoint::Proxy,
            Door::Vendor(host) => Endpoint::Vendor(host.clone()),
        };
        ledger::record(org, caller, self.entry.clone(), endpoint, status.as_u16(), kind);
    }

    /// The answer, or the vendor's error.
    pub(crate) fn into_answer(self) -> Result<Rendered, Given> {
        match self.outcome {
            Ok((prompt, thought)) => Ok(render(self.entry.wire, &prompt, &thought.completion)),
            Err(rejection) => Err(refuse(self.entry.wire, &rejection)),
        }
    }
}

fn admit(
    shared: &Shared,
    wire: ModelWire,
    arrived: &Arrived,
    caller: &Caller,
    door: &Door,
    body: Option<&Value>,
) -> Result<(Arc<Org>, Prompt), Rejection> {
    if arrived.body.is_none() {
        let message = format!("the request is longer than {MAX_REQUEST_BYTES} bytes or was cut off");
        return Err(Rejection::new(StatusCode::PAYLOAD_TOO_LARGE, message));
    }
    let org = match door {
        Door::Proxy => admit_to_proxy(caller)?,
        Door::Vendor(host) => caller.admit_to_vendor(&shared.vendor_hosts, host).map_err(unauthorized)?,
    };
    let body = body.ok_or_else(|| Rejection::bad_request("the body is no JSON"))?;
    let prompt = match wire {
        ModelWire::AnthropicMessages => anthropic::read(arrived, body)?,
        ModelWire::OpenaiChat => openai::read(body)?,
        ModelWire::OpenaiResponses => responses::read(body)?,
    };
    // Which ids a vendor has is not ours to know.
    if *door == Door::Proxy && !shared.platform_ids.contains(&prompt.model) {
        let message = format!("the model `{}` is not available to this org", prompt.model);
        return Err(Rejection::new(StatusCode::FORBIDDEN, message));
    }
    Ok((Arc::clone(org), prompt))
}

fn admit_to_proxy(caller: &Caller) -> Result<&Arc<Org>, Rejection> {
    let state = |org: &Arc<Org>| org.settings.proxy;
    if caller.org().map(state) == Some(Proxy::Down) {
        return Err(Rejection::new(StatusCode::SERVICE_UNAVAILABLE, "the service is unavailable"));
    }
    let org = caller.admit().map_err(unauthorized)?;
    if state(org) == Proxy::Exhausted {
        return Err(Rejection::new(StatusCode::PAYMENT_REQUIRED, "the credit of this org is exhausted"));
    }
    Ok(org)
}

fn unauthorized(refused: super::admission::Refused) -> Rejection {
    Rejection::new(StatusCode::UNAUTHORIZED, refused.in_words())
}

/// The defect lies in the world, so that it is the platform's guard against it that is tried.
fn thought(shared: &Shared, org: &Org, prompt: &Prompt) -> Thought {
    let mind = Mind {
        persona: org.journey.persona,
        would_type: org.journey.would_type.clone(),
        answers: org.answers(),
    };
    let mut thought = think(&mind, prompt);
    let is_member = prompt.tools.is_empty();
    if is_member && shared.defects.has(DefectId::D27) {
        thought.completion = Completion::default();
    }
    thought
}

fn render(wire: ModelWire, prompt: &Prompt, completion: &Completion) -> Rendered {
    match wire {
        ModelWire::AnthropicMessages => anthropic::render(prompt, completion),
        ModelWire::OpenaiChat => openai::render(prompt, completion),
        ModelWire::OpenaiResponses => responses::render(prompt, completion),
    }
}

fn refuse(wire: ModelWire, rejection: &Rejection) -> Given {
    let body = match wire {
        ModelWire::AnthropicMessages => anthropic::error(rejection),
        ModelWire::OpenaiChat | ModelWire::OpenaiResponses => openai::error(rejection),
    };
    Given::new(rejection.status, body)
}

/// A text field of an object; empty where there is none.
pub(super) fn text_of<'a>(object: Option<&'a Value>, key: &str) -> &'a str {
    object.and_then(|object| object.get(key)).and_then(Value::as_str).unwrap_or_default()
}
