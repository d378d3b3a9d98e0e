//! What keeps a client's licences: the next contact, the way out, and the state in bytes.

use mlicense_core::decision::Decision;

use std::ffi::c_char;

use crate::{
    client::{mlicense_client, mlicense_outcome},
    error::{Result, mlicense_error},
    handle::Reply,
    instant::given,
    memory, panic,
    status::mlicense_status,
    text::mlicense_text,
};

/// Says whether a feature may run now for one device; a licence that names devices covers those, and
/// one that names none covers any.
///
/// Denied for NULL, text that is not UTF-8 and what is no id of a device; else as
/// mlicense_client_check().
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `feature` and `device` must be NULL or end with a NUL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_check_device(
    client: *const mlicense_client,
    feature: *const c_char,
    device: *const c_char,
) -> mlicense_outcome {
    panic::shield(mlicense_outcome::Denied, || {
        let decide = || -> Result<Decision> {
            // SAFETY: the caller promises a client or NULL.
            let client = unsafe { mlicense_client::borrow(client) }?;
            // SAFETY: the caller promises a text or NULL.
            let feature = unsafe { memory::text(feature, "feature") }?;
            // SAFETY: the caller promises a text or NULL.
            let device = unsafe { memory::text(device, "device") }?.parse()?;
            Ok(client.read()?.check_device(feature, &device))
        };
        decide().map_or(mlicense_outcome::Denied, |decision| decision.outcome().into())
    })
}

/// Says what the program should do next to stay licensed, and when.
///
/// On success `*action` is a new text, to be freed with mlicense_text_free(): JSON such as
/// `{"action": "refresh", "at": "2026-08-30T12:00:00Z", "failures": 0, "renew_by":
/// "2027-03-01T00:00:00Z", "runs_until": "2027-03-31T00:00:00Z"}`. The action is "refresh" (write a
/// request to refresh, carry it to the vendor and accept the answer, from `at` on), "request" (no
/// licence is held: ask for one) or "nothing". After requests without an answer `at` lies 300
/// seconds ahead, then twice as much up to 21600, each time varied by at most a quarter.
///
/// Refused: NULL_ARGUMENT; INSTANT_INVALID.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `action` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_next_action(
    client: *const mlicense_client,
    now: i64,
    action: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("action", action, error) };
    // SAFETY: the caller promises a client or NULL.
    let reply = unsafe { reply.logged_by(client) };
    reply.give(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        let (now, client) = (given(now)?, client.read()?);
        mlicense_text::json(
            &now.map_or_else(|| client.next_action(), |now| client.next_action_at(now)),
        )
    })
}

/// Writes a request to give the licence back, before this installation is removed or its product
/// moved to another host.
///
/// The licences stay until the vendor's answer is accepted: it is the signed receipt, and ends them.
/// On success `*request` is a new text, to be carried to the vendor as it is; free it with
/// mlicense_text_free().
///
/// Refused: NULL_ARGUMENT; INSTANT_INVALID; STORE_BUSY, STORE_FULL, STORE_READ_ONLY,
/// STORE_UNAVAILABLE.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `request` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_deactivate(
    client: *mut mlicense_client,
    now: i64,
    request: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("request", request, error) };
    // SAFETY: the caller promises a client or NULL.
    let reply = unsafe { reply.logged_by(client) };
    reply.give(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        let now = given(now)?;
        let mut client = client.write()?;
        Ok(mlicense_text::new(match now {
            Some(now) => client.deactivate_at(now)?,
            None => client.deactivate()?,
        }))
    })
}

/// Gives the state, for programs that keep it themselves and open the next client with the option
/// `state`.
///
/// It holds the installation's private key and licences: keep it as a secret. Take it after each
/// request and each accepted document, and now and then for what is known of the time. On success
/// `*state` is a new text, to be freed with mlicense_text_free().
///
/// Refused: NULL_ARGUMENT.
///
/// Threads: any; the client may be in use elsewhere.
///
/// ```c
/// mlicense_text *state = NULL;
/// if (mlicense_client_state(client, &state, &error) == MLICENSE_STATUS_OK) {
///     mlicense_client_options options = {
///         .size = sizeof options,
///         .state = mlicense_text_data(state),
///         .state_length = mlicense_text_length(state),
///     };
///     mlicense_client *again = NULL;
///     if (mlicense_client_open("editor", roots, 1, &options, &again, &error) == 0)
///         mlicense_client_close(&again);
/// }
/// mlicense_text_free(state);
/// ```
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `state` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_state(
    client: *const mlicense_client,
    state: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("state", state, error) };
    // SAFETY: the caller promises a client or NULL.
    let reply = unsafe { reply.logged_by(client) };
    reply.give(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        let state = client.read()?.state();
        Ok(mlicense_text::new(String::from_utf8(state).map_err(crate::error::Fault::internal)?))
    })
}
