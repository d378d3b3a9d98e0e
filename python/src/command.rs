//! The command `mlicense`, as the wheel brings it.

use pyo3::prelude::*;

/// Runs a command line of the command ``mlicense`` on the streams of this process.
///
/// The same code as the program of that name; ``docs/command.md`` explains it.
///
/// Args:
///     arguments: The command line, of which the first is the name of the program.
///
/// Returns:
///     The exit code.
///
/// Examples:
///     >>> command(["mlicense", "codes", "check", "ACME-5x4", "ACME-99999-99999-99999-999UU"])
///     0
#[pyfunction]
pub(crate) fn command(py: Python<'_>, arguments: Vec<String>) -> u8 {
    py.detach(|| mlicense_cli::run_here(arguments))
}
