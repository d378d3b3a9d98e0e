//! `Request` and `Answer`, for whoever handles documents without a ledger or a client.

use mlicense_core::{document, error::Language};
use pyo3::prelude::*;

use crate::{
    error::Result,
    license::License,
    shape::{self, DOCUMENTS},
    signing::{document_bytes, verified},
};

/// A request whose signature was verified.
///
/// It proves that the sender holds the key of the installation named, and nothing about who that
/// is.
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct Request(pub(crate) document::Request);

#[pymethods]
impl Request {
    /// Reads a request and checks that its sender holds the key it names.
    ///
    /// Args:
    ///     document: The signed request.
    ///
    /// Returns:
    ///     The request.
    ///
    /// Raises:
    ///     InputError: ``INPUT_TOO_LARGE`` for more than 65536 bytes.
    ///     Refusal: ``DOCUMENT_MALFORMED``, ``DOCUMENT_WRONG_TYPE``, ``KEY_WEAK`` or
    ///         ``SIGNATURE_INVALID``.
    #[staticmethod]
    fn verify(py: Python<'_>, document: &Bound<'_, PyAny>) -> Result<Self> {
        let document = document_bytes(document)?;
        Ok(Self(py.detach(|| document::Request::verify(&document))?))
    }

    /// What the request says.
    #[getter]
    fn fields<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        shape::value(py, (DOCUMENTS, "RequestFields"), self.0.fields())
    }

    /// The installation that asks: the name of its key.
    #[getter]
    fn installation(&self) -> String {
        self.0.installation().to_string()
    }

    /// Says in words, line by line, what the request tells the vendor and what it keeps.
    ///
    /// It is to be shown before the request is sent. A number or coupon is shown by its end only;
    /// of the host the kinds of facts are named, whose values the request does not hold.
    ///
    /// Args:
    ///     language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.
    ///
    /// Returns:
    ///     One line for each thing told.
    #[pyo3(signature = (language = "en"))]
    fn explain(&self, language: &str) -> String {
        self.0.explain(Language::from_locale(language))
    }

    fn __repr__(&self) -> String {
        let (product, installation) = (&self.0.fields().product, self.0.installation());
        format!("Request(product='{product}', installation='{installation}')")
    }
}

/// An answer whose signature was verified, and the signatures of what it carries.
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct Answer(document::Answer);

#[pymethods]
impl Answer {
    /// Reads an answer and all that it carries.
    ///
    /// Whether it is to this installation and its latest request is for the caller to compare;
    /// :meth:`Client.accept` does.
    ///
    /// Args:
    ///     document: The signed answer.
    ///     roots: The vendor's root keys, or their texts.
    ///     key_ring: The newest signed key ring known, if any.
    ///
    /// Returns:
    ///     The answer.
    ///
    /// Raises:
    ///     InputError: ``INPUT_TOO_LARGE`` for more than 65536 bytes.
    ///     Refusal: ``DOCUMENT_MALFORMED``, ``DOCUMENT_WRONG_TYPE``, ``KEY_NOT_TRUSTED``,
    ///         ``KEY_NOT_VALID`` or ``SIGNATURE_INVALID``, for the answer or what it carries.
    #[staticmethod]
    #[pyo3(signature = (document, roots, key_ring = None))]
    fn verify(
        document: &Bound<'_, PyAny>,
        roots: &Bound<'_, PyAny>,
        key_ring: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        verified((document, roots), key_ring, document::Answer::verify).map(Self)
    }

    /// What the answer says.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        shape::value(py, (DOCUMENTS, "AnswerClaims"), self.0.claims())
    }

    /// The licence inside, if there is one.
    #[getter]
    fn license(&self) -> Option<License> {
        self.0.license().cloned().map(License)
    }

    fn __repr__(&self) -> String {
        let claims = self.0.claims();
        format!("Answer(product='{}', installation='{}')", claims.product, claims.installation)
    }
}
