//! The private module `mlicense._native`: conversions between Python and the Rust crates.
//!
//! Nothing is decided here. What a class or a function means is said where Python's readers look,
//! in its docstring, and again in `_native.pyi`; a test holds the two together.
#![forbid(unsafe_code)]
#![expect(clippy::doc_markdown, reason = "they are docstrings of Python, not Markdown")]

mod calculate;
mod checkpoint;
mod classes;
mod client;
mod clock;
mod code;
mod command;
mod decision;
mod diagnosis;
mod document;
mod error;
mod feature;
mod history;
mod json;
mod ledger;
mod license;
mod options;
mod place;
mod preview;
mod revocations;
mod seat;
mod shape;
mod shop;
mod signing;
mod switch;
mod time;
mod time_token;

/// Conversions over the Rust crates; import `mlicense` instead.
#[pyo3::pymodule]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::{
        calculate::calculate,
        classes::__getattr__,
        command::command,
        diagnosis::diagnose,
        error::{language, refused},
        license::simple_claims,
        switch::switched,
    };

    /// The version of the crates, as Cargo writes it.
    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name is Python's")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let index = module.index()?;
        index.call_method1("remove", ("__getattr__",))?;
        index.call_method1("extend", (crate::classes::NAMES,))?;
        Ok(())
    }
}
