//! One turn of the concierge.

use std::sync::Arc;
use std::time::Duration;

use journal::{Fact, ToolList};
use serde_json::Value;
use tokio::sync::Mutex;

use super::conversation::{Concierge, append};
use super::polls::ToolLedger;
use super::tools::{ToolAnswer, Tools};
use crate::boxes::{Agent, AgentBox, CallError, call_model};
use crate::brain::{PROVISION, is_tool};
use crate::org::Org;
use crate::shared::Shared;
use crate::speech::{Call, CallResult, Prompt, Said};

/// A turn calls the model at most this often: 300 looks at a team fit in.
const MAX_MODEL_CALLS: usize = 400;

/// A turn takes at most this long: a little less than the user waits, so that they are told the cause.
const TURN_BOUND: Duration = Duration::from_secs(29);

/// A conversation past this many messages is out of hand.
const MAX_MESSAGES: usize = 1_000;

const SYSTEM: &str = "You are the concierge of this organisation. Set up what the user asks for with your tools, look at \
                      the real state before you report, and quote errors as they are.";

/// Answers a person's words, with as many tool calls as the model wants.
///
/// # Errors
/// As the agent reports it.
pub(crate) async fn turn(
    shared: &Shared,
    agent_box: &Arc<AgentBox>,
    concierge: &Mutex<Concierge>,
    words: &str,
) -> Result<String, CallError> {
    let bound = shared.pace.of(TURN_BOUND);
    let turn = async {
        let mut concierge = concierge.lock().await;
        converse(shared, agent_box, &mut concierge, words).await
    };
    let timed_out = |_| Err(CallError::GivenUp(format!("no end within {bound:?}")));
    tokio::time::timeout(bound, turn).await.unwrap_or_else(timed_out)
}

/// The conversation is kept only where the turn came to its end: a half one holds calls without results.
async fn converse(
    shared: &Shared,
    agent_box: &AgentBox,
    concierge: &mut Concierge,
    words: &str,
) -> Result<String, CallError> {
    let model = agent_box.belief.model.clone().ok_or(CallError::NoModel)?;
    let tools = open_once(shared, agent_box, concierge).await?;
    let mut ledger = ToolLedger::new(&agent_box.org.journey.recorder, agent_box.org.role);
    let mut prompt = Prompt {
        model,
        system: Some(SYSTEM.to_owned()),
        messages: concierge.messages.clone(),
        tools: Arc::clone(&tools.shown),
        stream: true,
    };
    prompt.messages.push(Said::User(words.to_owned()));
    for _ in 0..MAX_MODEL_CALLS {
        if let Some(text) = step(shared, agent_box, &tools, &mut ledger, &mut prompt).await? {
            concierge.messages = prompt.messages;
            return Ok(text);
        }
    }
    Err(CallError::GivenUp(format!("{MAX_MODEL_CALLS} model calls")))
}

/// One model call and the tool calls it asks for; a text ends the turn.
async fn step(
    shared: &Shared,
    agent_box: &AgentBox,
    tools: &Tools,
    ledger: &mut ToolLedger<'_>,
    prompt: &mut Prompt,
) -> Result<Option<String>, CallError> {
    if prompt.messages.len() >= MAX_MESSAGES {
        return Err(CallError::GivenUp(format!("{MAX_MESSAGES} messages")));
    }
    let completion = call_model(shared, agent_box, prompt).await?;
    let calls = completion.calls.clone();
    let text = completion.text.clone();
    append(&mut prompt.messages, completion);
    if calls.is_empty() {
        return Ok(Some(text));
    }
    let mut results = Vec::with_capacity(calls.len());
    for call in &calls {
        results.push(run(shared, &agent_box.org, tools, ledger, call).await?);
    }
    prompt.messages.push(Said::Results(results));
    Ok(None)
}

async fn run(
    shared: &Shared,
    org: &Org,
    tools: &Tools,
    ledger: &mut ToolLedger<'_>,
    call: &Call,
) -> Result<CallResult, CallError> {
    let called = call_noted(shared, org, tools, ledger, &call.name, &call.arguments).await;
    let answer = called.map_err(CallError::Tools)?;
    Ok(CallResult { id: call.id.clone(), text: answer.text, is_error: answer.is_error })
}

/// One tool call, told to the journal whatever came of it.
///
/// # Errors
/// The connection is gone or silent.
pub(crate) async fn call_noted(
    shared: &Shared,
    org: &Org,
    tools: &Tools,
    ledger: &mut ToolLedger<'_>,
    name: &str,
    arguments: &Value,
) -> Result<ToolAnswer, String> {
    let called = tools.call(shared, name, arguments).await;
    let lost = |cause: &String| ToolAnswer { text: cause.clone(), is_error: true };
    let answer = called.as_ref().map_or_else(lost, ToolAnswer::clone);
    if let Ok(answer) = &called
        && is_tool(name, PROVISION)
    {
        org.learn_create_token(&serde_json::from_str(&answer.text).unwrap_or_default());
    }
    ledger.take(name, arguments, &answer);
    called
}

/// The tools of a concierge's box, for a scripted call. Waits for a turn under way.
///
/// # Errors
/// A box that is no concierge, a turn that does not end, or tools that can't be opened.
pub(crate) async fn open_tools(shared: &Shared, agent_box: &Arc<AgentBox>) -> Result<Arc<Tools>, CallError> {
    let Agent::Concierge(concierge) = &agent_box.agent else {
        return Err(CallError::Tools("a member has none".into()));
    };
    let bound = shared.pace.of(TURN_BOUND);
    let opened = async { open_once(shared, agent_box, &mut *concierge.lock().await).await };
    let timed_out = |_| Err(CallError::Tools(format!("not free within {bound:?}")));
    tokio::time::timeout(bound, opened).await.unwrap_or_else(timed_out)
}

/// The tools, opened at the first turn; the journal hears once what they say of themselves.
async fn open_once(
    shared: &Shared,
    agent_box: &AgentBox,
    concierge: &mut Concierge,
) -> Result<Arc<Tools>, CallError> {
    if let Some(tools) = &concierge.tools {
        return Ok(Arc::clone(tools));
    }
    let tools = Tools::open(shared, &agent_box.environment).await.map_err(CallError::Tools)?;
    agent_box
        .org
        .journey
        .recorder
        .record(Fact::ToolList(ToolList { tenant: agent_box.org.role, tools: tools.shown.to_vec() }));
    Ok(Arc::clone(concierge.tools.insert(Arc::new(tools))))
}
