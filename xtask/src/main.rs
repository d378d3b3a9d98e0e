//! Tools of the workspace: writes the files that are generated from the crates.
//!
//! `xtask header|schemas|python|errors|access` writes them; with `--check` it changes nothing, prints where the
//! committed files differ and fails.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

mod access;
mod errors;
mod generated;
mod header;
mod python;
mod schemas;

use std::{env, path::Path, process::ExitCode};

use generated::Generated;

const USAGE: &str = "usage: xtask header|schemas|python|errors|access [--check]";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(done) => {
            println!("{done}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// Does what the arguments say and answers with what was done.
fn run(arguments: &[&str]) -> Result<String, String> {
    let (command, check) = match *arguments {
        [command] => (command, false),
        [command, "--check"] => (command, true),
        _ => return Err(USAGE.to_owned()),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask stands in no folder")?;
    let generated = generate(command, root)?;
    if !check {
        return generated.write(root);
    }
    let faults = generated.faults(root)?;
    if faults.is_empty() {
        return Ok(format!("{} as generated", generated.place()));
    }
    Err(format!("{}\nrun `xtask {command}` and commit the result", faults.join("\n")))
}

fn generate(command: &str, root: &Path) -> Result<Generated, String> {
    match command {
        "header" => header::generate(root),
        "schemas" => schemas::generate(),
        "python" => python::generate(),
        "errors" => Ok(errors::generate()),
        "access" => Ok(access::generate()),
        _ => Err(format!("there is no command `{command}`; {USAGE}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_arguments_are_refused_with_the_usage() {
        for arguments in [&[][..], &["tests"], &["errors", "--force"], &["errors", "--check", "x"]]
        {
            assert!(run(arguments).unwrap_err().contains(USAGE), "{arguments:?}");
        }
    }
}
