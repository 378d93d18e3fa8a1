//! "expected a list, found text": the refusal of a value of the wrong kind, with the cure where it is known.

use crate::fault::Fault;
use crate::node::{Node, Shape};
use crate::quote::quoted;

/// A longer spelling is not repeated in a hint, in bytes.
const HINTED_BYTES: usize = 60;

/// What a caller's type asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Text,
    Character,
    Number,
    Whole,
    Bool,
    List,
    Map,
    Nothing,
}

impl Wanted {
    const fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Character => "one character",
            Self::Number => "a number",
            Self::Whole => "a whole number",
            Self::Bool => "true or false",
            Self::List => "a list",
            Self::Map => "a map",
            Self::Nothing => "nothing",
        }
    }

    /// The refusal of a node, at its place.
    pub(crate) fn refuse(self, node: &Node) -> Fault {
        let found = match (self, &node.shape) {
            (Self::Whole, Shape::Float(_)) | (Self::Character, Shape::Text(_)) => {
                node.scalar_text().map_or_else(String::new, |text| quoted(&text))
            }
            _ => node.kind().to_owned(),
        };
        Fault::new(node.place, format!("expected {}, found {found}", self.words())).with_hint(self.hint(node))
    }

    fn hint(self, node: &Node) -> Option<String> {
        match self {
            Self::Text | Self::Character => text_hint(node),
            Self::Number | Self::Whole => number_hint(node),
            Self::Bool => bool_hint(node),
            Self::List => list_hint(node),
            Self::Map => map_hint(node),
            Self::Nothing => None,
        }
    }
}

/// How a scalar is made text. The spelling is the user's, so `1.50` stays `1.50`.
pub(crate) fn text_hint(node: &Node) -> Option<String> {
    match (&node.shape, node.scalar_text()) {
        (Shape::Null, spelling) if spelling.as_deref().unwrap_or_default().is_empty() => {
            Some("write \"\" for an empty text, or leave the key out".to_owned())
        }
        (Shape::Text(_), _) | (_, None) => None,
        (_, Some(spelling)) if spelling.len() > HINTED_BYTES => Some("quote it if text is meant".to_owned()),
        (_, Some(spelling)) => Some(format!("write \"{spelling}\" if text is meant")),
    }
}

fn number_hint(node: &Node) -> Option<String> {
    let text = node.as_text()?;
    text.parse::<f64>().is_ok_and(f64::is_finite).then(|| "write the number without quotes".to_owned())
}

fn bool_hint(node: &Node) -> Option<String> {
    let meant = match node.scalar_text()?.to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "1" | "true" => "true",
        "no" | "n" | "off" | "0" | "false" => "false",
        _ => return None,
    };
    Some(format!("write {meant} without quotes"))
}

fn list_hint(node: &Node) -> Option<String> {
    match &node.shape {
        Shape::Null => Some("write [] for an empty list, or leave the key out".to_owned()),
        Shape::List(_) => None,
        _ => Some("write `- ` before each entry of a list".to_owned()),
    }
}

fn map_hint(node: &Node) -> Option<String> {
    match &node.shape {
        Shape::Null => Some("write {} for an empty map, or leave the key out".to_owned()),
        Shape::Text(text) if text.contains(':') => Some("write a space after the colon".to_owned()),
        _ => None,
    }
}
