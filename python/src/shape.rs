//! What stands on the ledger in Python: classes of the package, made when they are asked for.

use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};

/// Calls a class of the package with a ledger and what else it takes.
pub(crate) fn shaped<'py>(
    ledger: &Bound<'py, PyAny>,
    (module, class): (&str, &str),
    keywords: &[(&str, Option<&Bound<'py, PyAny>>)],
) -> PyResult<Bound<'py, PyAny>> {
    let py = ledger.py();
    let given = PyDict::new(py);
    for (name, value) in keywords {
        if let Some(value) = value {
            given.set_item(name, value)?;
        }
    }
    py.import(module)?.getattr(class)?.call(PyTuple::new(py, [ledger])?, Some(&given))
}
