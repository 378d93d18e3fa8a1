//! Which facts are meant: one predicate for each thing that a test leaves out, changes or looks for.

use journal::{AskReason, CensusMoment, Exchange, Fact, Hop, RowSource, StoredModelSeen, TenantRole};

use crate::facts::{self, Member};

pub(crate) fn is_began(step: usize) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::StepBegan(began) if began.index == step)
}

pub(crate) fn is_ended(step: usize) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::StepEnded(ended) if ended.index == step)
}

pub(crate) fn is_wait(step: usize) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::Wait(wait) if wait.step == step)
}

pub(crate) fn is_census(tenant: TenantRole, moment: CensusMoment) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::Census(census) if census.tenant == tenant && census.moment == moment)
}

pub(crate) fn is_asked(member: Member, reason: AskReason) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::Asked(asked) if asked.workspace == member.row && asked.reason == reason)
}

pub(crate) fn is_stored_model(member: Member) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::StoredModel(StoredModelSeen { workspace, .. }) if workspace == member.row)
}

/// Any look at a member's row.
pub(crate) fn is_row(member: Member) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::Row(seen) if seen.workspace == member.row)
}

/// A look at a member's row in one place.
pub(crate) fn is_row_from(member: Member, source: RowSource) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::Row(seen) if seen.workspace == member.row && seen.source == source)
}

pub(crate) fn is_events(member: Member) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::Events(events) if events.workspace == member.row)
}

pub(crate) fn is_receipt(row: &'static str) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::Receipt(receipt) if receipt.workspace == row)
}

/// The request for a member's box.
pub(crate) fn is_provision(member: Member) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::Exchange(Exchange { request, .. }) if request["workspace_id"] == member.row)
}

/// A question handed to a box.
pub(crate) fn is_handed_on(member: Member, reason: AskReason) -> impl Fn(&Fact) -> bool {
    let nonce = facts::nonce(member, reason);
    move |fact| match fact {
        Fact::Exchange(exchange) => {
            exchange.hop == Hop::PlatformToBox && exchange.request.to_string().contains(&nonce)
        }
        _ => false,
    }
}

/// The call that made a member's row.
pub(crate) fn is_created(member: Member) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::ToolCall(call) if call.created_id().as_deref() == Some(member.row))
}

/// The user's turn came back.
pub(crate) fn is_turn_over(fact: &Fact) -> bool {
    matches!(fact, Fact::Turn(_))
}
