//! What serde can't say of a contract or a registry by itself: names that must exist, patterns that must compile, no
//! doubles, no promises that contradict each other. Whether a contract fits a registry is in `fit`.

use document::{Place, Placed, Problem, Source};

mod contract;
mod entries;
mod registry;

pub(crate) use contract::contract;
pub(crate) use registry::registry;

/// Names that stand once more in one list, each with where it stands first.
fn doubles<'a>(source: &Source, what: &str, names: impl Iterator<Item = &'a Placed<String>>) -> Vec<Problem> {
    let mut seen: Vec<&Placed<String>> = Vec::new();
    let mut problems = Vec::new();
    for name in names {
        match seen.iter().find(|first| first.value == name.value) {
            Some(first) => {
                let text = format!("{what} `{}` stands here twice", name.value);
                let hint = format!("it stands first at {}: leave one of them out", first.place);
                problems.push(Problem::at(source, name.place, text).with_hint(hint));
            }
            None => seen.push(name),
        }
    }
    problems
}

/// Words that stand once more in a list whose words have no places of their own. `word` spells one.
fn repeated<T: PartialEq>(
    source: &Source,
    key: &str,
    list: &Placed<Vec<T>>,
    word: impl Fn(&T) -> String,
) -> Vec<Problem> {
    let is_again = |at: usize, item: &T| list.iter().take(at).any(|earlier| earlier == item);
    let again = list.iter().enumerate().filter(|(at, item)| is_again(*at, item));
    again
        .map(|(at, item)| {
            let first = list.iter().position(|earlier| earlier == item).unwrap_or_default();
            let text = format!("{key} names `{}` twice", word(item));
            let hint =
                format!("it is both number {} and number {}: leave one of them out", first + 1, at + 1);
            Problem::at(source, list.place, text).with_hint(hint)
        })
        .collect()
}

/// An address without a scheme or a host.
fn bad_address(source: &Source, place: Place, what: &str, url: &str) -> Option<Problem> {
    let is_scheme = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
    };
    let has_host = |rest: &str| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        !host.is_empty() && !host.starts_with(':') && !host.contains(char::is_whitespace)
    };
    let is_good = url.split_once("://").is_some_and(|(scheme, rest)| is_scheme(scheme) && has_host(rest));
    (!is_good).then(|| {
        let hint = "write it with its scheme and its host: https://api.example.com/v1";
        Problem::at(source, place, format!("{what} is no URL")).with_hint(hint)
    })
}

/// True for what an environment can call a variable.
fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

#[cfg(test)]
mod tests;
