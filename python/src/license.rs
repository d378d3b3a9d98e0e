//! `License`, and claims of simple licences.

use mlicense_core::{
    document::{self, DOCUMENT_BYTES_MAX, DocumentType, LicenseClaims, Moment, Span},
    time::Zone,
};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDate, PyDateTime},
};

use crate::{
    error::{Fault, Result},
    json::{self, Given},
    shape::{self, DOCUMENTS},
    signing::{Signer, verified},
    time,
};

const CLAIMS: Given = Given { what: DocumentType::License.noun(), bytes_max: DOCUMENT_BYTES_MAX };

/// Makes the claims of a simple licence; `mlicense.LicenseClaims` has a method for each kind.
///
/// Args:
///     kind: ``perpetual``, ``updates_until``, ``until``, ``trial`` or ``subscription``.
///     product: The product's id.
///     licensee: Who is licensed, to be shown.
///     start: The first day, where the kind wants it.
///     until: The first day after, where the kind wants it.
///     zone: The IANA time zone in which those days begin.
///     issued_at: An aware datetime; now when left out.
///
/// Returns:
///     The claims in the form of JSON.
#[pyfunction]
#[pyo3(signature = (
    kind, product, licensee, *, start = None, until = None, zone = "UTC", issued_at = None
))]
#[expect(clippy::too_many_arguments, reason = "keywords of Python")]
pub(crate) fn simple_claims<'py>(
    py: Python<'py>,
    kind: &str,
    product: &str,
    licensee: &str,
    start: Option<&Bound<'py, PyDate>>,
    until: Option<&Bound<'py, PyDate>>,
    zone: &str,
    issued_at: Option<&Bound<'py, PyDateTime>>,
) -> Result<Bound<'py, PyAny>> {
    let (product, issued_at) = (product.parse()?, time::now(issued_at)?);
    let moment = |day: Option<&Bound<'py, PyDate>>| moment(day, zone);
    let claims = match kind {
        "perpetual" => LicenseClaims::perpetual(product, licensee, issued_at),
        "updates_until" => {
            LicenseClaims::updates_until(product, licensee, issued_at, moment(until)?)
        }
        "until" => LicenseClaims::until(product, licensee, issued_at, moment(until)?),
        "trial" => {
            let span = Span::between(moment(start)?, moment(until)?);
            LicenseClaims::trial(product, licensee, issued_at, span)
        }
        "subscription" => {
            let span = Span::between(moment(start)?, moment(until)?);
            LicenseClaims::subscription(product, licensee, issued_at, span)
        }
        other => return Err(Fault::internal(format_args!("claims of kind `{other}`"))),
    };
    json::object(py, &claims)
}

/// The start of a day in a zone.
fn moment(day: Option<&Bound<'_, PyDate>>, zone: &str) -> Result<Moment> {
    let zone: Zone = zone.parse()?;
    let day = day.ok_or_else(|| Fault::internal("a day is missing"))?;
    Ok(Moment::in_zone(time::day(day)?, zone))
}

/// A licence whose signature was verified.
///
/// Examples:
///     >>> vendor = Signer.generate()
///     >>> claims = LicenseClaims.perpetual("editor", "Example Ltd")
///     >>> document = License.issue(claims, vendor)
///     >>> License.verify(document, [vendor.public_key]).claims == claims
///     True
///     >>> License.verify(document, [Signer.generate().public_key])
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: signed by key ..., which is not trusted here
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct License(pub(crate) document::License);

#[pymethods]
impl License {
    /// Signs a licence; the same claims and key give the same bytes.
    ///
    /// Args:
    ///     claims: :class:`LicenseClaims`, or a mapping or JSON text in the form that
    ///         ``docs/formats.md`` lists under "Licence".
    ///     signer: A root key of the vendor, or a key of its key ring.
    ///
    /// Returns:
    ///     The signed document: a JSON Web Signature, which other libraries verify too.
    ///
    /// Raises:
    ///     InputError: ``JSON_INVALID`` for a member that is missing or not known,
    ///         ``FIELD_INVALID`` for a text that is too long.
    ///     Refusal: ``CLAIMS_CONTRADICTORY`` when the claims cannot all be true.
    #[staticmethod]
    fn issue<'py>(
        py: Python<'py>,
        claims: &Bound<'_, PyAny>,
        signer: &Signer,
    ) -> Result<Bound<'py, PyBytes>> {
        let claims = LicenseClaims::from_json(CLAIMS.text(claims)?.as_bytes())?;
        let document = py.detach(|| document::License::issue(&claims, &signer.0))?;
        Ok(PyBytes::new(py, document.as_bytes()))
    }

    /// Reads a licence that a trusted key must have signed; whether it has ended is not asked.
    ///
    /// Args:
    ///     document: The signed document.
    ///     roots: The vendor's root keys, or their texts.
    ///     key_ring: The signed key ring that names the signer, where no root key signed.
    ///
    /// Returns:
    ///     The licence.
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
        verified((document, roots), key_ring, document::License::verify).map(Self)
    }

    /// What the licence says.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        shape::value(py, (DOCUMENTS, "LicenseClaims"), self.0.claims())
    }

    /// The name of the key that signed the licence.
    #[getter]
    fn signed_by(&self) -> String {
        self.0.signed_by().to_string()
    }

    fn __repr__(&self) -> String {
        let claims = self.0.claims();
        let serial = claims.serial.as_deref().unwrap_or("-");
        format!("License(product='{}', serial='{serial}')", claims.product)
    }
}
