//! Builds a [`Shape`] from any deserializer. Used twice: while a text is parsed (children come with the library's
//! places) and where a caller's type holds a [`Node`] (children come with ours).

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::node::{Node, Shape, Spelling};
use crate::place::{Place, Placed, part};

/// The name by which [`Node`] asks this crate's deserializers for places and spellings.
pub(crate) const NODE: &str = "$firstrun::Node";

/// Makes a shape out of children `N` and keys `K`.
pub(crate) struct ShapeVisitor<N, K>(pub(crate) PhantomData<(N, K)>);

impl<'de, N, K> Visitor<'de> for ShapeVisitor<N, K>
where
    N: Deserialize<'de> + Into<Node>,
    K: Deserialize<'de> + Into<Placed<String>>,
{
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<Shape, E> {
        Ok(Shape::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Shape, E> {
        Ok(Shape::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Shape, E> {
        Ok(Shape::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Shape, E> {
        // The spelling keeps the digits that a float loses.
        Ok(i64::try_from(value).map_or(Shape::Float(value as f64), Shape::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Shape, E> {
        Ok(Shape::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Shape, E> {
        Ok(Shape::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Shape, E> {
        Ok(Shape::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Shape, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element::<N>()? {
            entries.push(entry.into());
        }
        Ok(Shape::List(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<K, N>()? {
            entries.push((key.into(), value.into()));
        }
        Ok(Shape::Map(entries))
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple_struct(NODE, 4, NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with its place")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Node, A::Error> {
        let place = Place { line: part(&mut parts)?, column: part(&mut parts)? };
        let written: Option<String> = part(&mut parts)?;
        let Plain(shape) = part(&mut parts)?;
        let spelling = written.map_or(Spelling::Unknown, |written| Spelling::Is(written.into()));
        Ok(Node { place, shape, spelling })
    }
}

/// A shape whose children are nodes of ours.
struct Plain(Shape);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor::<Node, Placed<String>>(PhantomData)).map(Plain)
    }
}
