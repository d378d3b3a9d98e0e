//! `mlicense_text`: a text given to the caller.

use std::{ffi::c_char, fmt};

use serde::Serialize;

use crate::{
    error::{Fault, Result},
    handle,
};

/// A text with a NUL after it.
pub(crate) struct Terminated(Box<[u8]>);

impl Terminated {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        let mut bytes = text.into().into_bytes();
        bytes.push(0);
        Self(bytes.into())
    }

    pub(crate) const fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }

    /// In bytes, without the NUL.
    pub(crate) const fn length(&self) -> usize {
        self.0.len().saturating_sub(1)
    }
}

/// Shows the length only: a text may be a secret.
impl fmt::Debug for Terminated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.length())
    }
}

/// A text made by the library: a signed document, JSON or a code, always UTF-8.
///
/// Free it with mlicense_text_free(). A NUL follows the text, so that it can be printed as it is.
///
/// Threads: a text belongs to its caller and never changes; several threads may read it at once.
///
/// ```c
/// mlicense_text *view = NULL;
/// if (mlicense_ledger_query(ledger, query, strlen(query), MLICENSE_NOW, &view, NULL) == 0)
///     puts(mlicense_text_data(view));
/// mlicense_text_free(view);
/// ```
#[derive(Debug)]
#[expect(non_camel_case_types, reason = "named for C")]
pub struct mlicense_text(Terminated);

impl mlicense_text {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(Terminated::new(text))
    }

    pub(crate) fn as_str(&self) -> &str {
        let bytes = self.0.0.split_last().map_or(&[][..], |(_, bytes)| bytes);
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    pub(crate) fn json<T: Serialize>(value: &T) -> Result<Self> {
        Ok(Self::new(serde_json::to_string(value).map_err(Fault::internal)?))
    }
}

/// Returns the first byte of a text, which a NUL follows; an empty text for NULL.
///
/// The bytes belong to the text and live as long.
///
/// Threads: any, several at once.
///
/// # Safety
///
/// `text` must be NULL or not yet freed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_text_data(text: *const mlicense_text) -> *const c_char {
    // SAFETY: the caller promises a text or NULL.
    let text = unsafe { handle::borrow(text, "text") };
    text.map_or(c"".as_ptr(), |text| text.0.as_ptr())
}

/// Returns the length of a text in bytes, without the NUL; 0 for NULL.
///
/// Threads: any, several at once.
///
/// # Safety
///
/// `text` must be NULL or not yet freed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_text_length(text: *const mlicense_text) -> usize {
    // SAFETY: the caller promises a text or NULL.
    let text = unsafe { handle::borrow(text, "text") };
    text.map_or(0, |text| text.0.length())
}

/// Frees a text; NULL is nothing to free.
///
/// Threads: any; no other call may use it any more.
///
/// # Safety
///
/// `text` must be NULL or not yet freed, and must not be used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_text_free(text: *mut mlicense_text) {
    // SAFETY: the caller gives it up.
    unsafe { handle::free(text, |_| false) };
}
