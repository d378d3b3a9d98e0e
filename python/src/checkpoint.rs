//! `TreeHead` and `Checkpoint`.

use mlicense_core::{
    document,
    signing::merkle::{self, MerkleHash},
};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyType},
};

use crate::{
    error::Result,
    signing::{Signer, document_bytes, root_keys, trust},
};

/// How many events a history has, and the root of the Merkle tree over them (RFC 6962).
///
/// Hashes are texts: 44 characters of base64 with padding, as in checkpoints. Heads are equal when
/// both are.
///
/// Args:
///     size: The number of leaves.
///     root: The hash over all of them.
///
/// Raises:
///     InputError: ``FIELD_INVALID`` for a text that is no hash.
///
/// Examples:
///     >>> a, b = TreeHead.leaf(b"a"), TreeHead.leaf(b"b")
///     >>> older, newer = TreeHead.over([a]), TreeHead.over([a, b])
///     >>> older.verify_consistency(newer, [b])
///     >>> newer.verify_inclusion(b, 1, [a])
///     >>> newer.verify_inclusion(b, 0, [a])
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: the proof does not hold: it does not lead to the root
#[pyclass(frozen, eq, hash, module = "mlicense")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TreeHead(merkle::TreeHead);

#[pymethods]
impl TreeHead {
    #[new]
    fn new(size: u64, root: &str) -> Result<Self> {
        Ok(Self(merkle::TreeHead::new(size, root.parse()?)))
    }

    /// The head of the tree over leaves; hashes once for each of them.
    ///
    /// Args:
    ///     leaves: The hashes of the entries, in their order.
    ///
    /// Returns:
    ///     The head.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for a text that is no hash.
    #[staticmethod]
    #[expect(clippy::needless_pass_by_value, reason = "texts come out of Python by value")]
    fn over(py: Python<'_>, leaves: Vec<String>) -> Result<Self> {
        let leaves = hashes(&leaves)?;
        Ok(Self(py.detach(|| merkle::TreeHead::over(&leaves))))
    }

    /// The hash of an entry, told apart from that of a node above.
    ///
    /// Args:
    ///     entry: The bytes of the entry.
    ///
    /// Returns:
    ///     The hash.
    #[staticmethod]
    fn leaf(entry: &[u8]) -> String {
        MerkleHash::of_leaf(entry).to_string()
    }

    /// The number of leaves.
    #[getter]
    fn size(&self) -> u64 {
        self.0.size
    }

    /// The hash over all of them.
    #[getter]
    fn root(&self) -> String {
        self.0.root.to_string()
    }

    /// Checks that a tree has a leaf at a place.
    ///
    /// Args:
    ///     leaf: The hash of the entry.
    ///     index: Its place, counted from 0.
    ///     proof: The hashes that lead from the leaf to the root (RFC 9162, 2.1.3).
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for a text that is no hash.
    ///     Refusal: ``PROOF_INVALID``.
    #[expect(clippy::needless_pass_by_value, reason = "texts come out of Python by value")]
    fn verify_inclusion(&self, leaf: &str, index: u64, proof: Vec<String>) -> Result<()> {
        Ok(self.0.verify_inclusion(leaf.parse()?, index, &hashes(&proof)?)?)
    }

    /// Checks that a newer tree begins with the leaves of this one.
    ///
    /// Args:
    ///     newer: The head of the newer tree.
    ///     proof: The hashes that show it (RFC 9162, 2.1.4).
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for a text that is no hash.
    ///     Refusal: ``PROOF_INVALID``.
    #[expect(clippy::needless_pass_by_value, reason = "texts come out of Python by value")]
    fn verify_consistency(&self, newer: &Self, proof: Vec<String>) -> Result<()> {
        Ok(self.0.verify_consistency(&newer.0, &hashes(&proof)?)?)
    }

    fn __repr__(&self) -> String {
        format!("TreeHead({}, '{}')", self.0.size, self.0.root)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (u64, String)) {
        (py.get_type::<Self>(), (self.0.size, self.0.root.to_string()))
    }
}

/// A checkpoint: what a vendor states about its history.
///
/// It is signed as a note that the tools of transparency logs read. Whoever keeps one can later
/// have it proved that the history continues that of then.
///
/// Args:
///     origin: The name of the history, such as ``example.com/history``.
///     head: How long the history is, and the hash over it.
///
/// Raises:
///     InputError: ``FIELD_INVALID`` for another name than 1 to 128 bytes without spaces and ``+``.
///     Refusal: ``QUANTITY_OUT_OF_RANGE`` for more than 2**63 - 1 leaves.
///
/// Examples:
///     >>> vendor = Signer.generate()
///     >>> head = TreeHead.over([TreeHead.leaf(b"the first event")])
///     >>> note = Checkpoint("example.com/history", head).sign(vendor)
///     >>> Checkpoint.verify(note, "example.com/history", [vendor.public_key]).head == head
///     True
///     >>> forged = note.replace(head.root.encode(), TreeHead.leaf(b"another").encode())
///     >>> Checkpoint.verify(forged, "example.com/history", [vendor.public_key])
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: the signature does not hold: the checkpoint was changed ...
#[pyclass(frozen, eq, hash, module = "mlicense")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Checkpoint(pub(crate) document::Checkpoint);

#[pymethods]
impl Checkpoint {
    #[new]
    fn new(origin: &str, head: &TreeHead) -> Result<Self> {
        Ok(Self(document::Checkpoint::new(origin, head.0)?))
    }

    /// Reads a checkpoint that a trusted key must have signed.
    ///
    /// Signatures of others, such as witnesses, are passed over.
    ///
    /// Args:
    ///     note: The signed note.
    ///     origin: The name of the history.
    ///     roots: The vendor's root keys, or their texts.
    ///     key_ring: The signed key ring, where a key of it for checkpoints may have signed.
    ///
    /// Returns:
    ///     The checkpoint.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for what is no origin, ``INPUT_TOO_LARGE`` for more than
    ///         131072 bytes.
    ///     Refusal: ``DOCUMENT_MALFORMED``, ``KEY_NOT_TRUSTED``, ``SIGNATURE_INVALID`` or
    ///         ``OTHER_ORIGIN``.
    #[staticmethod]
    #[pyo3(signature = (note, origin, roots, key_ring = None))]
    fn verify(
        py: Python<'_>,
        note: &Bound<'_, PyAny>,
        origin: &str,
        roots: &Bound<'_, PyAny>,
        key_ring: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        let (note, roots) = (document_bytes(note)?, root_keys(roots)?);
        let key_ring = key_ring.map(document_bytes).transpose()?;
        let verified = py.detach(|| {
            let trust = trust(&roots, key_ring.as_deref())?;
            document::Checkpoint::verify(&note, origin, &trust)
        });
        Ok(Self(verified?))
    }

    /// Signs the checkpoint; the same key gives the same bytes.
    ///
    /// Args:
    ///     signer: A root key of the vendor, or a key of its key ring for checkpoints.
    ///
    /// Returns:
    ///     The signed note.
    fn sign<'py>(&self, py: Python<'py>, signer: &Signer) -> Result<Bound<'py, PyBytes>> {
        let note = py.detach(|| self.0.sign(&signer.0))?;
        Ok(PyBytes::new(py, note.as_bytes()))
    }

    /// The name of the history.
    #[getter]
    fn origin(&self) -> &str {
        self.0.origin()
    }

    /// How long the history is, and the hash over it.
    #[getter]
    fn head(&self) -> TreeHead {
        TreeHead(self.0.head())
    }

    fn __repr__(&self) -> String {
        format!("Checkpoint('{}', size={})", self.0.origin(), self.0.head().size)
    }
}

fn hashes(texts: &[String]) -> Result<Vec<MerkleHash>> {
    texts.iter().map(|text| Ok(text.parse()?)).collect()
}
