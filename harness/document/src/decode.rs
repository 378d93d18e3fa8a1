//! Fills types derived with serde from a [`Node`], and gives every fault the place that it belongs to.
//!
//! Nothing is converted: text is text and a number a number. To support one more type of this crate's own, give it a
//! name like [`PLACED`] and answer it in `deserialize_tuple_struct`.

use std::cell::Cell;

use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::decode_enum::deserialize_choice;
use crate::decode_key::KeyReader;
use crate::decode_parts::{node_parts, placed_parts};
use crate::fault::Fault;
use crate::grow::NODE;
use crate::node::{Node, Shape};
use crate::place::{PLACED, Place, Placed};
use crate::quote::quoted;
use crate::wanted::Wanted;

/// A node as serde's source of values.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'de>(pub(crate) &'de Node);

/// One method per size of whole number: the range is checked here, so that the words are ours.
macro_rules! deserialize_whole {
    ($($method:ident $visit:ident $whole:ty,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let whole = self.0.whole().ok_or_else(|| Wanted::Whole.refuse(self.0))?;
            let value = <$whole>::try_from(whole)
                .map_err(|_| out_of_range(self.0, <$whole>::MIN.into(), <$whole>::MAX.into()))?;
            self.placed(visitor.$visit(value))
        })*
    };
}

impl<'de> Reader<'de> {
    fn placed<T>(self, result: Result<T, Fault>) -> Result<T, Fault> {
        result.map_err(|fault| fault.at_node(self.0))
    }

    fn list(self) -> Result<&'de [Node], Fault> {
        self.0.as_list().ok_or_else(|| Wanted::List.refuse(self.0))
    }

    fn map<V: Visitor<'de>>(
        self,
        entries: &'de [(Placed<String>, Node)],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let last_key = Cell::new(self.0.place);
        let result = visitor.visit_map(Map { rest: entries.iter(), value: None, last_key: &last_key });
        self.placed(result.map_err(|fault| fault.repeated_at(last_key.get())))
    }

    /// A list of exactly so many entries.
    fn list_of<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Fault> {
        let entries = self.list()?;
        if entries.len() != length {
            let message = format!("expected {length} entries, found {}", entries.len());
            return Err(Fault::new(self.0.place, message));
        }
        self.placed(visitor.visit_seq(List(entries.iter())))
    }
}

fn out_of_range(node: &Node, least: i128, most: i128) -> Fault {
    let spelling = node.scalar_text().unwrap_or_default();
    Fault::new(node.place, format!("the number {} is out of range", quoted(&spelling)))
        .with_hint(Some(format!("from {least} to {most}")))
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Fault;

    deserialize_whole! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let result = match &self.0.shape {
            Shape::Null => visitor.visit_unit(),
            Shape::Bool(value) => visitor.visit_bool(*value),
            Shape::Integer(value) => visitor.visit_i64(*value),
            Shape::Float(value) => match self.0.whole().and_then(|whole| u64::try_from(whole).ok()) {
                Some(whole) => visitor.visit_u64(whole),
                None => visitor.visit_f64(*value),
            },
            Shape::Text(text) => visitor.visit_borrowed_str(text),
            Shape::List(entries) => visitor.visit_seq(List(entries.iter())),
            Shape::Map(entries) => return self.map(entries, visitor),
        };
        self.placed(result)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0.shape {
            Shape::Bool(value) => self.placed(visitor.visit_bool(value)),
            _ => Err(Wanted::Bool.refuse(self.0)),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let value = self.0.as_number().ok_or_else(|| Wanted::Number.refuse(self.0))?;
        self.placed(visitor.visit_f64(value))
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let mut characters = self.0.as_text().unwrap_or_default().chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => self.placed(visitor.visit_char(character)),
            _ => Err(Wanted::Character.refuse(self.0)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let text = self.0.as_text().ok_or_else(|| Wanted::Text.refuse(self.0))?;
        self.placed(visitor.visit_borrowed_str(text))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let result = if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) };
        self.placed(result)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.0.is_null() { self.placed(visitor.visit_unit()) } else { Err(Wanted::Nothing.refuse(self.0)) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.placed(visitor.visit_newtype_struct(self))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let entries = self.list()?;
        self.placed(visitor.visit_seq(List(entries.iter())))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Fault> {
        self.list_of(length, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match name {
            PLACED => self.placed(visitor.visit_seq(placed_parts(self.0.place, self))),
            NODE => self.placed(visitor.visit_seq(node_parts(self))),
            _ => self.list_of(length, visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let entries = self.0.as_map().ok_or_else(|| Wanted::Map.refuse(self.0))?;
        self.map(entries, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.placed(deserialize_choice(self.0, names, visitor))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 bytes byte_buf }
}

impl<'de> IntoDeserializer<'de, Fault> for Reader<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The entries of a list, one after the other.
struct List<'de>(std::slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for List<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(node) = self.0.next() else {
            return Ok(None);
        };
        seed.deserialize(Reader(node)).map(Some).map_err(|fault| fault.at_node(node))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The entries of a map, one after the other.
struct Map<'de, 'key> {
    rest: std::slice::Iter<'de, (Placed<String>, Node)>,
    value: Option<&'de Node>,
    /// Where the key read last stands; outlives the map, which its visitor consumes.
    last_key: &'key Cell<Place>,
}

impl<'de> MapAccess<'de> for Map<'de, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        self.last_key.set(key.place);
        seed.deserialize(KeyReader(key)).map(Some).map_err(|fault| fault.at_key(key.place))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let node = self
            .value
            .take()
            .ok_or_else(|| serde::de::Error::custom("a value was asked for before its key"))?;
        seed.deserialize(Reader(node)).map_err(|fault| fault.at_node(node))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}
