//! What the fakes answer: the same as the proxy, to other callers, and events all at once.

use std::sync::{Arc, Weak};
use std::time::Instant;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HOST};
use journal::Hop;
use wire::ModelWire;
use wiremock::matchers::{any, method, path_regex};
use wiremock::{Mock, Request, Respond, ResponseTemplate};

use crate::proxy::{Caller, Door, Rendered, handle};
use crate::served::{Arrived, Given};
use crate::shared::Shared;

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";

/// Below every other: what nothing else answers.
const LAST: u8 = u8::MAX;

/// Every wire, and a last mock for what is not modelled.
pub(super) fn mocks(shared: &Arc<Shared>) -> Vec<Mock> {
    let wires = [
        ("/messages$", ModelWire::AnthropicMessages),
        ("/chat/completions$", ModelWire::OpenaiChat),
        ("/responses$", ModelWire::OpenaiResponses),
    ];
    let wires = wires.into_iter().map(|(path, wire)| {
        let model = Model { shared: Arc::downgrade(shared), wire };
        Mock::given(method("POST")).and(path_regex(path)).respond_with(model)
    });
    let nothing = Unmodelled { shared: Arc::downgrade(shared) };
    wires.chain([Mock::given(any()).respond_with(nothing).with_priority(LAST)]).collect()
}

/// A vendor's model on one wire.
struct Model {
    shared: Weak<Shared>,
    wire: ModelWire,
}

/// Whatever else a vendor may have.
struct Unmodelled {
    shared: Weak<Shared>,
}

impl Respond for Model {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let Some(shared) = self.shared.upgrade() else { return world_is_gone() };
        let arrived = arrived(request);
        let host = arrived.header(HOST.as_str()).unwrap_or_default().to_owned();
        let caller = Caller::of(&shared, &arrived);
        let handled = handle(&shared, self.wire, &arrived, &caller, &Door::Vendor(host));
        handled.record(&shared, &arrived, &caller);
        let pause = shared.pace.of(handled.pause());
        match handled.into_answer() {
            Ok(Rendered::Whole(body)) => json(StatusCode::OK, body.to_string()).set_delay(pause),
            Ok(Rendered::Events(events)) => {
                ResponseTemplate::new(200).set_body_raw(events.at_once(), EVENTS).set_delay(pause)
            }
            Err(given) => json(given.status, given.body.to_string()),
        }
    }
}

impl Respond for Unmodelled {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let Some(shared) = self.shared.upgrade() else { return world_is_gone() };
        let mut arrived = arrived(request);
        let host = arrived.header(HOST.as_str()).unwrap_or_default().to_owned();
        arrived.path = format!("https://{host}{}", arrived.path);
        let caller = Caller::of(&shared, &arrived);
        let given = arrived.unmodelled(&shared, caller.org().map(|org| &**org), Hop::BoxToProxy);
        json(given.status, given.body.to_string())
    }
}

fn arrived(request: &Request) -> Arrived {
    let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Arrived {
        at: Instant::now(),
        method: request.method.clone(),
        path: format!("{}{query}", request.url.path()),
        headers: request.headers.clone(),
        body: Some(request.body.clone().into()),
    }
}

fn json(status: StatusCode, body: String) -> ResponseTemplate {
    ResponseTemplate::new(status.as_u16()).insert_header(CONTENT_TYPE, JSON).set_body_raw(body, JSON)
}

/// A call that came after the end of the world it was made in.
fn world_is_gone() -> ResponseTemplate {
    let given = Given::error(StatusCode::SERVICE_UNAVAILABLE, "this world has ended");
    json(given.status, given.body.to_string())
}
