//! `Accepted`.

use mlicense_core::document::RequestKind;
use pyo3::prelude::*;

use crate::{error::Result, json};

/// What came of accepting a document.
#[pyclass(frozen, eq, module = "mlicense")]
#[derive(PartialEq, Eq)]
pub(crate) struct Accepted(pub(super) mlicense_host::Accepted);

#[pymethods]
impl Accepted {
    /// The type of the document.
    ///
    /// It is ``mlicense-license+jwt``, ``mlicense-answer+jwt``, ``mlicense-key-ring+jwt``,
    /// ``mlicense-revocations+jwt`` or ``mlicense-time+jwt``.
    #[getter]
    fn document<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        json::object(py, &self.0.document)
    }

    /// Whether anything held is different now.
    #[getter]
    fn changed(&self) -> bool {
        self.0.changed
    }

    /// What was asked for, such as ``coupon``, when the document is an answer.
    ///
    /// It is what to tell the user was done, unless it was refused.
    #[getter]
    fn answered(&self) -> Option<&'static str> {
        self.0.answered.map(RequestKind::name)
    }

    /// Number and name of what the vendor refused, when the document is such an answer.
    #[getter]
    fn refusal(&self) -> Option<(u32, &str)> {
        let refusal = self.0.refusal.as_ref()?;
        Some((refusal.number, &refusal.name))
    }

    /// How many licences were let go.
    ///
    /// The answer says that nothing is licensed here, or confirms that they were given back.
    #[getter]
    fn ended(&self) -> usize {
        self.0.ended
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}
