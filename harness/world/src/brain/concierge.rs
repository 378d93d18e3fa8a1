//! The concierge's model: reads the user's words, provisions each member, waits, and reports.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::habit::model_to_type;
use super::progress::{PROVISION, Progress, READ, Standing, is_tool, look_id};
use super::{Mind, Thought, report};
use crate::speech::{Call, Completion, Prompt};
use crate::user::words;

/// The pause between two looks at the team.
pub(crate) const READ_PAUSE: Duration = Duration::from_millis(50);

/// 15 s of looking: then the model reports what it has.
const MAX_READS: usize = 300;

/// The next step of the turn.
pub(crate) fn answer(mind: &Mind, prompt: &Prompt) -> Thought {
    let progress = Progress::of(prompt);
    if progress.attempts.is_empty() {
        return Thought::at_once(begin(mind, prompt, progress.calls_so_far));
    }
    look_or_report(prompt, &progress)
}

fn begin(mind: &Mind, prompt: &Prompt, calls_so_far: usize) -> Completion {
    let heard = words::read(prompt.last_words().unwrap_or_default());
    if heard.members.is_empty() {
        return Completion::text("Tell me which members your team should have, and I will set them up.");
    }
    let Some(tool) = tool_named(prompt, PROVISION) else {
        return Completion::text("I can't set up a team: I was given no tool that makes workspaces.");
    };
    let model = model_to_type(mind, heard.model.as_deref(), heard.runtime.as_deref());
    let calls = heard.members.iter().enumerate().map(|(index, member)| {
        let mut arguments = Map::new();
        arguments.insert("name".into(), json!(member));
        if let Some(runtime) = &heard.runtime {
            arguments.insert("runtime".into(), json!(runtime));
        }
        if let Some(model) = &model {
            arguments.insert("model".into(), json!(model));
        }
        call(calls_so_far + index, tool, Value::Object(arguments))
    });
    Completion::calls(calls.collect())
}

fn look_or_report(prompt: &Prompt, progress: &Progress<'_>) -> Thought {
    let open: Vec<_> = progress
        .attempts
        .iter()
        .filter(|attempt| attempt.standing() == Standing::Open && attempt.reads < MAX_READS)
        .collect();
    let (false, Some(tool)) = (open.is_empty(), tool_named(prompt, READ)) else {
        return Thought::at_once(Completion::text(report::on(&progress.attempts)));
    };
    let looks = open.iter().map(|attempt| attempt.reads).max().unwrap_or_default();
    let ids = open.iter().filter_map(|attempt| attempt.id());
    let calls = ids.enumerate().map(|(index, id)| Call {
        id: look_id(looks + 1, index),
        name: tool.to_owned(),
        arguments: json!({ "workspace_id": id }),
    });
    Thought {
        pause: if looks > 0 { READ_PAUSE } else { Duration::ZERO },
        completion: Completion::calls(calls.collect()),
    }
}

fn tool_named<'a>(prompt: &'a Prompt, name: &str) -> Option<&'a str> {
    prompt.tools.iter().map(|tool| tool.name.as_str()).find(|shown| is_tool(shown, name))
}

fn call(number: usize, tool: &str, arguments: Value) -> Call {
    Call { id: format!("call_{number:04}"), name: tool.to_owned(), arguments }
}
