//! How [`Placed`](crate::Placed) and [`Node`](crate::Node) get through serde: as sequences of their parts, handed over
//! only to a type that asks by the name of one of the two.

use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::decode::Reader;
use crate::fault::Fault;
use crate::place::Place;

/// Line, column, value.
pub(crate) fn placed_parts<'de, D>(place: Place, value: D) -> Parts<D>
where
    D: Deserializer<'de, Error = Fault>,
{
    Parts { numbers: vec![place.column, place.line], written: None, value: Some(value) }
}

/// Line, column, spelling, value.
pub(crate) fn node_parts<'de>(reader: Reader<'de>) -> Parts<Reader<'de>> {
    let place = reader.0.place;
    let written = Some(reader.0.written().map(str::to_owned));
    Parts { numbers: vec![place.column, place.line], written, value: Some(reader) }
}

/// What is still to be handed over.
pub(crate) struct Parts<D> {
    numbers: Vec<u32>,
    written: Option<Option<String>>,
    value: Option<D>,
}

impl<'de, D: Deserializer<'de, Error = Fault>> SeqAccess<'de> for Parts<D> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        if let Some(number) = self.numbers.pop() {
            return seed.deserialize(number.into_deserializer()).map(Some);
        }
        if let Some(written) = self.written.take() {
            return seed.deserialize(Spelled(written)).map(Some);
        }
        self.value.take().map(|value| seed.deserialize(value)).transpose()
    }
}

/// A spelling or its absence.
struct Spelled(Option<String>);

impl<'de> Deserializer<'de> for Spelled {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Some(written) => visitor.visit_some(written.into_deserializer()),
            None => visitor.visit_none(),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
