//! The axis `key`.

use contract::Entry;
use document::{Node, Placed};
use journal::KeyScope;

use super::problems::Problems;
use super::vary::check_values;
use crate::raw::{RawKeyAxis, RawNamedKey};
use crate::{KeyAxis, KeyGiven, KeyKind};

/// What a key has to do with the id, or keys that are named outright, such as a shrunk scenario names them.
pub(super) fn check(problems: &mut Problems<'_>, node: &Node, entries: &[Entry]) -> Option<KeyAxis> {
    if node.as_list().is_some() {
        return named(problems, node, entries);
    }
    let axis: RawKeyAxis = problems.decode(node)?;
    let kinds: Vec<Placed<String>> =
        axis.kind.value.iter().map(|kind| Placed::new(kind.place, kind.value.as_str().to_owned())).collect();
    check_values(problems, "key.kind", axis.kind.place, &kinds);
    let needs_scope = axis.kind.value.iter().any(|kind| kind.value != KeyKind::None);
    if needs_scope && axis.scope.is_empty() {
        let hint = "add `scope: [payload]`, `[global]` or `[workspace]`";
        problems.add(node.place, "the axis `key` does not say where its keys stand", hint);
    }
    for scope in &axis.scope {
        check_scope(problems, scope, entries);
    }
    Some(KeyAxis::Drawn {
        kinds: axis.kind.value.iter().map(|kind| kind.value).collect(),
        scopes: axis.scope.iter().map(|scope| scope.value).collect(),
    })
}

fn named(problems: &mut Problems<'_>, node: &Node, entries: &[Entry]) -> Option<KeyAxis> {
    let keys: Vec<Placed<Option<RawNamedKey>>> = problems.decode(node)?;
    let mut shown = Vec::new();
    let mut checked = Vec::new();
    for key in &keys {
        let Some(raw) = &key.value else {
            shown.push(Placed::new(key.place, "null".to_owned()));
            checked.push(None);
            continue;
        };
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let is_variable = !raw.name.value.is_empty()
            && raw.name.value.chars().all(is_word)
            && !raw.name.value.starts_with(|c: char| c.is_ascii_digit());
        if !is_variable {
            let text = format!("`{}` is no name of a variable", raw.name.value);
            problems.add(raw.name.place, text, "write it as the box reads it: `ANTHROPIC_API_KEY`");
        }
        check_scope(problems, &raw.scope, entries);
        shown.push(Placed::new(key.place, format!("{} ({})", raw.name.value, raw.scope.value.as_str())));
        checked.push(Some(KeyGiven { name: raw.name.value.clone(), scope: raw.scope.value }));
    }
    check_values(problems, "key", node.place, &shown);
    Some(KeyAxis::These(checked))
}

/// `payload` goes with a create only, `workspace` with a restart only, where the key is written after the PUT.
fn check_scope(problems: &mut Problems<'_>, scope: &Placed<KeyScope>, entries: &[Entry]) {
    let entry = match scope.value {
        KeyScope::Payload => Entry::Create,
        KeyScope::Workspace => Entry::Restart,
        KeyScope::Global => return,
    };
    if !entries.is_empty() && !entries.contains(&entry) {
        let word = scope.value.as_str();
        let text = format!("a key in scope `{word}` goes with the entry `{}` only", entry.as_str());
        problems.add(scope.place, text, "add that entry to the axis `entry`, or take `global`");
    }
}
