//! Samples for programs.

use serde_json::{Map, Value, json};

use super::{Sample, Samples};
use crate::predicted::prediction_as_json;

impl Samples<'_> {
    /// A list with an object a sample: the id with its form, then the fields of its prediction as `firstrun predict`
    /// prints them.
    pub(crate) fn as_json(&self) -> Value {
        self.samples.iter().map(as_json).collect()
    }
}

fn as_json(sample: &Sample) -> Value {
    let Sample { form, prediction } = sample;
    let own = [("form", json!(form.label)), ("id", json!(form.id)), ("of", json!(form.of))];
    let mut fields: Map<String, Value> =
        own.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    if let Value::Object(predicted) = prediction_as_json(prediction) {
        fields.extend(predicted);
    }
    Value::Object(fields)
}
