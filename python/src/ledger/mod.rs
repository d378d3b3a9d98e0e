//! `Ledger`: opened and closed here; what it does is in the rooms of this folder.

mod commands;
mod copies;
mod proofs;
mod questions;
mod rooms;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use mlicense_core::{
    error::{ErrorKind, Refusal},
    time::Instant,
};
use mlicense_ledger::Place;
use pyo3::{prelude::*, types::PyDateTime};

use crate::{
    clock::{self, Clock},
    error::Result,
    place,
};

/// The vendor's book of record, in one file or a PostgreSQL database.
///
/// It keeps the history, decides commands on it by the rules, answers requests and signs documents.
/// A context manager, usable from many threads at once; each call is one transaction, and a refused
/// call changes nothing.
///
/// While a ledger is open, the same process must not open its file with Python's own ``sqlite3``:
/// closing that would let go of the locks that keep other processes out.
///
/// Examples:
///     >>> import pathlib, tempfile
///     >>> folder = tempfile.TemporaryDirectory()
///     >>> with Ledger.create(pathlib.Path(folder.name, "vendor.mlicense")) as ledger:
///     ...     receipt = ledger.execute(
///     ...         {"register_customer": {"customer": "c1", "zone": "Europe/Paris"}})
///     ...     receipt.events[0].kind
///     ...     ledger.execute({"register_customer": {"customer": "c1", "zone": "Asia/Tokyo"}})
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: customer `c1` is registered already
///     >>> folder.cleanup()
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct Ledger {
    place: Place,
    clock: Option<Py<Clock>>,
    open: Mutex<Option<Arc<mlicense_ledger::Ledger>>>,
}

#[pymethods]
impl Ledger {
    /// Makes a new ledger in a file that does not exist yet, or in a database.
    ///
    /// Args:
    ///     place: The file; or a PostgreSQL database that exists, as ``postgresql://user@host/name``,
    ///         in which it takes a schema ``mlicense`` of its own. Another machine is reached under
    ///         TLS only, and its certificate is checked against the file of ``sslrootcert``.
    ///     clock: A clock in the place of the system's, for tests.
    ///
    /// Returns:
    ///     The ledger, open.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for a connection that cannot be read, or leads to another
    ///         machine without TLS.
    ///     StorageError: ``STORE_EXISTS`` when something is there, ``STORE_UNAVAILABLE`` and the
    ///         like.
    #[staticmethod]
    #[pyo3(signature = (place, *, clock = None))]
    fn create(py: Python<'_>, place: PathBuf, clock: Option<Py<Clock>>) -> Result<Self> {
        let place = place::of(place);
        let made = py.detach(|| mlicense_ledger::Ledger::create(&place))?;
        Ok(Self::opened(place, made, clock))
    }

    /// Opens a ledger.
    ///
    /// Args:
    ///     place: The file or database, as for :meth:`create`.
    ///     clock: A clock in the place of the system's, for tests.
    ///
    /// Returns:
    ///     The ledger.
    ///
    /// Raises:
    ///     InputError: As :meth:`create`.
    ///     StorageError: ``STORE_UNAVAILABLE`` when there is none, ``STORE_FOREIGN`` when the file
    ///         is something else, ``STORE_UNTRUSTED`` for a server with another certificate,
    ///         ``STORE_NEWER`` or ``STORE_CORRUPT``.
    #[staticmethod]
    #[pyo3(signature = (place, *, clock = None))]
    fn open(py: Python<'_>, place: PathBuf, clock: Option<Py<Clock>>) -> Result<Self> {
        let place = place::of(place);
        let open = py.detach(|| mlicense_ledger::Ledger::open(&place))?;
        Ok(Self::opened(place, open, clock))
    }

    /// Opens a file to read it: queries, verification, export. Commands are refused.
    ///
    /// Args:
    ///     path: The file.
    ///     clock: A clock in the place of the system's, for tests.
    ///
    /// Returns:
    ///     The ledger.
    ///
    /// Raises:
    ///     StorageError: As :meth:`open`; ``STORE_READ_ONLY`` when an older version wrote it.
    #[staticmethod]
    #[pyo3(signature = (path, *, clock = None))]
    fn open_read_only(py: Python<'_>, path: PathBuf, clock: Option<Py<Clock>>) -> Result<Self> {
        let open = py.detach(|| mlicense_ledger::Ledger::open_read_only(&path))?;
        Ok(Self::opened(path.into(), open, clock))
    }

    /// The file, as a path; none when it is in a database.
    #[getter]
    fn path(&self) -> Option<&Path> {
        self.place.path()
    }

    /// Whether the ledger was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.lock().is_none()
    }

    /// Closes the file as soon as calls under way in other threads have ended.
    ///
    /// Closing again does nothing.
    fn close(&self, py: Python<'_>) {
        let open = self.lock().take();
        py.detach(|| drop(open));
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, pyo3::types::PyTuple>) {
        self.close(py);
    }

    fn __repr__(&self) -> String {
        let closed = if self.closed() { ", closed" } else { "" };
        format!("Ledger('{}'{closed})", self.place)
    }
}

impl Ledger {
    fn opened(place: Place, open: mlicense_ledger::Ledger, clock: Option<Py<Clock>>) -> Self {
        Self { place, clock, open: Mutex::new(Some(Arc::new(open))) }
    }

    fn now(&self, given: Option<&Bound<'_, PyDateTime>>) -> Result<Instant> {
        clock::now(given, self.clock.as_ref())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<mlicense_ledger::Ledger>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ledger(&self) -> Result<Arc<mlicense_ledger::Ledger>, Refusal> {
        let closed = || Refusal::new(ErrorKind::Closed).with("object", "ledger");
        self.lock().clone().ok_or_else(closed)
    }
}
