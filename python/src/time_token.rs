//! `TimeToken`.

use mlicense_core::document;
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDateTime},
};

use crate::{
    document::Request,
    error::Result,
    shape::{self, DOCUMENTS},
    signing::{Signer, verified},
    time,
};

/// A time token whose signature was verified: what time it was when the vendor signed it.
///
/// It was signed after the request that it answers was written. So it is not earlier than its
/// instant, whatever the clock of the host says. :meth:`Client.accept` makes that comparison.
///
/// Examples:
///     >>> from datetime import datetime, timezone
///     >>> vendor = Signer.generate()
///     >>> asked, other = (
///     ...     Request.verify(Client("editor", [vendor.public_key]).request("trial"))
///     ...     for _ in range(2))
///     >>> noon = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
///     >>> document = TimeToken.issue(asked, vendor, issued_at=noon)
///     >>> token = TimeToken.verify(document, [vendor.public_key])
///     >>> token.require_request(asked)
///     >>> print(token.instant)
///     2026-03-01 12:00:00+00:00
///     >>> token.require_request(other)
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: the time token was made for another installation
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct TimeToken(document::TimeToken);

#[pymethods]
impl TimeToken {
    /// Signs what time it is, for the installation that asked.
    ///
    /// The answers of a :class:`Ledger` carry a token already.
    ///
    /// Args:
    ///     request: The request that asked.
    ///     signer: A root key of the vendor, or a key of its key ring for answers.
    ///     issued_at: An aware datetime; now when left out.
    ///
    /// Returns:
    ///     The signed document.
    #[staticmethod]
    #[pyo3(signature = (request, signer, *, issued_at = None))]
    fn issue<'py>(
        py: Python<'py>,
        request: &Request,
        signer: &Signer,
        issued_at: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Bound<'py, PyBytes>> {
        let claims = document::TimeClaims::to(&request.0, time::now(issued_at)?);
        let document = py.detach(|| document::TimeToken::issue(&claims, &signer.0))?;
        Ok(PyBytes::new(py, document.as_bytes()))
    }

    /// Reads a time token that a trusted key must have signed.
    ///
    /// Args:
    ///     document: The signed document.
    ///     roots: The vendor's root keys, or their texts.
    ///     key_ring: The signed key ring that names the signer, where no root key signed.
    ///
    /// Returns:
    ///     The token.
    ///
    /// Raises:
    ///     InputError: ``INPUT_TOO_LARGE`` for more than 65536 bytes.
    ///     Refusal: ``DOCUMENT_MALFORMED``, ``DOCUMENT_WRONG_TYPE``, ``KEY_NOT_TRUSTED``,
    ///         ``KEY_NOT_VALID`` or ``SIGNATURE_INVALID``.
    #[staticmethod]
    #[pyo3(signature = (document, roots, key_ring = None))]
    fn verify(
        document: &Bound<'_, PyAny>,
        roots: &Bound<'_, PyAny>,
        key_ring: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        verified((document, roots), key_ring, document::TimeToken::verify).map(Self)
    }

    /// What the token says.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        shape::value(py, (DOCUMENTS, "TimeClaims"), self.0.claims())
    }

    /// The time by the vendor's clock when the token was signed.
    #[getter]
    fn instant<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        time::datetime(py, self.0.instant())
    }

    /// The name of the key that signed the token.
    #[getter]
    fn signed_by(&self) -> String {
        self.0.signed_by().to_string()
    }

    /// Refuses a token for another request, such as one that was kept back.
    ///
    /// Args:
    ///     request: The request that asked.
    ///
    /// Raises:
    ///     Refusal: ``OTHER_INSTALLATION`` or ``OTHER_REQUEST``.
    fn require_request(&self, request: &Request) -> Result<()> {
        self.0.require_installation(request.0.installation())?;
        Ok(self.0.require_request(request.0.fields().nonce)?)
    }

    fn __repr__(&self) -> String {
        let claims = self.0.claims();
        format!("TimeToken('{}', installation='{}')", claims.issued_at, claims.installation)
    }
}
