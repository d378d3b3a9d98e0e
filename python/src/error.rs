//! The one place where refusals and faults of the crates become exceptions of Python.

use std::collections::BTreeMap;

use mlicense_core::{
    decision,
    error::{ErrorClass, ErrorKind, Language, Refusal},
};
use pyo3::{
    PyErrArguments,
    prelude::*,
    types::{PyDict, PyTuple},
};

use crate::decision::Decision;

/// The exceptions, which are written in Python.
mod class {
    pyo3::import_exception!(mlicense.errors, Error);
    pyo3::import_exception!(mlicense.errors, InputError);
    pyo3::import_exception!(mlicense.errors, NotLicensed);
    pyo3::import_exception!(mlicense.errors, Refusal);
    pyo3::import_exception!(mlicense.errors, StorageError);
}

/// The numbers of what was given in a wrong form.
const INPUT: std::ops::RangeInclusive<u32> = 10_001..=10_099;

/// The result of everything that may raise.
pub(crate) type Result<T, E = Fault> = std::result::Result<T, E>;

/// What is raised.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A refusal, or a fault that has a number as refusals have.
    Refused(Refusal),
    /// A denial where a caller wants to stop.
    Denied(decision::Decision),
    /// An exception of Python's own, such as `TypeError`.
    Python(PyErr),
}

impl Fault {
    /// A fault of ours.
    pub(crate) fn internal(detail: impl std::fmt::Display) -> Self {
        Refusal::new(ErrorKind::Internal).with("detail", detail).into()
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<mlicense_ledger::Error> for Fault {
    fn from(error: mlicense_ledger::Error) -> Self {
        Self::Refused(error.refusal().clone())
    }
}

impl From<mlicense_host::Error> for Fault {
    fn from(error: mlicense_host::Error) -> Self {
        Self::Refused(error.refusal().clone())
    }
}

impl From<PyErr> for Fault {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused(refusal) => raised(refusal),
            Fault::Denied(decision) => class::NotLicensed::new_err(Denial(decision)),
            Fault::Python(error) => error,
        }
    }
}

fn raised(refusal: Refusal) -> PyErr {
    let kind = refusal.kind();
    let arguments = Arguments(refusal);
    match kind.class() {
        ErrorClass::Storage => class::StorageError::new_err(arguments),
        ErrorClass::Refusal if INPUT.contains(&kind.number()) => {
            class::InputError::new_err(arguments)
        }
        ErrorClass::Refusal => class::Refusal::new_err(arguments),
        _ => class::Error::new_err(arguments),
    }
}

/// What an exception is made of: number, name, details, and message and remedy by language.
struct Arguments(Refusal);

impl PyErrArguments for Arguments {
    fn arguments(self, py: Python<'_>) -> Py<PyAny> {
        let Self(refusal) = self;
        either(py, arguments(py, &refusal, |language| refusal.message(language)))
    }
}

/// The same of a denial, in the sentence of its decision, and the decision.
struct Denial(decision::Decision);

impl PyErrArguments for Denial {
    fn arguments(self, py: Python<'_>) -> Py<PyAny> {
        let Self(decision) = self;
        let refusal = decision.require().err();
        let refusal = refusal.unwrap_or_else(|| Refusal::new(ErrorKind::NotLicensed));
        let made = arguments(py, &refusal, |language| decision.message(language));
        let with_decision = made.and_then(|made| {
            let decision = PyTuple::new(py, [Decision::from(decision.clone())])?;
            made.as_sequence().concat(decision.as_sequence())?.to_tuple()
        });
        either(py, with_decision)
    }
}

fn arguments<'py>(
    py: Python<'py>,
    refusal: &Refusal,
    message: impl Fn(Language) -> String,
) -> PyResult<Bound<'py, PyTuple>> {
    let (details, texts) = (PyDict::new(py), PyDict::new(py));
    for (name, value) in refusal.details() {
        details.set_item(name, value)?;
    }
    for language in Language::ALL {
        texts.set_item(language.code(), (message(language), refusal.remedy(language)))?;
    }
    let kind = refusal.kind();
    (kind.number(), kind.name(), details, texts).into_pyobject(py)
}

/// Out of memory is all that can go wrong; its exception then stands in for the arguments.
fn either(py: Python<'_>, made: PyResult<Bound<'_, PyTuple>>) -> Py<PyAny> {
    made.map_or_else(|error| error.into_value(py).into_any(), |made| made.into_any().unbind())
}

/// Finds the language of a code or locale.
///
/// Args:
///     locale: A code such as ``ru`` or a locale such as ``ru_RU.UTF-8``.
///
/// Returns:
///     ``en``, ``ru``, ``ja`` or ``fr``; ``en`` for anything else.
#[pyo3::pyfunction]
pub(crate) fn language(locale: &str) -> &'static str {
    Language::from_locale(locale).code()
}

/// Facts that a refusal made in Python may tell.
const TOLD: [&str; 4] = ["detail", "value", "what", "zone"];

/// Makes the exception of a refusal, for the parts of the package that are written in Python.
///
/// Args:
///     name: The stable name of its kind.
///     details: The facts that its text is made of.
///
/// Returns:
///     The exception, which is not raised.
#[pyo3::pyfunction]
pub(crate) fn refused(py: Python<'_>, name: &str, details: BTreeMap<String, String>) -> Py<PyAny> {
    let kind = ErrorKind::ALL.iter().find(|kind| kind.name() == name);
    let mut refusal = Refusal::new(kind.copied().unwrap_or(ErrorKind::Internal));
    for (told, value) in details {
        if let Some(known) = TOLD.iter().find(|known| **known == told) {
            refusal = refusal.with(known, value);
        }
    }
    raised(refusal).into_value(py).into_any()
}
