//! A key of a map as serde's source of a field name, a text, a number or the name of a variant.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{Deserializer, Error, Visitor};
use serde::forward_to_deserialize_any;

use crate::decode_parts::placed_parts;
use crate::fault::Fault;
use crate::place::{PLACED, Placed};
use crate::quote::quoted;

/// A key. Unlike a value it is always text, so a caller's number is read from the text.
#[derive(Clone, Copy)]
pub(crate) struct KeyReader<'de>(pub(crate) &'de Placed<String>);

macro_rules! deserialize_number {
    ($($method:ident $visit:ident $number:ty,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match self.0.value.parse::<$number>() {
                Ok(number) => visitor.$visit(number),
                Err(_) => {
                    let message = format!("expected a number as the key, found {}", quoted(self.0));
                    Err(Fault::new(self.0.place, message))
                }
            }
        })*
    };
}

impl<'de> Deserializer<'de> for KeyReader<'de> {
    type Error = Fault;

    deserialize_number! {
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
        visitor.visit_borrowed_str(&self.0.value)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match name {
            PLACED => visitor.visit_seq(placed_parts(self.0.place, self)),
            _ => Err(Fault::custom("a key is text")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_enum(BorrowedStrDeserializer::new(&self.0.value)).map_err(Fault::of_key)
    }

    forward_to_deserialize_any! {
        bool i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple map struct identifier
        ignored_any
    }
}
