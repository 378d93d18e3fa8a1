use super::*;
use crate::speech::{CallResult, Said};
use crate::user::words::{self, UserTurn};
use journal::ToolDescription;
use serde_json::{Value, json};
use std::sync::Arc;

fn mind(persona: Persona, would_type: Option<&str>) -> Mind {
    Mind {
        persona,
        would_type: would_type.map(str::to_owned),
        answers: HashMap::from([("q0011".to_owned(), "amber-123456".to_owned())]),
    }
}

fn tool(name: &str) -> ToolDescription {
    ToolDescription { name: name.into(), description: String::new(), input_schema: json!({"type": "object"}) }
}

fn said_to_concierge(turn: &UserTurn) -> Prompt {
    Prompt {
        model: "m".into(),
        system: None,
        messages: vec![Said::User(words::render(turn))],
        tools: Arc::new(vec![
            tool("deprovision_workspace"),
            tool("provision_workspace"),
            tool("get_workspace"),
        ]),
        stream: true,
    }
}

fn team(members: &[&str], runtime: Option<&str>, model: Option<&str>) -> UserTurn {
    UserTurn {
        text: "Build me a team.".into(),
        members: members.iter().map(|name| (*name).to_owned()).collect(),
        runtime: runtime.map(str::to_owned),
        model: model.map(str::to_owned),
    }
}

/// Lets the tools answer what the model asked for.
fn answer_calls(prompt: &mut Prompt, completion: Completion, answer: impl Fn(&str, &Value) -> Value) {
    let results = completion.calls.iter().map(|call| CallResult {
        id: call.id.clone(),
        text: answer(&call.name, &call.arguments).to_string(),
        is_error: false,
    });
    let results = Said::Results(results.collect());
    prompt.messages.push(Said::Assistant(completion));
    prompt.messages.push(results);
}

#[test]
fn what_a_persona_types() {
    use Persona::{Guesser, Omitter};
    for (persona, would_type, runtime, wish, expected) in [
        (Guesser, None, None, None, Some("claude-sonnet-4-6")),
        (Guesser, None, Some("codex"), None, Some("gpt-5.5")),
        (Guesser, None, Some("openclaw"), None, Some("moonshot:kimi-k2.6")),
        (Guesser, None, Some("never-heard-of"), None, None),
        (Guesser, Some(" x "), Some("codex"), None, Some(" x ")),
        (Guesser, Some("x"), None, Some("wish"), Some("wish")),
        (Omitter, Some("x"), Some("codex"), None, None),
        (Omitter, None, None, Some("wish"), Some("wish")),
    ] {
        let prompt = said_to_concierge(&team(&["Scout"], runtime, wish));
        let thought = think(&mind(persona, would_type), &prompt);
        let arguments = &thought.completion.calls[0].arguments;
        assert_eq!(
            arguments.get("model").and_then(Value::as_str),
            expected,
            "{persona:?} {would_type:?} {runtime:?}"
        );
        assert_eq!(arguments.get("runtime").and_then(Value::as_str), runtime);
    }
}

#[test]
fn one_call_for_each_member_and_never_the_tool_that_deletes() {
    let prompt = said_to_concierge(&team(&["Scout", "Writer"], None, None));
    let calls = think(&mind(Persona::Guesser, None), &prompt).completion.calls;
    let names: Vec<_> = calls.iter().map(|call| (call.name.as_str(), &call.arguments["name"])).collect();
    assert_eq!(names, [("provision_workspace", &json!("Scout")), ("provision_workspace", &json!("Writer"))]);
    assert_ne!(calls[0].id, calls[1].id);
}

#[test]
fn rows_are_read_until_they_settle_and_refusals_are_not() {
    let mind = mind(Persona::Guesser, None);
    let mut prompt = said_to_concierge(&team(&["Scout", "Writer", "Critic"], None, None));
    let first = think(&mind, &prompt).completion;
    answer_calls(&mut prompt, first, |_, arguments| match arguments["name"].as_str() {
        Some("Critic") => {
            json!({"error": "HTTP 422", "detail": "{\"error\": \"no such id: `x`\"}", "status": 422})
        }
        name => json!({"id": name, "status": "provisioning"}),
    });
    let look = think(&mind, &prompt);
    assert_eq!(look.pause, Duration::ZERO);
    assert_eq!(look.completion.calls.len(), 2);
    answer_calls(&mut prompt, look.completion, |_, arguments| match arguments["workspace_id"].as_str() {
        Some("Scout") => json!({"status": "online"}),
        _ => json!({"status": "provisioning"}),
    });
    let look = think(&mind, &prompt);
    assert_eq!(look.pause, concierge::READ_PAUSE);
    assert_eq!(look.completion.calls[0].arguments, json!({"workspace_id": "Writer"}));
    assert_eq!(look.completion.calls.len(), 1);
    answer_calls(
        &mut prompt,
        look.completion,
        |_, _| json!({"status": "failed", "last_sample_error": "no key\nfor `x`"}),
    );
    let report = think(&mind, &prompt).completion;
    assert!(report.calls.is_empty());
    for line in ["Scout is online", "Writer failed: no key\nfor `x`", "Critic was refused: no such id: `x`"] {
        assert!(report.text.contains(line), "{line:?} in {:?}", report.text);
    }
}

#[test]
fn looking_ends_after_fifteen_seconds() {
    let mind = mind(Persona::Omitter, None);
    let mut prompt = said_to_concierge(&team(&["Scout"], None, None));
    let mut looks = 0;
    loop {
        let completion = think(&mind, &prompt).completion;
        if completion.calls.is_empty() {
            assert!(completion.text.contains("Scout is provisioning"), "{}", completion.text);
            break;
        }
        looks += usize::from(completion.calls[0].name == "get_workspace");
        answer_calls(&mut prompt, completion, |_, _| json!({"id": "row", "status": "provisioning"}));
    }
    assert_eq!(looks, 300);
}

#[test]
fn a_second_turn_starts_anew() {
    let mind = mind(Persona::Omitter, None);
    let mut prompt = said_to_concierge(&team(&["Scout"], None, None));
    for status in ["provisioning", "online"] {
        let completion = think(&mind, &prompt).completion;
        answer_calls(&mut prompt, completion, |_, _| json!({"id": "row-1", "status": status}));
    }
    let report = think(&mind, &prompt).completion;
    prompt.messages.push(Said::Assistant(report));
    prompt.messages.push(Said::User(words::render(&team(&["Writer"], None, None))));
    let calls = think(&mind, &prompt).completion.calls;
    assert_eq!(calls[0].arguments, json!({"name": "Writer"}));
    assert_eq!(calls[0].id, "call_0002");
}

#[test]
fn a_known_question_is_answered_with_or_without_tools() {
    let mind = mind(Persona::Guesser, None);
    let mut prompt = Prompt::question("m", "What is the word for q0011?");
    assert_eq!(think(&mind, &prompt).completion, Completion::text("The word is amber-123456"));
    prompt.tools = said_to_concierge(&UserTurn::default()).tools;
    assert_eq!(think(&mind, &prompt).completion, Completion::text("The word is amber-123456"));
}

#[test]
fn a_member_without_a_question_says_something_short() {
    let thought = think(&mind(Persona::Guesser, None), &Prompt::question("m", "hello"));
    assert!(!thought.completion.text.is_empty());
    assert!(thought.completion.calls.is_empty());
}

#[test]
fn words_without_members_are_asked_back() {
    let prompt = said_to_concierge(&team(&[], None, None));
    let thought = think(&mind(Persona::Guesser, None), &prompt);
    assert!(thought.completion.calls.is_empty());
    assert!(thought.completion.text.contains("which members"));
}
