//! The concierge's model: reads the user's words, provisions each member, waits, and reports.
//!
//! Asked to try again, it first looks at the members' rows and deletes those that failed. A stubborn one does the same
//! by itself, once, with the id that was refused.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::habit::{Choice, model_to_type};
use super::progress::{
    Attempt, DEPROVISION, EntryAnswer, PROVISION, Progress, READ, Standing, is_tool, look_id, provision_id,
};
use super::{Mind, Thought, report};
use crate::speech::{Call, Completion, Prompt};
use crate::user::words::{self, Heard};
use journal::Persona;

/// The pause between two looks at the team.
pub(crate) const READ_PAUSE: Duration = Duration::from_millis(50);

/// 15 s of looking: then the model reports what it has.
const MAX_READS: usize = 300;

/// A stubborn model types an id this often.
const STUBBORN_TRIES: usize = 2;

/// The next step of the turn.
pub(crate) fn answer(mind: &Mind, prompt: &Prompt) -> Thought {
    let heard = words::read(prompt.last_words().unwrap_or_default());
    if heard.turn.members.is_empty() {
        let words = "Tell me which members your team should have, and I will set them up.";
        return Thought::at_once(Completion::text(words));
    }
    let Some(provision) = tool_named(prompt, PROVISION) else {
        let words = "I can't set up a team: I was given no tool that makes workspaces.";
        return Thought::at_once(Completion::text(words));
    };
    let course = Course { mind, prompt, heard: &heard, progress: Progress::of(prompt), provision };
    let acts = [course.look_back(), course.clear_away(), course.provision_missing()];
    if let Some(calls) = acts.into_iter().find(|calls| !calls.is_empty()) {
        return Thought::at_once(Completion::calls(calls));
    }
    if let Some(look) = course.look() {
        return look;
    }
    let insisting = course.insist();
    if !insisting.is_empty() {
        return Thought::at_once(Completion::calls(insisting));
    }
    Thought::at_once(Completion::text(report::on(&course.team())))
}

/// A turn, as far as it has come.
struct Course<'a> {
    mind: &'a Mind,
    prompt: &'a Prompt,
    heard: &'a Heard,
    progress: Progress<'a>,
    provision: &'a str,
}

impl<'a> Course<'a> {
    fn members(&self) -> impl Iterator<Item = (usize, &str)> {
        self.heard.turn.members.iter().map(String::as_str).enumerate()
    }

    /// The newest attempts for the members, this turn's before those of the turns that it repeats.
    fn team(&self) -> Vec<&Attempt<'a>> {
        let newest =
            |(slot, name)| self.progress.of_slot(slot).next_back().or_else(|| self.before(slot, name));
        self.members().filter_map(newest).collect()
    }

    /// What an earlier turn left of a member, where the user wants it tried again.
    fn before(&self, slot: usize, name: &str) -> Option<&Attempt<'a>> {
        if self.heard.again { self.progress.before(slot, name) } else { None }
    }

    /// The members that this turn has not provisioned, each with what is left of it.
    fn not_provisioned(&self) -> impl Iterator<Item = (usize, &str, Option<&Attempt<'a>>)> {
        let is_missing = |slot: &usize| self.progress.of_slot(*slot).next().is_none();
        self.members()
            .filter(move |(slot, _)| is_missing(slot))
            .map(|(slot, name)| (slot, name, self.before(slot, name)))
    }

    /// Asked to try again, it looks at the real state first.
    fn look_back(&self) -> Vec<Call> {
        let Some(tool) = tool_named(self.prompt, READ) else { return Vec::new() };
        let unread = self
            .not_provisioned()
            .filter_map(|(.., before)| before)
            .filter(|before| before.reads == 0 && !before.is_cleared)
            .filter_map(Attempt::id);
        reads(tool, 1, unread)
    }

    /// Then what failed is deleted.
    fn clear_away(&self) -> Vec<Call> {
        let left = self.not_provisioned().filter_map(|(.., before)| before);
        self.deletes(left.filter(|before| before.standing() == Standing::Failed))
    }

    fn deletes<'b>(&self, failed: impl Iterator<Item = &'b Attempt<'a>>) -> Vec<Call>
    where
        'a: 'b,
    {
        let Some(tool) = tool_named(self.prompt, DEPROVISION) else { return Vec::new() };
        let confirmed = failed.filter_map(|attempt| attempt.id().zip(attempt.stored_name()));
        let calls = confirmed.enumerate().map(|(index, (id, name))| Call {
            id: format!("call_{:04}", self.progress.calls_so_far + index),
            name: tool.to_owned(),
            arguments: json!({ "workspace_id": id, "confirm_name": name }),
        });
        calls.collect()
    }

    /// Every member without a row gets one.
    fn provision_missing(&self) -> Vec<Call> {
        let has_nothing = |before: &Option<&Attempt<'_>>| {
            before.is_none_or(|before| matches!(before.standing(), Standing::Failed | Standing::Nothing))
        };
        let missing = self.not_provisioned().filter(|(.., before)| has_nothing(before));
        let arguments = missing.map(|(slot, name, _)| (slot, self.arguments(slot, name)));
        self.provisions(arguments)
    }

    fn provisions(&self, wanted: impl Iterator<Item = (usize, Value)>) -> Vec<Call> {
        let calls = wanted.enumerate().map(|(index, (slot, arguments))| Call {
            id: provision_id(self.progress.calls_so_far + index, slot),
            name: self.provision.to_owned(),
            arguments,
        });
        calls.collect()
    }

    fn arguments(&self, slot: usize, name: &str) -> Value {
        let turn = &self.heard.turn;
        let choice = Choice {
            wish: turn.model.as_deref(),
            runtime: turn.runtime.as_deref(),
            slot,
            model_text: model_text(self.prompt, self.provision),
        };
        let mut arguments = Map::new();
        arguments.insert("name".into(), json!(name));
        if let Some(runtime) = &turn.runtime {
            arguments.insert("runtime".into(), json!(runtime));
        }
        if let Some(model) = model_to_type(self.mind, choice) {
            arguments.insert("model".into(), json!(model));
        }
        Value::Object(arguments)
    }

    /// Another look at the rows on their way.
    fn look(&self) -> Option<Thought> {
        let tool = tool_named(self.prompt, READ)?;
        let team = self.team();
        let is_open =
            |attempt: &&&Attempt<'_>| attempt.standing() == Standing::Open && attempt.reads < MAX_READS;
        let open: Vec<_> = team.iter().filter(is_open).collect();
        let looks = open.iter().map(|attempt| attempt.reads).max()?;
        let calls = reads(tool, looks + 1, open.iter().filter_map(|attempt| attempt.id()));
        let pause = if looks > 0 { READ_PAUSE } else { Duration::ZERO };
        Some(Thought { pause, completion: Completion::calls(calls) })
    }

    /// What a stubborn model does about a refusal: it deletes its failed row, then types the same id once more.
    fn insist(&self) -> Vec<Call> {
        if self.mind.persona != Persona::Stubborn {
            return Vec::new();
        }
        let once: Vec<&Attempt<'_>> = self
            .members()
            .filter(|(slot, _)| self.progress.of_slot(*slot).count() < STUBBORN_TRIES)
            .filter_map(|(slot, _)| self.progress.of_slot(slot).next_back())
            .collect();
        let failed = once.iter().copied().filter(|attempt| attempt.standing() == Standing::Failed);
        let deletes = self.deletes(failed);
        if !deletes.is_empty() {
            return deletes;
        }
        let was_refused = |attempt: &&&Attempt<'_>| {
            attempt.is_cleared
                || attempt.standing() == Standing::Failed
                || matches!(attempt.entry, EntryAnswer::Refused(_))
        };
        let refused = once.iter().filter(was_refused);
        self.provisions(refused.map(|attempt| (attempt.slot, attempt.arguments.clone())))
    }
}

fn reads<'a>(tool: &str, number: usize, ids: impl Iterator<Item = &'a str>) -> Vec<Call> {
    let calls = ids.enumerate().map(|(index, id)| Call {
        id: look_id(number, index),
        name: tool.to_owned(),
        arguments: json!({ "workspace_id": id }),
    });
    calls.collect()
}

fn tool_named<'a>(prompt: &'a Prompt, name: &str) -> Option<&'a str> {
    prompt.tools.iter().map(|tool| tool.name.as_str()).find(|shown| is_tool(shown, name))
}

/// What the tool says of its argument `model`; empty where it says nothing.
fn model_text<'a>(prompt: &'a Prompt, tool: &str) -> &'a str {
    let schema = prompt.tools.iter().find(|shown| shown.name == tool).map(|shown| &shown.input_schema);
    let text = schema.and_then(|schema| schema.pointer("/properties/model/description"));
    text.and_then(Value::as_str).unwrap_or_default()
}
