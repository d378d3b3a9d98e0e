//! Errors: refusals of core and faults of the store, in one number space.

use std::path::Path;

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

    pub(crate) fn store(kind: ErrorKind, path: &Path, detail: impl std::fmt::Display) -> Self {
        let fault = fault(kind, path, detail);
        Self::Store { fault, source: None }
    }

    pub(crate) fn io(path: &Path, error: std::io::Error) -> Self {
        let fault = fault(ErrorKind::StoreUnavailable, path, &error);
        Self::Store { fault, source: Some(Box::new(error)) }
    }

    pub(crate) fn sqlite(path: &Path, error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let kind = match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => ErrorKind::StoreBusy,
            Some(Code::DiskFull) => ErrorKind::StoreFull,
            Some(Code::ReadOnly | Code::PermissionDenied) => ErrorKind::StoreReadOnly,
            Some(Code::NotADatabase) => ErrorKind::StoreForeign,
            Some(Code::DatabaseCorrupt) => ErrorKind::StoreCorrupt,
            _ => ErrorKind::StoreUnavailable,
        };
        Self::Store { fault: fault(kind, path, &error), source: Some(Box::new(error)) }
    }
}

fn fault(kind: ErrorKind, path: &Path, detail: impl std::fmt::Display) -> Refusal {
    let store = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    Refusal::new(kind).with("store", store).with("detail", detail)
}
