//! Answers in pieces: server-sent events, and texts cut as models cut them.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::Response;
use serde_json::Value;

/// A text travels in this many pieces, where it is long enough.
const PIECES: usize = 3;

/// The text in pieces, cut between characters; joined they give it back.
pub(crate) fn pieces(text: &str) -> Vec<&str> {
    let step = text.len().div_ceil(PIECES).max(1);
    let mut pieces = Vec::with_capacity(PIECES + 1);
    let mut rest = text;
    while rest.len() > step {
        let cut = (step..rest.len()).find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(cut);
        pieces.push(piece);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// Events on their way: one chunk each.
#[derive(Debug, Default)]
pub(crate) struct Events(Vec<Bytes>);

impl Events {
    /// An event with a name, as Anthropic sends it; the name stands in the data too.
    pub(crate) fn named(&mut self, name: &str, data: &Value) {
        self.0.push(Bytes::from(format!("event: {name}\ndata: {data}\n\n")));
    }

    /// An event without a name, as OpenAI sends it.
    pub(crate) fn data(&mut self, data: &str) {
        self.0.push(Bytes::from(format!("data: {data}\n\n")));
    }

    /// All of them in one.
    pub(crate) fn at_once(self) -> Vec<u8> {
        self.0.concat()
    }

    /// The response that sends them.
    pub(crate) fn into_response(self) -> Response {
        let chunks = futures::stream::iter(self.0.into_iter().map(Ok::<_, Infallible>));
        let mut response = Response::new(Body::from_stream(chunks));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_to_the_text_and_long_texts_have_several() {
        for text in ["", "a", "ab", "{\"name\":\"Scout\"}", "团队团队团队", "🦀"] {
            assert_eq!(pieces(text).concat(), text);
            assert!(!pieces(text).contains(&""));
        }
        assert!(pieces("{\"name\":\"Scout\"}").len() >= 2);
    }
}
