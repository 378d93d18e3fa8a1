//! One call, from its bytes to its answer. The order of the checks is that of a vendor: credential, form, permission.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use contract::DefectId;
use journal::AnswerKind;
use serde_json::Value;
use wire::ModelWire;

use super::admission::Caller;
use super::ledger::{self, Entry};
use super::{anthropic, openai};
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
        Self { status: StatusCode::BAD_REQUEST, message: message.into() }
    }
}

/// Answers a model call on this wire, after the model's pause.
pub(crate) async fn answer(shared: &Arc<Shared>, wire: ModelWire, arrived: &Arrived) -> Response {
    let caller = Caller::of(shared, arrived);
    let body: Option<Value> = arrived.body.as_ref().and_then(|body| serde_json::from_slice(body).ok());
    let entry = Entry {
        wire,
        model: text_of(body.as_ref(), "model").to_owned(),
        stream: body.as_ref().and_then(|body| body.get("stream")).and_then(Value::as_bool).unwrap_or(false),
    };
    match admit(shared, wire, arrived, &caller, body.as_ref()) {
        Ok((org, prompt)) => {
            let thought = thought(shared, &org, &prompt);
            if !thought.pause.is_zero() {
                tokio::time::sleep(shared.pace.of(thought.pause)).await;
            }
            ledger::record(&caller, entry, 200, ledger::kind_of(&thought.completion));
            render(wire, &prompt, &thought.completion)
        }
        Err(rejection) => {
            ledger::record(&caller, entry, rejection.status.as_u16(), AnswerKind::Error);
            refuse(wire, &rejection)
        }
    }
}

fn admit(
    shared: &Shared,
    wire: ModelWire,
    arrived: &Arrived,
    caller: &Caller,
    body: Option<&Value>,
) -> Result<(Arc<Org>, Prompt), Rejection> {
    if arrived.body.is_none() {
        let message = format!("the request is longer than {MAX_REQUEST_BYTES} bytes or was cut off");
        return Err(Rejection { status: StatusCode::PAYLOAD_TOO_LARGE, message });
    }
    let org = caller.admit().map_err(|refused| Rejection {
        status: StatusCode::UNAUTHORIZED,
        message: refused.in_words().to_owned(),
    })?;
    let body = body.ok_or_else(|| Rejection::bad_request("the body is no JSON"))?;
    let prompt = match wire {
        ModelWire::AnthropicMessages => anthropic::read(arrived, body)?,
        ModelWire::OpenaiChat | ModelWire::OpenaiResponses => openai::read(body)?,
    };
    if !shared.platform_ids.contains(&prompt.model) {
        let message = format!("the model `{}` is not available to this org", prompt.model);
        return Err(Rejection { status: StatusCode::FORBIDDEN, message });
    }
    Ok((Arc::clone(org), prompt))
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

fn render(wire: ModelWire, prompt: &Prompt, completion: &Completion) -> Response {
    match wire {
        ModelWire::AnthropicMessages => anthropic::render(prompt, completion),
        ModelWire::OpenaiChat | ModelWire::OpenaiResponses => openai::render(prompt, completion),
    }
}

fn refuse(wire: ModelWire, rejection: &Rejection) -> Response {
    let body = match wire {
        ModelWire::AnthropicMessages => anthropic::error(rejection),
        ModelWire::OpenaiChat | ModelWire::OpenaiResponses => openai::error(rejection),
    };
    Given::new(rejection.status, body).into_response()
}

/// A text field of an object; empty where there is none.
pub(super) fn text_of<'a>(object: Option<&'a Value>, key: &str) -> &'a str {
    object.and_then(|object| object.get(key)).and_then(Value::as_str).unwrap_or_default()
}
