//! `LicenseClaims` and `License`.

use mlicense_core::{
    document::{self, DOCUMENT_BYTES_MAX, DocumentType, Moment, Span},
    id::ProductId,
    time::{Instant, Zone},
};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDate, PyDateTime},
};

use crate::{
    error::Result,
    json::{self, Given},
    signing::{Signer, verified},
    time,
};

const CLAIMS: Given = Given { what: DocumentType::License.noun(), bytes_max: DOCUMENT_BYTES_MAX };

/// What a licence says.
///
/// The static methods make simple claims. For others give the members that ``docs/formats.md``
/// lists under "Licence"; a member that is not known is refused.
///
/// Args:
///     members: A mapping or JSON text.
///
/// Raises:
///     InputError: ``JSON_INVALID`` for a member that is missing or not known, ``FIELD_INVALID``
///         for a text that is too long.
///     Refusal: ``CLAIMS_CONTRADICTORY`` when the claims cannot all be true.
///
/// Examples:
///     >>> from datetime import date, datetime, timezone
///     >>> claims = LicenseClaims.until("editor", "Example Ltd", date(2027, 3, 1),
///     ...     zone="Europe/Paris", issued_at=datetime(2026, 3, 1, 9, tzinfo=timezone.utc))
///     >>> claims.members["licensed"]["until"]
///     {'day': '2027-03-01', 'at': 1803855600}
///     >>> counted = LicenseClaims({**claims.members, "features": {"export": {"quantity": 5}}})
///     >>> LicenseClaims({**claims.members, "feature": {}})
///     Traceback (most recent call last):
///     mlicense.errors.InputError: licence is not valid: unknown member `feature`
#[pyclass(frozen, eq, module = "mlicense")]
#[derive(PartialEq, Eq)]
pub(crate) struct LicenseClaims(document::LicenseClaims);

#[pymethods]
impl LicenseClaims {
    #[new]
    fn new(members: &Bound<'_, PyAny>) -> Result<Self> {
        let text = CLAIMS.text(members)?;
        Ok(Self(document::LicenseClaims::from_json(text.as_bytes())?))
    }

    /// Claims without an end, from the day of issue in UTC on.
    ///
    /// Args:
    ///     product: The product's id.
    ///     licensee: Who is licensed, to be shown.
    ///     issued_at: An aware datetime; now when left out.
    ///
    /// Returns:
    ///     The claims.
    #[staticmethod]
    #[pyo3(signature = (product, licensee, *, issued_at = None))]
    fn perpetual(
        product: &str,
        licensee: &str,
        issued_at: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Self> {
        let Sale { product, issued_at } = sale(product, issued_at)?;
        Ok(Self(document::LicenseClaims::perpetual(product, licensee, issued_at)))
    }

    /// Claims without an end, for all versions released before a day.
    ///
    /// Args:
    ///     product: The product's id.
    ///     licensee: Who is licensed, to be shown.
    ///     until: The first day whose versions are not covered.
    ///     zone: The IANA time zone in which that day begins.
    ///     issued_at: An aware datetime; now when left out.
    ///
    /// Returns:
    ///     The claims.
    #[staticmethod]
    #[pyo3(signature = (product, licensee, until, *, zone, issued_at = None))]
    fn updates_until(
        product: &str,
        licensee: &str,
        until: &Bound<'_, PyDate>,
        zone: &str,
        issued_at: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Self> {
        let Sale { product, issued_at } = sale(product, issued_at)?;
        let until = moment(until, zone)?;
        Ok(Self(document::LicenseClaims::updates_until(product, licensee, issued_at, until)))
    }

    /// Claims from the day of issue in UTC up to and not including a day.
    ///
    /// Args:
    ///     product: The product's id.
    ///     licensee: Who is licensed, to be shown.
    ///     until: The first day that is not licensed.
    ///     zone: The IANA time zone in which that day begins.
    ///     issued_at: An aware datetime; now when left out.
    ///
    /// Returns:
    ///     The claims.
    #[staticmethod]
    #[pyo3(signature = (product, licensee, until, *, zone, issued_at = None))]
    fn until(
        product: &str,
        licensee: &str,
        until: &Bound<'_, PyDate>,
        zone: &str,
        issued_at: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Self> {
        let Sale { product, issued_at } = sale(product, issued_at)?;
        let until = moment(until, zone)?;
        Ok(Self(document::LicenseClaims::until(product, licensee, issued_at, until)))
    }

    /// Claims of a trial, from one day up to and not including another.
    ///
    /// Args:
    ///     product: The product's id.
    ///     licensee: Who is licensed, to be shown.
    ///     start: The first day.
    ///     until: The first day after the trial.
    ///     zone: The IANA time zone in which those days begin.
    ///     issued_at: An aware datetime; now when left out.
    ///
    /// Returns:
    ///     The claims.
    #[staticmethod]
    #[pyo3(signature = (product, licensee, *, start, until, zone, issued_at = None))]
    fn trial(
        product: &str,
        licensee: &str,
        start: &Bound<'_, PyDate>,
        until: &Bound<'_, PyDate>,
        zone: &str,
        issued_at: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Self> {
        let Sale { product, issued_at } = sale(product, issued_at)?;
        let span = Span::between(moment(start, zone)?, moment(until, zone)?);
        Ok(Self(document::LicenseClaims::trial(product, licensee, issued_at, span)))
    }

    /// Claims of a subscription, from one day up to and not including another.
    ///
    /// Args:
    ///     product: The product's id.
    ///     licensee: Who is licensed, to be shown.
    ///     start: The first day.
    ///     until: The first day that is not licensed.
    ///     zone: The IANA time zone in which those days begin.
    ///     issued_at: An aware datetime; now when left out.
    ///
    /// Returns:
    ///     The claims.
    #[staticmethod]
    #[pyo3(signature = (product, licensee, *, start, until, zone, issued_at = None))]
    fn subscription(
        product: &str,
        licensee: &str,
        start: &Bound<'_, PyDate>,
        until: &Bound<'_, PyDate>,
        zone: &str,
        issued_at: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Self> {
        let Sale { product, issued_at } = sale(product, issued_at)?;
        let span = Span::between(moment(start, zone)?, moment(until, zone)?);
        Ok(Self(document::LicenseClaims::subscription(product, licensee, issued_at, span)))
    }

    /// The members as they stand in the signed document; a new dict each time.
    #[getter]
    fn members<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        json::object(py, &self.0)
    }

    fn __repr__(&self, py: Python<'_>) -> Result<String> {
        Ok(format!("LicenseClaims({})", self.members(py)?.repr()?))
    }
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
    ///     claims: :class:`LicenseClaims`, or what makes them.
    ///     signer: A root key of the vendor, or a key of its key ring.
    ///
    /// Returns:
    ///     The signed document: a JSON Web Signature, which other libraries verify too.
    ///
    /// Raises:
    ///     InputError: For what are no claims.
    ///     Refusal: ``CLAIMS_CONTRADICTORY`` when the claims cannot all be true.
    #[staticmethod]
    fn issue<'py>(
        py: Python<'py>,
        claims: &Bound<'_, PyAny>,
        signer: &Signer,
    ) -> Result<Bound<'py, PyBytes>> {
        let read;
        let claims = match claims.cast::<LicenseClaims>() {
            Ok(claims) => &claims.get().0,
            Err(_) => {
                read = LicenseClaims::new(claims)?.0;
                &read
            }
        };
        let document = py.detach(|| document::License::issue(claims, &signer.0))?;
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
    fn claims(&self) -> LicenseClaims {
        LicenseClaims(self.0.claims().clone())
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

/// What every constructor of claims takes.
struct Sale {
    product: ProductId,
    issued_at: Instant,
}

fn sale(product: &str, issued_at: Option<&Bound<'_, PyDateTime>>) -> Result<Sale> {
    Ok(Sale { product: product.parse()?, issued_at: time::now(issued_at)? })
}

fn moment(date: &Bound<'_, PyDate>, zone: &str) -> Result<Moment> {
    let zone: Zone = zone.parse()?;
    Ok(Moment::in_zone(time::day(date)?, zone))
}
