//! `mlicense_seat`: a seat of a feature within one program.

use std::{ffi::c_char, sync::Arc};

use mlicense_host::Seat;

use crate::{
    callback::Calls,
    client::mlicense_client,
    error::{Result, mlicense_error},
    handle::{self, Reply},
    memory, panic,
    status::mlicense_status,
    text::mlicense_text,
};

/// A seat of a feature that is counted, for one user of this program.
///
/// Seats are counted in the memory of the program, for each client by itself; mlicense_site counts
/// those of several programs. Give it back with mlicense_seat_release(), before or after the client
/// is closed; until then, or until the program ends, it is taken.
///
/// A licence accepted later counts at once: when its limit is lower, or it lacks the feature, the
/// latest seats are lost. Ask mlicense_seat_is_held() at each use.
///
/// Threads: several threads may use a seat at once. Releasing it must come after every other call
/// has returned.
///
/// ```c
/// mlicense_seat *seat = NULL;
/// if (mlicense_client_capture(client, "export", &seat, &error) != MLICENSE_STATUS_OK)
///     fprintf(stderr, "%s\n", mlicense_error_message(error, NULL)); // 1051: all are taken
/// for (int page = 0; page < 1000 && mlicense_seat_is_held(seat); page++)
///     export_everything();
/// mlicense_seat_release(&seat);
/// ```
#[derive(Debug)]
#[expect(non_camel_case_types, reason = "named for C")]
pub struct mlicense_seat {
    seat: Seat,
    calls: Arc<Calls>,
}

impl mlicense_seat {
    /// Follows a pointer to a seat, unless a callback of its client does so.
    ///
    /// # Safety
    /// As [`handle::borrow`].
    unsafe fn borrow<'a>(seat: *const Self) -> Result<&'a Self> {
        // SAFETY: as promised.
        let seat: &Self = unsafe { handle::borrow(seat, "seat") }?;
        seat.calls.check("seat")?;
        Ok(seat)
    }
}

const _: () = handle::shared_between_threads::<mlicense_seat>();

/// Captures a seat of a feature for one user of this program.
///
/// A feature without a limit takes no seat, and is captured any number of times. On success `*seat`
/// is a new seat, to be given back with mlicense_seat_release().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; INPUT_TOO_LARGE; NOT_LICENSED when the feature may not run, with
/// the reason; NO_FREE_LICENSE when all its seats are taken.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `feature` must be NULL or end with a NUL; `seat` and
/// `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_capture(
    client: *const mlicense_client,
    feature: *const c_char,
    seat: *mut *mut mlicense_seat,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("seat", seat, error) };
    // SAFETY: the caller promises a client or NULL.
    let reply = unsafe { reply.logged_by(client) };
    reply.give(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        // SAFETY: the caller promises a text or NULL.
        let feature = unsafe { memory::text(feature, "feature") }?;
        let (seat, calls) = (client.read()?.capture(feature)?, Arc::clone(client.calls()));
        Ok(mlicense_seat { seat, calls })
    })
}

/// Lists every feature that may run now, with its limit and how many seats this program has taken.
///
/// On success `*usage` is a new text, to be freed with mlicense_text_free(): JSON such as
/// `[{"feature": "export", "limit": 5, "captured": 2}, {"feature": "view", "captured": 0}]`; a
/// feature without a limit takes no seats. Free seats are nobody's: whoever needs one captures it.
///
/// Refused: NULL_ARGUMENT.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `usage` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_usage(
    client: *const mlicense_client,
    usage: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("usage", usage, error) };
    // SAFETY: the caller promises a client or NULL.
    let reply = unsafe { reply.logged_by(client) };
    reply.give(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        mlicense_text::json(&client.read()?.usage())
    })
}

/// Says whether the feature of a seat may still be used: true while the seat is among those that the
/// licences held now allow, and they let the feature run; false for NULL.
///
/// Threads: any; the seat and its client may be in use elsewhere.
///
/// # Safety
///
/// `seat` must be NULL or not yet released.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_seat_is_held(seat: *const mlicense_seat) -> bool {
    panic::shield(false, || {
        // SAFETY: the caller promises a seat or NULL.
        let seat = unsafe { mlicense_seat::borrow(seat) };
        seat.is_ok_and(|seat| seat.seat.is_held())
    })
}

/// Captures another feature for the same user; again the same feature takes no other seat. It is
/// released with the seat.
///
/// `kept` may be NULL; otherwise as for mlicense_seat_keep_alive().
///
/// Refused: as mlicense_client_capture().
///
/// Threads: any; the seat and its client may be in use elsewhere.
///
/// # Safety
///
/// `seat` must be NULL or not yet released; `feature` must be NULL or end with a NUL; `kept` and
/// `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_seat_capture(
    seat: *const mlicense_seat,
    feature: *const c_char,
    kept: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("kept", kept, error) };
    reply.give_if_wanted(|| {
        // SAFETY: the caller promises a seat or NULL.
        let seat = unsafe { mlicense_seat::borrow(seat) }?;
        // SAFETY: the caller promises a text or NULL.
        let feature = unsafe { memory::text(feature, "feature") }?;
        mlicense_text::json(&seat.seat.capture_too(feature)?)
    })
}

/// Says what is still held of all that was captured for a user, and what was lost since this was
/// asked last.
///
/// On success `*kept` is a new text, to be freed with mlicense_text_free(): JSON such as
/// `{"captured": ["export"], "dropped": ["print"]}`. What was lost comes back by a capture only.
///
/// Refused: NULL_ARGUMENT.
///
/// Threads: any; the seat and its client may be in use elsewhere.
///
/// # Safety
///
/// `seat` must be NULL or not yet released; `kept` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_seat_keep_alive(
    seat: *const mlicense_seat,
    kept: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("kept", kept, error) };
    reply.give(|| {
        // SAFETY: the caller promises a seat or NULL.
        let seat = unsafe { mlicense_seat::borrow(seat) }?;
        mlicense_text::json(&seat.seat.keep_alive()?)
    })
}

/// Gives a seat back and sets `*seat` to NULL; nothing happens when it or `seat` is NULL.
///
/// Threads: no other call may use the seat any more.
///
/// # Safety
///
/// `seat` must be NULL or writable, and `*seat` NULL or not yet released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_seat_release(seat: *mut *mut mlicense_seat) {
    // SAFETY: the caller gives it up.
    unsafe { handle::close(seat, |seat| seat.calls.are_inside()) };
}
