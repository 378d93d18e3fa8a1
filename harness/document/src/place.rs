//! Where something stands in its text, alone and beside a value.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

/// The name by which [`Placed`] asks this crate's deserializers for a place. It begins with a character that no type
/// name holds, so no other type asks by accident.
pub(crate) const PLACED: &str = "$firstrun::Placed";

/// Line and column, both from 1, the column in characters. The default is the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Default for Place {
    fn default() -> Self {
        Self { line: 1, column: 1 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A value and where it stands in its document. Two are equal when their values are.
///
/// Decodes only from a [`Node`](crate::Node): no other format knows places.
#[derive(Clone, Copy, Debug, Default)]
pub struct Placed<T> {
    /// Where the value begins.
    pub place: Place,
    /// The value.
    pub value: T,
}

impl<T> Placed<T> {
    /// Puts a value at a place.
    pub const fn new(place: Place, value: T) -> Self {
        Self { place, value }
    }

    /// The same place with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Placed<U> {
        Placed { place: self.place, value: change(self.value) }
    }
}

impl<T> Deref for Placed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Placed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Placed<T> {}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple_struct(PLACED, 3, PlacedVisitor(PhantomData))
    }
}

struct PlacedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PlacedVisitor<T> {
    type Value = Placed<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with its place")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Placed<T>, A::Error> {
        let place = Place { line: part(&mut parts)?, column: part(&mut parts)? };
        Ok(Placed { place, value: part(&mut parts)? })
    }
}

/// The next part of a value that this crate hands over as a sequence.
pub(crate) fn part<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(parts: &mut A) -> Result<T, A::Error> {
    parts.next_element()?.ok_or_else(|| de::Error::custom("a place can be read from a document only"))
}
