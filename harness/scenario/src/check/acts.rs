//! The acts.

use contract::Entry;
use document::{Place, Placed};

use super::steps::Steps;
use crate::raw::{RawProvision, RawPutModel, RawRestart, RawSayAgain, RawSetBillingMode, RawUserSays};
use crate::{Provision, PutModel, Restart, SayAgain, SetBillingMode, Template, UserSays};

/// More members than this are no team.
const MAX_MEMBERS: usize = 50;

/// A member's name fits a row's name in every era (tenant-api §2.4 #2).
const MAX_NAME_CHARS: usize = 63;

impl Steps<'_, '_, '_> {
    pub(super) fn user_says(&mut self, raw: &RawUserSays) -> Option<UserSays> {
        if raw.members.value.is_empty() || raw.members.value.len() > MAX_MEMBERS {
            let text = format!("{} members, where 1 to {MAX_MEMBERS} are wanted", raw.members.value.len());
            self.problems.add(raw.members.place, text, "name the members of the team");
        }
        for member in &raw.members.value {
            self.new_member(member);
        }
        self.has_turn = true;
        self.has_attempt = true;
        Some(UserSays {
            text: self.problems.template(&raw.text)?,
            members: raw.members.value.iter().map(|member| member.value.clone()).collect(),
            runtime: self.runtime(raw.runtime.as_ref()),
            model: raw.model.as_ref().and_then(|text| self.problems.template(text)),
        })
    }

    pub(super) fn say_again(&mut self, place: Place, raw: &RawSayAgain) -> SayAgain {
        if !self.has_turn {
            self.problems.add(place, "nothing was said yet", "begin the conversation with `user_says`");
        }
        SayAgain {
            text: raw.text.as_ref().and_then(|text| self.problems.template(text)),
            model: raw.model.as_ref().and_then(|text| self.problems.template(text)),
        }
    }

    pub(super) fn provision(&mut self, raw: &RawProvision) -> Option<Provision> {
        self.new_member(&raw.name);
        self.has_attempt = true;
        let entry = self.problems.template(&raw.entry)?;
        let is_the_axis = raw.entry.value == "$entry";
        if is_the_axis && self.vary.entry.is_empty() {
            self.problems.add(
                raw.entry.place,
                "there is no axis `entry`",
                "add it to `vary`, or name an entry",
            );
        } else if !is_the_axis && Entry::from_word(&raw.entry.value).is_none() {
            let known: Vec<&str> = Entry::ALL.iter().map(|entry| entry.as_str()).collect();
            self.problems.unknown("entry", &raw.entry, &known);
        }
        if let Some(key) = raw.key.as_ref().filter(|key| key.value != "$key" || self.vary.key.is_none()) {
            let hint = "add the axis `key` to `vary` and write `key: $key`";
            self.problems.add(key.place, "a key comes from the axis `key` only", hint);
        }
        Some(Provision {
            entry,
            name: raw.name.value.clone(),
            runtime: self.runtime(raw.runtime.as_ref()),
            model: raw.model.as_ref().and_then(|text| self.problems.template(text)),
            key: raw.key.as_ref().and_then(|text| self.problems.template(text)),
        })
    }

    pub(super) fn put_model(&mut self, raw: RawPutModel) -> Option<PutModel> {
        self.known_member(&raw.workspace);
        let model = self.problems.template(&raw.model)?;
        Some(PutModel { workspace: raw.workspace, model })
    }

    pub(super) fn set_billing_mode(&mut self, raw: RawSetBillingMode) -> SetBillingMode {
        self.known_member(&raw.workspace);
        SetBillingMode { workspace: raw.workspace, mode: raw.mode }
    }

    pub(super) fn restart(&mut self, raw: RawRestart) -> Restart {
        self.known_member(&raw.workspace);
        Restart { workspace: raw.workspace }
    }

    /// A runtime that is named outright must be one that the platform knows.
    fn runtime(&mut self, typed: Option<&Placed<String>>) -> Option<Template> {
        let typed = typed?;
        let template = self.problems.template(typed)?;
        let known: Vec<&str> = self.around.contract.known_runtimes.iter().collect();
        if template.references().next().is_none() && !known.contains(&typed.value.as_str()) {
            self.problems.unknown("runtime", typed, &known);
        }
        Some(template)
    }

    fn new_member(&mut self, name: &Placed<String>) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_good = !name.value.is_empty()
            && name.value.chars().count() <= MAX_NAME_CHARS
            && name.value.chars().all(is_plain)
            && name.value.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !is_good {
            let hint =
                format!("a member's name is made of letters, digits, `-` and `_`, at most {MAX_NAME_CHARS}");
            self.problems.add(name.place, format!("`{}` is no member's name", name.value), hint);
        } else if self.members.contains(&name.value) {
            let hint = "ask for each member once";
            self.problems.add(name.place, format!("the member `{}` is asked for twice", name.value), hint);
        }
        self.members.push(name.value.clone());
    }
}
