//! The registration number that an installation keeps.

use std::ffi::c_char;

use mlicense_core::time::Instant;
use mlicense_host::Client;

use crate::{
    client::mlicense_client,
    error::mlicense_error,
    handle::{Reply, Report},
    instant::given,
    memory,
    status::mlicense_status,
    text::mlicense_text,
};

/// Gives the registration number that is kept.
///
/// All but its tail is masked unless `reveal` is not 0. On success `*number` is a new text, empty
/// when no number is kept; free it with mlicense_text_free().
///
/// Refused: NULL_ARGUMENT.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `number` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_number(
    client: *const mlicense_client,
    reveal: u32,
    number: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("number", number, error) };
    // SAFETY: the caller promises a client or NULL.
    let reply = unsafe { reply.logged_by(client) };
    reply.give(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?.read()?;
        let revealed = || client.reveal_number().map(ToOwned::to_owned);
        let number = if reveal == 0 { client.number() } else { revealed() };
        Ok(mlicense_text::new(number.unwrap_or_default()))
    })
}

/// Writes a request to use a registration number here, as it was typed.
///
/// The number is kept once the vendor's answer is accepted; from then on every request bears it. On
/// success `*request` is a new text, to be carried to the vendor as it is, or empty when this number
/// is kept already and nobody needs to be asked; free it with mlicense_text_free().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; NUMBER_LOCKED when another number is kept; CODE_INVALID,
/// CODE_MISTYPED and CODE_FOREIGN_CHARACTER for what is no number, where the option `number_format`
/// says what one is; and as mlicense_client_request().
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `typed` must be NULL or end with a NUL; `request` and
/// `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_enter_number(
    client: *mut mlicense_client,
    typed: *const c_char,
    now: i64,
    request: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: as promised.
    unsafe { ask((client, typed, now), request, error, Client::enter_number_at) }
}

/// Writes a request to use another registration number here than the one that is kept, which stays
/// until the answer is accepted; as mlicense_client_enter_number() but for NUMBER_LOCKED.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// As mlicense_client_enter_number().
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_change_number(
    client: *mut mlicense_client,
    typed: *const c_char,
    now: i64,
    request: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: as promised.
    unsafe { ask((client, typed, now), request, error, Client::change_number_at) }
}

/// # Safety
/// As [`mlicense_client_enter_number`].
unsafe fn ask(
    (client, typed, now): (*mut mlicense_client, *const c_char, i64),
    request: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
    write: fn(&mut Client, &str, Option<Instant>) -> mlicense_host::Result<Option<String>>,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("request", request, error) };
    reply.give(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        // SAFETY: the caller promises a text or NULL.
        let typed = unsafe { memory::text(typed, "typed") }?;
        let now = given(now)?;
        let request = write(&mut *client.write()?, typed, now)?;
        Ok(mlicense_text::new(request.unwrap_or_default()))
    })
}

/// Forgets the registration number. Licences stay until they end; the vendor is not told, and the
/// host stays bound.
///
/// Refused: NULL_ARGUMENT; CONFIRMATION_NEEDED when `confirmed` is 0; STORE_BUSY, STORE_FULL,
/// STORE_READ_ONLY, STORE_UNAVAILABLE.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_remove_number(
    client: *mut mlicense_client,
    confirmed: u32,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that it is NULL or writable.
    let report = unsafe { Report::new(error) };
    // SAFETY: the caller promises a client or NULL.
    let report = unsafe { report.logged_by(client) };
    report.run(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        Ok(client.write()?.remove_number(confirmed != 0)?)
    })
}
