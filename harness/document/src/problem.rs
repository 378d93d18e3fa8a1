//! One thing wrong with a document, and the two forms it is shown in: text for people, JSON for tools.
//!
//! Made by this crate while it reads, and by its callers while they check what was read.

use std::fmt;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use crate::excerpt::Excerpt;
use crate::place::Place;
use crate::source::Source;

/// Wide enough for any excerpt: the renderer must not cut what was cut already.
const RENDERED_WIDTH: usize = 400;

/// One thing wrong with a document.
///
/// As JSON: `file`, `line`, `column`, `message`, `hint` (or null) and `excerpt` (null, or the `text` of the line with
/// the `column` and `length` of the caret under it).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The name of the text.
    pub file: String,
    /// Where in the text; the start when the problem has no place.
    #[serde(flatten)]
    pub place: Place,
    /// What is wrong, a lower-case fragment.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    excerpt: Option<Excerpt>,
}

impl Problem {
    /// A problem at a place in a text. The caret covers the key or value that begins there.
    pub fn at(source: &Source, place: Place, message: impl Into<String>) -> Self {
        Self {
            file: source.name.clone(),
            place,
            message: message.into(),
            hint: None,
            excerpt: Excerpt::of(source, place),
        }
    }

    /// A problem of a whole file, such as one that cannot be opened.
    pub fn in_file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            place: Place::default(),
            message: message.into(),
            hint: None,
            excerpt: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Message, place, the line with a caret under it, hint. Plain text without a line break at its end.
    pub fn render(&self) -> String {
        let title = Level::ERROR.primary_title(&self.message);
        let mut group = match &self.excerpt {
            Some(excerpt) => title.element(self.snippet(excerpt)),
            None => title.element(Origin::path(&self.file)),
        };
        if let Some(hint) = &self.hint {
            group = group.element(Level::NOTE.with_name("hint").message(hint));
        }
        let rendered = Renderer::plain().term_width(RENDERED_WIDTH).render(&[group]);
        match &self.excerpt {
            Some(excerpt) => self.with_true_column(rendered, excerpt),
            None => rendered,
        }
    }

    fn snippet<'a>(&'a self, excerpt: &'a Excerpt) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let line = usize::try_from(self.place.line).unwrap_or(usize::MAX);
        Snippet::source(&excerpt.text)
            .line_start(line)
            .path(&self.file)
            .annotation(AnnotationKind::Primary.span(excerpt.caret_bytes()))
    }

    /// The renderer counts the column in the text it was given; where the line was cut that is the wrong one.
    fn with_true_column(&self, rendered: String, excerpt: &Excerpt) -> String {
        if excerpt.column == self.place.column {
            return rendered;
        }
        let origin = |column: u32| format!("--> {}:{}:{column}\n", self.file, self.place.line);
        rendered.replacen(&origin(excerpt.column), &origin(self.place.column), 1)
    }
}

/// One line: file, line, column, message.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.excerpt {
            Some(_) => write!(f, "{}:{}: {}", self.file, self.place, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for Problem {}

/// All problems as text, in the order of file, line and column, with an empty line between two.
pub fn render_all(problems: &[Problem]) -> String {
    let rendered: Vec<_> = in_order(problems).into_iter().map(Problem::render).collect();
    rendered.join("\n\n")
}

/// All problems as a JSON array, in the order of file, line and column; see [`Problem`] for the entries.
pub fn problems_as_json(problems: &[Problem]) -> serde_json::Value {
    // Texts and numbers under text keys always have a JSON form.
    let entry = |problem| serde_json::to_value(problem).unwrap_or_default();
    in_order(problems).into_iter().map(entry).collect()
}

fn in_order(problems: &[Problem]) -> Vec<&Problem> {
    let mut ordered: Vec<_> = problems.iter().collect();
    ordered.sort_by(|a, b| (&a.file, a.place).cmp(&(&b.file, b.place)));
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str, line: u32, column: u32) -> Problem {
        Problem::at(&Source::new("scenarios/x.yaml", text), Place { line, column }, "it is wrong")
    }

    #[test]
    fn problem_shows_its_line_with_a_caret_and_the_hint() {
        let shown = problem("a: 1\nключ: 🔑 value\n", 2, 9).with_hint("write it right").render();
        let expected = "\
error: it is wrong
 --> scenarios/x.yaml:2:9
  |
2 | ключ: 🔑 value
  |          ^^^^^
  |
  = hint: write it right";
        assert_eq!(shown, expected);
    }

    #[test]
    fn problem_of_a_file_shows_no_line() {
        let problem = Problem::in_file("x.yaml", "cannot be opened").with_hint("check the path");
        assert_eq!(problem.render(), "error: cannot be opened\n--> x.yaml\n = hint: check the path");
        assert_eq!(problem.to_string(), "x.yaml: cannot be opened");
    }

    #[test]
    fn column_of_a_cut_line_is_the_true_one() {
        let shown = problem(&format!("{}needle", "a ".repeat(500)), 1, 1_001).render();
        let lines: Vec<_> = shown.lines().collect();
        assert_eq!(lines[1], " --> scenarios/x.yaml:1:1001");
        assert_eq!(lines[3], format!("1 | ...{}needle", "a ".repeat(30)));
        assert_eq!(lines[4], format!("  | {}^^^^^^", " ".repeat(63)));
    }

    #[test]
    fn places_outside_the_text_are_shown_without_panic() {
        for (line, column) in [(0, 0), (1, 0), (1, u32::MAX), (7, 1), (u32::MAX, u32::MAX)] {
            assert!(problem("a: 1", line, column).render().starts_with("error: it is wrong"));
        }
        assert!(problem("", 1, 1).render().contains("x.yaml:1:1"));
    }

    #[test]
    fn problems_come_in_the_order_of_their_places() {
        let problems = [problem("a\nb\n", 2, 1), Problem::in_file("b.yaml", "no"), problem("a\nb\n", 1, 1)];
        let first = "error: it is wrong\n --> scenarios/x.yaml:1:1\n  |\n1 | a\n  | ^";
        let second = "error: it is wrong\n --> scenarios/x.yaml:2:1\n  |\n2 | b\n  | ^";
        assert_eq!(render_all(&problems), format!("error: no\n--> b.yaml\n\n{first}\n\n{second}"));
        assert_eq!(render_all(&[]), "");
    }

    #[test]
    fn problems_as_json_hold_place_message_hint_and_excerpt() {
        let problems = [Problem::in_file("b.yaml", "no"), problem("ab: 1", 1, 1).with_hint("h")];
        let expected = serde_json::json!([
            {"file": "b.yaml", "line": 1, "column": 1, "message": "no", "hint": null, "excerpt": null},
            {"file": "scenarios/x.yaml", "line": 1, "column": 1, "message": "it is wrong", "hint": "h",
             "excerpt": {"text": "ab: 1", "column": 1, "length": 2}},
        ]);
        assert_eq!(problems_as_json(&problems), expected);
    }
}
