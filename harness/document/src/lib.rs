//! One YAML text, read strictly, with a place for every key and value.
//!
//! The way of a text: [`Source`] → [`parse`] → [`Node`] → [`Node::decode`] → a type of the caller's. What goes wrong on
//! the way is a [`Problem`]: a place, a message and a hint, kept apart, shown as text ([`Problem::render`],
//! [`render_all`]) or as JSON ([`problems_as_json`]). [`read`] does both steps at once.
//!
//! * [`parse`] refuses what is legal YAML but hides mistakes: repeated keys, unknown tags, merge keys, a second
//!   document, anything over the limits. Time and memory are bounded whatever the text holds.
//! * [`Node::decode`] fills types derived with serde. [`Placed`], [`Node`], [`Entries`] and [`Time`] may stand anywhere
//!   in them. Enums are externally tagged: `name`, or a map with the name as its one key. `flatten`, `untagged` and
//!   `tag = "..."` work, but what goes wrong inside them is reported at the whole value.
//! * A `Deserialize` of the caller's says what is wrong through `serde::de::Error::custom`; [`message_with_hint`]
//!   adds a hint to it.
//!
//! [`write()`] makes a text that reads back as what it was made of.
//!
//! Callers open the files; this crate sees text only. No other crate knows the YAML library.

mod decode;
mod decode_enum;
mod decode_key;
mod decode_parts;
mod entries;
mod excerpt;
mod fault;
mod grow;
mod near;
mod node;
mod parse;
mod place;
mod problem;
mod quote;
mod schema;
mod source;
mod syntax;
mod time;
mod wanted;
mod write;

pub use entries::Entries;
pub use fault::message_with_hint;
pub use near::near;
pub use node::{Node, Shape};
pub use parse::{parse, read};
pub use place::{Place, Placed};
pub use problem::{Problem, problems_as_json, render_all};
pub use source::Source;
pub use time::{Time, duration};
pub use write::{WriteError, write};
