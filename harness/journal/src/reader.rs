//! Reads a journal back, whole or cut off.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::{JOURNAL_FORMAT, Judged, Line, Observation, Opened};

/// A longer line is no line of ours.
const MAX_LINE_BYTES: u64 = 8 << 20;

/// What a journal says.
#[derive(Clone, Debug, PartialEq)]
pub struct Journal {
    /// Its first line.
    pub opened: Opened,
    /// Its facts, in order.
    pub observations: Vec<Observation>,
    /// Its last line; absent where the journey was cut off.
    pub judged: Option<Judged>,
}

/// Why a journal can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file can't be read.
    #[error("read {file}: {source}")]
    Io {
        /// The file.
        file: String,
        /// What the file system says.
        source: std::io::Error,
    },
    /// A line is none of ours.
    #[error("read {file}, line {line}: {why}")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
}

impl Journal {
    /// Reads a journal. A last line that was cut in the middle of its writing is left out, like every line that a
    /// killed run did not get to.
    ///
    /// # Errors
    /// Where the file can't be read, its first line is not [`Line::Opened`] of this format, or a line in the middle
    /// can't be understood.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let file = path.display().to_string();
        let io = |source| ReadError::Io { file: file.clone(), source };
        let mut reader = BufReader::new(File::open(path).map_err(io)?);
        let mut lines = Vec::new();
        loop {
            let mut text = String::new();
            let count = reader.by_ref().take(MAX_LINE_BYTES).read_line(&mut text).map_err(io)?;
            if count == 0 {
                break;
            }
            lines.push(text);
        }
        Self::from_lines(&file, &lines)
    }

    fn from_lines(file: &str, lines: &[String]) -> Result<Self, ReadError> {
        let bad = |line: usize, why: String| ReadError::Line { file: file.to_owned(), line, why };
        let mut parsed = Vec::with_capacity(lines.len());
        for (index, text) in lines.iter().enumerate() {
            match serde_json::from_str::<Line>(text) {
                Ok(line) => parsed.push(line),
                Err(_) if index + 1 == lines.len() && !text.ends_with('\n') => break,
                Err(error) => return Err(bad(index + 1, error.to_string())),
            }
        }
        let mut parsed = parsed.into_iter();
        let opened = match parsed.next() {
            Some(Line::Opened(opened)) if opened.format == JOURNAL_FORMAT => opened,
            Some(Line::Opened(opened)) => {
                return Err(bad(1, format!("format {} is not {JOURNAL_FORMAT}", opened.format)));
            }
            _ => return Err(bad(1, "it does not begin with the journey's name".into())),
        };
        let mut journal = Self { opened, observations: Vec::new(), judged: None };
        for (index, line) in parsed.enumerate() {
            match line {
                Line::Seen(observation) if journal.judged.is_none() => {
                    let expected = journal.observations.len() as u64 + 1;
                    if observation.seq != expected {
                        let why = format!("observation {} stands where {expected} should", observation.seq);
                        return Err(bad(index + 2, why));
                    }
                    journal.observations.push(observation);
                }
                Line::Judged(judged) if journal.judged.is_none() => journal.judged = Some(judged),
                _ => return Err(bad(index + 2, "nothing may follow the verdict".into())),
            }
        }
        Ok(journal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fact, JourneyId, Trouble};

    fn lines() -> Vec<String> {
        let opened = Opened { format: JOURNAL_FORMAT, journey: JourneyId("a/b".into()), seed: 1 };
        let seen = Observation { seq: 1, at_ms: 0, fact: Fact::Trouble(Trouble { what: "x".into() }) };
        [Line::Opened(opened), Line::Seen(seen), Line::Judged(Judged::broken("y"))]
            .iter()
            .map(|line| serde_json::to_string(line).unwrap() + "\n")
            .collect()
    }

    #[test]
    fn a_whole_journal_reads_back() {
        let journal = Journal::from_lines("f", &lines()).unwrap();
        assert_eq!(journal.observations.len(), 1);
        assert_eq!(journal.judged, Some(Judged::broken("y")));
    }

    #[test]
    fn a_journal_cut_anywhere_reads_as_what_was_written() {
        let whole = lines().concat();
        let first = lines()[0].len();
        for cut in first..whole.len() {
            let kept: Vec<String> = whole[..cut].split_inclusive('\n').map(str::to_owned).collect();
            let journal = Journal::from_lines("f", &kept).unwrap();
            let all_but_the_break = cut + 1 == whole.len();
            assert_eq!(journal.judged.is_some(), all_but_the_break, "cut at {cut}");
        }
    }

    #[test]
    fn a_journal_with_a_line_missing_is_no_record() {
        let mut lines = lines();
        lines[1] = lines[1].replace("\"seq\":1", "\"seq\":2");
        let error = Journal::from_lines("f", &lines).unwrap_err();
        assert!(error.to_string().contains("observation 2 stands where 1 should"), "{error}");
    }

    #[test]
    fn a_damaged_line_in_the_middle_is_an_error_with_its_number() {
        let mut damaged = lines();
        damaged[1] = "{\"seen\": 3}\n".into();
        let error = Journal::from_lines("f", &damaged).unwrap_err();
        assert!(error.to_string().starts_with("read f, line 2"), "{error}");
    }
}
