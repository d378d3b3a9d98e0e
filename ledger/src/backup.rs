//! Keeping an SQLite ledger: backups, reading only, tidying up.

use std::path::Path;

#[cfg(any(doc, feature = "postgres"))]
use mlicense_core::error::ErrorKind;

#[cfg(feature = "postgres")]
use crate::error::Error;
use crate::{
    error::Result,
    export::Progress,
    ledger::Ledger,
    store::{Access, SqliteStore, Store},
};

impl Ledger {
    /// Opens a ledger in a file to read it: questions, verification, export. Commands are refused.
    ///
    /// The folder still has to be writable, or hold the ledger's log files: readers and writers
    /// meet there.
    ///
    /// # Errors
    /// As [`Ledger::open`]; [`ErrorKind::StoreReadOnly`] when an older version wrote it: to be
    /// brought forward it has to be opened for writing once.
    pub fn open_read_only(path: &Path) -> Result<Self> {
        Ok(Self::of(Store::Sqlite(Box::new(SqliteStore::open(path, Access::Read)?))))
    }

    /// Copies the ledger, as it is at this moment, to a file that does not exist yet; commands and
    /// questions go on meanwhile.
    ///
    /// The copy is a ledger: to restore it, put it where the other was and open it. It is on the
    /// disk when this returns, and not there under its name before it is whole; an interrupted one
    /// leaves an empty file and one that ends in `.unfinished`. It holds all the ledger does, names
    /// and addresses too: who is erased later stays in it.
    ///
    /// `progress` is told in pages of the file.
    ///
    /// # Errors
    /// [`ErrorKind::StoreExists`] when something is there, [`ErrorKind::StoreFull`] and other
    /// storage faults; nothing is left then. [`ErrorKind::StoreUnavailable`] for a ledger in
    /// PostgreSQL, which has its own tools for this.
    pub fn backup(&self, to: &Path, progress: &mut dyn FnMut(Progress)) -> Result<()> {
        let told = &mut |done, of| progress(Progress::new(done, of));
        self.file()?.backup(to, told)
    }

    /// Rewrites the file without the room that deleted rows have left. Takes as much free space
    /// again as the file has, and holds commands up meanwhile.
    ///
    /// What is erased is overwritten at once; this is about size only.
    ///
    /// # Errors
    /// As [`Ledger::backup`]; [`ErrorKind::StoreBusy`] while another program uses the ledger.
    pub fn vacuum(&self) -> Result<()> {
        self.file()?.vacuum()
    }

    fn file(&self) -> Result<&SqliteStore> {
        match &self.store {
            Store::Sqlite(store) => Ok(store),
            #[cfg(feature = "postgres")]
            Store::Postgres(_) => {
                let detail = "it is in PostgreSQL: use the tools of the server";
                Err(Error::named(ErrorKind::StoreUnavailable, "the ledger", detail))
            }
        }
    }
}
