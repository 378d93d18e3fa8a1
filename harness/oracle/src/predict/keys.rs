//! Which keys count where (registry §7): names at the entry, values at provisioning.

use contract::{Entry, KeyTest, PayloadKey};
use wire::env;

use super::subject::Subject;
use super::{GivenKey, Scope};

/// The names that the entry itself sees.
pub(super) struct Visible<'a> {
    /// In the payload.
    pub(super) payload: Vec<&'a str>,
    /// In the payload or on the whole tenant.
    pub(super) all: Vec<&'a str>,
}

/// A key that holds a value when a box is prepared.
#[derive(Clone, Copy, Debug)]
struct Held<'a> {
    name: &'a str,
    is_global: bool,
}

/// The keys that hold a value when a box is prepared. A workspace's own hides the tenant's of the same name.
pub(super) struct AtProvision<'a>(Vec<Held<'a>>);

/// The keys that the entry sees. Values do not matter, and a workspace's own do not stand yet.
pub(super) fn visible<'a>(subject: &Subject<'a>) -> Visible<'a> {
    let payload: Vec<&str> = given(subject, Scope::Payload).map(|key| key.name).collect();
    let global = given(subject, Scope::Global).map(|key| key.name);
    let all = payload.iter().copied().chain(global).collect();
    Visible { payload, all }
}

/// Whether a key that is accepted stands where the entry itself sees it, with a value.
pub(super) fn is_held_at_entry(subject: &Subject<'_>, accepted: &[String]) -> bool {
    let seen = given(subject, Scope::Payload).chain(given(subject, Scope::Global));
    let names: Vec<&str> = seen.filter(|key| !key.is_blank).map(|key| key.name).collect();
    accepts(accepted, &names)
}

/// The keys that hold a value when the entry's box is prepared.
pub(super) fn at_provision<'a>(subject: &Subject<'a>) -> AtProvision<'a> {
    let own: Vec<&GivenKey<'_>> =
        given(subject, Scope::Payload).chain(given(subject, Scope::Workspace)).collect();
    let is_hidden = |name: &str| own.iter().any(|key| key.name == name);
    let global = given(subject, Scope::Global).filter(|key| !is_hidden(key.name));
    let own = own.iter().copied();
    let held = own.map(|key| (key, false)).chain(global.map(|key| (key, true)));
    let with_value = held.filter(|(key, _)| !key.is_blank);
    AtProvision(with_value.map(|(key, is_global)| Held { name: key.name, is_global }).collect())
}

/// The given keys of a scope that the entry has a place for.
fn given<'a>(subject: &Subject<'a>, scope: Scope) -> impl Iterator<Item = &'a GivenKey<'a>> + use<'a> {
    let entry = subject.question.entry;
    let has_place = match scope {
        Scope::Payload => *subject.contract.payload_key.of(entry) != PayloadKey::NotOffered,
        Scope::Workspace => entry == Entry::Restart,
        Scope::Global => true,
    };
    subject.question.keys.iter().filter(move |key| has_place && key.scope == scope)
}

/// The first of these names that is a vendor's; case does not matter (tenant-api §2.9).
pub(super) fn vendors<'a>(names: &[&'a str]) -> Option<&'a str> {
    let is_vendors = |name: &str| env::VENDOR_KEYS.iter().any(|known| known.eq_ignore_ascii_case(name));
    names.iter().copied().find(|name| is_vendors(name))
}

/// True where one of these names is accepted.
pub(super) fn accepts(accepted: &[String], names: &[&str]) -> bool {
    accepted.iter().any(|name| names.contains(&name.as_str()))
}

impl<'a> AtProvision<'a> {
    /// Their names, with which an id is resolved once more.
    pub(super) fn names(&self) -> Vec<&'a str> {
        self.0.iter().map(|key| key.name).collect()
    }

    /// Whether the provision of a vendor's arm that accepts these names goes on.
    pub(super) fn open(&self, test: KeyTest, accepted: &[String]) -> bool {
        match test {
            KeyTest::ArmNames => self.held().any(|name| accepts(accepted, &[name])),
            KeyTest::ArmVendorNames => {
                let is_vendors = |name: &&str| env::VENDOR_KEYS.contains(name);
                self.held().filter(is_vendors).any(|name| accepts(accepted, &[name]))
            }
            KeyTest::AnyVendorName => self.in_box(accepted).any(|name| env::VENDOR_KEYS.contains(&name)),
        }
    }

    /// Those that a vendor-paid box gets: the tenant's keys of other vendors are taken away (tenant-api §5.2).
    pub(super) fn in_box(&self, accepted: &[String]) -> impl Iterator<Item = &'a str> {
        let stays = |key: &&Held<'a>| {
            !key.is_global || !env::VENDOR_KEYS.contains(&key.name) || accepts(accepted, &[key.name])
        };
        self.0.iter().filter(stays).map(|key| key.name)
    }

    fn held(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|key| key.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(name: &'static str, is_global: bool) -> Held<'static> {
        Held { name, is_global }
    }

    #[test]
    fn a_foreign_key_opens_the_loose_test_only_on_the_workspace() {
        let accepted = ["ANTHROPIC_API_KEY".to_owned(), "GOOGLE_API_KEY".to_owned()];
        for (name, is_global, loose, strict, both) in [
            ("OPENAI_API_KEY", false, true, false, false),
            ("OPENAI_API_KEY", true, false, false, false),
            ("ANTHROPIC_API_KEY", true, true, true, true),
            ("GOOGLE_API_KEY", false, false, true, false),
            ("anthropic_api_key", false, false, false, false),
        ] {
            let keys = AtProvision(vec![held(name, is_global)]);
            assert_eq!(keys.open(KeyTest::AnyVendorName, &accepted), loose, "{name} {is_global}");
            assert_eq!(keys.open(KeyTest::ArmNames, &accepted), strict, "{name} {is_global}");
            assert_eq!(keys.open(KeyTest::ArmVendorNames, &accepted), both, "{name} {is_global}");
        }
    }

    #[test]
    fn a_vendors_name_is_known_in_any_case() {
        assert_eq!(vendors(&["FOO", "anthropic_api_key"]), Some("anthropic_api_key"));
        assert_eq!(vendors(&["FOO", "GOOGLE_API_KEY"]), None);
    }
}
