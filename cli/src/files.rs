//! Files that commands read and write.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use crate::{
    context::Context,
    fault::{Doing, Fault, Result},
};

/// Reads a file; `-` is standard input.
pub(crate) fn read(context: &mut Context<'_>, path: &Path) -> Result<Vec<u8>> {
    let bytes = if path == Path::new("-") { context.input() } else { fs::read(path) };
    bytes.map_err(|error| fault(path, Doing::Reading, error))
}

/// Makes a file that must not be there yet.
pub(crate) fn make(path: &Path, bytes: &[u8]) -> Result<()> {
    write(fs::OpenOptions::new().create_new(true), path, bytes)
}

/// Makes a file that nobody but its owner may read, and that must not be there yet.
pub(crate) fn make_secret(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    write(options.create_new(true), path, bytes)
}

fn write(options: &mut fs::OpenOptions, path: &Path, bytes: &[u8]) -> Result<()> {
    let doing = |error: std::io::Error| {
        let exists = error.kind() == ErrorKind::AlreadyExists;
        fault(path, if exists { Doing::Making } else { Doing::Writing }, error)
    };
    let mut file = options.write(true).open(path).map_err(doing)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| {
        // Half a file is worse than none.
        let _ = fs::remove_file(path);
        fault(path, Doing::Writing, error)
    })
}

/// Gives a document out: into a file that is not there yet, or on standard output.
pub(crate) fn give(context: &mut Context<'_>, to: Option<&Path>, document: &str) -> Result<()> {
    match to {
        Some(path) => make(path, format!("{document}\n").as_bytes()),
        None => context.line(document),
    }
}

/// The files of a folder, by name; a file stands for itself.
pub(crate) fn listed(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let reading = |error| fault(path, Doing::Reading, error);
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(reading)? {
        let path = entry.map_err(reading)?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

pub(crate) fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|error| fault(path, Doing::Writing, error))
}

#[expect(clippy::needless_pass_by_value, reason = "it ends here")]
pub(crate) fn fault(path: &Path, doing: Doing, error: std::io::Error) -> Fault {
    Fault::File { path: path.to_owned(), doing, detail: error.to_string() }
}
