//! The tree that a text is read into: every key and value with its place.

use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

use crate::decode::Reader;
use crate::place::{Place, Placed};
use crate::problem::Problem;
use crate::source::Source;

/// What a value is. Unquoted text is typed as YAML 1.2's core schema does; `yes`, `0755` and `1_000` are text.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Nothing after the colon, `null` or `~`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other finite number, and a whole one beyond `i64`; [`Node::written`] has its digits.
    Float(f64),
    /// Anything else, and whatever is quoted.
    Text(String),
    /// The entries in their order.
    List(Vec<Node>),
    /// The keys, all different, in their order. A key is text; one that looks like a number keeps its spelling.
    Map(Vec<(Placed<String>, Node)>),
}

/// A value of a document. Two are equal when their shapes are, wherever they stand.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where the value begins. For all that an alias stands for it is the place of the alias.
    pub place: Place,
    /// What it is.
    pub shape: Shape,
    pub(crate) spelling: Spelling,
}

/// How a number, a truth value or a null was written.
#[derive(Clone, Debug)]
pub(crate) enum Spelling {
    /// Nobody wrote it, or it is text, a list or a map.
    Unknown,
    /// The bytes of the text that hold it; only until the parser has settled the tree.
    At { start: usize, length: usize },
    /// These characters.
    Is(Box<str>),
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape
    }
}

impl Node {
    /// A value at a place, without a spelling of its own.
    pub const fn new(place: Place, shape: Shape) -> Self {
        Self { place, shape, spelling: Spelling::Unknown }
    }

    /// What it is, in words that fit after "expected a list, found".
    pub fn kind(&self) -> &'static str {
        match self.shape {
            Shape::Null => "nothing",
            Shape::Bool(_) => "true or false",
            Shape::Integer(_) | Shape::Float(_) => "a number",
            Shape::Text(_) => "text",
            Shape::List(_) => "a list",
            Shape::Map(_) => "a map",
        }
    }

    /// How a number, `true`, `false` or `null` was spelled in its text (`1.50`, `0x1f`). `None` for the others.
    pub fn written(&self) -> Option<&str> {
        if let Spelling::Is(written) = &self.spelling { Some(written) } else { None }
    }

    /// Whether it is nothing.
    pub const fn is_null(&self) -> bool {
        matches!(self.shape, Shape::Null)
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        if let Shape::Text(text) = &self.shape { Some(text) } else { None }
    }

    /// The truth value, if it is one.
    pub const fn as_bool(&self) -> Option<bool> {
        if let Shape::Bool(value) = self.shape { Some(value) } else { None }
    }

    /// The whole number, if it is one that fits.
    pub const fn as_integer(&self) -> Option<i64> {
        if let Shape::Integer(value) = self.shape { Some(value) } else { None }
    }

    /// The number, if it is one; large whole ones lose their last digits.
    pub const fn as_number(&self) -> Option<f64> {
        match self.shape {
            Shape::Integer(value) => Some(value as f64),
            Shape::Float(value) => Some(value),
            _ => None,
        }
    }

    /// The entries, if it is a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        if let Shape::List(entries) = &self.shape { Some(entries) } else { None }
    }

    /// The keys with their values, if it is a map.
    pub fn as_map(&self) -> Option<&[(Placed<String>, Node)]> {
        if let Shape::Map(entries) = &self.shape { Some(entries) } else { None }
    }

    /// A key of a map with its value.
    pub fn entry(&self, key: &str) -> Option<(&Placed<String>, &Node)> {
        self.as_map()?.iter().find(|(name, _)| name.value == key).map(|(name, value)| (name, value))
    }

    /// The value of a key, if it is a map that holds the key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Fills a type of the caller's. `source` must be the text that the value was read from.
    ///
    /// # Errors
    ///
    /// The first thing that does not fit: at the key for an unknown one, at the value for a wrong one, at the map for
    /// a missing key.
    pub fn decode<T: DeserializeOwned>(&self, source: &Source) -> Result<T, Problem> {
        T::deserialize(Reader(self)).map_err(|fault| fault.into_problem(source, self.place))
    }

    /// The value as JSON, keys in their order. Places and spellings are lost.
    pub fn to_json(&self) -> Value {
        match &self.shape {
            Shape::Null => Value::Null,
            Shape::Bool(value) => Value::Bool(*value),
            Shape::Integer(value) => Value::from(*value),
            Shape::Float(value) => self.number_as_json(*value),
            Shape::Text(text) => Value::from(text.as_str()),
            Shape::List(entries) => entries.iter().map(Node::to_json).collect(),
            Shape::Map(entries) => {
                let entry = |(key, value): &(Placed<String>, Node)| (key.value.clone(), value.to_json());
                Value::Object(entries.iter().map(entry).collect::<Map<_, _>>())
            }
        }
    }

    fn number_as_json(&self, value: f64) -> Value {
        match self.whole().and_then(|whole| u64::try_from(whole).ok()) {
            Some(whole) => Value::from(whole),
            None => Number::from_f64(value).map_or(Value::Null, Value::Number),
        }
    }

    /// The whole number with all its digits, also beyond `i64`.
    pub(crate) fn whole(&self) -> Option<i128> {
        match self.shape {
            Shape::Integer(value) => Some(i128::from(value)),
            Shape::Float(_) => whole_number(self.written()?),
            _ => None,
        }
    }

    /// The scalar as the user wrote it, or nearly so. `None` for lists and maps.
    pub(crate) fn scalar_text(&self) -> Option<String> {
        match (&self.shape, self.written()) {
            (_, Some(written)) => Some(written.to_owned()),
            (Shape::Text(text), _) => Some(text.clone()),
            (Shape::Bool(value), _) => Some(value.to_string()),
            (Shape::Integer(value), _) => Some(value.to_string()),
            (Shape::Float(value), _) => Some(value.to_string()),
            (Shape::Null | Shape::List(_) | Shape::Map(_), _) => None,
        }
    }
}

/// A whole number in one of the spellings of the core schema.
fn whole_number(written: &str) -> Option<i128> {
    let (sign, digits) = match written.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, written.strip_prefix('+').unwrap_or(written)),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        _ => (10, digits),
    };
    if !digits.starts_with(|first: char| first.is_digit(radix)) {
        return None;
    }
    i128::from_str_radix(digits, radix).ok().map(|value| sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_keep_all_their_digits() {
        let table = [
            ("18446744073709551615", Some(18_446_744_073_709_551_615)),
            ("-9223372036854775809", Some(-9_223_372_036_854_775_809)),
            ("0xffffffffffffffff", Some(u64::MAX.into())),
            ("+5", Some(5)),
            ("1.0", None),
            ("1e30", None),
            ("--5", None),
            ("é", None),
            ("", None),
        ];
        for (written, expected) in table {
            assert_eq!(whole_number(written), expected, "{written}");
        }
    }
}
