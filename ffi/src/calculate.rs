//! The pure arithmetic, without a ledger.

use std::ffi::c_char;

use mlicense_core::calculate::{Calculation, calculate};

use crate::{
    error::mlicense_error, handle::Reply, memory, status::mlicense_status, text::mlicense_text,
};

/// Calculates a period, a compensation, what a wallet gives, growth or a price for part of a term.
///
/// `calculation` is JSON of at most 64 KiB, as include/schema/calculation.json says. On success
/// `*calculated` is a new text, to be freed with mlicense_text_free(): JSON as
/// include/schema/calculated.json says. Nothing is stored.
///
/// Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID; and what the rule refuses, such
/// as INSUFFICIENT_WALLET.
///
/// Threads: any, at any time.
///
/// ```c
/// const char *growth = "{\"growth\": {\"base\": 10, \"allocated\": 10, \"devices\": 21,"
///     " \"percent\": 100}}";
/// mlicense_text *calculated = NULL;
/// if (mlicense_calculate(growth, strlen(growth), &calculated, &error) == MLICENSE_STATUS_OK)
///     puts(mlicense_text_data(calculated)); // {"growth":{"free":20,"extra_now":1}}
/// ```
///
/// # Safety
///
/// `calculation` must be NULL or point to `calculation_length` bytes; `calculated` and `error` must
/// be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_calculate(
    calculation: *const c_char,
    calculation_length: usize,
    calculated: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("calculated", calculated, error) };
    reply.give(|| {
        let calculation = (calculation, calculation_length);
        // SAFETY: the caller promises as many bytes.
        let json = unsafe { memory::bytes(calculation, "calculation", Calculation::BYTES_MAX) };
        mlicense_text::json(&calculate(&Calculation::from_json(json?)?)?)
    })
}
