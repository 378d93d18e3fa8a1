//! Facts made by hand, one maker a kind.

use journal::{
    AnswerKind, AskReason, Asked, BillingModeSet, BoxRegistered, BoxStarted, BoxStopped, Census,
    CensusMoment, Endpoint, EventsSeen, Exchange, Fact, Hop, KeyShown, ModelCall, OfferedModel, OfferedSeen,
    Payer, Receipt, Row, RowSeen, RowSource, ServerSaid, ServerWords, SignedUp, StepBegan, StepEnded,
    StoredModelSeen, TenantRole, ToolCall, ToolDescription, ToolList, Turn, TurnReply, WaitOutcome, WaitSeen,
};
use serde_json::{Value, json};
use wire::{ModelWire, StoredEvent, StoredModel, WorkspaceKind};

pub(crate) const RUNTIME: &str = "claude-code";
pub(crate) const MODEL: &str = "moonshot/kimi-k2.6";
pub(crate) const CONCIERGE: &str = "row-concierge";
pub(crate) const NEIGHBOUR: &str = "row-neighbour";

/// A member, its row and its box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) row: &'static str,
    pub(crate) instance: &'static str,
}

pub(crate) const PRODUCT: Member =
    Member { name: "enter-product", row: "row-product", instance: "box-product" };
pub(crate) const GROWTH: Member = Member { name: "enter-growth", row: "row-growth", instance: "box-growth" };
pub(crate) const TEAM: [Member; 2] = [PRODUCT, GROWTH];

/// Each tenant, its concierge's row and box.
pub(crate) const TENANTS: [(TenantRole, &str, &str); 2] =
    [(TenantRole::Subject, CONCIERGE, "box-concierge"), (TenantRole::Bystander, NEIGHBOUR, "box-neighbour")];

pub(crate) fn signed_up(tenant: TenantRole, concierge: &str) -> Fact {
    let (org_id, slug) = (format!("org-of-{concierge}"), format!("slug-of-{concierge}"));
    Fact::SignedUp(SignedUp { tenant, org_id, slug, concierge: concierge.into() })
}

/// What a server said, and how it ended if it did.
pub(crate) fn server_said(tenant: TenantRole, ended: Option<&str>, lines: &[&str]) -> Fact {
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    Fact::ServerSaid(ServerSaid {
        tenant,
        words: ServerWords { ended: ended.map(str::to_owned), lines, dropped: 0 },
    })
}

pub(crate) fn began(index: usize, verb: &str) -> Fact {
    Fact::StepBegan(StepBegan { index, verb: verb.into() })
}

pub(crate) fn ended(index: usize) -> Fact {
    Fact::StepEnded(StepEnded { index })
}

pub(crate) fn wait(step: usize, samples: u32, samples_after: u32) -> Fact {
    Fact::Wait(WaitSeen { step, outcome: WaitOutcome::Held, took_ms: 276, samples, samples_after })
}

pub(crate) fn exchange(tenant: TenantRole, hop: Hop, path: &str, request: Value) -> Fact {
    Fact::Exchange(Exchange {
        tenant,
        hop,
        method: "POST".into(),
        path: path.into(),
        request,
        status: Some(200),
        response: json!({"ok": true}),
        error: None,
        took_ms: 1,
    })
}

/// The platform asks the control plane for a member's box.
pub(crate) fn provision(row: &str) -> Fact {
    let request = json!({"workspace_id": row, "runtime": RUNTIME});
    exchange(TenantRole::Subject, Hop::PlatformToControlPlane, "/cp/workspaces/provision", request)
}

/// The platform hands a question to a box.
pub(crate) fn handed_on(member: Member, nonce: &str) -> Fact {
    let request = json!({"params": {"message": {"parts": [{"text": format!("the word for {nonce}?")}]}}});
    let path = format!("/box/{}", member.instance);
    exchange(TenantRole::Subject, Hop::PlatformToBox, &path, request)
}

pub(crate) fn tool_call(tool: &str, arguments: Value, answer: &Value) -> Fact {
    Fact::ToolCall(ToolCall {
        tenant: TenantRole::Subject,
        tool: tool.into(),
        arguments,
        text: answer.to_string(),
        is_error: false,
        times: 1,
    })
}

/// An accepted create.
pub(crate) fn created(name: &str, row: &str) -> Fact {
    let answer = json!({"id": row, "status": "provisioning"});
    tool_call("provision_workspace", json!({"name": name, "runtime": RUNTIME, "model": MODEL}), &answer)
}

/// A refused create.
pub(crate) fn refused(name: &str) -> Fact {
    let detail = json!({"error": "no such model", "code": "UNREGISTERED_MODEL_FOR_RUNTIME"}).to_string();
    let answer = json!({"error": "HTTP 422", "detail": detail, "status": 422});
    tool_call("provision_workspace", json!({"name": name, "runtime": RUNTIME, "model": "gpt-9"}), &answer)
}

/// The agent's own read of a row.
pub(crate) fn agents_read(row: &str, status: &str) -> Fact {
    tool_call("get_workspace", json!({"id": row}), &json!({"id": row, "status": status}))
}

pub(crate) fn turn() -> Fact {
    Fact::Turn(Turn {
        number: 1,
        said: "build me a team".into(),
        members: TEAM.map(|member| member.name.to_owned()).to_vec(),
        runtime: Some(RUNTIME.into()),
        model: None,
        reply: TurnReply { status: Some(200), text: Some(report(TEAM, "is provisioning")), error: None },
        took_ms: 50,
    })
}

/// What the concierge says of these members at the end of a turn.
pub(crate) fn report(members: [Member; 2], how: &str) -> String {
    members.iter().fold("This is your team now:".to_owned(), |text, member| {
        text + &format!("\n- {} {how}", member.name)
    })
}

/// What the text of `provision_workspace` says of its model.
pub(crate) const MODEL_TEXT: &str = "Leave it out to get the platform default. Ids written vendor/model are billed to \
                                     the platform. Bare ids and ids written vendor:model are bring-your-own-key. \
                                     Platform-billed ids: claude-code: moonshot/kimi-k2.6; codex: openai/gpt-5.4.";

/// The tools that the concierge is shown, with this description of the model.
pub(crate) fn tool_list(model: &str) -> Fact {
    let schema = json!({"properties": {"model": {"description": model}}});
    let shown = |name: &str, input_schema: Value| ToolDescription {
        name: name.into(),
        description: String::new(),
        input_schema,
    };
    let tools = vec![shown("provision_workspace", schema), shown("get_workspace", Value::Null)];
    Fact::ToolList(ToolList { tenant: TenantRole::Subject, tools })
}

/// The platform's own list of ids for the members' runtime.
pub(crate) fn offered() -> Fact {
    let one = |model: &str, platform_billed: bool| OfferedModel {
        model: model.into(),
        provider: if platform_billed { "platform" } else { "anthropic" }.into(),
        platform_billed,
        auth_env: Vec::new(),
    };
    let models =
        vec![one(MODEL, true), one("anthropic/claude-fable-5", true), one("claude-sonnet-4-6", false)];
    Fact::Offered(OfferedSeen { runtime: RUNTIME.into(), status: 200, models })
}

/// The variables of a member's box that the platform pays for.
pub(crate) const ENV_NAMES: [&str; 17] = [
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_CUSTOM_HEADERS",
    "GIT_ASKPASS",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_NAME",
    "MODEL",
    "MOLECULE_LLM_ANTHROPIC_BASE_URL",
    "MOLECULE_LLM_BASE_URL",
    "MOLECULE_LLM_BILLING_MODE",
    "MOLECULE_LLM_USAGE_TOKEN",
    "MOLECULE_LLM_USAGE_URL",
    "MOLECULE_MODEL",
    "MOLECULE_RESOLVED_PROVIDER",
    "MOLECULE_WORKSPACE_ID",
];

pub(crate) fn box_started(tenant: TenantRole, row: &str, instance: &str, kind: WorkspaceKind) -> Fact {
    Fact::BoxStarted(BoxStarted {
        tenant,
        workspace: row.into(),
        instance: instance.into(),
        kind,
        runtime: RUNTIME.into(),
        model: Some(MODEL.into()),
        env_names: ENV_NAMES.map(str::to_owned).to_vec(),
    })
}

pub(crate) fn box_registered(tenant: TenantRole, row: &str, instance: &str) -> Fact {
    let (workspace, instance) = (row.into(), instance.into());
    Fact::BoxRegistered(BoxRegistered { tenant, workspace, instance, status: Some(200) })
}

pub(crate) fn box_stopped(tenant: TenantRole, row: &str, instance: &str) -> Fact {
    Fact::BoxStopped(BoxStopped { tenant, workspace: row.into(), instance: instance.into() })
}

pub(crate) fn model_call(tenant: TenantRole, row: &str) -> Fact {
    Fact::ModelCall(ModelCall {
        tenant,
        call: Some(format!("call-of-{row}")),
        workspace: Some(row.into()),
        endpoint: Endpoint::Proxy,
        wire: ModelWire::AnthropicMessages,
        model: MODEL.into(),
        key: KeyShown::UsageToken,
        attribution: Some(row.into()),
        stream: true,
        status: 200,
        answer: AnswerKind::Text,
        payer: Some(Payer::Platform),
    })
}

/// A member's row.
pub(crate) fn row(member: Member, status: &str) -> Row {
    Row {
        id: member.row.into(),
        name: member.name.into(),
        status: status.into(),
        kind: WorkspaceKind::Workspace,
        tier: 4,
        runtime: RUNTIME.into(),
        parent_id: Some(CONCIERGE.into()),
        reason: Some(String::new()),
    }
}

/// A concierge's row.
pub(crate) fn concierge(id: &str) -> Row {
    Row {
        id: id.into(),
        name: "Concierge".into(),
        status: "online".into(),
        kind: WorkspaceKind::Platform,
        tier: 0,
        runtime: RUNTIME.into(),
        parent_id: None,
        reason: Some(String::new()),
    }
}

pub(crate) fn seen(tenant: TenantRole, source: RowSource, row: Row) -> Fact {
    Fact::Row(RowSeen { tenant, source, workspace: row.id.clone(), row: Some(row), status: 200 })
}

/// Our look at a member's row.
pub(crate) fn look(member: Member, status: &str) -> Fact {
    seen(TenantRole::Subject, RowSource::Read, row(member, status))
}

/// Our look at a row that the platform does not show.
pub(crate) fn look_in_vain(member: Member, status: u16) -> Fact {
    let workspace = member.row.into();
    Fact::Row(RowSeen { tenant: TenantRole::Subject, source: RowSource::Read, workspace, row: None, status })
}

pub(crate) fn listed(row: Row) -> Fact {
    seen(TenantRole::Subject, RowSource::List, row)
}

pub(crate) fn stored_model(member: Member) -> Fact {
    let stored = StoredModel { model: MODEL.into(), source: "workspace_secrets".into() };
    Fact::StoredModel(StoredModelSeen { workspace: member.row.into(), stored })
}

/// The stored events of a row that came online.
pub(crate) fn events(member: Member) -> Fact {
    Fact::Events(EventsSeen {
        tenant: TenantRole::Subject,
        workspace: member.row.into(),
        events: vec![event(member, "WORKSPACE_PROVISIONING", &[]), event(member, "WORKSPACE_ONLINE", &[])],
    })
}

pub(crate) fn event(member: Member, name: &str, payload: &[(&str, &str)]) -> StoredEvent {
    StoredEvent {
        id: format!("event-{name}"),
        event_type: name.into(),
        workspace_id: member.row.into(),
        payload: payload.iter().map(|(key, text)| ((*key).to_owned(), Value::from(*text))).collect(),
        created_at: String::new(),
    }
}

/// The word in a question.
pub(crate) fn nonce(member: Member, reason: AskReason) -> String {
    match reason {
        AskReason::FirstOnline => format!("q-first-{}", member.row),
        AskReason::Step(index) => format!("q-step{index}-{}", member.row),
    }
}

/// A change of a member's billing mode.
pub(crate) fn billing_mode(member: Member, status: u16) -> Fact {
    Fact::BillingModeSet(BillingModeSet { workspace: member.row.into(), mode: Some("byok".into()), status })
}

/// A question that is answered well.
pub(crate) fn asked(member: Member, reason: AskReason) -> Fact {
    let nonce = nonce(member, reason);
    let expected = format!("amber-{nonce}");
    Fact::Asked(Asked {
        workspace: member.row.into(),
        member: Some(member.name.into()),
        reason,
        reply: TurnReply { status: Some(200), text: Some(format!("The word is {expected}")), error: None },
        nonce,
        expected,
        took_ms: 7,
    })
}

pub(crate) fn census(tenant: TenantRole, moment: CensusMoment, rows: Vec<Row>, boxes: &[&str]) -> Fact {
    let boxes = boxes.iter().map(|&instance| instance.to_owned()).collect();
    Fact::Census(Census { tenant, moment, rows, boxes })
}

pub(crate) fn receipt(tenant: TenantRole, row: &str) -> Fact {
    Fact::Receipt(Receipt { tenant, workspace: row.into(), status: 200, read_after: 410 })
}
