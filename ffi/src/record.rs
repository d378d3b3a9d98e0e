//! The ledger as a book of record: copies of it, and what it vouches for.

use std::{
    ffi::{c_char, c_void},
    fs::{self, File},
    io::{BufReader, BufWriter, ErrorKind as Io},
    path::Path,
};

use ::mlicense_ledger::{ExportOptions, Ledger};
use mlicense_core::{
    document::Checkpoint,
    error::{ErrorKind, Refusal},
};

use crate::{
    callback::{Context, mlicense_progress, progress},
    document::{NOTE_BYTES_MAX, trust},
    error::{Fault, Result, mlicense_error},
    handle::{self, Reply, Report},
    instant::instant,
    ledger::mlicense_ledger,
    memory,
    signer::mlicense_signer,
    status::mlicense_status,
    text::mlicense_text,
};

/// For mlicense_ledger_export(): leaves names and addresses out.
pub const MLICENSE_EXPORT_WITHOUT_PEOPLE: u32 = 1;
/// For mlicense_ledger_export(): leaves out what is to be sent.
pub const MLICENSE_EXPORT_WITHOUT_OUTBOX: u32 = 2;

/// Opens a ledger that is there, to read only: nothing can change it, not even by accident.
///
/// `path` is UTF-8. On success `*ledger` is a new ledger, to be closed with
/// mlicense_ledger_close(); what would change it is refused with STORE_READ_ONLY.
///
/// Refused: as mlicense_ledger_open().
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `path` must be NULL or end with a NUL; `ledger` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_open_read_only(
    path: *const c_char,
    ledger: *mut *mut mlicense_ledger,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("ledger", ledger, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let path = unsafe { memory::text(path, "path") }?;
        Ok(mlicense_ledger::new(Ledger::open_read_only(Path::new(path))?))
    })
}

/// Copies a ledger into a new file while it is used; the copy is as of one instant and can be opened
/// as it is.
///
/// `path` is UTF-8 and must not exist. `progress` is called with `context`, in pages, and may be
/// NULL.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; STORE_EXISTS; CALLED_BACK; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere. `progress` is called in this thread.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `path` must be NULL or end with a NUL; `progress` must
/// be NULL or may be called with `context`; `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_backup(
    ledger: *const mlicense_ledger,
    path: *const c_char,
    progress: mlicense_progress,
    context: *mut c_void,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that it is NULL or writable.
    let report = unsafe { Report::new(error) };
    report.run(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        // SAFETY: the caller promises a text or NULL.
        let path = Path::new(unsafe { memory::text(path, "path") }?);
        let _inside = ledger.enter();
        let mut tell = self::progress(progress, Context(context));
        Ok(ledger.ledger.backup(path, &mut |at| tell(at.done, at.of))?)
    })
}

/// Gives the file system back what a ledger's file does not need any more.
///
/// Refused: NULL_ARGUMENT; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere, and waits meanwhile.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_vacuum(
    ledger: *const mlicense_ledger,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that it is NULL or writable.
    let report = unsafe { Report::new(error) };
    report.run(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        Ok(ledger.ledger.vacuum()?)
    })
}

/// Writes all that a ledger holds into a new file of text, one line of JSON for each event and row,
/// having verified the history; mlicense_ledger_import() makes the same ledger of it.
///
/// `path` is UTF-8 and must not exist; what was begun is removed when it fails. `without` is 0, or
/// MLICENSE_EXPORT_WITHOUT_PEOPLE, MLICENSE_EXPORT_WITHOUT_OUTBOX, or both by `|`. `progress` is
/// called with `context`, in events, and may be NULL.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for `without`; STORE_EXISTS; CALLED_BACK; as
/// mlicense_ledger_verify(); and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere. `progress` is called in this thread.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `path` must be NULL or end with a NUL; `progress` must
/// be NULL or may be called with `context`; `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_export(
    ledger: *const mlicense_ledger,
    path: *const c_char,
    without: u32,
    progress: mlicense_progress,
    context: *mut c_void,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that it is NULL or writable.
    let report = unsafe { Report::new(error) };
    report.run(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        // SAFETY: the caller promises a text or NULL.
        let path = Path::new(unsafe { memory::text(path, "path") }?);
        let options = export_options(without)?;
        let mut to = BufWriter::new(File::create_new(path).map_err(|fault| io(path, &fault))?);
        let _inside = ledger.enter();
        let mut tell = self::progress(progress, Context(context));
        let written = ledger.ledger.export(&mut to, options, &mut |at| tell(at.done, at.of));
        if written.is_err() {
            // The refusal says more than what is left of the file.
            let _ = fs::remove_file(path);
        }
        Ok(written?)
    })
}

/// Makes a ledger in a new file from what mlicense_ledger_export() wrote, with the same history, the
/// same chain hashes and the same checkpoints.
///
/// `path` is UTF-8 and must not exist; `source` is the export. `progress` is called with `context`,
/// in events, and may be NULL. On success `*ledger` is a new ledger, to be closed with
/// mlicense_ledger_close().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; EXPORT_INVALID naming the line; HISTORY_BROKEN, TABLE_BROKEN,
/// CHECKPOINT_BROKEN; and as mlicense_ledger_create().
///
/// Threads: any, at any time. `progress` is called in this thread.
///
/// # Safety
///
/// `path` and `source` must be NULL or end with a NUL; `progress` must be NULL or may be called with
/// `context`; `ledger` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_import(
    path: *const c_char,
    source: *const c_char,
    progress: mlicense_progress,
    context: *mut c_void,
    ledger: *mut *mut mlicense_ledger,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("ledger", ledger, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let path = Path::new(unsafe { memory::text(path, "path") }?);
        // SAFETY: the caller promises a text or NULL.
        let source = Path::new(unsafe { memory::text(source, "source") }?);
        let mut from = BufReader::new(File::open(source).map_err(|fault| io(source, &fault))?);
        let mut tell = self::progress(progress, Context(context));
        let made = Ledger::import(path, &mut from, &mut |at| tell(at.done, at.of));
        Ok(mlicense_ledger::new(made?))
    })
}

/// Signs how long the history is and the hash over all of it, and keeps that with the ledger.
///
/// `origin` names the history, such as "example.com/history", always the same. `signer` is a root
/// key, or a key of the ring for checkpoints. On success `*kept` is a new text, to be freed with
/// mlicense_text_free(): JSON with the "head", the instant "at" and the signed "note", which is to
/// be carried to where nobody who can change the ledger can change it. Without an event since the
/// last checkpoint it is that one again.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID and OTHER_ORIGIN for the origin; SIGNER_FAILED;
/// CHECKPOINT_BROKEN; CALLED_BACK; and as every call of a ledger.
///
/// Threads: any; ledger and signer may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `origin` must be NULL or end with a NUL; `signer` must
/// be NULL or not yet freed; `kept` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_checkpoint(
    ledger: *const mlicense_ledger,
    origin: *const c_char,
    signer: *const mlicense_signer,
    now: i64,
    kept: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("kept", kept, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        // SAFETY: the caller promises a text or NULL.
        let origin = unsafe { memory::text(origin, "origin") }?;
        // SAFETY: the caller promises a signer or NULL.
        let signer = &unsafe { handle::borrow(signer, "signer") }?.signer;
        let _inside = ledger.enter();
        mlicense_text::json(&ledger.ledger.checkpoint(origin, signer, instant(now)?)?)
    })
}

/// Lists the checkpoints that a ledger keeps, oldest first, each as mlicense_ledger_checkpoint()
/// gave it.
///
/// On success `*checkpoints` is a new text, to be freed with mlicense_text_free(): a JSON array.
///
/// Refused: NULL_ARGUMENT; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `checkpoints` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_checkpoints(
    ledger: *const mlicense_ledger,
    checkpoints: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("checkpoints", checkpoints, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        mlicense_text::json(&ledger.ledger.checkpoints()?)
    })
}

/// Verifies as mlicense_ledger_verify(), and that the history continues that of a checkpoint which
/// was kept elsewhere: nothing was changed that it vouches for.
///
/// `note` is the signed note, of at most 128 KiB; `origin`, `roots`, `roots_count` and `key_ring`
/// are as for mlicense_checkpoint_inspect(). On success `*verified` is a new text, to be freed with
/// mlicense_text_free(), as of mlicense_ledger_verify().
///
/// Refused: as mlicense_checkpoint_inspect() and mlicense_ledger_verify(); CHECKPOINT_BROKEN when
/// the history is another or ends before.
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `note` must be NULL or point to `note_length` bytes;
/// `origin` and `key_ring` must be NULL or end with a NUL; `roots` must be NULL or point to
/// `roots_count` pointers, each NULL or ending with a NUL; `verified` and `error` must be NULL or
/// writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_verify_since(
    ledger: *const mlicense_ledger,
    note: *const c_char,
    note_length: usize,
    origin: *const c_char,
    roots: *const *const c_char,
    roots_count: usize,
    key_ring: *const c_char,
    verified: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("verified", verified, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        // SAFETY: the caller promises as many bytes.
        let note = unsafe { memory::bytes((note, note_length), "note", NOTE_BYTES_MAX) }?;
        // SAFETY: the caller promises a text or NULL.
        let origin = unsafe { memory::text(origin, "origin") }?;
        // SAFETY: the caller promises as many keys and a text or NULL.
        let trust = unsafe { trust((roots, roots_count), key_ring) }?;
        let checkpoint = Checkpoint::verify(note, origin, &trust)?;
        mlicense_text::json(&ledger.ledger.verify_since(&checkpoint)?)
    })
}

/// Proves that an event stands in the history of a checkpoint.
///
/// `stream` is whose event it is, such as "customer/c1", and `index` which, from 1; `size` names the
/// checkpoint by its number of events, or is 0 for the newest. On success `*proof` is a new text, to
/// be freed with mlicense_text_free(): JSON with the exact "event", its "index" in the log, the
/// "proof" and the "head", for mlicense_proof_verify() or any tool for transparency logs.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for the stream; CHECKPOINT_MISSING;
/// CHECKPOINT_BROKEN; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `stream` must be NULL or end with a NUL; `proof` and
/// `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_prove_inclusion(
    ledger: *const mlicense_ledger,
    stream: *const c_char,
    index: u64,
    size: u64,
    proof: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("proof", proof, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        // SAFETY: the caller promises a text or NULL.
        let stream = unsafe { memory::text(stream, "stream") }?.parse()?;
        mlicense_text::json(&ledger.ledger.prove_inclusion((&stream, index), newest(size))?)
    })
}

/// Proves that the history of one checkpoint begins with that of an older one.
///
/// `older` and `newer` name the checkpoints by their number of events; 0 for `newer` is the newest.
/// On success `*proof` is a new text, to be freed with mlicense_text_free(): JSON with both heads
/// and the "proof", for mlicense_proof_verify() or any tool for transparency logs.
///
/// Refused: NULL_ARGUMENT; CHECKPOINT_MISSING; CHECKPOINT_BROKEN; PROOF_INVALID when the older one is
/// the longer; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `proof` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_prove_consistency(
    ledger: *const mlicense_ledger,
    older: u64,
    newer: u64,
    proof: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("proof", proof, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        mlicense_text::json(&ledger.ledger.prove_consistency(older, newest(newer))?)
    })
}

/// The size of a checkpoint; none for the newest.
const fn newest(size: u64) -> Option<u64> {
    if size == 0 { None } else { Some(size) }
}

fn export_options(without: u32) -> Result<ExportOptions> {
    let known = MLICENSE_EXPORT_WITHOUT_PEOPLE | MLICENSE_EXPORT_WITHOUT_OUTBOX;
    if without & !known != 0 {
        let refusal = Refusal::new(ErrorKind::FieldInvalid).with("field", "without");
        return Err(refusal.with("value", without).with("expected", "MLICENSE_EXPORT_…").into());
    }
    let has = |flag| without & flag == 0;
    let people = has(MLICENSE_EXPORT_WITHOUT_PEOPLE);
    Ok(ExportOptions { people, outbox: has(MLICENSE_EXPORT_WITHOUT_OUTBOX) })
}

fn io(path: &Path, fault: &std::io::Error) -> Fault {
    let exists = fault.kind() == Io::AlreadyExists;
    let kind = if exists { ErrorKind::StoreExists } else { ErrorKind::StoreUnavailable };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Refusal::new(kind).with("store", name).with("detail", fault).into()
}
