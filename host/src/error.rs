//! What can go wrong: a refusal, or a fault of the storage.

use std::{
    error, fmt, io,
    path::{Path, PathBuf},
};

use mlicense_core::error::{ErrorKind, Language, Refusal};

/// The result of everything that can go wrong here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a client could not do what it was asked; checks never fail.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A mistake of the caller or of whoever made a document; nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The state could not be read or written; what was held before still counts.
    #[error(transparent)]
    Storage(#[from] StorageFault),
}

impl Error {
    /// The kind, with its stable number and name.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.refusal().kind()
    }

    /// What went wrong, in one sentence without a final stop.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        self.refusal().message(language)
    }

    /// What the caller can do about it.
    #[must_use]
    pub fn remedy(&self, language: Language) -> String {
        self.refusal().remedy(language)
    }

    /// Number, name, text and remedy.
    #[must_use]
    pub const fn refusal(&self) -> &Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Storage(fault) => &fault.text,
        }
    }
}

/// A fault of a file, of a kind in the block from 10800 on.
#[derive(Debug)]
pub struct StorageFault {
    text: Refusal,
    path: PathBuf,
    source: Option<io::Error>,
}

impl StorageFault {
    pub(crate) fn new(kind: ErrorKind, path: &Path) -> Self {
        let text = Refusal::new(kind).with("store", format_args!("`{}`", path.display()));
        Self { text, path: path.to_owned(), source: None }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.text = self.text.with(name, value);
        self
    }

    pub(crate) fn reading(path: &Path, source: io::Error) -> Self {
        let fault = Self::new(ErrorKind::StoreUnavailable, path).with("detail", &source);
        Self { source: Some(source), ..fault }
    }

    pub(crate) fn writing(path: &Path, source: io::Error) -> Self {
        use io::ErrorKind as Io;
        let is = |kinds: &[Io]| kinds.contains(&source.kind());
        let kind = if is(&[Io::StorageFull, Io::QuotaExceeded, Io::FileTooLarge]) {
            ErrorKind::StoreFull
        } else if is(&[Io::PermissionDenied, Io::ReadOnlyFilesystem]) {
            ErrorKind::StoreReadOnly
        } else {
            ErrorKind::StoreUnavailable
        };
        let fault = Self::new(kind, path).with("detail", &source);
        Self { source: Some(source), ..fault }
    }

    /// The kind, with its stable number and name.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.text.kind()
    }

    /// The file or folder concerned.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Display for StorageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.text, f)
    }
}

impl error::Error for StorageFault {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
