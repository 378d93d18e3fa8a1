//! From a value to a text that reads back as the same value.

use serde_json::Value;

use crate::parse::parse;
use crate::source::Source;

/// A value for which no text was found that reads back as it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a value as YAML: {0}")]
pub struct WriteError(String);

/// The YAML text of a value, keys in their order. Characters that can't be seen are written as escapes.
///
/// # Errors
///
/// Where the text does not read back as the value: nothing else would be a record of it.
pub fn write(value: &Value) -> Result<String, WriteError> {
    let plain = serde_yaml::ser_options! { prefer_block_scalars: false };
    let quoted = serde_yaml::ser_options! { prefer_block_scalars: false, quote_all: true };
    let mut why = String::new();
    let marked = with_marks(value);
    for options in [plain, quoted] {
        match serde_yaml::to_string_with_options(&marked, options).map(|text| without_marks(&text)) {
            Ok(text) if reads_back(&text, value) => return Ok(text),
            Ok(_) => why = "it does not read back as what was written".to_owned(),
            Err(error) => why = error.to_string(),
        }
    }
    Err(WriteError(why))
}

/// The library escapes control characters and lets others through that can't be seen either. Each of those becomes a
/// control character and its number, which are then escaped together.
const MARK: char = '\u{1}';
const ESCAPED_MARK: &str = "\\x01U+";

/// True for a character that shows nothing, or turns what stands around it.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
        || (c.is_whitespace() && !c.is_ascii())
}

fn with_marks(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.chars().map(marked).collect()),
        Value::Array(values) => Value::Array(values.iter().map(with_marks).collect()),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), with_marks(value))).collect())
        }
        other => other.clone(),
    }
}

fn marked(c: char) -> String {
    if is_unseen(c) { format!("{MARK}U+{:04X}", u32::from(c)) } else { c.to_string() }
}

fn without_marks(text: &str) -> String {
    text.replace(ESCAPED_MARK, "\\u")
}

fn reads_back(text: &str, value: &Value) -> bool {
    parse(&Source::new("written.yaml", text)).is_ok_and(|node| node.to_json() == *value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whatever_an_id_holds_reads_back() {
        for text in [
            "",
            " ",
            "null",
            "~",
            "yes",
            "1_000",
            "0x1f",
            "1.0",
            "- a",
            "a: b",
            "a #b",
            "#a",
            "'",
            "\"",
            "\\",
            "$x",
            "moonshot/kimi-k2.6",
            " padded ",
            "\tx",
            "x\n",
            "a\r\nb",
            "\u{1}",
            "\u{7f}",
            "\u{1b}[1m",
            "\u{85}",
            "\u{a0}x\u{3000}",
            "\u{200b}",
            "\u{feff}x",
            "\u{202e}abc",
            "\u{2028}",
            "a\u{43e}b",
            "\u{1f600}",
            "@x",
            "%x",
            "!x",
            "&x",
            "*x",
            "|",
            ">",
            "?",
            "2026-11-26",
            "{a}",
            "[a]",
        ] {
            let value =
                json!({ "model": [text, null], "n": 1, "on": true, "deep": { "k": [{ "x": text }] } });
            let written = write(&value).unwrap_or_else(|error| panic!("{text:?}: {error}"));
            let is_seen = |c: char| {
                c == '\n' || (!c.is_control() && !matches!(c, '\u{200b}' | '\u{202e}' | '\u{feff}'))
            };
            assert!(written.chars().all(is_seen), "{written:?}");
        }
    }
}
