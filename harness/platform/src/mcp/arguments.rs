//! A call's arguments against the tool's schema (mcp §3): a wrong one refuses the call, an unknown one is dropped.

use rmcp::model::JsonObject;
use serde_json::Value;

use super::tools::{Argument, ArgumentKind, ManagementTool};

/// The arguments that go on: known ones, as they were typed, in declared order.
///
/// # Errors
/// What is wrong with them, in a few words.
pub(crate) fn checked(tool: ManagementTool, typed: &JsonObject) -> Result<JsonObject, String> {
    let mut kept = JsonObject::new();
    let mut wrong = Vec::new();
    for argument in tool.arguments() {
        match typed.get(argument.name) {
            Some(value) if fits(argument.kind, value) => {
                kept.insert(argument.name.to_owned(), value.clone());
            }
            Some(_) => wrong.push(format!("{} must be {}", argument.name, expected(argument))),
            None if argument.required => wrong.push(format!("{} is required", argument.name)),
            None => {}
        }
    }
    if wrong.is_empty() { Ok(kept) } else { Err(wrong.join("; ")) }
}

fn fits(kind: ArgumentKind, value: &Value) -> bool {
    match kind {
        ArgumentKind::Text => value.is_string(),
        ArgumentKind::Tier => value.as_i64().is_some_and(|tier| (1..=4).contains(&tier)),
    }
}

fn expected(argument: &Argument) -> &'static str {
    match argument.kind {
        ArgumentKind::Text => "a string",
        ArgumentKind::Tier => "a whole number from 1 to 4",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arguments_go_on_as_typed_and_wrong_ones_refuse_the_call() {
        for (typed, outcome) in [
            (json!({"name": "A", "model": ""}), Ok(json!({"name": "A", "model": ""}))),
            (json!({"model": "m", "name": "A", "colour": "red"}), Ok(json!({"name": "A", "model": "m"}))),
            (json!({"name": "A", "tier": 4}), Ok(json!({"name": "A", "tier": 4}))),
            (json!({"name": "A", "tier": 5}), Err("tier must be a whole number from 1 to 4")),
            (json!({"name": "A", "tier": 1.5}), Err("tier must be a whole number from 1 to 4")),
            (json!({"name": "A", "role": null}), Err("role must be a string")),
            (json!({"model": "m"}), Err("name is required")),
        ] {
            let checked = checked(ManagementTool::Provision, typed.as_object().unwrap());
            assert_eq!(checked.map(Value::Object), outcome.map_err(str::to_owned), "{typed}");
        }
    }
}
