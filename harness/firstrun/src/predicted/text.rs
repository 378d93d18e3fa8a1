//! A prediction for people.

use std::fmt::Write;

use oracle::{Manifest, Prediction, Scope, shown};

use super::{Asked, KeyAsked};
use crate::load::Loaded;

/// The outcome in one line, what was asked of whom, why, and what else the contract allows. Nothing typed is shown but
/// escaped.
pub(crate) fn text(asked: &Asked, loaded: &Loaded, prediction: &Prediction) -> String {
    let mut text = String::new();
    row(&mut text, "outcome", &outcome(prediction));
    row(&mut text, "asked", &question(asked, loaded));
    row(&mut text, "of", &platform(asked, loaded));
    row(&mut text, "why", &prediction.why);
    for other in &prediction.or {
        row(&mut text, "or", &outcome(other));
        row(&mut text, "", &other.why);
    }
    text
}

fn row(text: &mut String, label: &str, told: &str) {
    let _ = writeln!(text, "{label:<9}{told}");
}

fn outcome(prediction: &Prediction) -> String {
    let told = scenario::outcome(prediction);
    match prediction.status.get() {
        Some(status) => format!("HTTP {status}, {told}"),
        None => told,
    }
}

fn question(asked: &Asked, loaded: &Loaded) -> String {
    let runtime = match asked.runtime.as_deref() {
        Some(runtime) if !runtime.is_empty() => format!("runtime {}", shown(runtime)),
        _ if asked.entry == contract::Entry::Import => "no runtime".to_owned(),
        _ => format!("no runtime (the platform takes {})", loaded.contract.default_runtime.value),
    };
    let model = match asked.model.as_deref() {
        None => "no model".to_owned(),
        Some("") => "an empty model".to_owned(),
        Some(id) => format!("model {}", shown(id)),
    };
    let keys = match asked.keys.as_slice() {
        [] => "no key".to_owned(),
        keys => keys.iter().map(key).collect::<Vec<_>>().join(", "),
    };
    format!("{}, {runtime}, {model}, {keys}", asked.entry.as_str())
}

fn key(key: &KeyAsked) -> String {
    let place = match key.scope {
        Scope::Payload => "in the payload",
        Scope::Workspace => "on the workspace",
        Scope::Global => "on the tenant",
    };
    let blank = if key.is_blank { " without a value" } else { "" };
    format!("key {} {place}{blank}", shown(&key.name))
}

fn platform(asked: &Asked, loaded: &Loaded) -> String {
    let mut told = format!("contract {}, registry {}", loaded.contract.name, loaded.registry.name);
    if !asked.proxy_wired {
        told.push_str(", no model proxy");
    }
    if asked.manifest == Manifest::Unreadable {
        told.push_str(", manifest out of reach");
    }
    told
}

#[cfg(test)]
mod tests {
    use contract::Entry;

    use super::*;

    fn told(asked: &Asked) -> String {
        let loaded = Loaded::builtin().unwrap();
        text(asked, &loaded, &asked.predict(&loaded))
    }

    #[test]
    fn a_vendors_id_without_its_key_is_told_with_what_else_is_allowed() {
        let asked = Asked {
            runtime: Some("claude-code".to_owned()),
            model: Some("claude-sonnet-4-6".to_owned()),
            keys: Vec::new(),
            entry: Entry::Create,
            proxy_wired: true,
            manifest: Manifest::Readable,
        };
        insta::assert_snapshot!(told(&asked), @r"
        outcome  HTTP 201, accepted, then failed with MISSING_BYOK_CREDENTIAL; nobody is paid
        asked    create, runtime `claude-code`, model `claude-sonnet-4-6`, no key
        of       contract as-designed, registry incident
        why      The id `claude-sonnet-4-6` on claude-code is paid with the key of anthropic-api (ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN), and no such key counts here, so the workspace fails when it is provisioned.
        or       HTTP 422, refused with MISSING_BYOK_CREDENTIAL, and no row is made; nobody is paid
                 The id `claude-sonnet-4-6` on claude-code is paid with the key of anthropic-api (ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN), and no such key counts here, so it is refused and nothing changes.
        ");
    }

    #[test]
    fn what_was_typed_is_shown_escaped_and_what_is_odd_about_the_platform_is_said() {
        let key = |name: &str, scope, is_blank| KeyAsked { name: name.to_owned(), scope, is_blank };
        let asked = Asked {
            runtime: None,
            model: Some("\u{1b}[2Jmoonshot/kimi-k2.\u{431}\u{200b}".to_owned()),
            keys: vec![key("OPENAI_API_KEY", Scope::Global, false), key("HF_TOKEN", Scope::Payload, true)],
            entry: Entry::Create,
            proxy_wired: false,
            manifest: Manifest::Unreadable,
        };
        insta::assert_snapshot!(told(&asked), @r"
        outcome  HTTP 422, refused with UNREGISTERED_MODEL_FOR_RUNTIME, and no row is made; nobody is paid
        asked    create, no runtime (the platform takes claude-code), model `\u{1b}[2Jmoonshot/kimi-k2.\u{431}\u{200b}`, key `OPENAI_API_KEY` on the tenant, key `HF_TOKEN` in the payload without a value
        of       contract as-designed, registry incident, no model proxy, manifest out of reach
        why      No arm of claude-code owns the id `\u{1b}[2Jmoonshot/kimi-k2.\u{431}\u{200b}`, so it is refused and nothing changes.
        ");
    }
}
