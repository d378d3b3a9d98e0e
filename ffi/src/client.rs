//! `mlicense_client`: the customer's side, which answers "may I run?".

use std::{
    ffi::{CStr, c_char},
    sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use mlicense_core::{
    decision::{Decision, Outcome},
    host_binding::{Fact, FactKind},
    id::ProductId,
};
use mlicense_host::Client;
use serde_json::{Value, json};

use crate::{
    callback::{Calls, Log, MLICENSE_LOG_INFO, MLICENSE_LOG_WARNING},
    error::{Fault, Result, mlicense_error},
    handle::{self, Reply},
    instant::given,
    license::{KEYS_MAX, public_keys},
    memory,
    options::{Given, mlicense_client_options},
    panic,
    remembered::Remembered,
    status::mlicense_status,
    text::{Terminated, mlicense_text},
};

/// One installation of one product, and the licences it holds.
///
/// Ask it with mlicense_client_check(); close it with mlicense_client_close(). The product and the
/// vendor's root keys are compiled into the program; nothing read from disk can take their place.
///
/// Limits: 64 root keys, a document of 64 KiB, 16 licences, 16 requests under way.
///
/// Threads: several threads may use a client at once. While one accepts a document or writes a
/// request, other calls wait until it is written; a check of a feature that ran before does not.
/// Closing it must come after every other call has returned. Programs that share a state folder take
/// turns in writing.
///
/// `now` is in seconds since 1970-01-01T00:00:00Z, or `MLICENSE_NOW`, for which the client keeps
/// evidence about time, so that a clock set back prolongs nothing. An instant that is given is
/// believed, and counted as the newest one confirmed when that is later.
///
/// ```c
/// const char *const roots[] = {"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"};
/// mlicense_client *client = NULL;
/// if (mlicense_client_open("editor", roots, 1, NULL, &client, &error) != MLICENSE_STATUS_OK ||
///     mlicense_client_accept(client, license, license_length, MLICENSE_NOW, NULL, &error) !=
///         MLICENSE_STATUS_OK)
///     fprintf(stderr, "%s\n", mlicense_error_message(error, NULL));
/// mlicense_error_free(error);
/// if (mlicense_client_check(client, "export"))
///     export_everything();
/// mlicense_client_close(&client);
/// ```
#[derive(Debug)]
#[expect(non_camel_case_types, reason = "named for C")]
pub struct mlicense_client {
    client: RwLock<Client>,
    remembered: Remembered,
    installation: Terminated,
    calls: Arc<Calls>,
    log: Option<Arc<Log>>,
}

const _: () = handle::shared_between_threads::<mlicense_client>();

impl mlicense_client {
    /// Follows a pointer to a client, unless a callback of that client does so.
    ///
    /// # Safety
    /// As [`handle::borrow`].
    pub(crate) unsafe fn borrow<'a>(client: *const Self) -> Result<&'a Self> {
        // SAFETY: as promised.
        let client = unsafe { handle::borrow(client, "client") }?;
        client.calls.check("client")?;
        Ok(client)
    }

    pub(crate) const fn calls(&self) -> &Arc<Calls> {
        &self.calls
    }

    pub(crate) fn log(&self) -> Option<&Arc<Log>> {
        self.log.as_ref()
    }

    pub(crate) fn read(&self) -> Result<RwLockReadGuard<'_, Client>> {
        self.client.read().map_err(Fault::internal)
    }

    pub(crate) fn write(&self) -> Result<RwLockWriteGuard<'_, Client>> {
        self.client.write().map_err(Fault::internal)
    }

    /// Answers without the lock for a feature that was found to run before.
    fn outcome(&self, feature: &CStr) -> Result<Outcome> {
        self.calls.check("client")?;
        // After a panic amid a change nothing may run any more.
        let whole = !self.client.is_poisoned();
        if let Some(feature) = self.remembered.find(feature.to_bytes()).filter(|_| whole) {
            return Ok(feature.outcome());
        }
        self.outcome_by_name(feature)
    }

    #[cold]
    fn outcome_by_name(&self, feature: &CStr) -> Result<Outcome> {
        let name = memory::checked(feature, "feature")?;
        let client = self.read()?;
        let outcome = client.outcome(name);
        if outcome.allows() {
            self.remembered.remember(client.feature(name));
        }
        Ok(outcome)
    }
}

/// The answer to a check: 0 when it may not run, more when it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
#[expect(non_camel_case_types, reason = "named for C")]
#[expect(clippy::exhaustive_enums, reason = "a new outcome must stop callers from compiling")]
pub enum mlicense_outcome {
    /// It may not run.
    Denied = 0,
    /// It may run; it is licensed.
    Licensed = 1,
    /// It may run for now; it is not licensed, or not any more.
    Grace = 2,
    /// It may run with less than everything, as the program sees fit. Not given yet.
    Limited = 3,
}

impl From<Outcome> for mlicense_outcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Denied => Self::Denied,
            Outcome::Licensed => Self::Licensed,
            Outcome::Grace => Self::Grace,
            Outcome::Limited => Self::Limited,
        }
    }
}

/// Opens the installation of a product, or makes one with a random key of its own.
///
/// `product` is the product's id and `root_keys` are the vendor's `root_keys_count` public root keys
/// in base64url, at most 64; both belong into the program, not into a file beside it. The first key
/// stays first when others join it. `options` may be NULL: then the state is kept in memory. On
/// success `*client` is a new client, to be closed with mlicense_client_close().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for the product, the number of keys or an option;
/// KEY_WEAK for a text that is no key; JSON_INVALID and INPUT_TOO_LARGE for host facts;
/// STORE_CORRUPT for a damaged state, which is set aside so that the next opening starts afresh;
/// STORE_NEWER, STORE_FOREIGN, STORE_BUSY, STORE_FULL, STORE_READ_ONLY, STORE_UNAVAILABLE; INTERNAL
/// when the system has no randomness to give.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `product` must be NULL or end with a NUL; `root_keys` must be NULL or point to `root_keys_count`
/// pointers, each NULL or ending with a NUL; `options` must be NULL or point to as many bytes as its
/// `size` says; `client` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_open(
    product: *const c_char,
    root_keys: *const *const c_char,
    root_keys_count: usize,
    options: *const mlicense_client_options,
    client: *mut *mut mlicense_client,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("client", client, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let product = ProductId::new(unsafe { memory::text(product, "product") }?)?;
        let keys = (root_keys, root_keys_count);
        // SAFETY: the caller promises as many keys.
        let roots = public_keys(unsafe { memory::texts(keys, "root_keys", KEYS_MAX) }?)?;
        // SAFETY: the caller promises options or NULL.
        let Given { options, calls, log } = unsafe { mlicense_client_options::read(options) }?;
        let opened = Client::open(product, &roots, options).map_err(Fault::from);
        if let (Some(log), Err(fault)) = (&log, &opened) {
            log.refused(fault);
        }
        let client = opened?;
        let installation = Terminated::new(client.installation().to_string());
        if let Some(log) = &log {
            let (product, installation) = (client.product(), client.installation());
            log.tell(MLICENSE_LOG_INFO, &format!("opened: `{product}` as {installation}"));
            tell_notices(log, &client);
        }
        let (client, remembered) = (RwLock::new(client), Remembered::new());
        Ok(mlicense_client { client, remembered, installation, calls, log })
    })
}

/// Tells which licences are held and do not count.
pub(crate) fn tell_notices(log: &Log, client: &Client) {
    for notice in client.notices() {
        let (number, name) = (notice.kind().number(), notice.kind().name());
        log.tell(MLICENSE_LOG_WARNING, &format!("does not count: {number} {name}: {notice}"));
    }
}

/// Says whether a feature may run now; the product's own id asks for the product as a whole.
///
/// The outcome is all there is: it is `MLICENSE_OUTCOME_DENIED`, which is 0, for a feature that the
/// licences do not name, for NULL and for text that is not UTF-8, and never a status. Ask at each
/// use, not once at the start.
///
/// Threads: any; the client may be in use elsewhere.
///
/// ```c
/// if (mlicense_client_check(client, "export"))
///     export_everything();
/// ```
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `feature` must be NULL or end with a NUL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_check(
    client: *const mlicense_client,
    feature: *const c_char,
) -> mlicense_outcome {
    panic::shield(mlicense_outcome::Denied, || {
        // SAFETY: the caller promises a client or NULL.
        let Ok(client) = (unsafe { handle::borrow(client, "client") }) else {
            return mlicense_outcome::Denied;
        };
        // SAFETY: the caller promises a text or NULL.
        let Some(feature) = (unsafe { memory::terminated(feature) }) else {
            return mlicense_outcome::Denied;
        };
        let asked = client.outcome(feature);
        asked.map_or(mlicense_outcome::Denied, mlicense_outcome::from)
    })
}

/// Says whether a feature may run at `now`, as mlicense_client_check(); denied for an instant before
/// 1970 or after 9999.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `feature` must be NULL or end with a NUL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_check_at(
    client: *const mlicense_client,
    feature: *const c_char,
    now: i64,
) -> mlicense_outcome {
    panic::shield(mlicense_outcome::Denied, || {
        // SAFETY: the caller promises a client and a text, or NULL.
        let decision = unsafe { decide(client, feature, now) };
        decision.map_or(mlicense_outcome::Denied, |decision| decision.outcome().into())
    })
}

/// Says in one sentence whether a feature may run at `now`, and why.
///
/// Writes the sentence into `buffer` of `size` bytes, cut after a whole character if need be, with a
/// NUL after it; nothing when `size` is 0 or `buffer` is NULL. Returns the length of the whole
/// sentence in bytes without the NUL, so that it was cut if that is not less than `size`. `language`
/// is as for mlicense_error_message(). For NULL and text that is not UTF-8 the sentence says that.
///
/// Threads: any; the client may be in use elsewhere.
///
/// ```c
/// char why[256];
/// mlicense_client_why(client, "export", MLICENSE_NOW, "en", why, sizeof why);
/// puts(why); // `export` may not run: the last licensed day was 2027-02-28
/// ```
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `feature` and `language` must be NULL or end with a NUL;
/// `buffer` must be NULL or have room for `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_why(
    client: *const mlicense_client,
    feature: *const c_char,
    now: i64,
    language: *const c_char,
    buffer: *mut c_char,
    size: usize,
) -> usize {
    // SAFETY: the caller promises a text or NULL.
    let language = unsafe { memory::language(language) };
    let sentence = panic::shield(String::new(), || {
        // SAFETY: the caller promises a client and a text, or NULL.
        let decision = unsafe { decide(client, feature, now) };
        decision.map_or_else(|fault| fault.message(language), |told| told.message(language))
    });
    // SAFETY: the caller promises room for `size` bytes or NULL.
    unsafe { memory::put(&sentence, buffer, size) }
}

/// Explains a decision with every rule that passed or failed, and what would change the answer.
///
/// On success `*explanation` is a new text, to be freed with mlicense_text_free(): JSON with the
/// outcome, a sentence, the instant until which it holds, and the reasons in the order of the rules.
/// `language` is as for mlicense_error_message(). A denial is an explanation, not a refusal.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; INPUT_TOO_LARGE; INSTANT_INVALID.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `feature` and `language` must be NULL or end with a NUL;
/// `explanation` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_explain(
    client: *const mlicense_client,
    feature: *const c_char,
    now: i64,
    language: *const c_char,
    explanation: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("explanation", explanation, error) };
    // SAFETY: the caller promises a client or NULL.
    let reply = unsafe { reply.logged_by(client) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let language = unsafe { memory::language(language) };
        // SAFETY: the caller promises a client and a text, or NULL.
        let decision = unsafe { decide(client, feature, now) }?;
        Ok(mlicense_text::new(decision.explain(language)))
    })
}

/// Returns the name of the installation: the thumbprint (RFC 7638) of its own key in 43 characters of
/// base64url. "" for NULL.
///
/// The text belongs to the client and lives as long.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_installation(
    client: *const mlicense_client,
) -> *const c_char {
    // SAFETY: the caller promises a client or NULL.
    let client = unsafe { handle::borrow(client, "client") };
    client.map_or(c"".as_ptr(), |client: &mlicense_client| client.installation.as_ptr())
}

/// Gives the facts of the host as the client knows them, before anything is told to the vendor: what
/// mlicense_client_request() sends is their digests.
///
/// On success `*facts` is a new text, to be freed with mlicense_text_free(): JSON as the option
/// `host_facts` takes it, to be looked at, or to be kept for a test.
///
/// Refused: NULL_ARGUMENT; CALLED_BACK.
///
/// Threads: any; the client may be in use elsewhere.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `facts` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_host_facts(
    client: *const mlicense_client,
    facts: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("facts", facts, error) };
    reply.give(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        let client = client.read()?;
        let host = client.host_facts();
        let fact = |fact: &Fact| json!({"kind": fact.kind().as_str(), "value": fact.value()});
        let facts: Vec<Value> = host.iter().map(fact).collect();
        let unreadable: Vec<&str> = host.unreadable().map(FactKind::as_str).collect();
        mlicense_text::json(
            &json!({"class": host.class(), "facts": facts, "unreadable": unreadable}),
        )
    })
}

/// Closes a client, frees it and sets the variable to NULL, so that a check after it is denied; NULL
/// is nothing to close.
///
/// Threads: no other call may use the client any more.
///
/// # Safety
///
/// `client` must be NULL or the address of a variable that is NULL or holds a client not yet closed;
/// no copy of its value may be used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_close(client: *mut *mut mlicense_client) {
    // SAFETY: the caller gives it up.
    unsafe { handle::close(client, |client| client.calls.are_inside()) };
}

/// # Safety
/// `client` is NULL or not yet closed; `feature` is NULL or ends with a NUL.
unsafe fn decide(
    client: *const mlicense_client,
    feature: *const c_char,
    now: i64,
) -> Result<Decision> {
    // SAFETY: as promised.
    let client = unsafe { mlicense_client::borrow(client) }?;
    // SAFETY: as promised.
    let feature = unsafe { memory::text(feature, "feature") }?;
    let (now, client) = (given(now)?, client.read()?);
    Ok(now.map_or_else(|| client.check(feature), |now| client.check_at(feature, now)))
}
