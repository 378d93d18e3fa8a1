//! A view on observations: what had been seen up to some moment.

use journal::{
    Asked, BoxRegistered, BoxStarted, Census, CensusMoment, EntryCall, EntryStep, EventsSeen, Exchange, Fact,
    Hop, ModelCall, Observation, OfferedSeen, Receipt, Row, RowSeen, RowSource, ServerSaid, StatusSeen,
    StoredModelSeen, TenantRole, ToolCall, ToolList, Turn, WaitSeen,
};
use wire::Status;

/// What a read says of a row that is gone (tenant-api §2.6).
pub(crate) const GONE: u16 = 410;

/// What had been seen up to some moment of a journey.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    observations: &'a [Observation],
}

/// A fact with its number.
pub(crate) type Numbered<'a, T> = (u64, &'a T);

impl<'a> Facts<'a> {
    /// Everything that was seen.
    pub fn all(observations: &'a [Observation]) -> Self {
        Self { observations }
    }

    /// What had been seen up to and with this number.
    #[must_use]
    pub fn up_to(self, seq: u64) -> Self {
        let end = self.observations.partition_point(|observation| observation.seq <= seq);
        Self { observations: &self.observations[..end] }
    }

    /// What was seen after this number.
    #[must_use]
    pub(crate) fn after(self, seq: u64) -> Self {
        let start = self.observations.partition_point(|observation| observation.seq <= seq);
        Self { observations: &self.observations[start..] }
    }

    pub(crate) fn iter(self) -> impl DoubleEndedIterator<Item = &'a Observation> {
        self.observations.iter()
    }

    pub(crate) fn entry_calls(self) -> impl DoubleEndedIterator<Item = Numbered<'a, EntryCall>> + Clone {
        self.of(|fact| match fact {
            Fact::EntryCall(call) => Some(call),
            _ => None,
        })
    }

    pub(crate) fn tool_list(self) -> Option<Numbered<'a, ToolList>> {
        let lists = self.of(|fact| match fact {
            Fact::ToolList(list) => Some(list),
            _ => None,
        });
        lists.rev().find(|(_, list)| list.tenant == TenantRole::Subject)
    }

    /// Every fact of one kind, with its number.
    fn of<T: 'a>(
        self,
        pick: impl Fn(&'a Fact) -> Option<&'a T> + Clone,
    ) -> impl DoubleEndedIterator<Item = Numbered<'a, T>> + Clone {
        self.observations.iter().filter_map(move |seen| pick(&seen.fact).map(|fact| (seen.seq, fact)))
    }

    /// The concierge's row id of a tenant.
    pub fn concierge(self, role: TenantRole) -> Option<&'a str> {
        let mut signed_up = self.of(|fact| match fact {
            Fact::SignedUp(signed_up) => Some(signed_up),
            _ => None,
        });
        signed_up
            .find(|(_, signed_up)| signed_up.tenant == role)
            .map(|(_, signed_up)| signed_up.concierge.as_str())
    }

    pub(crate) fn turns(self) -> impl DoubleEndedIterator<Item = Numbered<'a, Turn>> {
        self.of(|fact| match fact {
            Fact::Turn(turn) => Some(turn),
            _ => None,
        })
    }

    pub(crate) fn tool_calls(self) -> impl DoubleEndedIterator<Item = Numbered<'a, ToolCall>> {
        self.of(|fact| match fact {
            Fact::ToolCall(call) => Some(call),
            _ => None,
        })
    }

    /// The members asked for so far, once each, in order.
    pub fn members(self) -> Vec<&'a str> {
        let mut members: Vec<&str> = Vec::new();
        for observation in self.observations {
            let named = match &observation.fact {
                Fact::Turn(turn) => turn.members.as_slice(),
                Fact::EntryCall(call) => std::slice::from_ref(&call.member),
                _ => continue,
            };
            for member in named {
                if !members.contains(&member.as_str()) {
                    members.push(member);
                }
            }
        }
        members
    }

    /// The newest row that was made for a member, and the observation that says so.
    pub fn row_of_member(self, member: &str) -> Option<(u64, String)> {
        self.rows_of_member(member).pop()
    }

    /// Every row that was made for a member, oldest first. Rows are known by the id in the entry's answer, never by
    /// name.
    pub(crate) fn rows_of_member(self, member: &str) -> Vec<(u64, String)> {
        let mut rows: Vec<(u64, String)> = Vec::new();
        for observation in self.observations {
            let made = match &observation.fact {
                Fact::ToolCall(call)
                    if call.tenant == TenantRole::Subject && call.argument("name") == Some(member) =>
                {
                    call.created_id()
                }
                Fact::EntryCall(call) if call.step == EntryStep::Make && call.member == member => {
                    call.workspace.clone()
                }
                _ => None,
            };
            if let Some(id) = made.filter(|id| !rows.iter().any(|(_, earlier)| earlier == id)) {
                rows.push((observation.seq, id));
            }
        }
        rows
    }

    /// Every row that was made for some member, oldest first, whatever became of it.
    pub fn rows_made(self) -> Vec<(&'a str, String)> {
        let of_member =
            |member: &'a str| self.rows_of_member(member).into_iter().map(move |(_, id)| (member, id));
        self.members().into_iter().flat_map(of_member).collect()
    }

    /// The newest rows of all members that have one.
    pub fn team(self) -> Vec<(&'a str, String)> {
        let rows = self.members().into_iter();
        rows.filter_map(|member| self.row_of_member(member).map(|(_, id)| (member, id))).collect()
    }

    /// The runtimes for which somebody asked for a member, once each; `default` is the one of who names none.
    pub fn runtimes_asked(self, default: &str) -> Vec<String> {
        let mut runtimes: Vec<String> = Vec::new();
        for observation in self.observations {
            let named = match &observation.fact {
                Fact::ToolCall(call) if call.tool == "provision_workspace" => call.argument("runtime"),
                Fact::EntryCall(call) if call.step == EntryStep::Make => call.runtime.as_deref(),
                _ => continue,
            };
            let named = named.unwrap_or(default);
            if !runtimes.iter().any(|known| known == named) {
                runtimes.push(named.to_owned());
            }
        }
        runtimes
    }

    pub(crate) fn rows_seen(self, workspace: &str) -> impl DoubleEndedIterator<Item = Numbered<'a, RowSeen>> {
        self.of(|fact| match fact {
            Fact::Row(seen) => Some(seen),
            _ => None,
        })
        .filter(move |(_, seen)| seen.workspace == workspace)
    }

    /// The last look at a row, wherever it was read; it may have found none.
    pub(crate) fn last_look(self, workspace: &str) -> Option<Numbered<'a, RowSeen>> {
        self.rows_seen(workspace).next_back()
    }

    /// The last look that found a row, wherever it was read.
    pub fn row(self, workspace: &str) -> Option<(u64, &'a Row)> {
        self.rows_seen(workspace).rev().find_map(|(seq, seen)| seen.row.as_ref().map(|row| (seq, row)))
    }

    /// The last look that found a row in one place.
    pub(crate) fn row_from(self, workspace: &str, source: RowSource) -> Option<(u64, &'a Row)> {
        let mut looks = self.rows_seen(workspace).rev().filter(|(_, seen)| seen.source == source);
        looks.find_map(|(seq, seen)| seen.row.as_ref().map(|row| (seq, row)))
    }

    /// True where the row was ever seen in this status.
    pub fn was_seen(self, workspace: &str, status: Status) -> bool {
        self.rows_seen(workspace)
            .any(|(_, seen)| seen.row.as_ref().is_some_and(|row| row.status == status.as_str()))
    }

    /// The statuses that a row went through, as far as anybody saw them: our looks, and the agent's own reads.
    pub(crate) fn trail(self, workspace: &str) -> Vec<StatusSeen> {
        let mut trail: Vec<StatusSeen> = Vec::new();
        for observation in self.observations {
            let Some(status) = status_in(&observation.fact, workspace) else { continue };
            if trail.last().is_none_or(|last| last.status != status) {
                trail.push(StatusSeen { status, at_ms: observation.at_ms });
            }
        }
        trail
    }

    pub(crate) fn model_calls(self) -> impl DoubleEndedIterator<Item = Numbered<'a, ModelCall>> {
        self.of(|fact| match fact {
            Fact::ModelCall(call) => Some(call),
            _ => None,
        })
    }

    pub(crate) fn model_calls_of(
        self,
        workspace: &str,
    ) -> impl DoubleEndedIterator<Item = Numbered<'a, ModelCall>> {
        self.model_calls().filter(move |(_, call)| call.workspace.as_deref() == Some(workspace))
    }

    /// What the platform said last of a row's model.
    pub fn stored_model(self, workspace: &str) -> Option<(u64, &'a StoredModelSeen)> {
        self.of(|fact| match fact {
            Fact::StoredModel(stored) => Some(stored),
            _ => None,
        })
        .rev()
        .find(|(_, stored)| stored.workspace == workspace)
    }

    /// Every reading of a row's model.
    pub(crate) fn stored_models(
        self,
        workspace: &str,
    ) -> impl DoubleEndedIterator<Item = Numbered<'a, StoredModelSeen>> {
        self.of(|fact| match fact {
            Fact::StoredModel(stored) => Some(stored),
            _ => None,
        })
        .filter(move |(_, stored)| stored.workspace == workspace)
    }

    /// The platform's own list of ids for a runtime, as last read.
    pub(crate) fn offered(self, runtime: &str) -> Option<Numbered<'a, OfferedSeen>> {
        self.of(|fact| match fact {
            Fact::Offered(offered) => Some(offered),
            _ => None,
        })
        .rev()
        .find(|(_, offered)| offered.runtime == runtime)
    }

    pub(crate) fn events_of(self, workspace: &str) -> Option<Numbered<'a, EventsSeen>> {
        self.of(|fact| match fact {
            Fact::Events(events) => Some(events),
            _ => None,
        })
        .rev()
        .find(|(_, events)| events.workspace == workspace)
    }

    pub(crate) fn asked(self) -> impl DoubleEndedIterator<Item = Numbered<'a, Asked>> {
        self.of(|fact| match fact {
            Fact::Asked(asked) => Some(asked),
            _ => None,
        })
    }

    pub(crate) fn exchanges(self, hop: Hop) -> impl DoubleEndedIterator<Item = Numbered<'a, Exchange>> {
        self.of(|fact| match fact {
            Fact::Exchange(exchange) => Some(exchange),
            _ => None,
        })
        .filter(move |(_, exchange)| exchange.hop == hop)
    }

    pub(crate) fn boxes_started(self) -> impl DoubleEndedIterator<Item = Numbered<'a, BoxStarted>> {
        self.of(|fact| match fact {
            Fact::BoxStarted(started) => Some(started),
            _ => None,
        })
    }

    pub(crate) fn boxes_registered(self) -> impl DoubleEndedIterator<Item = Numbered<'a, BoxRegistered>> {
        self.of(|fact| match fact {
            Fact::BoxRegistered(registered) => Some(registered),
            _ => None,
        })
    }

    pub(crate) fn census(self, role: TenantRole, moment: CensusMoment) -> Option<Numbered<'a, Census>> {
        self.of(|fact| match fact {
            Fact::Census(census) => Some(census),
            _ => None,
        })
        .rev()
        .find(|(_, census)| census.tenant == role && census.moment == moment)
    }

    pub(crate) fn receipts(self) -> impl DoubleEndedIterator<Item = Numbered<'a, Receipt>> {
        self.of(|fact| match fact {
            Fact::Receipt(receipt) => Some(receipt),
            _ => None,
        })
    }

    /// Where a step began and where it ended, as far as it was played.
    pub(crate) fn step(self, index: usize) -> (Option<u64>, Option<u64>) {
        let began = self.iter().find_map(|seen| match &seen.fact {
            Fact::StepBegan(step) if step.index == index => Some(seen.seq),
            _ => None,
        });
        let ended = self.iter().find_map(|seen| match &seen.fact {
            Fact::StepEnded(step) if step.index == index => Some(seen.seq),
            _ => None,
        });
        (began, ended)
    }

    pub(crate) fn wait(self, step: usize) -> Option<Numbered<'a, WaitSeen>> {
        self.of(|fact| match fact {
            Fact::Wait(wait) => Some(wait),
            _ => None,
        })
        .find(|(_, wait)| wait.step == step)
    }

    pub(crate) fn servers_said(self) -> impl DoubleEndedIterator<Item = Numbered<'a, ServerSaid>> {
        self.of(|fact| match fact {
            Fact::ServerSaid(said) => Some(said),
            _ => None,
        })
    }

    /// What went wrong with us, if anything did.
    pub(crate) fn trouble(self) -> Option<&'a str> {
        self.iter().find_map(|seen| match &seen.fact {
            Fact::Trouble(trouble) => Some(trouble.what.as_str()),
            _ => None,
        })
    }
}

/// The status of a row, where this fact shows it.
fn status_in(fact: &Fact, workspace: &str) -> Option<String> {
    match fact {
        Fact::Row(RowSeen { row: Some(row), .. }) if row.id == workspace => Some(row.status.clone()),
        Fact::ToolCall(call) => {
            let result = call.result()?;
            let is_this = result.get("id").and_then(|id| id.as_str()) == Some(workspace);
            let status = result.get("status").and_then(|status| status.as_str());
            status.filter(|_| is_this).map(str::to_owned)
        }
        _ => None,
    }
}
