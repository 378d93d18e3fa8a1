//! A question with all that it is decided by, and what its id amounts to.

use contract::{ConciergeModel, Contract, Entry, MissingModel, RuntimeNames, StoredId, UnregisteredId};

use super::keys::{self, AtProvision};
use super::{Manifest, Question};
use crate::{Oracle, Resolved, Unresolved};

/// A question, the contract and the registry that it is decided by.
pub(super) struct Subject<'a> {
    pub(super) oracle: &'a Oracle,
    pub(super) contract: &'a Contract,
    manifest: Manifest,
    pub(super) question: &'a Question<'a>,
    /// The runtime that was named, or the platform's default.
    pub(super) runtime: &'a str,
}

/// What comes in by an entry.
pub(super) enum Incoming {
    /// An id that an arm may own.
    Id(Id),
    /// No id, and what the contract makes of that.
    Missing(MissingModel),
    /// An id on a runtime whose ids nobody looks at.
    Unlisted(Id),
    /// An id that no arm owns, and what the contract makes of that.
    Unregistered(Id, UnregisteredId),
}

/// How a platform knows a runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RuntimeKind {
    /// Its registry lists what the runtime can call.
    Listed,
    /// No registry lists it: it gets a box, and its ids are not looked at.
    Unlisted,
    /// Its agents run elsewhere.
    External,
    /// Not at all.
    Unknown,
}

/// A model id.
#[derive(Clone, Debug)]
pub(super) struct Id {
    /// Without white space at its ends.
    pub(super) trimmed: String,
    /// As it is stored, and so as a box calls it.
    pub(super) stored: String,
}

impl<'a> Subject<'a> {
    pub(super) fn new(
        oracle: &'a Oracle,
        contract: &'a Contract,
        manifest: Manifest,
        question: &'a Question<'a>,
    ) -> Self {
        let runtime = match (question.runtime, question.entry) {
            ("", entry) if entry != Entry::Import => contract.default_runtime.as_str(),
            (named, _) => named,
        };
        Self { oracle, contract, manifest, question, runtime }
    }

    /// How the platform knows the runtime.
    pub(super) fn runtime_kind(&self) -> RuntimeKind {
        let known = &self.contract.known_runtimes;
        let is_among = |names: &RuntimeNames| names.contains(self.runtime);
        let is_readable = self.manifest == Manifest::Readable;
        let listed = if is_readable { &known.with_manifest } else { &known.without_manifest };
        if is_among(listed) {
            RuntimeKind::Listed
        } else if is_among(&known.external) {
            RuntimeKind::External
        } else if is_among(&known.unlisted) || (is_readable && is_among(&known.unlisted_with_manifest)) {
            RuntimeKind::Unlisted
        } else {
            RuntimeKind::Unknown
        }
    }

    /// The id as it was typed; empty where there is none. A tool with a default of its own sends it trimmed (mcp §3).
    pub(super) fn typed(&self) -> &'a str {
        let typed = self.question.model.unwrap_or_default();
        let is_trimmed =
            self.question.entry == Entry::Tool && self.contract.provision_tool.default_model.is_some();
        if is_trimmed { typed.trim() } else { typed }
    }

    /// What the id amounts to for this entry. The empty string counts as left out: the real platforms ask for
    /// emptiness before they trim (tenant-api §2.4 #9).
    pub(super) fn incoming(&self, entry: Entry) -> Incoming {
        let typed = self.typed();
        let trimmed = typed.trim();
        if !trimmed.is_empty() {
            return self.registered(entry, trimmed, typed);
        }
        let promises =
            if typed.is_empty() { &self.contract.omitted_model } else { &self.contract.blank_model };
        match (*promises.of(entry), self.platform_default()) {
            (MissingModel::PlatformDefault, Some(default)) => self.registered(entry, default, default),
            (MissingModel::PlatformDefault, None) => Incoming::Missing(MissingModel::Unpromised),
            (MissingModel::ToolDefault, _) => match self.tool_default() {
                Some(default) => self.registered(entry, default, default),
                None => Incoming::Missing(MissingModel::Unpromised),
            },
            (promise, _) => Incoming::Missing(promise),
        }
    }

    /// What the tool fills in by itself: what its concierge runs on, else its own default (mcp §3).
    fn tool_default(&self) -> Option<&'a str> {
        let of_server = self.question.default_model.filter(|id| !id.trim().is_empty());
        let concierge = &self.contract.concierge;
        let of_concierge = match &concierge.model {
            ConciergeModel::PlatformDefault => self.oracle.platform_default(&concierge.runtime),
            ConciergeModel::ServerDefault => of_server,
            ConciergeModel::Seeded(id) => Some(id.as_str()),
            ConciergeModel::ServerDefaultOr(id) => of_server.or(Some(id.as_str())),
        };
        let own = self.contract.provision_tool.default_model.as_ref();
        of_concierge.or_else(|| own.map(|id| id.as_str()))
    }

    fn registered(&self, entry: Entry, trimmed: &str, typed: &str) -> Incoming {
        let stored = match self.contract.stored_id {
            StoredId::Trimmed => trimmed,
            StoredId::AsTyped => typed,
        };
        let id = Id { trimmed: trimmed.to_owned(), stored: stored.to_owned() };
        let names = keys::visible(self).all;
        match self.resolve(&id, &names) {
            Ok(_) => Incoming::Id(id),
            Err(Unresolved::UnknownRuntime) => Incoming::Unlisted(id),
            Err(_) => Incoming::Unregistered(id, *self.contract.unregistered_id.of(entry)),
        }
    }

    /// The arm of an id, given the names of keys.
    pub(super) fn resolve(&self, id: &Id, names: &[&str]) -> Result<Resolved<'a>, Unresolved> {
        self.oracle.resolve(self.runtime, &id.trimmed, names)
    }

    /// The id that stands in for a missing one: the template's default where the platform pays for it, else the first
    /// id of the platform's arm (DESIGN §5).
    fn platform_default(&self) -> Option<&'a str> {
        self.oracle.platform_default(self.runtime)
    }

    /// True where the row is made by this very entry, so that its box gets files too.
    pub(super) fn makes_row(&self) -> bool {
        matches!(self.question.entry, Entry::Tool | Entry::Create | Entry::Import)
    }

    /// Whether a vendor's arm can be paid when the row's box is prepared.
    pub(super) fn is_payable(&self, arm: &Resolved<'_>, held: &AtProvision<'_>) -> bool {
        held.open(self.contract.provision_key_test, arm.auth_env)
    }

    /// Whether the contract allows a keyless vendor's id to be refused by the entry already, although it promises a
    /// failed row: where it promises the same words in both places, the place is no part of the promise.
    pub(super) fn allows_early_refusal(&self) -> bool {
        let (early, late) =
            (&self.contract.refusals.early.names, &self.contract.refusals.at_provisioning.names);
        let is_told = !early.is_empty();
        is_told
            && early.iter().all(|word| late.contains(word))
            && late.iter().all(|word| early.contains(word))
    }
}
