//! Reading JSON that callers give.

use serde::de::DeserializeOwned;

use crate::error::{ErrorKind, Refusal, Result};

/// Reads `bytes` as `what`, after checking size and encoding.
pub(crate) fn read<T: DeserializeOwned>(what: &str, bytes: &[u8], limit: usize) -> Result<T> {
    if bytes.len() > limit {
        return Err(Refusal::new(ErrorKind::InputTooLarge)
            .with("what", what)
            .with("size", bytes.len())
            .with("limit", limit));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Refusal::new(ErrorKind::NotUtf8).with("what", what))?;
    serde_json::from_str(text).map_err(|error| {
        Refusal::new(ErrorKind::JsonInvalid).with("what", what).with("detail", error)
    })
}
