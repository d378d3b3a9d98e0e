//! `mlicense_feature`: one feature, for code that asks at every turn.

use std::{ffi::c_char, sync::Arc};

use mlicense_host::Feature;

use crate::{
    callback::Calls,
    client::{mlicense_client, mlicense_outcome},
    error::{Result, mlicense_error},
    handle::{self, Reply},
    memory, panic,
    status::mlicense_status,
};

/// One feature of a client, for code that asks at every turn: found once, and asked at the price of
/// a look at a clock.
///
/// It answers as mlicense_client_check() does, and goes on to do so when the client accepts another
/// licence. It waits for nothing, not even while the client writes its state. Free it with
/// mlicense_feature_free(), before or after the client is closed; a feature that outlives its client
/// goes by the licences that were held last.
///
/// Threads: several threads may ask a feature at once. Freeing it must come after every other call
/// has returned.
///
/// ```c
/// mlicense_feature *export = NULL;
/// if (mlicense_client_feature(client, "export", &export, &error) != MLICENSE_STATUS_OK)
///     fprintf(stderr, "%s\n", mlicense_error_message(error, NULL));
/// for (int page = 0; page < 1000 && mlicense_feature_check(export); page++)
///     export_everything();
/// mlicense_feature_free(export);
/// ```
#[derive(Debug)]
#[expect(non_camel_case_types, reason = "named for C")]
pub struct mlicense_feature {
    feature: Feature,
    calls: Arc<Calls>,
}

/// Finds a feature of a client; one that no licence names is denied until a licence names it.
///
/// `name` is as for mlicense_client_check(). On success `*feature` is a new feature, to be freed with
/// mlicense_feature_free().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; INPUT_TOO_LARGE.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `name` must be NULL or end with a NUL; `feature` and
/// `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_feature(
    client: *const mlicense_client,
    name: *const c_char,
    feature: *mut *mut mlicense_feature,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("feature", feature, error) };
    // SAFETY: the caller promises a client or NULL.
    let reply = unsafe { reply.logged_by(client) };
    reply.give(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        // SAFETY: the caller promises a text or NULL.
        let name = unsafe { memory::text(name, "name") }?;
        let (feature, calls) = (client.read()?.feature(name), Arc::clone(client.calls()));
        Ok(mlicense_feature { feature, calls })
    })
}

/// Says whether the feature may run now, as mlicense_client_check(); denied for NULL.
///
/// Threads: any; the feature and its client may be in use elsewhere.
///
/// # Safety
///
/// `feature` must be NULL or not yet freed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_feature_check(
    feature: *const mlicense_feature,
) -> mlicense_outcome {
    panic::shield(mlicense_outcome::Denied, || {
        // SAFETY: the caller promises a feature or NULL.
        let feature: Result<&mlicense_feature> = unsafe { handle::borrow(feature, "feature") };
        let Some(feature) = feature.ok().filter(|feature| !feature.calls.are_inside()) else {
            return mlicense_outcome::Denied;
        };
        feature.feature.outcome().into()
    })
}

/// Frees a feature; NULL is nothing to free.
///
/// Threads: no other call may use the feature any more.
///
/// # Safety
///
/// `feature` must be NULL or not yet freed, and must not be used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_feature_free(feature: *mut mlicense_feature) {
    // SAFETY: the caller gives it up.
    unsafe { handle::free(feature, |feature| feature.calls.are_inside()) };
}
