//! `Preview`.

use mlicense_core::history;
use pyo3::{prelude::*, types::PyTuple};

use crate::{
    error::{Fault, Result},
    shape,
};

/// What a command would do.
///
/// Examples:
///     >>> ledger = vendor()
///     >>> preview = ledger.preview({"register_customer": {"customer": "c9", "zone": "UTC"}})
///     >>> print(preview.events[0], preview.refusal)
///     The customer was registered: zone UTC None
///     >>> refused = ledger.preview({"register_customer": {"customer": "c1", "zone": "UTC"}})
///     >>> print(refused.token, refused.refusal.text("fr"))
///     None le client `c1` est déjà enregistré
#[pyclass(frozen, eq, module = "mlicense")]
#[derive(PartialEq, Eq)]
pub(crate) struct Preview(pub(crate) history::Preview);

#[pymethods]
impl Preview {
    /// What to give to :meth:`Ledger.commit`; none when the command would be refused.
    #[getter]
    fn token(&self) -> Option<&str> {
        self.0.token.as_deref()
    }

    /// The events that would be written, of a class in ``mlicense.events`` each.
    #[getter]
    fn events<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyTuple>> {
        Ok(PyTuple::new(py, shape::values(py, ("mlicense.events", "Event"), &self.0.events)?)?)
    }

    /// What to know before confirming.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyTuple>> {
        Ok(PyTuple::new(py, shape::words(py, ("mlicense.views", "Warning"), &self.0.warnings)?)?)
    }

    /// The refusal, when the command would be refused; not raised.
    #[getter]
    fn refusal(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        let refusal = self.0.refusal.clone()?;
        Some(PyErr::from(Fault::from(refusal)).into_value(py).into_any())
    }

    fn __repr__(&self) -> String {
        match &self.0.refusal {
            Some(refusal) => format!("Preview(refused: {refusal})"),
            None => format!("Preview({} events)", self.0.events.len()),
        }
    }
}
