//! Faults of the server and the connection: what they are called, and what may be tried again.

use std::{error::Error as _, fmt};

use mlicense_core::error::ErrorKind;
use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::error::Error;

/// What was being done when it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    Opening,
    Beginning,
    Reading,
    Writing,
}

/// What may be done after a call has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// Trying again would fail again.
    Stop,
    /// Nothing was written: another was faster, or two stood in each other's way.
    Again,
    /// Nothing was written: the connection broke before the commit.
    Reconnect,
    /// The commit was sent and not answered.
    Unknown,
}

/// Something failed; the source of an [`Error::Store`], so that [`after`] can judge it.
#[derive(Debug)]
pub(super) struct Fault {
    kind: ErrorKind,
    after: After,
    detail: String,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Fault {
    pub(super) fn of(error: tokio_postgres::Error, doing: Doing) -> Self {
        let (kind, after) = if doing == Doing::Opening && is_untrusted(&error) {
            (ErrorKind::StoreUntrusted, After::Stop)
        } else {
            (kind(&error, doing), judge(&error))
        };
        Self { kind, after, detail: detail(&error), cause: Some(Box::new(error)) }
    }

    /// The system gives nothing to wait with.
    pub(super) fn of_system(error: std::io::Error) -> Self {
        let (kind, after) = (ErrorKind::StoreUnavailable, After::Stop);
        Self { kind, after, detail: error.to_string(), cause: Some(Box::new(error)) }
    }

    /// A commit has failed: only an error that leaves the session alive says that it was undone.
    pub(super) fn of_commit(error: tokio_postgres::Error) -> Self {
        let severity = error.as_db_error().and_then(DbError::parsed_severity);
        if severity == Some(Severity::Error) {
            return Self::of(error, Doing::Writing);
        }
        let (kind, after) = (ErrorKind::OutcomeUnknown, After::Unknown);
        Self { kind, after, detail: detail(&error), cause: Some(Box::new(error)) }
    }

    /// A migration has failed, or those applied are not those of this version.
    pub(super) fn of_migration(error: refinery::Error) -> Self {
        let cause = match error.kind() {
            refinery::error::Kind::Connection(_, cause) => cause.downcast_ref(),
            _ => None,
        };
        let kind = cause.map_or(ErrorKind::StoreCorrupt, |cause| kind(cause, Doing::Writing));
        let detail = cause.map_or_else(|| error.to_string(), detail);
        Self { kind, after: After::Stop, detail, cause: Some(Box::new(error)) }
    }

    /// What was read and not held has changed.
    pub(super) fn overtaken() -> Self {
        let detail = "another command was faster".to_owned();
        Self { kind: ErrorKind::StoreBusy, after: After::Again, detail, cause: None }
    }

    pub(super) fn at(self, place: &str) -> Error {
        Error::caused(self.kind, place, self)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| &**cause as _)
    }
}

/// What may be done after this.
pub(super) fn after(error: &Error) -> After {
    match error {
        Error::Store { source: Some(source), .. } => {
            source.downcast_ref::<Fault>().map_or(After::Stop, |fault| fault.after)
        }
        Error::Store { source: None, .. } | Error::Refused(_) => After::Stop,
    }
}

/// Whether the server did not show who it is: it has no TLS, or a certificate that does not hold.
fn is_untrusted(error: &tokio_postgres::Error) -> bool {
    let io = error.source().and_then(|cause| cause.downcast_ref::<std::io::Error>());
    match io {
        Some(io) => io.get_ref().is_some_and(|cause| cause.is::<rustls::Error>()),
        // The only way to tell it from other errors; a connection that breaks has an `io::Error`.
        None => error.to_string() == "error performing TLS handshake",
    }
}

fn judge(error: &tokio_postgres::Error) -> After {
    let Some(error) = error.as_db_error() else {
        let io = error.source().is_some_and(|cause| cause.is::<std::io::Error>());
        return if io || error.is_closed() { After::Reconnect } else { After::Stop };
    };
    match *error.code() {
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::UNIQUE_VIOLATION => After::Again,
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
        | SqlState::IDLE_SESSION_TIMEOUT => After::Reconnect,
        _ => After::Stop,
    }
}

fn kind(error: &tokio_postgres::Error, doing: Doing) -> ErrorKind {
    let Some(code) = error.code() else {
        return ErrorKind::StoreUnavailable;
    };
    match *code {
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::UNIQUE_VIOLATION
        | SqlState::LOCK_NOT_AVAILABLE
        | SqlState::QUERY_CANCELED
        | SqlState::OBJECT_IN_USE
        | SqlState::TOO_MANY_CONNECTIONS => ErrorKind::StoreBusy,
        SqlState::DISK_FULL => ErrorKind::StoreFull,
        SqlState::READ_ONLY_SQL_TRANSACTION => ErrorKind::StoreReadOnly,
        // So a standby refuses a transaction that is to write.
        SqlState::FEATURE_NOT_SUPPORTED if doing == Doing::Beginning => ErrorKind::StoreReadOnly,
        SqlState::INSUFFICIENT_PRIVILEGE if doing == Doing::Writing => ErrorKind::StoreReadOnly,
        SqlState::UNDEFINED_TABLE | SqlState::UNDEFINED_COLUMN => ErrorKind::StoreForeign,
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => ErrorKind::StoreCorrupt,
        SqlState::DUPLICATE_SCHEMA => ErrorKind::StoreExists,
        _ => ErrorKind::StoreUnavailable,
    }
}

/// The message and its code; the server's details are left out, they quote what was written.
fn detail(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(error), _) => format!("{} ({})", error.message(), error.code().code()),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}
