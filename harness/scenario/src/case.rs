//! One case: the values of its axes, its key, and the name of its journey.

use std::collections::BTreeMap;

use document::Place;
use journal::{CaseValue, JourneyId};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A longer value is cut in keys and file names; the hash tells cases apart.
const MAX_SHOWN_CHARS: usize = 60;

/// The axes of the language in the order in which they are drawn and shown; the author's own follow by name.
const AXIS_ORDER: [&str; 5] = ["runtime", "entry", "key", "model", "persona"];

/// The values of one case, by axis, and what its steps captured so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bindings(BTreeMap<String, CaseValue>);

impl Bindings {
    /// The values of a planned journey.
    pub fn new(values: BTreeMap<String, CaseValue>) -> Self {
        Self(values)
    }

    /// Keeps what a step captured, under a dotted name.
    pub fn capture(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), CaseValue::plain(value));
    }

    /// The value of an axis; null for an axis that is not there, which a checked scenario never names.
    pub fn value(&self, axis: &str) -> &Value {
        self.0.get(axis).map_or(&Value::Null, |case| &case.value)
    }

    /// The value of an axis as text.
    pub fn text(&self, axis: &str) -> Option<&str> {
        self.value(axis).as_str()
    }
}

/// The key of a case: `runtime=claude-code,model=moonshot/kimi-k2.6`. Values that can't be shown as they are get a
/// label and a short hash.
pub fn case_key(values: &BTreeMap<String, CaseValue>) -> String {
    let known = AXIS_ORDER.iter().filter_map(|axis| values.get_key_value(*axis));
    let own = values.iter().filter(|(axis, _)| !AXIS_ORDER.contains(&axis.as_str()));
    let parts: Vec<String> = known.chain(own).map(|(axis, case)| format!("{axis}={}", shown(case))).collect();
    if parts.is_empty() { "only".to_owned() } else { parts.join(",") }
}

fn shown(case: &CaseValue) -> String {
    let plain = match &case.value {
        Value::String(text) if !text.is_empty() => text.clone(),
        Value::String(_) => return "empty".to_owned(),
        Value::Null => return case.label.clone().unwrap_or_else(|| "absent".to_owned()),
        other => case.label.clone().unwrap_or_else(|| other.to_string()),
    };
    let is_a_word_of_ours = ["absent", "empty", "none", "only"].contains(&plain.as_str());
    // A text that looks like a value of another type would have its key.
    let is_a_value = serde_json::from_str::<Value>(&plain).is_ok_and(|value| !value.is_string());
    let is_showable = !is_a_word_of_ours
        && !is_a_value
        && plain.chars().all(|c| c.is_ascii_graphic() && c != ',' && c != '=');
    if is_showable && plain.chars().count() <= MAX_SHOWN_CHARS {
        return plain;
    }
    let form = case.form.map(|form| form.as_str().to_owned());
    let what = form.or_else(|| case.label.as_deref().map(slug)).unwrap_or_else(|| "odd".to_owned());
    format!("{what}-{}", short_hash(&plain))
}

/// The name of a journey, fit for a file: what it plays, a hash that keeps it apart, and its seed.
pub fn journey_id(scenario: &str, case: &str, seed: u64) -> JourneyId {
    let hash = short_hash(&format!("{scenario}\n{case}"));
    let values = case.split(',').map(|part| part.split_once('=').map_or(part, |(_, value)| value));
    let plain = values.collect::<Vec<_>>().join("-");
    JourneyId(format!("{}.{}.{hash}.s{seed}", slug(scenario), slug(&plain)))
}

fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().take(MAX_SHOWN_CHARS) {
        let keep = c.is_ascii_alphanumeric() || c == '_' || c == '.';
        if keep {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches(['-', '.']).to_owned()
}

fn short_hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(3).map(|byte| format!("{byte:02x}")).collect()
}

/// A place in a scenario's file, as the journal writes it.
pub(crate) fn place_in(file: &str, place: Place) -> journal::Place {
    journal::Place { file: file.to_owned(), line: place.line, column: place.column }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn values(model: Value) -> BTreeMap<String, CaseValue> {
        let label = model.is_string().then(|| "padded".to_owned());
        let case = |value, label| CaseValue { label, ..CaseValue::plain(value) };
        [("runtime".to_owned(), case(json!("hermes"), None)), ("model".to_owned(), case(model, label))].into()
    }

    #[test]
    fn a_key_shows_the_axes_in_drawing_order() {
        assert_eq!(case_key(&values(json!("moonshot/kimi-k2.6"))), "runtime=hermes,model=moonshot/kimi-k2.6");
        assert_eq!(case_key(&values(json!(null))), "runtime=hermes,model=absent");
        assert_eq!(case_key(&BTreeMap::new()), "only");
    }

    #[test]
    fn what_is_not_printable_becomes_a_label_and_a_hash() {
        let key = case_key(&values(json!(" a\u{202e}b ")));
        assert!(key.starts_with("runtime=hermes,model=padded-"), "{key}");
        assert_ne!(key, case_key(&values(json!(" a\u{202e}c "))));
    }

    #[test]
    fn an_id_spelled_like_a_word_of_ours_is_told_apart_from_it() {
        for (word, value) in [("absent", json!(null)), ("empty", json!(""))] {
            assert_ne!(case_key(&values(json!(word))), case_key(&values(value)), "{word}");
        }
    }

    #[test]
    fn a_journey_id_is_a_plain_file_name() {
        let id = journey_id("first_run/build_me_a_team", "runtime=hermes,model=moonshot/kimi-k2.6", 7);
        assert!(id.0.starts_with("first_run-build_me_a_team.hermes-moonshot-kimi-k2.6."), "{id}");
        assert!(id.0.ends_with(".s7"));
        assert!(!id.0.contains('/'));
    }
}
