//! For every kind of finding the smallest change to the green journey that brings it about.

use contract::Surface;
use journal::{
    AskReason, CensusMoment, Fact, FindingKind, Hop, InvariantId, KeyShown, Layer, TenantRole, TurnReply,
    Unmodelled,
};
use wire::WorkspaceKind;

use crate::court::Court;
use crate::facts::{self, GROWTH, Member, NEIGHBOUR, PRODUCT};
use crate::journey::Journey;
use crate::refusals;
use crate::which::{is_asked, is_census, is_created, is_ended, is_events, is_provision, is_receipt, is_wait};

/// Words that stand where findings of invariants point: the title.
const TITLE: &str = "a fresh tenant's first team";

/// Words that stand where the rows of the second step are expected.
const ROW_OF_PRODUCT: &str = "enter-product: { status";
const ROW_OF_GROWTH: &str = "enter-growth: { status";

/// Why a row failed, in these tests.
pub(crate) const REASON: &str = "no ANTHROPIC_API_KEY for moonshot/kimi-k2.6";

/// One kind of finding and how to bring it about.
pub(crate) struct Case {
    pub(crate) court: fn() -> Court,
    /// The green journey that is changed.
    pub(crate) base: fn([Member; 2]) -> Journey,
    pub(crate) change: fn(Journey) -> Journey,
    pub(crate) subject: Option<&'static str>,
    pub(crate) invariant: Option<InvariantId>,
    pub(crate) layer: Layer,
    /// Words at the finding's place.
    pub(crate) at: &'static str,
    /// Whether O-1 finds the same thing: what is refused otherwise is treated otherwise than predicted.
    pub(crate) is_verdict_too: bool,
}

impl Case {
    /// About a step.
    fn step(change: fn(Journey) -> Journey, subject: &'static str, layer: Layer, at: &'static str) -> Self {
        Self {
            court: Court::of_team,
            base: Journey::green_in_order,
            change,
            subject: Some(subject),
            invariant: None,
            layer,
            at,
            is_verdict_too: false,
        }
    }

    /// About an invariant.
    fn rule(change: fn(Journey) -> Journey, subject: &'static str, layer: Layer, id: InvariantId) -> Self {
        Self { invariant: Some(id), ..Self::step(change, subject, layer, TITLE) }
    }

    /// About the refusals of the last act.
    fn refusal(change: fn(Journey) -> Journey, is_verdict_too: bool) -> Self {
        let at = "{ code: MISSING_BYOK_CREDENTIAL";
        let case = Self::step(change, "enter-growth", Layer::Rows, at);
        Self { court: refusals::court, base: refusals::at_provisioning, is_verdict_too, ..case }
    }

    /// About what is watched.
    fn watch(change: fn(Journey) -> Journey, subject: Option<&'static str>, layer: Layer) -> Self {
        Self { subject, ..Self::step(change, "", layer, TITLE) }
    }
}

/// How a kind is brought about. A new kind does not compile without its case.
pub(crate) fn case(kind: FindingKind) -> Case {
    use InvariantId::{O1, O2, O3, O6, O7, O9, O11, O12, O13, O15};
    match kind {
        FindingKind::RowDiffers => Case::step(another_tier, "enter-product", Layer::Rows, ROW_OF_PRODUCT),
        FindingKind::SettledOtherwise => Case::step(degraded, "enter-growth", Layer::Rows, ROW_OF_GROWTH),
        FindingKind::RowMissing => Case::step(never_made, "enter-growth", Layer::Concierge, ROW_OF_GROWTH),
        FindingKind::DidNotStay => Case::step(wavered, "enter-product", Layer::Rows, "all_online }"),
        FindingKind::HeldThoughNever => held_though_never(),
        FindingKind::ActFailed => act_failed(),
        FindingKind::NotRefused => {
            Case { layer: Layer::Box, ..Case::refusal(refusals::calls_a_model, false) }
        }
        FindingKind::RefusedElsewhere => refused_elsewhere(),
        FindingKind::CodeDiffers => Case::refusal(refusals::with_another_code, true),
        FindingKind::NotSurfaced => Case::refusal(refusals::untold_to_the_user, false),
        FindingKind::ReasonLacksWord => Case::refusal(refusals::without_an_alternative, false),
        FindingKind::ToolTextLacksRule => tool_text_lacks_rule(),
        FindingKind::ExpressionFailed => expression_failed(),
        FindingKind::VerdictDiffers => verdict_differs(O1),
        FindingKind::ClaimDiffers => Case::rule(false_claim, "enter-growth", Layer::Concierge, O9),
        FindingKind::EventsDiffer => Case::rule(untold_online, "enter-growth", Layer::Rows, O11),
        FindingKind::EnvironmentDiffers => Case::rule(admin_token, "enter-growth", Layer::Box, O12),
        FindingKind::AdviceRefused => {
            Case { subject: None, ..Case::rule(dead_advice, "", Layer::Concierge, O15) }
        }
        FindingKind::TurnUnanswered => {
            Case { subject: None, ..Case::step(turn_unanswered, "", Layer::Concierge, "user_says:") }
        }
        FindingKind::ModelCallDiffers => {
            Case::step(unpaid, "enter-growth", Layer::Box, "{ each: team, payer")
        }
        FindingKind::RefusalLeftTrace => Case::rule(trace_of_a_refusal, "enter-growth", Layer::Rows, O2),
        FindingKind::ReasonMissing => Case::rule(reason_missing, "enter-growth", Layer::Rows, O3),
        FindingKind::ReasonDiffers => Case::rule(reason_differs, "enter-growth", Layer::Rows, O3),
        FindingKind::CodeMissing => Case::rule(code_missing, "enter-growth", Layer::Rows, O3),
        FindingKind::NobodyAtWork => Case::rule(nobody_at_work, "enter-growth", Layer::Provisioning, O3),
        FindingKind::OutsideTheTree => Case::rule(orphaned, "enter-growth", Layer::Rows, O6),
        FindingKind::Unanswered => Case::rule(unanswered, "enter-product", Layer::Messages, O7),
        FindingKind::EmptyAnswer => Case::rule(empty_answer, "enter-product", Layer::Messages, O7),
        FindingKind::WrongAnswer => {
            Case::step(wrong_answer, "enter-product", Layer::Messages, "ask: { each: team")
        }
        FindingKind::DeliveredTwice => Case::rule(delivered_twice, "enter-product", Layer::Messages, O7),
        FindingKind::Leftover => Case::watch(stray_row, Some("stray"), Layer::Rows),
        FindingKind::LeftAfterTeardown => {
            Case { subject: None, ..Case::rule(box_left, "", Layer::Teardown, O13) }
        }
        FindingKind::DeleteUnproven => Case::rule(delete_unproven, "enter-growth", Layer::Teardown, O13),
        FindingKind::BystanderTouched => Case::watch(bystander_touched, None, Layer::Rows),
        FindingKind::UnmodelledRoute => Case::watch(unmodelled_route, None, Layer::World),
        FindingKind::RegisterRefused => Case::watch(register_refused, Some("row-growth"), Layer::Box),
        FindingKind::ServerEnded => Case::watch(server_ended, None, Layer::Server),
    }
}

fn held_though_never() -> Case {
    let court = || {
        Court::of_team_ending_with("never: { for: 250ms, workspace: { enter-product: { status: offline } } }")
    };
    let at = "{ enter-product: { status: offline";
    Case { court, subject: None, ..Case::step(wavered, "", Layer::Rows, at) }
}

/// A change of the billing mode is answered with a 5xx.
fn act_failed() -> Case {
    let court = || {
        Court::of(
            "title: t\nwhy: w\ngiven: { bystander: true }\nsteps:\n  \
             - user_says: { text: hi, members: [enter-product, enter-growth] }\n  \
             - set_billing_mode: { workspace: enter-product, mode: byok }\n",
        )
    };
    let base = |members| {
        Journey::green_in_order(members).with_before(is_ended(1), [facts::billing_mode(PRODUCT, 200)])
    };
    let change = |journey: Journey| {
        journey.change(|fact| {
            if let Fact::BillingModeSet(set) = fact {
                set.status = 503;
            }
        })
    };
    Case { court, base, subject: None, ..Case::step(change, "", Layer::Rows, "set_billing_mode:") }
}

/// The contract refuses at create, and the row fails instead.
fn refused_elsewhere() -> Case {
    let case = Case::refusal(refusals::as_if_at_provisioning, true);
    Case { court: refusals::court_of_the_gate, base: refusals::early, ..case }
}

fn tool_text_lacks_rule() -> Case {
    let court = || {
        Court::of_team_ending_with(
            "expect: { tool_text: { tool: provision_workspace, argument: model, states: [omit_means_default] } }",
        )
    };
    let change = |journey: Journey| journey.with_tool_text("LLM model id.");
    Case {
        court,
        ..Case::step(change, "provision_workspace", Layer::Concierge, "{ tool: provision_workspace")
    }
}

fn expression_failed() -> Case {
    let court = || {
        Court::of(
            "title: t\nwhy: w\ngiven: { bystander: true }\nsteps:\n  \
             - user_says: { text: hi, members: [enter-product, enter-growth] }\n  \
             - expect: { that: \"row.tier == 4 && answer.status == 200\" }\n",
        )
    };
    let change = |journey: Journey| journey.with_row(GROWTH, |row| row.tier = 3);
    Case { court, ..Case::step(change, "enter-growth", Layer::Rows, "\"row.tier") }
}

/// A row fails with another code than the one that is promised, and no step asks for it.
fn verdict_differs(id: InvariantId) -> Case {
    let case = Case::rule(refusals::with_another_code, "enter-growth", Layer::Provisioning, id);
    Case {
        court: refusals::court_without_expectation,
        base: refusals::at_provisioning,
        at: "refusals",
        ..case
    }
}

fn false_claim(journey: Journey) -> Journey {
    journey.with_report(|text| text.replace("enter-growth is provisioning", "enter-growth is failed"))
}

fn untold_online(journey: Journey) -> Journey {
    journey.change(|fact| match fact {
        Fact::Events(seen) if seen.workspace == GROWTH.row => {
            seen.events.retain(|event| event.event_type != "WORKSPACE_ONLINE");
        }
        _ => {}
    })
}

fn admin_token(journey: Journey) -> Journey {
    journey.with_variables(GROWTH, |names| names.push("ADMIN_TOKEN".into()))
}

fn dead_advice(journey: Journey) -> Journey {
    journey.with_tool_text(&facts::MODEL_TEXT.replace("moonshot/kimi-k2.6", "claude-sonnet-4-6"))
}

fn another_tier(journey: Journey) -> Journey {
    journey.with_row(PRODUCT, |row| row.tier = 3)
}

/// A member goes from online to degraded while the other is awaited.
fn degraded(journey: Journey) -> Journey {
    journey
        .with_before(is_wait(1), [facts::look(GROWTH, "degraded")])
        .with_row_at_the_end(GROWTH, |row| row.status = "degraded".into())
        .with_events(GROWTH, &["WORKSPACE_DEGRADED"])
        .broken_at(1)
}

fn never_made(journey: Journey) -> Journey {
    without_member(journey, GROWTH).broken_at(1)
}

/// The create of a member's row is refused, so that nothing of it was ever seen.
pub(crate) fn without_member(journey: Journey, member: Member) -> Journey {
    let names_it = |fact: &Fact| serde_json::to_string(fact).unwrap().contains(member.row);
    let is_census = |fact: &Fact| matches!(fact, Fact::Census(_));
    journey
        .with_before(is_created(member), [facts::refused(member.name)])
        .without(|fact| !is_census(fact) && names_it(fact))
        .with_census(TenantRole::Subject, CensusMoment::End, |census| {
            census.rows.retain(|row| row.id != member.row);
            census.boxes.retain(|instance| instance != member.instance);
        })
        .with_report(|text| {
            text.replace(&format!("{} is provisioning", member.name), &format!("{} was refused", member.name))
        })
}

/// A member goes offline and comes back in the window of the last step.
fn wavered(journey: Journey) -> Journey {
    let looks = [facts::look(PRODUCT, "offline"), facts::look(PRODUCT, "online")];
    journey.with_before(is_wait(4), looks).with_events(PRODUCT, &["WORKSPACE_OFFLINE", "WORKSPACE_ONLINE"])
}

fn turn_unanswered(journey: Journey) -> Journey {
    journey.change(|fact| {
        if let Fact::Turn(turn) = fact {
            turn.reply.text = None;
        }
    })
}

fn unpaid(journey: Journey) -> Journey {
    journey.with_model_calls(GROWTH, |call| {
        (call.payer, call.key) = (None, KeyShown::Missing);
    })
}

/// A create is refused and leaves a row; the agent tries again and is accepted.
pub(crate) fn trace_of_a_refusal(journey: Journey) -> Journey {
    with_row_of_nobody(journey, "row-trace", "enter-growth")
        .with_before(is_created(GROWTH), [facts::refused("enter-growth")])
}

/// A row in the census of the end that no create made; teardown deletes it like any other.
pub(crate) fn with_row_of_nobody(journey: Journey, id: &'static str, name: &'static str) -> Journey {
    journey
        .with_census(TenantRole::Subject, CensusMoment::End, |census| {
            let mut stray = facts::row(GROWTH, "online");
            (stray.id, stray.name) = (id.into(), name.into());
            census.rows.push(stray);
        })
        .with_before(is_receipt("row-concierge"), [facts::receipt(TenantRole::Subject, id)])
}

fn stray_row(journey: Journey) -> Journey {
    with_row_of_nobody(journey, "row-stray", "stray")
}

/// A member's row fails when all steps are over, and says why everywhere, with a code.
pub(crate) fn failed_at_the_end(journey: Journey, member: Member) -> Journey {
    with_failure_event(journey, member, &[("error", REASON), ("code", "MISSING_BYOK_CREDENTIAL")])
        .with_row_at_the_end(member, |row| {
            (row.status, row.reason) = ("failed".into(), Some(REASON.into()));
        })
}

pub(crate) fn with_failure_event(
    journey: Journey,
    member: Member,
    payload: &[(&'static str, &'static str)],
) -> Journey {
    let is_it = is_events(member);
    journey.change(|fact| match fact {
        Fact::Events(seen) if is_it(&Fact::Events(seen.clone())) => {
            let is_of_failure = |event: &wire::StoredEvent| event.event_type == "WORKSPACE_PROVISION_FAILED";
            if !seen.events.iter().any(is_of_failure) {
                seen.events.push(facts::event(member, "WORKSPACE_PROVISIONING", &[]));
            }
            seen.events.retain(|event| !is_of_failure(event));
            seen.events.push(facts::event(member, "WORKSPACE_PROVISION_FAILED", payload));
        }
        _ => {}
    })
}

/// Changes the reason of the row where it was read in this place.
pub(crate) fn with_reason(journey: Journey, place: Surface, reason: Option<&'static str>) -> Journey {
    let source = match place {
        Surface::Read => journal::RowSource::Read,
        Surface::List => journal::RowSource::List,
        _ => unreachable!("rows are read in two places"),
    };
    journey.change(|fact| match fact {
        Fact::Row(seen) if seen.workspace == GROWTH.row && seen.source == source => {
            let failed = seen.row.iter_mut().filter(|row| row.status == "failed");
            failed.for_each(|row| row.reason = reason.map(str::to_owned));
        }
        _ => {}
    })
}

fn reason_missing(journey: Journey) -> Journey {
    with_reason(failed_at_the_end(journey, GROWTH), Surface::List, None)
}

fn reason_differs(journey: Journey) -> Journey {
    with_reason(failed_at_the_end(journey, GROWTH), Surface::List, Some("something went wrong"))
}

fn code_missing(journey: Journey) -> Journey {
    with_failure_event(failed_at_the_end(journey, GROWTH), GROWTH, &[("error", REASON)])
}

/// A row that provisions when all is over; nobody was asked for its box.
fn nobody_at_work(journey: Journey) -> Journey {
    journey
        .without(is_provision(GROWTH))
        .with_row_at_the_end(GROWTH, |row| row.status = "provisioning".into())
        .with_events(GROWTH, &["WORKSPACE_PROVISIONING"])
}

fn orphaned(journey: Journey) -> Journey {
    journey.with_census(TenantRole::Subject, CensusMoment::End, |census| {
        census.rows.iter_mut().filter(|row| row.id == GROWTH.row).for_each(|row| row.parent_id = None);
    })
}

fn unanswered(journey: Journey) -> Journey {
    journey.with_asked(PRODUCT, AskReason::FirstOnline, |asked| {
        asked.reply = TurnReply { error: Some("no answer within 10 s".into()), ..TurnReply::default() };
    })
}

fn empty_answer(journey: Journey) -> Journey {
    journey.with_asked(PRODUCT, AskReason::FirstOnline, |asked| asked.reply.text = Some(" \n".into()))
}

fn wrong_answer(journey: Journey) -> Journey {
    journey.with_asked(PRODUCT, AskReason::Step(2), |asked| asked.reply.text = Some("Not logged in".into()))
}

fn delivered_twice(journey: Journey) -> Journey {
    let again = facts::handed_on(PRODUCT, &facts::nonce(PRODUCT, AskReason::FirstOnline));
    journey.with_before(is_asked(PRODUCT, AskReason::FirstOnline), [again])
}

fn box_left(journey: Journey) -> Journey {
    journey.with_census(TenantRole::Subject, CensusMoment::TornDown, |census| {
        census.boxes.push(GROWTH.instance.into());
    })
}

fn delete_unproven(journey: Journey) -> Journey {
    journey.change(|fact| match fact {
        Fact::Receipt(receipt) if receipt.workspace == GROWTH.row => receipt.read_after = 200,
        _ => {}
    })
}

fn bystander_touched(journey: Journey) -> Journey {
    journey.with_before(is_wait(4), [facts::model_call(TenantRole::Bystander, NEIGHBOUR)])
}

fn unmodelled_route(journey: Journey) -> Journey {
    let route =
        Unmodelled { hop: Hop::PlatformToControlPlane, method: "GET".into(), path: "/cp/quota".into() };
    journey.with_before(is_wait(4), [Fact::Unmodelled(route)])
}

fn register_refused(journey: Journey) -> Journey {
    journey.change(|fact| match fact {
        Fact::BoxRegistered(registered) if registered.workspace == GROWTH.row => {
            registered.status = Some(401)
        }
        _ => {}
    })
}

/// Nobody counts what is left on a server that is gone.
fn server_ended(journey: Journey) -> Journey {
    let mut journey = journey.without(is_census(TenantRole::Subject, CensusMoment::TornDown));
    journey.tell([facts::server_said(TenantRole::Subject, Some("exit status: 101"), &["panicked"])]);
    journey
}

/// A second box for a member's row, beside the first.
pub(crate) fn with_second_box(journey: Journey, row: &'static str) -> Journey {
    let second = facts::box_started(TenantRole::Subject, row, "box-second", WorkspaceKind::Workspace);
    journey.with_before(is_wait(4), [second]).with_census(TenantRole::Subject, CensusMoment::End, |census| {
        census.boxes.push("box-second".into());
    })
}
