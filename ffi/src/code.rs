//! Codes that people type: licence keys, numbers, coupons.

use std::ffi::c_char;

use mlicense_core::code::{Code, CodeFormat};

use crate::{
    entropy, error::mlicense_error, handle::Reply, memory, status::mlicense_status,
    text::mlicense_text,
};

/// Makes a random code, such as a licence key.
///
/// `format` is a prefix, the symbols of a group and the number of groups: "ACME-5x4" makes codes
/// like ACME-XXXXX-XXXXX-XXXXX-XXXXX, the last two symbols of which check the others. On success
/// `*code` is a new text, to be freed with mlicense_text_free(). A code is a secret: whoever has it
/// can redeem it.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for a format that is none or too short to be
/// random enough; INTERNAL when the system has no randomness to give.
///
/// Threads: any, at any time.
///
/// ```c
/// mlicense_text *key = NULL;
/// if (mlicense_code_generate("ACME-5x4", &key, &error) == MLICENSE_STATUS_OK)
///     puts(mlicense_text_data(key));
/// mlicense_text_free(key);
/// ```
///
/// # Safety
///
/// `format` must be NULL or end with a NUL; `code` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_code_generate(
    format: *const c_char,
    code: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("code", code, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let format: CodeFormat = unsafe { memory::text(format, "format") }?.parse()?;
        let mut seed = vec![0; format.entropy_bytes()];
        entropy::fill(&mut seed)?;
        Ok(mlicense_text::new(Code::generate(&format, &seed)?.reveal()))
    })
}

/// Reads a code as somebody typed it and gives it as it was issued, before it is sent anywhere.
///
/// Blanks, dashes, case and alphabets that look alike do not matter. On success `*code` is a new
/// text, to be freed with mlicense_text_free(). That the code was ever issued is not checked.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for the format; INPUT_TOO_LARGE; CODE_INVALID
/// for another form; CODE_FOREIGN_CHARACTER and CODE_MISTYPED, which say where.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `format` and `typed` must be NULL or end with a NUL; `code` and `error` must be NULL or
/// writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_code_parse(
    format: *const c_char,
    typed: *const c_char,
    code: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("code", code, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let format: CodeFormat = unsafe { memory::text(format, "format") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let typed = unsafe { memory::text(typed, "typed") }?;
        Ok(mlicense_text::new(Code::parse(&format, typed)?.reveal()))
    })
}

/// Folds a code as somebody typed it to the text that is the same for every way of typing it:
/// capitals, without blanks and, where a format is given, without dashes.
///
/// `format` is as for mlicense_code_generate(), or NULL for codes that were issued elsewhere: 4 to 128
/// printable ASCII characters, which nothing checks for typing mistakes. On success `*folded` is a
/// new text, to be freed with mlicense_text_free(): as secret as the code.
///
/// Refused: NULL_ARGUMENT; and as mlicense_code_parse().
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `format` and `typed` must be NULL or end with a NUL; `folded` and `error` must be NULL or
/// writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_code_fold(
    format: *const c_char,
    typed: *const c_char,
    folded: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("folded", folded, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let format = unsafe { memory::optional_text(format, "format") }?;
        // SAFETY: the caller promises a text or NULL.
        let typed = unsafe { memory::text(typed, "typed") }?;
        let code = match format {
            Some(format) => Code::parse(&format.parse()?, typed)?,
            None => Code::opaque(typed)?,
        };
        Ok(mlicense_text::new(code.folded()))
    })
}
