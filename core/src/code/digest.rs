//! `CodeDigest`: the pseudonym under which a code is stored and looked up.

use std::{fmt, str::FromStr};

use ring::hmac;
use serde::{Deserialize, Serialize};

use crate::{
    base64url,
    error::{ErrorKind, Refusal, Result},
};

/// The length of a key for digests, in bytes.
pub const DIGEST_KEY_BYTES: usize = 32;

/// The HMAC-SHA-256 (RFC 2104) of a code under a vendor's secret key.
///
/// Equal digests mean equal codes; without the key a digest tells nothing. Text and JSON form: 43
/// characters of base64url without padding (RFC 4648).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct CodeDigest([u8; Self::BYTES]);

/// Keeps digests of codes apart from anything else made under the same key.
const DOMAIN: &[u8] = b"mlicense code 1\0";

impl CodeDigest {
    /// The length of a digest, in bytes.
    pub const BYTES: usize = 32;

    pub(super) fn of(folded: &str, key: &[u8; DIGEST_KEY_BYTES]) -> Self {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
        context.update(DOMAIN);
        context.update(folded.as_bytes());
        let mut bytes = [0; Self::BYTES];
        for (byte, tag) in bytes.iter_mut().zip(context.sign().as_ref()) {
            *byte = *tag;
        }
        Self(bytes)
    }

    /// Takes the bytes of a digest that was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes, to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

impl FromStr for CodeDigest {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        base64url::array(text).map(Self).ok_or_else(|| {
            let shown: String = text.chars().take(64).collect();
            Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "code digest")
                .with("value", shown)
                .with("expected", "43 characters of base64url")
        })
    }
}

impl fmt::Display for CodeDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url::encode(&self.0))
    }
}

impl fmt::Debug for CodeDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for CodeDigest {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<CodeDigest> for String {
    fn from(digest: CodeDigest) -> Self {
        digest.to_string()
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    /// From Python: `hmac.new(bytes(range(32)), b"mlicense code 1\0ACME23456", "sha256")`.
    #[test]
    fn a_digest_is_the_hmac_that_python_computes() {
        let key = std::array::from_fn(|index| u8::try_from(index).unwrap());
        let digest = CodeDigest::of("ACME23456", &key);
        assert_eq!(digest.to_string(), "bgTfUgHwIEV0IXPpF5nXXy2qpa2Jfh_xgNMeblEfcu8");
    }

    #[test]
    fn text_and_json_lead_back_to_the_digest() {
        let digest = CodeDigest::of("ACME23456", &[7; 32]);
        assert_eq!(digest.to_string().parse::<CodeDigest>().unwrap(), digest);
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(serde_json::from_str::<CodeDigest>(&json).unwrap(), digest);
        assert_eq!(CodeDigest::from_bytes(*digest.as_bytes()), digest);
    }

    #[test]
    fn other_spellings_of_a_digest_are_refused() {
        let text = CodeDigest::of("ACME23456", &[7; 32]).to_string();
        let (long, padded, short) = (format!("{text}A"), format!("{text}="), &text[..42]);
        // 32 bytes leave two bits of the last character unused; they must be zero.
        let loose = format!("{short}{}", if text.ends_with('B') { 'C' } else { 'B' });
        for wrong in ["", short, &long, &padded, &loose, &text.replace(&text[..1], "+")] {
            let refusal = wrong.parse::<CodeDigest>().unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::FieldInvalid, "{wrong}");
        }
    }

    #[test]
    fn another_key_or_another_code_gives_another_digest() {
        let digest = CodeDigest::of("ACME23456", &[7; 32]);
        assert_ne!(CodeDigest::of("ACME23456", &[8; 32]), digest);
        assert_ne!(CodeDigest::of("ACME23457", &[7; 32]), digest);
    }
}
