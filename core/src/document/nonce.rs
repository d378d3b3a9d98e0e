//! `Nonce`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    base64url,
    error::{ErrorKind, Refusal, Result},
    json,
};

/// 16 random bytes that tie an answer to its request.
///
/// Text and JSON form: 22 characters of base64url without padding.
///
/// ```
/// use mlicense_core::document::Nonce;
/// let nonce = Nonce::from_entropy([0; 16]);
/// assert_eq!(nonce.to_string(), "AAAAAAAAAAAAAAAAAAAAAA");
/// assert_eq!(nonce.to_string().parse::<Nonce>()?, nonce);
/// assert!("AAAA".parse::<Nonce>().is_err());
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Nonce([u8; 16]);

impl Nonce {
    /// Takes bytes from the operating system's source of randomness.
    #[must_use]
    pub const fn from_entropy(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url::encode(&self.0))
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Nonce {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        base64url::array(text).map(Self).ok_or_else(|| {
            let shown: String = text.chars().take(64).collect();
            Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "nonce")
                .with("value", shown)
                .with("expected", "16 bytes in 22 base64url characters")
        })
    }
}

impl<'de> Deserialize<'de> for Nonce {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        json::parse(from)
    }
}

impl From<Nonce> for String {
    fn from(nonce: Nonce) -> Self {
        nonce.to_string()
    }
}
