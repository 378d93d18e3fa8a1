//! From a stack file's text to a checked [`StackFile`].

use std::path::{Path, PathBuf};
use std::time::Duration;

use contract::Lack;
use document::{Place, Placed, Problem, Source};

use crate::file::{ImageSource, PlatformSource, RemoteSource, ServiceSource, ServiceSources, StackFile};
use crate::raw::RawStack;
use crate::remote;
use crate::text::{KNOWN, OWN_PREFIX, Values, names_in};

/// A slower stack than this is none that anybody waits for.
const MAX_TIME_FACTOR: f64 = 100.0;

/// How long a server may take to be ready where its file does not say, and at most: the control plane gives up on a
/// tenant a little later, and then nobody would hear what the server said.
const READY_WITHIN: Duration = Duration::from_secs(15);
const LONGEST_READY_WITHIN: Duration = Duration::from_secs(16);

/// How long a server may take to stop where its file does not say.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// Where a stack file's text comes from, and what it may ask of the run.
#[derive(Clone, Copy)]
pub struct StackOrigin<'a> {
    /// The folder of the file, which its relative paths are relative to; `None` for one that is compiled in.
    pub folder: Option<&'a Path>,
    /// The variables of the run's environment, by name.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
}

/// Reads a stack file and checks it.
///
/// # Errors
/// Every problem of the text, with its place; a variable that the run's environment lacks is one.
pub fn load_stack(source: &Source, origin: &StackOrigin<'_>) -> Result<StackFile, Vec<Problem>> {
    let raw: RawStack = document::read(source).map_err(|problem| vec![problem])?;
    let mut check = Check { source, origin, problems: Vec::new(), variables: Vec::new() };
    check.all(&raw);
    let variables = Values::new(check.variables);
    if !check.problems.is_empty() {
        return Err(check.problems);
    }
    let absolute = |path: &str| match origin.folder {
        Some(folder) => folder.join(path),
        None => PathBuf::from(path),
    };
    let directory = raw.working_directory.map(|path| absolute(&variables.fill(&path.value)));
    let contract = raw.contract.map(|contract| {
        let beside = absolute(&contract.value);
        if beside.is_file() { beside.display().to_string() } else { contract.value }
    });
    // Journeys on one tenant would count each other's rows; and what only a world of ours shows is not there.
    let is_remote = matches!(raw.platform.value, PlatformSource::Remote(_));
    let at_once = raw.journeys_at_once.map(|count| count.value as usize);
    Ok(StackFile {
        name: raw.name.value,
        title: raw.title,
        contract,
        platform: raw.platform.value,
        environment: raw.environment.into_iter().map(|(name, value)| (name.value, value.value)).collect(),
        working_directory: directory,
        services: raw.services.map(|services| services.value).unwrap_or_default(),
        tools: raw.tools.map(|tools| tools.value.command),
        runtimes: raw.runtimes,
        has_manifest: raw.has_manifest.unwrap_or(true),
        lacks: if is_remote { Lack::ALL.to_vec() } else { raw.lacks },
        journeys_at_once: if is_remote { Some(1) } else { at_once },
        ready_path: raw.readiness.as_ref().map_or("/health", |ready| ready.path.value.as_str()).to_owned(),
        ready_within: raw.readiness.as_ref().map_or(READY_WITHIN, |readiness| readiness.within.value.0),
        stop_within: raw.stop_within.map_or(STOP_WITHIN, |within| within.0),
        time_factor: raw.time_factor.map_or(1.0, |factor| factor.value),
        variables,
    })
}

/// What is found while a file is checked.
struct Check<'a> {
    source: &'a Source,
    origin: &'a StackOrigin<'a>,
    problems: Vec<Problem>,
    /// What the file asks for of the run's environment.
    variables: Vec<(String, String)>,
}

impl Check<'_> {
    fn all(&mut self, raw: &RawStack) {
        self.numbers(raw);
        self.platform(raw);
        for (_, value) in &raw.environment {
            self.text(&value.value, value.place, raw.services.as_ref());
        }
        if let Some(directory) = &raw.working_directory {
            self.text(&directory.value, directory.place, raw.services.as_ref());
        }
        if let Some(tools) = &raw.tools {
            self.command(&tools.value.command, tools.place, raw);
        }
        if let Some(services) = &raw.services {
            self.services(services, raw);
        }
        let path = raw.readiness.as_ref().map(|readiness| &readiness.path);
        if let Some(path) = path.filter(|path| !path.value.starts_with('/')) {
            self.tell(path.place, format!("`{}` is no path", path.value), "begin it with `/`");
        }
    }

    fn numbers(&mut self, raw: &RawStack) {
        if let Some(factor) = &raw.time_factor
            && !(factor.value > 0.0 && factor.value <= MAX_TIME_FACTOR)
        {
            let text =
                format!("a time factor of {} is not above 0 and up to {MAX_TIME_FACTOR}", factor.value);
            self.tell(factor.place, text, "1 is the pace of this machine");
        }
        if let Some(readiness) =
            raw.readiness.as_ref().filter(|ready| ready.within.value.0 > LONGEST_READY_WITHIN)
        {
            let text =
                format!("a tenant must be up within 18s, so its server within {LONGEST_READY_WITHIN:?}");
            self.tell(
                readiness.within.place,
                text,
                "give a slow stack a higher `time_factor`, which multiplies both",
            );
        }
        if let Some(count) = raw.journeys_at_once.as_ref().filter(|count| count.value == 0) {
            self.tell(count.place, "no journey at a time is no run".to_owned(), "write 1 or more");
        }
    }

    fn platform(&mut self, raw: &RawStack) {
        let place = raw.platform.place;
        match &raw.platform.value {
            PlatformSource::Embedded => {}
            PlatformSource::Command(words) => self.command(words, place, raw),
            PlatformSource::Container(container) => {
                for argument in &container.arguments {
                    self.text(argument, place, raw.services.as_ref());
                }
                let (ImageSource::Name(name) | ImageSource::Program(name)) = &container.image;
                self.text(name, place, raw.services.as_ref());
                if name.is_empty() {
                    self.tell(place, "the image has no name".to_owned(), "write `name: repository:tag`");
                }
            }
            PlatformSource::Remote(source) => self.remote(source, place, raw),
        }
    }

    fn remote(&mut self, source: &RemoteSource, place: Place, raw: &RawStack) {
        let is_variable = |text: &str| {
            let rest = text.strip_prefix('$').unwrap_or_default();
            rest.starts_with(OWN_PREFIX) && names_in(text) == [rest]
        };
        if !is_variable(&source.admin_token) {
            let text = "`admin_token`: the token of the admin is written out";
            let hint =
                format!("name a variable that holds it: `admin_token: ${OWN_PREFIX}REMOTE_ADMIN_TOKEN`");
            // Without its line, which may hold the token; so may the line of any other problem with the target.
            self.problems.push(Problem::in_file(self.source.name.clone(), text).with_hint(hint));
            return;
        }
        for text in [&source.url, &source.org_id, &source.admin_token] {
            let other = names_in(text).into_iter().find(|name| !name.starts_with(OWN_PREFIX));
            match other {
                Some(name) => {
                    let hint = format!("only ${OWN_PREFIX}... has one, or write it out");
                    self.tell(place, format!("`${name}` has no value on a target that runs already"), &hint);
                }
                None => self.text(text, place, None),
            }
        }
        if let Some(prefix) = source.prefix.as_ref().filter(|prefix| !remote::is_prefix(prefix)) {
            let hint = "write 3 to 24 small letters and digits, such as `firstrun`";
            self.tell(place, format!("`{prefix}` is no prefix of names"), hint);
        }
        for (key, place) in [
            ("environment", raw.environment.iter().next().map(|(name, _)| name.place)),
            ("working_directory", raw.working_directory.as_ref().map(|directory| directory.place)),
            ("services", raw.services.as_ref().map(|services| services.place)),
            ("tools", raw.tools.as_ref().map(|tools| tools.place)),
        ] {
            if let Some(place) = place {
                self.tell(place, format!("a target that runs already takes no `{key}`"), "leave it out");
            }
        }
    }

    fn command(&mut self, words: &[String], place: Place, raw: &RawStack) {
        if words.first().is_none_or(|program| program.is_empty()) {
            let hint = "write `command: [program, argument, ...]`";
            self.tell(place, "the command names no program".to_owned(), hint);
        }
        words.iter().for_each(|word| self.text(word, place, raw.services.as_ref()));
    }

    fn services(&mut self, services: &Placed<ServiceSources>, raw: &RawStack) {
        let is_container = matches!(raw.platform.value, PlatformSource::Container(_));
        for (name, one) in [("postgres", &services.value.postgres), ("redis", &services.value.redis)] {
            match one {
                Some(ServiceSource::Started) if is_container => {
                    let text = format!("no container can reach a {name} that is started on loopback");
                    self.tell(services.place, text, "name an `image` or a `url` for it");
                }
                Some(ServiceSource::Url(url) | ServiceSource::Image(url)) => {
                    self.text(url, services.place, None);
                }
                Some(ServiceSource::Started) | None => {}
            }
        }
    }

    /// Every name in a text must have a value by the time that it is filled in.
    fn text(&mut self, text: &str, place: Place, services: Option<&Placed<ServiceSources>>) {
        for name in names_in(text) {
            let service = match name {
                "postgres_url" => Some(services.is_some_and(|services| services.value.postgres.is_some())),
                "redis_url" => Some(services.is_some_and(|services| services.value.redis.is_some())),
                _ => None,
            };
            if service == Some(false) {
                let service = name.trim_end_matches("_url");
                let hint = format!("write `services: {{ {service}: started }}`");
                self.tell(place, format!("`${name}` stands for a service that the stack has not"), &hint);
            } else if name.starts_with(OWN_PREFIX) {
                self.variable(name, place);
            } else if !KNOWN.contains(&name) {
                let hint = match document::near(name, KNOWN) {
                    Some(near) => format!("did you mean `${near}`?"),
                    None => format!("known here: {}, and ${OWN_PREFIX}...", KNOWN.join(", ")),
                };
                self.tell(place, format!("unknown name `${name}`"), &hint);
            }
        }
    }

    fn variable(&mut self, name: &str, place: Place) {
        match (self.origin.variable)(name).filter(|value| !value.is_empty()) {
            Some(value) => self.variables.push((name.to_owned(), value)),
            None => {
                let hint = format!("set it: `{name}=... firstrun ...`");
                self.tell(place, format!("the variable {name} is not set"), &hint);
            }
        }
    }

    fn tell(&mut self, place: Place, text: String, hint: &str) {
        self.problems.push(Problem::at(self.source, place, text).with_hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::BUILTIN_STACKS;

    fn load(name: &str, text: impl Into<String>) -> Result<StackFile, Vec<Problem>> {
        let variable = |name: &str| Some(format!("/set/{name}"));
        load_stack(&Source::new(name, text), &StackOrigin { folder: None, variable: &variable })
    }

    #[test]
    fn what_is_compiled_in_is_sound_and_named_as_its_file() {
        for (name, text) in BUILTIN_STACKS {
            assert_eq!(load(name, text).unwrap().name, name);
        }
    }

    #[test]
    fn a_damaged_stack_is_refused_with_its_place_and_a_hint() {
        let process = BUILTIN_STACKS[1].1;
        let local_server = BUILTIN_STACKS[3].1;
        for (sound, from, to, says) in [
            (process, "PORT: $port", "PORT: $prot", "did you mean `$port`?"),
            (process, "PORT: $port", "PORT: $redis_url", "a service that the stack has not"),
            (process, "path: /health", "path: health", "`health` is no path"),
            (process, "time_factor: 2", "time_factor: -2", "not above 0"),
            (process, "time_factor: 2", "journeys_at_once: 0", "no journey at a time"),
            (process, "within: 15s", "within: 20s", "must be up within 18s"),
            (process, "stop_within", "stop_whithin", "unknown key `stop_whithin`"),
            (process, "command: [$firstrun", "command: ['', $firstrun", "names no program"),
            (
                local_server,
                "command: [$FIRSTRUN_PLATFORM_BIN]",
                "container: { image: { name: x } }",
                "loopback",
            ),
        ] {
            assert!(sound.contains(from), "{from}");
            let problems = load("damaged.yaml", sound.replacen(from, to, 1)).unwrap_err();
            let told = document::render_all(&problems);
            assert!(told.contains(says) && told.contains("damaged.yaml:"), "{told}");
        }
    }

    #[test]
    fn a_damaged_target_is_refused_with_its_place_and_a_hint() {
        let remote = BUILTIN_STACKS[4].1;
        for (from, to, says) in [
            ("$FIRSTRUN_REMOTE_ADMIN_TOKEN\n", "s3cr3t-t0k3n\n", "the token of the admin is written out"),
            ("$FIRSTRUN_REMOTE_ADMIN_TOKEN\n", "x$FIRSTRUN_TOKEN\n", "the token of the admin is written out"),
            ("url: $FIRSTRUN_REMOTE_URL", "url: http://$host", "`$host` has no value on a target"),
            ("prefix: firstrun", "prefix: fr", "`fr` is no prefix of names"),
            ("disposable: false", "disposible: false", "unknown key `disposible`"),
            ("time_factor: 4", "services: { redis: started }", "takes no `services`"),
            ("time_factor: 4", "environment: { A: b }", "takes no `environment`"),
        ] {
            assert!(remote.contains(from), "{from}");
            let problems = load("damaged.yaml", remote.replacen(from, to, 1)).unwrap_err();
            let told = document::render_all(&problems);
            assert!(told.contains(says) && told.contains("damaged.yaml"), "{told}");
            assert!(!told.contains("s3cr3t"), "{told}");
        }
    }

    #[test]
    fn a_token_that_is_written_out_is_not_told() {
        let text = "name: a\ntitle: b\nplatform: { remote: { url: http://$port, org_id: o, admin_token: s3cr3t } }\n";
        let told = document::render_all(&load("a.yaml", text).unwrap_err());
        assert!(told.contains("the token of the admin is written out") && !told.contains("s3cr3t"), "{told}");
    }

    #[test]
    fn a_target_lacks_what_only_a_world_of_ours_has_and_bears_one_journey_at_a_time() {
        let remote = BUILTIN_STACKS[4].1.replace("time_factor: 4", "journeys_at_once: 8\nlacks: []");
        let file = load("remote", remote).unwrap();
        assert_eq!((file.lacks, file.journeys_at_once), (Lack::ALL.to_vec(), Some(1)));
    }

    #[test]
    fn a_variable_that_is_not_set_is_told_where_it_is_asked_for() {
        let source = Source::new("local.yaml", BUILTIN_STACKS[3].1);
        let origin = StackOrigin { folder: None, variable: &|_| None };
        let told = document::render_all(&load_stack(&source, &origin).unwrap_err());
        assert!(told.contains("the variable FIRSTRUN_PLATFORM_BIN is not set"), "{told}");
        assert!(told.contains("the variable FIRSTRUN_PLATFORM_DIR is not set"), "{told}");
        assert!(told.contains("local.yaml:"), "{told}");
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        let text = "name: a\ntitle: b\nplatform: { command: [x] }\nworking_directory: sub\n";
        let origin = StackOrigin { folder: Some(Path::new("/stacks")), variable: &|_| None };
        let file = load_stack(&Source::new("a.yaml", text), &origin).unwrap();
        assert_eq!(file.working_directory, Some(PathBuf::from("/stacks/sub")));
    }
}
