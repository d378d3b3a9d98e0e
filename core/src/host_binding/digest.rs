//! Facts as keyed digests.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Fact;
use crate::{
    base64url,
    error::{ErrorKind, Refusal, Result},
    signing::hmac_sha256,
};

/// The length of a fact's digest, in bytes: 128 bits of HMAC-SHA-256.
pub const FACT_DIGEST_BYTES: usize = 16;

/// What one vendor mixes into every digest, so that the digests of two vendors do not compare.
///
/// No secret: every installation knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactSalt([u8; 32]);

impl FactSalt {
    /// Takes 32 bytes that stay the same for the life of the vendor's products.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest of one fact: HMAC-SHA-256 (RFC 2104) over its kind, a zero byte and its value,
    /// truncated to [`FACT_DIGEST_BYTES`].
    #[must_use]
    pub fn digest(&self, fact: &Fact) -> FactDigest {
        let message = [fact.kind().as_str().as_bytes(), &[0], fact.value().as_bytes()].concat();
        let mut digest = [0; FACT_DIGEST_BYTES];
        digest.iter_mut().zip(hmac_sha256(&self.0, &message)).for_each(|(to, from)| *to = from);
        FactDigest(digest)
    }
}

/// The keyed digest of a fact; its text form is 22 characters of base64url without padding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct FactDigest([u8; FACT_DIGEST_BYTES]);

impl fmt::Display for FactDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url::encode(&self.0))
    }
}

impl fmt::Debug for FactDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for FactDigest {
    type Err = Refusal;

    /// Reads the text form.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] when it is not canonical base64url of exactly
    /// [`FACT_DIGEST_BYTES`] bytes.
    fn from_str(text: &str) -> Result<Self> {
        if let Some(digest) = base64url::array(text) {
            return Ok(Self(digest));
        }
        let shown: String = text.chars().take(64).collect();
        Err(Refusal::new(ErrorKind::FieldInvalid)
            .with("field", "digest")
            .with("value", shown)
            .with("expected", "22 characters of base64url"))
    }
}

impl TryFrom<String> for FactDigest {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<FactDigest> for String {
    fn from(digest: FactDigest) -> Self {
        digest.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host_binding::FactKind;

    /// Foreign vector: Python's `hmac` and `base64` give the same text.
    #[test]
    fn a_digest_is_what_another_implementation_computes() {
        let salt = FactSalt::new([7; 32]);
        let fact = Fact::new(FactKind::DmiUuid, "4C4C4544-0042-3510-8052-B4C04F4D3232").unwrap();
        assert_eq!(salt.digest(&fact).to_string(), "Yynp-8s3GKOaQELXgZjJFQ");
    }

    #[test]
    fn kind_value_and_salt_each_change_the_digest() {
        let (one, other) = (FactSalt::new([1; 32]), FactSalt::new([2; 32]));
        let fact = |kind, value| Fact::new(kind, value).unwrap();
        let digest = one.digest(&fact(FactKind::Hostname, "a"));
        assert_ne!(digest, one.digest(&fact(FactKind::Hostname, "b")));
        assert_ne!(digest, one.digest(&fact(FactKind::DeclaredId, "a")));
        assert_ne!(digest, other.digest(&fact(FactKind::Hostname, "a")));
    }

    #[test]
    fn only_the_canonical_text_of_sixteen_bytes_is_read() {
        let text = FactDigest([255; FACT_DIGEST_BYTES]).to_string();
        assert_eq!(text.parse::<FactDigest>().unwrap().to_string(), text);
        for wrong in
            ["", "_____________________", "_____________________x", "______________________w"]
        {
            assert!(wrong.parse::<FactDigest>().is_err(), "{wrong}");
        }
        assert!(format!("{text}==").parse::<FactDigest>().is_err());
    }
}
