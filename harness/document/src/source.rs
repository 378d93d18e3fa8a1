//! A text and the name it is shown under. Made by whoever opened the file, read by everything here.

use crate::place::Place;
use crate::problem::Problem;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A text and the name it is shown under.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name that problems show, usually a path as the user typed it.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// Joins a name and a text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Takes the bytes of a file.
    ///
    /// # Errors
    ///
    /// A problem at the first byte that is not UTF-8.
    pub fn from_utf8(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Problem> {
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let source = Self::new(name, String::from_utf8_lossy(error.as_bytes()));
                // The lossy text begins with the valid bytes unchanged.
                let place = source.place_of(valid);
                Err(Problem::at(&source, place, "the text is not UTF-8"))
            }
        }
    }

    /// The text of a line, counted from 1, without its line break and without a byte order mark.
    pub fn line(&self, line: u32) -> Option<&str> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        Lines(Some(self.shown())).nth(index)
    }

    /// The place of a byte of the text; the end for an offset past it.
    pub(crate) fn place_of(&self, offset: usize) -> Place {
        let shown = self.shown();
        let offset = offset.saturating_sub(self.text.len() - shown.len());
        let before = shown.get(..offset).unwrap_or(shown);
        let mut last = Place::default();
        for (index, line) in Lines(Some(before)).enumerate() {
            last = Place { line: narrow(index + 1), column: narrow(line.chars().count() + 1) };
        }
        last
    }

    fn shown(&self) -> &str {
        self.text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&self.text)
    }
}

/// Lines as YAML breaks them: LF, CR LF or a lone CR.
struct Lines<'a>(Option<&'a str>);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0.take()?;
        let Some(end) = text.find(['\n', '\r']) else {
            return Some(text);
        };
        let (line, rest) = text.split_at(end);
        self.0 = Some(rest.strip_prefix("\r\n").unwrap_or(&rest[1..]));
        Some(line)
    }
}

/// Counts in a text within the limits fit; a larger one is shown as the largest.
pub(crate) fn narrow(count: impl TryInto<u32>) -> u32 {
    count.try_into().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_any_yaml_line_break() {
        let source = Source::new("x", "\u{feff}a\r\nb\rc\n");
        let lines: Vec<_> = (0..6).map(|line| source.line(line)).collect();
        assert_eq!(lines, [None, Some("a"), Some("b"), Some("c"), Some(""), None]);
    }

    #[test]
    fn places_count_characters_and_skip_the_byte_order_mark() {
        let source = Source::new("x", "\u{feff}é\r\nкл: x");
        for (offset, line, column) in [(3, 1, 1), (5, 1, 2), (7, 2, 1), (11, 2, 3), (99, 2, 6)] {
            assert_eq!(source.place_of(offset), Place { line, column }, "offset {offset}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_located() {
        let problem = Source::from_utf8("x.yaml", b"a: 1\nb: \xff\xfe\n".to_vec()).unwrap_err();
        assert_eq!(problem.to_string(), "x.yaml:2:4: the text is not UTF-8");
        assert!(Source::from_utf8("x.yaml", "a: é".into()).is_ok());
    }
}
