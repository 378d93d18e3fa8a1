//! The axis `key`: which key a case adds, and where.

use contract::{Entry, Registry};
use journal::{CaseValue, KeyScope, Streams};
use oracle::Oracle;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wire::env::VENDOR_KEYS;

use crate::{KeyAxis, KeyKind, draw};

/// The key that a case adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyGiven {
    /// The variable's name.
    pub name: String,
    /// Where it stands.
    pub scope: KeyScope,
}

impl KeyGiven {
    /// The key of a case; `None` where the case adds none.
    pub fn of_value(value: &Value) -> Option<Self> {
        serde_json::from_value(value.clone()).ok()
    }
}

/// One point of the axis before the id is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyPoint {
    pub(crate) kind: KeyKind,
    /// Absent for [`KeyKind::None`].
    pub(crate) scope: Option<KeyScope>,
}

impl KeyPoint {
    /// Its word in case keys.
    pub(crate) fn word(self) -> String {
        match self.scope {
            None => self.kind.as_str().to_owned(),
            Some(scope) => format!("{}-{}", self.kind.as_str(), scope_word(scope)),
        }
    }
}

fn scope_word(scope: KeyScope) -> &'static str {
    match scope {
        KeyScope::Payload => "payload",
        KeyScope::Workspace => "workspace",
        KeyScope::Global => "global",
    }
}

/// The points of the axis that go with an entry. `none` counts once; `payload` goes with a create, `workspace` with a
/// restart.
pub(crate) fn points(axis: &KeyAxis, entry: Entry) -> Vec<KeyPoint> {
    let mut points = Vec::new();
    for kind in &axis.kinds {
        if *kind == KeyKind::None {
            points.push(KeyPoint { kind: *kind, scope: None });
            continue;
        }
        let goes = |scope: &&KeyScope| match scope {
            KeyScope::Payload => entry == Entry::Create,
            KeyScope::Workspace => entry == Entry::Restart,
            KeyScope::Global => true,
        };
        points.extend(
            axis.scopes.iter().filter(goes).map(|scope| KeyPoint { kind: *kind, scope: Some(*scope) }),
        );
    }
    points
}

/// The key of a point for an id; `None` where the point has none for it, such as a matching key for a platform's id.
pub(crate) fn drawn(
    oracle: &Oracle,
    runtime: &str,
    model: &str,
    point: KeyPoint,
    streams: &Streams,
) -> Option<CaseValue> {
    let Some(scope) = point.scope else {
        return Some(CaseValue { value: Value::Null, label: Some(point.word()) });
    };
    let accepted = accepted_names(oracle.registry(), oracle, runtime, model);
    let names: Vec<String> = match point.kind {
        KeyKind::None => Vec::new(),
        KeyKind::Matching => accepted,
        KeyKind::Unrelated => VENDOR_KEYS
            .iter()
            .filter(|name| !name.ends_with("_BASE_URL") && !accepted.iter().any(|own| own == *name))
            .map(|name| (*name).to_owned())
            .collect(),
    };
    let name = draw::pick(names, 1, streams, &format!("{runtime} {model}")).pop()?;
    let value = serde_json::to_value(KeyGiven { name: name.clone(), scope }).ok()?;
    Some(CaseValue { value, label: Some(format!("{}-{name}", point.word())) })
}

/// The key names of every vendor's arm that can own the id: both in a tie.
fn accepted_names(registry: &Registry, oracle: &Oracle, runtime: &str, model: &str) -> Vec<String> {
    let Ok(first) = oracle.resolve(runtime, model, &[]) else { return Vec::new() };
    if first.billing == contract::Billing::Platform {
        return Vec::new();
    }
    let mut names: Vec<String> = first.auth_env.to_vec();
    for provider in &registry.providers {
        for name in &provider.auth_env {
            let with_key = oracle.resolve(runtime, model, &[name.as_str()]);
            if with_key.is_ok_and(|resolved| resolved.provider == provider.name.value)
                && !names.contains(name)
            {
                names.push(name.clone());
            }
        }
    }
    names
}
