//! Text with `$name` in it.

use document::{Place, Placed};
use serde_json::Value;

use crate::Bindings;

/// A text that an axis can fill: `$name` inserts a value, `$$` is a dollar.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    place: Place,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
    Reference(String),
}

/// Where in the text a dollar stands that begins no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LoneDollar;

impl Template {
    /// Reads a text. A `$` must begin a name (`[a-z_][a-z0-9_]*`, for a capture with a dotted
    /// field) or stand twice.
    pub(crate) fn parse(text: &Placed<String>) -> Result<Self, LoneDollar> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text.value.as_str();
        while let Some(at) = rest.find('$') {
            plain.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                plain.push('$');
                rest = after;
                continue;
            }
            let end = name_length(rest);
            if end == 0 || rest.starts_with(|c: char| c.is_ascii_digit()) {
                return Err(LoneDollar);
            }
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(Part::Reference(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        plain.push_str(rest);
        if !plain.is_empty() || parts.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self { place: text.place, parts })
    }

    /// Where the text stands.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The names that it inserts.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Reference(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The value for one case. A text that is nothing but `$name` keeps the value's type.
    pub fn value(&self, bindings: &Bindings) -> Value {
        if let [Part::Reference(name)] = self.parts.as_slice() {
            return bindings.value(name).clone();
        }
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Reference(name) => match bindings.value(name) {
                    Value::String(inserted) => text.push_str(inserted),
                    other => text.push_str(&other.to_string()),
                },
            }
        }
        Value::String(text)
    }

    /// The text for one case; `None` where the value is null, which stands for an absent field.
    pub fn text(&self, bindings: &Bindings) -> Option<String> {
        match self.value(bindings) {
            Value::Null => None,
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        }
    }
}

/// As it is written.
impl std::fmt::Display for Template {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for part in &self.parts {
            match part {
                Part::Text(text) => out.write_str(&text.replace('$', "$$"))?,
                Part::Reference(name) => write!(out, "${name}")?,
            }
        }
        Ok(())
    }
}

/// How far a name goes: `model`, or `refused.alternative`. A dot at its end is the sentence's.
fn name_length(text: &str) -> usize {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let word = |text: &str| text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    let end = word(text);
    match text[end..].strip_prefix('.').map(word) {
        Some(field) if end > 0 && field > 0 => end + 1 + field,
        _ => end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use journal::CaseValue;
    use serde_json::json;

    fn bindings() -> Bindings {
        let value = CaseValue::plain;
        let values = [("model".to_owned(), value(json!("a/b"))), ("none".to_owned(), value(Value::Null))];
        let mut bindings = Bindings::new(values.into());
        bindings.capture("kept.alternative", json!("c/d"));
        bindings
    }

    fn text(template: &str) -> Option<String> {
        let placed = Placed::new(Place::default(), template.to_owned());
        Template::parse(&placed).unwrap().text(&bindings())
    }

    #[test]
    fn names_are_inserted_and_two_dollars_are_one() {
        for (template, expected) in [
            ("plain", Some("plain")),
            ("", Some("")),
            ("$model", Some("a/b")),
            ("on $model, please", Some("on a/b, please")),
            ("costs $$5 on $model", Some("costs $5 on a/b")),
            ("on $model.", Some("on a/b.")),
            ("$kept.alternative", Some("c/d")),
            ("$none", None),
        ] {
            assert_eq!(text(template).as_deref(), expected, "{template}");
        }
    }

    #[test]
    fn it_is_shown_as_it_is_written() {
        for template in ["plain", "", "costs $$5 on $model", "$kept.alternative."] {
            let placed = Placed::new(Place::default(), template.to_owned());
            assert_eq!(Template::parse(&placed).unwrap().to_string(), template);
        }
    }

    #[test]
    fn a_dollar_that_begins_no_name_is_refused() {
        for template in ["$", "costs $ 5", "$5", "$Model"] {
            let placed = Placed::new(Place::default(), template.to_owned());
            assert_eq!(Template::parse(&placed), Err(LoneDollar), "{template}");
        }
    }
}
