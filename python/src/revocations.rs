//! `RevocationList`.

use mlicense_core::document::{self, DOCUMENT_BYTES_MAX, DocumentType};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDateTime},
};

use crate::{
    error::Result,
    json::Given,
    license::License,
    shape::{self, DOCUMENTS},
    signing::{Signer, verified},
    time,
};

const CLAIMS: Given =
    Given { what: DocumentType::Revocations.noun(), bytes_max: DOCUMENT_BYTES_MAX };

/// A revocation list whose signature was verified: what the vendor has revoked.
///
/// Revoked is what the newest list names, and nothing else: being left out revokes nothing. A list
/// that is late, or none at all, revokes nothing either. :meth:`Client.accept` keeps the newest.
///
/// Examples:
///     >>> vendor = Signer.generate()
///     >>> sold = LicenseClaims.perpetual("editor", "Example Ltd")
///     >>> sold = License.issue(sold.replace(serial="L-7"), vendor)
///     >>> refunded = {"L-7": {"at": 1775001600, "reason": "refunded"}}
///     >>> claims = {"number": 1, "iat": 1775001600, "next_update": 1775606400}
///     >>> document = RevocationList.issue({**claims, "licenses": refunded}, vendor)
///     >>> revoked = RevocationList.verify(document, [vendor.public_key])
///     >>> revoked.revocation_of(License.verify(sold, [vendor.public_key])).reason
///     'refunded'
///     >>> RevocationList.issue({**claims, "next_update": 1775001600}, vendor)
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: the revocation list contradicts itself: ...
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct RevocationList(document::RevocationList);

#[pymethods]
impl RevocationList {
    /// Signs a revocation list, to be published with the command ``publish_revocations``.
    ///
    /// Args:
    ///     claims: A mapping or JSON text with the members that ``docs/formats.md`` lists under
    ///         "Revocation list"; a member that is not known is refused.
    ///     signer: A root key of the vendor, or a key of its key ring for answers.
    ///
    /// Returns:
    ///     The signed document.
    ///
    /// Raises:
    ///     InputError: ``JSON_INVALID`` for a member that is missing or not known,
    ///         ``FIELD_INVALID`` for a reason of more than 64 bytes or none.
    ///     Refusal: ``CLAIMS_CONTRADICTORY`` when the next list is due before this one is signed,
    ///         something is revoked from later than that, or the signer is revoked.
    #[staticmethod]
    fn issue<'py>(
        py: Python<'py>,
        claims: &Bound<'_, PyAny>,
        signer: &Signer,
    ) -> Result<Bound<'py, PyBytes>> {
        let text = CLAIMS.text(claims)?;
        let claims = document::RevocationClaims::from_json(text.as_bytes())?;
        let document = py.detach(|| document::RevocationList::issue(&claims, &signer.0))?;
        Ok(PyBytes::new(py, document.as_bytes()))
    }

    /// Reads a list that a trusted key must have signed; whether it is late is not asked.
    ///
    /// Args:
    ///     document: The signed document.
    ///     roots: The vendor's root keys, or their texts.
    ///     key_ring: The signed key ring that names the signer, where no root key signed.
    ///
    /// Returns:
    ///     The list.
    ///
    /// Raises:
    ///     InputError: ``INPUT_TOO_LARGE`` for more than 65536 bytes.
    ///     Refusal: ``DOCUMENT_MALFORMED``, ``DOCUMENT_WRONG_TYPE``, ``KEY_NOT_TRUSTED``,
    ///         ``KEY_NOT_VALID``, ``SIGNATURE_INVALID`` or ``CLAIMS_CONTRADICTORY``.
    #[staticmethod]
    #[pyo3(signature = (document, roots, key_ring = None))]
    fn verify(
        document: &Bound<'_, PyAny>,
        roots: &Bound<'_, PyAny>,
        key_ring: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        verified((document, roots), key_ring, document::RevocationList::verify).map(Self)
    }

    /// What the list says, in the form in which :meth:`issue` takes it.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        shape::value(py, (DOCUMENTS, "RevocationClaims"), self.0.claims())
    }

    /// The number of the list, which rises with every list.
    #[getter]
    fn number(&self) -> u64 {
        self.0.number()
    }

    /// When the list was signed.
    #[getter]
    fn issued_at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        time::datetime(py, self.0.claims().issued_at)
    }

    /// When the next list is due.
    #[getter]
    fn next_update<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        time::datetime(py, self.0.claims().next_update)
    }

    /// The name of the key that signed the list.
    #[getter]
    fn signed_by(&self) -> String {
        self.0.signed_by().to_string()
    }

    /// Says whether a newer list is due: a reason to warn and to ask for it, none to deny.
    ///
    /// Args:
    ///     now: An aware datetime; now when left out.
    ///
    /// Returns:
    ///     Whether ``next_update`` has come.
    #[pyo3(signature = (now = None))]
    fn is_stale(&self, now: Option<&Bound<'_, PyDateTime>>) -> Result<bool> {
        Ok(self.0.is_stale(time::now(now)?))
    }

    /// Finds the revocation of a licence, by its serial or the installation it was made for.
    ///
    /// Args:
    ///     held: A licence that was verified.
    ///
    /// Returns:
    ///     Since when, and why; None when the list names neither.
    fn revocation_of<'py>(
        &self,
        py: Python<'py>,
        held: &License,
    ) -> Result<Option<Bound<'py, PyAny>>> {
        let found = self.0.revocation_of(&held.0);
        found.map(|entry| shape::value(py, (DOCUMENTS, "Revocation"), entry)).transpose()
    }

    fn __repr__(&self) -> String {
        let claims = self.0.claims();
        format!(
            "RevocationList(number={}, licenses={}, keys={}, installations={})",
            claims.number,
            claims.licenses.len(),
            claims.keys.len(),
            claims.installations.len()
        )
    }
}
