//! Whose endpoint and key the calls of an online row's box carry, and whether they are answered (DESIGN §6).

use contract::{ByokWiring, PLATFORM_PROVIDER, Provider, Signal};
use wire::env;

use super::Payer;
use super::keys::AtProvision;
use super::prediction::Promised;
use super::subject::{Id, Subject};
use crate::{Oracle, Resolved, Via};

/// Settings among the keys that move a box's calls to another address.
const ADDRESS_SUFFIX: &str = "_BASE_URL";

/// The runtime that [`ByokWiring::ClaudeCode`] means.
const CLAUDE_CODE: &str = "claude-code";

/// The model calls of a box.
pub(super) struct Calls {
    pub(super) payer: Promised<Option<Payer>>,
    pub(super) provider: Promised<Option<String>>,
    pub(super) key: Promised<Option<String>>,
    pub(super) answers: Promised<bool>,
}

impl Calls {
    /// Calls to the platform's proxy with the tenant's usage token.
    pub(super) fn on_proxy(answers: bool) -> Self {
        Self {
            payer: Promised::This(Some(Payer::Platform)),
            provider: Promised::This(Some(PLATFORM_PROVIDER.to_owned())),
            key: Promised::This(None),
            answers: Promised::This(answers),
        }
    }

    fn unpromised(answers: Promised<bool>) -> Self {
        Self {
            payer: Promised::Unpromised,
            provider: Promised::Unpromised,
            key: Promised::Unpromised,
            answers,
        }
    }
}

impl Oracle {
    /// True where the platform's proxy serves this id: it knows no runtime, only what platform arms list, byte for
    /// byte.
    pub(crate) fn is_served_by_proxy(&self, id: &str) -> bool {
        self.registry().runtimes.iter().flat_map(contract::Runtime::platform_ids).any(|listed| listed == id)
    }
}

/// The calls of a box that a vendor is paid for.
pub(super) fn of_vendor(subject: &Subject<'_>, id: &Id, arm: &Resolved<'_>, held: &AtProvision<'_>) -> Calls {
    let names: Vec<&str> = held.in_box(arm.auth_env).collect();
    let Some(provider) = subject.oracle.registry().provider(arm.provider) else {
        return Calls::unpromised(Promised::Unpromised);
    };
    // Nobody knows where a vendor is whose address the catalogue does not have; ours only stands in for it.
    let has_address = is_told_provider(subject) && !provider.is_base_assumed();
    if !has_address || names.iter().any(|name| name.ends_with(ADDRESS_SUFFIX)) {
        return Calls::unpromised(Promised::Unpromised);
    }
    let accepted: Vec<&String> = arm.auth_env.iter().filter(|name| names.contains(&name.as_str())).collect();
    let Some(first) = accepted.first() else { return with_foreign_key(provider, &names) };
    if holds_another(&names, &accepted) {
        // Each runtime looks through the names in an order of its own, and some go where the key that they find belongs.
        return Calls {
            payer: Promised::This(Some(Payer::Vendor)),
            ..Calls::unpromised(Promised::Unpromised)
        };
    }
    let is_wired = is_wired(subject);
    // Where nothing puts the key under the name that the adapter reads, it must stand there by itself.
    let finds_key = is_wired || accepted.iter().any(|name| **name == provider.token_variable);
    let is_listed = arm.via != Via::Prefix && id.stored == id.trimmed;
    Calls {
        payer: Promised::This(Some(Payer::Vendor)),
        provider: Promised::This(Some(arm.provider.to_owned())),
        key: Promised::This(Some((*first).clone())),
        // What a vendor offers besides the ids listed here, and what it makes of a padded one, is its own affair.
        answers: only_if(finds_key && is_listed, true),
    }
}

/// Whether a box holds more credentials than one that its arm accepts.
fn holds_another(names: &[&str], accepted: &[&String]) -> bool {
    let is_accepted = |name: &&&str| accepted.iter().any(|own| own == *name);
    let is_vendors = |name: &&&str| env::VENDOR_KEYS.contains(*name);
    accepted.len() > 1 || names.iter().any(|name| is_vendors(&name) && !is_accepted(&name))
}

/// A key that the arm does not accept opened the provision: the vendor refuses the calls, unless the key stands where
/// the adapter looks anyway.
fn with_foreign_key(provider: &Provider, names: &[&str]) -> Calls {
    Calls::unpromised(only_if(!names.contains(&provider.token_variable.as_str()), false))
}

/// A box knows whom to call from its environment. What a box makes of the files of its first provision nobody recorded.
fn is_told_provider(subject: &Subject<'_>) -> bool {
    subject.contract.resolved_provider == Signal::Sent || is_wired(subject)
}

/// Whether the box is told the vendor's address, and its key under the name that its adapter reads.
fn is_wired(subject: &Subject<'_>) -> bool {
    match subject.contract.byok_wiring {
        ByokWiring::SecretsAlone => false,
        ByokWiring::ClaudeCode => subject.runtime == CLAUDE_CODE,
        ByokWiring::EveryRuntime => true,
    }
}

fn only_if<T>(is_promised: bool, value: T) -> Promised<T> {
    if is_promised { Promised::This(value) } else { Promised::Unpromised }
}
