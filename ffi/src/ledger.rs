//! `mlicense_ledger`: the vendor's book of record.

use std::{ffi::c_char, path::Path};

use ::mlicense_ledger::{Ledger, RequestFrom};
use mlicense_core::{
    access::Actor,
    document::DOCUMENT_BYTES_MAX,
    history::{Command, Envelope},
    id::{CommandId, CustomerId},
    json,
    view::Query,
};
use serde::Deserialize;

use crate::{
    callback::{Calls, Inside},
    entropy,
    error::{Result, mlicense_error},
    handle::{self, Reply, Report},
    instant::instant,
    memory,
    signer::mlicense_signer,
    status::mlicense_status,
    text::mlicense_text,
};

/// The vendor's book of record: one file that keeps who bought what and what was signed.
///
/// Commands and queries go in as JSON, receipts and views come out as JSON; the schemas stand in
/// include/schema. Close it with mlicense_ledger_close().
///
/// Limits: a command of 1 MiB, a query of 64 KiB, a document of 64 KiB; refused before they are
/// read.
///
/// Threads: several threads may use a ledger at once, and several programs its file; each call is
/// one transaction. Closing it must come after every other call has returned.
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

/// Makes a new ledger in a file that does not exist yet.
///
/// On success `*ledger` is a new ledger, to be closed with mlicense_ledger_close().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; STORE_EXISTS when something is there already; and as every
/// call of a ledger.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `path` must be NULL or end with a NUL; `ledger` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_create(
    path: *const c_char,
    ledger: *mut *mut mlicense_ledger,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("ledger", ledger, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let path = unsafe { memory::text(path, "path") }?;
        Ok(mlicense_ledger::new(Ledger::create(Path::new(path))?))
    })
}

/// Opens a ledger that was created before.
///
/// On success `*ledger` is a new ledger, to be closed with mlicense_ledger_close().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; STORE_FOREIGN when the file is something else; STORE_NEWER;
/// and as every call of a ledger.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `path` must be NULL or end with a NUL; `ledger` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_open(
    path: *const c_char,
    ledger: *mut *mut mlicense_ledger,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("ledger", ledger, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let path = unsafe { memory::text(path, "path") }?;
        Ok(mlicense_ledger::new(Ledger::open(Path::new(path))?))
    })
}

/// Does a command, once.
///
/// `envelope` is JSON of at most 1 MiB: `{"id": "...", "actor": {"role": "vendor", "id": "..."},
/// "body": {...}}`, as include/schema/envelope.json says. Repeating a command under the same id
/// gives the first receipt again and changes nothing; without an "id" the command gets a random one
/// and is done each time. `receipt` may be NULL; otherwise `*receipt` is a new text on success, to be freed
/// with mlicense_text_free(): JSON with the events written. When refused, nothing was changed.
///
/// Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID; COMMAND_ID_REUSED for another
/// command under the same id; FORBIDDEN; what the rules refuse; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `envelope` must be NULL or point to `envelope_length`
/// bytes; `receipt` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_execute(
    ledger: *const mlicense_ledger,
    envelope: *const c_char,
    envelope_length: usize,
    now: i64,
    receipt: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("receipt", receipt, error) };
    reply.give_if_wanted(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        let envelope = (envelope, envelope_length);
        // SAFETY: the caller promises as many bytes.
        let json = unsafe { memory::bytes(envelope, "envelope", Command::BYTES_MAX) }?;
        mlicense_text::json(&ledger.ledger.execute(&draft(json)?, instant(now)?)?)
    })
}

/// Says what a command would do, without doing it.
///
/// `envelope` is as for mlicense_ledger_execute(). On success `*preview` is a new text, to be freed
/// with mlicense_text_free(): JSON with the events that would be written, warnings, and the token
/// for mlicense_ledger_commit(). That the rules would refuse the command is part of the answer, not
/// a refusal of the preview.
///
/// Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `envelope` must be NULL or point to `envelope_length`
/// bytes; `preview` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_preview(
    ledger: *const mlicense_ledger,
    envelope: *const c_char,
    envelope_length: usize,
    now: i64,
    preview: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("preview", preview, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        let envelope = (envelope, envelope_length);
        // SAFETY: the caller promises as many bytes.
        let json = unsafe { memory::bytes(envelope, "envelope", Command::BYTES_MAX) }?;
        mlicense_text::json(&ledger.ledger.preview(&draft(json)?, instant(now)?)?)
    })
}

/// Does a command if it would do exactly what its preview showed.
///
/// `token` is the one from the preview. `receipt` may be NULL; otherwise `*receipt` is a new text on success, to be freed
/// with mlicense_text_free().
///
/// Refused: PREVIEW_STALE when the command would do something else by now; and as
/// mlicense_ledger_execute().
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `envelope` must be NULL or point to `envelope_length`
/// bytes; `token` must be NULL or end with a NUL; `receipt` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_commit(
    ledger: *const mlicense_ledger,
    envelope: *const c_char,
    envelope_length: usize,
    token: *const c_char,
    now: i64,
    receipt: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("receipt", receipt, error) };
    reply.give_if_wanted(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        // SAFETY: the caller promises a text or NULL.
        let token = unsafe { memory::text(token, "token") }?;
        let envelope = (envelope, envelope_length);
        // SAFETY: the caller promises as many bytes.
        let json = unsafe { memory::bytes(envelope, "envelope", Command::BYTES_MAX) }?;
        mlicense_text::json(&ledger.ledger.commit(&draft(json)?, token, instant(now)?)?)
    })
}

/// Answers a question about what the ledger holds at `now`.
///
/// `query` is JSON of at most 64 KiB, such as `{"overview": {"customer": "c1"}}`, as
/// include/schema/query.json says. On success `*view` is a new text, to be freed with
/// mlicense_text_free(): JSON as include/schema/view.json says.
///
/// Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID; CUSTOMER_UNKNOWN,
/// NOT_REGISTERED and the like; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `query` must be NULL or point to `query_length` bytes;
/// `view` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_query(
    ledger: *const mlicense_ledger,
    query: *const c_char,
    query_length: usize,
    now: i64,
    view: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("view", view, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        // SAFETY: the caller promises as many bytes.
        let json = unsafe { memory::bytes((query, query_length), "query", Query::BYTES_MAX) }?;
        mlicense_text::json(&ledger.ledger.query(&Query::from_json(json)?, instant(now)?)?)
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

/// Reads an envelope, and gives it a random id if it has none.
fn draft(json: &[u8]) -> Result<Envelope> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Draft {
        id: Option<CommandId>,
        actor: Actor,
        body: Command,
    }
    let Draft { id, actor, body } = json::read("the command", json, Command::BYTES_MAX)?;
    let id = match id {
        Some(id) => id,
        None => random_id()?,
    };
    Ok(Envelope { id, actor, body })
}

pub(crate) fn random_id() -> Result<CommandId> {
    let bytes: [u8; 16] = entropy::bytes()?;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(CommandId::new(&hex)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAFT: &str = r#"{"actor": {"role": "vendor", "id": "desk"},
        "body": {"erase_person": {"person": "p1"}}}"#;

    #[test]
    fn a_command_without_an_id_gets_another_each_time() {
        let ids = [draft(DRAFT.as_bytes()).unwrap().id, draft(DRAFT.as_bytes()).unwrap().id];
        assert_ne!(ids[0], ids[1]);
        assert_eq!(ids.map(|id| id.as_str().len()), [32, 32]);
    }

    #[test]
    fn an_id_that_is_given_is_kept() {
        let envelope = DRAFT.replacen('{', r#"{"id": "k1", "#, 1);
        let draft = draft(envelope.as_bytes()).unwrap();
        assert_eq!(draft, Envelope::from_json(envelope.as_bytes()).unwrap());
    }
}
