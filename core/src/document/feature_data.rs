//! `FeatureData`: bytes of the vendor's that a licence carries for a feature.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    base64url,
    error::{ErrorKind, Refusal, Result},
};

/// The most bytes of data of one feature.
pub const FEATURE_DATA_BYTES_MAX: usize = 4096;

/// Bytes that a feature needs to run, such as a key or a table, inside the signed licence.
///
/// A program gets them from a [`Decision`](crate::decision::Decision) that allows the feature. So
/// whoever cuts the check out of the program still lacks what a licence would have brought. The
/// bytes are signed, not encrypted: whoever has the licence can read and copy them, in its file or
/// in the JSON of its claims, and after its end too.
///
/// JSON form: base64url without padding, canonical.
///
/// ```
/// use mlicense_core::{document::FeatureData, error::ErrorKind};
/// let data = FeatureData::new(b"table of lenses")?;
/// assert_eq!(format!("{data:?}"), "FeatureData(15 bytes)");
///
/// let refusal = FeatureData::new(&[0; 4097]).unwrap_err();
/// assert_eq!(refusal.kind(), ErrorKind::InputTooLarge);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct FeatureData(Arc<[u8]>);

impl FeatureData {
    /// Takes 1 to [`FEATURE_DATA_BYTES_MAX`] bytes.
    ///
    /// # Errors
    /// [`ErrorKind::InputTooLarge`]; [`ErrorKind::FieldInvalid`] without a byte.
    pub fn new(bytes: &[u8]) -> Result<Self> {
        if bytes.is_empty() {
            return Err(not_data(""));
        }
        if bytes.len() > FEATURE_DATA_BYTES_MAX {
            return Err(Refusal::new(ErrorKind::InputTooLarge)
                .with("what", "data of a feature")
                .with("size", bytes.len())
                .with("limit", FEATURE_DATA_BYTES_MAX));
        }
        Ok(Self(bytes.into()))
    }

    /// The bytes, for the decision that hands them out.
    #[must_use]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

fn not_data(text: &str) -> Refusal {
    let shown: String = text.chars().take(64).collect();
    Refusal::new(ErrorKind::FieldInvalid)
        .with("field", "data")
        .with("value", shown)
        .with("expected", format_args!("1 to {FEATURE_DATA_BYTES_MAX} bytes in base64url"))
}

impl fmt::Debug for FeatureData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FeatureData({} bytes)", self.0.len())
    }
}

impl TryFrom<String> for FeatureData {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self> {
        let bytes = base64url::decode(&text).ok_or_else(|| not_data(&text))?;
        Self::new(&bytes)
    }
}

impl From<FeatureData> for String {
    fn from(data: FeatureData) -> Self {
        base64url::encode(data.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_kib_are_taken_and_a_byte_more_or_none_refused() {
        assert_eq!(FeatureData::new(&[7; 4096]).unwrap().bytes(), [7; 4096]);
        assert_eq!(FeatureData::new(&[7; 4097]).unwrap_err().kind(), ErrorKind::InputTooLarge);
        assert_eq!(FeatureData::new(&[]).unwrap_err().kind(), ErrorKind::FieldInvalid);
    }

    #[test]
    fn only_canonical_base64url_is_data() {
        let read = |text: &str| FeatureData::try_from(text.to_owned());
        assert_eq!(read("AQI").unwrap().bytes(), [1, 2]);
        for text in ["AQI=", "AQJ", "AQ I", "A", "", "+/8A"] {
            assert_eq!(read(text).unwrap_err().kind(), ErrorKind::FieldInvalid, "{text}");
        }
    }
}
