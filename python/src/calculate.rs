//! `calculate`.

use mlicense_core::calculate::{self as core, Calculation};
use pyo3::prelude::*;

use crate::{error::Result, json::Given, shape};

const CALCULATION: Given = Given { what: "the calculation", bytes_max: Calculation::BYTES_MAX };

/// Does the pure arithmetic, without a ledger.
///
/// For quotations, for tests, and to see how a figure came about.
///
/// Args:
///     calculation: A value of ``mlicense.calculations``, or a mapping or JSON text with one
///         member.
///
/// Returns:
///     What was calculated: for a value of ``mlicense.calculations`` one of its own type, of
///     ``mlicense.views``; for a mapping or text a dict or list, without the name of what was
///     asked.
///
/// Raises:
///     InputError: ``JSON_INVALID`` for what is no calculation.
///     Refusal: What the rule refuses, such as ``INSUFFICIENT_WALLET``.
///
/// Examples:
///     >>> from datetime import date
///     >>> from mlicense.calculations import Growth, Wallet
///     >>> from mlicense.values import StoredLot
///     >>> calculate(Growth(base=10, allocated=10, devices=21, percent=100)).extra_now
///     1
///     >>> lots = [StoredLot(quantity=3, stored_on=date(2026, 3, 1))]
///     >>> calculate(Wallet(lots=lots, storage_years=5, today=date(2026, 6, 1), quantity=4))
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: the wallet holds 3 usable licences of type `any`, 4 are wanted
#[pyfunction]
pub(crate) fn calculate<'py>(calculation: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>> {
    let text = CALCULATION.text(calculation)?;
    let calculated = core::calculate(&Calculation::from_json(text.as_bytes())?)?;
    shape::answer(calculation, &calculated)
}
