//! `mlicense_error`: why a call was refused.

use std::{
    ffi::{CStr, c_char},
    sync::OnceLock,
};

use mlicense_core::error::{ErrorKind, Language, Refusal};

use crate::{
    handle, memory, panic,
    status::{MLICENSE_STATUS_OK, mlicense_status},
    text::Terminated,
};

/// The result of everything inside this crate that can be refused.
pub(crate) type Result<T> = std::result::Result<T, Fault>;

/// A refusal of core or a fault of a store on its way to C.
#[derive(Debug)]
pub(crate) struct Fault(Refusal);

impl Fault {
    pub(crate) fn null(argument: &'static str) -> Self {
        Self(Refusal::new(ErrorKind::NullArgument).with("argument", argument))
    }

    pub(crate) fn internal(detail: impl std::fmt::Display) -> Self {
        Self(Refusal::new(ErrorKind::Internal).with("detail", detail))
    }

    pub(crate) fn status(&self) -> mlicense_status {
        self.0.kind().number()
    }

    pub(crate) fn message(&self, language: Language) -> String {
        self.0.message(language)
    }

    pub(crate) const fn refusal(&self) -> &Refusal {
        &self.0
    }

    #[cfg(test)]
    pub(crate) fn into_refusal(self) -> Refusal {
        self.0
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<ErrorKind> for Fault {
    fn from(kind: ErrorKind) -> Self {
        Self(kind.into())
    }
}

impl From<mlicense_host::Error> for Fault {
    fn from(error: mlicense_host::Error) -> Self {
        Self(error.refusal().clone())
    }
}

#[cfg(feature = "ledger")]
impl From<mlicense_ledger::Error> for Fault {
    fn from(error: mlicense_ledger::Error) -> Self {
        Self(error.refusal().clone())
    }
}

/// Why a call was refused: a number, a name, a text and a remedy.
///
/// A call that can be refused takes the address of such a pointer last. The pointer is set to NULL
/// first and points to a new error if the call is refused; free it with mlicense_error_free(). NULL
/// in place of the address says that nobody wants to know more than the status.
///
/// Threads: an error belongs to its caller; several threads may read it at once.
///
/// ```c
/// mlicense_error *error;
/// if (mlicense_ledger_open(path, &ledger, &error) != MLICENSE_STATUS_OK) {
///     fprintf(stderr, "%s. %s\n", mlicense_error_message(error, "en"),
///             mlicense_error_remedy(error, "en"));
///     mlicense_error_free(error);
/// }
/// ```
#[derive(Debug)]
#[expect(non_camel_case_types, reason = "named for C")]
pub struct mlicense_error {
    refusal: Refusal,
    name: Terminated,
    facts: OnceLock<Terminated>,
    /// In the order of `Language::ALL`, each written when it is first asked for.
    wordings: [OnceLock<Wording>; Language::ALL.len()],
}

#[derive(Debug)]
struct Wording {
    message: Terminated,
    remedy: Terminated,
}

impl mlicense_error {
    pub(crate) fn new(fault: Fault) -> Self {
        let refusal = fault.0;
        let name = Terminated::new(refusal.kind().name());
        Self { refusal, name, facts: OnceLock::new(), wordings: Default::default() }
    }

    fn wording(&self, language: Language) -> Option<&Wording> {
        let place = Language::ALL.iter().position(|other| *other == language)?;
        let wording = || Wording {
            message: Terminated::new(self.refusal.message(language)),
            remedy: Terminated::new(self.refusal.remedy(language)),
        };
        Some(self.wordings.get(place)?.get_or_init(wording))
    }
}

/// Returns the number of the error, the same that the refused call returned; 0 for NULL.
///
/// Threads: any, several at once.
///
/// # Safety
///
/// `error` must be NULL or not yet freed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_error_number(error: *const mlicense_error) -> mlicense_status {
    // SAFETY: the caller promises an error or NULL.
    let error = unsafe { handle::borrow(error, "error") };
    error.map_or(MLICENSE_STATUS_OK, |error| error.refusal.kind().number())
}

/// Returns the stable name of the error, such as "INSUFFICIENT_WALLET"; "" for NULL.
///
/// The text belongs to the error and lives as long.
///
/// Threads: any, several at once.
///
/// # Safety
///
/// `error` must be NULL or not yet freed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_error_name(error: *const mlicense_error) -> *const c_char {
    // SAFETY: the caller promises an error or NULL.
    let error = unsafe { handle::borrow(error, "error") };
    error.map_or(c"".as_ptr(), |error| error.name.as_ptr())
}

/// Returns what was refused and why, in one sentence without a final stop; "" for NULL.
///
/// `language` is a code or locale: "en", "ru", "ja", "fr", "ru_RU.UTF-8". Any other, and NULL, is
/// English. The text is UTF-8, belongs to the error and lives as long.
///
/// Threads: any, several at once.
///
/// # Safety
///
/// `error` must be NULL or not yet freed; `language` must be NULL or end with a NUL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_error_message(
    error: *const mlicense_error,
    language: *const c_char,
) -> *const c_char {
    // SAFETY: the caller promises a text or NULL.
    let language = unsafe { memory::language(language) };
    // SAFETY: the caller promises an error or NULL.
    let error = unsafe { handle::borrow(error, "error") };
    worded(error, language, |wording| &wording.message)
}

/// Returns what can be done about it, in one sentence; "" for NULL.
///
/// `language` and the text are as for mlicense_error_message().
///
/// Threads: any, several at once.
///
/// # Safety
///
/// `error` must be NULL or not yet freed; `language` must be NULL or end with a NUL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_error_remedy(
    error: *const mlicense_error,
    language: *const c_char,
) -> *const c_char {
    // SAFETY: the caller promises a text or NULL.
    let language = unsafe { memory::language(language) };
    // SAFETY: the caller promises an error or NULL.
    let error = unsafe { handle::borrow(error, "error") };
    worded(error, language, |wording| &wording.remedy)
}

/// Returns what the error is about, as JSON: an object of texts, such as
/// `{"what":"document","size":"70000","limit":"65536"}`; "{}" for NULL.
///
/// The names are stable for each number; they fill the message, so that programs need not take it
/// apart. The text belongs to the error and lives as long.
///
/// Threads: any, several at once.
///
/// # Safety
///
/// `error` must be NULL or not yet freed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_error_reasons(error: *const mlicense_error) -> *const c_char {
    const NONE: &CStr = c"{}";
    // SAFETY: the caller promises an error or NULL.
    let error = unsafe { handle::borrow(error, "error") };
    let facts = |error: &mlicense_error| {
        let facts: serde_json::Map<String, serde_json::Value> =
            error.refusal.details().map(|(name, fact)| (name.to_owned(), fact.into())).collect();
        Terminated::new(serde_json::Value::from(facts).to_string())
    };
    let text = panic::shield(None, || {
        let error = error.ok()?;
        Some(error.facts.get_or_init(|| facts(error)).as_ptr())
    });
    text.unwrap_or(NONE.as_ptr())
}

/// Frees an error with all its texts; NULL is nothing to free.
///
/// Threads: any; no other call may use it any more.
///
/// # Safety
///
/// `error` must be NULL or not yet freed, and must not be used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_error_free(error: *mut mlicense_error) {
    // SAFETY: the caller gives it up.
    unsafe { handle::free(error, |_| false) };
}

fn worded(
    error: Result<&mlicense_error>,
    language: Language,
    part: impl FnOnce(&Wording) -> &Terminated,
) -> *const c_char {
    const EMPTY: &CStr = c"";
    let text = panic::shield(None, || Some(part(error.ok()?.wording(language)?).as_ptr()));
    text.unwrap_or(EMPTY.as_ptr())
}
