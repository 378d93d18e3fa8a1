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
    assert_eq!(calls[0].id, "make_0002_0");
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

/// A tool whose argument `model` is described by this text.
fn provision_tool(model_text: &str) -> ToolDescription {
    let schema =
        json!({"type": "object", "properties": {"model": {"type": "string", "description": model_text}}});
    ToolDescription { input_schema: schema, ..tool("provision_workspace") }
}

fn typed(prompt: &Prompt) -> Vec<Option<String>> {
    let calls = think(&mind(Persona::Reader, Some("habit")), prompt).completion.calls;
    calls.iter().map(|call| call.arguments.get("model").and_then(Value::as_str).map(str::to_owned)).collect()
}

#[test]
fn a_reader_obeys_what_the_tool_says_of_the_model() {
    let rules =
        "Leave it out for the default. Platform-billed ids: claude-code: a/1, a/2; google-adk: platform:g-1.";
    let list = "Platform-billed ids: claude-code: a/1; hermes: h/1.";
    let default_alone = "Leave it out unless the user named one; then the default applies.";
    for (text, runtime, expected) in [
        (rules, None, [None, Some("a/1")]),
        (rules, Some("google-adk"), [None, Some("platform:g-1")]),
        (rules, Some("codex"), [None, None]),
        (default_alone, None, [None, None]),
        (list, Some("hermes"), [Some("h/1"), Some("h/1")]),
        (list, Some("codex"), [Some("habit"), Some("habit")]),
        ("LLM model id.", None, [Some("habit"), Some("habit")]),
        ("", Some("codex"), [Some("habit"), Some("habit")]),
    ] {
        let mut prompt = said_to_concierge(&team(&["Scout", "Writer"], runtime, None));
        prompt.tools = Arc::new(vec![provision_tool(text), tool("get_workspace")]);
        assert_eq!(typed(&prompt), expected.map(|id| id.map(str::to_owned)), "{runtime:?} {text}");
    }
    let mut wished = said_to_concierge(&team(&["Scout"], None, Some("wish")));
    wished.tools = Arc::new(vec![provision_tool(rules)]);
    assert_eq!(typed(&wished), [Some("wish".to_owned())]);
}

/// Lets a small platform answer until the model reports; answers the calls that were made, and the report.
fn play_turn(
    mind: &Mind,
    prompt: &mut Prompt,
    mut answer: impl FnMut(&str, &Value) -> Value,
) -> (Vec<(String, Value)>, String) {
    let mut made = Vec::new();
    for _ in 0..20 {
        let completion = think(mind, prompt).completion;
        if completion.calls.is_empty() {
            prompt.messages.push(Said::Assistant(completion.clone()));
            return (made, completion.text);
        }
        made.extend(completion.calls.iter().map(|call| (call.name.clone(), call.arguments.clone())));
        let results = completion.calls.iter().map(|call| CallResult {
            id: call.id.clone(),
            text: answer(&call.name, &call.arguments).to_string(),
            is_error: false,
        });
        let results = Said::Results(results.collect());
        prompt.messages.push(Said::Assistant(completion));
        prompt.messages.push(results);
    }
    panic!("no report after {made:?}");
}

/// Rows are named by their number; ids that begin with `bad` fail, `no` is refused.
#[derive(Default)]
struct Rows(Vec<(String, &'static str)>);

impl Rows {
    fn answer(&mut self, tool: &str, arguments: &Value) -> Value {
        let row = arguments["workspace_id"].as_str().and_then(|id| id.parse::<usize>().ok());
        match (tool, row) {
            ("provision_workspace", _) => {
                let model = arguments["model"].as_str().unwrap_or_default();
                if model == "no" {
                    return json!({"error": "HTTP 422", "detail": "{\"error\": \"no\"}", "status": 422});
                }
                let status = if model.starts_with("bad") { "failed" } else { "online" };
                self.0.push((format!("{} (stored)", arguments["name"].as_str().unwrap()), status));
                json!({"id": (self.0.len() - 1).to_string(), "status": "provisioning"})
            }
            ("get_workspace", Some(row)) => json!({"name": self.0[row].0, "status": self.0[row].1}),
            ("deprovision_workspace", Some(row)) => {
                assert_eq!(arguments["confirm_name"], json!(self.0[row].0));
                self.0[row].1 = "removed";
                json!({"status": "removed"})
            }
            other => panic!("{other:?}"),
        }
    }

    fn states(&self) -> Vec<&'static str> {
        self.0.iter().map(|(_, status)| *status).collect()
    }
}

fn tools_of(made: &[(String, Value)]) -> Vec<&str> {
    made.iter().map(|(tool, _)| tool.split('_').next().unwrap()).collect()
}

#[test]
fn told_to_try_again_a_model_deletes_what_failed_and_leaves_the_rest() {
    let mind = mind(Persona::Guesser, Some("bad-1"));
    let mut rows = Rows::default();
    let mut prompt = said_to_concierge(&team(&["Scout", "Writer"], Some("codex"), None));
    let (made, _) = play_turn(&mind, &mut prompt, |tool, arguments| rows.answer(tool, arguments));
    assert_eq!(tools_of(&made), ["provision", "provision", "get", "get"]);
    rows.0[1].1 = "online";
    let again = UserTurn { text: String::new(), ..team(&["Scout", "Writer"], Some("codex"), Some("good")) };
    prompt.messages.push(Said::User(words::render_again(&again)));
    let (made, report) = play_turn(&mind, &mut prompt, |tool, arguments| rows.answer(tool, arguments));
    assert_eq!(tools_of(&made), ["get", "get", "deprovision", "provision", "get"]);
    assert_eq!(made[3].1, json!({"name": "Scout", "runtime": "codex", "model": "good"}));
    assert_eq!(rows.states(), ["removed", "online", "online"]);
    assert!(report.contains("Scout is online") && report.contains("Writer is online"), "{report}");
}

#[test]
fn trying_again_after_an_early_refusal_has_nothing_to_delete() {
    let mind = mind(Persona::Guesser, Some("no"));
    let mut rows = Rows::default();
    let mut prompt = said_to_concierge(&team(&["Scout"], None, None));
    play_turn(&mind, &mut prompt, |tool, arguments| rows.answer(tool, arguments));
    prompt.messages.push(Said::User("What is going on?".into()));
    play_turn(&mind, &mut prompt, |tool, arguments| rows.answer(tool, arguments));
    prompt.messages.push(Said::User(words::render_again(&team(&["Scout"], None, Some("good")))));
    let (made, _) = play_turn(&mind, &mut prompt, |tool, arguments| rows.answer(tool, arguments));
    assert_eq!(tools_of(&made), ["provision", "get"]);
}

#[test]
fn a_stubborn_model_types_the_same_id_once_more_and_then_gives_up() {
    for (id, expected, states) in [
        ("bad-1", vec!["provision", "get", "deprovision", "provision", "get"], vec!["removed", "failed"]),
        ("no", vec!["provision", "provision"], vec![]),
        ("good", vec!["provision", "get"], vec!["online"]),
    ] {
        let mind = mind(Persona::Stubborn, Some(id));
        let mut rows = Rows::default();
        let mut prompt = said_to_concierge(&team(&["Scout"], None, None));
        let (made, report) = play_turn(&mind, &mut prompt, |tool, arguments| rows.answer(tool, arguments));
        assert_eq!(tools_of(&made), expected, "{id}");
        assert_eq!(rows.states(), states, "{id}");
        let provisions = made.iter().filter(|(tool, _)| tool == "provision_workspace");
        assert!(provisions.into_iter().all(|(_, arguments)| arguments["model"] == id), "{made:?}");
        assert_eq!(report.matches("Scout").count(), 1, "{report}");
    }
}
