//! Licences as documents: signed, and read back.

use std::ffi::c_char;

use mlicense_core::{
    document::{DOCUMENT_BYTES_MAX, License},
    signing::{PublicKey, Trust},
};

#[cfg(feature = "ledger")]
use crate::signer::mlicense_signer;
use crate::{
    error::{Result, mlicense_error},
    handle::Reply,
    memory,
    status::mlicense_status,
    text::mlicense_text,
};
#[cfg(feature = "ledger")]
use mlicense_core::document::LicenseClaims;

/// The most keys given at once.
pub(crate) const KEYS_MAX: usize = 64;

/// Signs a licence.
///
/// `claims` is JSON of at most 64 KiB, as include/schema/license-claims.json says. On success
/// `*document` is a new text, to be sent to the customer as it is; free it with
/// mlicense_text_free(). The same claims and key give the same document.
///
/// Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID, also for a member that is
/// unknown; CLAIMS_CONTRADICTORY; FIELD_INVALID.
///
/// Threads: any; the signer may be in use elsewhere.
///
/// ```c
/// const char *claims = "{\"aud\": \"editor\", \"kind\": \"perpetual\", \"iat\": 1772357400,"
///     " \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}}}";
/// mlicense_text *document = NULL;
/// if (mlicense_license_issue(signer, claims, strlen(claims), &document, &error) == 0)
///     puts(mlicense_text_data(document));
/// ```
///
/// # Safety
///
/// `signer` must be NULL or not yet freed; `claims` must be NULL or point to `claims_length` bytes;
/// `document` and `error` must be NULL or writable.
#[cfg(feature = "ledger")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_license_issue(
    signer: *const mlicense_signer,
    claims: *const c_char,
    claims_length: usize,
    document: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("document", document, error) };
    reply.give(|| {
        // SAFETY: the caller promises a signer or NULL.
        let signer = unsafe { crate::handle::borrow(signer, "signer") }?;
        // SAFETY: the caller promises as many bytes.
        let claims =
            unsafe { memory::bytes((claims, claims_length), "claims", DOCUMENT_BYTES_MAX) };
        let claims = LicenseClaims::from_json(claims?)?;
        Ok(mlicense_text::new(License::issue(&claims, &signer.signer)?))
    })
}

/// Reads a licence that one of `keys` must have signed, and decides nothing on it.
///
/// `document` is at most 64 KiB; `keys` are `keys_count` public keys in base64url, at most 64. On
/// success `*claims` is a new text, to be freed with mlicense_text_free(): JSON such as
/// `{"claims": {"aud": "editor", ...}, "signed_by": "kPrK..."}`. To ask whether something may run,
/// use a client instead.
///
/// Refused: NULL_ARGUMENT; KEY_WEAK for a text that is no key; FIELD_INVALID for too many; for the
/// document INPUT_TOO_LARGE, DOCUMENT_MALFORMED, DOCUMENT_WRONG_TYPE, KEY_NOT_TRUSTED,
/// SIGNATURE_INVALID, in this order.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `document` must be NULL or point to `document_length` bytes; `keys` must be NULL or point to
/// `keys_count` pointers, each NULL or ending with a NUL; `claims` and `error` must be NULL or
/// writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_license_inspect(
    document: *const c_char,
    document_length: usize,
    keys: *const *const c_char,
    keys_count: usize,
    claims: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("claims", claims, error) };
    reply.give(|| {
        // SAFETY: the caller promises as many keys.
        let keys = public_keys(unsafe { memory::texts((keys, keys_count), "keys", KEYS_MAX) }?)?;
        let document = (document, document_length);
        // SAFETY: the caller promises as many bytes.
        let document = unsafe { memory::bytes(document, "document", DOCUMENT_BYTES_MAX) }?;
        let license = License::verify(document, &Trust::new(&keys, None)?)?;
        mlicense_text::json(&license)
    })
}

/// Reads public keys in their text form.
pub(crate) fn public_keys(texts: Vec<&str>) -> Result<Vec<PublicKey>> {
    texts.into_iter().map(|text| Ok(PublicKey::from_base64url(text)?)).collect()
}
