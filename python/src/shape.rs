//! What stands on the ledger in Python: classes of the package, made when they are asked for.

use pyo3::{
    intern,
    prelude::*,
    types::{PyDict, PyTuple},
};
use serde::Serialize;

use crate::{error::Result, json};

/// Where the classes are of what signed documents say.
pub(crate) const DOCUMENTS: &str = "mlicense.documents";

/// A value of a class of the package, of what the crates give.
pub(crate) fn value<'py, T: Serialize>(
    py: Python<'py>,
    (module, class): (&str, &str),
    given: &T,
) -> Result<Bound<'py, PyAny>> {
    let class = py.import(module)?.getattr(class)?;
    Ok(class.call_method1("from_json", (json::object(py, given)?,))?)
}

/// The same of each of several.
pub(crate) fn values<'py, T: Serialize>(
    py: Python<'py>,
    class: (&str, &str),
    given: &[T],
) -> Result<Vec<Bound<'py, PyAny>>> {
    given.iter().map(|one| value(py, class, one)).collect()
}

/// Words of a closed list of the package, of what the crates give.
pub(crate) fn words<'py, T: Serialize>(
    py: Python<'py>,
    (module, class): (&str, &str),
    given: &[T],
) -> Result<Vec<Bound<'py, PyAny>>> {
    let class = py.import(module)?.getattr(class)?;
    given.iter().map(|one| Ok(class.call1((json::object(py, one)?,))?)).collect()
}

/// An answer in the form of its question: a value when that is one, else Python's own types.
pub(crate) fn answer<'py, T: Serialize>(
    question: &Bound<'py, PyAny>,
    given: &T,
) -> Result<Bound<'py, PyAny>> {
    let py = question.py();
    let answer = json::answer(py, given)?;
    let reads = intern!(py, "_answered");
    Ok(if question.hasattr(reads)? { question.call_method1(reads, (answer,))? } else { answer })
}

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
