//! `Pseudonym`: what stands in the history for a name or an address.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    base64url,
    error::{ErrorKind, Refusal},
    signing::hmac_sha256,
};

/// The HMAC-SHA-256 (RFC 2104) of a text under the secret of a ledger.
///
/// Equal pseudonyms mean equal texts, save for case and blanks; without the secret one tells
/// nothing. Text and JSON form: 43 characters of base64url without padding (RFC 4648).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Pseudonym(String);

impl Pseudonym {
    const CHARACTERS: usize = 43;

    /// The pseudonym of a text of one kind, such as `email`, so that equal texts of two kinds
    /// differ. Case and blanks around and between words do not matter.
    #[must_use]
    pub fn of(kind: &str, text: &str, secret: &[u8; 32]) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        let folded = words.join(" ").to_lowercase();
        let message = format!("mlicense {kind} 1\0{folded}");
        Self(base64url::encode(&hmac_sha256(secret, message.as_bytes())))
    }
}

impl TryFrom<String> for Pseudonym {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        if text.len() == Self::CHARACTERS && base64url::decode(&text).is_some() {
            return Ok(Self(text));
        }
        Err(Refusal::new(ErrorKind::FieldInvalid)
            .with("field", "pseudonym")
            .with("value", text.chars().take(64).collect::<String>())
            .with("expected", "43 characters of base64url"))
    }
}

impl From<Pseudonym> for String {
    fn from(pseudonym: Pseudonym) -> Self {
        pseudonym.0
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_blanks_do_not_matter_and_kind_and_secret_do() {
        let of = |kind: &str, text: &str| Pseudonym::of(kind, text, &[7; 32]);
        assert_eq!(of("company", " Acme  ÜBER\tAlles "), of("company", "acme über alles"));
        assert_ne!(of("company", "acme"), of("email", "acme"));
        assert_ne!(of("company", "acme"), Pseudonym::of("company", "acme", &[8; 32]));
    }

    #[test]
    fn only_a_pseudonym_is_read_as_one() {
        let text = String::from(Pseudonym::of("email", "post@acme.example", &[7; 32]));
        assert_eq!(Pseudonym::try_from(text.clone()).unwrap().to_string(), text);
        let short: String = text.chars().skip(1).collect();
        for wrong in ["", "post@acme.example", &short] {
            assert!(Pseudonym::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
