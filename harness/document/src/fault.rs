//! What serde says about a value that does not fit, kept structured until its place is known.
//!
//! Made by visitors, through [`serde::de::Error`], and by our deserializers; the innermost deserializer that sees a
//! fault without a place gives it its own.

use std::fmt::{self, Display};

use serde::de::{self, Expected, Unexpected};

use crate::near::near;
use crate::node::Node;
use crate::place::Place;
use crate::problem::Problem;
use crate::quote::{listed, quoted};
use crate::source::Source;

const HINT_MARK: &str = "\nhint: ";

/// Joins a message and a hint into one text for `serde::de::Error::custom`. [`Node::decode`] takes them apart again.
pub fn message_with_hint(message: impl Display, hint: impl Display) -> String {
    format!("{message}{HINT_MARK}{hint}")
}

/// One value that does not fit.
#[derive(Debug)]
pub(crate) struct Fault {
    place: Option<Place>,
    what: What,
}

#[derive(Debug)]
enum What {
    UnknownKey {
        typed: String,
        known: Vec<&'static str>,
    },
    UnknownValue {
        typed: String,
        known: Vec<&'static str>,
    },
    MissingKey(&'static str),
    RepeatedKey(&'static str),
    /// A visitor's refusal of a kind; what was found is known to the deserializer.
    WrongKind {
        expected: String,
    },
    /// A visitor's refusal of a scalar of the right kind.
    WrongValue {
        expected: String,
    },
    Said {
        message: String,
        hint: Option<String>,
    },
}

impl Fault {
    pub(crate) fn new(place: Place, message: impl Into<String>) -> Self {
        Self { place: Some(place), what: What::Said { message: message.into(), hint: None } }
    }

    pub(crate) fn with_hint(self, hint: Option<String>) -> Self {
        match self.what {
            What::Said { message, .. } => Self { what: What::Said { message, hint }, ..self },
            _ => self,
        }
    }

    fn nowhere(what: What) -> Self {
        Self { place: None, what }
    }

    /// Gives the fault the place of a value, and its words what was found there, unless it has a place.
    pub(crate) fn at_node(self, node: &Node) -> Self {
        if self.place.is_some() {
            return self;
        }
        let what = match self.what {
            What::WrongKind { expected } => found(&expected, node.kind().to_owned()),
            What::WrongValue { expected } => found(&expected, scalar_or_kind(node)),
            other => other,
        };
        Self { place: Some(node.place), what }
    }

    /// Gives the fault the place of a key unless it has one.
    pub(crate) fn at_key(self, place: Place) -> Self {
        Self { place: self.place.or(Some(place)), what: self.what }
    }

    /// A repeated field is noticed after its key: the fault belongs to the key read last.
    pub(crate) fn repeated_at(self, place: Place) -> Self {
        match self.what {
            What::RepeatedKey(_) => self.at_key(place),
            _ => self,
        }
    }

    /// The name of a variant stood as a key.
    pub(crate) fn of_key(self) -> Self {
        match self.what {
            What::UnknownValue { typed, known } => Self { what: What::UnknownKey { typed, known }, ..self },
            _ => self,
        }
    }

    /// The fault as a problem of a text; `otherwise` is its place where none is known.
    pub(crate) fn into_problem(self, source: &Source, otherwise: Place) -> Problem {
        let (message, hint) = self.what.words();
        let problem = Problem::at(source, self.place.unwrap_or(otherwise), message);
        match hint {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        }
    }
}

fn found(expected: &str, found: String) -> What {
    What::Said { message: format!("expected {expected}, found {found}"), hint: None }
}

fn scalar_or_kind(node: &Node) -> String {
    node.scalar_text().map_or_else(|| node.kind().to_owned(), |text| quoted(&text))
}

impl What {
    fn words(self) -> (String, Option<String>) {
        match self {
            Self::UnknownKey { typed, known } => {
                (format!("unknown key {}", quoted(&typed)), Some(known_hint(&typed, &known, "keys")))
            }
            Self::UnknownValue { typed, known } => {
                (format!("unknown value {}", quoted(&typed)), Some(known_hint(&typed, &known, "values")))
            }
            Self::MissingKey(key) => (format!("missing key {}", quoted(key)), None),
            Self::RepeatedKey(key) => (format!("the key {} is written twice", quoted(key)), None),
            Self::WrongKind { expected } | Self::WrongValue { expected } => {
                (format!("expected {expected}"), None)
            }
            Self::Said { message, hint } => (message, hint),
        }
    }
}

fn known_hint(typed: &str, known: &[&'static str], what: &str) -> String {
    match near(typed, known.iter().copied()) {
        Some(name) => format!("did you mean {}?", quoted(name)),
        None if known.is_empty() => format!("no {what} are known here"),
        None => format!("known {what}: {}", listed(known)),
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Said { message, .. } => f.write_str(message),
            other => write!(f, "{other:?}"),
        }
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        let message = message.to_string();
        let (message, hint) = match message.split_once(HINT_MARK) {
            Some((message, hint)) => (message.to_owned(), Some(hint.to_owned())),
            None => (message, None),
        };
        Self::nowhere(What::Said { message, hint })
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::nowhere(What::WrongKind { expected: our_word(&expected.to_string()) })
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::nowhere(What::WrongValue { expected: our_word(&expected.to_string()) })
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::custom(format!("expected {expected}, found {length} entries"))
    }

    fn unknown_variant(typed: &str, known: &'static [&'static str]) -> Self {
        Self::nowhere(What::UnknownValue { typed: typed.to_owned(), known: known.to_vec() })
    }

    fn unknown_field(typed: &str, known: &'static [&'static str]) -> Self {
        Self::nowhere(What::UnknownKey { typed: typed.to_owned(), known: known.to_vec() })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::nowhere(What::MissingKey(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::nowhere(What::RepeatedKey(field))
    }
}

/// Serde's names for kinds in the words of [`Node::kind`].
fn our_word(expected: &str) -> String {
    let word = match expected {
        "a string" | "string" => "text",
        "a sequence" => "a list",
        "a boolean" => "true or false",
        "unit" => "nothing",
        "a map" => "a map",
        other if other.starts_with("struct ") => "a map",
        other => other,
    };
    word.to_owned()
}
