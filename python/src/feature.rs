//! `Feature`.

use pyo3::prelude::*;

use crate::{
    decision::{Decision, member},
    error::Result,
};

/// One feature of a client, for code that asks at every turn; true while it may run.
///
/// It answers as the client does, also after the client has accepted another licence, and waits for
/// nothing. Usable from many threads at once.
///
/// Examples:
///     >>> vendor = Signer.generate()
///     >>> client = Client("editor", [vendor.public_key])
///     >>> editor = client.feature("editor")
///     >>> bool(editor)
///     False
///     >>> claims = LicenseClaims.perpetual("editor", "Example Ltd")
///     >>> client.accept(License.issue(claims, vendor)).changed
///     True
///     >>> bool(editor)
///     True
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct Feature(mlicense_host::Feature);

impl Feature {
    pub(crate) const fn new(feature: mlicense_host::Feature) -> Self {
        Self(feature)
    }
}

#[pymethods]
impl Feature {
    fn __bool__(&self) -> bool {
        self.0.allowed()
    }

    /// The feature's id, as it was asked for.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// The answer in one word.
    #[getter]
    fn outcome(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        member(py, self.0.outcome())
    }

    /// Decides with reasons, as :meth:`Client.check`.
    ///
    /// Returns:
    ///     The decision, which is false when denied.
    fn check(&self, py: Python<'_>) -> Decision {
        py.detach(|| self.0.check()).into()
    }

    /// Stops a caller when the feature may not run now.
    ///
    /// Raises:
    ///     NotLicensed: When denied; it carries the decision.
    fn require(&self, py: Python<'_>) -> Result<()> {
        if self.0.allowed() { Ok(()) } else { self.check(py).require() }
    }

    fn __repr__(&self) -> String {
        format!("Feature('{}')", self.0.name())
    }
}
