//! Shared seats in an SQLite file, for the programs of one machine.

use std::{
    fs::OpenOptions,
    io::ErrorKind::{AlreadyExists, PermissionDenied, ReadOnlyFilesystem},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use mlicense_core::{
    error::ErrorKind,
    seat::{Seats, Session},
    time::Instant,
};
use rusqlite::{Connection, ErrorCode, MAIN_DB, Transaction, TransactionBehavior, params};

use super::{Access, connect};
use crate::{
    error::{Error, Result},
    store::{
        newer,
        opener::{Opener, Own, OwnConnection},
        seats::{Difference, Row},
    },
};

/// "mlis" in ASCII, in the header of the file.
const APPLICATION_ID: i32 = 0x6d6c_6973;
/// The form of the table, in the header of the file.
const FORM: i32 = 1;
const TABLE: &str = "CREATE TABLE session (
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    holder TEXT NOT NULL,
    kept_at INTEGER NOT NULL,
    lease INTEGER,
    captured TEXT NOT NULL,
    PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID";

/// How often the log is asked for while others open the file too, and how long between.
const LOG_ATTEMPTS_MAX: u32 = 100;
const LOG_PAUSE: Duration = Duration::from_millis(20);

/// Shared seats in one file.
#[derive(Debug)]
pub(crate) struct SqliteSeats {
    path: PathBuf,
    opener: Opener,
    connection: Mutex<OwnConnection>,
}

impl SqliteSeats {
    /// Opens the file, or makes it.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        // One that is there is left to SQLite: whoever closes a file ends the locks that other
        // connections of the same process hold on it.
        let made = OpenOptions::new().write(true).create_new(true).open(path);
        made.map(drop).or_else(|error| match error.kind() {
            AlreadyExists => Ok(()),
            PermissionDenied | ReadOnlyFilesystem => {
                Err(Error::caused(ErrorKind::StoreReadOnly, path.display(), error))
            }
            _ => Err(Error::io(path, error)),
        })?;
        let connection = Mutex::new(Own::new(prepared(path)?));
        Ok(Self { path: path.to_owned(), opener: Opener::here(), connection })
    }

    pub(crate) fn read<T>(
        &self,
        owner: &str,
        mut look: impl FnMut(Seats) -> Result<T>,
    ) -> Result<T> {
        self.transact(TransactionBehavior::Deferred, |open| {
            let (now, sessions) = self.load(open, owner)?;
            look(Seats::at(now, sessions))
        })
    }

    pub(crate) fn write<T>(
        &self,
        owner: &str,
        mut change: impl FnMut(&mut Seats) -> Result<T>,
    ) -> Result<T> {
        self.transact(TransactionBehavior::Immediate, |open| {
            let (now, sessions) = self.load(open, owner)?;
            let mut seats = Seats::at(now, sessions.clone());
            let result = change(&mut seats)?;
            self.save(open, owner, &Difference::between(&sessions, &seats)?)?;
            Ok(result)
        })
    }

    fn transact<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        self.opener.check(self.path.display())?;
        // A panic elsewhere rolled its transaction back; the connection itself is sound.
        let mut slot = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = slot.or_open(|| prepared(&self.path))?;
        let transacted = (|| {
            let transaction =
                connection.transaction_with_behavior(behavior).map_err(|e| self.fault(e))?;
            let result = work(&transaction)?;
            transaction.commit().map_err(|error| Error::sqlite_commit(&self.path, error))?;
            Ok(result)
        })();
        if let Err(error) = &transacted
            && Error::is_of_the_disk(error)
        {
            slot.close();
        }
        transacted
    }

    fn load(&self, open: &Transaction<'_>, owner: &str) -> Result<(Instant, Vec<Session>)> {
        let corrupt = || Error::store(ErrorKind::StoreCorrupt, &self.path, "a session");
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Row {
                id: row.get(0)?,
                holder: row.get(1)?,
                kept_at: row.get(2)?,
                lease: row.get(3)?,
                captured: row.get(4)?,
            })
        };
        let rows: rusqlite::Result<Vec<Row>> = open
            .prepare_cached(
                "SELECT id, holder, kept_at, lease, captured FROM session WHERE owner = ?1",
            )
            .and_then(|mut statement| statement.query_map([owner], read)?.collect());
        let sessions = rows.map_err(|e| self.fault(e))?.into_iter();
        let sessions =
            sessions.map(|row| row.session().ok_or_else(corrupt)).collect::<Result<_>>()?;
        // Read after the transaction has begun: nobody who came before has a later one.
        let now = open
            .prepare_cached("SELECT unixepoch()")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)));
        Ok((Instant::from_unix(now.map_err(|e| self.fault(e))?)?, sessions))
    }

    fn save(&self, open: &Transaction<'_>, owner: &str, difference: &Difference) -> Result<()> {
        let gone = "DELETE FROM session WHERE owner = ?1 AND id = ?2";
        for id in &difference.gone {
            let done =
                open.prepare_cached(gone).and_then(|mut s| s.execute((owner, id.to_string())));
            done.map_err(|e| self.fault(e))?;
        }
        let put = "INSERT OR REPLACE INTO session (owner, id, holder, kept_at, lease, captured)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        for row in &difference.put {
            let Row { id, holder, kept_at, lease, captured } = row;
            let row = params![owner, id, holder, kept_at, lease, captured];
            let done = open.prepare_cached(put).and_then(|mut s| s.execute(row));
            done.map_err(|e| self.fault(e))?;
        }
        Ok(())
    }

    fn fault(&self, error: rusqlite::Error) -> Error {
        Error::sqlite(&self.path, error)
    }
}

/// A connection to a file that has the table.
fn prepared(path: &Path) -> Result<Connection> {
    let mut connection = connect(path, Access::Write)?;
    if connection.is_readonly(MAIN_DB).map_err(|error| Error::sqlite(path, error))? {
        return Err(Error::store(ErrorKind::StoreReadOnly, path, "it must not be written to"));
    }
    if !is_ours(path, &connection)? {
        make(path, &mut connection)?;
    }
    let found = pragma(path, &connection, "user_version")?;
    if found > FORM {
        let store = path.file_name().unwrap_or_default().to_string_lossy();
        return Err(newer(&store, found, FORM));
    }
    keep_log(path, &connection)?;
    let set = |name: &str, value: &str| {
        connection.pragma_update(None, name, value).map_err(|error| Error::sqlite(path, error))
    };
    // When the machine loses its power, the holders of its seats are gone as well.
    set("synchronous", "NORMAL")?;
    set("trusted_schema", "OFF")?;
    set("cell_size_check", "ON")?;
    Ok(connection)
}

/// Whether the table is there; refuses what somebody else has written.
fn is_ours(path: &Path, connection: &Connection) -> Result<bool> {
    // In this order: whoever makes the table at this moment names it in the same transaction.
    let tables = "SELECT count(*) FROM sqlite_schema";
    let tables: i32 = connection
        .query_row(tables, [], |row| row.get(0))
        .map_err(|error| Error::sqlite(path, error))?;
    let application = pragma(path, connection, "application_id")?;
    match (application, tables) {
        (APPLICATION_ID, _) => Ok(true),
        (0, 0) => Ok(false),
        _ => Err(Error::store(ErrorKind::StoreForeign, path, "")),
    }
}

/// Makes the table in an empty file, unless another does at the same moment.
fn make(path: &Path, connection: &mut Connection) -> Result<()> {
    let fault = |error| Error::sqlite(path, error);
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
    if is_ours(path, &transaction)? {
        return Ok(());
    }
    transaction.execute_batch(TABLE).map_err(fault)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(fault)?;
    transaction.pragma_update(None, "user_version", FORM).map_err(fault)?;
    transaction.commit().map_err(fault)
}

/// Turns on the write-ahead log, for which the file must be nobody else's for a moment. A file
/// system that has none goes without.
fn keep_log(path: &Path, connection: &Connection) -> Result<()> {
    for _ in 1..LOG_ATTEMPTS_MAX {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                thread::sleep(LOG_PAUSE);
            }
            set => return set.map_err(|error| Error::sqlite(path, error)),
        }
    }
    Err(Error::store(ErrorKind::StoreBusy, path, ""))
}

fn pragma(path: &Path, connection: &Connection, name: &str) -> Result<i32> {
    let value = connection.pragma_query_value(None, name, |row| row.get(0));
    value.map_err(|error| Error::sqlite(path, error))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::{fs, os::unix::fs::MetadataExt, process};

    use super::*;

    /// The locks on a file that this process holds, as the kernel lists them.
    fn locks(path: &Path) -> usize {
        let inode = format!(":{}", fs::metadata(path).unwrap().ino());
        let own = process::id().to_string();
        let is_own = |line: &&str| {
            let words: Vec<_> = line.split_whitespace().collect();
            words.get(4) == Some(&&*own) && words.get(5).is_some_and(|file| file.ends_with(&inode))
        };
        fs::read_to_string("/proc/locks").unwrap().lines().filter(is_own).count()
    }

    #[test]
    fn opening_a_file_again_leaves_the_locks_of_who_has_it_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("editor.seats");
        let first = SqliteSeats::open(&path).unwrap();
        first.read("editor", |_| Ok(())).unwrap();
        assert_eq!(locks(&path), 1);
        let second = SqliteSeats::open(&path).unwrap();
        second.read("editor", |_| Ok(())).unwrap();
        assert_eq!(locks(&path), 1);
    }
}
