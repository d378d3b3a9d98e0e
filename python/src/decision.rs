//! `Decision` and `Reason`.

use mlicense_core::{
    decision::{self as core, Detail, Outcome},
    error::Language,
};
use pyo3::{
    IntoPyObjectExt,
    prelude::*,
    sync::PyOnceLock,
    types::{PyBytes, PyDateTime, PyDict, PyMappingProxy, PyTuple},
};

use crate::{
    error::{Fault, Result},
    json, time,
};

/// Where the class is with which a decision explains itself.
const EXPLANATION: &str = "mlicense.explanation";

/// The members of `mlicense.Outcome`, in the order of [`position`].
static OUTCOMES: PyOnceLock<[Py<PyAny>; 4]> = PyOnceLock::new();

/// The answer to one question at one instant; false when denied.
///
/// Prints as one sentence: may it run, and why.
///
/// Examples:
///     >>> vendor = Signer.generate()
///     >>> client = Client("editor", [vendor.public_key])
///     >>> decision = client.check("editor")
///     >>> if not decision:
///     ...     print(decision)
///     `editor` may not run: no licence has been accepted yet
///     >>> decision.outcome
///     <Outcome.DENIED: 0>
///     >>> decision.reasons[0].remedy
///     'Send a request to the vendor and accept the answer.'
#[pyclass(frozen, eq, module = "mlicense")]
#[derive(PartialEq, Eq)]
pub(crate) struct Decision(core::Decision);

impl From<core::Decision> for Decision {
    fn from(decision: core::Decision) -> Self {
        Self(decision)
    }
}

#[pymethods]
impl Decision {
    fn __bool__(&self) -> bool {
        self.0.allowed()
    }

    /// The answer in one word.
    #[getter]
    fn outcome(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        member(py, self.0.outcome())
    }

    /// The feature asked about, cut to 64 characters.
    #[getter]
    fn feature(&self) -> &str {
        self.0.feature()
    }

    /// The serial of the licence that decided, if it has one.
    #[getter]
    fn license(&self) -> Option<&str> {
        self.0.license()
    }

    /// The first instant at which the outcome is another; none when it stays for ever.
    #[getter]
    fn until<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDateTime>>> {
        self.0.until().map(|until| time::datetime(py, until)).transpose()
    }

    /// How many the licence states for the feature, if it counts them.
    #[getter]
    fn quantity(&self) -> Option<u32> {
        self.0.quantity()
    }

    /// The bytes that the licence carries for the feature; none when it may not run.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.0.data().map(|data| PyBytes::new(py, data))
    }

    /// What each rule found, in the order of the rules.
    #[getter]
    fn reasons<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.reasons().iter().cloned().map(Reason))
    }

    /// One English sentence without a final stop: may it run, and why.
    #[getter]
    fn message(&self) -> String {
        self.text("en")
    }

    /// Says whether it may run, and why.
    ///
    /// Args:
    ///     language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.
    ///
    /// Returns:
    ///     One sentence without a final stop.
    fn text(&self, language: &str) -> String {
        self.0.message(Language::from_locale(language))
    }

    /// Gives the decision as data: texts, every reason, and what would change it.
    ///
    /// Args:
    ///     language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.
    ///
    /// Returns:
    ///     The decision as a value, for logs and support.
    #[pyo3(signature = (language = "en"))]
    fn explain<'py>(&self, py: Python<'py>, language: &str) -> Result<Bound<'py, PyAny>> {
        let explained = json::parsed(py, &self.0.explain(Language::from_locale(language)))?;
        let class = py.import(EXPLANATION)?.getattr("Explanation")?;
        Ok(class.call_method1("from_json", (explained,))?)
    }

    /// Stops a caller who was denied.
    ///
    /// Raises:
    ///     NotLicensed: When denied; it carries this decision.
    pub(crate) fn require(&self) -> Result<()> {
        if self.0.allowed() { Ok(()) } else { Err(Fault::Denied(self.0.clone())) }
    }

    fn __str__(&self) -> String {
        self.message()
    }

    fn __repr__(&self) -> String {
        format!("Decision({:?})", self.0)
    }
}

fn fact<'py>(py: Python<'py>, detail: &Detail) -> Result<Bound<'py, PyAny>> {
    Ok(match detail {
        Detail::Number(number) => number.into_bound_py_any(py)?,
        Detail::Day(day) => time::date(py, *day)?.into_any(),
        Detail::Instant(instant) => time::datetime(py, *instant)?.into_any(),
        Detail::Facts(kinds) => {
            PyTuple::new(py, kinds.iter().map(|kind| kind.as_str()))?.into_any()
        }
        text => text.to_string().into_bound_py_any(py)?,
    })
}

/// The member of `mlicense.Outcome` for an outcome.
pub(crate) fn member(py: Python<'_>, outcome: Outcome) -> PyResult<Py<PyAny>> {
    let outcomes = OUTCOMES.get_or_try_init(py, || {
        let class = py.import("mlicense.outcome")?.getattr("Outcome")?;
        let member = |outcome: Outcome| Ok::<_, PyErr>(class.call1((outcome.number(),))?.unbind());
        Ok::<_, PyErr>([
            member(Outcome::Denied)?,
            member(Outcome::Licensed)?,
            member(Outcome::Grace)?,
            member(Outcome::Limited)?,
        ])
    })?;
    let [denied, licensed, grace, limited] = outcomes;
    let member = match outcome {
        Outcome::Denied => denied,
        Outcome::Licensed => licensed,
        Outcome::Grace => grace,
        Outcome::Limited => limited,
    };
    Ok(member.clone_ref(py))
}

/// What one rule found.
#[pyclass(frozen, eq, module = "mlicense")]
#[derive(PartialEq, Eq)]
pub(crate) struct Reason(core::Reason);

#[pymethods]
impl Reason {
    /// Which rule it was; the names are stable and read as the claim: ``HOST_MATCHES``.
    #[getter]
    fn code(&self) -> Result<String> {
        let code = serde_json::to_value(self.0.code()).map_err(Fault::internal)?;
        Ok(code.as_str().unwrap_or_default().to_owned())
    }

    /// Whether what the code claims is so.
    #[getter]
    fn passed(&self) -> bool {
        self.0.passed()
    }

    /// The facts that the rule used, by name; to be read only.
    ///
    /// Each rule has facts of its own, and newer versions may have more. A name or an id is a text,
    /// a count a number, a civil day of the customer a date, an instant an aware datetime in UTC;
    /// kinds of host facts are a tuple of texts.
    #[getter]
    fn facts<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyMappingProxy>> {
        let facts = PyDict::new(py);
        for (name, detail) in self.0.details() {
            facts.set_item(name, fact(py, detail)?)?;
        }
        Ok(PyMappingProxy::new(py, facts.as_mapping()))
    }

    /// What the rule found, in one English clause.
    #[getter]
    fn message(&self) -> String {
        self.text("en")
    }

    /// What would change the answer, in English; none for a rule that passed.
    #[getter]
    fn remedy(&self) -> Option<String> {
        self.advice("en")
    }

    /// Says what the rule found.
    ///
    /// Args:
    ///     language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.
    ///
    /// Returns:
    ///     One clause without a final stop.
    fn text(&self, language: &str) -> String {
        self.0.text(Language::from_locale(language))
    }

    /// Says what would change the answer.
    ///
    /// Args:
    ///     language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.
    ///
    /// Returns:
    ///     The remedy; none for a rule that passed.
    fn advice(&self, language: &str) -> Option<String> {
        self.0.remedy(Language::from_locale(language))
    }

    fn __str__(&self) -> String {
        self.message()
    }

    fn __repr__(&self) -> String {
        format!("Reason({:?})", self.0)
    }
}
