//! What of a question looks like a slip. It is predicted all the same: a platform answers it too.

use std::collections::BTreeSet;

use contract::PayloadKey;
use oracle::{Scope, shown};
use wire::env::VENDOR_KEYS;

use super::words::scope_word;
use super::{Asked, KeyAsked};
use crate::load::Loaded;

/// What the names of most keys end with: it says nothing of whose key it is, so it makes no two names alike.
const USUAL_END: &str = "_API_KEY";

/// A sentence for each slip, without a full stop.
pub(crate) fn notes(asked: &Asked, loaded: &Loaded) -> Vec<String> {
    let accepted = accepted(loaded);
    let of_keys = asked.keys.iter().flat_map(|key| {
        let places = no_place(asked, loaded, key);
        nobodys(&key.name, &accepted).into_iter().chain(places)
    });
    runtime(asked, loaded).into_iter().chain(of_keys).collect()
}

/// A runtime that neither the contract nor the registry knows.
fn runtime(asked: &Asked, loaded: &Loaded) -> Option<String> {
    let typed = asked.runtime.as_deref().filter(|name| !name.is_empty())?;
    let known = &loaded.contract.known_runtimes;
    let of_contract = [
        &known.with_manifest,
        &known.without_manifest,
        &known.external,
        &known.unlisted,
        &known.unlisted_with_manifest,
    ];
    let of_registry = loaded.registry.runtimes.iter().map(|runtime| runtime.name.value.as_str());
    let names = || of_contract.iter().flat_map(|names| names.iter()).chain(of_registry.clone());
    if names().any(|name| name == typed) {
        return None;
    }
    let told = format!("no runtime is called {}", shown(typed));
    Some(match document::near(typed, names()) {
        Some(near) => format!("{told}, did you mean {near}?"),
        None => {
            let all: BTreeSet<&str> = names().collect();
            format!("{told}; known are {}", all.into_iter().collect::<Vec<_>>().join(", "))
        }
    })
}

/// Every name that means something: those that a provider accepts, then those of vendors that none does.
fn accepted(loaded: &Loaded) -> Vec<&str> {
    let of_providers = loaded.registry.providers.iter().flat_map(|provider| provider.auth_env.iter());
    of_providers.map(String::as_str).chain(VENDOR_KEYS).collect()
}

/// A name that no provider accepts.
fn nobodys(name: &str, accepted: &[&str]) -> Option<String> {
    if accepted.contains(&name) {
        return None;
    }
    // A name holds nothing that must be escaped, but it may be of any length.
    let quoted = shown(name);
    let told = format!("no provider accepts {}", quoted.trim_matches('`'));
    Some(match near_key(name, accepted) {
        Some(near) => format!("{told}, did you mean {near}?"),
        None => told,
    })
}

/// The nearest of these names. Where the usual end is typed right, what stands before it decides.
fn near_key<'a>(name: &str, accepted: &[&'a str]) -> Option<&'a str> {
    let Some(stem) = name.strip_suffix(USUAL_END) else {
        return document::near(name, accepted.iter().copied());
    };
    let stems = accepted.iter().filter_map(|known| known.strip_suffix(USUAL_END));
    let near = document::near(stem, stems)?;
    accepted.iter().copied().find(|known| known.strip_suffix(USUAL_END) == Some(near))
}

/// A key where the entry has no place for one.
fn no_place(asked: &Asked, loaded: &Loaded, key: &KeyAsked) -> Option<String> {
    let entry = asked.entry;
    let has_place = match key.scope {
        Scope::Payload => *loaded.contract.payload_key.of(entry) != PayloadKey::NotOffered,
        Scope::Workspace => entry == contract::Entry::Restart,
        Scope::Global => true,
    };
    let (entry, scope) = (entry.as_str(), scope_word(key.scope));
    (!has_place)
        .then(|| format!("{entry} has no place for a key @{scope}, so {} does not count", shown(&key.name)))
}

#[cfg(test)]
mod tests {
    use contract::Entry;
    use oracle::Manifest;

    use super::*;

    fn said(runtime: &str, entry: Entry, keys: &[(&str, Scope)]) -> Vec<String> {
        let keys = keys.iter().map(|(name, scope)| KeyAsked {
            name: (*name).to_owned(),
            scope: *scope,
            is_blank: false,
        });
        let asked = Asked {
            runtime: Some(runtime.to_owned()),
            model: None,
            keys: keys.collect(),
            entry,
            proxy_wired: true,
            manifest: Manifest::Readable,
        };
        notes(&asked, &Loaded::builtin().unwrap())
    }

    #[test]
    fn a_name_that_nobody_accepts_is_told_with_the_one_that_was_meant() {
        for (name, note) in [
            ("ANTHROPIC_API_KEI", "no provider accepts ANTHROPIC_API_KEI, did you mean ANTHROPIC_API_KEY?"),
            ("ANTROPIC_API_KEY", "no provider accepts ANTROPIC_API_KEY, did you mean ANTHROPIC_API_KEY?"),
            ("anthropic_api_key", "no provider accepts anthropic_api_key, did you mean ANTHROPIC_API_KEY?"),
            // As long as MINIMAX_API_KEY and alike at its end, and yet another vendor.
            ("MISTRAL_API_KEY", "no provider accepts MISTRAL_API_KEY"),
            ("DATABASE_URL", "no provider accepts DATABASE_URL"),
        ] {
            assert_eq!(said("codex", Entry::Create, &[(name, Scope::Global)]), [note]);
        }
        for known in VENDOR_KEYS.into_iter().chain(["GOOGLE_API_KEY"]) {
            assert!(said("codex", Entry::Create, &[(known, Scope::Global)]).is_empty(), "{known}");
        }
    }

    #[test]
    fn a_key_without_a_place_is_told() {
        let key = |scope| [("OPENAI_API_KEY", scope)];
        assert_eq!(
            said("codex", Entry::Create, &key(Scope::Workspace)),
            ["create has no place for a key @workspace, so `OPENAI_API_KEY` does not count"]
        );
        assert_eq!(
            said("codex", Entry::Restart, &key(Scope::Payload)),
            ["restart has no place for a key @payload, so `OPENAI_API_KEY` does not count"]
        );
        assert!(said("codex", Entry::Create, &key(Scope::Payload)).is_empty());
        assert!(said("codex", Entry::Restart, &key(Scope::Workspace)).is_empty());
    }

    #[test]
    fn a_runtime_that_nobody_knows_is_told_with_the_near_one_or_with_all() {
        assert_eq!(
            said("claude-cod", Entry::Create, &[]),
            ["no runtime is called `claude-cod`, did you mean claude-code?"]
        );
        assert_eq!(
            said("\u{1b}", Entry::Create, &[]),
            ["no runtime is called `\\u{1b}`; known are claude-code, codex, google-adk, hermes, openclaw"]
        );
        assert!(said("", Entry::Create, &[]).is_empty());
    }
}
