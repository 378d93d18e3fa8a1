//! The one way in which the world calls others: bounded in time and size, and told to the journal where wanted.

use std::time::{Duration, Instant};

use journal::{Exchange, Fact, Hop, Recorder, TenantRole};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::ClientError;

/// No answer of a platform that we have a use for is longer.
pub(crate) const MAX_ANSWER_BYTES: usize = 1 << 20;

/// A text longer than this is cut in the journal.
const MAX_JOURNAL_TEXT_BYTES: usize = 8 << 10;

/// How much of an unreadable body an error shows.
const MAX_EXCERPT_CHARS: usize = 400;

const MAX_IDLE_PER_HOST: usize = 8;
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The client that everybody in the world shares. It heeds no proxy settings of the machine.
pub(crate) fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(MAX_IDLE_PER_HOST)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_nodelay(true)
        .build()
}

/// A request about to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    method: Method,
    base: String,
    path: String,
    headers: HeaderMap,
    body: Value,
    bound: Duration,
}

/// An answer, read whole.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: u16,
    /// JSON, or a string where it was none; null where it was empty.
    pub(crate) body: Value,
}

impl Outgoing {
    /// A request without a body.
    pub(crate) fn new(method: Method, base: &str, path: impl Into<String>, bound: Duration) -> Self {
        Self {
            method,
            base: base.trim_end_matches('/').to_owned(),
            path: path.into(),
            headers: HeaderMap::new(),
            body: Value::Null,
            bound,
        }
    }

    /// With a JSON body.
    #[must_use]
    pub(crate) fn json(mut self, body: Value) -> Self {
        self.body = body;
        self
    }

    /// With a bearer.
    #[must_use]
    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With a header. One that can't be sent is left out: the platform will say what it misses.
    #[must_use]
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            self.headers.append(name, value);
        }
        self
    }

    /// Sends it and reads the answer.
    ///
    /// # Errors
    /// No answer, none in time, or one past [`MAX_ANSWER_BYTES`].
    pub(crate) async fn send(&self, client: &reqwest::Client) -> Result<Answer, ClientError> {
        tokio::time::timeout(self.bound, self.send_unbounded(client)).await.unwrap_or_else(|_| {
            Err(ClientError::TimedOut { method: self.method(), path: self.path.clone(), after: self.bound })
        })
    }

    /// Sends it and tells the journal, whatever came of it.
    ///
    /// # Errors
    /// As [`Outgoing::send`].
    pub(crate) async fn send_noted(
        &self,
        client: &reqwest::Client,
        note: &Note<'_>,
    ) -> Result<Answer, ClientError> {
        let began = Instant::now();
        let answered = self.send(client).await;
        note.record(self, &answered, began.elapsed());
        answered
    }

    async fn send_unbounded(&self, client: &reqwest::Client) -> Result<Answer, ClientError> {
        let url = format!("{}{}", self.base, self.path);
        let mut request = client.request(self.method.clone(), url).headers(self.headers.clone());
        if !self.body.is_null() {
            request = request.json(&self.body);
        }
        let mut response = request.send().await.map_err(|error| self.cut_off(&error))?;
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.cut_off(&error))? {
            if bytes.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err(ClientError::TooLarge {
                    method: self.method(),
                    path: self.path.clone(),
                    limit_bytes: MAX_ANSWER_BYTES,
                });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body: json_or_text(&bytes) })
    }

    fn cut_off(&self, error: &reqwest::Error) -> ClientError {
        let mut cause = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            cause = format!("{cause}: {inner}");
            source = inner.source();
        }
        ClientError::Transport { method: self.method(), path: self.path.clone(), cause }
    }

    fn method(&self) -> String {
        self.method.to_string()
    }

    /// The error for an answer whose status this call has no use for.
    pub(crate) fn unexpected(&self, answer: &Answer) -> ClientError {
        ClientError::Status {
            method: self.method(),
            path: self.path.clone(),
            status: answer.status,
            body: excerpt(&answer.body),
        }
    }

    /// Reads the body of an answer.
    ///
    /// # Errors
    /// What the body is not.
    pub(crate) fn read<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T, ClientError> {
        serde_json::from_value(answer.body.clone()).map_err(|error| ClientError::NotJson {
            method: self.method(),
            path: self.path.clone(),
            cause: error.to_string(),
            body: excerpt(&answer.body),
        })
    }
}

/// Whose journal hears of a call, and as what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Note<'a> {
    /// The journal.
    pub(crate) recorder: &'a Recorder,
    /// Whose tenant.
    pub(crate) tenant: TenantRole,
    /// Who calls whom.
    pub(crate) hop: Hop,
}

impl Note<'_> {
    /// Records a call of ours.
    pub(crate) fn record(&self, sent: &Outgoing, answered: &Result<Answer, ClientError>, took: Duration) {
        let (status, response, error) = match answered {
            Ok(answer) => (Some(answer.status), cut(answer.body.clone()), None),
            Err(error) => (None, Value::Null, Some(error.to_string())),
        };
        self.recorder.record(Fact::Exchange(Exchange {
            tenant: self.tenant,
            hop: self.hop,
            method: sent.method(),
            path: sent.path.clone(),
            request: cut(sent.body.clone()),
            status,
            response,
            error,
            took_ms: millis(took),
        }));
    }
}

/// Milliseconds, as journals count.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// A body as a value: JSON, else its text; null where there is none.
pub(crate) fn json_or_text(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned()))
}

/// The value with every long text cut, as it goes into the journal.
pub(crate) fn cut(mut value: Value) -> Value {
    cut_in_place(&mut value);
    value
}

fn cut_in_place(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > MAX_JOURNAL_TEXT_BYTES => {
            let whole = text.len();
            let cut = (0..=MAX_JOURNAL_TEXT_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.truncate(cut);
            text.push_str(&format!("… (cut, {whole} bytes)"));
        }
        Value::Array(items) => items.iter_mut().for_each(cut_in_place),
        Value::Object(map) => map.values_mut().for_each(cut_in_place),
        _ => {}
    }
}

/// The beginning of a body, for an error.
pub(crate) fn excerpt(body: &Value) -> String {
    let text = match body {
        Value::Null => "(empty)".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= MAX_EXCERPT_CHARS {
        return text;
    }
    let mut short: String = text.chars().take(MAX_EXCERPT_CHARS).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_body_is_json_or_text_or_nothing() {
        assert_eq!(json_or_text(b""), Value::Null);
        assert_eq!(json_or_text(b"{\"a\":1}"), json!({"a": 1}));
        assert_eq!(json_or_text(b"404 page not found"), json!("404 page not found"));
    }

    #[test]
    fn long_texts_are_cut_at_a_character() {
        let long = "é".repeat(MAX_JOURNAL_TEXT_BYTES);
        let cut = cut(json!({"files": [long]}));
        let text = cut["files"][0].as_str().unwrap();
        assert!(text.len() < MAX_JOURNAL_TEXT_BYTES + 64);
        assert!(text.ends_with("bytes)"));
    }

    #[test]
    fn a_name_with_a_line_break_is_not_smuggled_into_a_header() {
        let sent = Outgoing::new(Method::GET, "http://x/", "/p", Duration::ZERO)
            .header("x-confirm-name", "a\r\nb: c");
        assert!(sent.headers.is_empty());
        let sent = sent.header("x-confirm-name", "Späher");
        assert_eq!(sent.headers.len(), 1);
    }
}
