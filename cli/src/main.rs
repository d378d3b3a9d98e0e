//! The command `mlicense`; see its library.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(mlicense_cli::run_here(std::env::args_os()))
}
