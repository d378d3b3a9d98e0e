//! What else a vendor signs: revocation lists, and the time.

use std::ffi::c_char;

use mlicense_core::document::{
    DOCUMENT_BYTES_MAX, Request, RevocationClaims, RevocationList, TimeClaims, TimeToken,
};

use crate::{
    error::mlicense_error,
    handle::{self, Reply},
    instant::instant,
    memory,
    signer::mlicense_signer,
    status::mlicense_status,
    text::mlicense_text,
};

/// Signs a revocation list.
///
/// `claims` is JSON of at most 64 KiB with the members that docs/formats.md lists; `signer` is a
/// root key, or a key of the ring for answers. On success `*document` is a new text, to be published
/// with the command `publish_revocations`; free it with mlicense_text_free(). What the newest list
/// names is revoked, and nothing else is.
///
/// Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID, also for a member that is
/// unknown; FIELD_INVALID for a reason of more than 64 bytes or none; CLAIMS_CONTRADICTORY when the
/// next list is due before this one is signed, something is revoked from later than that, or the
/// signer is revoked.
///
/// Threads: any; the signer may be in use elsewhere.
///
/// ```c
/// const char *claims = "{\"number\": 1, \"iat\": 1775001600, \"next_update\": 1775606400,"
///     " \"licenses\": {\"L-7\": {\"at\": 1775001600, \"reason\": \"refunded\"}}}";
/// mlicense_text *list = NULL;
/// if (mlicense_revocation_list_issue(signer, claims, strlen(claims), &list, &error) == 0)
///     puts(mlicense_text_data(list));
/// ```
///
/// # Safety
///
/// `signer` must be NULL or not yet freed; `claims` must be NULL or point to `claims_length` bytes;
/// `document` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_revocation_list_issue(
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
        let signer = unsafe { handle::borrow(signer, "signer") }?;
        // SAFETY: the caller promises as many bytes.
        let claims =
            unsafe { memory::bytes((claims, claims_length), "claims", DOCUMENT_BYTES_MAX) };
        let claims = RevocationClaims::from_json(claims?)?;
        Ok(mlicense_text::new(RevocationList::issue(&claims, &signer.signer)?))
    })
}

/// Signs the time for an installation that asked for it by a request.
///
/// `request` is the document that the installation wrote, of at most 64 KiB; mlicense_ledger_answer()
/// gives the time with every answer, so that this is for vendors without a ledger. `signer` is a root
/// key, or a key of the ring for answers. On success `*document` is a new text, to be freed with
/// mlicense_text_free().
///
/// Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; INSTANT_INVALID; SIGNER_FAILED; what a request is refused
/// for that is damaged or forged, such as DOCUMENT_MALFORMED and SIGNATURE_INVALID.
///
/// Threads: any; the signer may be in use elsewhere.
///
/// # Safety
///
/// `signer` must be NULL or not yet freed; `request` must be NULL or point to `request_length` bytes;
/// `document` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_time_token_issue(
    signer: *const mlicense_signer,
    request: *const c_char,
    request_length: usize,
    now: i64,
    document: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("document", document, error) };
    reply.give(|| {
        // SAFETY: the caller promises a signer or NULL.
        let signer = unsafe { handle::borrow(signer, "signer") }?;
        let request = (request, request_length);
        // SAFETY: the caller promises as many bytes.
        let request = unsafe { memory::bytes(request, "request", DOCUMENT_BYTES_MAX) }?;
        let claims = TimeClaims::to(&Request::verify(request)?, instant(now)?);
        Ok(mlicense_text::new(TimeToken::issue(&claims, &signer.signer)?))
    })
}
