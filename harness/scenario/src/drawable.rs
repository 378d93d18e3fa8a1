//! Whether a case is one that its scenario's axes could give: what shrinking may try, and what of the kept cases still
//! plays.

use contract::Entry;
use oracle::Oracle;
use serde_json::Value;
use wire::env::VENDOR_KEYS;

use crate::check::Surroundings;
use crate::draft::{passes, runtime_names};
use crate::forms::{forms_of, takes_no_id};
use crate::plan::{Values, missing};
use crate::{Bindings, DrawnFrom, Filter, KeyAxis, KeyGiven, KeyKind, ModelValues, Scenario, draw, key};

/// Why a case is none that this scenario can play under this contract and registry; `None` where it is one.
pub fn no_case_of(
    scenario: &Scenario,
    around: Surroundings<'_>,
    oracle: &Oracle,
    values: &Values,
) -> Option<String> {
    let asked = Asked { scenario, around, oracle, values, bindings: Bindings::new(values.clone()) };
    asked
        .other_axes()
        .or_else(|| asked.plain_axes())
        .or_else(|| asked.key())
        .or_else(|| asked.model())
        .or_else(|| missing(scenario, around, oracle, values))
        .or_else(|| asked.prediction())
}

struct Asked<'a> {
    scenario: &'a Scenario,
    around: Surroundings<'a>,
    oracle: &'a Oracle,
    values: &'a Values,
    bindings: Bindings,
}

impl Asked<'_> {
    fn entry(&self) -> Entry {
        self.scenario.entry(&self.bindings)
    }

    fn runtime(&self) -> &str {
        self.bindings.text("runtime").unwrap_or_default()
    }

    fn other_axes(&self) -> Option<String> {
        let axes = self.scenario.vary.axes();
        let lacking = axes.iter().find(|axis| !self.values.contains_key(*axis));
        let strange = self.values.keys().find(|axis| !axes.contains(axis));
        lacking
            .map(|axis| format!("it has no value for the axis `{axis}`"))
            .or_else(|| strange.map(|axis| format!("its scenario has no axis `{axis}`")))
    }

    fn plain_axes(&self) -> Option<String> {
        let vary = &self.scenario.vary;
        let runtimes = vary.runtime.as_ref().map(|values| runtime_names(values, self.around));
        let known = [
            ("runtime", runtimes),
            ("entry", listed(&vary.entry, |entry| entry.as_str())),
            ("persona", listed(&vary.persona, |persona| persona.as_str())),
        ];
        for (axis, names) in known {
            let value = self.bindings.text(axis);
            if names.is_some_and(|names| !value.is_some_and(|value| names.iter().any(|name| name == value))) {
                return Some(self.no_value(axis));
            }
        }
        let own = vary.values.iter().find(|(axis, values)| !values.contains(self.bindings.value(axis)));
        own.map(|(axis, _)| self.no_value(axis))
    }

    fn no_value(&self, axis: &str) -> String {
        format!("the axis `{axis}` has no value {}", self.bindings.value(axis))
    }

    fn key(&self) -> Option<String> {
        let axis = self.scenario.vary.key.as_ref()?;
        let value = self.bindings.value("key");
        let given = KeyGiven::of_value(value);
        let is_one = match (&given, axis) {
            (None, _) if !value.is_null() => false,
            (given, KeyAxis::These(keys)) => keys.contains(given),
            (None, KeyAxis::Drawn { kinds, .. }) => kinds.contains(&KeyKind::None),
            (Some(given), KeyAxis::Drawn { kinds, scopes }) => {
                scopes.contains(&given.scope)
                    && key::goes(given.scope, self.entry())
                    && kinds.iter().any(|kind| self.is_of(given, *kind))
            }
        };
        (!is_one).then(|| self.no_value("key"))
    }

    fn is_of(&self, given: &KeyGiven, kind: KeyKind) -> bool {
        let model = self.bindings.text("model").unwrap_or_default();
        let accepted = key::accepted_names(self.oracle, self.runtime(), model);
        match kind {
            KeyKind::None => false,
            KeyKind::Matching => accepted.contains(&given.name),
            KeyKind::Unrelated => {
                VENDOR_KEYS.contains(&given.name.as_str()) && !accepted.contains(&given.name)
            }
        }
    }

    fn model(&self) -> Option<String> {
        let axis = self.scenario.vary.model.as_ref()?;
        let value = self.bindings.value("model");
        let id = match value {
            Value::Null if takes_no_id(self.entry()) => None,
            Value::String(id) => Some(id.clone()),
            _ => return Some(self.no_value("model")),
        };
        let is_one = match axis {
            ModelValues::These(ids) => ids.contains(&id),
            ModelValues::Drawn { from: DrawnFrom::Arm(billing), .. } => {
                let owned = draw::owned_ids(self.oracle, self.runtime(), *billing);
                owned.iter().any(|spelled| Some(&spelled.id) == id.as_ref())
            }
            ModelValues::Drawn { from, .. } => forms_of(self.around.registry, self.runtime())
                .iter()
                .any(|form| form.id == id && from.wants(form.label)),
        };
        (!is_one).then(|| self.no_value("model"))
    }

    fn prediction(&self) -> Option<String> {
        let filter = match &self.scenario.vary.model {
            Some(ModelValues::Drawn { filter, .. }) => *filter,
            Some(ModelValues::These(_)) => Filter::default(),
            None => return None,
        };
        let ruling = passes(self.scenario, self.around.contract, self.oracle, self.values, filter);
        (!ruling.is_passed()).then(|| "its id is predicted otherwise than its scenario wants".to_owned())
    }
}

/// The words of an axis; `None` where it is not there.
fn listed<T>(values: &[T], word: impl Fn(&T) -> &'static str) -> Option<Vec<String>> {
    (!values.is_empty()).then(|| values.iter().map(|value| word(value).to_owned()).collect())
}
