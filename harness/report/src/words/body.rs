//! Bodies, texts and ids, shortened for people.

use std::io;

use journal::TenantRole;
use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

use crate::text::cut;

/// A longer body or text is cut, in characters.
const MAX_BODY_CHARS: usize = 200;

/// A body: JSON in one line with spaces, a text as it is; `None` where there was none.
pub(super) fn body(body: &Value) -> Option<String> {
    match body {
        Value::Null => None,
        Value::String(text) => Some(quote(text)),
        other => Some(cut(&value(other), MAX_BODY_CHARS)),
    }
}

/// A text of somebody's, in quotes. JSON in a text is shown as JSON.
pub(super) fn text(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(json @ (Value::Object(_) | Value::Array(_))) => cut(&value(&json), MAX_BODY_CHARS),
        _ => quote(text),
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", cut(text, MAX_BODY_CHARS))
}

/// A model id, byte for byte: in quotes where its ends or its letters could be overlooked.
pub(crate) fn shown_id(id: &str) -> String {
    let is_plain = !id.is_empty() && id.chars().all(|letter| letter.is_ascii_graphic());
    if is_plain { id.to_owned() } else { quote(id) }
}

/// JSON in one line that can be wrapped at its spaces.
pub(crate) fn value(value: &Value) -> String {
    let mut bytes = Vec::new();
    let written = value.serialize(&mut Serializer::with_formatter(&mut bytes, Spaced));
    match written {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => value.to_string(),
    }
}

/// What stands before a line about the tenant that nobody may touch.
pub(super) fn whose(tenant: TenantRole) -> &'static str {
    match tenant {
        TenantRole::Subject => "",
        TenantRole::Bystander => "bystander: ",
    }
}

/// JSON with a space after each comma and colon.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        if is_first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        if is_first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_gets_spaces_and_is_cut() {
        assert_eq!(value(&json!({"a": [1, 2], "b": {"c": null}})), r#"{"a": [1, 2], "b": {"c": null}}"#);
        let long = body(&json!({"text": "x".repeat(500)})).unwrap();
        assert!(long.contains("… [cut: 312 more]"), "{long}");
    }

    #[test]
    fn an_id_whose_ends_could_be_overlooked_stands_in_quotes() {
        for (id, shown) in [
            ("moonshot/kimi-k2.6", "moonshot/kimi-k2.6"),
            (" kimi", "\" kimi\""),
            ("", "\"\""),
            ("кimi", "\"кimi\""),
        ] {
            assert_eq!(shown_id(id), shown);
        }
    }
}
