//! Seeded draws.

use contract::{Billing, Registry};
use journal::Streams;
use rand::RngExt;

/// Up to `count` ids of a runtime's arms of this billing, in drawn order, without doubles.
///
/// The stream's name holds scenario, axis and combination, so that another scenario, axis or runtime changes nothing
/// here.
pub(crate) fn listed_ids(
    registry: &Registry,
    runtime: &str,
    billing: Billing,
    count: usize,
    streams: &Streams,
) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let arms = registry.runtime(runtime).into_iter().flat_map(|runtime| &runtime.arms);
    for id in arms.filter(|arm| arm.billing() == billing).flat_map(|arm| &arm.exact) {
        if !ids.contains(&id.value) {
            ids.push(id.value.clone());
        }
    }
    pick(ids, count, streams, runtime)
}

/// Up to `count` of these, in drawn order.
pub(crate) fn pick<T>(mut from: Vec<T>, count: usize, streams: &Streams, name: &str) -> Vec<T> {
    let mut generator = streams.named(name);
    let mut picked = Vec::new();
    while picked.len() < count && !from.is_empty() {
        let at = generator.random_range(0..from.len());
        picked.push(from.remove(at));
    }
    picked
}
