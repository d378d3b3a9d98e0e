//! `mlicense completions` and `mlicense man`: what describes the command to a shell and to `man`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use crate::{
    context::Context,
    exit::Exit,
    fault::{Doing, Result},
    files,
};

/// Print the completions of a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense completions bash")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Write the man pages, one for each command
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense man man1")]
pub(crate) struct Man {
    /// The folder; it is made when it is missing
    folder: PathBuf,
}

impl Completions {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut crate::command(), "mlicense", &mut script);
        context.bytes(&script)?;
        Ok(Exit::Done)
    }
}

impl Man {
    pub(crate) fn run(self, _: &mut Context<'_>) -> Result<Exit> {
        files::make_folder(&self.folder)?;
        clap_mangen::generate_to(crate::command(), &self.folder)
            .map_err(|error| files::fault(&self.folder, Doing::Writing, error))?;
        Ok(Exit::Done)
    }
}
