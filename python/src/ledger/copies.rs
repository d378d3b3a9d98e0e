//! Copies of a ledger, and its file.

use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::PathBuf,
};

use mlicense_ledger::ExportOptions;
use pyo3::prelude::*;

use super::Ledger;
use crate::{error::Result, place};

#[pymethods]
impl Ledger {
    /// Copies the ledger as it is now to a new file; commands go on meanwhile.
    ///
    /// The copy is a ledger: open it to restore it.
    ///
    /// Args:
    ///     path: The file.
    ///
    /// Raises:
    ///     StorageError: ``STORE_EXISTS`` when something is there, ``STORE_FULL`` and the like.
    #[expect(clippy::needless_pass_by_value, reason = "paths come out of Python by value")]
    fn backup(&self, py: Python<'_>, path: PathBuf) -> Result<()> {
        let ledger = self.ledger()?;
        Ok(py.detach(|| ledger.backup(&path, &mut |_| ()))?)
    }

    /// Writes the whole ledger as lines of JSON to a file that does not exist yet.
    ///
    /// The file is as secret as the ledger: it has the salt under which codes are digested.
    ///
    /// Args:
    ///     path: The file.
    ///     people: Whether names and addresses go with it.
    ///     outbox: Whether what is yet to be sent goes with it.
    ///
    /// Raises:
    ///     FileExistsError: When something is there; other kinds of OSError when it cannot be made.
    ///     Refusal: As :meth:`verify`: what is broken is not written.
    ///     StorageError: When one of the files cannot be read or written.
    #[pyo3(signature = (path, *, people = true, outbox = true))]
    #[expect(clippy::needless_pass_by_value, reason = "paths come out of Python by value")]
    fn export(&self, py: Python<'_>, path: PathBuf, people: bool, outbox: bool) -> Result<()> {
        let ledger = self.ledger()?;
        let file = File::create_new(&path).map_err(PyErr::from)?;
        let options = ExportOptions { people, outbox };
        let written = py.detach(|| {
            let mut to = BufWriter::new(file);
            ledger.export(&mut to, options, &mut |_| ())
        });
        if written.is_err() {
            let _ = std::fs::remove_file(&path);
        }
        Ok(written?)
    }

    /// Makes a ledger, in a file that does not exist yet, of what :meth:`export` has written.
    ///
    /// Args:
    ///     place: The file or database of the new ledger, as for :meth:`create`.
    ///     source: The file to read.
    ///
    /// Returns:
    ///     The ledger, open. Go on with one of the two only.
    ///
    /// Raises:
    ///     OSError: When ``source`` cannot be opened.
    ///     Refusal: ``EXPORT_INVALID`` naming the first line that does not hold; as :meth:`verify`.
    ///     StorageError: ``STORE_EXISTS`` when something is there, and the like.
    #[staticmethod]
    #[expect(clippy::needless_pass_by_value, reason = "paths come out of Python by value")]
    fn import_from(py: Python<'_>, place: PathBuf, source: PathBuf) -> Result<Self> {
        let mut from = BufReader::new(File::open(&source).map_err(PyErr::from)?);
        let place = place::of(place);
        let ledger =
            py.detach(|| mlicense_ledger::Ledger::import(&place, &mut from, &mut |_| ()))?;
        Ok(Self::opened(place, ledger, None))
    }

    /// Rewrites the file without the room that deleted rows have left.
    ///
    /// Raises:
    ///     StorageError: ``STORE_BUSY`` while another program uses it, ``STORE_FULL`` and the like.
    fn vacuum(&self, py: Python<'_>) -> Result<()> {
        let ledger = self.ledger()?;
        Ok(py.detach(move || ledger.vacuum())?)
    }
}
