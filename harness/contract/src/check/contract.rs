//! A contract by itself: its runtimes, lists, addresses, clocks and texts. What it promises entry by entry is in
//! `entries`.

use document::{Placed, Problem, Source};
use regex::Regex;

use super::{bad_address, doubles, entries, is_variable, repeated};
use crate::{Contract, RefusalPromise, RuntimeNames};

/// How the variable of a vendor's address ends (tenant-api §5.2).
const ADDRESS_SUFFIX: &str = "_BASE_URL";
/// The one name that stands for something in the tool's text.
const PLATFORM_IDS: &str = "$platform_ids";
/// What looks like such a name.
const NAME: &str = r"\$[A-Za-z_]\w*";

/// Problems of a contract by itself; whether it fits its registry is for [`crate::registry_fits`].
pub(crate) fn contract(source: &Source, contract: &Contract) -> Vec<Problem> {
    let mut problems = runtimes(source, contract);
    problems.extend(kinds(source, contract));
    problems.extend(entries::promises(source, contract));
    problems.extend(addresses(source, contract));
    problems.extend(refusals(source, contract));
    problems.extend(clocks(source, contract));
    problems.extend(tool_text(source, contract));
    problems
}

/// Runtimes that are named outside the lists of known ones, or twice inside one.
fn runtimes(source: &Source, contract: &Contract) -> Vec<Problem> {
    let known = &contract.known_runtimes;
    let refusals = [&contract.refusals.early, &contract.refusals.at_provisioning];
    let lists = [
        &known.with_manifest,
        &known.without_manifest,
        &known.external,
        &known.unlisted,
        &known.unlisted_with_manifest,
    ];
    let usable = refusals.map(|refusal| &refusal.alternative_is_usable_on);
    let lists = lists.into_iter().chain(usable);
    let mut problems: Vec<Problem> =
        lists.flat_map(|list| doubles(source, "runtime", list.0.iter())).collect();
    let named =
        [("default_runtime", &contract.default_runtime), ("concierge.runtime", &contract.concierge.runtime)];
    let usable = usable.into_iter().flat_map(|names| &names.0);
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

/// Runtimes that are of two kinds at once: listed by a registry, unlisted, or run elsewhere.
fn kinds(source: &Source, contract: &Contract) -> Vec<Problem> {
    let known = &contract.known_runtimes;
    let kinds: [&[(&str, &RuntimeNames)]; 3] = [
        &[("with_manifest", &known.with_manifest), ("without_manifest", &known.without_manifest)],
        &[("external", &known.external)],
        &[("unlisted", &known.unlisted), ("unlisted_with_manifest", &known.unlisted_with_manifest)],
    ];
    let mut problems = Vec::new();
    for (at, kind) in kinds.iter().enumerate() {
        let earlier: Vec<_> = kinds.iter().take(at).flat_map(|kind| kind.iter()).collect();
        for (key, name) in kind.iter().flat_map(|(key, names)| names.0.iter().map(move |name| (key, name))) {
            let Some((other, first)) = earlier.iter().find_map(|(other, names)| {
                names.0.iter().find(|first| first.value == name.value).map(|first| (other, first))
            }) else {
                continue;
            };
            let text = format!("runtime `{}` stands under {other} and under {key}", name.value);
            let hint = format!("it stands first at {}: a runtime is of one kind", first.place);
            problems.push(Problem::at(source, name.place, text).with_hint(hint));
        }
    }
    // What is known at all times needs no manifest to be known.
    problems.extend(known.unlisted_with_manifest.0.iter().filter_map(|name| {
        let first = known.unlisted.0.iter().find(|first| first.value == name.value)?;
        let text = format!("runtime `{}` stands under unlisted and under unlisted_with_manifest", name.value);
        let hint = format!("it stands first at {}: leave one of them out", first.place);
        Some(Problem::at(source, name.place, text).with_hint(hint))
    }));
    problems
}

/// Vendors' addresses under names or with texts that are none.
fn addresses(source: &Source, contract: &Contract) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, url) in &contract.vendor_addresses {
        let vendor = name.strip_suffix(ADDRESS_SUFFIX);
        if !vendor.is_some_and(is_variable) {
            let text = format!("`{name}` is no variable of a vendor's address");
            let hint = format!("such a name is a vendor's and ends in {ADDRESS_SUFFIX}");
            problems.push(Problem::at(source, url.place, text).with_hint(hint));
        }
        problems.extend(bad_address(source, url.place, &format!("the address of `{name}`"), url));
    }
    problems
}

/// Words and surfaces that stand twice.
fn refusals(source: &Source, contract: &Contract) -> Vec<Problem> {
    let of_one = |promise: &RefusalPromise| {
        let mut problems = repeated(source, "surfaces", &promise.surfaces, |it| it.as_str().to_owned());
        problems.extend(repeated(source, "names", &promise.names, |it| it.as_str().to_owned()));
        problems
    };
    let refusals = &contract.refusals;
    let mut problems = of_one(&refusals.early);
    problems.extend(of_one(&refusals.at_provisioning));
    let states = &contract.provision_tool.states;
    problems.extend(repeated(source, "states", states, |rule| rule.as_str().to_owned()));
    problems
}

/// Clocks that never run.
fn clocks(source: &Source, contract: &Contract) -> Vec<Problem> {
    let timers = &contract.timers;
    let clocks = [
        ("provision", timers.provision),
        ("stuck_provisioning", timers.stuck_provisioning),
        ("sweep", timers.sweep),
        ("restart_debounce", timers.restart_debounce),
    ];
    let stopped = clocks.into_iter().filter(|(_, time)| time.is_zero());
    stopped
        .map(|(clock, _)| {
            let text = format!("the clock `{clock}` is zero");
            let hint =
                "give it the time that the platform takes, such as `30s`; a run makes all clocks faster";
            Problem::at(source, timers.place, text).with_hint(hint)
        })
        .collect()
}

/// Names in the tool's text that stand for nothing: an agent would read them as they are.
fn tool_text(source: &Source, contract: &Contract) -> Vec<Problem> {
    let tool = &contract.provision_tool;
    let texts: [(&str, &Placed<String>); 2] = [("description", &tool.description), ("model", &tool.model)];
    let Ok(pattern) = Regex::new(NAME) else { return Vec::new() };
    let mut problems = Vec::new();
    for (key, text) in texts {
        let unknown = pattern.find_iter(text).map(|name| name.as_str()).filter(|name| *name != PLATFORM_IDS);
        problems.extend(unknown.map(|name| {
            let message = format!("provision_tool.{key} holds `{name}`, which stands for nothing");
            let hint = match document::near(name, [PLATFORM_IDS]) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("only {PLATFORM_IDS} stands for something"),
            };
            Problem::at(source, text.place, message).with_hint(hint)
        }));
    }
    problems
}
