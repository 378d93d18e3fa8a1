//! Who is who in a world: by operator token, slug, tenant token, usage token and box. Bounded by the journeys in it;
//! of those that left only names are kept, and of these only the newest.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};

use crate::boxes::AgentBox;
use crate::lock::lock;
use crate::org::{Journey, Org};

/// So many names of orgs that left are kept: five each, and what comes late comes soon.
const MAX_PAST: usize = 20_000;

/// Everybody that a call can come from.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    journeys: HashMap<String, Arc<Journey>>,
    orgs: HashMap<String, Arc<Org>>,
    by_slug: HashMap<String, Arc<Org>>,
    by_admin_token: HashMap<String, Arc<Org>>,
    by_usage_token: HashMap<String, Arc<Org>>,
    boxes: HashMap<String, Arc<AgentBox>>,
    past: Past,
}

/// The names of those who left, the oldest first.
#[derive(Debug, Default)]
struct Past {
    names: HashSet<String>,
    order: VecDeque<String>,
}

impl Past {
    fn add(&mut self, name: &str) {
        if !self.names.insert(name.to_owned()) {
            return;
        }
        self.order.push_back(name.to_owned());
        if self.order.len() > MAX_PAST
            && let Some(oldest) = self.order.pop_front()
        {
            self.names.remove(&oldest);
        }
    }
}

impl Directory {
    /// A journey entered.
    pub(crate) fn admit(&self, journey: &Arc<Journey>) {
        lock(&self.entries).journeys.insert(journey.operator_token.clone(), Arc::clone(journey));
    }

    /// An org signed up; false where its slug or id is taken.
    pub(crate) fn add_org(&self, org: &Arc<Org>) -> bool {
        let mut entries = lock(&self.entries);
        let identity = &org.identity;
        if entries.by_slug.contains_key(&identity.slug) || entries.orgs.contains_key(&identity.org_id) {
            return false;
        }
        entries.orgs.insert(identity.org_id.clone(), Arc::clone(org));
        entries.by_slug.insert(identity.slug.clone(), Arc::clone(org));
        entries.by_admin_token.insert(identity.admin_token.clone(), Arc::clone(org));
        entries.by_usage_token.insert(identity.usage_token.clone(), Arc::clone(org));
        true
    }

    /// A box runs.
    pub(crate) fn add_box(&self, agent_box: &Arc<AgentBox>) {
        lock(&self.entries).boxes.insert(agent_box.instance.clone(), Arc::clone(agent_box));
    }

    /// A box stopped; answers it.
    pub(crate) fn remove_box(&self, instance: &str) -> Option<Arc<AgentBox>> {
        lock(&self.entries).boxes.remove(instance)
    }

    /// The journey whose person shows this token.
    pub(crate) fn journey(&self, operator_token: &str) -> Option<Arc<Journey>> {
        lock(&self.entries).journeys.get(operator_token).cloned()
    }

    /// The org of this id.
    pub(crate) fn org(&self, id: &str) -> Option<Arc<Org>> {
        lock(&self.entries).orgs.get(id).cloned()
    }

    /// The org of this slug.
    pub(crate) fn org_by_slug(&self, slug: &str) -> Option<Arc<Org>> {
        lock(&self.entries).by_slug.get(slug).cloned()
    }

    /// The org whose tenant shows this token.
    pub(crate) fn org_by_admin_token(&self, token: &str) -> Option<Arc<Org>> {
        lock(&self.entries).by_admin_token.get(token).cloned()
    }

    /// The org that this usage token was issued to.
    pub(crate) fn org_by_usage_token(&self, token: &str) -> Option<Arc<Org>> {
        lock(&self.entries).by_usage_token.get(token).cloned()
    }

    /// The running box of this name.
    pub(crate) fn agent_box(&self, instance: &str) -> Option<Arc<AgentBox>> {
        lock(&self.entries).boxes.get(instance).cloned()
    }

    /// The orgs of a journey.
    pub(crate) fn orgs_of(&self, journey: &Arc<Journey>) -> Vec<Arc<Org>> {
        let entries = lock(&self.entries);
        let mut orgs: Vec<Arc<Org>> =
            entries.orgs.values().filter(|org| Arc::ptr_eq(&org.journey, journey)).cloned().collect();
        orgs.sort_by_key(|org| org.role);
        orgs
    }

    /// True where this token, id or slug was of somebody whose journey is over and nobody has it now.
    pub(crate) fn is_past(&self, name: &str) -> bool {
        lock(&self.entries).past.names.contains(name)
    }

    /// Forgets a journey with its orgs and boxes, but for their names.
    pub(crate) fn forget(&self, journey: &Arc<Journey>) {
        let mut entries = lock(&self.entries);
        let is_other = |org: &Arc<Org>| !Arc::ptr_eq(&org.journey, journey);
        let Entries { orgs, past, .. } = &mut *entries;
        past.add(&journey.operator_token);
        for org in orgs.values().filter(|org| !is_other(org)) {
            let it = &org.identity;
            for name in [&it.org_id, &it.slug, &it.admin_token, &it.usage_token] {
                past.add(name);
            }
        }
        entries.journeys.remove(&journey.operator_token);
        entries.orgs.retain(|_, org| is_other(org));
        entries.by_slug.retain(|_, org| is_other(org));
        entries.by_admin_token.retain(|_, org| is_other(org));
        entries.by_usage_token.retain(|_, org| is_other(org));
        entries.boxes.retain(|_, agent_box| is_other(&agent_box.org));
    }

    /// How many entries of every kind there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        let entries = lock(&self.entries);
        entries.journeys.len()
            + entries.orgs.len()
            + entries.by_slug.len()
            + entries.by_admin_token.len()
            + entries.by_usage_token.len()
            + entries.boxes.len()
    }
}
