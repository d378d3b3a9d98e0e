//! Verification, checkpoints and proofs.

use pyo3::{prelude::*, types::PyDateTime};

use super::Ledger;
use crate::{checkpoint::Checkpoint, error::Result, shape, signing::Signer};

/// Where the classes are with which a ledger tells of itself.
const REPORTS: &str = "mlicense.reports";

#[pymethods]
impl Ledger {
    /// Reads the whole ledger again: chains, the tables against the events, the checkpoints.
    ///
    /// Args:
    ///     since: A checkpoint that was kept elsewhere, whose history this one has to continue.
    ///
    /// Returns:
    ///     What was found to hold.
    ///
    /// Raises:
    ///     Refusal: ``HISTORY_BROKEN`` naming the first event that is not what was written,
    ///         ``TABLE_BROKEN`` the first row, ``CHECKPOINT_BROKEN`` the first checkpoint.
    ///     StorageError: When the file cannot be read.
    #[pyo3(signature = (since = None))]
    fn verify<'py>(
        &self,
        py: Python<'py>,
        since: Option<&Checkpoint>,
    ) -> Result<Bound<'py, PyAny>> {
        let ledger = self.ledger()?;
        let verified = py.detach(move || match since {
            Some(since) => ledger.verify_since(&since.0),
            None => ledger.verify(),
        })?;
        shape::value(py, (REPORTS, "Verified"), &verified)
    }

    /// Signs the history as it is now, so that any change to it can be shown later.
    ///
    /// Keep copies where nobody who can write to the ledger can write. What is done to events after
    /// the newest checkpoint that is known elsewhere, no checkpoint tells.
    ///
    /// Args:
    ///     origin: The name of the history, such as ``example.com/history``.
    ///     signer: A root key of the vendor, or a key of its key ring for checkpoints.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The checkpoint with its signed note; the last one when nothing has happened since.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for what is no origin.
    ///     Refusal: ``OTHER_ORIGIN`` when the last has another, ``CHECKPOINT_BROKEN``.
    ///     StorageError: When the file cannot be written.
    #[pyo3(signature = (origin, signer, *, now = None))]
    fn checkpoint<'py>(
        &self,
        py: Python<'py>,
        origin: &str,
        signer: &Signer,
        now: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Bound<'py, PyAny>> {
        let (ledger, now) = (self.ledger()?, self.now(now)?);
        let kept = py.detach(move || ledger.checkpoint(origin, &signer.0, now))?;
        shape::value(py, (REPORTS, "KeptCheckpoint"), &kept)
    }

    /// The checkpoints that are kept, the oldest first.
    ///
    /// Returns:
    ///     Each as :meth:`checkpoint` gave it.
    ///
    /// Raises:
    ///     StorageError: When the file cannot be read.
    fn checkpoints<'py>(&self, py: Python<'py>) -> Result<Vec<Bound<'py, PyAny>>> {
        let ledger = self.ledger()?;
        let kept = py.detach(move || ledger.checkpoints())?;
        shape::values(py, (REPORTS, "KeptCheckpoint"), &kept)
    }

    /// Proves that an event stands in the history of a checkpoint.
    ///
    /// Args:
    ///     stream: The stream, such as ``customer/c1``.
    ///     index: The event, counted from 1.
    ///     size: How many events the checkpoint vouches for; the last one when left out.
    ///
    /// Returns:
    ///     The proof, for :meth:`TreeHead.verify_inclusion`.
    ///
    /// Raises:
    ///     Refusal: ``CHECKPOINT_MISSING``, ``CHECKPOINT_BROKEN``.
    ///     StorageError: When the file cannot be read.
    #[pyo3(signature = (stream, index, *, size = None))]
    fn prove_inclusion<'py>(
        &self,
        py: Python<'py>,
        stream: &str,
        index: u64,
        size: Option<u64>,
    ) -> Result<Bound<'py, PyAny>> {
        let (ledger, stream) = (self.ledger()?, stream.parse()?);
        let proved = py.detach(move || ledger.prove_inclusion((&stream, index), size))?;
        shape::value(py, (REPORTS, "Inclusion"), &proved)
    }

    /// Proves that the history of a checkpoint begins with that of an older one.
    ///
    /// Args:
    ///     older: How many events the older checkpoint vouches for.
    ///     newer: How many the newer one; the last when left out.
    ///
    /// Returns:
    ///     The proof, for :meth:`TreeHead.verify_consistency`.
    ///
    /// Raises:
    ///     Refusal: ``CHECKPOINT_MISSING``, ``CHECKPOINT_BROKEN``, ``QUANTITY_OUT_OF_RANGE``.
    ///     StorageError: When the file cannot be read.
    #[pyo3(signature = (older, newer = None))]
    fn prove_consistency<'py>(
        &self,
        py: Python<'py>,
        older: u64,
        newer: Option<u64>,
    ) -> Result<Bound<'py, PyAny>> {
        let ledger = self.ledger()?;
        let proved = py.detach(move || ledger.prove_consistency(older, newer))?;
        shape::value(py, (REPORTS, "Consistency"), &proved)
    }
}
