//! A registry by itself: its providers, and the arms of its runtimes.

use document::{Problem, Source};
use regex::Regex;

use super::{bad_address, doubles, is_variable, repeated};
use crate::{BaseUrl, PLATFORM_PROVIDER, Provider, Registry, Runtime};

/// Problems of a registry.
pub(crate) fn registry(source: &Source, registry: &Registry) -> Vec<Problem> {
    let mut problems = doubles(source, "provider", registry.providers.iter().map(|provider| &provider.name));
    problems.extend(doubles(source, "runtime", registry.runtimes.iter().map(|runtime| &runtime.name)));
    problems.extend(registry.providers.iter().flat_map(|provider| bad_provider(source, provider)));
    for runtime in &registry.runtimes {
        problems.extend(arms(source, registry, runtime));
        problems.extend(unpaid(source, runtime));
        problems.extend(unowned_default(source, registry, runtime));
    }
    problems
}

fn bad_provider(source: &Source, provider: &Provider) -> Vec<Problem> {
    let name = &provider.name.value;
    let mut problems = keys(source, provider);
    if let Err(error) = Regex::new(&provider.prefix.value) {
        let text = format!("the pattern of provider `{name}` does not compile");
        let hint = last_line(&error.to_string());
        problems.push(Problem::at(source, provider.prefix.place, text).with_hint(hint));
    }
    let bases: [&Option<BaseUrl>; 2] = [&provider.base_url, &provider.anthropic_base_url];
    problems.extend(bases.into_iter().flatten().filter_map(|base| {
        bad_address(source, provider.name.place, &format!("an address of provider `{name}`"), &base.url)
    }));
    problems
}

/// Names under which no environment can hold a provider's key.
fn keys(source: &Source, provider: &Provider) -> Vec<Problem> {
    let (name, keys) = (&provider.name.value, &provider.auth_env);
    let mut problems = repeated(source, &format!("auth_env of `{name}`"), keys, Clone::clone);
    if keys.is_empty() {
        let text = format!("provider `{name}` accepts no key at all");
        problems.push(Problem::at(source, keys.place, text).with_hint("name at least one in auth_env"));
    }
    problems.extend(keys.iter().filter(|key| !is_variable(key)).map(|key| {
        let text = format!("`{key}` in auth_env of `{name}` is no name of a variable");
        let hint = "such a name is made of letters, digits and `_`, and begins with no digit";
        Problem::at(source, keys.place, text).with_hint(hint)
    }));
    problems
}

fn arms(source: &Source, registry: &Registry, runtime: &Runtime) -> Vec<Problem> {
    let mut problems = doubles(source, "arm", runtime.arms.iter().map(|arm| &arm.provider));
    let names: Vec<&str> = registry.providers.iter().map(|provider| provider.name.value.as_str()).collect();
    for arm in &runtime.arms {
        if !names.contains(&arm.provider.value.as_str()) {
            let text = format!("unknown provider `{}`", arm.provider.value);
            let hint = match document::near(&arm.provider.value, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the known ones are {}", names.join(", ")),
            };
            problems.push(Problem::at(source, arm.provider.place, text).with_hint(hint));
        }
        problems.extend(doubles(source, "id", arm.exact.iter()));
    }
    problems
}

/// A runtime on which nothing can stand in for a missing id.
fn unpaid(source: &Source, runtime: &Runtime) -> Option<Problem> {
    if runtime.platform_ids().next().is_some() {
        return None;
    }
    let text = format!("runtime `{}` lists no id that the platform pays for", runtime.name.value);
    let hint = format!("give its arm `{PLATFORM_PROVIDER}` at least one exact id");
    Some(Problem::at(source, runtime.name.place, text).with_hint(hint))
}

/// A template's default that the runtime itself would refuse: no arm lists it, and no arm's pattern matches it.
fn unowned_default(source: &Source, registry: &Registry, runtime: &Runtime) -> Option<Problem> {
    let default = &runtime.template_default;
    let is_owned = runtime.arms.iter().any(|arm| {
        let prefix = registry.provider(&arm.provider).map(|provider| Regex::new(&provider.prefix));
        // What is unknown or does not compile is told by itself.
        let matches = prefix.is_none_or(|pattern| pattern.map_or(true, |it| it.is_match(default)));
        matches || arm.exact.iter().any(|id| id.value == default.value)
    });
    (!is_owned).then(|| {
        let text =
            format!("no arm of `{}` owns its template_default `{}`", runtime.name.value, default.value);
        let hint = match document::near(
            default,
            runtime.arms.iter().flat_map(|arm| &arm.exact).map(|id| id.as_str()),
        ) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "list it on an arm, or name an id that one of the arms owns".to_owned(),
        };
        Problem::at(source, default.place, text).with_hint(hint)
    })
}

fn last_line(text: &str) -> String {
    text.lines().last().unwrap_or_default().trim().to_owned()
}
