//! From text to tree, within limits.
//!
//! The library reads, types scalars and counts; [`settle`] then checks what it lets through and notes how scalars were
//! spelled. What the library refuses is put into our words in `syntax`.

use std::collections::HashSet;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_yaml::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy, Options, Spanned};

use crate::grow::ShapeVisitor;
use crate::node::{Node, Shape, Spelling};
use crate::place::{Place, Placed};
use crate::problem::Problem;
use crate::quote::quoted;
use crate::source::{Source, narrow};
use crate::syntax;

/// A longer text is refused before it is parsed, in bytes.
pub(crate) const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// Lists and maps may stand in each other this deep, aliases unfolded.
pub(crate) const MAX_DEPTH: usize = 32;

/// Keys and values of one document, aliases unfolded.
pub(crate) const MAX_NODES: usize = 20_000;

/// Aliases of one document, and likewise anchors.
pub(crate) const MAX_ALIASES: usize = 16;

/// Reads a text as one YAML document.
///
/// # Errors
///
/// The first problem: not YAML, nothing in it, a second document, a key written twice, an unknown tag, a merge key, a
/// number that is not finite, characters that are not text, or more than the limits allow.
pub fn parse(source: &Source) -> Result<Node, Problem> {
    check_text(source)?;
    let Found(mut node) = serde_yaml::from_str_with_options(&source.text, strict())
        .map_err(|error| syntax::problem(source, &error))?;
    settle(source, &mut node)?;
    if node.is_null() {
        return Err(Problem::at(source, Place::default(), "the document is empty"));
    }
    Ok(node)
}

/// Reads a text and fills a type of the caller's: [`parse`], then [`Node::decode`].
///
/// # Errors
///
/// Those of both.
pub fn read<T: DeserializeOwned>(source: &Source) -> Result<T, Problem> {
    parse(source)?.decode(source)
}

fn check_text(source: &Source) -> Result<(), Problem> {
    let length = source.text.len();
    if length > MAX_TEXT_BYTES {
        let message = format!("the text is too long: {length} bytes, at most {MAX_TEXT_BYTES} are read");
        return Err(Problem::at(source, Place::default(), message));
    }
    match source.text.char_indices().find(|(_, character)| is_binary(*character)) {
        Some((offset, character)) => {
            let message = format!("a character that is not text: U+{:04X}", u32::from(character));
            let place = source.place_of(offset);
            Err(Problem::at(source, place, message).with_hint(BINARY_HINT))
        }
        None => Ok(()),
    }
}

const BINARY_HINT: &str =
    "is this a binary file? in double quotes such a character is written as an escape: \"\\x1b\"";

/// Characters that YAML allows nowhere.
fn is_binary(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        other => other.is_control(),
    }
}

/// The one place where the library is configured.
fn strict() -> Options {
    serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_documents: 1,
            max_depth: MAX_DEPTH,
            flow_nesting_limit: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_aliases: MAX_ALIASES,
            max_anchors: MAX_ALIASES,
            max_recorded_anchor_events: MAX_NODES,
        },
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: MAX_NODES },
        // Left to `settle`, which knows both places.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        non_finite_float_policy: NonFiniteFloatPolicy::Reject,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

/// A node as the library hands it over.
struct Found(Node);

impl From<Found> for Node {
    fn from(found: Found) -> Self {
        found.0
    }
}

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = Spanned::<FoundShape>::deserialize(deserializer)?;
        let span = found.defined.span();
        let bytes = |count: Option<u64>| count.and_then(|count| usize::try_from(count).ok());
        let spelling = match (bytes(span.byte_offset()), bytes(span.byte_len())) {
            (Some(start), Some(length)) => Spelling::At { start, length },
            _ => Spelling::Unknown,
        };
        Ok(Self(Node { place: place_of(found.referenced), shape: found.value.0, spelling }))
    }
}

struct FoundShape(Shape);

impl<'de> Deserialize<'de> for FoundShape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor::<Found, FoundKey>(PhantomData)).map(FoundShape)
    }
}

#[derive(serde::Deserialize)]
#[serde(transparent)]
struct FoundKey(Spanned<String>);

impl From<FoundKey> for Placed<String> {
    fn from(FoundKey(key): FoundKey) -> Self {
        Self { place: place_of(key.referenced), value: key.value }
    }
}

/// A place of the library's; its "unknown" becomes the start.
pub(crate) fn place_of(location: serde_yaml::Location) -> Place {
    Place { line: narrow(location.line()).max(1), column: narrow(location.column()).max(1) }
}

/// Checks a tree in the order of its text and notes how its scalars were spelled.
fn settle(source: &Source, node: &mut Node) -> Result<(), Problem> {
    settle_spelling(source, node);
    match &mut node.shape {
        Shape::List(entries) => entries.iter_mut().try_for_each(|entry| settle(source, entry)),
        Shape::Map(entries) => settle_map(source, entries),
        _ => Ok(()),
    }
}

fn settle_map(source: &Source, entries: &mut [(Placed<String>, Node)]) -> Result<(), Problem> {
    let mut seen = HashSet::new();
    for (key, value) in entries {
        if !seen.insert(key.value.clone()) {
            let message = format!("the key {} is written twice", quoted(key));
            return Err(Problem::at(source, key.place, message));
        }
        settle(source, value)?;
    }
    Ok(())
}

fn settle_spelling(source: &Source, node: &mut Node) {
    let Spelling::At { start, length } = node.spelling else {
        return;
    };
    let written = source.text.get(start..start.saturating_add(length)).unwrap_or_default();
    node.spelling = match node.shape {
        Shape::Text(_) | Shape::List(_) | Shape::Map(_) => Spelling::Unknown,
        _ => Spelling::Is(written.into()),
    };
    // The library reads `0b11` as a number; the core schema has no such spelling.
    let unsigned = written.strip_prefix(['+', '-']).unwrap_or(written);
    if matches!(node.shape, Shape::Integer(_) | Shape::Float(_)) && unsigned.starts_with("0b") {
        node.shape = Shape::Text(written.to_owned());
        node.spelling = Spelling::Unknown;
    }
}
