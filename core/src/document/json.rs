//! JSON of payloads, read strictly: what two readers could understand in two ways is refused.

use std::{borrow::Cow, collections::BTreeSet, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

use super::objects::Objects;
use crate::error::{ErrorKind, Refusal, Result};

/// The deepest nesting of a payload, counting the payload itself.
pub(super) const DEPTH_MAX: usize = 16;
/// The most members of an object and the most elements of an array.
pub(super) const ITEMS_MAX: usize = 1000;

/// Writes a payload.
pub(super) fn write<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(value)
        .map_err(|error| Refusal::new(ErrorKind::Internal).with("detail", error))
}

/// Reads a payload of which only `members` are known.
///
/// Unknown members are ignored, so that newer documents can be read, unless the payload's `crit`
/// lists them as not to be ignored (as RFC 7515, 4.1.11 does for headers).
pub(super) fn read<T: DeserializeOwned>(
    what: &'static str,
    members: &[&str],
    bytes: &[u8],
) -> Result<T> {
    let invalid = |error: serde_json::Error| {
        Refusal::new(ErrorKind::JsonInvalid).with("what", what).with("detail", error)
    };
    if parse(bytes, Strict { depth: 1 }).map_err(invalid)?.has_crit {
        let Critical { crit } = typed(bytes).map_err(invalid)?;
        if let Some(member) = crit.iter().find(|member| !members.contains(&member.as_str())) {
            return Err(Refusal::new(ErrorKind::MemberUnknown)
                .with("document", what)
                .with("member", member));
        }
    }
    typed(bytes).map_err(invalid)
}

/// Reads a value, and no array where it wants an object.
pub(super) fn typed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = T::deserialize(Objects(&mut reader))?;
    reader.end()?;
    Ok(value)
}

/// Reads what a caller wants signed: as strictly as a payload, and nothing in it is ignored.
pub(super) fn read_all_of<T: Serialize + DeserializeOwned>(
    what: &'static str,
    bytes: &[u8],
) -> Result<T> {
    let invalid = |error: serde_json::Error| {
        Refusal::new(ErrorKind::JsonInvalid).with("what", what).with("detail", error)
    };
    parse(bytes, Strict { depth: 1 }).map_err(invalid)?;
    let value: T = typed(bytes).map_err(invalid)?;
    let given: Value = serde_json::from_slice(bytes).map_err(invalid)?;
    let taken = serde_json::to_value(&value).map_err(invalid)?;
    match ignored(&given, &taken) {
        Some(member) => Err(invalid(Error::custom(format_args!("unknown member `{member}`")))),
        None => Ok(value),
    }
}

/// The path of a member that was given and not taken; `null` stands for a member left out.
fn ignored(given: &Value, taken: &Value) -> Option<String> {
    match (given, taken) {
        (Value::Object(given), Value::Object(taken)) => given.iter().find_map(|(name, value)| {
            let inside = |path: String| format!("{name}.{path}");
            match taken.get(name) {
                Some(taken) => ignored(value, taken).map(inside),
                None => (!value.is_null()).then(|| name.clone()),
            }
        }),
        (Value::Array(given), Value::Array(taken)) => {
            given.iter().zip(taken).find_map(|(given, taken)| ignored(given, taken))
        }
        _ => None,
    }
}

/// Names of members that a reader must know.
#[derive(Deserialize)]
struct Critical {
    #[serde(default)]
    crit: Vec<String>,
}

fn parse<'de, S: DeserializeSeed<'de>>(
    bytes: &'de [u8],
    seed: S,
) -> Result<S::Value, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = seed.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// Walks any JSON value and keeps nothing of it but what it `Saw`.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

/// What a walk came across.
#[derive(Clone, Copy, Default)]
struct Saw {
    /// Whether the value itself has a member `crit`; most have none and are read once less.
    has_crit: bool,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth > DEPTH_MAX {
            return Err(E::custom(format_args!("nested deeper than {DEPTH_MAX}")));
        }
        Ok(Self { depth: self.depth.saturating_add(1) })
    }
}

fn within_items<E: Error>(items: usize) -> Result<(), E> {
    if items > ITEMS_MAX {
        return Err(E::custom(format_args!("more than {ITEMS_MAX} items")));
    }
    Ok(())
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Saw;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Saw, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Saw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without fractions")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Saw, E> {
        Ok(Saw::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Saw, E> {
        Ok(Saw::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Saw, E> {
        Ok(Saw::default())
    }

    // Fractions, exponents, -0 and whole numbers beyond 64 bits all arrive here.
    fn visit_f64<E: Error>(self, _: f64) -> Result<Saw, E> {
        Err(E::custom("a number that is not a whole number of 64 bits"))
    }

    fn visit_str<E>(self, _: &str) -> Result<Saw, E> {
        Ok(Saw::default())
    }

    fn visit_unit<E>(self) -> Result<Saw, E> {
        Ok(Saw::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Saw, A::Error> {
        let inner = self.deeper()?;
        let mut items = 0_usize;
        while array.next_element_seed(inner)?.is_some() {
            items = items.saturating_add(1);
            within_items(items)?;
        }
        Ok(Saw::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Saw, A::Error> {
        let inner = self.deeper()?;
        let mut names = BTreeSet::new();
        while let Some(name) = object.next_key_seed(Name)? {
            if names.contains(&name) {
                return Err(A::Error::custom(format_args!("duplicate member `{name}`")));
            }
            names.insert(name);
            within_items(names.len())?;
            object.next_value_seed(inner)?;
        }
        Ok(Saw { has_crit: names.contains("crit") })
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn strict(json: impl AsRef<[u8]>) -> Result<Value> {
        read("payload", &["a"], json.as_ref())
    }

    fn detail(json: impl AsRef<[u8]>) -> String {
        let refusal = strict(json).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::JsonInvalid);
        refusal.to_string()
    }

    #[test]
    fn duplicate_members_are_refused_at_every_depth() {
        assert!(detail(r#"{"a":1,"a":1}"#).contains("duplicate member `a`"));
        assert!(detail(r#"{"b":[{"c":{"a":1,"b":2,"a":3}}]}"#).contains("duplicate member `a`"));
        // The same name in another spelling.
        assert!(detail(r#"{"a":1,"\u0061":1}"#).contains("duplicate member `a`"));
        assert!(strict(r#"{"a":{"a":{"a":1}}}"#).is_ok());
    }

    #[test]
    fn only_whole_numbers_of_64_bits_are_taken() {
        for number in ["1.0", "1e3", "-0", "0.5", "18446744073709551616", "-9223372036854775809"] {
            assert!(detail(format!(r#"{{"a":{number}}}"#)).contains("64 bits"), "{number}");
        }
        assert!(detail(r#"{"a":1E400}"#).contains("out of range"));
        assert!(detail(r#"{"a":NaN}"#).contains("line 1"));
        for number in ["0", "-1", "18446744073709551615", "-9223372036854775808"] {
            assert!(strict(format!(r#"{{"a":{number}}}"#)).is_ok(), "{number}");
        }
    }

    #[test]
    fn nesting_of_16_is_taken_and_of_17_refused() {
        let nested = |depth: usize| {
            format!(r#"{{"a":{}1{}}}"#, "[".repeat(depth - 1), "]".repeat(depth - 1))
        };
        assert!(strict(nested(16)).is_ok());
        assert!(detail(nested(17)).contains("nested deeper than 16"));
        assert!(detail(nested(30_000)).contains("nested deeper than 16"));
    }

    #[test]
    fn a_thousand_items_are_taken_and_one_more_refused() {
        let array = |items| format!(r#"{{"a":[{}]}}"#, vec!["1"; items].join(","));
        assert!(strict(array(1000)).is_ok());
        assert!(detail(array(1001)).contains("more than 1000 items"));
        let object = |items| {
            let members: Vec<_> = (0..items).map(|n| format!(r#""m{n}":1"#)).collect();
            format!("{{{}}}", members.join(","))
        };
        assert!(strict(object(1000)).is_ok());
        assert!(detail(object(1001)).contains("more than 1000 items"));
    }

    #[test]
    fn bytes_after_the_payload_are_refused() {
        assert!(strict(r#"{"a":1} "#).is_ok());
        assert!(detail(r#"{"a":1}{"a":1}"#).contains("trailing characters"));
        assert!(detail("{\"a\":1}\0").contains("trailing characters"));
        assert!(detail("").contains("EOF"));
    }

    #[test]
    fn text_that_is_not_unicode_is_refused() {
        assert!(strict(b"{\"a\":\"\xff\"}").is_err());
        assert!(strict(r#"{"a":"\ud800"}"#).is_err());
        assert!(strict(b"\xef\xbb\xbf{}").is_err());
    }

    #[test]
    fn unknown_members_are_ignored_unless_critical() {
        assert!(strict(r#"{"a":1,"b":2}"#).is_ok());
        assert!(strict(r#"{"a":1,"crit":["a"]}"#).is_ok());
        let refusal = strict(r#"{"a":1,"b":2,"crit":["a","b"]}"#).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::MemberUnknown);
        assert!(refusal.to_string().contains("`b`"));
        assert!(strict(r#"{"crit":"a"}"#).is_err());
    }

    proptest! {
        #[test]
        fn garbage_is_answered(bytes: Vec<u8>) {
            let _ = strict(bytes);
        }

        #[test]
        fn what_is_taken_reads_the_same_as_by_an_ordinary_parser(
            names in prop::collection::btree_set("[a-z]{1,3}", 0..8),
            number: i64,
        ) {
            let value: Value = names.into_iter().map(|name| (name, Value::from(number))).collect();
            prop_assert_eq!(strict(value.to_string()).unwrap(), value);
        }
    }
}
