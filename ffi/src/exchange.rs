//! What a client exchanges with the vendor: requests, and documents that it holds.

use std::{ffi::c_char, fs::File, io::Read as _, path::Path};

use mlicense_core::{
    document::{DOCUMENT_BYTES_MAX, License, RequestKind},
    error::{ErrorKind, Refusal, RefusalView},
    json,
};
use mlicense_host::RequestDetails;
use serde::{
    Deserialize, Serialize,
    de::{IntoDeserializer, value::Error as NoKind},
};

use crate::{
    callback::MLICENSE_LOG_INFO,
    client::{mlicense_client, tell_notices},
    error::{Result, mlicense_error},
    handle::Reply,
    instant::given,
    memory,
    status::mlicense_status,
    text::mlicense_text,
};

/// Writes a request for the vendor, signed with the installation's own key.
///
/// `kind` is "register", "number", "trial", "coupon", "system", "refresh", "rebind", "recover" or
/// "release". `fields` is JSON of at most 64 KiB, all members of which may be left out:
/// `{"system": "...", "customer": "...", "code": "...", "number": "...", "owner": {"email": "..."},
/// "devices": {"camera": 10}, "group": "...", "label": "..."}`; no bytes are as good as `{}`. The host
/// is told by keyed digests only; what to call it, `label`, only where the caller gives it. On success
/// `*request` is a new text, to be carried to the vendor as it is; free it with mlicense_text_free().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; INPUT_TOO_LARGE; JSON_INVALID; FIELD_INVALID for the kind or a
/// field; CLAIMS_CONTRADICTORY when the kind needs a field that is left out; INSTANT_INVALID; STORE_BUSY,
/// STORE_FULL, STORE_READ_ONLY, STORE_UNAVAILABLE.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `kind` must be NULL or end with a NUL; `fields` must be
/// NULL or point to `fields_length` bytes; `request` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_request(
    client: *mut mlicense_client,
    kind: *const c_char,
    fields: *const c_char,
    fields_length: usize,
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
        // SAFETY: the caller promises a text or NULL.
        let kind = request_kind(unsafe { memory::text(kind, "kind") }?)?;
        let fields = (fields, fields_length);
        // SAFETY: the caller promises as many bytes.
        let fields = request_details(unsafe { memory::bytes(fields, "fields", FIELDS_MAX) }?)?;
        let now = given(now)?;
        let mut client = client.write()?;
        Ok(mlicense_text::new(match now {
            Some(now) => client.request_at(kind, fields, now)?,
            None => client.request(kind, fields)?,
        }))
    })
}

/// Accepts a signed document of the vendor's: an answer, a licence, a key ring, a revocation list or
/// a time token.
///
/// `document` has at most 64 KiB. The same document again changes nothing, and neither does one that
/// is refused. `accepted` may be NULL; otherwise `*accepted` is a new text on success, to be freed
/// with mlicense_text_free(): JSON such as `{"document": "mlicense-answer+jwt", "changed": true,
/// "answered": "coupon"}`, which says what was asked for where the document is an answer,
/// with a member `"refusal": {"number": ..., "name": "..."}` when the vendor's answer is no, and a
/// member `"ended": 1` when so many licences were let go: nothing is licensed here any more, or what
/// was licensed was given back.
///
/// Refused: NULL_ARGUMENT; INPUT_TOO_LARGE, DOCUMENT_MALFORMED, DOCUMENT_WRONG_TYPE,
/// KEY_NOT_TRUSTED, KEY_NOT_VALID, SIGNATURE_INVALID, CLAIMS_CONTRADICTORY for bytes that are no
/// document of this vendor; OTHER_PRODUCT, OTHER_CUSTOMER, OTHER_INSTALLATION, OTHER_REQUEST for
/// one made for others; DOCUMENT_OUTDATED; ISSUED_IN_FUTURE; QUANTITY_OUT_OF_RANGE when 16 licences are held;
/// INSTANT_INVALID; STORE_BUSY, STORE_FULL, STORE_READ_ONLY, STORE_UNAVAILABLE.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `document` must be NULL or point to `document_length`
/// bytes; `accepted` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_accept(
    client: *mut mlicense_client,
    document: *const c_char,
    document_length: usize,
    now: i64,
    accepted: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("accepted", accepted, error) };
    // SAFETY: the caller promises a client or NULL.
    let reply = unsafe { reply.logged_by(client) };
    reply.give_if_wanted(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        let document = (document, document_length);
        // SAFETY: the caller promises as many bytes.
        let document = unsafe { memory::bytes(document, "document", DOCUMENT_BYTES_MAX) }?;
        take(client, document, now)
    })
}

/// Accepts a signed document from a file; else as mlicense_client_accept().
///
/// `path` is UTF-8. Refused besides: STORE_UNAVAILABLE when the file cannot be read.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `path` must be NULL or end with a NUL; `accepted` and
/// `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_accept_file(
    client: *mut mlicense_client,
    path: *const c_char,
    now: i64,
    accepted: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("accepted", accepted, error) };
    // SAFETY: the caller promises a client or NULL.
    let reply = unsafe { reply.logged_by(client) };
    reply.give_if_wanted(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        // SAFETY: the caller promises a text or NULL.
        let document = read_document(Path::new(unsafe { memory::text(path, "path") }?))?;
        take(client, &document, now)
    })
}

/// Reads no more than one byte over the limit; the client refuses what is too large.
fn read_document(path: &Path) -> Result<Vec<u8>> {
    let limit = u64::try_from(DOCUMENT_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut document = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut document));
    read.map_err(|fault| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Refusal::new(ErrorKind::StoreUnavailable).with("store", name).with("detail", fault)
    })?;
    Ok(document)
}

/// Lists the licences held and why others do not count any more.
///
/// On success `*licenses` is a new text, to be freed with mlicense_text_free(): JSON such as
/// `{"licenses": [{"claims": {...}, "signed_by": "..."}], "notices": [{"number": 10605, ...}]}`.
///
/// Refused: NULL_ARGUMENT.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `licenses` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_licenses(
    client: *const mlicense_client,
    licenses: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("licenses", licenses, error) };
    // SAFETY: the caller promises a client or NULL.
    let reply = unsafe { reply.logged_by(client) };
    reply.give(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?.read()?;
        let licenses = client.licenses().collect();
        let notices = client.notices().iter().map(Refusal::view).collect();
        mlicense_text::json(&Held { licenses, notices })
    })
}

/// The largest fields of a request, in bytes of JSON.
const FIELDS_MAX: usize = 64 * 1024;

fn take(holder: &mlicense_client, document: &[u8], now: i64) -> Result<mlicense_text> {
    let now = given(now)?;
    let mut client = holder.write()?;
    let accepted = match now {
        Some(now) => client.accept_at(document, now)?,
        None => client.accept(document)?,
    };
    let accepted = mlicense_text::json(&accepted)?;
    if let Some(log) = holder.log() {
        log.tell(MLICENSE_LOG_INFO, &format!("accepted: {}", accepted.as_str()));
        tell_notices(log, &client);
    }
    Ok(accepted)
}

fn request_kind(name: &str) -> Result<RequestKind> {
    RequestKind::deserialize(name.into_deserializer()).map_err(|_: NoKind| {
        let shown: String = name.chars().take(64).collect();
        let refusal = Refusal::new(ErrorKind::FieldInvalid).with("field", "kind");
        refusal.with("value", shown).with("expected", "a kind of request").into()
    })
}

fn request_details(fields: &[u8]) -> Result<RequestDetails> {
    if fields.is_empty() {
        return Ok(RequestDetails::default());
    }
    Ok(json::read("the request", fields, FIELDS_MAX)?)
}

#[derive(Serialize)]
struct Held<'c> {
    licenses: Vec<&'c License>,
    notices: Vec<RefusalView>,
}
