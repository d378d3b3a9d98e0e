//! `Code`.

use std::hash::{DefaultHasher, Hash, Hasher};

use mlicense_core::code::{self, CodeFormat};
use pyo3::prelude::*;

use crate::error::{Fault, Result};

/// A licence key, coupon or registration number that people copy by hand; a secret.
///
/// Prints masked; only :meth:`reveal` gives it away. Codes are equal however they were typed.
///
/// Examples:
///     >>> code = Code.parse("ACME-5x4", " acme 99999-99999-99999-999uu ")
///     >>> print(code)
///     ACME-*****-*****-*****-*99UU
///     >>> code.reveal()
///     'ACME-99999-99999-99999-999UU'
///     >>> Code.parse("ACME-5x4", "ACME-99999-96999-99999-999YN")
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: the code is mistyped: `ACME-*****-*?***-*****-*****`
#[pyclass(frozen, eq, module = "mlicense")]
#[derive(PartialEq, Eq)]
pub(crate) struct Code(code::Code);

#[pymethods]
impl Code {
    /// Makes a code from the operating system's random bytes.
    ///
    /// Args:
    ///     form: A form such as ``ACME-5x4``: a prefix, and symbols in fives, four times; 18 to
    ///         31 symbols in groups of 4 to 8.
    ///
    /// Returns:
    ///     The code.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for what is no such form.
    #[staticmethod]
    fn generate(form: &str) -> Result<Self> {
        let format: CodeFormat = form.parse()?;
        let mut entropy = vec![0; format.entropy_bytes()];
        getrandom::fill(&mut entropy).map_err(Fault::internal)?;
        Ok(Self(code::Code::generate(&format, &entropy)?))
    }

    /// Reads what someone typed or pasted.
    ///
    /// Blanks, dashes, case and letters that look alike do not matter.
    ///
    /// Args:
    ///     form: The form of the code.
    ///     typed: What was typed.
    ///
    /// Returns:
    ///     The code.
    ///
    /// Raises:
    ///     Refusal: ``CODE_INVALID`` for another form, ``CODE_FOREIGN_CHARACTER`` for a character
    ///         that no code has, ``CODE_MISTYPED`` where the check symbols do not hold.
    #[staticmethod]
    fn parse(form: &str, typed: &str) -> Result<Self> {
        Ok(Self(code::Code::parse(&form.parse()?, typed)?))
    }

    /// Takes a code that was issued elsewhere: 4 to 128 printable ASCII characters.
    ///
    /// Args:
    ///     text: The code.
    ///
    /// Returns:
    ///     The code.
    ///
    /// Raises:
    ///     Refusal: ``CODE_INVALID`` for another length, ``CODE_FOREIGN_CHARACTER`` for other
    ///         characters.
    #[staticmethod]
    fn opaque(text: &str) -> Result<Self> {
        Ok(Self(code::Code::opaque(text)?))
    }

    /// Gives the whole code, to hand to the one it is for.
    ///
    /// Returns:
    ///     The code as people write it.
    fn reveal(&self) -> String {
        self.0.reveal()
    }

    fn __str__(&self) -> String {
        self.0.masked()
    }

    fn __repr__(&self) -> String {
        format!("Code('{}')", self.0.masked())
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.hash(&mut hasher);
        hasher.finish()
    }
}
