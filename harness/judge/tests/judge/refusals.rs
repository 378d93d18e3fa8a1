//! Journeys in which both members are refused, at provisioning and by the tool's own answer.

use contract::Entry;
use journal::{CensusMoment, EntryCall, EntryStep, Fact, Row, TenantRole};
use serde_json::json;

use crate::court::Court;
use crate::facts::{self, CONCIERGE, GROWTH, Member, TEAM, TENANTS};
use crate::journey::Journey;
use crate::which::is_row;

/// The vendor's id that is typed.
pub(crate) const VENDORS: &str = "claude-sonnet-4-6";

const BEGIN: &str = "title: refusals\nwhy: w\ngiven: { bystander: true }\nsteps:\n  \
                     - user_says: { text: hi, members: [enter-product, enter-growth], runtime: claude-code }\n";

/// Expects every attempt of the turn to be refused.
pub(crate) fn court() -> Court {
    expecting("as-designed", "{ code: MISSING_BYOK_CREDENTIAL, keep: told }")
}

/// The same for the contract that refuses at create.
pub(crate) fn court_of_the_gate() -> Court {
    expecting("create-gate", "{ code: MISSING_BYOK_CREDENTIAL, keep: told }")
}

/// Expects this of the refusals.
pub(crate) fn expecting(contract: &str, refused: &str) -> Court {
    Court::under(
        contract,
        &format!(
            "{BEGIN}  - expect: {{ refused: {refused} }}\n  - say_again: {{ model: $told.alternative }}\n"
        ),
    )
}

/// Expects nothing of them.
pub(crate) fn court_without_expectation() -> Court {
    Court::of(BEGIN)
}

/// Why a member is refused, in good words.
pub(crate) fn reason(member: Member) -> String {
    format!(
        "{}: `{VENDORS}` is paid with your own key: set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, or take \
         moonshot/kimi-k2.6",
        member.name
    )
}

/// Both rows fail, and whoever must read why can.
pub(crate) fn at_provisioning(members: [Member; 2]) -> Journey {
    let mut journey = begun();
    for member in members {
        let answer = json!({"id": member.row, "status": "provisioning"});
        let read = json!({
            "id": member.row, "name": member.name, "status": "failed", "last_sample_error": reason(member),
        });
        journey.tell([
            facts::tool_call("provision_workspace", arguments(member), &answer),
            facts::tool_call("get_workspace", json!({"workspace_id": member.row}), &read),
        ]);
    }
    journey.tell([turn("failed"), facts::ended(0), facts::began(1, "expect")]);
    for member in members {
        let read = facts::seen(TenantRole::Subject, journal::RowSource::Read, failed(member));
        journey.tell([read, events(member)]);
    }
    journey.tell(members.map(|member| facts::listed(failed(member))));
    ended(&mut journey, members.map(failed).to_vec());
    journey
}

/// Both are refused by the tool's answer, and nothing is left.
pub(crate) fn early(members: [Member; 2]) -> Journey {
    let mut journey = begun();
    for member in members {
        let inner = json!({"error": reason(member), "code": "MISSING_BYOK_CREDENTIAL", "model": VENDORS});
        let answer = json!({"error": "HTTP 422", "detail": inner.to_string(), "status": 422});
        journey.tell([facts::tool_call("provision_workspace", arguments(member), &answer)]);
    }
    journey.tell([turn("was refused"), facts::ended(0), facts::began(1, "expect")]);
    ended(&mut journey, Vec::new());
    journey
}

fn begun() -> Journey {
    let mut journey = Journey::empty();
    journey.come_up();
    journey.tell([
        facts::began(0, "user_says"),
        facts::tool_list(facts::MODEL_TEXT),
        facts::model_call(TenantRole::Subject, CONCIERGE),
    ]);
    journey
}

fn arguments(member: Member) -> serde_json::Value {
    json!({"name": member.name, "runtime": facts::RUNTIME, "model": VENDORS})
}

/// The rest: the reads of the end and the teardown.
fn ended(journey: &mut Journey, rows: Vec<Row>) {
    journey.tell([facts::ended(1), facts::began(2, "say_again"), turn_again(&rows), facts::ended(2)]);
    for member in TEAM.into_iter().filter(|_| !rows.is_empty()) {
        let read = facts::seen(TenantRole::Subject, journal::RowSource::Read, failed(member));
        journey.tell([read, events(member)]);
    }
    journey.tell(rows.iter().cloned().map(facts::listed));
    journey.tell([facts::offered()]);
    let deleted: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    for (tenant, concierge, instance) in TENANTS {
        let mut all = vec![facts::concierge(concierge)];
        all.extend(rows.iter().filter(|_| tenant == TenantRole::Subject).cloned());
        journey.tell([facts::census(tenant, CensusMoment::End, all, &[instance])]);
    }
    for row in &deleted {
        journey.tell([facts::receipt(TenantRole::Subject, row)]);
    }
    for (tenant, concierge, instance) in TENANTS {
        journey.tell([
            facts::box_stopped(tenant, concierge, instance),
            facts::receipt(tenant, concierge),
            facts::census(tenant, CensusMoment::TornDown, Vec::new(), &[]),
        ]);
    }
}

/// A turn in which nothing more is tried: the agent reports what stands.
fn turn_again(rows: &[Row]) -> Fact {
    turn(if rows.is_empty() { "was refused" } else { "failed" })
}

fn turn(how: &str) -> Fact {
    let mut fact = facts::turn();
    if let Fact::Turn(turn) = &mut fact {
        let line = |member: Member| format!("- {} {how}: {}", member.name, reason(member));
        turn.reply.text = Some(TEAM.map(line).join("\n"));
    }
    fact
}

fn failed(member: Member) -> Row {
    Row { reason: Some(reason(member)), ..facts::row(member, "failed") }
}

fn events(member: Member) -> Fact {
    let payload = reason(member);
    let payload = [("error", payload.as_str()), ("code", "MISSING_BYOK_CREDENTIAL")];
    Fact::Events(journal::EventsSeen {
        tenant: TenantRole::Subject,
        workspace: member.row.into(),
        events: vec![
            facts::event(member, "WORKSPACE_PROVISIONING", &[]),
            facts::event(member, "WORKSPACE_PROVISION_FAILED", &payload),
        ],
    })
}

/// A box of a refused member calls a model all the same.
pub(crate) fn calls_a_model(journey: Journey) -> Journey {
    journey.with_before(is_row(GROWTH), [facts::model_call(TenantRole::Subject, GROWTH.row)])
}

/// A member's failure has another code.
pub(crate) fn with_another_code(journey: Journey) -> Journey {
    journey.change(|fact| match fact {
        Fact::Events(seen) if seen.workspace == GROWTH.row => {
            seen.events[1].payload.insert("code".into(), "SOMETHING_ELSE".into());
        }
        _ => {}
    })
}

/// The agent keeps a member's reason for itself.
pub(crate) fn untold_to_the_user(journey: Journey) -> Journey {
    journey.with_report(|text| {
        text.replace(&format!(": {}", reason(GROWTH)), ", and the platform gave no reason")
    })
}

/// A member's reason names no other id, wherever it stands.
pub(crate) fn without_an_alternative(journey: Journey) -> Journey {
    with_reason(journey, GROWTH, &reason(GROWTH).replace(", or take moonshot/kimi-k2.6", ""))
}

/// Another reason of a member, wherever it stands.
pub(crate) fn with_reason(journey: Journey, member: Member, other: &str) -> Journey {
    let good = reason(member);
    journey.change(|fact| {
        let text = serde_json::to_string(fact).unwrap();
        *fact = serde_json::from_str(&text.replace(&good, other)).unwrap();
    })
}

/// What the tool refused is accepted, and fails at provisioning; one member alone.
pub(crate) fn as_if_at_provisioning(journey: Journey) -> Journey {
    let late = at_provisioning(TEAM);
    let names_it = |fact: &Fact| {
        let text = serde_json::to_string(fact).unwrap();
        text.contains(GROWTH.row) && !matches!(fact, Fact::Census(_))
    };
    let of_growth = |fact: &&Fact| names_it(fact);
    let mut rest: Vec<Fact> = late.facts().iter().filter(of_growth).cloned().collect();
    let receipt = rest.pop();
    let is_refusal =
        |fact: &Fact| matches!(fact, Fact::ToolCall(call) if call.argument("name") == Some(GROWTH.name));
    let with_line = |text: &str| text.replace("enter-growth was refused", "enter-growth failed");
    let (calls, looks) = rest.split_at(2);
    journey
        .with_before(is_refusal, calls.to_vec())
        .without(|fact| is_refusal(fact) && matches!(fact, Fact::ToolCall(call) if call.is_refused()))
        .with_before(crate::which::is_ended(1), looks.to_vec())
        .with_report(with_line)
        .with_census(TenantRole::Subject, CensusMoment::End, |census| census.rows.push(failed(GROWTH)))
        .with_before(crate::which::is_receipt(CONCIERGE), receipt)
}

/// A scripted call of an entry for a member.
pub(crate) fn entry_call(entry: Entry, step: EntryStep, member: Member, status: u16) -> EntryCall {
    EntryCall {
        entry,
        step,
        member: member.name.into(),
        runtime: (step == EntryStep::Make).then(|| facts::RUNTIME.into()),
        model: None,
        keys: Vec::new(),
        workspace: Some(member.row.into()),
        status,
        code: None,
        reason: None,
    }
}
