//! Which scenarios a command is about: files, ids of the pack, tags.

use std::io::Read;
use std::path::Path;

use document::{Problem, Source};
use scenario::{Scenario, read_scenario};

use crate::load::Loaded;
use crate::pack::SCENARIOS;

/// A larger file is no scenario (the reader's own limit, asked before reading).
const MAX_FILE_BYTES: u64 = 1 << 20;

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Files, or ids of the pack. Empty: the whole pack.
    pub named: Vec<String>,
    /// Only scenarios with this tag.
    pub tag: Option<String>,
}

/// Why the selection can't be played.
#[derive(Debug)]
pub enum SelectError {
    /// Problems of scenario files, all of them.
    Invalid(Vec<Problem>),
    /// Nothing is left to play, and why.
    Nothing(String),
}

/// Reads and checks what was asked for.
///
/// # Errors
/// Every problem of every file; or that nothing is left.
pub fn select(selection: &Selection, loaded: &Loaded) -> Result<Vec<Scenario>, SelectError> {
    let sources = sources(&selection.named).map_err(SelectError::Invalid)?;
    let mut scenarios: Vec<Scenario> = Vec::new();
    let mut problems = Vec::new();
    for (id, source) in &sources {
        match read_scenario(source, id, loaded.around()) {
            Ok(scenario) => scenarios.push(scenario),
            Err(mut found) => problems.append(&mut found),
        }
    }
    if !problems.is_empty() {
        return Err(SelectError::Invalid(problems));
    }
    match &selection.tag {
        Some(tag) => scenarios.retain(|scenario| scenario.is_tagged(tag)),
        None if selection.named.is_empty() => scenarios.retain(is_played_by_default),
        None => {}
    }
    if scenarios.is_empty() {
        let tags: Vec<String> = selection.tag.iter().map(|tag| format!("tagged `{tag}`")).collect();
        return Err(SelectError::Nothing(format!("no scenario {}", tags.join(" "))));
    }
    Ok(scenarios)
}

/// Nights have time for what is tagged `nightly`; a run without further words has not.
fn is_played_by_default(scenario: &Scenario) -> bool {
    !scenario.is_tagged("nightly") || scenario.is_tagged("gate")
}

fn sources(named: &[String]) -> Result<Vec<(String, Source)>, Vec<Problem>> {
    if named.is_empty() {
        return Ok(SCENARIOS.iter().map(|(id, text)| ((*id).to_owned(), pack_source(id, text))).collect());
    }
    let mut sources: Vec<(String, Source)> = Vec::new();
    let mut problems = Vec::new();
    for name in named {
        match source(name) {
            Ok((id, source)) => match sources.iter().find(|(earlier, _)| *earlier == id) {
                None => sources.push((id, source)),
                Some((_, earlier)) if earlier.name == source.name => {}
                Some((_, earlier)) => problems.push(same_id(&id, &earlier.name, &source.name)),
            },
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(sources) } else { Err(problems) }
}

/// Two files of one id: one of them would never be played.
fn same_id(id: &str, earlier: &str, later: &str) -> Problem {
    Problem::in_file(later, format!("its id `{id}` is that of {earlier} too"))
        .with_hint("rename one of them; an id is the path below `scenarios/` without extension")
}

fn source(name: &str) -> Result<(String, Source), Problem> {
    if let Some((id, text)) = SCENARIOS.iter().find(|(id, _)| *id == name) {
        return Ok(((*id).to_owned(), pack_source(id, text)));
    }
    let below_scenarios = format!("scenarios/{name}.yaml");
    let path =
        if Path::new(&below_scenarios).is_file() { Path::new(&below_scenarios) } else { Path::new(name) };
    if !path.exists() {
        let ids = SCENARIOS.iter().map(|(id, _)| *id);
        let hint = match document::near(name, ids) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a file, or an id of the pack (`firstrun plan` lists them)".to_owned(),
        };
        return Err(
            Problem::in_file(name, "there is no such file, and no scenario of this id").with_hint(hint)
        );
    }
    Ok((id_of(path), read(path)?))
}

fn pack_source(id: &str, text: &str) -> Source {
    Source::new(format!("scenarios/{id}.yaml"), text)
}

/// A file's id: its path without extension, and without the folder `scenarios` before it.
pub(crate) fn id_of(path: &Path) -> String {
    let plain = path.with_extension("").to_string_lossy().replace('\\', "/");
    let is_folder = |at: usize| at == 0 || plain.as_bytes()[at - 1] == b'/';
    let below =
        plain.rfind("scenarios/").filter(|at| is_folder(*at)).map(|at| &plain[at + "scenarios/".len()..]);
    let below = below.unwrap_or(plain.as_str());
    below.trim_start_matches("./").trim_start_matches('/').to_owned()
}

fn read(path: &Path) -> Result<Source, Problem> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| {
        let hint = "name a file that can be read";
        Problem::in_file(name.clone(), format!("it can't be read: {error}")).with_hint(hint)
    };
    if path.is_dir() {
        let hint = format!("name its files: {}/*.yaml", name.trim_end_matches('/'));
        return Err(Problem::in_file(name, "this is a folder").with_hint(hint));
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Source::from_utf8(name, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_pack_has_the_id_of_the_pack() {
        for path in
            ["scenarios/first_run/a.yaml", "./scenarios/first_run/a.yaml", "/x/scenarios/first_run/a.yaml"]
        {
            assert_eq!(id_of(Path::new(path)), "first_run/a", "{path}");
        }
        assert_eq!(id_of(Path::new("mine/a.yaml")), "mine/a");
        assert_eq!(id_of(Path::new("myscenarios/a.yaml")), "myscenarios/a");
    }

    #[test]
    fn a_mistyped_id_gets_the_near_one() {
        let problem = source("first_run/build_me_a_taem").unwrap_err();
        assert_eq!(problem.hint.as_deref(), Some("did you mean `first_run/build_me_a_team`?"));
    }

    #[test]
    fn a_folder_is_answered_with_what_to_type() {
        let place = tempfile::tempdir().unwrap();
        let problem = source(&format!("{}/", place.path().display())).unwrap_err();
        assert!(problem.hint.unwrap().ends_with("/*.yaml"));
    }

    #[test]
    fn two_files_of_one_id_are_refused_and_one_file_named_twice_is_played_once() {
        let place = tempfile::tempdir().unwrap();
        let write = |name: &str| {
            let path = place.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "title: t\n").unwrap();
            path.display().to_string()
        };
        let (one, other) = (write("a/scenarios/x.yaml"), write("b/scenarios/x.yaml"));
        assert_eq!(sources(&[one.clone(), one.clone()]).unwrap().len(), 1);
        let problems = sources(&[one.clone(), other]).unwrap_err();
        assert!(problems[0].message.contains(&one), "{problems:?}");
    }
}
