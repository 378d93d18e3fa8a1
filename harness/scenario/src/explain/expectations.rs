//! What must hold.

use contract::{Rule, Surface, Word};
use journal::Payer;

use super::words::{code, listed};
use crate::{
    Condition, ModelCallExpectation, ModelExpected, ParentExpected, RefusedExpectation, RowExpectation,
    SurfacesExpected, TeamExpectation, ToolTextExpectation, Who, WordsExpected,
};

/// Conditions that must hold together.
pub(super) fn conditions(conditions: &[Condition]) -> String {
    conditions.iter().map(condition).collect::<Vec<_>>().join("; ")
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Team(team) => rows(&team.value),
        Condition::ModelCalls(calls) => model_calls(&calls.value),
        Condition::Refused(refused) => refusal(&refused.value),
        Condition::ToolText(text) => tool_text(&text.value),
        Condition::That(that) => format!("this is true: {}", code(that.value.text())),
        Condition::AsPredicted(_) => "what became of the id is what the oracle predicts".to_owned(),
    }
}

fn rows(team: &TeamExpectation) -> String {
    match team {
        TeamExpectation::AllOnline => "every member is online".to_owned(),
        TeamExpectation::Rows(rows) => {
            let told: Vec<String> =
                rows.iter().map(|(name, expected)| format!("{} is {}", name.value, row(expected))).collect();
            told.join(", ")
        }
    }
}

fn row(row: &RowExpectation) -> String {
    let mut parts = Vec::new();
    parts.extend(row.status.map(|status| status.as_str().to_owned()));
    parts.extend(row.parent.map(|ParentExpected::Concierge| "under the concierge".to_owned()));
    parts.extend(row.tier.map(|tier| format!("of tier {tier}")));
    parts.extend(row.runtime.as_ref().map(|runtime| format!("on {runtime}")));
    listed(&parts)
}

fn model_calls(calls: &ModelCallExpectation) -> String {
    let who = match &calls.who {
        Who::Team => "every member's box",
        Who::Member(name) => &format!("the box of {name}"),
    };
    let mut parts = Vec::new();
    parts.extend(calls.payer.map(|payer| match payer {
        Payer::Platform => "was paid by the platform".to_owned(),
        Payer::Vendor => "was paid with the tenant's own key".to_owned(),
    }));
    parts.extend(calls.model.as_ref().map(|model| match model {
        ModelExpected::AsStored => "named the id that the platform says it stored".to_owned(),
        ModelExpected::This(id) => format!("named {}", code(&id.to_string())),
    }));
    parts.extend(calls.key.as_ref().map(|_| "carried the key of the case".to_owned()));
    match parts.as_slice() {
        [] => format!("{who} called its model"),
        some => format!("{who} called its model, and each call {}", listed(some)),
    }
}

fn refusal(refused: &RefusedExpectation) -> String {
    let code_told = refused.code.map(|code| format!(" with {code}")).unwrap_or_default();
    let words = match &refused.words {
        WordsExpected::AsPromised => "names what the contract promises".to_owned(),
        WordsExpected::These(words) => {
            format!(
                "names {}",
                listed(&words.iter().map(|word| word_told(*word).to_owned()).collect::<Vec<_>>())
            )
        }
    };
    let places = match &refused.surfaces {
        SurfacesExpected::AsPromised => "stands where the contract promises it".to_owned(),
        SurfacesExpected::These(places) => {
            let told: Vec<String> = places.iter().map(|place| surface(*place).to_owned()).collect();
            format!("stands in {}", listed(&told))
        }
    };
    let keep =
        refused.keep.as_ref().map(|name| format!(" (what it says is kept as `${name}`)")).unwrap_or_default();
    format!("every attempt was refused{code_told}, and the reason {words} and {places}{keep}")
}

fn word_told(word: Word) -> &'static str {
    match word {
        Word::Model => "the id",
        Word::AcceptedKeys => "keys that would do",
        Word::Alternative => "an id that would do",
    }
}

fn surface(surface: Surface) -> &'static str {
    match surface {
        Surface::List => "the list",
        Surface::Read => "the single read",
        Surface::CreateAnswer => "the answer to the call",
        Surface::Event => "the event",
        Surface::ToolResult => "the tool's result",
        Surface::User => "the user's chat",
    }
}

fn tool_text(text: &ToolTextExpectation) -> String {
    let rules: Vec<String> = text
        .states
        .iter()
        .map(|rule| {
            match rule {
                Rule::OmitMeansDefault => "leaving it out gives the platform's default",
                Rule::SlashIsPlatform => "ids with a slash are paid by the platform",
                Rule::BareOrColonNeedsKey => "bare ids and ids with a colon need a key",
            }
            .to_owned()
        })
        .collect();
    format!(
        "the text of `{}.{}` that the agent was sent states: {}",
        text.tool,
        text.argument,
        rules.join("; ")
    )
}
