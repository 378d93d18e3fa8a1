//! What became of an attempt, and where that is otherwise than predicted.
//!
//! O-1 and the expectation `as_predicted` compare with it. What was not seen differs from nothing.

use contract::Registry;
use journal::{Endpoint, KeyShown, ModelCall};
use oracle::{Payer, Prediction, RowEnd};
use wire::{EventName, Status};

use crate::Facts;
use crate::attempts::{Answer, Attempt, provisionings};
use crate::spans::next_act_on;

/// What was seen of an attempt; `None` where nobody could tell.
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) code: Option<String>,
    pub(crate) row: Option<RowSeen>,
}

/// What became of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowSeen {
    /// There is none, or the one before goes on.
    Untouched,
    /// The one before did not go on as it was.
    Changed(String),
    Online,
    /// With the code of its failure; `None` where its events were not read.
    Failed(Option<Option<String>>),
    AwaitingAgent,
}

/// One promised field that is otherwise.
pub(crate) struct Difference {
    pub(crate) expected: String,
    pub(crate) seen: String,
}

/// True where a promised field was not seen.
pub(crate) fn is_unseen(seen: &Seen, prediction: &Prediction) -> bool {
    match &seen.row {
        None => prediction.row.get().is_some(),
        Some(RowSeen::Failed(None)) => prediction.row_code.get().is_some(),
        Some(_) => false,
    }
}

/// What was seen of an attempt.
pub(crate) fn seen_of(attempt: &Attempt, facts: Facts<'_>) -> Seen {
    let (code, row) = match &attempt.answer {
        Answer::Early { code, row: None, .. } => (code.clone(), Some(RowSeen::Untouched)),
        Answer::Early { code, row: Some(row), .. } => (code.clone(), goes_on(attempt, row, facts)),
        Answer::Accepted(row) => (None, became(attempt, row, facts)),
    };
    Seen { status: attempt.status, code, row }
}

/// Whether the row that a refused change was about goes on: online at every look, not provisioned anew, on the model that
/// it had.
fn goes_on(attempt: &Attempt, row: &str, facts: Facts<'_>) -> Option<RowSeen> {
    let before = facts.up_to(attempt.seq);
    let since = until_next_act(attempt, row, facts).after(attempt.seq);
    since.row(row)?;
    let trail = since.trail(row);
    if let Some(other) = trail.iter().find(|seen| seen.status != Status::Online.as_str()) {
        return Some(RowSeen::Changed(format!("status {}", other.status)));
    }
    let began = |facts: Facts<'_>| facts.events_of(row).map_or(0, |(_, seen)| provisionings(seen));
    if began(since) > began(before).max(1) {
        return Some(RowSeen::Changed("provisioned anew".to_owned()));
    }
    let stored = |facts: Facts<'_>| facts.stored_model(row).map(|(_, seen)| seen.stored.model.clone());
    match (stored(before), stored(since)) {
        (Some(was), Some(is)) if was != is => Some(RowSeen::Changed(format!("on `{}`", is.escape_debug()))),
        _ => Some(RowSeen::Untouched),
    }
}

/// What became of an accepted attempt's row, up to the next act on it.
fn became(attempt: &Attempt, row: &str, facts: Facts<'_>) -> Option<RowSeen> {
    let window = until_next_act(attempt, row, facts);
    let trail = window.after(attempt.looks_from).trail(row);
    let was = |status: Status| trail.iter().any(|seen| seen.status == status.as_str());
    if was(Status::Online) {
        return Some(RowSeen::Online);
    }
    if was(Status::Failed) {
        let code = window.after(attempt.seq).events_of(row).map(|(_, seen)| {
            let failed = seen.events.iter().rev().find(|event| event.is(EventName::WorkspaceProvisionFailed));
            failed.and_then(|event| event.text("code")).map(str::to_owned)
        });
        return Some(RowSeen::Failed(code));
    }
    was(Status::AwaitingAgent).then_some(RowSeen::AwaitingAgent)
}

/// Where what was seen is otherwise than this outcome. What was not seen differs from nothing.
pub(crate) fn differences(seen: &Seen, prediction: &Prediction) -> Vec<Difference> {
    let mut differences = Vec::new();
    if let Some(status) = prediction.status.get().filter(|status| **status != seen.status) {
        differences.push(Difference {
            expected: format!("status {status}"),
            seen: format!("status {}", seen.status),
        });
    }
    let is_early = matches!(seen.row, Some(RowSeen::Untouched | RowSeen::Changed(_)));
    if let Some(code) = prediction.code.get().filter(|_| is_early) {
        differences.extend(code_differs(code.map(wire::Code::as_str), seen.code.as_deref(), "code"));
    }
    if let (Some(end), Some(row)) = (prediction.row.get(), &seen.row)
        && !agrees(*end, row)
    {
        let (expected, seen) = (end_in_words(*end).to_owned(), row_in_words(row));
        differences.push(Difference { expected, seen });
    }
    if let (Some(code), Some(RowSeen::Failed(Some(own)))) = (prediction.row_code.get(), &seen.row) {
        let code = code.map(wire::Code::as_str);
        differences
            .extend(code_differs(code, own.as_deref(), "code of the failure").filter(|_| code.is_some()));
    }
    differences
}

fn code_differs(expected: Option<&str>, seen: Option<&str>, what: &str) -> Option<Difference> {
    let in_words = |code: Option<&str>| code.map_or(format!("no {what}"), |code| format!("{what} {code}"));
    (expected != seen).then(|| Difference { expected: in_words(expected), seen: in_words(seen) })
}

fn agrees(end: RowEnd, seen: &RowSeen) -> bool {
    match end {
        RowEnd::Online => *seen == RowSeen::Online,
        RowEnd::Failed => matches!(seen, RowSeen::Failed(_)),
        RowEnd::AwaitingAgent => *seen == RowSeen::AwaitingAgent,
        RowEnd::Unchanged | RowEnd::None => *seen == RowSeen::Untouched,
    }
}

fn end_in_words(end: RowEnd) -> &'static str {
    match end {
        RowEnd::Online => "a row that comes online",
        RowEnd::Failed => "a row that fails and never was online",
        RowEnd::AwaitingAgent => "a row that waits for its agent",
        RowEnd::Unchanged => "the row as it was",
        RowEnd::None => "no row",
    }
}

fn row_in_words(row: &RowSeen) -> String {
    match row {
        RowSeen::Untouched => "it was refused by the entry itself".to_owned(),
        RowSeen::Changed(how) => format!("it was refused, and its row was {how} afterwards"),
        RowSeen::Online => "its row was online".to_owned(),
        RowSeen::Failed(_) => "its row failed".to_owned(),
        RowSeen::AwaitingAgent => "its row waits for an agent".to_owned(),
    }
}

/// What was seen up to the next act on the row.
fn until_next_act<'a>(attempt: &Attempt, row: &str, facts: Facts<'a>) -> Facts<'a> {
    match next_act_on(facts, row, attempt.seq) {
        Some(next) => facts.up_to(next),
        None => facts,
    }
}

/// True where something is promised of the calls of the row's box or of its agent, the row is online, and nobody asked
/// since the attempt: nothing was called for.
pub(crate) fn is_unasked(attempt: &Attempt, facts: Facts<'_>, prediction: &Prediction) -> bool {
    let Some(row) = attempt.row() else { return false };
    let is_promised = prediction.answers.get().is_some()
        || prediction.payer().is_some()
        || prediction.provider.get().is_some_and(Option::is_some)
        || prediction.key.get().is_some_and(Option::is_some);
    let is_online = facts.row(row).is_some_and(|(_, row)| row.status == Status::Online.as_str());
    let was_asked = facts.after(attempt.looks_from).asked().any(|(_, asked)| asked.workspace == row);
    is_promised && is_online && !was_asked
}

/// Where the calls of the row's box, or the answers to questions, are otherwise than this outcome.
pub(crate) fn call_differences(
    attempt: &Attempt,
    facts: Facts<'_>,
    registry: &Registry,
    prediction: &Prediction,
) -> Vec<Difference> {
    let Some(row) = attempt.row() else { return Vec::new() };
    let since = until_next_act(attempt, row, facts).after(attempt.looks_from);
    let mut differences = Vec::new();
    for (_, call) in since.model_calls_of(row) {
        differences.extend(call_differs(call, registry, prediction));
        if !differences.is_empty() {
            break;
        }
    }
    let answered =
        since.asked().filter(|(_, asked)| asked.workspace == *row).map(|(_, asked)| asked.is_answered());
    if let Some(expected) = prediction.answers.get() {
        differences.extend(
            answered
                .filter(|answered| answered != expected)
                .map(|answered| Difference {
                    expected: answers_in_words(*expected).to_owned(),
                    seen: answers_in_words(answered).to_owned(),
                })
                .next(),
        );
    }
    differences
}

fn call_differs(call: &ModelCall, registry: &Registry, prediction: &Prediction) -> Option<Difference> {
    let (payer, provider) = whose(&call.endpoint, registry, prediction);
    if let Some(expected) = prediction.payer.get().filter(|expected| **expected != Some(payer)) {
        let expected = expected.map_or("no call at all".to_owned(), |payer| {
            format!("calls that the {} pays for", payer_in_words(payer))
        });
        return Some(Difference {
            expected,
            seen: format!("a call that the {} pays for", payer_in_words(payer)),
        });
    }
    if let Some(Some(expected)) = prediction.provider.get()
        && *expected != provider
    {
        let (expected, seen) = (format!("calls to {expected}"), format!("a call to {provider}"));
        return Some(Difference { expected, seen });
    }
    let expected = prediction.key.get()?;
    let key = match &call.key {
        KeyShown::OwnKey(name) => Some(name.as_str()),
        KeyShown::Missing | KeyShown::UsageToken | KeyShown::OtherTenantsToken | KeyShown::Unknown => None,
    };
    let in_words =
        |key: Option<&str>| key.map_or("no key of the tenant's".to_owned(), |key| format!("the key {key}"));
    (expected.as_deref() != key).then(|| Difference {
        expected: in_words(expected.as_deref()),
        seen: format!("a call with {}", in_words(key)),
    })
}

/// Whose endpoint it is: who pays there, and the provider. A host that several providers share is the predicted one's.
fn whose(endpoint: &Endpoint, registry: &Registry, prediction: &Prediction) -> (Payer, String) {
    let Endpoint::Vendor(host) = endpoint else {
        return (Payer::Platform, contract::PLATFORM_PROVIDER.to_owned());
    };
    let has_host = |provider: &contract::Provider| {
        let urls = provider.base_url.iter().chain(&provider.anthropic_base_url);
        urls.into_iter().any(|base| host_of(&base.url) == host)
    };
    let mut owners =
        registry.providers.iter().filter(|provider| has_host(provider)).map(|provider| &provider.name.value);
    let predicted = prediction.provider.get().and_then(Option::as_ref);
    let owner = owners.clone().find(|name| Some(*name) == predicted).or_else(|| owners.next());
    (Payer::Vendor, owner.cloned().unwrap_or_else(|| host.clone()))
}

fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

fn payer_in_words(payer: Payer) -> &'static str {
    match payer {
        Payer::Platform => "platform",
        Payer::Vendor => "tenant",
    }
}

fn answers_in_words(answers: bool) -> &'static str {
    if answers { "an agent that answers" } else { "an agent that can't answer" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::{BUILTIN_REGISTRIES, load_registry};
    use document::Source;
    use journal::{AnswerKind, TenantRole};
    use oracle::Promised;
    use wire::ModelWire;

    fn registry() -> Registry {
        let (name, text) = BUILTIN_REGISTRIES[0];
        load_registry(&Source::new(name, text)).unwrap()
    }

    fn call(endpoint: Endpoint, key: KeyShown) -> ModelCall {
        ModelCall {
            tenant: TenantRole::Subject,
            call: None,
            workspace: None,
            endpoint,
            wire: ModelWire::AnthropicMessages,
            model: "claude-sonnet-4-6".to_owned(),
            key,
            attribution: None,
            stream: false,
            status: 200,
            answer: AnswerKind::Text,
            payer: None,
        }
    }

    /// Anthropic's own, paid with the workspace's key of that name.
    fn prediction() -> Prediction {
        Prediction {
            status: Promised::This(201),
            code: Promised::This(None),
            row: Promised::This(RowEnd::Online),
            row_code: Promised::This(None),
            payer: Promised::This(Some(Payer::Vendor)),
            provider: Promised::This(Some("anthropic-api".to_owned())),
            key: Promised::This(Some("ANTHROPIC_API_KEY".to_owned())),
            answers: Promised::This(true),
            why: String::new(),
            or: Vec::new(),
        }
    }

    #[test]
    fn a_call_is_held_against_payer_provider_and_key_and_silence_allows_anything() {
        let registry = registry();
        let vendor = |host: &str| Endpoint::Vendor(host.to_owned());
        let own = |name: &str| KeyShown::OwnKey(name.to_owned());
        for (call, seen) in [
            (call(vendor("api.anthropic.com"), own("ANTHROPIC_API_KEY")), None),
            (call(Endpoint::Proxy, KeyShown::UsageToken), Some("a call that the platform pays for")),
            (call(vendor("api.z.ai"), own("ANTHROPIC_API_KEY")), Some("a call to zai")),
            (call(vendor("api.anthropic.com"), own("GLM_API_KEY")), Some("a call with the key GLM_API_KEY")),
            (
                call(vendor("api.anthropic.com"), KeyShown::Missing),
                Some("a call with no key of the tenant's"),
            ),
        ] {
            let differs = call_differs(&call, &registry, &prediction());
            assert_eq!(differs.map(|differs| differs.seen).as_deref(), seen);
            let silent = Prediction {
                payer: Promised::Unpromised,
                provider: Promised::Unpromised,
                key: Promised::Unpromised,
                ..prediction()
            };
            assert!(call_differs(&call, &registry, &silent).is_none());
        }
    }

    #[test]
    fn a_call_of_a_row_that_is_to_have_no_box_differs() {
        let boxless = Prediction { payer: Promised::This(None), ..prediction() };
        let differs =
            call_differs(&call(Endpoint::Proxy, KeyShown::UsageToken), &registry(), &boxless).unwrap();
        assert_eq!(differs.expected, "no call at all");
    }
}
