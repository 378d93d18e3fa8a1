//! One kept case, as its file says it.

use std::collections::BTreeMap;

use document::{Entries, Node, Placed, Problem, Source};
use journal::{CaseValue, FormLabel, PlannedJourney};
use scenario::{case_key, journey_id};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::load::Loaded;

/// A case that passed in so many runs in a row is fixed.
pub(crate) const FIXED_AFTER: u32 = 3;

/// Whose promises, whose obedience and whose ids a case was played with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Circumstances {
    pub(crate) contract: String,
    pub(crate) platform_contract: String,
    pub(crate) registry: String,
}

impl Circumstances {
    pub(crate) fn of(loaded: &Loaded) -> Self {
        Self {
            contract: loaded.contract_text.name.clone(),
            platform_contract: loaded.platform_contract_text.name.clone(),
            registry: loaded.registry_text.name.clone(),
        }
    }
}

/// A kept case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) scenario: String,
    pub(crate) seed: u64,
    pub(crate) circumstances: Circumstances,
    /// The day of its first failure.
    pub(crate) since: String,
    /// What was found then.
    pub(crate) finding: String,
    /// In how many runs in a row it has passed since it failed last.
    pub(crate) passed: u32,
    /// The value of every axis.
    pub(crate) values: BTreeMap<String, CaseValue>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKept {
    scenario: String,
    seed: u64,
    contract: String,
    platform_contract: String,
    registry: String,
    since: String,
    finding: String,
    passed: u32,
    values: Entries<RawValue>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawValue {
    value: Node,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    form: Option<Placed<String>>,
}

impl Kept {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with the text, with its place.
    pub(crate) fn read(source: &Source) -> Result<Self, Problem> {
        let raw: RawKept = document::read(source)?;
        let mut values = BTreeMap::new();
        for (axis, raw) in raw.values {
            let form = raw.form.map(|word| form_of(source, &word)).transpose()?;
            values.insert(axis.value, CaseValue { value: raw.value.to_json(), label: raw.label, form });
        }
        let circumstances = Circumstances {
            contract: raw.contract,
            platform_contract: raw.platform_contract,
            registry: raw.registry,
        };
        Ok(Self {
            scenario: raw.scenario,
            seed: raw.seed,
            circumstances,
            since: raw.since,
            finding: raw.finding,
            passed: raw.passed,
            values,
        })
    }

    /// The text of its file.
    ///
    /// # Errors
    /// Where no text reads back as the case.
    pub(crate) fn text(&self) -> Result<String, document::WriteError> {
        let values: Map<String, Value> =
            self.values.iter().map(|(axis, value)| (axis.clone(), json!(value))).collect();
        let body = document::write(&json!({
            "scenario": self.scenario,
            "seed": self.seed,
            "contract": self.circumstances.contract,
            "platform_contract": self.circumstances.platform_contract,
            "registry": self.circumstances.registry,
            "since": self.since,
            "finding": self.finding,
            "passed": self.passed,
            "values": values,
        }))?;
        Ok(format!("# a case that failed; runs with --keep-regressions play it first\n{body}"))
    }

    /// The journey that plays it.
    pub(crate) fn planned(&self) -> PlannedJourney {
        let case = case_key(&self.values);
        PlannedJourney {
            id: journey_id(&self.scenario, &case, self.seed),
            scenario: self.scenario.clone(),
            case,
            seed: self.seed,
            values: self.values.clone(),
        }
    }

    /// True where it has passed often enough.
    pub(crate) fn is_fixed(&self) -> bool {
        self.passed >= FIXED_AFTER
    }
}

fn form_of(source: &Source, word: &Placed<String>) -> Result<FormLabel, Problem> {
    FormLabel::from_word(&word.value).ok_or_else(|| {
        let known = FormLabel::ALL.map(FormLabel::as_str);
        let hint = match document::near(&word.value, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known here: {}", known.join(", ")),
        };
        Problem::at(source, word.place, format!("unknown form `{}`", word.value)).with_hint(hint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> Kept {
        let model = CaseValue {
            label: Some("control_character, of sonnet".to_owned()),
            form: Some(FormLabel::ControlCharacter),
            ..CaseValue::plain(json!("son\u{1}net\u{200b}"))
        };
        let key = CaseValue::plain(json!({ "name": "KIMI_API_KEY", "scope": "global" }));
        Kept {
            scenario: "ids/any_form_any_entry".to_owned(),
            seed: 17,
            circumstances: Circumstances {
                contract: "as-designed".to_owned(),
                platform_contract: "incident".to_owned(),
                registry: "incident".to_owned(),
            },
            since: "2026-11-26".to_owned(),
            finding: "verdict_differs".to_owned(),
            passed: 2,
            values: [
                ("key".to_owned(), key),
                ("model".to_owned(), model),
                ("none".to_owned(), CaseValue::default()),
            ]
            .into(),
        }
    }

    #[test]
    fn a_kept_case_reads_back_with_its_values_and_its_name() {
        let text = kept().text().unwrap();
        let again = Kept::read(&Source::new("kept.yaml", text)).unwrap();
        assert_eq!(again, kept());
        assert_eq!(again.planned().id, kept().planned().id);
    }

    #[test]
    fn a_damaged_file_is_refused_with_its_place() {
        let text = kept().text().unwrap();
        for (from, to, says) in [
            ("form: control_character", "form: control_charakter", "did you mean `control_character`?"),
            ("seed: 17", "sead: 17", "unknown key `sead`"),
            ("passed: 2", "passed: -2", "kept.yaml:9"),
        ] {
            assert!(text.contains(from), "{text}");
            let problem = Kept::read(&Source::new("kept.yaml", text.replacen(from, to, 1))).unwrap_err();
            let told = document::render_all(&[problem]);
            assert!(told.contains(says), "{told}");
        }
    }
}
