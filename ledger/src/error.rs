//! Errors: refusals of core and faults of the store, in one number space.

use std::{borrow::Cow, fmt, path::Path};

use mlicense_core::error::{ErrorKind, Refusal};

/// The result of everything a ledger does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a ledger did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The rules refused it; nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not be read or written.
    #[error("{fault}")]
    Store {
        /// What went wrong, with number, text and remedy.
        fault: Refusal,
        /// The cause.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
}

impl Error {
    /// The kind, to match on.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.refusal().kind()
    }

    /// Number, name, text and remedy.
    #[must_use]
    pub const fn refusal(&self) -> &Refusal {
        match self {
            Self::Refused(refusal) | Self::Store { fault: refusal, .. } => refusal,
        }
    }

    pub(crate) fn store(kind: ErrorKind, path: &Path, detail: impl fmt::Display) -> Self {
        Self::named(kind, name(path), detail)
    }

    pub(crate) fn named(
        kind: ErrorKind,
        store: impl fmt::Display,
        detail: impl fmt::Display,
    ) -> Self {
        Self::Store { fault: fault(kind, store, detail), source: None }
    }

    pub(crate) fn caused<E>(kind: ErrorKind, store: impl fmt::Display, error: E) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        Self::Store { fault: fault(kind, store, &error), source: Some(Box::new(error)) }
    }

    pub(crate) fn io(path: &Path, error: std::io::Error) -> Self {
        Self::caused(ErrorKind::StoreUnavailable, name(path), error)
    }

    pub(crate) fn sqlite(path: &Path, error: rusqlite::Error) -> Self {
        Self::caused(sqlite_kind(&error), name(path), error)
    }

    /// A commit has failed. When the disk failed, what was written may be found after all when the
    /// log is read again.
    pub(crate) fn sqlite_commit(path: &Path, error: rusqlite::Error) -> Self {
        let failed = error.sqlite_error_code() == Some(rusqlite::ErrorCode::SystemIoFailure);
        let kind = if failed { ErrorKind::OutcomeUnknown } else { sqlite_kind(&error) };
        Self::caused(kind, name(path), error)
    }

    /// Whether SQLite could not read or write the disk.
    pub(crate) fn is_of_the_disk(&self) -> bool {
        let Self::Store { source: Some(source), .. } = self else { return false };
        let source: Option<&rusqlite::Error> = source.downcast_ref();
        source.and_then(rusqlite::Error::sqlite_error_code)
            == Some(rusqlite::ErrorCode::SystemIoFailure)
    }

    /// A migration of an SQLite file has failed.
    pub(crate) fn migration(path: &Path, error: refinery::Error) -> Self {
        let kind = match error.kind() {
            refinery::error::Kind::Connection(_, cause) => {
                cause.downcast_ref().map_or(ErrorKind::StoreUnavailable, sqlite_kind)
            }
            _ => ErrorKind::StoreCorrupt,
        };
        Self::caused(kind, name(path), error)
    }
}

fn sqlite_kind(error: &rusqlite::Error) -> ErrorKind {
    use rusqlite::{Error as E, ErrorCode as Code};
    // A value or a table that is not what is always written.
    if let E::FromSqlConversionFailure(..)
    | E::IntegralValueOutOfRange(..)
    | E::InvalidColumnType(..)
    | E::SqlInputError { .. }
    | E::Utf8Error(..) = error
    {
        return ErrorKind::StoreCorrupt;
    }
    match error.sqlite_error_code() {
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => ErrorKind::StoreBusy,
        Some(Code::DiskFull) => ErrorKind::StoreFull,
        Some(Code::ReadOnly | Code::PermissionDenied) => ErrorKind::StoreReadOnly,
        Some(Code::NotADatabase) => ErrorKind::StoreForeign,
        Some(Code::DatabaseCorrupt) => ErrorKind::StoreCorrupt,
        _ => ErrorKind::StoreUnavailable,
    }
}

fn name(path: &Path) -> Cow<'_, str> {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy()
}

fn fault(kind: ErrorKind, store: impl fmt::Display, detail: impl fmt::Display) -> Refusal {
    Refusal::new(kind).with("store", store).with("detail", detail)
}

/// What was read is not what was written.
pub(crate) fn damaged(detail: impl fmt::Display) -> Error {
    Error::named(ErrorKind::StoreCorrupt, "the ledger", detail)
}

/// A fault of ours.
pub(crate) fn internal(detail: impl fmt::Display) -> Error {
    Refusal::new(ErrorKind::Internal).with("detail", detail).into()
}
