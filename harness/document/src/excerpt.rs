//! The line that a problem shows: cut to a window around the caret, made visible, with the length of the caret.

use serde::Serialize;

use crate::place::Place;
use crate::quote::visible;
use crate::source::{Source, narrow};

/// A longer line is cut to this many characters.
const SHOWN_CHARS: usize = 160;

/// How much of a cut line stands before the caret, at most.
const CHARS_BEFORE_CARET: usize = 60;

const CUT: &str = "...";

/// A line as it is shown, and where the caret stands under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Excerpt {
    /// The line or a window of it.
    pub(crate) text: String,
    /// The column of the caret in `text`, from 1, in characters.
    pub(crate) column: u32,
    /// The length of the caret in characters, at least 1.
    pub(crate) length: u32,
}

impl Excerpt {
    /// The line at a place; `None` when the text has no such line.
    pub(crate) fn of(source: &Source, place: Place) -> Option<Self> {
        let line = source.line(place.line)?;
        let column = usize::try_from(place.column).ok()?.saturating_sub(1);
        let Some((split, _)) = line.char_indices().nth(column) else {
            let column = line.chars().count();
            return Some(Self::cut(line, column, 1));
        };
        let (before, rest) = line.split_at(split);
        Some(Self::cut(line, column, written_length(before, rest)))
    }

    /// The characters under the caret as a range of bytes of `text`.
    pub(crate) fn caret_bytes(&self) -> std::ops::Range<usize> {
        let byte_of = |column: usize| {
            self.text.char_indices().nth(column).map_or(self.text.len(), |(offset, _)| offset)
        };
        let start = usize::try_from(self.column).unwrap_or(usize::MAX).saturating_sub(1);
        let length = usize::try_from(self.length).unwrap_or(usize::MAX);
        byte_of(start)..byte_of(start.saturating_add(length))
    }

    fn cut(line: &str, column: usize, length: usize) -> Self {
        if line.chars().nth(SHOWN_CHARS).is_none() {
            let text = line.chars().map(shown).collect();
            return Self { text, column: narrow(column + 1), length: narrow(length) };
        }
        let start = column.saturating_sub(CHARS_BEFORE_CARET);
        let mut text = String::from(if start > 0 { CUT } else { "" });
        let shift = text.len();
        let mut rest = line.chars().skip(start).map(shown);
        text.extend(rest.by_ref().take(SHOWN_CHARS - 2 * CUT.len()));
        let end = text.chars().count();
        if rest.next().is_some() {
            text.push_str(CUT);
        }
        let column = column - start + shift;
        let length = length.min(end.saturating_sub(column)).max(1);
        Self { text, column: narrow(column + 1), length: narrow(length) }
    }
}

/// A tab keeps its width, the renderer widens it.
fn shown(character: char) -> char {
    if character == '\t' { character } else { visible(character) }
}

/// How many characters of a line belong to the key or value that begins at `rest`. A guess from the text alone, for
/// the caret only.
fn written_length(before: &str, rest: &str) -> usize {
    let mut characters = rest.chars();
    let first = characters.next().unwrap_or(' ');
    let length = match first {
        '"' | '\'' => quoted_length(first, rest),
        '*' | '&' | '!' => rest.chars().take_while(|c| !c.is_whitespace() && !",[]{}".contains(*c)).count(),
        first if first.is_whitespace() || first.is_control() => 1,
        '-' | '?' if characters.next().is_none_or(char::is_whitespace) => 1,
        '[' | ']' | '{' | '}' | ',' | ':' | '|' | '>' | '#' => 1,
        _ => plain_length(before.contains(['[', '{']), rest),
    };
    length.max(1)
}

fn quoted_length(quote: char, rest: &str) -> usize {
    let mut escaped = false;
    for (index, character) in rest.chars().enumerate().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if character == quote => return index + 1,
            _ => {}
        }
    }
    rest.trim_end().chars().count()
}

fn plain_length(in_brackets: bool, rest: &str) -> usize {
    let ends = |(offset, character): (usize, char)| {
        let next = rest[offset + character.len_utf8()..].chars().next();
        match character {
            ':' => next.is_none_or(char::is_whitespace),
            '#' => rest[..offset].ends_with(char::is_whitespace),
            ',' | '[' | ']' | '{' | '}' => in_brackets,
            _ => false,
        }
    };
    let end = rest.char_indices().find(|at| ends(*at)).map_or(rest.len(), |(offset, _)| offset);
    rest[..end].trim_end().chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(line: &str, column: u32) -> Excerpt {
        Excerpt::of(&Source::new("x", line), Place { line: 1, column }).unwrap()
    }

    #[test]
    fn caret_covers_the_key_or_value_at_the_place() {
        let table = [
            ("  modle: x", 3, "modle"),
            ("a: b c # d", 4, "b c"),
            ("a: openai:gpt-4o", 4, "openai:gpt-4o"),
            ("a: x, y", 4, "x, y"),
            ("a: [x, y]", 5, "x"),
            ("a: \"b \\\" c\" d", 4, "\"b \\\" c\""),
            ("a: 'open ", 4, "'open"),
            ("- a", 1, "-"),
            ("a: -5", 4, "-5"),
            ("a: [1]", 4, "["),
            ("a: *here x", 4, "*here"),
            ("ключ: 🔑🔑 x", 7, "🔑🔑 x"),
            ("a:", 3, ""),
            ("", 1, ""),
            ("a", 99, ""),
            ("\tb", 1, "\t"),
            ("a\u{0}b", 2, "␀"),
        ];
        for (line, column, covered) in table {
            let excerpt = excerpt(line, column);
            assert_eq!(&excerpt.text[excerpt.caret_bytes()], covered, "{line}");
            assert!(excerpt.length > 0, "{line}");
        }
    }

    #[test]
    fn long_lines_are_cut_around_the_caret() {
        let line = format!("{}{}{}", "a ".repeat(5_000), "needle: ", "é".repeat(5_000));
        for (column, covered) in [(10_001, "needle"), (1, "a"), (20_000, "")] {
            let excerpt = excerpt(&line, column);
            assert!(excerpt.text.chars().count() <= SHOWN_CHARS, "{column}");
            assert!(excerpt.text[excerpt.caret_bytes()].starts_with(covered), "{column}");
        }
        let whole = excerpt(&"x".repeat(300), 1);
        assert_eq!((whole.text.len(), whole.length), (157, 154));
    }

    #[test]
    fn control_characters_become_visible() {
        assert_eq!(excerpt("a\t\u{0}\u{1b}[2J\u{202e}\u{feff}", 1).text, "a\t␀␛[2J\u{fffd}\u{fffd}");
    }
}
