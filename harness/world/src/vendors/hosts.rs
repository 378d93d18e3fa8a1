//! Which hosts are vendors', and which keys each of them accepts: from the registry.

use std::collections::{BTreeSet, HashMap};

use contract::{PLATFORM_PROVIDER, Registry};
use reqwest::Url;
use wire::ModelWire;

/// The hosts of all vendors, each with the names of the keys that it accepts.
#[derive(Debug)]
pub(crate) struct VendorHosts(HashMap<String, BTreeSet<String>>);

impl VendorHosts {
    /// The hosts of every provider but the platform itself.
    pub(crate) fn of(registry: &Registry) -> Self {
        let mut hosts: HashMap<String, BTreeSet<String>> = HashMap::new();
        for provider in registry.providers.iter().filter(|it| it.name.value != PLATFORM_PROVIDER) {
            let bases = [ModelWire::AnthropicMessages, ModelWire::OpenaiChat];
            let bases = bases.into_iter().filter_map(|wire| provider.base_for(wire));
            for host in bases.filter_map(|base| host_of(&base.url)) {
                hosts.entry(host).or_default().extend(provider.auth_env.iter().cloned());
            }
        }
        Self(hosts)
    }

    /// True where it is some vendor's.
    pub(crate) fn contains(&self, host: &str) -> bool {
        self.0.contains_key(host)
    }

    /// True where this vendor accepts a key of this name.
    pub(crate) fn accepts(&self, host: &str, key: &str) -> bool {
        self.0.get(host).is_some_and(|names| names.contains(key))
    }
}

fn host_of(base: &str) -> Option<String> {
    Url::parse(base).ok()?.host_str().map(str::to_owned)
}
