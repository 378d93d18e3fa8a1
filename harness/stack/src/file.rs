//! Stack files: how a platform is stood up, as data (`fixtures/stacks`).

use std::time::Duration;

use document::{Entries, Placed, Problem, Source, Time};
use serde::Deserialize;

use crate::text::{KNOWN, names_in};

/// Name and text of every stack that is compiled in.
pub const BUILTIN_STACKS: [(&str, &str); 2] = [
    ("embedded", include_str!("../../../fixtures/stacks/embedded.yaml")),
    ("process", include_str!("../../../fixtures/stacks/process.yaml")),
];

/// A slower stack than this is none that anybody waits for.
const MAX_TIME_FACTOR: f64 = 100.0;

/// How long a server may take to be ready where its file does not say.
const READY_WITHIN: Duration = Duration::from_secs(20);

/// How long a server may take to stop where its file does not say.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// A checked stack file.
#[derive(Clone, Debug)]
pub struct StackFile {
    /// The name it has in reports.
    pub name: String,
    /// What it stands for, in a sentence.
    pub title: String,
    /// What is stood up.
    pub platform: PlatformSource,
    /// What a server is told beside what every tenant is told; values may hold `$name`.
    pub environment: Vec<(String, String)>,
    /// Where a server is started; where the run was if absent.
    pub working_directory: Option<String>,
    /// The path that answers 200 when a server is ready.
    pub ready_path: String,
    /// How long that may take, before the time factor.
    pub ready_within: Duration,
    /// How long a server may take to stop when it is told to.
    pub stop_within: Duration,
    /// Multiplies every wait of the run.
    pub time_factor: f64,
}

/// What is stood up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformSource {
    /// The reference platform, in this process.
    Embedded,
    /// A server binary with its arguments, one process a tenant; each may hold `$name`.
    Command(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStack {
    name: String,
    title: String,
    platform: Placed<PlatformSource>,
    #[serde(default)]
    environment: Entries<Placed<String>>,
    #[serde(default)]
    working_directory: Option<String>,
    #[serde(default)]
    readiness: Option<RawReadiness>,
    #[serde(default)]
    stop_within: Option<Time>,
    #[serde(default)]
    time_factor: Option<Placed<f64>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReadiness {
    path: Placed<String>,
    within: Time,
}

/// Reads a stack file and checks it.
///
/// # Errors
/// Every problem of the text, with its place.
pub fn load_stack(source: &Source) -> Result<StackFile, Vec<Problem>> {
    let raw: RawStack = document::read(source).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let factor = raw.time_factor.as_ref().map_or(1.0, |factor| factor.value);
    if let Some(typed) = &raw.time_factor
        && !(typed.value > 0.0 && typed.value <= MAX_TIME_FACTOR)
    {
        let text = format!("a time factor of {} is not above 0 and up to {MAX_TIME_FACTOR}", typed.value);
        problems.push(Problem::at(source, typed.place, text).with_hint("1 is the pace of this machine"));
    }
    if let PlatformSource::Command(words) = &raw.platform.value {
        if words.first().is_none_or(|program| program.is_empty()) {
            let problem = Problem::at(source, raw.platform.place, "the command names no program");
            problems.push(problem.with_hint("write `command: [program, argument, ...]`"));
        }
        let place = raw.platform.place;
        problems.extend(words.iter().flat_map(|word| unknown(source, &Placed::new(place, word.clone()))));
    }
    problems.extend(raw.environment.iter().flat_map(|(_, value)| unknown(source, value)));
    let path = raw.readiness.as_ref().map(|readiness| &readiness.path);
    if let Some(path) = path.filter(|path| !path.value.starts_with('/')) {
        let problem = Problem::at(source, path.place, format!("`{}` is no path", path.value));
        problems.push(problem.with_hint("begin it with `/`"));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(StackFile {
        name: raw.name,
        title: raw.title,
        platform: raw.platform.value,
        environment: raw.environment.into_iter().map(|(name, value)| (name.value, value.value)).collect(),
        working_directory: raw.working_directory,
        ready_path: path.map_or_else(|| "/health".to_owned(), |path| path.value.clone()),
        ready_within: raw.readiness.as_ref().map_or(READY_WITHIN, |readiness| readiness.within.0),
        stop_within: raw.stop_within.map_or(STOP_WITHIN, |within| within.0),
        time_factor: factor,
    })
}

fn unknown(source: &Source, text: &Placed<String>) -> Vec<Problem> {
    let strange = names_in(&text.value).into_iter().filter(|name| !KNOWN.contains(name));
    strange
        .map(|name| {
            let problem = Problem::at(source, text.place, format!("unknown name `${name}`"));
            problem.with_hint(match document::near(name, KNOWN) {
                Some(near) => format!("did you mean `${near}`?"),
                None => format!("known here: {}", KNOWN.join(", ")),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_in_is_sound_and_named_as_its_file() {
        for (name, text) in BUILTIN_STACKS {
            assert_eq!(load_stack(&Source::new(name, text)).unwrap().name, name);
        }
    }

    #[test]
    fn a_damaged_stack_is_refused_with_its_place_and_a_hint() {
        let sound = BUILTIN_STACKS[1].1;
        for (from, to, says) in [
            ("PORT: $port", "PORT: $prot", "did you mean `$port`?"),
            ("path: /health", "path: health", "`health` is no path"),
            ("time_factor: 2", "time_factor: -2", "not above 0"),
            ("stop_within", "stop_whithin", "unknown key `stop_whithin`"),
            ("command: [$firstrun", "command: ['', $firstrun", "names no program"),
        ] {
            assert!(sound.contains(from), "{from}");
            let problems = load_stack(&Source::new("damaged.yaml", sound.replacen(from, to, 1))).unwrap_err();
            let told = document::render_all(&problems);
            assert!(told.contains(says) && told.contains("damaged.yaml:"), "{told}");
        }
    }
}
