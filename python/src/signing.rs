//! `PublicKey`, `Signer` and `KeyRing`.

use mlicense_core::{
    document::{DOCUMENT_BYTES_MAX, DocumentType},
    error::{ErrorKind, Refusal},
    signing::{self, Trust},
};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyBytes, PyDateTime, PyDict, PyString, PyTuple, PyType},
};

use crate::{
    error::{Fault, Result},
    json::Given,
    shape::{self, DOCUMENTS},
    time,
};

/// An Ed25519 public key that is neither malformed nor weak.
///
/// Wherever a key is wanted its text will do. Keys are equal when their bytes are.
///
/// Args:
///     key: The 32 bytes of the key, or its text: 43 characters of base64url, as the member ``x``
///         of a JSON Web Key.
///
/// Raises:
///     Refusal: ``KEY_WEAK`` for anything else, and for a key under which anyone can sign.
///
/// Examples:
///     >>> key = PublicKey("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
///     >>> key.key_id
///     'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
///     >>> PublicKey(bytes(key)) == key
///     True
///     >>> PublicKey("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: the public key is of small order
#[pyclass(frozen, eq, hash, module = "mlicense")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct PublicKey(pub(crate) signing::PublicKey);

#[pymethods]
impl PublicKey {
    #[new]
    fn new(key: &Bound<'_, PyAny>) -> Result<Self> {
        if let Ok(bytes) = key.cast::<PyBytes>() {
            return Ok(Self(signing::PublicKey::from_bytes(bytes.as_bytes())?));
        }
        Ok(Self(public_key(key)?))
    }

    /// The name of the key: the thumbprint of its JSON Web Key (RFC 7638).
    #[getter]
    fn key_id(&self) -> String {
        self.0.thumbprint().to_string()
    }

    /// Gives the key as a JSON Web Key (RFC 8037).
    ///
    /// Returns:
    ///     The members ``kty``, ``crv``, ``x`` and ``kid``, for other libraries.
    fn jwk<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let jwk = PyDict::new(py);
        jwk.set_item("kty", "OKP")?;
        jwk.set_item("crv", "Ed25519")?;
        jwk.set_item("x", self.__str__())?;
        jwk.set_item("kid", self.key_id())?;
        Ok(jwk)
    }

    /// Checks a signature over the exact bytes of a message.
    ///
    /// Args:
    ///     message: The bytes that were signed.
    ///     signature: The 64 bytes of the signature.
    ///
    /// Raises:
    ///     Refusal: ``SIGNATURE_INVALID`` when it does not hold.
    fn verify(&self, py: Python<'_>, message: &[u8], signature: &[u8]) -> Result<()> {
        Ok(py.detach(|| self.0.verify(message, signature))?)
    }

    fn __bytes__(&self) -> &[u8] {
        self.0.as_bytes()
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("PublicKey('{}')", self.0)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (String,)) {
        (py.get_type::<Self>(), (self.__str__(),))
    }
}

/// A private key that signs: the vendor's, or another.
///
/// The private key cannot be read back or printed; keep the seed where it came from.
///
/// Examples:
///     >>> signer = Signer.from_seed(bytes(31) + b"7")
///     >>> signature = signer.sign(b"note")
///     >>> signer.public_key.verify(b"note", signature)
///     >>> signer.public_key.verify(b"Note", signature)
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: the signature does not hold: the message was changed after signing
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct Signer(pub(crate) signing::Signer);

#[pymethods]
impl Signer {
    /// Makes a new key from the operating system's random bytes.
    ///
    /// Its seed is nowhere kept: for a key that is to live on, keep 32 random bytes and use
    /// :meth:`from_seed`.
    ///
    /// Returns:
    ///     The signer.
    #[staticmethod]
    fn generate() -> Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(Fault::internal)?;
        Ok(Self(signing::Signer::from_seed(seed)))
    }

    /// Makes the key of a seed.
    ///
    /// Args:
    ///     seed: 32 random bytes, kept secret.
    ///
    /// Returns:
    ///     The signer.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for another number of bytes.
    #[staticmethod]
    fn from_seed(seed: &[u8]) -> Result<Self> {
        let bytes = <[u8; 32]>::try_from(seed).map_err(|_| {
            Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "seed")
                .with("value", format_args!("{} bytes", seed.len()))
                .with("expected", "32 bytes")
        })?;
        Ok(Self(signing::Signer::from_seed(bytes)))
    }

    /// The public key to hand out.
    #[getter]
    fn public_key(&self) -> PublicKey {
        PublicKey(self.0.public_key())
    }

    /// The name under which documents cite the key.
    #[getter]
    fn key_id(&self) -> String {
        self.0.key_id().to_string()
    }

    /// Signs the exact bytes of a message, which must not look like a document.
    ///
    /// Args:
    ///     message: The bytes to sign.
    ///
    /// Returns:
    ///     The 64 bytes of the signature.
    fn sign<'py>(&self, py: Python<'py>, message: &[u8]) -> Result<Bound<'py, PyBytes>> {
        let signature = py.detach(|| self.0.sign(message))?;
        Ok(PyBytes::new(py, &signature))
    }

    fn __repr__(&self) -> String {
        format!("Signer({})", self.key_id())
    }
}

/// A key ring whose signature was verified: the keys that sign for the vendor.
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct KeyRing(signing::KeyRing);

#[pymethods]
impl KeyRing {
    /// Signs a key ring with a root key.
    ///
    /// Args:
    ///     claims: ``mlicense.documents.KeyRingClaims``, or the same as a mapping or JSON text.
    ///     root: A root key of the vendor.
    ///
    /// Returns:
    ///     The signed document.
    ///
    /// Raises:
    ///     InputError: ``JSON_INVALID`` for a member that is missing or not known.
    ///     Refusal: ``CLAIMS_CONTRADICTORY`` without keys, with one twice, or with one whose time
    ///         ends before it starts.
    ///
    /// Examples:
    ///     >>> from datetime import datetime, timezone
    ///     >>> from mlicense.documents import KeyRingClaims, RingKey
    ///     >>> root, daily = Signer.generate(), Signer.generate()
    ///     >>> now = datetime(2026, 3, 1, tzinfo=timezone.utc)
    ///     >>> keys = [RingKey(key=daily.public_key, valid_from=now)]
    ///     >>> claims = KeyRingClaims(number=1, issued_at=now, keys=keys)
    ///     >>> document = KeyRing.issue(claims, root)
    ///     >>> KeyRing.verify(document, [root.public_key]).number
    ///     1
    #[staticmethod]
    fn issue<'py>(
        py: Python<'py>,
        claims: &Bound<'_, PyAny>,
        root: &Signer,
    ) -> Result<Bound<'py, PyBytes>> {
        const WHAT: &str = DocumentType::KeyRing.noun();
        let text = Given { what: WHAT, bytes_max: DOCUMENT_BYTES_MAX }.text(claims)?;
        let claims: signing::KeyRingClaims =
            mlicense_core::json::from_str(&text).map_err(|error| {
                Refusal::new(ErrorKind::JsonInvalid).with("what", WHAT).with("detail", error)
            })?;
        let document = py.detach(|| signing::KeyRing::issue(&claims, &root.0))?;
        Ok(PyBytes::new(py, document.as_bytes()))
    }

    /// Reads a key ring that one of the root keys must have signed.
    ///
    /// Args:
    ///     document: The signed document.
    ///     roots: The vendor's root keys, or their texts.
    ///
    /// Returns:
    ///     The key ring.
    ///
    /// Raises:
    ///     Refusal: ``KEY_NOT_TRUSTED`` when another key signed it, ``SIGNATURE_INVALID`` when it
    ///         was changed, and the like.
    #[staticmethod]
    fn verify(
        py: Python<'_>,
        document: &Bound<'_, PyAny>,
        roots: &Bound<'_, PyAny>,
    ) -> Result<Self> {
        let (document, roots) = (document_bytes(document)?, root_keys(roots)?);
        Ok(Self(py.detach(|| signing::KeyRing::verify(&document, &roots))?))
    }

    /// The number of the ring, which rises with every ring.
    #[getter]
    fn number(&self) -> u64 {
        self.0.number()
    }

    /// When the ring was signed.
    #[getter]
    fn issued_at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        time::datetime(py, self.0.issued_at())
    }

    /// The keys, ordered by their names, as :meth:`issue` takes them.
    #[getter]
    fn keys<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyTuple>> {
        let keys: Vec<&signing::RingKey> = self.0.keys().collect();
        Ok(PyTuple::new(py, shape::values(py, (DOCUMENTS, "RingKey"), &keys)?)?)
    }

    fn __repr__(&self) -> String {
        format!("KeyRing(number={}, keys={})", self.0.number(), self.0.keys().count())
    }
}

/// Takes a key or its text.
pub(crate) fn public_key(key: &Bound<'_, PyAny>) -> Result<signing::PublicKey> {
    if let Ok(key) = key.cast::<PublicKey>() {
        return Ok(key.get().0);
    }
    let Ok(text) = key.cast::<PyString>() else {
        let kind = key.get_type().name()?;
        return Err(PyTypeError::new_err(format!("a public key or its text, not {kind}")).into());
    };
    Ok(text.to_cow()?.parse()?)
}

/// Takes the root keys of a vendor; a single text is a mistake, not a list of characters.
pub(crate) fn root_keys(roots: &Bound<'_, PyAny>) -> PyResult<Vec<signing::PublicKey>> {
    if roots.is_instance_of::<PyString>() {
        return Err(PyTypeError::new_err("roots must be a list of public keys, not str"));
    }
    let mut keys = Vec::new();
    for key in roots.try_iter()? {
        keys.push(public_key(&key?)?);
    }
    Ok(keys)
}

/// Trusts root keys and, where given, the keys of a ring that one of them signed.
pub(crate) fn trust(
    roots: &[signing::PublicKey],
    key_ring: Option<&[u8]>,
) -> Result<Trust, Refusal> {
    let ring = key_ring.map(|ring| signing::KeyRing::verify(ring, roots)).transpose()?;
    Trust::new(roots, ring)
}

/// Reads a signed document by what the caller trusts: `read` gets its bytes.
pub(crate) fn verified<T: Send>(
    (document, roots): (&Bound<'_, PyAny>, &Bound<'_, PyAny>),
    key_ring: Option<&Bound<'_, PyAny>>,
    read: impl FnOnce(&[u8], &Trust) -> Result<T, Refusal> + Send,
) -> Result<T> {
    let py = document.py();
    let (document, roots) = (document_bytes(document)?, root_keys(roots)?);
    let key_ring = key_ring.map(document_bytes).transpose()?;
    let read = py.detach(|| read(&document, &trust(&roots, key_ring.as_deref())?));
    Ok(read?)
}

/// Takes a signed document: bytes, or the same as text.
pub(crate) fn document_bytes(document: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(text) = document.cast::<PyString>() {
        return Ok(text.to_cow()?.as_bytes().to_vec());
    }
    let Ok(bytes) = document.cast::<PyBytes>() else {
        let kind = document.get_type().name()?;
        return Err(PyTypeError::new_err(format!("a document must be bytes or str, not {kind}")));
    };
    Ok(bytes.as_bytes().to_vec())
}
