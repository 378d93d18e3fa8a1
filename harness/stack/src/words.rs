//! What a server says by itself: its last lines, without the secrets that it was started with.
//!
//! Bounded in lines, characters and bytes, whatever a server writes. A journal redacts what it is told by itself; a server
//! may also know secrets of its stack file, which no journal knows, and a line must be free of them before it is cut.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use journal::{CUT_MARK, Redactor, ServerWords};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// So many lines are kept, each up to so many characters.
const KEPT_LINES: usize = 200;
const KEPT_CHARS: usize = 400;

/// So much of a line is looked at.
const READ_BYTES: usize = 8 * 1024;

/// So many lines are told where a server did not come up.
const TOLD_LINES: usize = 20;

/// What a server said before it ended is heard after so long at the latest; what it started may hold its pipes longer.
const HEARD_WITHIN: Duration = Duration::from_millis(200);

/// The pause between two looks whether all was heard.
const PAUSE: Duration = Duration::from_millis(2);

/// A variable with one of these in its name holds a secret.
const SECRET_NAMES: [&str; 5] = ["TOKEN", "SECRET", "PASSWORD", "KEY", "CREDENTIAL"];

/// The last lines that a server said. Clones hear the same server.
#[derive(Clone, Default)]
pub(crate) struct Words {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    secrets: Redactor,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    lines: VecDeque<String>,
    dropped: u64,
    /// How many streams are not at their end.
    open: usize,
}

impl Words {
    /// Nothing said yet by a server with this environment.
    pub(crate) fn without_secrets_of(environment: impl Iterator<Item = (String, String)>) -> Self {
        let mut secrets = Redactor::default();
        for (name, value) in environment {
            if let Some(password) = password_of(&value) {
                secrets.learn(&name, password);
            }
            let upper = name.to_ascii_uppercase();
            if SECRET_NAMES.iter().any(|part| upper.contains(part)) {
                secrets.learn(&name, &value);
            }
        }
        Self { shared: Arc::new(Shared { secrets, kept: Mutex::default() }) }
    }

    /// Hears one of a server's streams to its end.
    pub(crate) fn hear(&self, stream: Option<impl AsyncRead + Unpin + Send + 'static>) {
        let Some(stream) = stream else { return };
        self.kept().open += 1;
        let words = self.clone();
        tokio::spawn(async move {
            words.listen(stream).await;
            words.kept().open -= 1;
        });
    }

    /// Takes whole lines that somebody else heard.
    #[cfg_attr(not(feature = "containers"), expect(dead_code, reason = "for containers alone"))]
    pub(crate) fn take(&self, bytes: &[u8]) {
        for piece in bytes.strip_suffix(b"\n").unwrap_or(bytes).split(|byte| *byte == b'\n') {
            let mut line = Line::default();
            line.push(piece);
            self.keep(line);
        }
    }

    async fn listen(&self, stream: impl AsyncRead + Unpin) {
        let mut reader = BufReader::new(stream);
        let mut line = Line::default();
        loop {
            let read = match reader.fill_buf().await {
                Ok(bytes) if !bytes.is_empty() => bytes,
                _ => break,
            };
            for piece in read.split_inclusive(|byte| *byte == b'\n') {
                line.push(piece);
                if piece.ends_with(b"\n") {
                    self.keep(std::mem::take(&mut line));
                }
            }
            let length = read.len();
            reader.consume(length);
        }
        if !line.bytes.is_empty() {
            self.keep(line);
        }
    }

    fn keep(&self, line: Line) {
        let text = line.shown(&self.shared.secrets);
        let mut kept = self.kept();
        if kept.lines.len() == KEPT_LINES {
            kept.lines.pop_front();
            kept.dropped += 1;
        }
        kept.lines.push_back(text);
    }

    /// Waits until what a server said before it ended was heard.
    pub(crate) async fn heard_out(&self) {
        let began = Instant::now();
        while self.kept().open > 0 && began.elapsed() < HEARD_WITHIN {
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The lines that are kept, and how many came before them.
    pub(crate) fn last(&self) -> (Vec<String>, u64) {
        let kept = self.kept();
        (kept.lines.iter().cloned().collect(), kept.dropped)
    }

    /// All that is kept, of a server that ended like this, or has not.
    pub(crate) async fn told_whole(&self, ended: Option<String>) -> ServerWords {
        if ended.is_some() {
            self.heard_out().await;
        }
        let (lines, dropped) = self.last();
        ServerWords { ended, lines, dropped }
    }

    /// The last few lines, as they follow why a server did not come up.
    pub(crate) fn told(&self) -> String {
        let (lines, _) = self.last();
        if lines.is_empty() {
            return "; it said nothing".to_owned();
        }
        format!("; its last words: {}", lines[lines.len().saturating_sub(TOLD_LINES)..].join(" | "))
    }

    /// Lines are whole whatever thread panicked.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.shared.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A line on its way in.
#[derive(Default)]
struct Line {
    bytes: Vec<u8>,
    is_cut: bool,
}

impl Line {
    fn push(&mut self, piece: &[u8]) {
        let room = READ_BYTES.saturating_sub(self.bytes.len()).min(piece.len());
        self.bytes.extend_from_slice(&piece[..room]);
        self.is_cut |= room < piece.len();
    }

    /// The line without secrets, cut where it is long.
    fn shown(self, secrets: &Redactor) -> String {
        let mut text = String::from_utf8_lossy(&self.bytes).trim_end().to_owned();
        if self.is_cut {
            text.push(CUT_MARK);
        }
        secrets.redact_text(&mut text);
        if text.chars().count() > KEPT_CHARS {
            text = text.chars().take(KEPT_CHARS - 1).chain([CUT_MARK]).collect();
        }
        text
    }
}

/// The password in an address such as `postgres://user:password@host/name`.
fn password_of(value: &str) -> Option<&str> {
    let (_, rest) = value.split_once("://")?;
    let (person, _) = rest.split('/').next()?.rsplit_once('@')?;
    person.split_once(':').map(|(_, password)| password)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn heard(environment: &[(&str, &str)], said: &[u8]) -> (Vec<String>, u64) {
        let owned = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let words = Words::without_secrets_of(owned);
        words.listen(said).await;
        words.last()
    }

    #[tokio::test]
    async fn lines_are_kept_as_they_were_said_with_the_last_one_unended() {
        assert_eq!(heard(&[], b"one\r\n\ntwo\nthr").await.0, ["one", "", "two", "thr"]);
        assert_eq!(heard(&[], b"").await, (Vec::new(), 0));
    }

    #[tokio::test]
    async fn the_last_200_lines_are_kept_and_the_others_counted() {
        let said: String = (0..1_000).map(|number| format!("line {number}\n")).collect();
        let (lines, dropped) = heard(&[], said.as_bytes()).await;
        assert_eq!((lines.len(), dropped), (200, 800));
        assert_eq!((lines[0].as_str(), lines[199].as_str()), ("line 800", "line 999"));
    }

    #[tokio::test]
    async fn a_long_line_is_cut_and_says_so_however_long_it_is() {
        for length in [401, READ_BYTES + 1, 1 << 20] {
            let (lines, _) = heard(&[], format!("{}\nnext", "ä".repeat(length)).as_bytes()).await;
            assert_eq!(lines.len(), 2, "{length}");
            assert_eq!(lines[0].chars().count(), 400);
            assert!(lines[0].ends_with("ä…"), "{}", lines[0]);
        }
        assert_eq!(heard(&[], "a".repeat(400).as_bytes()).await.0, ["a".repeat(400)]);
    }

    #[tokio::test]
    async fn no_secret_of_the_environment_is_kept_whole_or_in_part() {
        let environment = [
            ("ADMIN_TOKEN", "adm-0123456789"),
            ("database_url", "postgres://tenant:pass-word-1@127.0.0.1:5432/name"),
            ("MOLECULE_ENV", "development"),
        ];
        let said = format!(
            "development adm-0123456789 postgres://tenant:pass-word-1@127.0.0.1\n{}adm-0123456789",
            "x".repeat(392)
        );
        let (lines, _) = heard(&environment, said.as_bytes()).await;
        assert_eq!(
            lines[0],
            "development <secret:ADMIN_TOKEN> postgres://tenant:<secret:database_url>@127.0.0.1"
        );
        assert!(!lines[1].contains("adm-"), "{}", lines[1]);
    }
}
