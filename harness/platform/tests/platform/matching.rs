//! Recorded values against ours: a placeholder stands for the same value wherever it stands, the rest is compared.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::{Map, Value};

use crate::golden::{PROSE_IDS, PROSE_NAMES, Tolerated};

/// A placeholder in a recorded text.
static PLACEHOLDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<(?P<name>[A-Z][A-Z0-9_]*(?::[^<>]*)?)>").unwrap());
/// A text of which only the class was recorded.
static PROSE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^<prose words=\d+ fp=[0-9a-f]+ names=(?P<names>\S*) ids=(?P<ids>\S*)>$").unwrap()
});

/// What each placeholder stands for.
#[derive(Default)]
pub(crate) struct Bindings {
    values: HashMap<String, String>,
    /// Fields that ours need not have.
    lacking: &'static [&'static str],
}

impl Bindings {
    /// Bindings for recordings whose answers have fields that ours lack.
    pub(crate) fn lacking(fields: &Tolerated) -> Self {
        Self { values: HashMap::new(), lacking: fields.what }
    }

    pub(crate) fn bind(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }

    fn get(&self, name: &str) -> Option<String> {
        match name.strip_prefix("ID8:") {
            Some(number) => self.values.get(&format!("UUID:{number}")).map(|id| id[..8].to_owned()),
            None => self.values.get(name).cloned(),
        }
    }

    /// True where everything that a text stands for is known.
    pub(crate) fn knows(&self, text: &str) -> bool {
        PLACEHOLDER.captures_iter(text).all(|found| self.get(&found["name"]).is_some())
    }

    /// A text to send: what is not known yet is an id that nobody made.
    pub(crate) fn filled(&mut self, text: &str) -> String {
        for found in PLACEHOLDER.captures_iter(text) {
            if self.get(&found["name"]).is_none() && &found["name"] != "TS" {
                assert!(found["name"].starts_with("UUID:"), "{} is not known", &found["name"]);
                self.bind(&found["name"], &uuid::Uuid::new_v4().to_string());
            }
        }
        let value = |found: &Captures<'_>| self.get(&found["name"]).unwrap_or_else(|| found[0].to_owned());
        PLACEHOLDER.replace_all(text, value).into_owned()
    }

    /// The same for every text in a value.
    pub(crate) fn filled_value(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.filled(text)),
            Value::Array(items) => items.iter().map(|item| self.filled_value(item)).collect(),
            Value::Object(fields) => {
                let filled = fields.iter().map(|(key, value)| (key.clone(), self.filled_value(value)));
                Value::Object(filled.collect::<Map<_, _>>())
            }
            plain => plain.clone(),
        }
    }

    /// Compares, and learns what placeholders stand for. The answer says where ours differs.
    pub(crate) fn compare(&mut self, at: &str, recorded: &Value, ours: &Value) -> Vec<String> {
        match (recorded, ours) {
            (Value::String(recorded), Value::String(ours)) => self.compare_text(at, recorded, ours),
            (Value::Array(recorded), Value::Array(ours)) if recorded.len() == ours.len() => {
                let pairs = recorded.iter().zip(ours).enumerate();
                pairs
                    .flat_map(|(place, (one, other))| self.compare(&format!("{at}[{place}]"), one, other))
                    .collect()
            }
            (Value::Object(recorded), Value::Object(ours)) => self.compare_fields(at, recorded, ours),
            (recorded, ours) if recorded == ours => Vec::new(),
            (recorded, ours) => vec![format!("{at}: {ours} instead of {recorded}")],
        }
    }

    fn compare_fields(
        &mut self,
        at: &str,
        recorded: &Map<String, Value>,
        ours: &Map<String, Value>,
    ) -> Vec<String> {
        let added = ours.keys().filter(|key| !recorded.contains_key(*key));
        let mut wrong: Vec<String> = added.map(|key| format!("{at}.{key} is ours alone")).collect();
        for (key, value) in recorded {
            match ours.get(key) {
                Some(own) => wrong.extend(self.compare(&format!("{at}.{key}"), value, own)),
                None if self.lacking.contains(&key.as_str()) => {}
                None => wrong.push(format!("{at}.{key} is missing")),
            }
        }
        wrong
    }

    fn compare_text(&mut self, at: &str, recorded: &str, ours: &str) -> Vec<String> {
        let differs = || vec![format!("{at}: `{ours}` instead of `{recorded}`")];
        if let Some(prose) = PROSE.captures(recorded) {
            return compare_prose(at, &prose, ours);
        }
        if recorded.starts_with("<blob ") || recorded == "<TS>" {
            return if ours.is_empty() { differs() } else { Vec::new() };
        }
        let names: Vec<String> =
            PLACEHOLDER.captures_iter(recorded).map(|found| found["name"].to_owned()).collect();
        let literals = PLACEHOLDER.split(recorded).map(regex::escape).collect::<Vec<_>>();
        let shape = Regex::new(&format!("(?s)^{}$", literals.join("(.+?)"))).unwrap();
        let Some(values) = shape.captures(ours) else { return differs() };
        for (name, value) in names.iter().zip(values.iter().skip(1).flatten()) {
            match self.get(name) {
                Some(known) if known == value.as_str() => {}
                Some(known) => return vec![format!("{at}: {} is not <{name}>, {known}", value.as_str())],
                None => self.bind(name, value.as_str()),
            }
        }
        Vec::new()
    }
}

/// A text of ours says something, and names what the recorded one named.
fn compare_prose(at: &str, prose: &Captures<'_>, ours: &str) -> Vec<String> {
    let named =
        |list: &str| list.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let names = named(&prose["names"]).into_iter().filter(|name| !PROSE_NAMES.names(name));
    let ids = named(&prose["ids"]).into_iter().filter(|id| !PROSE_IDS.names(id));
    let mut wrong: Vec<String> = names
        .chain(ids)
        .filter(|name| !ours.contains(name.as_str()))
        .map(|name| format!("{at}: `{ours}` does not name {name}"))
        .collect();
    if ours.trim().is_empty() {
        wrong.push(format!("{at} says nothing"));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_placeholder_stands_for_one_value() {
        let mut bindings = Bindings::default();
        let id = "0f3c1d5e-0000-4000-8000-000000000001";
        let compare = |bindings: &mut Bindings, recorded: Value, ours: Value| {
            bindings.compare("it", &recorded, &ours).len()
        };
        assert_eq!(compare(&mut bindings, json!({"id": "<UUID:1>"}), json!({"id": id})), 0);
        assert_eq!(
            compare(&mut bindings, json!(["stub <ID8:1>", "<UUID:1>"]), json!(["stub 0f3c1d5e", id])),
            0
        );
        assert_eq!(compare(&mut bindings, json!("<UUID:1>"), json!("other")), 1);
        assert_eq!(compare(&mut bindings, json!({"a": 1}), json!({"b": 1})), 2);
        assert_eq!(compare(&mut bindings, json!([1]), json!([1, 2])), 1);
        let prose = json!("<prose words=3 fp=ab names=ANTHROPIC_API_KEY ids=>");
        assert_eq!(compare(&mut bindings, prose.clone(), json!("set ANTHROPIC_API_KEY")), 0);
        assert_eq!(compare(&mut bindings, prose, json!("")), 2);
    }
}
