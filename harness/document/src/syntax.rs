//! The library's errors in our words: a place, a message and, where the cure is known, a hint.

use serde_yaml::budget::BudgetBreach;
use serde_yaml::granit_parser::ErrorKind;
use serde_yaml::{Error, ExternalMessageSource};

use crate::parse::{MAX_ALIASES, MAX_DEPTH, MAX_NODES, place_of};
use crate::place::Place;
use crate::problem::Problem;
use crate::quote::quoted;
use crate::source::{Source, narrow};

const INDENTATION: &str = "check the indentation";
const BRACKETS: &str = "quote a text that begins with `{` or `[`";

/// What is wrong and what to do about it.
struct Words {
    message: String,
    hint: Option<&'static str>,
}

impl Words {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }
}

/// What the library refused.
pub(crate) fn problem(source: &Source, error: &Error) -> Problem {
    let found = error.location().map_or_else(Place::default, place_of);
    let error = innermost(error);
    let Words { message, hint } = words(error);
    let problem = Problem::at(source, better_place(source, error, found), message);
    match hint {
        Some(hint) => problem.with_hint(hint),
        None => problem,
    }
}

fn innermost(error: &Error) -> &Error {
    match error {
        Error::AliasError { error, .. } | Error::WithSnippet { error, .. } => innermost(error),
        other => other,
    }
}

fn words(error: &Error) -> Words {
    match error {
        Error::ExternalMessage { source, msg, .. } => match source.as_ref() {
            ExternalMessageSource::Parser(scan) => syntax_words(scan.kind(), msg),
            _ => not_yaml(msg),
        },
        Error::Budget { breach, .. } => budget_words(breach),
        Error::AliasReplayLimitExceeded { .. } => too_many_nodes(),
        Error::MultipleDocuments { .. } => second_document(),
        Error::MergeKeyNotAllowed { .. } => {
            Words::new("a merge key (`<<`) is not read").hint("write the keys out")
        }
        Error::UnsupportedTag { tag, .. } => {
            Words::new(format!("unknown tag {}", quoted(tag))).hint("quote a text that begins with `!`")
        }
        Error::NullIntoString { .. } => Words::new("a key must be text, found nothing"),
        Error::Unexpected { expected: "string scalar", .. } => {
            Words::new("a key must be text, found a list or a map").hint(BRACKETS)
        }
        Error::RecursiveReferencesRequireWeakTypes { .. } => Words::new("an alias inside its own anchor"),
        Error::UnknownAnchor { .. } => unknown_anchor(),
        Error::NonFiniteFloat { value, .. } => {
            Words::new(format!("{} is not a finite number", quoted(value))).hint("quote it if text is meant")
        }
        Error::InvalidScalar { .. } | Error::InvalidBinaryBase64 { .. } => {
            Words::new("the value does not fit its tag").hint("leave the tag out")
        }
        other => not_yaml(&other.to_string()),
    }
}

fn budget_words(breach: &BudgetBreach) -> Words {
    match breach {
        BudgetBreach::Documents { .. } => second_document(),
        BudgetBreach::Depth { .. } => too_deep(),
        BudgetBreach::Aliases { .. } => Words::new(format!("more than {MAX_ALIASES} aliases")),
        BudgetBreach::Anchors { .. } => Words::new(format!("more than {MAX_ALIASES} anchors")),
        _ => too_many_nodes(),
    }
}

fn syntax_words(kind: &ErrorKind, message: &str) -> Words {
    match kind {
        kind if is_tab(kind) => Words::new("a tab where spaces belong").hint("indent with spaces"),
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            Words::new("unclosed quote")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            Words::new("text after a closing quote").hint("quote the whole text, or none of it")
        }
        ErrorKind::MappingValueNotAllowed => Words::new("no `:` may stand here")
            .hint("check the indentation, and quote a text that holds `: `"),
        ErrorKind::InvalidColonPlacement => {
            Words::new("no `:` may stand here").hint("is a quote or a bracket above left open?")
        }
        ErrorKind::ExpectedBlockMappingKey => Words::new("expected a key").hint(INDENTATION),
        ErrorKind::ExpectedBlockSequenceEntry => Words::new("expected `- `").hint(INDENTATION),
        ErrorKind::BlockSequenceEntryNotAllowed => Words::new("no `- ` may stand here").hint(INDENTATION),
        ErrorKind::InvalidIndentation => Words::new("wrong indentation"),
        ErrorKind::ExpectedDocumentStart => {
            Words::new("text after the end of the document").hint(INDENTATION)
        }
        ErrorKind::RecursionLimitExceeded => too_deep(),
        ErrorKind::UnknownAnchor => unknown_anchor(),
        ErrorKind::UnexpectedCharacter { .. } => {
            Words::new("no unquoted text may begin with this character").hint("quote the text")
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            Words::new("unknown escape in a quoted text").hint("in single quotes a `\\` stands for itself")
        }
        other => bracket_words(other).unwrap_or_else(|| not_yaml(message)),
    }
}

fn bracket_words(kind: &ErrorKind) -> Option<Words> {
    match kind {
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping => Some(Words::new("unclosed bracket")),
        ErrorKind::MisplacedFlowCollectionEnd => {
            Some(Words::new("a closing bracket without its opening one"))
        }
        ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            Some(Words::new("this bracket is closed by one of the other kind"))
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            Some(Words::new("expected `,` or a closing bracket").hint("quote a text that holds brackets"))
        }
        _ => None,
    }
}

fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
    )
}

fn second_document() -> Words {
    Words::new("a second document begins here").hint("one text holds one document, remove the `---`")
}

fn too_deep() -> Words {
    Words::new(format!("nested deeper than {MAX_DEPTH} levels"))
}

fn too_many_nodes() -> Words {
    Words::new(format!("more than {MAX_NODES} keys and values"))
}

fn unknown_anchor() -> Words {
    Words::new("an alias without its anchor").hint("quote a text that begins with `*`")
}

/// The library's own message, without the place that it repeats.
fn not_yaml(message: &str) -> Words {
    let message = message.split(" at line ").next().unwrap_or(message);
    Words::new(format!("not valid YAML: {message}"))
}

/// The library reports some errors beside their cause.
fn better_place(source: &Source, error: &Error, found: Place) -> Place {
    match error {
        Error::UnsupportedTag { tag, .. } => tag_place(source, tag, found),
        Error::ExternalMessage { source: cause, .. } => match cause.as_ref() {
            ExternalMessageSource::Parser(scan) if is_tab(scan.kind()) => tab_place(source, found),
            _ => found,
        },
        _ => found,
    }
}

/// The tag before the value that the library points at.
fn tag_place(source: &Source, tag: &str, found: Place) -> Place {
    let column = usize::try_from(found.column).unwrap_or(usize::MAX);
    let line: String = source.line(found.line).unwrap_or_default().chars().take(column).collect();
    match line.rfind(tag) {
        Some(offset) => Place { column: narrow(line[..offset].chars().count() + 1), ..found },
        None => found,
    }
}

/// The first tab of an indentation, in the line that the library points at or the next one.
fn tab_place(source: &Source, found: Place) -> Place {
    let tab_in = |line: u32| {
        let text = source.line(line)?;
        let indentation = text.len() - text.trim_start().len();
        let column = text[..indentation].chars().position(|character| character == '\t')?;
        Some(Place { line, column: narrow(column + 1) })
    };
    tab_in(found.line).or_else(|| tab_in(found.line.saturating_add(1))).unwrap_or(found)
}
