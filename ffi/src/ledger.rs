//! `mlicense_ledger`: the vendor's book of record.

use std::ffi::c_char;

use ::mlicense_ledger::{Ledger, RequestFrom};
use mlicense_core::{access::Actor, document::DOCUMENT_BYTES_MAX, id::CustomerId, json};

use crate::{
    callback::{Calls, Inside},
    error::{Result, mlicense_error},
    handle::{self, Reply, Report},
    instant::instant,
    memory,
    signer::mlicense_signer,
    status::mlicense_status,
    text::mlicense_text,
};

/// The vendor's book of record, which keeps who bought what and what was signed: one SQLite file, or a
/// schema of a PostgreSQL database.
///
/// A `place` that begins with `postgresql://` or `postgres://` is a database, any other text the path
/// of a file. A database on another machine is reached under TLS only, and only when its certificate
/// is for the host that is named and signed by an authority in the file `sslrootcert`, an absolute
/// path: `postgresql://user@db.example.com/vendor?sslrootcert=/etc/vendor/ca.pem`. To this machine
/// it goes without TLS unless told otherwise. A library built without PostgreSQL refuses a database
/// with FIELD_INVALID.
///
/// Commands and queries go in as JSON, receipts and views come out as JSON; the schemas stand in
/// include/schema, and an array of its values in place of an object is refused. Close it with
/// mlicense_ledger_close().
///
/// Limits: a command of 1 MiB, a query of 64 KiB, a document of 64 KiB; refused before they are
/// read.
///
/// Threads: several threads may use a ledger at once, and several programs its file
/// or database; each call is one transaction. Closing it must come after every other call has returned.
///
/// `now` is in seconds since 1970-01-01T00:00:00Z, or `MLICENSE_NOW`; INSTANT_INVALID refuses an
/// instant before 1970 or after 9999. Every call of a ledger may also be refused with STORE_BUSY,
/// STORE_FULL, STORE_READ_ONLY, STORE_CORRUPT and STORE_UNAVAILABLE.
///
/// ```c
/// const char *command = "{\"actor\": {\"role\": \"vendor\", \"id\": \"desk\"},"
///     " \"body\": {\"register_customer\": {\"customer\": \"c1\", \"zone\": \"Europe/Paris\"}}}";
/// mlicense_ledger *ledger = NULL;
/// mlicense_text *receipt = NULL;
/// if (mlicense_ledger_create("vendor.mlicense", &ledger, &error) == MLICENSE_STATUS_OK &&
///     mlicense_ledger_execute(ledger, command, strlen(command), MLICENSE_NOW, &receipt, &error) ==
///         MLICENSE_STATUS_OK)
///     puts(mlicense_text_data(receipt));
/// mlicense_text_free(receipt);
/// mlicense_ledger_close(&ledger);
/// ```
#[derive(Debug)]
#[expect(non_camel_case_types, reason = "named for C")]
pub struct mlicense_ledger {
    pub(crate) ledger: Ledger,
    calls: Calls,
}

impl mlicense_ledger {
    pub(crate) fn new(ledger: Ledger) -> Self {
        Self { ledger, calls: Calls::default() }
    }

    /// Follows a pointer to a ledger, unless a callback of a call of that ledger does so.
    ///
    /// # Safety
    /// As [`handle::borrow`].
    pub(crate) unsafe fn borrow<'a>(ledger: *const Self) -> Result<&'a Self> {
        // SAFETY: as promised.
        let ledger: &Self = unsafe { handle::borrow(ledger, "ledger") }?;
        ledger.calls.check("ledger")?;
        Ok(ledger)
    }

    /// Holds while a call of this ledger may call back.
    pub(crate) fn enter(&self) -> Inside<'_> {
        self.calls.enter()
    }
}

const _: () = handle::shared_between_threads::<mlicense_ledger>();

/// Makes a new ledger: in a file that does not exist yet, or in a database that exists, in a schema
/// `mlicense` of its own.
///
/// On success `*ledger` is a new ledger, to be closed with mlicense_ledger_close().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; STORE_EXISTS when something is there already; else as
/// mlicense_ledger_open().
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `place` must be NULL or end with a NUL; `ledger` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_create(
    place: *const c_char,
    ledger: *mut *mut mlicense_ledger,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("ledger", ledger, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let place = unsafe { memory::text(place, "place") }?;
        Ok(mlicense_ledger::new(Ledger::create(place)?))
    })
}

/// Opens a ledger that was created before.
///
/// On success `*ledger` is a new ledger, to be closed with mlicense_ledger_close().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; STORE_FOREIGN when the file or schema is something else;
/// STORE_NEWER; for a database FIELD_INVALID when the text cannot be read or leads to another machine
/// without TLS, and STORE_UNTRUSTED when the server is not who it should be; and as every call of a
/// ledger.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `place` must be NULL or end with a NUL; `ledger` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_open(
    place: *const c_char,
    ledger: *mut *mut mlicense_ledger,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("ledger", ledger, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let place = unsafe { memory::text(place, "place") }?;
        Ok(mlicense_ledger::new(Ledger::open(place)?))
    })
}

/// Answers the request of a customer's installation with a signed document.
///
/// `request` is the document that the installation wrote, of at most 64 KiB; `customer` is on whose
/// behalf it is answered, or NULL: then the customer whose registration number the request carries,
/// or a new one that registers; `actor` is who hands it in, in JSON as in an envelope. `signer` must be in
/// the published key ring. On success `*answer` is a new text, to be carried back to the
/// installation as it is; free it with mlicense_text_free(). It holds a licence, a signed refusal or
/// the receipt of what was given back, with the key ring, the revocation list and the time.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; NO_NUMBER and NUMBER_UNKNOWN when nobody is named; FIELD_INVALID for the customer; JSON_INVALID for the actor;
/// INPUT_TOO_LARGE; SYSTEM_FILE_INVALID for a request that is damaged or forged; KEY_RING_MISSING;
/// ALREADY_REGISTERED_ELSEWHERE and what else the rules refuse; and as every call of a ledger.
///
/// Threads: any; ledger and signer may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `customer` and `actor` must be NULL or end with a NUL;
/// `request` must be NULL or point to `request_length` bytes; `signer` must be NULL or not yet
/// freed; `answer` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_answer(
    ledger: *const mlicense_ledger,
    customer: *const c_char,
    actor: *const c_char,
    request: *const c_char,
    request_length: usize,
    signer: *const mlicense_signer,
    now: i64,
    answer: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("answer", answer, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        // SAFETY: the caller promises a text or NULL.
        let customer = unsafe { memory::optional_text(customer, "customer") }?;
        let customer = customer.map(CustomerId::new).transpose()?;
        // SAFETY: the caller promises a text or NULL.
        let actor = unsafe { memory::text(actor, "actor") }?;
        let actor: Actor = json::read("the actor", actor.as_bytes(), memory::TEXT_BYTES_MAX)?;
        let request = (request, request_length);
        // SAFETY: the caller promises as many bytes.
        let bytes = unsafe { memory::bytes(request, "request", DOCUMENT_BYTES_MAX) }?;
        // SAFETY: the caller promises a signer or NULL.
        let signer = &unsafe { handle::borrow(signer, "signer") }?.signer;
        let _inside = ledger.enter();
        let from = RequestFrom { customer: customer.as_ref(), actor: &actor, bytes };
        Ok(mlicense_text::new(ledger.ledger.answer(from, signer, instant(now)?)?))
    })
}

/// Lists what commands left to be sent, oldest first, at most `limit`: mails that tell a
/// registration number.
///
/// A message is written with the command that left it and stays until mlicense_ledger_sent() is
/// called: a program that stops in between sends it again, so that each goes out at least once. On
/// success `*outbox` is a new text, to be freed with mlicense_text_free(): JSON such as `[{"id": 1,
/// "command": "...", "message": {"number": {"customer": "c1", "person": "p1", "number":
/// "ACME-..."}}, "to": {"name": "...", "email": "..."}}]`, with the number in full, and without "to"
/// once the person was erased. A message for a webhook has "event" instead: what to tell it, and in
/// its "chain" the idempotency key.
///
/// Refused: NULL_ARGUMENT; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `outbox` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_outbox(
    ledger: *const mlicense_ledger,
    limit: u32,
    outbox: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("outbox", outbox, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        mlicense_text::json(&ledger.ledger.outbox(limit)?)
    })
}

/// Takes a message that was sent out of the outbox, by the "id" under which mlicense_ledger_outbox()
/// lists it; nothing happens when it is there no more.
///
/// Refused: NULL_ARGUMENT; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_sent(
    ledger: *const mlicense_ledger,
    id: u64,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that it is NULL or writable.
    let report = unsafe { Report::new(error) };
    report.run(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        Ok(ledger.ledger.sent(id)?)
    })
}

/// Reads the whole history again and recomputes every chain of it.
///
/// On success `*verified` is a new text, to be freed with mlicense_text_free(): JSON with the
/// number of streams and events, and the last chain hash of each stream, to be compared with those
/// of a backup.
///
/// Refused: NULL_ARGUMENT; HISTORY_BROKEN naming the first event that is not what was written; and
/// as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `verified` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_verify(
    ledger: *const mlicense_ledger,
    verified: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("verified", verified, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        mlicense_text::json(&ledger.ledger.verify()?)
    })
}

/// Closes a ledger, frees it and sets the variable to NULL; NULL is nothing to close.
///
/// Threads: no other call may use the ledger any more.
///
/// # Safety
///
/// `ledger` must be NULL or the address of a variable that is NULL or holds a ledger not yet
/// closed; no copy of its value may be used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_close(ledger: *mut *mut mlicense_ledger) {
    // SAFETY: the caller gives it up.
    unsafe { handle::close(ledger, |ledger| ledger.calls.are_inside()) };
}
