//! The steps, one after the other, with what those before have named.

use document::{Node, Place, Placed};

use super::Surroundings;
use super::problems::Problems;
use crate::raw::{RawEach, RawStep};
use crate::{Ask, Step, Vary, Verb, Who};

/// What the steps so far have named.
pub(super) struct Steps<'p, 's, 'r> {
    pub(super) problems: &'p mut Problems<'s>,
    pub(super) around: Surroundings<'r>,
    pub(super) vary: &'r Vary,
    pub(super) members: Vec<String>,
    /// Whether a step before could not be read: what it would have named is not known, so nothing is held against those
    /// after it for want of a name.
    pub(super) has_unread_step: bool,
    /// Whether some turn of the user came before.
    pub(super) has_turn: bool,
    /// Whether some act that can be refused came before.
    pub(super) has_attempt: bool,
    pub(super) captures: Vec<Placed<String>>,
}

/// The checked steps, and the names under which something is kept.
pub(crate) fn check(
    problems: &mut Problems<'_>,
    nodes: &[Node],
    around: Surroundings<'_>,
    vary: &Vary,
) -> (Vec<Step>, Vec<Placed<String>>) {
    let mut steps = Steps {
        problems,
        around,
        vary,
        members: Vec::new(),
        has_unread_step: false,
        has_turn: false,
        has_attempt: false,
        captures: Vec::new(),
    };
    let checked = nodes.iter().filter_map(|node| steps.step(node)).collect();
    (checked, steps.captures)
}

impl Steps<'_, '_, '_> {
    fn step(&mut self, node: &Node) -> Option<Step> {
        let step = self.read_step(node);
        if step.is_none() {
            (self.has_unread_step, self.has_turn, self.has_attempt) = (true, true, true);
        }
        step
    }

    fn read_step(&mut self, node: &Node) -> Option<Step> {
        let place = node.place;
        let raw: RawStep = self.problems.decode(node)?;
        let verb = match raw {
            RawStep::UserSays(raw) => Verb::UserSays(self.user_says(&raw)?),
            RawStep::SayAgain(raw) => Verb::SayAgain(self.say_again(place, &raw)),
            RawStep::Provision(raw) => Verb::Provision(self.provision(&raw)?),
            RawStep::PutModel(raw) => Verb::PutModel(self.put_model(raw)?),
            RawStep::SetBillingMode(raw) => Verb::SetBillingMode(self.set_billing_mode(raw)),
            RawStep::Restart(raw) => Verb::Restart(self.restart(raw)),
            RawStep::Eventually(raw) => Verb::Eventually(self.eventually(place, &raw)),
            RawStep::Stays(raw) => Verb::Stays(self.window(place, &raw)),
            RawStep::Never(raw) => Verb::Never(self.window(place, &raw)),
            RawStep::Ask(raw) => Verb::Ask(Ask { who: self.who(place, raw.each, raw.workspace)? }),
            RawStep::Expect(raw) => Verb::Expect(self.expect(&raw)?),
        };
        Some(Step { place, verb })
    }

    pub(super) fn known_member(&mut self, name: &Placed<String>) {
        if !self.members.contains(&name.value) && !self.has_unread_step {
            let known: Vec<&str> = self.members.iter().map(String::as_str).collect();
            self.problems.unknown("member", name, &known);
        }
    }

    pub(super) fn who(
        &mut self,
        place: Place,
        each: Option<Placed<RawEach>>,
        workspace: Option<Placed<String>>,
    ) -> Option<Who> {
        match (each, workspace) {
            (Some(_), None) if self.members.is_empty() && !self.has_unread_step => {
                self.problems.add(place, "there is no team yet", "ask for one first: `user_says`");
                None
            }
            (Some(_), None) => Some(Who::Team),
            (None, Some(name)) => {
                self.known_member(&name);
                Some(Who::Member(name.value))
            }
            _ => {
                let hint = "write `each: team`, or `workspace: NAME`";
                self.problems.add(place, "it does not say whose rows are meant", hint);
                None
            }
        }
    }
}
