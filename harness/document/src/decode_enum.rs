//! One choice among named ones: `name`, or a map whose one key is the name.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor};

use crate::decode::Reader;
use crate::decode_key::KeyReader;
use crate::fault::Fault;
use crate::node::{Node, Shape};
use crate::place::Placed;
use crate::quote::{listed, quoted};
use crate::wanted::text_hint;

/// Reads a node as one of `names`.
pub(crate) fn deserialize_choice<'de, V: Visitor<'de>>(
    node: &'de Node,
    names: &'static [&'static str],
    visitor: V,
) -> Result<V::Value, Fault> {
    match &node.shape {
        Shape::Text(name) => visitor.visit_enum(Name { node, name }),
        Shape::Map(entries) => match entries.as_slice() {
            [(key, value)] => visitor.visit_enum(Choice { key, value }),
            [] => Err(Fault::new(node.place, "expected one key, found an empty map")
                .with_hint(Some(format!("known keys: {}", listed(names))))),
            [(first, _), (second, _), ..] => Err(too_many_keys(first, second, entries.len())),
        },
        _ => Err(Fault::new(node.place, format!("expected one of {}, found {}", listed(names), node.kind()))
            .with_hint(text_hint(node))),
    }
}

fn too_many_keys(first: &Placed<String>, second: &Placed<String>, count: usize) -> Fault {
    let message = format!("expected one key, found {count}: {} and {}", quoted(first), quoted(second));
    let message = if count > 2 { format!("{message}, ...") } else { message };
    let hint = format!(
        "indent {} if it belongs to {}, or give it an entry of its own",
        quoted(second),
        quoted(first)
    );
    Fault::new(second.place, message).with_hint(Some(hint))
}

/// A name without a value.
struct Name<'de> {
    node: &'de Node,
    name: &'de str,
}

impl Name<'_> {
    fn needs_value(&self) -> Fault {
        Fault::new(self.node.place, format!("{} needs a value", quoted(self.name)))
            .with_hint(Some(format!("write `{}: ...`", self.name)))
    }
}

impl<'de> EnumAccess<'de> for Name<'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let name = BorrowedStrDeserializer::<Fault>::new(self.name);
        let variant = seed.deserialize(name).map_err(|fault| fault.at_node(self.node))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Name<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Fault> {
        Err(self.needs_value())
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Fault> {
        Err(self.needs_value())
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Fault> {
        Err(self.needs_value())
    }
}

/// A name with its value.
struct Choice<'de> {
    key: &'de Placed<String>,
    value: &'de Node,
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let variant = seed.deserialize(KeyReader(self.key));
        Ok((variant.map_err(|fault| fault.of_key().at_key(self.key.place))?, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        if self.value.is_null() {
            return Ok(());
        }
        let name = quoted(self.key);
        let fault =
            Fault::new(self.value.place, format!("{name} takes no value, found {}", self.value.kind()));
        Err(fault.with_hint(Some(format!("write {name} alone"))))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(Reader(self.value)).map_err(|fault| fault.at_node(self.value))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Fault> {
        Reader(self.value).deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        Reader(self.value).deserialize_struct("", fields, visitor)
    }
}
