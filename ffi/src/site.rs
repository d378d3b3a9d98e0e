//! `mlicense_site`: seats that programs share.

use std::{ffi::c_char, sync::Arc};

use ::mlicense_ledger::{SeatLedger, SiteSeats};
use mlicense_core::{
    document::{DOCUMENT_BYTES_MAX, License},
    id::FeatureId,
    seat::{Limits, Quota, Terms},
    signing::Trust,
};
use mlicense_host::{Clock, SystemClock};

use crate::{
    callback::Calls,
    client::mlicense_client,
    error::{Result, mlicense_error},
    handle::{self, Reply, Report},
    license::{KEYS_MAX, public_keys},
    memory,
    status::mlicense_status,
    text::mlicense_text,
};

/// The seats of a product at a site, shared by the programs of a machine through one file or by those
/// of many through a database; or those that a vendor counts for a customer over all its sites.
///
/// The licences of the client from which it was opened say how many there are, also after the client
/// accepted others or was closed; the programs hold the same licences. At the vendor one licence
/// says so, wherever it is bound. A holder opens a session by a
/// capture, gives signs of life within its lease, which is 300 seconds unless the licences or who
/// opens the site say otherwise, and releases it; the seats of one that crashed are free when its
/// lease ends. Close it with mlicense_site_close().
///
/// Threads: several threads may use a site at once, and several programs its file
/// or database; each call is one transaction. Closing it must come after every other call has returned. A process that forks
/// opens it anew in the child.
///
/// Every call of a site may also be refused with STORE_BUSY, STORE_FULL, STORE_READ_ONLY,
/// STORE_CORRUPT and STORE_UNAVAILABLE.
///
/// ```c
/// mlicense_site *site = NULL;
/// mlicense_text *session = NULL;
/// if (mlicense_site_open("/var/lib/editor/editor.seats", client, 0, 0, &site, &error) ==
///         MLICENSE_STATUS_OK &&
///     mlicense_site_capture(site, "export", "desk 1", &session, &error) == MLICENSE_STATUS_OK) {
///     export_everything(); // and, at least once in 300 seconds:
///     if (mlicense_site_keep_alive(site, mlicense_text_data(session), NULL, &error) !=
///             MLICENSE_STATUS_OK)
///         fprintf(stderr, "%s\n", mlicense_error_message(error, NULL)); // 1021: it has run out
///     if (mlicense_site_release(site, mlicense_text_data(session), NULL, NULL) !=
///             MLICENSE_STATUS_OK)
///         fprintf(stderr, "the seat is free when its lease ends\n");
/// }
/// mlicense_text_free(session);
/// mlicense_site_close(&site);
/// ```
#[derive(Debug)]
#[expect(non_camel_case_types, reason = "named for C")]
pub struct mlicense_site {
    seats: SiteSeats,
    calls: Arc<Calls>,
}

impl mlicense_site {
    /// Follows a pointer to a site, unless a callback of its client does so.
    ///
    /// # Safety
    /// As [`handle::borrow`].
    unsafe fn borrow<'a>(site: *const Self) -> Result<&'a Self> {
        // SAFETY: as promised.
        let site: &Self = unsafe { handle::borrow(site, "site") }?;
        site.calls.check("site")?;
        Ok(site)
    }
}

const _: () = handle::shared_between_threads::<mlicense_site>();

/// Opens the seats of a client's product, and makes the file or the schema `mlicense_seats` of a
/// database where there is none.
///
/// `place` is as for a mlicense_ledger; a file must be on a disk of this machine. `lease_seconds` is for how long a session lasts
/// without a sign of life, 60 to 3600, or 0 for 300. With a `release_strict` that is not 0 a release
/// of what was not captured is refused; otherwise it does nothing. What the licences of the client
/// state of either comes first. On success `*site` is a new site, to be closed with
/// mlicense_site_close().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for the lease or a database that cannot be reached
/// so; STORE_FOREIGN when the file is something else; STORE_NEWER; STORE_UNTRUSTED; and as every call
/// of a site.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `place` must be NULL or end with a NUL; `client` must be NULL or not yet closed; `site` and
/// `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_site_open(
    place: *const c_char,
    client: *const mlicense_client,
    lease_seconds: u32,
    release_strict: u32,
    site: *mut *mut mlicense_site,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("site", site, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let place = unsafe { memory::text(place, "place") }?;
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        let terms = terms(lease_seconds, release_strict != 0)?;
        let (product, quota) = {
            let held = client.read()?;
            (held.product().clone(), held.quota())
        };
        let seats = SeatLedger::open(place)?.site(&product, quota).with_terms(terms);
        Ok(mlicense_site { seats, calls: Arc::clone(client.calls()) })
    })
}

/// Opens, at the vendor, the seats that one of its customers has of a licence over all its sites.
///
/// `place` is as for mlicense_site_open(), and one place serves all customers and products. `license`
/// is the licence that the vendor signed last for the customer, of at most 64 KiB, and `keys` are the
/// `keys_count` public keys in base64url, at most 64, of which one must have signed it. Every call
/// asks it by the system's clock, so that nothing is handed out after its end; once there is a newer
/// licence, open another site with that. `lease_seconds` and `release_strict` are as for
/// mlicense_site_open(). On success `*site` is a new site, to be closed with mlicense_site_close().
///
/// Refused: FIELD_INVALID for the customer and for too many keys; KEY_WEAK for a text that is no key;
/// INPUT_TOO_LARGE, DOCUMENT_MALFORMED, DOCUMENT_WRONG_TYPE, KEY_NOT_TRUSTED and SIGNATURE_INVALID
/// for the licence; and as mlicense_site_open().
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `place` and `customer` must be NULL or end with a NUL; `license` must be NULL or point to
/// `license_length` bytes; `keys` must be NULL or point to `keys_count` pointers, each NULL or ending
/// with a NUL; `site` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_site_open_at_vendor(
    place: *const c_char,
    customer: *const c_char,
    license: *const c_char,
    license_length: usize,
    keys: *const *const c_char,
    keys_count: usize,
    lease_seconds: u32,
    release_strict: u32,
    site: *mut *mut mlicense_site,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("site", site, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let place = unsafe { memory::text(place, "place") }?;
        // SAFETY: the caller promises a text or NULL.
        let customer = unsafe { memory::text(customer, "customer") }?.parse()?;
        // SAFETY: the caller promises as many keys.
        let keys = public_keys(unsafe { memory::texts((keys, keys_count), "keys", KEYS_MAX) }?)?;
        let license = (license, license_length);
        // SAFETY: the caller promises as many bytes.
        let license = unsafe { memory::bytes(license, "license", DOCUMENT_BYTES_MAX) }?;
        let license = License::verify(license, &Trust::new(&keys, None)?)?;
        let terms = terms(lease_seconds, release_strict != 0)?;
        let product = license.claims().product.clone();
        let seats = SeatLedger::open(place)?.customer(&customer, &product, OfLicense(license));
        Ok(mlicense_site { seats: seats.with_terms(terms), calls: Arc::default() })
    })
}

/// What a licence gives, by the system's clock.
#[derive(Debug)]
struct OfLicense(License);

impl Quota for OfLicense {
    fn limits(&self) -> Limits {
        Limits::of_license(&self.0, &self.0.claims().product, SystemClock.now())
    }
}

/// Captures a feature in a new session.
///
/// `holder` is what the user says about itself, at most 1024 bytes, for whoever looks who holds the
/// seats; it may be NULL. On success `*session` is a new text, to be freed with
/// mlicense_text_free(): the id of the session, by which whoever knows it may use and end it.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; NOT_LICENSED when the feature may not run, with the reason;
/// NO_FREE_LICENSE when all its seats are taken; SESSIONS_FULL when so many sessions are open that
/// this one has to wait; INPUT_TOO_LARGE for the holder; INTERNAL when the system has no randomness
/// to give; and as every call of a site.
///
/// Threads: any; the site may be in use elsewhere.
///
/// # Safety
///
/// `site` must be NULL or not yet closed; `feature` and `holder` must be NULL or end with a NUL;
/// `session` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_site_capture(
    site: *const mlicense_site,
    feature: *const c_char,
    holder: *const c_char,
    session: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("session", session, error) };
    reply.give(|| {
        // SAFETY: the caller promises a site or NULL.
        let site = unsafe { mlicense_site::borrow(site) }?;
        // SAFETY: the caller promises a text or NULL.
        let feature = unsafe { memory::text(feature, "feature") }?;
        // SAFETY: the caller promises a text or NULL.
        let holder = unsafe { memory::optional_text(holder, "holder") }?;
        let captured = site.seats.capture(feature, holder.unwrap_or_default())?;
        Ok(mlicense_text::new(captured.session.to_string()))
    })
}

/// Captures another feature in a session that is open, which is a sign of life too; again the same
/// feature takes no other seat.
///
/// `kept` may be NULL; otherwise as for mlicense_site_keep_alive().
///
/// Refused: SESSION_UNKNOWN when the session is not open; and as mlicense_site_capture().
///
/// Threads: any; the site may be in use elsewhere.
///
/// # Safety
///
/// `site` must be NULL or not yet closed; `session` and `feature` must be NULL or end with a NUL;
/// `kept` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_site_capture_in(
    site: *const mlicense_site,
    session: *const c_char,
    feature: *const c_char,
    kept: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("kept", kept, error) };
    reply.give_if_wanted(|| {
        // SAFETY: the caller promises a site or NULL.
        let site = unsafe { mlicense_site::borrow(site) }?;
        // SAFETY: the caller promises a text or NULL.
        let session = unsafe { memory::text(session, "session") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let feature = unsafe { memory::text(feature, "feature") }?;
        mlicense_text::json(&site.seats.capture_in(&session, feature)?.kept)
    })
}

/// Gives a sign of life: the session lasts for a lease from now, and two in a row do not add up.
///
/// `kept` may be NULL; otherwise `*kept` is a new text on success, to be freed with
/// mlicense_text_free(): JSON such as `{"until": "2026-03-01T09:05:00Z", "captured": ["export"],
/// "dropped": ["print"]}`, with the first instant at which the session is over, what it holds, and
/// what it lost since the last sign of life. What was lost comes back by a capture only.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; SESSION_UNKNOWN when the session is not open, or its lease has
/// ended; and as every call of a site.
///
/// Threads: any; the site may be in use elsewhere.
///
/// # Safety
///
/// `site` must be NULL or not yet closed; `session` must be NULL or end with a NUL; `kept` and
/// `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_site_keep_alive(
    site: *const mlicense_site,
    session: *const c_char,
    kept: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("kept", kept, error) };
    reply.give_if_wanted(|| {
        // SAFETY: the caller promises a site or NULL.
        let site = unsafe { mlicense_site::borrow(site) }?;
        // SAFETY: the caller promises a text or NULL.
        let session = unsafe { memory::text(session, "session") }?.parse()?;
        mlicense_text::json(&site.seats.keep_alive(&session)?)
    })
}

/// Releases one feature of a session, which stays open; or, with `feature` NULL, all of them, and
/// ends it.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for what is no id of a feature; where releases are
/// strict SESSION_UNKNOWN and NOT_CAPTURED; and as every call of a site.
///
/// Threads: any; the site may be in use elsewhere.
///
/// # Safety
///
/// `site` must be NULL or not yet closed; `session` and `feature` must be NULL or end with a NUL;
/// `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_site_release(
    site: *const mlicense_site,
    session: *const c_char,
    feature: *const c_char,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that it is NULL or writable.
    let report = unsafe { Report::new(error) };
    report.run(|| {
        // SAFETY: the caller promises a site or NULL.
        let site = unsafe { mlicense_site::borrow(site) }?;
        // SAFETY: the caller promises a text or NULL.
        let session = unsafe { memory::text(session, "session") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let feature = unsafe { memory::optional_text(feature, "feature") }?;
        match feature.map(FeatureId::new).transpose()? {
            Some(feature) => site.seats.release(&session, &feature)?,
            None => site.seats.end(&session)?,
        }
        Ok(())
    })
}

/// Lists every feature that may run now, with its limit and how many seats are taken at the site.
///
/// On success `*usage` is a new text, to be freed with mlicense_text_free(): JSON as of
/// mlicense_client_usage(). Free seats are nobody's: whoever needs one captures it.
///
/// Refused: NULL_ARGUMENT; and as every call of a site.
///
/// Threads: any; the site may be in use elsewhere.
///
/// # Safety
///
/// `site` must be NULL or not yet closed; `usage` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_site_usage(
    site: *const mlicense_site,
    usage: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("usage", usage, error) };
    reply.give(|| {
        // SAFETY: the caller promises a site or NULL.
        let site = unsafe { mlicense_site::borrow(site) }?;
        mlicense_text::json(&site.seats.usage()?)
    })
}

/// Closes a site and sets `*site` to NULL; nothing happens when it or `site` is NULL. Sessions that
/// are open stay so until their leases end.
///
/// Threads: no other call may use the site any more.
///
/// # Safety
///
/// `site` must be NULL or writable, and `*site` NULL or not yet closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_site_close(site: *mut *mut mlicense_site) {
    // SAFETY: the caller gives it up.
    unsafe { handle::close(site, |site| site.calls.are_inside()) };
}

fn terms(lease_seconds: u32, release_strict: bool) -> Result<Terms> {
    let terms = if release_strict { Terms::default().strict() } else { Terms::default() };
    Ok(if lease_seconds == 0 { terms } else { terms.with_lease(lease_seconds)? })
}
