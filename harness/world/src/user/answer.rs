//! What the answer to an entry's call says: the row it made, or the code and the text of a refusal.

use serde_json::Value;

use crate::http::{Answer, excerpt};

/// The status of a tool's answer that names none: the call was accepted.
const ACCEPTED: u16 = 201;
/// The tool's own protocol refused the call (mcp §5).
const BAD_CALL: u16 = 400;
/// The tool could not reach the tenant (mcp §5).
const UNREACHABLE: u16 = 502;

/// An answer, as far as an entry's call is concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct EntryAnswer {
    /// Its status.
    pub(super) status: u16,
    /// The row that was made.
    pub(super) workspace: Option<String>,
    /// The code of a refusal.
    pub(super) code: Option<String>,
    /// The text of a refusal.
    pub(super) reason: Option<String>,
}

impl EntryAnswer {
    /// The answer of a route.
    pub(super) fn of_route(answer: &Answer) -> Self {
        let is_good = (200..300).contains(&answer.status);
        if is_good && answer.body.get("error").is_none() {
            return Self { status: answer.status, workspace: text(&answer.body, "id"), ..Self::default() };
        }
        Self::refusal(answer.status, &answer.body)
    }

    /// The answer of an import of one member: its row stands in a list, a member that could not be made in `error`.
    pub(super) fn of_import(answer: &Answer) -> Self {
        let workspace = answer.body.pointer("/workspaces/0").and_then(|row| text(row, "id"));
        Self { workspace, ..Self::of_route(answer) }
    }

    /// The answer of the tool: its text is JSON, and a refusal's `detail` is JSON once more (mcp §5).
    pub(super) fn of_tool(said: &str, is_error: bool) -> Self {
        let value: Value = serde_json::from_str(said).unwrap_or_default();
        let Some(error) = value.get("error").filter(|_| !is_error) else {
            if is_error {
                return Self { status: BAD_CALL, reason: Some(said.to_owned()), ..Self::default() };
            }
            return Self { status: ACCEPTED, workspace: text(&value, "id"), ..Self::default() };
        };
        let status =
            value.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
        let detail = value.get("detail").unwrap_or(error);
        let detail = match detail.as_str().and_then(|text| serde_json::from_str(text).ok()) {
            Some(inner @ Value::Object(_)) => inner,
            _ => detail.clone(),
        };
        Self::refusal(status.unwrap_or(UNREACHABLE), &detail)
    }

    fn refusal(status: u16, body: &Value) -> Self {
        let whole = || (!body.is_null()).then(|| excerpt(body));
        let reason = text(body, "error").or_else(whole);
        Self { status, workspace: None, code: text(body, "code"), reason }
    }
}

fn text(body: &Value, key: &str) -> Option<String> {
    body.get(key).and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, workspace: Option<&str>, code: Option<&str>, reason: Option<&str>) -> EntryAnswer {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        EntryAnswer { status, workspace: owned(workspace), code: owned(code), reason: owned(reason) }
    }

    #[test]
    fn a_tools_text_is_read_twice() {
        let refused = json!({"error": "HTTP 422", "status": 422,
            "detail": "{\"error\":\"no key\\nfor `x`\",\"code\":\"MISSING_BYOK_CREDENTIAL\"}"});
        for (said, is_error, expected) in [
            (
                json!({"id": "w", "status": "provisioning"}).to_string(),
                false,
                answer(201, Some("w"), None, None),
            ),
            (
                refused.to_string(),
                false,
                answer(422, None, Some("MISSING_BYOK_CREDENTIAL"), Some("no key\nfor `x`")),
            ),
            (
                json!({"error": "AUTH_ERROR", "detail": "go away", "status": 401}).to_string(),
                false,
                answer(401, None, None, Some("go away")),
            ),
            (
                json!({"error": "Tenant host unreachable", "detail": "refused"}).to_string(),
                false,
                answer(502, None, None, Some("refused")),
            ),
            ("MCP error -32602: x".into(), true, answer(400, None, None, Some("MCP error -32602: x"))),
        ] {
            assert_eq!(EntryAnswer::of_tool(&said, is_error), expected, "{said}");
        }
    }

    #[test]
    fn a_routes_answer_is_a_row_or_a_refusal() {
        let said = |status, body| EntryAnswer::of_route(&Answer { status, body });
        assert_eq!(said(201, json!({"id": "w"})), answer(201, Some("w"), None, None));
        assert_eq!(said(422, json!({"error": "e", "code": "C"})), answer(422, None, Some("C"), Some("e")));
        assert_eq!(said(404, Value::Null), answer(404, None, None, None));
        assert_eq!(
            said(404, json!("404 page not found")),
            answer(404, None, None, Some("404 page not found"))
        );
    }

    #[test]
    fn an_imports_answer_lists_its_row() {
        let said = |status, body| EntryAnswer::of_import(&Answer { status, body });
        let made = json!({"org": "o", "count": 1, "workspaces": [{"id": "w", "name": "a", "tier": 4}]});
        assert_eq!(said(201, made), answer(201, Some("w"), None, None));
        let partial = json!({"org": "o", "count": 0, "workspaces": [], "error": "no model"});
        assert_eq!(said(207, partial), answer(207, None, None, Some("no model")));
    }
}
