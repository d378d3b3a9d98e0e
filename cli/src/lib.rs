//! The command `mlicense`, for the vendor's clerk and the customer's administrator.
//!
//! It converts and never decides: arguments become calls of [`mlicense_host`] and
//! [`mlicense_ledger`], and what they answer becomes words, tables or, with `--json`, JSON. Any
//! program can bring the same command along by calling [`run_here`]; the Python package does.
//!
//! ```
//! use mlicense_cli::{Surroundings, run};
//!
//! let (mut input, mut output, mut errors) = (&b""[..], Vec::new(), Vec::new());
//! let surroundings = Surroundings::new(&mut input, &mut output, &mut errors);
//! assert_eq!(run(["mlicense", "codes", "check", "ACME-5x4", "ACME!"], surroundings), 4);
//! assert!(String::from_utf8(errors)?.contains("CODE_"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod arguments;
mod carry;
mod context;
mod customer;
mod describe;
mod documents;
mod exit;
mod fault;
mod files;
mod instant;
mod keys;
mod vendor;
mod words;

use std::{
    ffi::OsString,
    fmt,
    io::{IsTerminal, Read, Write},
};

use clap::{CommandFactory, FromArgMatches};
use mlicense_core::error::Language;

use crate::{arguments::Arguments, context::Context};

pub use exit::Exit;

/// What a command takes from the process it runs in, and gives to it.
pub struct Surroundings<'a> {
    input: &'a mut dyn Read,
    output: &'a mut dyn Write,
    errors: &'a mut dyn Write,
    language: Language,
    shows_progress: bool,
}

impl<'a> Surroundings<'a> {
    /// Takes standard input, output and errors; sentences are English, and no progress is shown.
    pub fn new(
        input: &'a mut dyn Read,
        output: &'a mut dyn Write,
        errors: &'a mut dyn Write,
    ) -> Self {
        Self { input, output, errors, language: Language::En, shows_progress: false }
    }

    /// Takes the language of a locale such as `ru_RU.UTF-8`, unless the arguments name another.
    #[must_use]
    pub fn locale(self, locale: &str) -> Self {
        Self { language: Language::from_locale(locale), ..self }
    }

    /// Shows on the terminal of this process how far long work has come.
    #[must_use]
    pub fn showing_progress(self) -> Self {
        Self { shows_progress: true, ..self }
    }
}

impl fmt::Debug for Surroundings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").field("language", &self.language).finish_non_exhaustive()
    }
}

/// Runs a command line, of which the first argument is the name of the program, and answers with
/// its [exit code](Exit).
pub fn run<A: Into<OsString> + Clone>(
    arguments: impl IntoIterator<Item = A>,
    surroundings: Surroundings<'_>,
) -> u8 {
    let parsed = Arguments::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    match parsed {
        Ok(arguments) => {
            let mut context = Context::new(surroundings, arguments.common);
            let done = arguments.command.run(&mut context);
            context.end(done).code()
        }
        Err(usage) => {
            let text = usage.render();
            let to = if usage.use_stderr() { surroundings.errors } else { surroundings.output };
            // Whoever closed the stream does not want to hear more.
            let _ = write!(to, "{}", text.ansi());
            if usage.use_stderr() { Exit::Usage.code() } else { Exit::Done.code() }
        }
    }
}

/// Runs a command line on the streams, the terminal and the locale of this process.
pub fn run_here<A: Into<OsString> + Clone>(arguments: impl IntoIterator<Item = A>) -> u8 {
    let (mut input, mut output, mut errors) =
        (std::io::stdin(), anstream::stdout(), anstream::stderr());
    let surroundings = Surroundings::new(&mut input, &mut output, &mut errors).locale(&locale());
    let surroundings = if std::io::stderr().is_terminal() {
        surroundings.showing_progress()
    } else {
        surroundings
    };
    let code = run(arguments, surroundings);
    // What cannot be written now nobody reads.
    let _ = output.flush();
    code
}

/// The locale for messages, as POSIX orders its variables.
#[expect(clippy::disallowed_methods, reason = "a command takes its language from where it runs")]
fn locale() -> String {
    let set = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
    ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set).unwrap_or_default()
}

/// The command with all its arguments, for completions, man pages and tests of the documentation.
#[must_use]
pub fn command() -> clap::Command {
    Arguments::command()
}
