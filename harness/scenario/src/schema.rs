//! `scenarios/schema.json`: the language for editors, made from the raw types.
//!
//! A schema sees shapes and closed names. What it can't see (members that nobody asked for, axes that nothing uses,
//! promises of a contract, runtimes of a registry) is what `firstrun check` is for.

use std::borrow::Cow;
use std::marker::PhantomData;

use contract::Promise;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crate::raw::{RawDraw, RawExpect, RawKeyAxis, RawNamedKey, RawRow, RawScenario};

/// The JSON Schema of a scenario file, in draft 7, which editors know best.
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.root_schema_for::<RawScenario>();
    schema.insert("title".to_owned(), json!("A firstrun scenario"));
    let mut value = schema.to_value();
    unwrap_descriptions(&mut value);
    value
}

/// Where our lines end is no matter of an editor's.
fn unwrap_descriptions(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) if key == "description" => *text = text.replace('\n', " "),
                    other => unwrap_descriptions(other),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(unwrap_descriptions),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A type of the language that is no type of ours: its name, and its schema.
macro_rules! written {
    ($(#[doc = $doc:literal])* $name:ident, $schema:expr) => {
        $(#[doc = $doc])*
        pub(crate) struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let build: fn(&mut SchemaGenerator) -> Schema = $schema;
                build(generator)
            }
        }
    };
}

written!(
    /// One line that says something.
    Sentence,
    |_| json_schema!({ "type": "string", "pattern": "^[^\\n]*\\S[^\\n]*$" })
);

written!(
    /// A text with references.
    Text,
    |_| json_schema!({
        "description": "`$name` inserts an axis or what was kept (`$refused.alternative`), `$$` is a dollar.",
        "type": "string",
        "pattern": "^([^$]|\\$\\$|\\$[a-z_][a-z0-9_]*)*$",
    })
);

written!(
    /// A free word.
    Tag,
    |_| json_schema!({ "type": "string", "pattern": "^[a-z0-9_-]+$" })
);

written!(
    /// A name under which something is kept.
    Name,
    |_| json_schema!({ "type": "string", "pattern": "^[a-z0-9_]+$" })
);

written!(
    /// A member's name.
    MemberName,
    |_| json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$" })
);

written!(
    /// The axis `key`, the one place where a key comes from.
    KeyReference,
    |_| json_schema!({ "const": "$key" })
);

written!(
    /// A promise that must be made, or with `false` must not.
    Need,
    |_| {
        let keys: Vec<&str> = Promise::ALL.iter().map(|promise| promise.key()).collect();
        json_schema!({
            "anyOf": [
                { "enum": keys },
                {
                    "type": "object", "propertyNames": { "enum": keys },
                    "additionalProperties": { "type": "boolean" }, "minProperties": 1, "maxProperties": 1,
                },
            ],
        })
    }
);

written!(
    /// The axis `runtime`.
    Runtimes,
    |_| json_schema!({
        "anyOf": [{ "const": "any" }, { "type": "array", "items": { "type": "string" }, "minItems": 1 }],
    })
);

written!(
    /// The axis `model`.
    Models,
    |generator| {
        let draw = generator.subschema_for::<RawDraw>();
        json_schema!({
            "anyOf": [{ "type": "array", "items": { "type": ["string", "null"] }, "minItems": 1 }, draw],
        })
    }
);

written!(
    /// The axis `key`.
    Keys,
    |generator| {
        let axis = generator.subschema_for::<RawKeyAxis>();
        let named = generator.subschema_for::<RawNamedKey>();
        json_schema!({
            "anyOf": [
                axis,
                { "type": "array", "items": { "anyOf": [{ "type": "null" }, named] }, "minItems": 1 },
            ],
        })
    }
);

written!(
    /// Axes of the author's own.
    OwnAxes,
    |_| json_schema!({
        "type": "object",
        "propertyNames": { "pattern": "^[a-z_][a-z0-9_]*$" },
        "additionalProperties": {
            "type": "array", "minItems": 1,
            "items": { "type": ["string", "number", "boolean", "null"] },
        },
    })
);

written!(
    /// What must hold now.
    Expected,
    |generator| {
        let expect = generator.subschema_for::<RawExpect>();
        json_schema!({ "anyOf": [{ "const": "as_predicted" }, expect] })
    }
);

written!(
    /// What is expected of a team.
    Team,
    |generator| {
        let row = generator.subschema_for::<RawRow>();
        json_schema!({
            "anyOf": [
                { "const": "all_online" },
                { "type": "object", "additionalProperties": row, "minProperties": 1 },
            ],
        })
    }
);

/// A closed name, or a reference to the axis that holds such names.
pub(crate) struct OrReference<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for OrReference<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}OrReference", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let own = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [own, { "type": "string", "pattern": "^\\$[a-z_][a-z0-9_]*$" }] })
    }
}

/// Says of rows, by either key.
pub(crate) fn rows_wanted() -> Value {
    json!([{ "required": ["team"] }, { "required": ["workspace"] }])
}

/// Says what a draw is from, by exactly one key.
pub(crate) fn drawn_from() -> Value {
    json!([{ "required": ["arm"] }, { "required": ["forms"] }, { "required": ["any_form"] }])
}

/// Says whose rows are meant, by exactly one key.
pub(crate) fn who_wanted() -> Value {
    json!([{ "required": ["each"] }, { "required": ["workspace"] }])
}

/// Makes one map with one key of a choice among maps with one key each: an editor then completes the key, and names an
/// unknown one instead of saying that nothing matches.
pub(crate) fn one_key(schema: &mut Schema) {
    let Some(Value::Array(choices)) = schema.remove("oneOf") else { return };
    let mut properties = serde_json::Map::new();
    for choice in choices {
        let described = choice.get("description").cloned();
        let Some(Value::Object(own)) = choice.get("properties").cloned() else { continue };
        for (key, value) in own {
            properties.insert(key, with_description(value, described.clone()));
        }
    }
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema.insert("minProperties".to_owned(), json!(1));
    schema.insert("maxProperties".to_owned(), json!(1));
}

/// Draft 7 ignores what stands beside a reference, so the two are put together by `allOf`.
fn with_description(value: Value, description: Option<Value>) -> Value {
    match description {
        None => value,
        Some(description) => json!({ "description": description, "allOf": [value] }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_a_map_with_one_known_key() {
        let schema = schema();
        let step = &schema["definitions"]["RawStep"];
        assert_eq!(step["additionalProperties"], false, "{schema:#}");
        assert_eq!(step["maxProperties"], 1);
        let verbs: Vec<&String> = step["properties"].as_object().unwrap().keys().collect();
        assert!(verbs.len() >= 11 && verbs.iter().any(|verb| *verb == "user_says"), "{verbs:?}");
        for (verb, value) in step["properties"].as_object().unwrap() {
            assert!(value["description"].is_string(), "`{verb}` says nothing");
        }
    }
}
