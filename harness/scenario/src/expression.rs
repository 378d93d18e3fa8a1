//! `that`: an expression in CEL over what was seen.
//!
//! It is read when the file is checked; the judge hands in the facts and asks whether it is true. It may name these
//! variables, each the JSON of the facts as the journal holds them:
//!
//! | name | shape |
//! | --- | --- |
//! | `answer` | a map: the answer to the last act before the step. Of a turn `status`, `text`, `error`; of a call by an entry `entry`, `step`, `member`, `status`, and where there is one `workspace`, `runtime`, `model`, `code`, `reason` |
//! | `row` | a map: the newest row of the member that the last act named last, as last seen: `id`, `name`, `status`, `kind`, `tier`, `runtime`, `parent_id`, `reason` |
//! | `events` | a list of maps: that row's stored events, oldest first: `event_type`, `payload`, `created_at`, ... |
//! | `model_calls` | a list of maps: the calls of that row's boxes: `model`, `payer`, `endpoint`, `key`, `status`, `answer`, ... |
//!
//! `row` is missing where there is none, `events` where they were not read. A key that a map lacks, a missing variable
//! and a comparison of unlike types are errors, and an error is never true.

use std::collections::HashMap;
use std::sync::Arc;

use cel::objects::{Key, Map};
use cel::{Context, Program, Value};

/// The longest expression, in bytes.
const LIMIT_BYTES: usize = 4096;

/// Brackets and signs deeper than this are refused before the parser sees them: it follows each by a call of its own.
const LIMIT_NESTED: usize = 32;

/// So many operators are read: the parser's tree is as deep as a chain of them is long.
const LIMIT_OPERATORS: usize = 256;

/// An expression that can be read.
#[derive(Clone, Debug)]
pub struct Expression {
    text: String,
    program: Arc<Program>,
}

/// Why an expression can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    /// It is longer than anybody can read.
    #[error("the expression is longer than {LIMIT_BYTES} bytes")]
    TooLong,
    /// It is nested deeper, or has more operators, than the parser can take.
    #[error(
        "the expression is nested deeper than {LIMIT_NESTED} brackets, or has more than {LIMIT_OPERATORS} operators"
    )]
    TooDeep,
    /// The parser does not understand it.
    #[error("the expression can't be read, in its line {line} at column {column}: {cause}")]
    Syntax {
        /// From 1, within the expression.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What the parser says.
        cause: String,
    },
    /// It names a variable that there is not.
    #[error("unknown variable `{0}`")]
    UnknownVariable(String),
}

/// What an expression is evaluated over, by name; `None` where there is none.
#[derive(Clone, Debug, Default)]
pub struct Variables(pub Vec<(&'static str, Option<serde_json::Value>)>);

impl Expression {
    /// The variables that an expression may name.
    pub const VARIABLES: [&'static str; 4] = ["answer", "row", "events", "model_calls"];

    /// Reads an expression.
    ///
    /// # Errors
    /// See [`ExpressionError`].
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        if text.len() > LIMIT_BYTES {
            return Err(ExpressionError::TooLong);
        }
        if is_too_deep(text) {
            return Err(ExpressionError::TooDeep);
        }
        let program = Program::compile(text).map_err(|errors| syntax(&errors))?;
        let named = program.references();
        // A name that a macro binds stands with its own bar, so only those that are nobody's are unknown.
        let mut unknown: Vec<&str> = named
            .variables()
            .into_iter()
            .filter(|name| !Self::VARIABLES.contains(name) && !is_bound(text, name))
            .collect();
        unknown.sort_unstable();
        if let Some(name) = unknown.first() {
            return Err(ExpressionError::UnknownVariable((*name).to_owned()));
        }
        Ok(Self { text: text.to_owned(), program: Arc::new(program) })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is true of these facts.
    ///
    /// # Errors
    /// In words, where it can't be evaluated or is no boolean.
    pub fn is_true(&self, variables: &Variables) -> Result<bool, String> {
        let mut context = Context::default();
        for (name, value) in &variables.0 {
            if let Some(value) = value {
                context.add_variable_from_value(*name, cel_of(value));
            }
        }
        match self.program.execute(&context) {
            Ok(Value::Bool(is_true)) => Ok(is_true),
            Ok(other) => Err(format!("it is no boolean but a {}", other.type_of())),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// True where brackets, signs or operators are more than the parser's stack can take. What stands in quotes counts too.
fn is_too_deep(text: &str) -> bool {
    let (mut nested, mut deepest, mut signs) = (0_usize, 0_usize, 0_usize);
    for letter in text.chars() {
        match letter {
            '(' | '[' | '{' | '?' => nested += 1,
            ')' | ']' | '}' | ':' => nested = nested.saturating_sub(1),
            _ => {}
        }
        signs = match letter {
            '!' | '-' => signs + 1,
            letter if letter.is_whitespace() => signs,
            _ => 0,
        };
        deepest = deepest.max(nested + signs);
    }
    let operators = text.chars().filter(|letter| "+-*/%.<>=!&|?[".contains(*letter)).count();
    deepest > LIMIT_NESTED || operators > LIMIT_OPERATORS
}

/// True where a macro binds the name: `events.exists(e, ...)`.
fn is_bound(text: &str, name: &str) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices('(').any(|(at, _)| {
        let after = text[at + 1..].trim_start();
        after
            .strip_prefix(name)
            .is_some_and(|rest| !rest.starts_with(is_word) && rest.trim_start().starts_with(','))
    })
}

fn syntax(errors: &cel::ParseErrors) -> ExpressionError {
    let first = errors.errors.first();
    let part = |pick: fn(&(isize, isize)) -> isize| {
        first.map_or(1, |error| usize::try_from(pick(&error.pos)).unwrap_or(0).max(1))
    };
    let cause = first.map_or_else(|| "it is empty".to_owned(), |error| one_line(&error.msg));
    ExpressionError::Syntax { line: part(|pos| pos.0), column: part(|pos| pos.1), cause }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// JSON as CEL: every whole number is an `int`, so that it compares with what an author writes.
fn cel_of(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(it) => Value::Bool(*it),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        serde_json::Value::String(text) => Value::String(Arc::new(text.clone())),
        serde_json::Value::Array(items) => Value::List(Arc::new(items.iter().map(cel_of).collect())),
        serde_json::Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (Key::from(key.as_str()), cel_of(value)));
            Value::Map(Map { map: Arc::new(entries.collect::<HashMap<_, _>>()) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn facts() -> Variables {
        Variables(vec![
            ("answer", Some(json!({"status": 201, "text": "done"}))),
            ("row", Some(json!({"status": "online", "tier": 4, "parent_id": null, "ratio": 0.5}))),
            (
                "events",
                Some(
                    json!([{"event_type": "A", "payload": {"code": "X"}}, {"event_type": "B", "payload": {}}]),
                ),
            ),
            ("model_calls", None),
        ])
    }

    fn said(text: &str) -> Result<bool, String> {
        Expression::parse(text).unwrap().is_true(&facts())
    }

    #[test]
    fn an_expression_is_true_or_false_of_the_facts() {
        for (text, is_true) in [
            ("row.status == 'online'", true),
            ("row.tier == 4 && answer.status == 201", true),
            ("row.tier < 4", false),
            ("row.parent_id == null", true),
            ("row.ratio < 1.0", true),
            ("size(events) == 2", true),
            ("events.exists(e, e.event_type == 'B')", true),
            ("events.all(one, one.event_type == 'B')", false),
            ("events[0].payload.code == 'X'", true),
            ("has(row.reason)", false),
            ("answer.text.matches('^do')", true),
            ("'online' in ['online', 'degraded']", true),
        ] {
            assert_eq!(said(text), Ok(is_true), "{text}");
        }
    }

    #[test]
    fn what_is_no_boolean_or_can_not_be_evaluated_is_an_error() {
        for text in [
            "row.tier",
            "'true'",
            "row.no_such_key == 1",
            "size(model_calls) == 0",
            "row.tier == 4 && model_calls.exists(c, true)",
            "row.status < 4",
            "events[7].event_type == 'A'",
            "no_such_function(row)",
            "1 / 0 == 1",
            "9223372036854775807 + 1 > 0",
            "events",
            "null",
        ] {
            assert!(said(text).is_err(), "{text}: {:?}", said(text));
        }
    }

    #[test]
    fn what_can_not_be_read_says_where() {
        for text in
            ["", "  ", "row.status ==", "row.status = 'x'", "(row", "row.status == 'x", "1 2", "row.\u{0}"]
        {
            let error = Expression::parse(text).unwrap_err();
            assert!(matches!(error, ExpressionError::Syntax { .. }), "{text}: {error}");
        }
        let error = Expression::parse("row.status == 'a' &&\n  row.tier = 4").unwrap_err();
        let ExpressionError::Syntax { line, column, .. } = error else { panic!("{error}") };
        assert_eq!((line, column), (2, 12));
    }

    #[test]
    fn a_name_that_nobody_binds_is_unknown() {
        for (text, name) in [
            ("rows.status == 'online'", "rows"),
            ("events.exists(e, f.event_type == 'B')", "f"),
            ("model == 'x'", "model"),
        ] {
            let unknown = ExpressionError::UnknownVariable(name.to_owned());
            assert_eq!(Expression::parse(text).unwrap_err(), unknown, "{text}");
        }
    }

    /// The stack of a worker is 2 MiB; a test's thread has as much.
    #[test]
    fn long_and_deep_expressions_end_in_words() {
        let deep = |unit: &str, close: &str, times: usize| {
            format!("{}true{}", unit.repeat(times), close.repeat(times))
        };
        for text in [deep("(", ")", 2000), deep("[", "]", 2000), deep("!", "", 4000), deep("1?", ":1", 300)] {
            assert!(matches!(Expression::parse(&text), Err(ExpressionError::TooDeep)), "{}", &text[..9]);
        }
        assert!(matches!(Expression::parse(&"1+".repeat(1500)), Err(ExpressionError::TooDeep)));
        assert!(matches!(Expression::parse(&"1".repeat(5000)), Err(ExpressionError::TooLong)));
        for text in [
            format!("{}1 > 0", "1+".repeat(LIMIT_OPERATORS - 2)),
            format!("{}true", "false?true:".repeat(LIMIT_OPERATORS - 1)),
            format!("{}true", "true&&".repeat(LIMIT_OPERATORS / 2)),
            deep("(", ")", LIMIT_NESTED),
            deep("!", "", LIMIT_NESTED),
        ] {
            match Expression::parse(&text) {
                Ok(read) => assert_eq!(read.is_true(&facts()), Ok(true), "{text}"),
                Err(error) => assert!(matches!(error, ExpressionError::Syntax { .. }), "{text}: {error}"),
            }
        }
    }
}
