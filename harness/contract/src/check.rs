//! What serde can't say of a contract or a registry by itself: names that must exist, patterns that must compile, no
//! doubles, no promises that contradict each other. Whether a contract fits a registry is in `fit`.

use std::collections::BTreeSet;

use document::{Placed, Problem, Source};
use regex::Regex;

use crate::{
    BaseUrl, Contract, Entry, KeylessVendorId, MissingModel, PLATFORM_PROVIDER, PayerRule, Provider,
    Registry, Runtime,
};

/// How the variable of a vendor's address ends (tenant-api §5.2).
const ADDRESS_SUFFIX: &str = "_BASE_URL";

/// Problems of a contract by itself; whether it fits its registry is for [`crate::registry_fits`].
pub(crate) fn contract(source: &Source, contract: &Contract) -> Vec<Problem> {
    let mut problems = runtimes(source, contract);
    problems.extend(keyless(source, contract));
    problems.extend(tool_default(source, contract));
    let addresses = contract.vendor_addresses.iter();
    problems.extend(addresses.filter(|(name, _)| !name.ends_with(ADDRESS_SUFFIX)).map(|(name, url)| {
        let text = format!("`{name}` is no variable of a vendor's address");
        Problem::at(source, url.place, text).with_hint(format!("such a name ends in {ADDRESS_SUFFIX}"))
    }));
    problems
}

/// Runtimes that are named outside the lists of known ones, or twice inside one.
fn runtimes(source: &Source, contract: &Contract) -> Vec<Problem> {
    let known = &contract.known_runtimes;
    let lists = [
        &known.with_manifest,
        &known.without_manifest,
        &known.external,
        &known.unlisted,
        &known.unlisted_with_manifest,
    ];
    let mut problems: Vec<Problem> =
        lists.into_iter().flat_map(|list| doubles(source, "runtime", list.0.iter())).collect();
    let refusals = [&contract.refusals.early, &contract.refusals.at_provisioning];
    let usable = refusals.into_iter().flat_map(|refusal| &refusal.alternative_is_usable_on.0);
    let named =
        [("default_runtime", &contract.default_runtime), ("concierge.runtime", &contract.concierge.runtime)];
    let named = named.into_iter().chain(usable.map(|name| ("alternative_is_usable_on", name)));
    problems.extend(named.filter(|(_, runtime)| !known.contains(runtime)).map(|(key, runtime)| {
        let hint = match document::near(runtime, known.iter()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "add it to known_runtimes.with_manifest, or choose one of those".to_owned(),
        };
        let text = format!("{key} `{}` is none of the known runtimes", runtime.value);
        Problem::at(source, runtime.place, text).with_hint(hint)
    }));
    problems
}

/// What becomes of a keyless vendor's id against who decides who pays: one provision step serves every entry.
fn keyless(source: &Source, contract: &Contract) -> Option<Problem> {
    let launches = match contract.payer.value {
        PayerRule::Arm | PayerRule::OverrideThenArm => false,
        PayerRule::OverrideThenServerThenArm | PayerRule::ArmElseProxy => true,
    };
    let contradicts = |promise: KeylessVendorId| match promise {
        KeylessVendorId::Refused => false,
        KeylessVendorId::FailsAtProvisioning => launches,
        KeylessVendorId::Proxied => !launches,
    };
    let promises = &contract.keyless_vendor_id;
    let entry = Entry::ALL.into_iter().find(|entry| contradicts(*promises.of(*entry)))?;
    let text = format!("what `{}` promises here is not what the rule of the payer does", entry.as_str());
    let hint = if launches {
        "by this `payer` such an id runs on the proxy: promise proxied, or refused"
    } else {
        "by this `payer` nobody pays for such an id: promise fails_at_provisioning, or refused"
    };
    Some(Problem::at(source, promises.place, text).with_hint(hint))
}

/// The tool's own default: promised for the tool alone, and only where there is one.
fn tool_default(source: &Source, contract: &Contract) -> Vec<Problem> {
    let has_default = contract.provision_tool.default_model.is_some();
    let promises = [("omitted_model", &contract.omitted_model), ("blank_model", &contract.blank_model)];
    let is_wrong = |entry: Entry, promise: MissingModel| {
        promise == MissingModel::ToolDefault && (entry != Entry::Tool || !has_default)
    };
    promises
        .into_iter()
        .filter(|(_, promise)| Entry::ALL.into_iter().any(|entry| is_wrong(entry, *promise.of(entry))))
        .map(|(key, promise)| {
            let text = format!("{key} promises tool_default where no tool fills anything in");
            let hint = "promise it for `tool` alone, and name the id as provision_tool.default_model";
            Problem::at(source, promise.place, text).with_hint(hint)
        })
        .collect()
}

/// Problems of a registry.
pub(crate) fn registry(source: &Source, registry: &Registry) -> Vec<Problem> {
    let mut problems = doubles(source, "provider", registry.providers.iter().map(|provider| &provider.name));
    problems.extend(doubles(source, "runtime", registry.runtimes.iter().map(|runtime| &runtime.name)));
    problems.extend(registry.providers.iter().flat_map(|provider| bad_provider(source, provider)));
    for runtime in &registry.runtimes {
        problems.extend(arms(source, registry, runtime));
    }
    problems
}

fn bad_provider(source: &Source, provider: &Provider) -> Vec<Problem> {
    let (name, at) = (&provider.name.value, provider.name.place);
    let mut problems = Vec::new();
    if provider.auth_env.is_empty() {
        let text = format!("provider `{name}` accepts no key at all");
        problems.push(Problem::at(source, at, text).with_hint("name at least one in auth_env"));
    }
    if let Err(error) = Regex::new(&provider.prefix.value) {
        let text = format!("the pattern of provider `{name}` does not compile");
        let hint = last_line(&error.to_string());
        problems.push(Problem::at(source, provider.prefix.place, text).with_hint(hint));
    }
    let bases: [&Option<BaseUrl>; 2] = [&provider.base_url, &provider.anthropic_base_url];
    if bases.into_iter().flatten().any(|base| !base.url.contains("://")) {
        let text = format!("an address of provider `{name}` is no URL");
        problems.push(Problem::at(source, at, text).with_hint("write it with its scheme: https://..."));
    }
    problems
}

fn arms(source: &Source, registry: &Registry, runtime: &Runtime) -> Vec<Problem> {
    let mut problems = doubles(source, "arm", runtime.arms.iter().map(|arm| &arm.provider));
    let names: Vec<&str> = registry.providers.iter().map(|provider| provider.name.value.as_str()).collect();
    for arm in &runtime.arms {
        if !names.contains(&arm.provider.value.as_str()) {
            let text = format!("unknown provider `{}`", arm.provider.value);
            let mut problem = Problem::at(source, arm.provider.place, text);
            if let Some(near) = document::near(&arm.provider.value, names.iter().copied()) {
                problem = problem.with_hint(format!("did you mean `{near}`?"));
            }
            problems.push(problem);
        }
        problems.extend(doubles(source, "id", arm.exact.iter()));
    }
    if runtime.platform_ids().next().is_none() {
        let text = format!("runtime `{}` lists no id that the platform pays for", runtime.name.value);
        let hint = format!("give its arm `{PLATFORM_PROVIDER}` at least one exact id");
        problems.push(Problem::at(source, runtime.name.place, text).with_hint(hint));
    }
    problems
}

fn doubles<'a>(source: &Source, what: &str, names: impl Iterator<Item = &'a Placed<String>>) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    names
        .filter(|name| !seen.insert(name.value.clone()))
        .map(|name| Problem::at(source, name.place, format!("{what} `{}` stands here twice", name.value)))
        .collect()
}

fn last_line(text: &str) -> String {
    text.lines().last().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests;
