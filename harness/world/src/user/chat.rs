//! Messages to agents: the user's turns, and questions that only a working model can answer.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use journal::{AskReason, Asked, Fact, Turn, TurnReply};
use reqwest::Method;
use serde_json::Value;
use wire::{SendMessage, reply_text};

use super::Tenant;
use super::words::{self, UserTurn};
use crate::ClientError;
use crate::fresh::Riddle;
use crate::http::{Answer, excerpt, millis};
use crate::lock::lock;

/// A turn of the concierge takes at most this long.
const TURN_BOUND: Duration = Duration::from_secs(30);

/// An answer to a question takes at most this long.
const QUESTION_BOUND: Duration = Duration::from_secs(10);

/// Stands for an agent that was made for no member, in the names of streams.
const NO_MEMBER: &str = "";

impl Tenant {
    /// One chat turn to the concierge. An error is part of the turn's reply.
    pub async fn say(&self, said: UserTurn) -> Turn {
        let words = words::render(&said);
        self.turn(said, words).await
    }

    /// The user's next turn about the same team: what failed is to be removed and tried anew. Members and runtime that
    /// are not named are those of the turn before.
    pub async fn say_again(&self, mut again: UserTurn) -> Turn {
        if let Some(before) = self.org.last_turn() {
            if again.members.is_empty() {
                again.members = before.members;
            }
            again.runtime = again.runtime.or(before.runtime);
        }
        let words = words::render_again(&again);
        self.turn(again, words).await
    }

    async fn turn(&self, said: UserTurn, words: String) -> Turn {
        let number = self.org.journey.turns.fetch_add(1, Ordering::Relaxed) + 1;
        self.org.keep_turn(&said);
        let began = Instant::now();
        let message = SendMessage::text(format!("turn-{number}"), words.clone());
        let reply = self.message(&self.concierge, &message, TURN_BOUND).await;
        let turn = Turn {
            number,
            said: words,
            members: said.members,
            runtime: said.runtime,
            model: said.model,
            reply,
            took_ms: millis(began.elapsed()),
        };
        self.recorder().record(Fact::Turn(turn.clone()));
        turn
    }

    /// Asks an agent a question that only a working model can answer. An error is part of the reply.
    pub async fn ask(&self, workspace: &str, member: Option<&str>, reason: AskReason) -> Asked {
        let riddle = self.next_riddle(member.unwrap_or(NO_MEMBER), reason);
        self.org.learn_answer(&riddle.nonce, &riddle.expected);
        let began = Instant::now();
        let question = format!("What is the word for {}? Answer with that word at the end.", riddle.nonce);
        let message = SendMessage::text(format!("question-{}", riddle.nonce), question);
        let reply = self.message(workspace, &message, QUESTION_BOUND).await;
        self.org.forget_answer(&riddle.nonce);
        let asked = Asked {
            workspace: workspace.to_owned(),
            member: member.map(str::to_owned),
            reason,
            nonce: riddle.nonce,
            expected: riddle.expected,
            reply,
            took_ms: millis(began.elapsed()),
        };
        self.recorder().record(Fact::Asked(asked.clone()));
        asked
    }

    fn next_riddle(&self, agent: &str, reason: AskReason) -> Riddle {
        let journey = &self.org.journey;
        let mut questions = lock(&journey.questions);
        let count = questions.entry((self.role, agent.to_owned(), reason)).or_default();
        let riddle = Riddle::of(&journey.streams, self.role, agent, reason, *count);
        *count += 1;
        riddle
    }

    async fn message(&self, workspace: &str, message: &SendMessage, bound: Duration) -> TurnReply {
        let body = serde_json::to_value(message).unwrap_or_default();
        let sent = self.request(Method::POST, format!("/workspaces/{workspace}/a2a"), bound).json(body);
        reply(sent.send(&self.shared.client).await)
    }
}

/// What an answer says to a person.
fn reply(answered: Result<Answer, ClientError>) -> TurnReply {
    let answer = match answered {
        Ok(answer) => answer,
        Err(error) => return TurnReply { error: Some(error.to_string()), ..TurnReply::default() },
    };
    let status = Some(answer.status);
    let is_good = (200..300).contains(&answer.status);
    let error = error_in(&answer.body);
    if !is_good {
        let error = error.or_else(|| Some(excerpt(&answer.body)));
        return TurnReply { status, text: None, error };
    }
    let text = if error.is_none() { reply_text(&answer.body) } else { None };
    let is_queued = answer.body.get("status").is_some_and(|status| status == "queued");
    let queued = is_queued.then(|| "the platform queued the message".to_owned());
    // A body that holds neither is quoted: there is no other trace of what came.
    let is_unreadable = text.is_none() && error.is_none() && queued.is_none();
    let unreadable = is_unreadable.then(|| format!("no message in the answer: {}", excerpt(&answer.body)));
    TurnReply { status, text, error: error.or(queued).or(unreadable) }
}

/// A JSON-RPC error, or the platform's own.
fn error_in(body: &Value) -> Option<String> {
    match body.get("error")? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        error => Some(
            error.get("message").and_then(Value::as_str).map_or_else(|| error.to_string(), str::to_owned),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(status: u16, body: Value) -> TurnReply {
        reply(Ok(Answer { status, body }))
    }

    #[test]
    fn an_answer_is_text_or_error_never_silently_nothing() {
        let good = said(200, json!({"result": {"parts": [{"kind": "text", "text": "hi"}]}}));
        assert_eq!(good, TurnReply { status: Some(200), text: Some("hi".into()), error: None });
        let empty = said(200, json!({"result": {"parts": [{"kind": "text", "text": ""}]}}));
        assert_eq!(empty, TurnReply { status: Some(200), text: Some(String::new()), error: None });
        let rpc = said(200, json!({"error": {"code": -32000, "message": "no model"}}));
        assert_eq!(rpc, TurnReply { status: Some(200), text: None, error: Some("no model".into()) });
        let refused = said(503, json!({"error": "no url", "status": "offline"}));
        assert_eq!(refused, TurnReply { status: Some(503), text: None, error: Some("no url".into()) });
        let plain = said(502, json!("bad gateway"));
        assert_eq!(plain.error.as_deref(), Some("bad gateway"));
        let queued = said(200, json!({"status": "queued", "delivery_mode": "poll"}));
        assert!(queued.error.is_some() && queued.text.is_none());
        let page = said(200, json!("<html>welcome</html>"));
        assert_eq!(page.error.as_deref(), Some("no message in the answer: <html>welcome</html>"));
        assert!(said(200, json!([])).error.is_some() && said(204, Value::Null).error.is_some());
    }
}
