//! Commands and queries of a ledger, in JSON.

use std::ffi::{c_char, c_void};

use ::mlicense_ledger::{Progress, Receipt, fresh_id};
use mlicense_core::{
    access::Actor,
    error::{Refusal, RefusalView},
    history::{Command, Envelope},
    id::CommandId,
    json,
    view::Query,
};
use serde::{Deserialize, Serialize};

use crate::{
    callback::{self, Context, mlicense_progress},
    error::{Result, mlicense_error},
    handle::Reply,
    instant::instant,
    ledger::mlicense_ledger,
    memory,
    status::mlicense_status,
    text::mlicense_text,
};

/// The most that mlicense_ledger_execute_many() reads, in bytes.
const MANY_BYTES_MAX: usize = 16 * Command::BYTES_MAX;

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

/// Does many commands, each for itself and in order: one refused stops none of the others.
///
/// Hundreds of them share a transaction, which is many times faster than one after another.
/// `envelopes` is a JSON array of at most 16 MiB, of envelopes as for mlicense_ledger_execute().
/// `progress` is called with `context`, in commands, after each of these, and may be NULL. On success
/// `*done` is a new text, to be freed with mlicense_text_free(): a JSON array with one element for
/// each command, either `{"receipt": {...}}` or `{"refusal": {"number": 10003, "name": "...",
/// "message": "...", "remedy": "..."}}`. When a fault of the store stops the call, what was not done
/// yet is not done: give all of them again, under the same ids, and those are done that were not.
///
/// Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID when one of them is no envelope,
/// and nothing is done then; CALLED_BACK; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere. `progress` is called in this thread.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `envelopes` must be NULL or point to `envelopes_length`
/// bytes; `progress` must be NULL or may be called with `context`; `done` and `error` must be NULL
/// or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_execute_many(
    ledger: *const mlicense_ledger,
    envelopes: *const c_char,
    envelopes_length: usize,
    now: i64,
    progress: mlicense_progress,
    context: *mut c_void,
    done: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("done", done, error) };
    reply.give_if_wanted(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        let envelopes = (envelopes, envelopes_length);
        // SAFETY: the caller promises as many bytes.
        let json = unsafe { memory::bytes(envelopes, "envelopes", MANY_BYTES_MAX) }?;
        let drafts: Vec<Draft> = json::read("the commands", json, MANY_BYTES_MAX)?;
        let envelopes = drafts.into_iter().map(Draft::complete).collect::<Result<Vec<_>>>()?;
        let _inside = ledger.enter();
        let mut tell = callback::progress(progress, Context(context));
        let tell = &mut |at: Progress| tell(at.done, at.of);
        let done = ledger.ledger.execute_many(&envelopes, instant(now)?, tell)?;
        mlicense_text::json(&done.iter().map(Done::of).collect::<Vec<_>>())
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

/// An envelope that need not have an id.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    id: Option<CommandId>,
    actor: Actor,
    body: Command,
}

impl Draft {
    /// The envelope, with a random id if it has none.
    fn complete(self) -> Result<Envelope> {
        let Self { id, actor, body } = self;
        Ok(Envelope { id: id.map_or_else(fresh_id, Ok)?, actor, body })
    }
}

fn draft(json: &[u8]) -> Result<Envelope> {
    json::read::<Draft>("the command", json, Command::BYTES_MAX)?.complete()
}

/// What became of one command of many.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Done<'d> {
    Receipt(&'d Receipt),
    Refusal(RefusalView),
}

impl<'d> Done<'d> {
    fn of(done: &'d std::result::Result<Receipt, Refusal>) -> Self {
        match done {
            Ok(receipt) => Self::Receipt(receipt),
            Err(refusal) => Self::Refusal(refusal.view()),
        }
    }
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
