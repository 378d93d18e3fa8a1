//! A journey made by hand: the green one, and how to change it.

use journal::{
    AskReason, Asked, Census, CensusMoment, Fact, ModelCall, Observation, Row, RowSeen, TenantRole,
};
use wire::WorkspaceKind;

use crate::facts::{self, CONCIERGE, Member, TEAM, TENANTS};
use crate::which::is_ended;

/// Milliseconds between two facts.
const PACE_MS: u64 = 10;

/// The facts of a journey, in order.
#[derive(Clone, Debug)]
pub(crate) struct Journey {
    facts: Vec<Fact>,
}

impl Journey {
    /// A journey of the first team in which every promise is kept.
    pub(crate) fn green() -> Self {
        Self::green_in_order(TEAM)
    }

    /// The same, with what happens to both members at once told in this order.
    pub(crate) fn green_in_order(members: [Member; 2]) -> Self {
        let mut journey = Self { facts: Vec::new() };
        journey.come_up();
        journey.build_the_team(members);
        journey.come_online(members);
        journey.answer_and_stay(members);
        journey.probe_the_end(members);
        journey.tear_down(members);
        journey
    }

    pub(crate) fn empty() -> Self {
        Self { facts: Vec::new() }
    }

    pub(crate) fn tell(&mut self, facts: impl IntoIterator<Item = Fact>) {
        self.facts.extend(facts);
    }

    pub(crate) fn come_up(&mut self) {
        for (tenant, concierge, instance) in TENANTS {
            let rows = vec![facts::concierge(concierge)];
            self.tell([
                facts::box_started(tenant, concierge, instance, WorkspaceKind::Platform),
                facts::box_registered(tenant, concierge, instance),
                facts::signed_up(tenant, concierge),
                facts::census(tenant, CensusMoment::SetUp, rows, &[instance]),
            ]);
        }
    }

    fn build_the_team(&mut self, members: [Member; 2]) {
        self.tell([
            facts::began(0, "user_says"),
            facts::tool_list(facts::MODEL_TEXT),
            facts::model_call(TenantRole::Subject, CONCIERGE),
        ]);
        for member in members {
            let Member { name, row, instance } = member;
            self.tell([
                facts::provision(row),
                facts::box_started(TenantRole::Subject, row, instance, WorkspaceKind::Workspace),
                facts::created(name, row),
                facts::box_registered(TenantRole::Subject, row, instance),
            ]);
        }
        self.tell(members.map(|member| facts::agents_read(member.row, "provisioning")));
        self.tell([facts::turn(), facts::ended(0)]);
    }

    fn come_online(&mut self, members: [Member; 2]) {
        self.tell([facts::began(1, "eventually")]);
        self.tell(members.map(|member| facts::look(member, "provisioning")));
        for member in members {
            self.tell([facts::look(member, "online"), facts::stored_model(member)]);
            self.ask(member, AskReason::FirstOnline);
        }
        self.tell([facts::wait(1, 2, 0), facts::ended(1)]);
    }

    fn ask(&mut self, member: Member, reason: AskReason) {
        self.tell([
            facts::model_call(TenantRole::Subject, member.row),
            facts::handed_on(member, &facts::nonce(member, reason)),
            facts::asked(member, reason),
        ]);
    }

    fn answer_and_stay(&mut self, members: [Member; 2]) {
        self.tell([facts::began(2, "ask")]);
        members.into_iter().for_each(|member| self.ask(member, AskReason::Step(2)));
        self.tell([facts::ended(2), facts::began(3, "expect")]);
        self.tell(members.map(facts::stored_model));
        self.tell([facts::ended(3), facts::began(4, "stays"), facts::wait(4, 9, 1), facts::ended(4)]);
    }

    fn probe_the_end(&mut self, members: [Member; 2]) {
        for member in members {
            let read = facts::look(member, "online");
            self.tell([read, facts::events(member), facts::stored_model(member)]);
        }
        let mut rows = vec![facts::concierge(CONCIERGE)];
        rows.extend(TEAM.map(|member| facts::row(member, "online")));
        self.tell(rows.iter().cloned().map(facts::listed));
        self.tell([facts::offered()]);
        let boxes = ["box-concierge", "box-growth", "box-product"];
        self.tell([facts::census(TenantRole::Subject, CensusMoment::End, rows, &boxes)]);
        let (tenant, neighbour, instance) = TENANTS[1];
        let rows = vec![facts::concierge(neighbour)];
        self.tell([facts::census(tenant, CensusMoment::End, rows, &[instance])]);
    }

    fn tear_down(&mut self, members: [Member; 2]) {
        for Member { row, instance, .. } in members {
            let stopped = facts::box_stopped(TenantRole::Subject, row, instance);
            self.tell([stopped, facts::receipt(TenantRole::Subject, row)]);
        }
        for (tenant, concierge, instance) in TENANTS {
            self.tell([
                facts::box_stopped(tenant, concierge, instance),
                facts::receipt(tenant, concierge),
                facts::census(tenant, CensusMoment::TornDown, Vec::new(), &[]),
            ]);
        }
    }

    /// The facts as a journal holds them.
    pub(crate) fn observations(&self) -> Vec<Observation> {
        let numbered = self.facts.iter().cloned().zip(1..);
        numbered.map(|(fact, seq)| Observation { seq, at_ms: seq * PACE_MS, fact }).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.facts.len()
    }

    pub(crate) fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Where the first fact of this kind stands.
    pub(crate) fn position(&self, is_it: impl Fn(&Fact) -> bool) -> usize {
        self.facts.iter().position(is_it).expect("the green journey holds such a fact")
    }

    /// Changes every fact that the change is about; it must be about one at least.
    pub(crate) fn change(mut self, change: impl Fn(&mut Fact)) -> Self {
        let before = self.facts.clone();
        self.facts.iter_mut().for_each(change);
        assert_ne!(self.facts, before, "nothing was changed");
        self
    }

    /// Leaves out every such fact; there must be one at least.
    pub(crate) fn without(mut self, is_it: impl Fn(&Fact) -> bool) -> Self {
        let before = self.facts.len();
        self.facts.retain(|fact| !is_it(fact));
        assert!(self.facts.len() < before, "nothing was left out");
        self
    }

    pub(crate) fn without_nth(mut self, index: usize) -> Self {
        self.facts.remove(index);
        self
    }

    /// Puts facts before the first one of this kind.
    pub(crate) fn with_before(
        mut self,
        is_it: impl Fn(&Fact) -> bool,
        facts: impl IntoIterator<Item = Fact>,
    ) -> Self {
        let at = self.position(is_it);
        self.facts.splice(at..at, facts);
        self
    }

    /// The journey up to the first fact of this kind, without it.
    pub(crate) fn until(mut self, is_it: impl Fn(&Fact) -> bool) -> Self {
        let at = self.position(is_it);
        self.facts.truncate(at);
        self
    }

    /// As play leaves a journey whose step broke: the steps after it are not played, the probes of the end are.
    pub(crate) fn broken_at(mut self, step: usize) -> Self {
        let (from, to) = (self.position(is_ended(step)) + 1, self.position(is_ended(4)) + 1);
        self.facts.drain(from..to);
        self
    }

    /// Changes each look of ours at a member's row, in a read, a list or a census.
    pub(crate) fn with_row(self, member: Member, change: impl Fn(&mut Row)) -> Self {
        self.change(|fact| match fact {
            Fact::Row(RowSeen { row: Some(row), .. }) if row.id == member.row => change(row),
            Fact::Census(census) => {
                census.rows.iter_mut().filter(|row| row.id == member.row).for_each(&change);
            }
            _ => {}
        })
    }

    /// Changes what the reads and the list of the end say of a member's row, and the census.
    pub(crate) fn with_row_at_the_end(mut self, member: Member, change: impl Fn(&mut Row)) -> Self {
        let end = self.position(is_ended(4));
        let tail = Self { facts: self.facts.split_off(end) }.with_row(member, change);
        self.facts.extend(tail.facts);
        self
    }

    pub(crate) fn with_census(
        self,
        tenant: TenantRole,
        moment: CensusMoment,
        change: impl Fn(&mut Census),
    ) -> Self {
        self.change(|fact| match fact {
            Fact::Census(census) if census.tenant == tenant && census.moment == moment => change(census),
            _ => {}
        })
    }

    /// Changes a question with its answer.
    pub(crate) fn with_asked(self, member: Member, reason: AskReason, change: impl Fn(&mut Asked)) -> Self {
        self.change(|fact| match fact {
            Fact::Asked(asked) if asked.workspace == member.row && asked.reason == reason => change(asked),
            _ => {}
        })
    }

    /// Changes every model call of a member's box.
    pub(crate) fn with_model_calls(self, member: Member, change: impl Fn(&mut ModelCall)) -> Self {
        self.change(|fact| match fact {
            Fact::ModelCall(call) if call.workspace.as_deref() == Some(member.row) => change(call),
            _ => {}
        })
    }

    /// Adds events at the end of a member's.
    pub(crate) fn with_events(self, member: Member, names: &[&str]) -> Self {
        self.change(|fact| match fact {
            Fact::Events(seen) if seen.workspace == member.row => {
                seen.events.extend(names.iter().map(|name| facts::event(member, name, &[])));
            }
            _ => {}
        })
    }

    /// Changes what the agent says at the end of its turns.
    pub(crate) fn with_report(self, change: impl Fn(&str) -> String) -> Self {
        self.change(|fact| {
            if let Fact::Turn(turn) = fact {
                turn.reply.text = turn.reply.text.as_deref().map(&change);
            }
        })
    }

    /// Changes what `provision_workspace` says of its model.
    pub(crate) fn with_tool_text(self, model: &str) -> Self {
        self.change(|fact| {
            if matches!(fact, Fact::ToolList(_)) {
                *fact = facts::tool_list(model);
            }
        })
    }

    /// Changes the variables of a member's boxes.
    pub(crate) fn with_variables(self, member: Member, change: impl Fn(&mut Vec<String>)) -> Self {
        self.change(|fact| match fact {
            Fact::BoxStarted(started) if started.workspace == member.row => change(&mut started.env_names),
            _ => {}
        })
    }

    pub(crate) fn with_stored_model(self, member: Member, model: &str) -> Self {
        self.change(|fact| match fact {
            Fact::StoredModel(seen) if seen.workspace == member.row => seen.stored.model = model.to_owned(),
            _ => {}
        })
    }
}
