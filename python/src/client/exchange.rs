//! What a client and the vendor send each other: requests, numbers and answers.

use mlicense_core::{
    document::{DOCUMENT_BYTES_MAX, DocumentType, RequestKind},
    error::{ErrorKind, Refusal},
};
use mlicense_host::RequestDetails;
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDateTime, PyDict, PyString},
};
use serde::de::DeserializeOwned;

use super::{Accepted, Client, given};
use crate::{
    error::Result,
    json::{self, Given},
    signing::document_bytes,
};

const REQUEST: Given = Given { what: DocumentType::Request.noun(), bytes_max: DOCUMENT_BYTES_MAX };

#[pymethods]
impl Client {
    /// Writes a request for the vendor, signed with the installation's own key.
    ///
    /// It tells the host's facts as digests. Several requests may be under way at once.
    ///
    /// Args:
    ///     kind: A :class:`RequestKind`, or its text: ``register``, ``number``, ``trial``,
    ///         ``coupon``, ``system``, ``refresh``, ``rebind``, ``recover`` or ``release``.
    ///     now: An aware datetime; the system's time when left out.
    ///     **fields: What the kind needs: ``code`` for a coupon, ``system`` for a system, ``owner``
    ///         (``email``, ``company``, ``contact``, ``zone``, ``phone``, ``tax_id``) to register
    ///         or recover; where known ``number``, under which it asks, ``customer``, and
    ///         ``devices``, a count by licence type; ``group``, the group of hosts that share a
    ///         licence, to join it; and ``label``, what to call the host, which is told only where
    ///         it is given: ask first, for it may name a person.
    ///
    /// Returns:
    ///     The signed request, to be carried to the vendor.
    ///
    /// Raises:
    ///     InputError: ``JSON_INVALID`` for an unknown kind or field.
    ///     Refusal: ``CLAIMS_CONTRADICTORY`` when a field lacks that the kind needs.
    ///     StorageError: When the state cannot be written.
    #[pyo3(signature = (kind, *, now = None, **fields))]
    fn request<'py>(
        &self,
        py: Python<'py>,
        kind: &Bound<'py, PyString>,
        now: Option<&Bound<'py, PyDateTime>>,
        fields: Option<&Bound<'py, PyDict>>,
    ) -> Result<Bound<'py, PyBytes>> {
        let kind: RequestKind = read(&json::quoted(REQUEST, kind)?)?;
        let details: RequestDetails = match fields {
            Some(fields) => read(&REQUEST.text(fields)?)?,
            None => RequestDetails::default(),
        };
        let now = given(now)?;
        let request = py.detach(|| {
            let mut client = self.write();
            match now {
                Some(now) => client.request_at(kind, details, now),
                None => client.request(kind, details),
            }
        })?;
        Ok(PyBytes::new(py, request.as_bytes()))
    }

    /// The registration number kept, all but its tail masked; None when there is none.
    #[getter]
    fn number(&self, py: Python<'_>) -> Option<String> {
        py.detach(|| self.read().number())
    }

    /// The registration number that is kept, in full: for whoever asked to see it.
    ///
    /// Returns:
    ///     The number, or None when there is none.
    fn reveal_number(&self, py: Python<'_>) -> Option<String> {
        py.detach(|| self.read().reveal_number().map(ToOwned::to_owned))
    }

    /// Writes a request to use a registration number here.
    ///
    /// The number is kept once the vendor's answer is accepted; from then on every request bears
    /// it.
    ///
    /// Args:
    ///     typed: The number as it was typed.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The signed request, or None when this number is kept already.
    ///
    /// Raises:
    ///     Refusal: ``NUMBER_LOCKED`` when another number is kept; ``CODE_INVALID``,
    ///         ``CODE_MISTYPED`` and ``CODE_FOREIGN_CHARACTER`` for what is no number, where the
    ///         form of numbers is known.
    ///     StorageError: When the state cannot be written.
    #[pyo3(signature = (typed, *, now = None))]
    fn enter_number<'py>(
        &self,
        py: Python<'py>,
        typed: &str,
        now: Option<&Bound<'py, PyDateTime>>,
    ) -> Result<Option<Bound<'py, PyBytes>>> {
        let now = given(now)?;
        let request = py.detach(|| self.write().enter_number_at(typed, now))?;
        Ok(request.map(|request| PyBytes::new(py, request.as_bytes())))
    }

    /// Writes a request to use another registration number here than the one that is kept.
    ///
    /// The number that is kept stays until the vendor's answer is accepted.
    ///
    /// Args:
    ///     typed: The number as it was typed.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The signed request, or None when this number is kept already.
    ///
    /// Raises:
    ///     Refusal: ``CODE_INVALID``, ``CODE_MISTYPED`` and ``CODE_FOREIGN_CHARACTER`` for what is
    ///         no number, where the form of numbers is known.
    ///     StorageError: When the state cannot be written.
    #[pyo3(signature = (typed, *, now = None))]
    fn change_number<'py>(
        &self,
        py: Python<'py>,
        typed: &str,
        now: Option<&Bound<'py, PyDateTime>>,
    ) -> Result<Option<Bound<'py, PyBytes>>> {
        let now = given(now)?;
        let request = py.detach(|| self.write().change_number_at(typed, now))?;
        Ok(request.map(|request| PyBytes::new(py, request.as_bytes())))
    }

    /// Forgets the registration number.
    ///
    /// Licences stay until they end; the vendor is not told, and the host stays bound.
    ///
    /// Args:
    ///     confirmed: Whether the user has confirmed it.
    ///
    /// Raises:
    ///     Refusal: ``CONFIRMATION_NEEDED`` unless confirmed.
    ///     StorageError: When the state cannot be written.
    #[pyo3(signature = (*, confirmed = false))]
    fn remove_number(&self, py: Python<'_>, confirmed: bool) -> Result<()> {
        Ok(py.detach(|| self.write().remove_number(confirmed))?)
    }

    /// Writes a request to give the licence back, before this installation is removed or moved.
    ///
    /// The licences stay until the vendor's answer is accepted: it is the signed receipt, and ends
    /// them.
    ///
    /// Args:
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The signed request, to be carried to the vendor.
    ///
    /// Raises:
    ///     StorageError: When the state cannot be written.
    #[pyo3(signature = (*, now = None))]
    fn deactivate<'py>(
        &self,
        py: Python<'py>,
        now: Option<&Bound<'py, PyDateTime>>,
    ) -> Result<Bound<'py, PyBytes>> {
        let now = given(now)?;
        let request = py.detach(|| {
            let mut client = self.write();
            match now {
                Some(now) => client.deactivate_at(now),
                None => client.deactivate(),
            }
        })?;
        Ok(PyBytes::new(py, request.as_bytes()))
    }

    /// Accepts a signed document of the vendor's.
    ///
    /// It is an answer, a licence, a key ring, a revocation list or a time token. The same
    /// document again changes nothing, and neither does one that is refused.
    ///
    /// Args:
    ///     document: The signed document.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     What came of it.
    ///
    /// Raises:
    ///     Refusal: ``SIGNATURE_INVALID``, ``KEY_NOT_TRUSTED`` and the like for what is no document
    ///         of this vendor; ``OTHER_PRODUCT``, ``OTHER_CUSTOMER``, ``OTHER_INSTALLATION`` and
    ///         ``OTHER_REQUEST`` for one made for others; ``DOCUMENT_OUTDATED``;
    ///         ``ISSUED_IN_FUTURE``.
    ///     StorageError: When the state cannot be written.
    #[pyo3(signature = (document, *, now = None))]
    fn accept(
        &self,
        py: Python<'_>,
        document: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Accepted> {
        let (document, now) = (document_bytes(document)?, given(now)?);
        let accepted = py.detach(|| {
            let mut client = self.write();
            match now {
                Some(now) => client.accept_at(&document, now),
                None => client.accept(&document),
            }
        })?;
        Ok(Accepted(accepted))
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    mlicense_core::json::from_str(text).map_err(|error| {
        Refusal::new(ErrorKind::JsonInvalid).with("what", REQUEST.what).with("detail", error)
    })
}
