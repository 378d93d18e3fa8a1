//! The promises that a scenario can need, by key (scenarios/README.md, `needs`).
//!
//! To add one: a variant with its key and its reading.

use crate::{BillingModeRoute, ByokWiring, Contract, Entry, KeylessVendorId, MissingModel, PayloadKey, Rule};

/// A promise that a scenario can need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Promise {
    /// The tool's text states the namespace rule.
    ToolTextStatesNamespaceRule,
    /// A create without a model takes the platform's default.
    OmittedModelTakesPlatformDefault,
    /// A vendor's id without its key is refused, early or at provisioning.
    KeylessVendorIdRefused,
    /// A refusal names an id that this platform accepts on the runtime.
    RefusalAlternativeIsUsable,
    /// A vendor's key in the payload of that vendor's id is accepted.
    PayloadKeyAccepted,
    /// A box that the tenant pays for is told its key and its vendor's address as its runtime reads them.
    ByokBoxIsWired,
    /// A workspace's billing mode can be set.
    BillingModeCanBeSet,
}

impl Promise {
    /// Every promise that can be needed.
    pub const ALL: [Self; 7] = [
        Self::ToolTextStatesNamespaceRule,
        Self::OmittedModelTakesPlatformDefault,
        Self::KeylessVendorIdRefused,
        Self::RefusalAlternativeIsUsable,
        Self::PayloadKeyAccepted,
        Self::ByokBoxIsWired,
        Self::BillingModeCanBeSet,
    ];

    /// Its key in `needs`.
    pub fn key(self) -> &'static str {
        match self {
            Self::ToolTextStatesNamespaceRule => "tool_text.states_namespace_rule",
            Self::OmittedModelTakesPlatformDefault => "omitted_model.takes_platform_default",
            Self::KeylessVendorIdRefused => "keyless_vendor_id.refused",
            Self::RefusalAlternativeIsUsable => "refusal.alternative_is_usable",
            Self::PayloadKeyAccepted => "payload_key.accepted_on_vendor_ids",
            Self::ByokBoxIsWired => "byok.box_is_wired",
            Self::BillingModeCanBeSet => "billing_mode.can_be_set",
        }
    }

    /// The promise of this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|promise| promise.key() == key)
    }
}

impl Contract {
    /// Whether this platform makes a promise, for a case's entry and runtime.
    pub fn makes(&self, promise: Promise, entry: Entry, runtime: Option<&str>) -> bool {
        match promise {
            Promise::ToolTextStatesNamespaceRule => {
                Rule::ALL.iter().all(|rule| self.provision_tool.states.contains(rule))
            }
            Promise::OmittedModelTakesPlatformDefault => {
                let promise = *self.omitted_model.of(entry);
                matches!(promise, MissingModel::PlatformDefault | MissingModel::ToolDefault)
            }
            Promise::KeylessVendorIdRefused => matches!(
                self.keyless_vendor_id.of(entry),
                KeylessVendorId::Refused | KeylessVendorId::FailsAtProvisioning
            ),
            Promise::RefusalAlternativeIsUsable => {
                let usable = &self.refusal_of_keyless(entry).alternative_is_usable_on;
                runtime.is_some_and(|runtime| usable.contains(runtime))
            }
            Promise::PayloadKeyAccepted => matches!(
                self.payload_key.of(entry),
                PayloadKey::RefusedOnPlatformIds | PayloadKey::RefusedUnlessVendors
            ),
            Promise::ByokBoxIsWired => match self.byok_wiring {
                ByokWiring::SecretsAlone => false,
                ByokWiring::ClaudeCode => runtime.is_none_or(|runtime| runtime == "claude-code"),
                ByokWiring::EveryRuntime => true,
            },
            Promise::BillingModeCanBeSet => self.routes.billing_mode != BillingModeRoute::Absent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BUILTIN_CONTRACTS, load_contract};
    use document::Source;

    fn contract(name: &str) -> Contract {
        let (name, text) = BUILTIN_CONTRACTS.iter().find(|(known, _)| *known == name).unwrap();
        load_contract(&Source::new(*name, *text)).unwrap()
    }

    #[test]
    fn keys_are_distinct_and_read_back() {
        for promise in Promise::ALL {
            assert_eq!(Promise::from_key(promise.key()), Some(promise));
        }
    }

    /// Contract, promise, entry, runtime, whether it is made.
    const MADE: &[(&str, Promise, Entry, &str, bool)] = &[
        ("as-designed", Promise::ToolTextStatesNamespaceRule, Entry::Tool, "codex", true),
        ("incident", Promise::ToolTextStatesNamespaceRule, Entry::Tool, "codex", false),
        ("as-designed", Promise::OmittedModelTakesPlatformDefault, Entry::Tool, "codex", true),
        ("create-gate", Promise::OmittedModelTakesPlatformDefault, Entry::Tool, "codex", false),
        ("incident", Promise::KeylessVendorIdRefused, Entry::Import, "codex", true),
        ("as-designed", Promise::RefusalAlternativeIsUsable, Entry::Tool, "codex", true),
        ("incident", Promise::RefusalAlternativeIsUsable, Entry::Tool, "claude-code", false),
        ("create-gate", Promise::RefusalAlternativeIsUsable, Entry::Tool, "claude-code", true),
        ("create-gate", Promise::RefusalAlternativeIsUsable, Entry::Tool, "codex", false),
        ("create-gate", Promise::RefusalAlternativeIsUsable, Entry::Import, "claude-code", false),
        ("incident", Promise::PayloadKeyAccepted, Entry::Create, "codex", false),
        ("create-gate", Promise::PayloadKeyAccepted, Entry::Create, "codex", true),
        ("incident", Promise::ByokBoxIsWired, Entry::Create, "claude-code", false),
        ("create-gate", Promise::ByokBoxIsWired, Entry::Create, "claude-code", true),
        ("create-gate", Promise::ByokBoxIsWired, Entry::Create, "codex", false),
        ("as-designed", Promise::ByokBoxIsWired, Entry::Create, "codex", true),
        ("as-designed", Promise::BillingModeCanBeSet, Entry::Create, "codex", false),
        ("incident", Promise::BillingModeCanBeSet, Entry::Create, "codex", true),
        ("org-default", Promise::KeylessVendorIdRefused, Entry::Tool, "codex", false),
        ("org-default", Promise::BillingModeCanBeSet, Entry::Create, "codex", true),
        ("derive-only", Promise::KeylessVendorIdRefused, Entry::PutModel, "codex", true),
        ("derive-only", Promise::BillingModeCanBeSet, Entry::Create, "codex", false),
        ("head", Promise::KeylessVendorIdRefused, Entry::Tool, "codex", true),
        ("head", Promise::KeylessVendorIdRefused, Entry::Import, "codex", false),
        ("head", Promise::OmittedModelTakesPlatformDefault, Entry::Tool, "codex", true),
        ("head", Promise::OmittedModelTakesPlatformDefault, Entry::Create, "codex", false),
        ("head", Promise::RefusalAlternativeIsUsable, Entry::Tool, "codex", true),
    ];

    #[test]
    fn each_era_makes_the_promises_that_its_record_shows() {
        for (name, promise, entry, runtime, made) in MADE {
            let makes = contract(name).makes(*promise, *entry, Some(runtime));
            assert_eq!(makes, *made, "{name} {} {entry:?} {runtime}", promise.key());
        }
    }
}
