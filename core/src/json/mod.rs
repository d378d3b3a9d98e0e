//! Reading JSON that callers give.

mod objects;

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, Visitor};

use crate::error::{ErrorKind, Refusal, Result};

/// Reads `bytes` as `what`, after checking size and encoding.
///
/// # Errors
/// [`ErrorKind::InputTooLarge`] over `limit` bytes, [`ErrorKind::NotUtf8`],
/// [`ErrorKind::JsonInvalid`] naming the place.
///
/// ```
/// use mlicense_core::{id::ProductId, json};
/// let product: ProductId = json::read("the product", br#""editor""#, 8)?;
/// assert_eq!(product.as_str(), "editor");
/// let refusal = json::read::<ProductId>("the product", br#""editor""#, 7).unwrap_err();
/// assert_eq!(refusal.to_string(), "the product of 8 bytes exceeds 7");
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
pub fn read<T: DeserializeOwned>(what: &str, bytes: &[u8], limit: usize) -> Result<T> {
    from_str(text(what, bytes, limit)?).map_err(|error| {
        Refusal::new(ErrorKind::JsonInvalid).with("what", what).with("detail", error)
    })
}

/// Reads `text`, in which a struct is an object.
///
/// # Errors
/// What is wrong with it, and where.
pub fn from_str<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(objects::Objects(&mut reader))?;
    reader.end()?;
    Ok(value)
}

/// A map whose keys are no texts, as a list of pairs.
#[cfg(feature = "zones")]
pub(crate) mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, K, V, D>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::deserialize(from)?.into_iter().collect())
    }
}

/// Reads a value from its text form, without a copy of the text.
pub(crate) fn parse<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    from.deserialize_str(Parse(PhantomData))
}

/// Reads and writes types in JSON as their text.
macro_rules! as_text {
    ($($name:ty),+) => {$(
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::json::parse(from)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
    )+};
}
pub(crate) use as_text;

struct Parse<T>(PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Parse<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Takes `bytes` as text of at most `limit` bytes.
pub(crate) fn text<'b>(what: &str, bytes: &'b [u8], limit: usize) -> Result<&'b str> {
    if bytes.len() > limit {
        return Err(Refusal::new(ErrorKind::InputTooLarge)
            .with("what", what)
            .with("size", bytes.len())
            .with("limit", limit));
    }
    std::str::from_utf8(bytes).map_err(|_| Refusal::new(ErrorKind::NotUtf8).with("what", what))
}
