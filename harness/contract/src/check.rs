//! What serde can't say of a contract or a registry: names that must exist, patterns that must compile, no doubles.

use std::collections::BTreeSet;

use document::{Place, Placed, Problem, Source};
use regex::Regex;

use crate::{Contract, PLATFORM_PROVIDER, Provider, Registry, Runtime};

/// Problems of a contract by itself; whether its runtimes are in its registry is for [`registry_fits`].
pub(crate) fn contract(source: &Source, contract: &Contract) -> Vec<Problem> {
    let known = |name: &str| contract.known_runtimes.contains(name);
    [("default_runtime", &contract.default_runtime), ("concierge.runtime", &contract.concierge.runtime)]
        .into_iter()
        .filter(|(_, runtime)| !known(runtime))
        .map(|(key, runtime)| {
            Problem::at(source, Place::default(), format!("{key} `{runtime}` is none of the known runtimes"))
                .with_hint("add it to known_runtimes, or choose one of those")
        })
        .collect()
}

/// Problems of a registry.
pub(crate) fn registry(source: &Source, registry: &Registry) -> Vec<Problem> {
    let mut problems = doubles(source, "provider", registry.providers.iter().map(|provider| &provider.name));
    problems.extend(doubles(source, "runtime", registry.runtimes.iter().map(|runtime| &runtime.name)));
    problems.extend(registry.providers.iter().filter_map(|provider| bad_provider(source, provider)));
    for runtime in &registry.runtimes {
        problems.extend(arms(source, registry, runtime));
    }
    problems
}

fn bad_provider(source: &Source, provider: &Provider) -> Option<Problem> {
    if provider.auth_env.is_empty() {
        let text = format!("provider `{}` accepts no key at all", provider.name.value);
        return Some(
            Problem::at(source, provider.name.place, text).with_hint("name at least one in auth_env"),
        );
    }
    let error = Regex::new(&provider.prefix.value).err()?;
    let text = format!("the pattern of provider `{}` does not compile", provider.name.value);
    Some(Problem::at(source, provider.prefix.place, text).with_hint(last_line(&error.to_string())))
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
mod tests {
    use crate::{BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, load_contract, load_registry};
    use document::Source;

    #[test]
    fn what_is_compiled_in_is_sound_and_named_as_its_file() {
        for (name, text) in BUILTIN_CONTRACTS {
            let contract = load_contract(&Source::new(name, text)).unwrap();
            assert_eq!(contract.name, name);
            assert!(BUILTIN_REGISTRIES.iter().any(|(registry, _)| *registry == contract.registry));
        }
        for (name, text) in BUILTIN_REGISTRIES {
            assert_eq!(load_registry(&Source::new(name, text)).unwrap().name, name);
        }
    }

    #[test]
    fn a_damaged_registry_is_refused_with_the_place() {
        let sound = BUILTIN_REGISTRIES[0].1;
        for (from, to, says) in [
            ("provider: zai", "provider: zay", "unknown provider `zay`"),
            ("'^kimi-'", "'^kimi-('", "does not compile"),
            ("provider: zai", "provider: deepseek", "arm `deepseek` stands here twice"),
            ("as_of:", "as_off:", "unknown key `as_off`"),
        ] {
            assert!(sound.contains(from), "{from}");
            let damaged = sound.replacen(from, to, 1);
            let error = load_registry(&Source::new("damaged.yaml", damaged)).unwrap_err();
            let text = error.to_string();
            assert!(text.contains(says), "{text}");
            assert!(text.contains("damaged.yaml:"), "{text}");
        }
    }
}
