//! What a persona types into the `model` field.

use journal::Persona;

use super::Mind;

/// Where the user names no runtime, the habit is that of this one.
const HABITUAL_RUNTIME: &str = "claude-code";

/// The id that a model reaches for on a runtime (scenarios/README.md, "The agent"): a vendor's id each.
const HABITS: [(&str, &str); 5] = [
    ("claude-code", "claude-sonnet-4-6"),
    ("codex", "gpt-5.5"),
    ("hermes", "anthropic/claude-sonnet-4-6"),
    ("openclaw", "moonshot:kimi-k2.6"),
    ("google-adk", "gemini-2.5-pro"),
];

/// The id to type: the user's wish before all else, then as the persona is.
pub(crate) fn model_to_type(mind: &Mind, wish: Option<&str>, runtime: Option<&str>) -> Option<String> {
    if let Some(wish) = wish {
        return Some(wish.to_owned());
    }
    match mind.persona {
        Persona::Guesser => mind.would_type.clone().or_else(|| habit(runtime).map(str::to_owned)),
        Persona::Omitter => None,
    }
}

fn habit(runtime: Option<&str>) -> Option<&'static str> {
    let runtime = runtime.unwrap_or(HABITUAL_RUNTIME);
    HABITS.iter().find(|(name, _)| *name == runtime).map(|(_, id)| *id)
}
