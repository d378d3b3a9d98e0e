//! JSON of payloads, read strictly: what two readers could understand in two ways is refused.

use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, Error, IgnoredAny},
};
use serde_json::Value;

use super::strict::{self, Read};
use crate::error::{ErrorKind, Refusal, Result};

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
    let payload = match strict::read(bytes) {
        Ok(Read { value, has_crit: false }) => return Ok(value),
        Ok(Read { value, .. }) => Ok(value),
        Err(error) => Err(error),
    };
    // Whatever the members should be: rules of JSON are told first, then what must not be ignored.
    if strict::read::<IgnoredAny>(bytes).map_err(invalid)?.has_crit {
        let Critical { crit } = typed(bytes).map_err(invalid)?;
        if let Some(member) = crit.iter().find(|member| !members.contains(&member.as_str())) {
            return Err(Refusal::new(ErrorKind::MemberUnknown)
                .with("document", what)
                .with("member", member));
        }
    }
    payload.map_err(invalid)
}

/// Reads a value by the rules of JSON that hold for payloads.
pub(super) fn typed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    strict::read(bytes).map(|read| read.value)
}

/// Reads what a caller wants signed: as strictly as a payload, and nothing in it is ignored.
pub(super) fn read_all_of<T: Serialize + DeserializeOwned>(
    what: &'static str,
    bytes: &[u8],
) -> Result<T> {
    let invalid = |error: serde_json::Error| {
        Refusal::new(ErrorKind::JsonInvalid).with("what", what).with("detail", error)
    };
    strict::read::<IgnoredAny>(bytes).map_err(invalid)?;
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::RequestKind;

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

    #[test]
    fn an_enum_is_read_from_its_name_and_nothing_else() {
        let kind = |json: &str| read::<Vec<RequestKind>>("payload", &[], json.as_bytes());
        assert_eq!(kind(r#"["trial"]"#).unwrap(), [RequestKind::Trial]);
        for other in [r#"[{"trial":null}]"#, r#"[["trial"]]"#, r#"["trials"]"#, "[0]"] {
            assert_eq!(kind(other).unwrap_err().kind(), ErrorKind::JsonInvalid, "{other}");
        }
    }

    #[test]
    fn what_is_ignored_is_read_as_strictly() {
        #[derive(Debug, Deserialize)]
        struct Known {
            #[expect(dead_code, reason = "read only")]
            a: u8,
        }
        let known = |json: &str| read::<Known>("payload", &["a"], json.as_bytes());
        assert!(known(r#"{"b":[{"c":"d"}],"a":1,"B":null}"#).is_ok());
        for (json, part) in [
            (r#"{"a":1,"b":{"c":1,"c":1}}"#, "duplicate member `c`"),
            (r#"{"b":1,"a":1,"\u0062":1}"#, "duplicate member `b`"),
            (r#"{"a":1,"a":1}"#, "duplicate member `a`"),
            (r#"{"a":1,"b":[0.5]}"#, "64 bits"),
            (r#"{"a":1,"b":"\ud800"}"#, "hex escape"),
            (r#"[1]"#, "expected struct Known"),
        ] {
            let refusal = known(json).unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::JsonInvalid);
            assert!(refusal.to_string().contains(part), "{refusal}");
        }
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
