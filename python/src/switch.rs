//! What `mlicense.Switch` asks of the core.

use mlicense_core::decision::Switch;
use pyo3::prelude::*;

use crate::error::Result;

/// Says how the switch of a module stands after a check; use :meth:`Switch.after`.
///
/// Args:
///     switch: How it stood: ``On``, ``DisabledByLicense`` or ``DisabledByUser``.
///     allowed: Whether the check allowed the module.
///
/// Returns:
///     How it stands, in the same words.
///
/// Raises:
///     InputError: ``FIELD_INVALID`` for another word.
#[pyfunction]
pub(crate) fn switched(switch: &str, allowed: bool) -> Result<&'static str> {
    Ok(switch.parse::<Switch>()?.following(allowed).as_str())
}
