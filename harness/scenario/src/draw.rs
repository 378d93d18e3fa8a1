//! Seeded draws.

use contract::{Billing, Registry};
use journal::Streams;
use oracle::Oracle;
use rand::RngExt;

/// What a vendor's pattern is tried with where nothing is listed.
const FREE_TAILS: [&str; 2] = ["auto", "some-model-1"];

/// A date that vendors put behind an id.
const DATE: &str = "20260101";

/// An id with a word on how it is spelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelled {
    pub(crate) id: String,
    pub(crate) label: &'static str,
}

/// The ids that arms of this billing own on a runtime: what they list, and for vendors also what their patterns own
/// (a listed id with a date behind it, the template's default, a free tail behind a vendor's prefix). No doubles.
pub(crate) fn owned_ids(oracle: &Oracle, runtime: &str, billing: Billing) -> Vec<Spelled> {
    let mut ids = listed(oracle.registry(), runtime, billing);
    if billing == Billing::Byok {
        let dated: Vec<Spelled> = ids
            .iter()
            .map(|spelled| Spelled { id: format!("{}-{DATE}", spelled.id), label: "dated" })
            .collect();
        ids.extend(dated);
        ids.extend(by_prefix(oracle.registry(), runtime));
        let default =
            oracle.registry().runtime(runtime).map(|runtime| runtime.template_default.value.clone());
        ids.extend(default.map(|id| Spelled { id, label: "template default" }));
    }
    let mut owned: Vec<Spelled> = Vec::new();
    for spelled in ids {
        let is_owned =
            oracle.resolve(runtime, &spelled.id, &[]).is_ok_and(|resolved| resolved.billing == billing);
        if is_owned && !owned.iter().any(|earlier| earlier.id == spelled.id) {
            owned.push(spelled);
        }
    }
    owned
}

fn listed(registry: &Registry, runtime: &str, billing: Billing) -> Vec<Spelled> {
    let arms = registry.runtime(runtime).into_iter().flat_map(|runtime| &runtime.arms);
    let ids = arms.filter(|arm| arm.billing() == billing).flat_map(|arm| &arm.exact);
    ids.map(|id| Spelled { id: id.value.clone(), label: shape_of(&id.value) }).collect()
}

/// `bare`, `slash` or `colon`.
fn shape_of(id: &str) -> &'static str {
    match (id.find('/'), id.find(':')) {
        (None, None) => "bare",
        (Some(slash), Some(colon)) if colon < slash => "colon",
        (None, Some(_)) => "colon",
        (Some(_), _) => "slash",
    }
}

/// Ids behind the name of each vendor that the runtime lists nothing of. Whether its pattern owns them, the oracle says.
fn by_prefix(registry: &Registry, runtime: &str) -> Vec<Spelled> {
    let arms = registry.runtime(runtime).into_iter().flat_map(|runtime| &runtime.arms);
    let names = arms
        .filter(|arm| arm.billing() == Billing::Byok && arm.exact.is_empty())
        .map(|arm| &arm.provider.value);
    names
        .flat_map(|name| {
            let vendor = name.strip_prefix("byok-").unwrap_or(name);
            FREE_TAILS.iter().flat_map(move |tail| {
                [("/", "prefix, slash"), (":", "prefix, colon")]
                    .map(|(separator, label)| Spelled { id: format!("{vendor}{separator}{tail}"), label })
            })
        })
        .collect()
}

/// Up to `count` of these, in drawn order.
///
/// The stream's name holds scenario, axis and combination, so that another scenario, axis or runtime changes nothing
/// here.
pub(crate) fn pick<T>(mut from: Vec<T>, count: usize, streams: &Streams, name: &str) -> Vec<T> {
    let mut generator = streams.named(name);
    let mut picked = Vec::new();
    while picked.len() < count && !from.is_empty() {
        let at = generator.random_range(0..from.len());
        picked.push(from.remove(at));
    }
    picked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_separator_names_the_shape() {
        for (id, shape) in [
            ("sonnet", "bare"),
            ("a/b", "slash"),
            ("a:b", "colon"),
            ("openrouter:openai/gpt", "colon"),
            ("a/b:c", "slash"),
        ] {
            assert_eq!(shape_of(id), shape, "{id}");
        }
    }
}
