//! A scenario as a whole.

use contract::{Entry, Promise};
pub use document::{Place, Placed};

use super::{
    Ask, Condition, Eventually, Expect, Given, Provision, PutModel, Restart, SayAgain, SetBillingMode,
    UserSays, Vary, Window,
};
use crate::Bindings;
use crate::case::place_in;

/// A scenario whose every name is known and whose every reference leads somewhere.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its path without extension, unique.
    pub id: String,
    /// The file as it was named.
    pub file: String,
    /// Its text, for `run.json`.
    pub text: String,
    /// A sentence.
    pub title: String,
    /// The incident or the risk behind it.
    pub why: String,
    /// Free words; some have meaning.
    pub tags: Vec<String>,
    /// Promises that the judged contract must make.
    pub needs: Vec<Need>,
    /// The world it begins with.
    pub given: Given,
    /// What varies.
    pub vary: Vary,
    /// Acts and expectations, in order.
    pub steps: Vec<Step>,
    /// Where the title stands.
    pub place: Place,
}

/// A promise that the judged contract must make, or must not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The promise.
    pub promise: Promise,
    /// Whether it must be made.
    pub is_made: bool,
}

impl Scenario {
    /// A place of this file, as findings name it.
    pub fn place(&self, place: Place) -> journal::Place {
        place_in(&self.file, place)
    }

    /// True where the scenario carries this tag.
    pub fn is_tagged(&self, tag: &str) -> bool {
        self.tags.iter().any(|own| own == tag)
    }

    /// How the id of a case comes in: as its `provision` step says, by the tool in a conversation.
    pub fn entry(&self, bindings: &Bindings) -> Entry {
        let provision = self.steps.iter().find_map(|step| match &step.verb {
            Verb::Provision(provision) => Some(provision),
            _ => None,
        });
        provision.and_then(|provision| provision.entry(bindings)).unwrap_or(Entry::Tool)
    }

    /// The runtimes that a case is about: of its axis, and those that its steps name.
    pub fn runtimes(&self, bindings: &Bindings) -> Vec<String> {
        let named = self.steps.iter().filter_map(|step| match &step.verb {
            Verb::Provision(provision) => provision.runtime.as_ref(),
            Verb::UserSays(says) => says.runtime.as_ref(),
            _ => None,
        });
        let named = named.filter_map(|template| template.text(bindings));
        bindings.text("runtime").map(str::to_owned).into_iter().chain(named).collect()
    }

    /// True where some step expects what the oracle predicts.
    pub fn expects_prediction(&self) -> bool {
        let is_it = |condition: &Condition| matches!(condition, Condition::AsPredicted(_));
        self.steps.iter().any(|step| match &step.verb {
            Verb::Expect(expect) => expect.conditions.iter().any(is_it),
            _ => false,
        })
    }

    /// Every member that some step asks for, once, in order.
    pub fn members(&self) -> Vec<&str> {
        let mut members: Vec<&str> = Vec::new();
        for step in &self.steps {
            let names = match &step.verb {
                Verb::UserSays(says) => says.members.as_slice(),
                Verb::Provision(provision) => std::slice::from_ref(&provision.name),
                _ => continue,
            };
            for name in names {
                if !members.contains(&name.as_str()) {
                    members.push(name);
                }
            }
        }
        members
    }
}

impl Provision {
    /// The entry of one case.
    pub fn entry(&self, bindings: &Bindings) -> Option<Entry> {
        Entry::from_word(&self.entry.text(bindings)?)
    }
}

/// One step and where it stands.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where its verb stands.
    pub place: Place,
    /// What it does or expects.
    pub verb: Verb,
}

/// What a step does or expects.
#[derive(Clone, Debug)]
pub enum Verb {
    /// One chat turn to the concierge.
    UserSays(UserSays),
    /// The user's next turn about the same team.
    SayAgain(SayAgain),
    /// One member by one entry.
    Provision(Provision),
    /// Another model for a member.
    PutModel(PutModel),
    /// Another billing mode for a member.
    SetBillingMode(SetBillingMode),
    /// A member's restart.
    Restart(Restart),
    /// A wait until something holds.
    Eventually(Eventually),
    /// Something that must hold all the time.
    Stays(Window),
    /// Something that must not hold at any time.
    Never(Window),
    /// A question that only a working agent can answer.
    Ask(Ask),
    /// Something that must hold now.
    Expect(Expect),
}

impl Verb {
    /// The verb as it is written.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UserSays(_) => "user_says",
            Self::SayAgain(_) => "say_again",
            Self::Provision(_) => "provision",
            Self::PutModel(_) => "put_model",
            Self::SetBillingMode(_) => "set_billing_mode",
            Self::Restart(_) => "restart",
            Self::Eventually(_) => "eventually",
            Self::Stays(_) => "stays",
            Self::Never(_) => "never",
            Self::Ask(_) => "ask",
            Self::Expect(_) => "expect",
        }
    }
}
