//! What this machine lacks to play on a stack. Asked before anything is started; produces words for people, and decides
//! for tests whether they can run here.

use crate::containers;
use crate::file::{PlatformSource, ServiceSource, StackFile};
use crate::services::program;

/// Something that a stack needs and this machine has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is missing, to follow "needs".
    pub what: String,
    /// How to get it.
    pub how: String,
}

impl Missing {
    pub(crate) fn new(what: impl Into<String>, how: impl Into<String>) -> Self {
        Self { what: what.into(), how: how.into() }
    }
}

/// What this machine lacks for a stack; empty where it can be played on here.
pub async fn missing(file: &StackFile) -> Vec<Missing> {
    let mut missing = Vec::new();
    match &file.platform {
        PlatformSource::Embedded => {}
        PlatformSource::Command(words) => missing.extend(missing_program(file, words)),
        // Whether a target is fit to be played on is looked at by the run, which says what it found there.
        PlatformSource::Container(_) | PlatformSource::Remote(_) => {}
    }
    if file.needs_containers() {
        missing.extend(containers::missing().await);
    }
    if let Some(words) = &file.tools {
        missing.extend(missing_program(file, words));
    }
    let folder = file.working_directory.as_ref().filter(|folder| !folder.is_dir());
    missing.extend(folder.map(|folder| {
        Missing::new(
            format!("the folder {}", folder.display()),
            "name one that is there, with the server's files in it",
        )
    }));
    missing.extend(missing_postgres(file));
    missing.extend(missing_redis(file));
    missing
}

fn missing_program(file: &StackFile, words: &[String]) -> Option<Missing> {
    let name = words.first()?;
    // This very program is there.
    if name == "$firstrun" {
        return None;
    }
    let path = file.variables.fill(name);
    program(&path)
        .is_none()
        .then(|| Missing::new(format!("the program {path}"), "install or build it, or correct the path"))
}

fn missing_postgres(file: &StackFile) -> Option<Missing> {
    let is_started = file.services.postgres == Some(ServiceSource::Started);
    let is_there = program("initdb").is_some() && program("postgres").is_some();
    let how = "install PostgreSQL (Debian: apt-get install postgresql), or name a running one by `url`";
    (is_started && !is_there).then(|| Missing::new("initdb and postgres", how))
}

fn missing_redis(file: &StackFile) -> Option<Missing> {
    let is_started = file.services.redis == Some(ServiceSource::Started);
    let how = "install Redis (Debian: apt-get install redis-server), or name a running one by `url`";
    (is_started && program("redis-server").is_none()).then(|| Missing::new("redis-server", how))
}

#[cfg(test)]
mod tests {
    use document::Source;

    use super::*;
    use crate::check::{StackOrigin, load_stack};

    fn file(text: &str) -> StackFile {
        let origin = StackOrigin { folder: None, variable: &|_| Some("/nowhere/at/all".to_owned()) };
        load_stack(&Source::new("a.yaml", format!("name: a\ntitle: b\n{text}")), &origin).unwrap()
    }

    #[tokio::test]
    async fn what_is_not_there_is_named_with_how_to_get_it() {
        let text = "platform: { command: [$FIRSTRUN_BIN] }\nworking_directory: /nowhere/else\n";
        let told = missing(&file(text)).await;
        let whats: Vec<&str> = told.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(whats, ["the program /nowhere/at/all", "the folder /nowhere/else"]);
        assert!(told.iter().all(|one| !one.how.is_empty()));
    }

    #[tokio::test]
    async fn what_is_there_is_not_missing() {
        assert_eq!(missing(&file("platform: { command: [$firstrun, platform] }\n")).await, []);
        assert_eq!(missing(&file("platform: { command: [sh] }\n")).await, []);
        assert_eq!(missing(&file("platform: embedded\n")).await, []);
    }
}
