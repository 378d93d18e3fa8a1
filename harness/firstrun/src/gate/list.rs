//! The known failures: a list that a gate run is held against.

use document::{Placed, Problem, Source};
use journal::FindingKind;
use report::KnownFailure;
use serde::Deserialize;

use super::Day;

/// The list of the pack: its name, and its text.
pub(crate) const BUILTIN: (&str, &str) =
    ("scenarios/known-failures.yaml", include_str!("../../../../scenarios/known-failures.yaml"));

/// The word for a scenario or case that is not played.
const SKIPPED: &str = "skipped";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKnown {
    id: Placed<String>,
    #[serde(default)]
    case: Option<Placed<String>>,
    finding: Placed<String>,
    reason: Placed<String>,
    owner: Placed<String>,
    expiry: Placed<String>,
}

/// What an entry tolerates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Findings of this kind.
    Finding(FindingKind),
    /// That nothing is played.
    Skipped,
}

/// One checked entry.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    /// The entry as it is told.
    pub(crate) known: KnownFailure,
    /// What it tolerates.
    pub(crate) wanted: Wanted,
    /// Its last day.
    pub(crate) expiry: Day,
}

/// Reads a list.
///
/// # Errors
/// Every problem of the text, each at its place.
pub(crate) fn read_list(name: &str, text: &str) -> Result<Vec<Listed>, Vec<Problem>> {
    let source = Source::new(name, text);
    let raw: Vec<RawKnown> = document::read(&source).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let mut listed: Vec<Listed> = Vec::new();
    for entry in raw {
        let place = entry.id.place;
        match checked(&source, entry) {
            Ok(entry) if listed.iter().any(|earlier| is_same(earlier, &entry)) => {
                problems.push(
                    Problem::at(&source, place, "this failure is listed already").with_hint("drop one"),
                );
            }
            Ok(entry) => listed.push(entry),
            Err(mut found) => problems.append(&mut found),
        }
    }
    if problems.is_empty() { Ok(listed) } else { Err(problems) }
}

fn is_same(one: &Listed, other: &Listed) -> bool {
    one.wanted == other.wanted
        && one.known.scenario == other.known.scenario
        && one.known.case == other.known.case
}

fn checked(source: &Source, raw: RawKnown) -> Result<Listed, Vec<Problem>> {
    let mut problems = Vec::new();
    for (key, text) in [("id", &raw.id), ("reason", &raw.reason), ("owner", &raw.owner)] {
        if text.value.trim().is_empty() || text.value.contains('\n') {
            let problem = Problem::at(source, text.place, format!("`{key}` says nothing"));
            problems.push(problem.with_hint(format!("write the {key} in one line")));
        }
    }
    let wanted = wanted(&raw.finding.value);
    if wanted.is_none() {
        let mut known: Vec<&str> = FindingKind::ALL.iter().map(|kind| kind.as_str()).collect();
        known.push(SKIPPED);
        let hint = match document::near(&raw.finding.value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write the name that a red shows in brackets, or `skipped`".to_owned(),
        };
        let message = format!("unknown finding `{}`", raw.finding.value);
        problems.push(Problem::at(source, raw.finding.place, message).with_hint(hint));
    }
    let expiry = Day::parse(&raw.expiry.value);
    if expiry.is_none() {
        let message = format!("`{}` is no day", raw.expiry.value);
        problems.push(Problem::at(source, raw.expiry.place, message).with_hint("write a day as 2026-12-31"));
    }
    match (wanted, expiry) {
        (Some(wanted), Some(expiry)) if problems.is_empty() => {
            let known = KnownFailure {
                scenario: raw.id.value,
                case: raw.case.map(|case| case.value),
                finding: raw.finding.value,
                reason: raw.reason.value,
                owner: raw.owner.value,
                expiry: raw.expiry.value,
            };
            Ok(Listed { known, wanted, expiry })
        }
        _ => Err(problems),
    }
}

fn wanted(word: &str) -> Option<Wanted> {
    if word == SKIPPED {
        return Some(Wanted::Skipped);
    }
    FindingKind::ALL.into_iter().find(|kind| kind.as_str() == word).map(Wanted::Finding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_the_pack_is_valid() {
        assert!(read_list(BUILTIN.0, BUILTIN.1).is_ok());
    }

    #[test]
    fn every_mistake_is_told_at_its_place() {
        let text = "- { id: a, finding: wrong_answr, reason: r, owner: '', expiry: soon }\n\
                    - { id: a, finding: skipped, reason: r, owner: o, expiry: 2026-12-31 }\n\
                    - { id: a, finding: skipped, reason: again, owner: o, expiry: 2027-12-31 }\n";
        let said = document::render_all(&read_list("known.yaml", text).unwrap_err());
        for part in [
            "`owner` says nothing",
            "did you mean `wrong_answer`?",
            "`soon` is no day",
            "this failure is listed already",
        ] {
            assert!(said.contains(part), "no `{part}` in\n{said}");
        }
        assert!(read_list("known.yaml", "- { id: a }").is_err());
    }
}
