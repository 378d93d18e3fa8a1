//! What a persona types into the `model` field.

use contract::{Rule, platform_ids_named, rules_stated};
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

/// What a persona looks at before it types.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice<'a> {
    /// The id that the user wished for.
    pub(crate) wish: Option<&'a str>,
    /// The runtime that the user named.
    pub(crate) runtime: Option<&'a str>,
    /// The member's place in the turn, from 0.
    pub(crate) slot: usize,
    /// What the tool says of its argument `model`.
    pub(crate) model_text: &'a str,
}

/// The id to type: the user's wish before all else, then as the persona is.
pub(crate) fn model_to_type(mind: &Mind, choice: Choice<'_>) -> Option<String> {
    if let Some(wish) = choice.wish {
        return Some(wish.to_owned());
    }
    match mind.persona {
        Persona::Guesser | Persona::Stubborn => guess(mind, choice.runtime),
        Persona::Omitter => None,
        Persona::Reader => read(mind, choice),
    }
}

fn guess(mind: &Mind, runtime: Option<&str>) -> Option<String> {
    mind.would_type.clone().or_else(|| habit(runtime).map(str::to_owned))
}

/// Obeys the text: leaves the field out once where that means a default, else takes what the text says is paid for.
fn read(mind: &Mind, choice: Choice<'_>) -> Option<String> {
    let may_leave_out = rules_stated(choice.model_text).contains(&Rule::OmitMeansDefault);
    if may_leave_out && choice.slot == 0 {
        return None;
    }
    let runtime = choice.runtime.unwrap_or(HABITUAL_RUNTIME);
    let named = platform_ids_named(choice.model_text, runtime).into_iter().next();
    if named.is_some() || may_leave_out { named } else { guess(mind, choice.runtime) }
}

fn habit(runtime: Option<&str>) -> Option<&'static str> {
    let runtime = runtime.unwrap_or(HABITUAL_RUNTIME);
    HABITS.iter().find(|(name, _)| *name == runtime).map(|(_, id)| *id)
}
