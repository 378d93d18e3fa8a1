//! Hand-made records for the tests: a green and a red journey of one scenario.

pub(crate) mod forms;

use std::collections::BTreeMap;

use journal::{
    CaseValue, Check, CheckOutcome, CheckSubject, Finding, FindingKind, GENERATOR_VERSION, InvariantId,
    JOURNAL_FORMAT, Journal, JourneyId, Judged, Layer, LeftOut, Observation, Opened, Place, PlannedJourney,
    RunRecord, ScenarioText, Skipped, StatusSeen, TextRecord, Verdict,
};
use serde_json::{Value, json};

use crate::{Report, fold};

pub(crate) const SCENARIO: &str = "first_run/build_me_a_team";
const FILE: &str = "scenarios/first_run/build_me_a_team.yaml";

/// A text that tries to look like something else.
pub(crate) const HOSTILE: &str = "no key\u{1b}[2K\r\u{1b}[32mpassed\u{202e}\u{0}\n<&]]>";

pub(crate) fn planned(scenario: &str, case: &str) -> PlannedJourney {
    let model = CaseValue {
        value: json!("moonshot/kimi-k2.6"),
        label: Some("slash form of an id listed on the platform's arm".into()),
        form: None,
    };
    PlannedJourney {
        id: JourneyId(format!("{scenario}[{case}]")),
        scenario: scenario.into(),
        case: case.into(),
        seed: 1,
        values: BTreeMap::from([("model".into(), model)]),
    }
}

pub(crate) fn record(journeys: &[PlannedJourney]) -> RunRecord {
    let text = |name: &str| TextRecord { name: name.into(), text: String::new() };
    let scenario = |id: &str, file: &str, title: &str| ScenarioText {
        id: id.into(),
        file: file.into(),
        title: title.into(),
        text: String::new(),
    };
    RunRecord {
        format: JOURNAL_FORMAT,
        firstrun: "0.1.0".into(),
        generator: GENERATOR_VERSION,
        seed: 1,
        stack: "embedded".into(),
        time_factor: 1.0,
        stack_factor: 1.0,
        journey_timeout_ms: 60_000,
        defects: Vec::new(),
        contract: text("as-designed"),
        platform_contract: text("as-designed"),
        registry: text("incident"),
        scenarios: vec![
            scenario(SCENARIO, FILE, "a fresh tenant's first team comes online"),
            scenario("history/era", "scenarios/history/era.yaml", "what the incident's era did"),
        ],
        journeys: journeys.to_vec(),
        skipped: vec![
            Skipped {
                scenario: "history/era".into(),
                case: None,
                reason: "needs keyless_vendor_id.incident, which as-designed does not promise".into(),
            },
            Skipped {
                scenario: SCENARIO.into(),
                case: Some("runtime=google-adk".into()),
                reason: "the stack's platform does not know this runtime".into(),
            },
        ],
        left_out: vec![LeftOut { scenario: SCENARIO.into(), note: "2 ids instead of 4 for codex".into() }],
        offered: Vec::new(),
        gate: None,
    }
}

fn seen(seq: u64, at_ms: u64, fact: &Value) -> Observation {
    serde_json::from_value(json!({"seq": seq, "at_ms": at_ms, "fact": fact})).unwrap()
}

pub(crate) fn step_began(seq: u64) -> Observation {
    seen(seq, seq, &json!({"step_began": {"index": 0, "verb": "user_says"}}))
}

pub(crate) fn created_by_tool(seq: u64, member: &str, id: &str) -> Observation {
    let text = json!({"id": id, "status": "provisioning"}).to_string();
    let call = json!({
        "tenant": "subject", "tool": "provision_workspace", "is_error": false, "times": 1,
        "arguments": {"name": member, "model": "moonshot/kimi-k2.6"}, "text": text,
    });
    seen(seq, 20, &json!({"tool_call": call}))
}

pub(crate) fn row(seq: u64, id: &str, name: &str, status: &str) -> Observation {
    row_under(seq, 40, (id, name, status), Some("con-1"), None)
}

fn row_under(
    seq: u64,
    at_ms: u64,
    (id, name, status): (&str, &str, &str),
    parent: Option<&str>,
    reason: Option<&str>,
) -> Observation {
    let mut row = json!({
        "id": id, "name": name, "status": status, "kind": "workspace", "tier": 4, "runtime": "claude-code",
        "parent_id": parent,
    });
    if let Some(reason) = reason {
        row["reason"] = reason.into();
    }
    let fact = json!({"row": {
        "tenant": "subject", "source": "read", "row": row, "workspace": id, "status": 200,
    }});
    seen(seq, at_ms, &fact)
}

fn signed_up() -> Observation {
    let fact =
        json!({"signed_up": {"tenant": "subject", "org_id": "org-1", "slug": "acme", "concierge": "con-1"}});
    seen(1, 5, &fact)
}

fn model_call(seq: u64, at_ms: u64, key: &str, status: u16) -> Observation {
    let is_good = status == 200;
    let mut call = json!({
        "tenant": "subject", "call": "c-1", "workspace": "row-1", "endpoint": "proxy",
        "wire": "anthropic_messages", "model": "moonshot/kimi-k2.6", "key": key, "stream": true,
        "status": status, "answer": if is_good { "text" } else { "error" },
    });
    if is_good {
        call["payer"] = "platform".into();
    }
    seen(seq, at_ms, &json!({"model_call": call}))
}

fn asked(seq: u64, at_ms: u64, reply: &Value) -> Observation {
    let fact = json!({"asked": {
        "workspace": "row-1", "member": "enter-product", "reason": "first_online", "nonce": "amber",
        "expected": "amber-12", "reply": reply, "took_ms": 12,
    }});
    seen(seq, at_ms, &fact)
}

fn receipt(seq: u64, at_ms: u64) -> Observation {
    let fact =
        json!({"receipt": {"tenant": "subject", "workspace": "row-1", "status": 200, "read_after": 410}});
    seen(seq, at_ms, &fact)
}

fn journal(planned: &PlannedJourney, observations: Vec<Observation>, judged: Judged) -> Journal {
    let opened = Opened { format: JOURNAL_FORMAT, journey: planned.id.clone(), seed: planned.seed };
    Journal { opened, observations, judged: Some(judged) }
}

fn check(subject: CheckSubject, outcome: CheckOutcome) -> Check {
    Check { subject, outcome }
}

fn checks(o6: CheckOutcome, o7: CheckOutcome) -> Vec<Check> {
    vec![
        check(CheckSubject::Step(1), CheckOutcome::Held),
        check(CheckSubject::Invariant(InvariantId::O2), CheckOutcome::NotApplicable),
        check(CheckSubject::Invariant(InvariantId::O3), CheckOutcome::NotApplicable),
        check(CheckSubject::Invariant(InvariantId::O6), o6),
        check(CheckSubject::Invariant(InvariantId::O7), o7),
        check(CheckSubject::Watch, CheckOutcome::Held),
    ]
}

/// One member comes online, answers, and is deleted.
pub(crate) fn green_journal(planned: &PlannedJourney) -> Journal {
    let observations = vec![
        signed_up(),
        created_by_tool(2, "enter-product", "row-1"),
        row_under(3, 30, ("row-1", "enter-product", "provisioning"), Some("con-1"), None),
        row_under(4, 60, ("row-1", "enter-product", "online"), Some("con-1"), None),
        model_call(5, 80, "usage_token", 200),
        asked(6, 90, &json!({"status": 200, "text": "the word is amber-12"})),
        receipt(7, 120),
    ];
    let mut checks = checks(CheckOutcome::Held, CheckOutcome::Held);
    checks.push(check(CheckSubject::Invariant(InvariantId::O13), CheckOutcome::Held));
    let judged = Judged { verdict: Verdict::Passed, reason: None, findings: Vec::new(), checks };
    journal(planned, observations, judged)
}

/// The member gets no usage token and stands outside the tree. O-13 is left unevaluated.
pub(crate) fn red_journal(planned: &PlannedJourney) -> Journal {
    let provision = json!({"exchange": {
        "tenant": "subject", "hop": "platform_to_control_plane", "method": "POST",
        "path": "/cp/workspaces/provision", "took_ms": 3, "status": 201,
        "request": {"workspace_id": "row-1", "runtime": "claude-code", "env": {"MODEL": "moonshot/kimi-k2.6"}},
        "response": {"instance_id": "box-1", "state": "pending"},
    }});
    let started = json!({"box_started": {
        "tenant": "subject", "workspace": "row-1", "instance": "box-1", "kind": "workspace",
        "runtime": "claude-code", "model": "moonshot/kimi-k2.6", "env_names": ["ANTHROPIC_BASE_URL", "MODEL"],
    }});
    let event = |name: &str, payload: Value| json!({"id": "e", "event_type": name, "workspace_id": "row-1", "payload": payload, "created_at": ""});
    let events = json!({"events": {"tenant": "subject", "workspace": "row-1", "events": [
        event("WORKSPACE_PROVISIONING", json!({})),
        event("WORKSPACE_PROVISION_FAILED", json!({"error": HOSTILE})),
    ]}});
    let census = json!({"census": {"tenant": "subject", "moment": "end", "boxes": ["box-1"], "rows": [{
        "id": "row-1", "name": "enter-product", "status": "failed", "kind": "workspace", "tier": 4,
        "runtime": "claude-code", "parent_id": null,
    }]}});
    let observations = vec![
        signed_up(),
        created_by_tool(2, "enter-product", "row-1"),
        seen(3, 22, &provision),
        seen(4, 23, &started),
        model_call(5, 38, "missing", 401),
        row_under(6, 40, ("row-1", "enter-product", "failed"), None, Some(HOSTILE)),
        seen(7, 45, &events),
        asked(8, 60, &json!({"status": 502, "error": "agent not reachable"})),
        seen(9, 80, &census),
        receipt(10, 100),
    ];
    let judged = Judged {
        verdict: Verdict::Failed,
        reason: None,
        findings: red_findings(),
        checks: checks(CheckOutcome::Broke, CheckOutcome::Broke),
    };
    journal(planned, observations, judged)
}

/// A finding to change what a test is about.
pub(crate) fn finding() -> Finding {
    Finding {
        kind: FindingKind::OutsideTheTree,
        invariant: Some(InvariantId::O6),
        at: Place { file: FILE.into(), line: 1, column: 1 },
        subject: Some("enter-product".into()),
        expected: "its parents end at the concierge con-1".into(),
        seen: "it has no parent".into(),
        trail: Vec::new(),
        proof: Vec::new(),
        layer: Layer::Rows,
    }
}

fn red_findings() -> Vec<Finding> {
    let trail = vec![
        StatusSeen { status: "provisioning".into(), at_ms: 12 },
        StatusSeen { status: "failed".into(), at_ms: 40 },
    ];
    vec![
        Finding {
            kind: FindingKind::Unanswered,
            invariant: Some(InvariantId::O7),
            expected: "the word amber-12".into(),
            seen: "502 agent not reachable".into(),
            proof: vec![8, 5],
            layer: Layer::Messages,
            ..finding()
        },
        Finding {
            kind: FindingKind::SettledOtherwise,
            invariant: None,
            at: Place { file: FILE.into(), line: 20, column: 7 },
            expected: "status online".into(),
            seen: format!("status failed, reason {HOSTILE}"),
            trail: trail.clone(),
            proof: vec![3, 4, 5, 6, 7, 99],
            layer: Layer::Box,
            ..finding()
        },
        Finding { trail, proof: vec![3, 6, 9], ..finding() },
    ]
}

/// A green, a red and a broken journey, and one without a record.
pub(crate) fn mixed_report() -> Report {
    let journeys = ["runtime=claude-code", "runtime=codex model=a b", "runtime=hermes", "runtime=openclaw"]
        .map(|case| planned(SCENARIO, case));
    let [green, red, cut_off, _] = &journeys;
    let journals =
        [green_journal(green), red_journal(red), Journal { judged: None, ..green_journal(cut_off) }];
    let named = journals.map(|journal| (journal.opened.journey.clone(), Some(journal)));
    let mut run = record(&journeys);
    run.defects = vec!["D-13".into(), "D-99".into()];
    fold(&run, named, Some(1_250))
}

/// Six green journeys and nothing else.
pub(crate) fn green_report() -> Report {
    let cases = ["a", "b", "c", "d", "e", "f"];
    let journeys = cases.map(|case| planned(SCENARIO, case));
    let mut run = record(&journeys);
    run.scenarios.truncate(1);
    run.skipped.clear();
    run.left_out.clear();
    fold(&run, journeys.map(|journey| (journey.id.clone(), Some(green_journal(&journey)))), Some(340))
}
