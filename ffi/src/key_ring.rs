//! Key rings: the keys that sign for the vendor, under a root key.

use std::ffi::c_char;

use mlicense_core::{
    document::DOCUMENT_BYTES_MAX,
    json,
    signing::{KeyRing, KeyRingClaims},
};

use crate::{
    error::mlicense_error,
    handle::{self, Reply},
    memory,
    signer::mlicense_signer,
    status::mlicense_status,
    text::mlicense_text,
};

/// Signs a key ring with a root key, so that programs that know the root trust the keys in it.
///
/// `claims` is JSON of at most 64 KiB. On success `*document` is a new text, to be published with
/// the command `publish_key_ring`; free it with mlicense_text_free().
///
/// Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID, also for a weak key and an
/// unknown member; CLAIMS_CONTRADICTORY.
///
/// Threads: any; the signer may be in use elsewhere.
///
/// ```c
/// char claims[512];
/// snprintf(claims, sizeof claims, "{\"number\": 1, \"issued_at\": \"2026-03-01T00:00:00Z\","
///     " \"keys\": [{\"key\": \"%s\", \"valid_from\": \"2026-03-01T00:00:00Z\"}]}",
///     mlicense_signer_public_key(daily));
/// mlicense_text *ring = NULL;
/// if (mlicense_key_ring_issue(root, claims, strlen(claims), &ring, &error) == 0)
///     puts(mlicense_text_data(ring));
/// ```
///
/// # Safety
///
/// `root` must be NULL or not yet freed; `claims` must be NULL or point to `claims_length` bytes;
/// `document` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_key_ring_issue(
    root: *const mlicense_signer,
    claims: *const c_char,
    claims_length: usize,
    document: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("document", document, error) };
    reply.give(|| {
        // SAFETY: the caller promises a signer or NULL.
        let root = unsafe { handle::borrow(root, "root") }?;
        // SAFETY: the caller promises as many bytes.
        let claims =
            unsafe { memory::bytes((claims, claims_length), "claims", DOCUMENT_BYTES_MAX) };
        let claims: KeyRingClaims = json::read("the key ring", claims?, DOCUMENT_BYTES_MAX)?;
        Ok(mlicense_text::new(KeyRing::issue(&claims, &root.signer)?))
    })
}
