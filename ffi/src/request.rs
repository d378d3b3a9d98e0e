//! Requests as documents: what they tell of the customer.

use std::ffi::c_char;

use mlicense_core::document::{DOCUMENT_BYTES_MAX, Request};

use crate::{
    error::mlicense_error, handle::Reply, memory, status::mlicense_status, text::mlicense_text,
};

/// Says in words, line by line, what a request tells the vendor and what it keeps, to be shown before
/// it is sent.
///
/// `request` is what mlicense_client_request() or mlicense_client_deactivate() made, at most 64 KiB;
/// `language` is as for mlicense_error_message(). A number or coupon is shown by its end only; of the
/// host the kinds of facts are named, whose values the request does not hold. On success `*words` is
/// a new text, to be freed with mlicense_text_free().
///
/// Refused: NULL_ARGUMENT; INPUT_TOO_LARGE, DOCUMENT_MALFORMED, DOCUMENT_WRONG_TYPE, KEY_WEAK,
/// SIGNATURE_INVALID for what is no request.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `request` must be NULL or point to `request_length` bytes; `language` must be NULL or end with a
/// NUL; `words` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_request_explain(
    request: *const c_char,
    request_length: usize,
    language: *const c_char,
    words: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("words", words, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let language = unsafe { memory::language(language) };
        let request = (request, request_length);
        // SAFETY: the caller promises as many bytes.
        let request = unsafe { memory::bytes(request, "request", DOCUMENT_BYTES_MAX) }?;
        Ok(mlicense_text::new(Request::verify(request)?.explain(language)))
    })
}
