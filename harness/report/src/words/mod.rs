//! Observations in words, as plain text: nothing is escaped, wrapped or coloured here.
//!
//! One function for each kind of fact, in the module of its kin. To add one: its function, and its arm in [`said`].

mod body;
mod boxes;
mod conversation;
pub(crate) mod coverage;
mod entry;
mod http;
mod kind;
mod model_call;
mod refusals;
mod row;
mod run;
mod server;
mod step;

use journal::{Fact, Observation};

use crate::InWords;
use crate::names::Names;

pub(crate) use body::{shown_id, value};
pub(crate) use kind::kind_in_words;
pub(crate) use model_call::call_in_words;
pub(crate) use refusals::refusals_in_words;
pub(crate) use run::{amounts, circumstances, tally_in_words, verdicts};
pub(crate) use server::log_in_words;

/// What was seen, and an excerpt of what it carried.
struct Said {
    line: String,
    excerpt: Option<String>,
}

impl From<String> for Said {
    fn from(line: String) -> Self {
        Self { line, excerpt: None }
    }
}

/// An observation in words.
pub(crate) fn in_words(observation: &Observation, names: &Names) -> InWords {
    let Said { line, excerpt } = said(&observation.fact, names);
    InWords { seq: observation.seq, at_ms: observation.at_ms, line, excerpt }
}

fn said(fact: &Fact, names: &Names) -> Said {
    match fact {
        Fact::SignedUp(up) => step::signed_up(up).into(),
        Fact::StepBegan(step) => step::began(step).into(),
        Fact::Wait(wait) => step::wait(wait).into(),
        Fact::StepEnded(step) => step::ended(step).into(),
        Fact::Exchange(exchange) => http::exchange(exchange),
        Fact::Unmodelled(call) => http::unmodelled(call).into(),
        Fact::Turn(turn) => conversation::turn(turn),
        Fact::ToolList(list) => conversation::tool_list(list).into(),
        Fact::ToolCall(call) => conversation::tool_call(call),
        Fact::ModelCall(call) => model_call::line(call, names).into(),
        Fact::BoxStarted(started) => boxes::started(started, names).into(),
        Fact::BoxRegistered(registered) => boxes::registered(registered, names).into(),
        Fact::BoxStopped(stopped) => boxes::stopped(stopped, names).into(),
        Fact::Row(seen) => row::row(seen, names).into(),
        Fact::Events(seen) => row::events(seen, names),
        Fact::StoredModel(seen) => row::stored_model(seen, names).into(),
        Fact::EntryCall(call) => entry::entry_call(call),
        Fact::SecretWritten(written) => entry::secret_written(written, names).into(),
        Fact::BillingModeSet(set) => entry::billing_mode_set(set, names).into(),
        Fact::Offered(seen) => entry::offered(seen).into(),
        Fact::Asked(asked) => conversation::asked(asked, names),
        Fact::Census(census) => row::census(census, names).into(),
        Fact::Receipt(receipt) => row::receipt(receipt, names).into(),
        Fact::ServerSaid(said) => server::said(said).into(),
        Fact::Trouble(trouble) => step::trouble(trouble).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(fact: serde_json::Value) -> (String, String) {
        let named =
            json!({"signed_up": {"tenant": "subject", "org_id": "o", "slug": "s", "concierge": "con-1"}});
        let observation = |fact| -> Observation {
            serde_json::from_value(json!({"seq": 1, "at_ms": 0, "fact": fact})).unwrap()
        };
        let observation_told = observation(fact);
        let names = Names::of(&[observation(named), observation_told.clone()]);
        let told = in_words(&observation_told, &names);
        (told.line, told.excerpt.unwrap_or_default())
    }

    #[test]
    fn the_course_of_a_journey_in_words() {
        for (fact, line) in [
            (
                json!({"signed_up": {"tenant": "bystander", "org_id": "o", "slug": "calm", "concierge": "con-2"}}),
                "bystander: tenant calm came online with its concierge con-2",
            ),
            (json!({"step_began": {"index": 1, "verb": "eventually"}}), "step 2 (eventually) began"),
            (json!({"step_ended": {"index": 1}}), "step 2 ended"),
            (
                json!({"wait": {"step": 1, "outcome": "timed_out", "took_ms": 10_000, "samples": 40,
                    "samples_after": 0}}),
                "step 2 waited 10.0 s, 40 looks: time was up",
            ),
            (json!({"trouble": {"what": "no free port"}}), "trouble of ours: no free port"),
        ] {
            assert_eq!(told(fact).0, line);
        }
    }

    #[test]
    fn http_in_words() {
        let exchange = |more: serde_json::Value| {
            let mut exchange = json!({
                "tenant": "subject", "hop": "user_to_platform", "method": "POST", "path": "/workspaces",
                "request": {"name": "a"}, "took_ms": 3,
            });
            exchange.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({"exchange": exchange})
        };
        for (fact, line, excerpt) in [
            (
                exchange(json!({"status": 422, "response": "no"})),
                "user to platform  POST /workspaces → 422",
                r#"sent {"name": "a"}, answered "no""#,
            ),
            (
                exchange(json!({"error": "connection reset"})),
                "user to platform  POST /workspaces → no answer after 3 ms: connection reset",
                r#"sent {"name": "a"}"#,
            ),
            (
                json!({"unmodelled": {"hop": "platform_to_control_plane", "method": "GET", "path": "/cp/new"}}),
                "platform to control plane  GET /cp/new → 501: the world does not model this route",
                "",
            ),
        ] {
            assert_eq!(told(fact), (line.to_owned(), excerpt.to_owned()));
        }
    }

    #[test]
    fn conversations_in_words() {
        let tool = |text: &str, times: u32| {
            json!({"tool_call": {"tenant": "subject", "tool": "get_workspace", "arguments": {"id": "row-1"},
                "text": text, "is_error": false, "times": times}})
        };
        for (fact, line, excerpt) in [
            (
                json!({"turn": {"number": 1, "said": "build me a team", "members": ["a"],
                    "reply": {"status": 200, "text": "done"}, "took_ms": 70}}),
                r#"turn 1: the user said "build me a team" → 200 after 70 ms"#,
                r#"the concierge said "done""#,
            ),
            (
                json!({"tool_list": {"tenant": "subject", "tools": [{"name": "a"}, {"name": "b"}]}}),
                "the concierge was shown 2 tools: a, b",
                "",
            ),
            (
                tool(r#"{"status":"online"}"#, 5),
                r#"tool get_workspace {"id": "row-1"} → accepted, 5 times"#,
                r#"result {"status": "online"}"#,
            ),
            (
                tool(r#"{"error": "HTTP 422", "status": 422}"#, 1),
                r#"tool get_workspace {"id": "row-1"} → refused with 422"#,
                r#"result {"error": "HTTP 422", "status": 422}"#,
            ),
            (
                json!({"asked": {"workspace": "con-1", "reason": {"step": 2}, "nonce": "n", "expected": "amber-1",
                    "reply": {"status": 200, "text": ""}, "took_ms": 9}}),
                "question to concierge in step 3, to be answered with `amber-1` → 200 after 9 ms, not answered",
                r#"the agent said """#,
            ),
        ] {
            assert_eq!(told(fact), (line.to_owned(), excerpt.to_owned()));
        }
    }

    #[test]
    fn boxes_and_model_calls_in_words() {
        let of = json!({"tenant": "subject", "workspace": "row-1", "instance": "box-1"});
        let with = |name: &str, more: serde_json::Value| {
            let mut fact = of.clone();
            fact.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({name: fact})
        };
        for (fact, line) in [
            (
                with("box_started", json!({"kind": "workspace", "runtime": "codex", "env_names": []})),
                "box box-1 of row-1 started: codex, no model, variables none",
            ),
            (with("box_registered", json!({"status": 401})), "box box-1 of row-1 registers → 401"),
            (with("box_registered", json!({})), "box box-1 of row-1 registers → no answer"),
            (with("box_stopped", json!({})), "box box-1 of row-1 stopped"),
            (
                json!({"model_call": {"tenant": "subject", "endpoint": {"vendor": "api.moonshot.ai"},
                    "wire": "openai_chat", "model": "kimi-k2.6 ", "key": "unknown", "stream": false,
                    "status": 200, "answer": "empty", "payer": "vendor"}}),
                "model call of no known box: api.moonshot.ai, openai chat, \"kimi-k2.6 \", a key that nobody \
                 issued → 200 with nothing in it, paid with the tenant's own key",
            ),
        ] {
            assert_eq!(told(fact).0, line);
        }
    }

    #[test]
    fn rows_in_words() {
        let row = json!({"id": "row-1", "name": "a", "status": "failed", "kind": "workspace", "tier": 4,
            "runtime": "codex", "parent_id": "con-1", "reason": ""});
        for (fact, line) in [
            (
                json!({"row": {"tenant": "subject", "source": "list", "row": row, "workspace": "row-1",
                    "status": 200}}),
                "row a (list): failed, codex, tier 4, parent concierge, reason empty",
            ),
            (
                json!({"row": {"tenant": "subject", "source": "read", "workspace": "row-1", "status": 410}}),
                "row row-1 (read): not there, answered 410",
            ),
            (
                json!({"events": {"tenant": "subject", "workspace": "row-1", "events": []}}),
                "events of row-1: none",
            ),
            (
                json!({"stored_model": {"workspace": "row-1", "stored": {"model": "", "source": "default"}}}),
                "stored model of row-1: \"\" (default)",
            ),
            (
                json!({"server_said": {"tenant": "bystander", "ended": "exit status: 101", "lines": ["a"],
                    "dropped": 2}}),
                "the bystander's server ended by itself with exit status: 101, 3 lines of log",
            ),
            (
                json!({"census": {"tenant": "bystander", "moment": "torn_down", "rows": [row], "boxes": []}}),
                "bystander: census after teardown: 1 row (bystander's a failed); 0 boxes",
            ),
            (
                json!({"receipt": {"tenant": "subject", "workspace": "con-1", "status": 200, "read_after": 200}}),
                "delete of concierge → 200, a read afterwards → 200",
            ),
        ] {
            assert_eq!(told(fact).0, line);
        }
    }
}
