//! The axis `key`: which key a case adds, and where.

use contract::{Billing, Entry};
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyPoint {
    /// No key.
    None,
    /// A key that has this to do with the id.
    Of {
        /// What.
        kind: KeyKind,
        /// Where it stands.
        scope: KeyScope,
    },
    /// This one.
    Named(KeyGiven),
}

impl KeyPoint {
    /// Its word in case keys.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::None => KeyKind::None.as_str().to_owned(),
            Self::Of { kind, scope } => format!("{}-{}", kind.as_str(), scope.as_str()),
            Self::Named(key) => format!("{}-{}", key.scope.as_str(), key.name),
        }
    }
}

/// The points of the axis that go with an entry. No key counts once; `payload` goes with a create, `workspace` with a
/// restart.
pub(crate) fn points(axis: &KeyAxis, entry: Entry) -> Vec<KeyPoint> {
    match axis {
        KeyAxis::These(keys) => keys
            .iter()
            .filter(|key| key.as_ref().is_none_or(|key| goes(key.scope, entry)))
            .map(|key| key.clone().map_or(KeyPoint::None, KeyPoint::Named))
            .collect(),
        KeyAxis::Drawn { kinds, scopes } => kinds
            .iter()
            .flat_map(|kind| match kind {
                KeyKind::None => vec![KeyPoint::None],
                KeyKind::Matching | KeyKind::Unrelated => {
                    let scopes = scopes.iter().filter(|scope| goes(**scope, entry));
                    scopes.map(|scope| KeyPoint::Of { kind: *kind, scope: *scope }).collect()
                }
            })
            .collect(),
    }
}

/// Whether a key in this scope goes with an entry.
pub(crate) fn goes(scope: KeyScope, entry: Entry) -> bool {
    match scope {
        KeyScope::Payload => entry == Entry::Create,
        KeyScope::Workspace => entry == Entry::Restart,
        KeyScope::Global => true,
    }
}

/// The key of a point for an id; `None` where the point has none for it, such as a matching key for a platform's id.
pub(crate) fn drawn(
    oracle: &Oracle,
    runtime: &str,
    model: &str,
    point: &KeyPoint,
    streams: &Streams,
) -> Option<CaseValue> {
    let (kind, scope) = match point {
        KeyPoint::None => return Some(CaseValue { label: Some(point.word()), ..CaseValue::default() }),
        KeyPoint::Named(key) => return Some(case_value(key, point.word())),
        KeyPoint::Of { kind, scope } => (*kind, *scope),
    };
    let accepted = accepted_names(oracle, runtime, model);
    let names: Vec<String> = match kind {
        KeyKind::None => Vec::new(),
        KeyKind::Matching => accepted,
        KeyKind::Unrelated => VENDOR_KEYS
            .iter()
            .filter(|name| !name.ends_with("_BASE_URL") && !accepted.iter().any(|own| own == *name))
            .map(|name| (*name).to_owned())
            .collect(),
    };
    let name = draw::pick(names, 1, streams, &format!("{runtime} {model}")).pop()?;
    let label = format!("{}-{name}", point.word());
    Some(case_value(&KeyGiven { name, scope }, label))
}

fn case_value(key: &KeyGiven, label: String) -> CaseValue {
    let value = serde_json::json!({ "name": key.name, "scope": key.scope });
    CaseValue { label: Some(label), ..CaseValue::plain(value) }
}

/// The key names of every vendor's arm that can own the id: both in a tie.
pub(crate) fn accepted_names(oracle: &Oracle, runtime: &str, model: &str) -> Vec<String> {
    let owners = oracle.owners(runtime, model);
    if owners.first().is_some_and(|owner| owner.billing == Billing::Platform) {
        return Vec::new();
    }
    let mut names: Vec<String> = Vec::new();
    for name in owners.iter().flat_map(|owner| owner.auth_env) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}
