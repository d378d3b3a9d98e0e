//! Copies of an SQLite ledger, made while it is used.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    path::{Path, PathBuf},
    time::Duration,
};

use mlicense_core::error::ErrorKind;
use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};

use super::{Access, SqliteStore, connect};
use crate::error::{Error, Result};

/// Pages copied at once, between which progress is told.
const PAGES: i32 = 1000;
/// Between two attempts while another holds the file.
const PAUSE: Duration = Duration::from_millis(20);
const ATTEMPTS_MAX: u32 = 250;

impl SqliteStore {
    /// Copies the ledger as it is now to a file that does not exist yet.
    pub(crate) fn backup(&self, to: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
        self.check_opener()?;
        // Holds the name; what is not finished is under another one.
        let made = OpenOptions::new().write(true).create_new(true).open(to);
        drop(made.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => Error::store(ErrorKind::StoreExists, to, ""),
            _ => Error::io(to, error),
        })?);
        let unfinished = unfinished(to);
        let copied = self.copy(&unfinished, progress).and_then(|()| finish(&unfinished, to));
        if copied.is_err() {
            let _ = fs::remove_file(&unfinished);
            let _ = fs::remove_file(to);
        }
        copied
    }

    fn copy(&self, to: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
        // Left over by one that was interrupted.
        let made = OpenOptions::new().write(true).create(true).truncate(true).open(to);
        drop(made.map_err(|error| Error::io(to, error))?);
        let fault = |error| Error::sqlite(self.path(), error);
        // A connection of its own: commands go on meanwhile. Its transaction sees one state.
        let from = connect(self.path(), Access::Read)?;
        from.execute_batch("BEGIN").map_err(fault)?;
        from.query_row("SELECT count(*) FROM setting", [], |_| Ok(())).map_err(fault)?;
        let mut copy = connect(to, Access::Write)?;
        copy_pages(&from, &mut copy, progress).map_err(|error| Error::sqlite(to, error))?;
        copy.close().map_err(|(_, error)| Error::sqlite(to, error))
    }

    /// Rewrites the file without what was deleted, and empties the log.
    pub(crate) fn vacuum(&self) -> Result<()> {
        self.writer()?.on_connection(self.place(), |connection| {
            let done = connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
            done.map_err(|error| Error::sqlite(self.path(), error))
        })
    }
}

fn copy_pages(
    from: &Connection,
    to: &mut Connection,
    progress: &mut dyn FnMut(u64, u64),
) -> rusqlite::Result<()> {
    let backup = Backup::new(from, to)?;
    let mut held = 0;
    loop {
        let step = backup.step(PAGES)?;
        let pages = backup.progress();
        let [all, left] = [pages.pagecount, pages.remaining].map(|n| u64::try_from(n).unwrap_or(0));
        progress(all.saturating_sub(left), all);
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => held = 0,
            _ if held < ATTEMPTS_MAX => {
                held = held.saturating_add(1);
                std::thread::sleep(PAUSE);
            }
            _ => return Err(busy()),
        }
    }
}

fn busy() -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
    rusqlite::Error::SqliteFailure(code, None)
}

/// Puts a whole copy where it was wanted, on the disk and under its name.
fn finish(unfinished: &Path, to: &Path) -> Result<()> {
    let file = OpenOptions::new().write(true).open(unfinished);
    let done = file.and_then(|file| file.sync_all()).and_then(|()| fs::rename(unfinished, to));
    done.and_then(|()| sync_folder(to)).map_err(|error| Error::io(to, error))
}

/// A new name is on the disk when its folder is.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn unfinished(to: &Path) -> PathBuf {
    let mut name = OsString::from(to);
    name.push(".unfinished");
    PathBuf::from(name)
}
