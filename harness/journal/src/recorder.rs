//! Writes a journal, line by line, as things happen.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::{Fact, Judged, Line, Observation, Opened, Redactor};

/// A journey that sees more than this is out of hand: further facts are dropped and the journal says so.
pub const MAX_FACTS: usize = 20_000;

/// The one writer of a journey's journal. Clones write to the same journal.
///
/// Every line is handed to the operating system at once, so that a killed run loses none. What can't be written is
/// kept as [`Recorder::failure`]; the journey goes on and the run ends with "could not record".
#[derive(Clone, Debug)]
pub struct Recorder {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    began: Instant,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: Option<File>,
    failure: Option<String>,
    redactor: Redactor,
    observations: Vec<Observation>,
    dropped: u64,
}

impl Recorder {
    /// A journal in a file, which must not exist yet.
    ///
    /// # Errors
    /// What the file system says.
    pub fn create(path: &Path, opened: &Opened) -> io::Result<Self> {
        let file = File::create_new(path)?;
        let recorder = Self::with_file(Some(file));
        recorder.lock().write(&Line::Opened(opened.clone()));
        match recorder.failure() {
            None => Ok(recorder),
            Some(failure) => Err(io::Error::other(failure)),
        }
    }

    /// A journal that is only kept in memory.
    pub fn in_memory() -> Self {
        Self::with_file(None)
    }

    fn with_file(file: Option<File>) -> Self {
        let state = State {
            file,
            failure: None,
            redactor: Redactor::default(),
            observations: Vec::new(),
            dropped: 0,
        };
        Self { shared: Arc::new(Shared { began: Instant::now(), state: Mutex::new(state) }) }
    }

    /// Makes a secret known before it can appear.
    pub fn learn_secret(&self, name: &str, value: &str) {
        self.lock().redactor.learn(name, value);
    }

    /// Records a fact and answers its number; 0 where the journal is full.
    pub fn record(&self, fact: Fact) -> u64 {
        let at_ms = u64::try_from(self.shared.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.lock().record(at_ms, fact)
    }

    /// Writes the last line.
    pub fn judge(&self, judged: &Judged) {
        self.lock().write(&Line::Judged(judged.clone()));
    }

    /// Looks at what was recorded so far, in order.
    pub fn look<T>(&self, look: impl FnOnce(&[Observation]) -> T) -> T {
        look(&self.lock().observations)
    }

    /// All that was recorded so far.
    pub fn observations(&self) -> Vec<Observation> {
        self.look(<[Observation]>::to_vec)
    }

    /// Milliseconds since the journey began.
    pub fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.shared.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Why the journal is not complete, if it is not.
    pub fn failure(&self) -> Option<String> {
        let state = self.lock();
        let overfull =
            (state.dropped > 0).then(|| format!("{} facts past the limit of {MAX_FACTS}", state.dropped));
        state.failure.clone().or(overfull)
    }

    /// A poisoned lock only means that another thread panicked between two lines; the lines themselves are whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn record(&mut self, at_ms: u64, fact: Fact) -> u64 {
        if self.observations.len() >= MAX_FACTS {
            self.dropped += 1;
            return 0;
        }
        let seq = self.observations.len() as u64 + 1;
        let observation = self.redacted(Observation { seq, at_ms, fact });
        self.write(&Line::Seen(observation.clone()));
        self.observations.push(observation);
        seq
    }

    /// The observation without secrets. What is judged now and what is judged again later is the same.
    fn redacted(&mut self, observation: Observation) -> Observation {
        let Ok(mut value) = serde_json::to_value(&observation) else { return observation };
        if !self.redactor.redact(&mut value) {
            return observation;
        }
        serde_json::from_value(value).unwrap_or(observation)
    }

    fn write(&mut self, line: &Line) {
        let Some(file) = &mut self.file else { return };
        let written = serde_json::to_vec(line).map_err(io::Error::other).and_then(|mut bytes| {
            bytes.push(b'\n');
            file.write_all(&bytes)
        });
        if let Err(error) = written {
            self.failure.get_or_insert_with(|| error.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SignedUp, TenantRole, Trouble};

    fn signed_up(org_id: &str) -> Fact {
        Fact::SignedUp(SignedUp {
            tenant: TenantRole::Subject,
            org_id: org_id.into(),
            slug: "s".into(),
            concierge: "c".into(),
        })
    }

    #[test]
    fn facts_are_numbered_from_one_without_gaps() {
        let recorder = Recorder::in_memory();
        assert_eq!(recorder.record(signed_up("a")), 1);
        assert_eq!(recorder.clone().record(signed_up("b")), 2);
        assert_eq!(recorder.observations().len(), 2);
    }

    #[test]
    fn what_is_kept_in_memory_is_redacted_like_the_file() {
        let recorder = Recorder::in_memory();
        recorder.learn_secret("ADMIN_TOKEN", "adm-0123456789");
        recorder.record(Fact::Trouble(Trouble { what: "token adm-0123456789 refused".into() }));
        let Fact::Trouble(trouble) = &recorder.observations()[0].fact else { unreachable!() };
        assert_eq!(trouble.what, "token <secret:ADMIN_TOKEN> refused");
    }

    #[test]
    fn a_full_journal_says_so() {
        let recorder = Recorder::in_memory();
        for _ in 0..=MAX_FACTS {
            recorder.record(Fact::Trouble(Trouble { what: String::new() }));
        }
        assert_eq!(recorder.observations().len(), MAX_FACTS);
        assert!(recorder.failure().unwrap().contains("past the limit"));
    }
}
