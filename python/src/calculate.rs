//! `calculate`.

use mlicense_core::calculate::{self as core, Calculation};
use pyo3::prelude::*;

use crate::{
    error::Result,
    json::{self, Given},
};

const CALCULATION: Given = Given { what: "the calculation", bytes_max: Calculation::BYTES_MAX };

/// Does the pure arithmetic, without a ledger.
///
/// For quotations, for tests, and to see how a figure came about.
///
/// Args:
///     calculation: A mapping or JSON text with one member that says what to calculate:
///         ``period``, ``compensation``, ``wallet``, ``growth`` or ``prorata``.
///
/// Returns:
///     What was calculated, without that name.
///
/// Raises:
///     InputError: ``JSON_INVALID`` for what is no calculation.
///     Refusal: What the rule refuses, such as ``INSUFFICIENT_WALLET``.
///
/// Examples:
///     >>> calculate({"growth": {"base": 10, "allocated": 10, "devices": 21, "percent": 100}})
///     {'free': 20, 'extra_now': 1}
///     >>> calculate({"wallet": {"lots": [{"quantity": 3, "stored_on": "2026-03-01"}],
///     ...     "storage_years": 5, "today": "2026-06-01", "quantity": 4}})
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: the wallet holds 3 usable licences of type `any`, 4 are wanted
#[pyfunction]
pub(crate) fn calculate<'py>(
    py: Python<'py>,
    calculation: &Bound<'py, PyAny>,
) -> Result<Bound<'py, PyAny>> {
    let text = CALCULATION.text(calculation)?;
    let calculated = core::calculate(&Calculation::from_json(text.as_bytes())?)?;
    json::answer(py, &calculated)
}
