//! A deserializer that takes nothing that another reader could understand in another way.
//!
//! One walk both reads a value and holds the rules: whole numbers of 64 bits only, no member twice,
//! limits of depth and items, also in what is ignored. Serde by itself would keep the last of two
//! members of a map, skip what it does not know unread, take an array for a struct and an object for
//! an enum.

use std::{borrow::Cow, cell::Cell, fmt};

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};

/// The deepest nesting of a payload, counting the payload itself.
const DEPTH_MAX: usize = 16;
/// The most members of an object and the most elements of an array.
const ITEMS_MAX: usize = 1000;

/// What was read.
pub(super) struct Read<T> {
    pub(super) value: T,
    /// Whether the value itself has a member `crit`.
    pub(super) has_crit: bool,
}

/// Reads a value, and nothing after it.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<Read<T>, serde_json::Error> {
    let (has_crit, is_ignored) = (Cell::new(false), Cell::new(false));
    // Whether it is text is asked once, not of every text inside.
    let text = str::from_utf8(bytes).map_err(serde_json::Error::custom)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let walk = Walk { has_crit: &has_crit, is_ignored: &is_ignored, is_struct: false, depth: 1 };
    let value = T::deserialize(walk.over(&mut reader))?;
    reader.end()?;
    Ok(Read { value, has_crit: has_crit.get() })
}

/// Where a walk is, and what it came across.
#[derive(Clone, Copy)]
struct Walk<'w> {
    has_crit: &'w Cell<bool>,
    /// Set when the value that is read next is ignored.
    is_ignored: &'w Cell<bool>,
    /// Whether a struct is read next, of whose known members serde itself lets none come twice.
    is_struct: bool,
    depth: usize,
}

impl<'w> Walk<'w> {
    fn over<T>(self, inner: T) -> Strict<'w, T> {
        Strict { walk: self, inner }
    }

    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth > DEPTH_MAX {
            return Err(E::custom(format_args!("nested deeper than {DEPTH_MAX}")));
        }
        Ok(Self { is_struct: false, depth: self.depth.saturating_add(1), ..self })
    }
}

/// Wraps a deserializer, and then everything that it hands out.
struct Strict<'w, T> {
    walk: Walk<'w>,
    inner: T,
}

impl<'w, T> Strict<'w, T> {
    fn over<U>(&self, inner: U) -> Strict<'w, U> {
        self.walk.over(inner)
    }
}

macro_rules! forward {
    ($($method:ident($($argument:ident: $type:ty),*))+) => {$(
        fn $method<V: Visitor<'de>>(
            self,
            $($argument: $type,)*
            visitor: V,
        ) -> Result<V::Value, D::Error> {
            let visitor = self.over(visitor);
            self.inner.$method($($argument,)* visitor)
        }
    )+};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<'_, D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Walk { is_struct: true, ..self.walk }.over(visitor);
        self.inner.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        // Documents have enums without contents only.
        self.inner.deserialize_str(Variant(visitor))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.walk.is_ignored.set(true);
        self.deserialize_any(visitor)
    }

    forward! {
        deserialize_any()
        deserialize_bool()
        deserialize_i8()
        deserialize_i16()
        deserialize_i32()
        deserialize_i64()
        deserialize_u8()
        deserialize_u16()
        deserialize_u32()
        deserialize_u64()
        deserialize_f32()
        deserialize_f64()
        deserialize_char()
        deserialize_str()
        deserialize_string()
        deserialize_bytes()
        deserialize_byte_buf()
        deserialize_option()
        deserialize_unit()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_seq()
        deserialize_tuple(length: usize)
        deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_map()
        deserialize_identifier()
    }
}

macro_rules! visit {
    ($($method:ident: $type:ty)+) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        }
    )+};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Strict<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visit! {
        visit_bool: bool
        visit_i64: i64
        visit_u64: u64
        visit_str: &str
        visit_borrowed_str: &'de str
        visit_string: String
    }

    // Fractions, exponents, -0 and whole numbers beyond 64 bits all arrive here.
    fn visit_f64<E: Error>(self, _: f64) -> Result<V::Value, E> {
        Err(E::custom("a number that is not a whole number of 64 bits"))
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let inner = self.over(inner);
        self.inner.visit_some(inner)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let inner = self.over(inner);
        self.inner.visit_newtype_struct(inner)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Elements { walk: self.walk.deeper()?, items: 0, inner })
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let walk = self.walk.deeper()?;
        let (is_outermost, is_struct) = (self.walk.depth == 1, self.walk.is_struct);
        let (names, last) = (Vec::new(), None);
        self.inner.visit_map(Members {
            walk,
            is_outermost,
            is_struct,
            names,
            last,
            items: 0,
            inner,
        })
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Strict<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<S::Value, D::Error> {
        let from = self.over(from);
        self.inner.deserialize(from)
    }
}

/// The elements of an array, counted.
struct Elements<'w, A> {
    walk: Walk<'w>,
    items: usize,
    inner: A,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Elements<'_, A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, A::Error> {
        let element = self.inner.next_element_seed(self.walk.over(seed))?;
        if element.is_some() {
            count(&mut self.items)?;
        }
        Ok(element)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// The members of an object, counted and none of them twice.
struct Members<'w, 'de, A> {
    walk: Walk<'w>,
    is_outermost: bool,
    is_struct: bool,
    /// The names of all members, of a struct those of the ignored ones.
    names: Vec<Cow<'de, str>>,
    /// The member of a struct whose value is to be read next.
    last: Option<Cow<'de, str>>,
    items: usize,
    inner: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        let Some(name) = self.inner.next_key_seed(Name)? else {
            return all_different(&mut self.names).map(|()| None);
        };
        count(&mut self.items)?;
        if self.is_outermost && name == "crit" {
            self.walk.has_crit.set(true);
        }
        let key = seed.deserialize((*name).into_deserializer())?;
        if self.is_struct {
            self.last = Some(name);
        } else {
            self.names.push(name);
        }
        Ok(Some(key))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        let is_ignored = Cell::new(false);
        let walk = Walk { is_ignored: &is_ignored, ..self.walk };
        let value = self.inner.next_value_seed(walk.over(seed))?;
        if let Some(name) = self.last.take()
            && is_ignored.get()
        {
            self.names.push(name);
        }
        Ok(value)
    }
}

fn count<E: Error>(items: &mut usize) -> Result<(), E> {
    *items = items.saturating_add(1);
    if *items > ITEMS_MAX {
        return Err(E::custom(format_args!("more than {ITEMS_MAX} items")));
    }
    Ok(())
}

fn all_different<E: Error>(names: &mut [Cow<'_, str>]) -> Result<(), E> {
    // As we write them ourselves they ascend already.
    if names.is_sorted_by(|one, next| one < next) {
        return Ok(());
    }
    names.sort_unstable();
    match names.iter().zip(names.iter().skip(1)).find(|(one, next)| one == next) {
        Some((twice, _)) => Err(E::custom(format_args!("duplicate member `{twice}`"))),
        None => Ok(()),
    }
}

/// The name of a member, copied only when it is written with escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

/// A variant by its name.
struct Variant<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Variant<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<V::Value, E> {
        self.0.visit_enum(name.into_deserializer())
    }
}
