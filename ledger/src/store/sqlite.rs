//! The SQLite store: one file, write-ahead log, every commit synced.

mod backup;
mod journal;
mod readers;
mod scan;
mod seats;
mod transaction;
mod writer;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::Duration,
};

use mlicense_core::{error::ErrorKind, history::Salt, signing::hmac_sha256};
use rusqlite::{Connection, OpenFlags, OptionalExtension, ToSql, config::DbConfig, params};

pub(crate) use self::seats::SqliteSeats;
use self::{readers::Readers, writer::Writer};
use super::{
    Cache, Reading, Writing,
    disk::check_local,
    migrations::{self, Step},
    opener::{Opener, Own},
};
use crate::error::{Error, Result};

/// None that was released is ever edited: ledgers exist that were made by it.
const MIGRATIONS: [Step; 8] = [
    ("history", 0x8ae5_ba9c_f1a9_174b, include_str!("../../migrations/sqlite/V1__history.sql")),
    ("outbox", 0x45b8_0eae_e666_756f, include_str!("../../migrations/sqlite/V2__outbox.sql")),
    ("links", 0x706b_0dd4_899b_d4d4, include_str!("../../migrations/sqlite/V3__links.sql")),
    (
        "checkpoints",
        0x2ee1_f73a_93e5_b099,
        include_str!("../../migrations/sqlite/V4__checkpoints.sql"),
    ),
    ("journal", 0xe147_e427_f38e_ef6e, include_str!("../../migrations/sqlite/V5__journal.sql")),
    ("snapshots", 0xb353_89ec_7814_953d, include_str!("../../migrations/sqlite/V6__snapshots.sql")),
    ("journal", 0xa9a4_c543_ffb7_df61, include_str!("../../migrations/sqlite/V7__journal.sql")),
    ("receipts", 0x17b0_9769_2ee5_f75b, include_str!("../../migrations/sqlite/V8__receipts.sql")),
];

/// "mlic" in ASCII, in the header of the file.
const APPLICATION_ID: i32 = 0x6d6c_6963;
/// Two writers of an older SQLite can corrupt a write-ahead log.
const SQLITE_VERSION_MIN: i32 = 3_051_003;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// For whoever opens a ledger that another program brings forward.
const MIGRATION_TIMEOUT: Duration = Duration::from_secs(60);
/// Memory for pages of the file, in KiB and below zero as SQLite wants it.
const PAGE_CACHE: i32 = -16_384;
/// Pages of the log after which they are carried over to the file. Most commands change a page that
/// others change too: the longer the log, the fewer times it is written to its place.
const LOG_PAGES: i32 = 8192;
/// Statements that a connection keeps prepared: more than there are.
const STATEMENTS_MAX: usize = 64;
const SALT: &str = "salt";
/// A digest of the salt: a byte of it that is another would make every code unknown.
const SALT_DIGEST: &str = "salt_digest";

/// What a ledger was opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// What every transaction of a store knows.
#[derive(Clone, Copy)]
struct Place<'s> {
    path: &'s Path,
    cache: &'s Cache,
}

/// A ledger in one SQLite file.
#[derive(Debug)]
pub(crate) struct SqliteStore {
    path: PathBuf,
    access: Access,
    opener: Opener,
    /// None where the ledger was opened to be read.
    writer: Option<Writer>,
    readers: Readers,
    cache: Cache,
    salt: Salt,
}

impl SqliteStore {
    pub(crate) fn create(path: &Path, salt: Salt) -> Result<Self> {
        let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
        drop(file.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => Error::store(ErrorKind::StoreExists, path, ""),
            _ => Error::io(path, error),
        })?);
        let created = Self::initialize(path, &salt);
        if created.is_err() {
            // Nothing was in it but what this call wrote.
            let _ = std::fs::remove_file(path);
        }
        Ok(Self::new(path, Access::Write, (created?, salt)))
    }

    fn new(path: &Path, access: Access, (connection, salt): (Connection, Salt)) -> Self {
        let (readers, cache) = (Readers::default(), Cache::new());
        let writer = match access {
            Access::Write => Some(Writer::new(connection)),
            Access::Read => {
                readers.keep(Own::new(connection));
                None
            }
        };
        Self { path: path.to_owned(), access, opener: Opener::here(), writer, readers, cache, salt }
    }

    pub(crate) fn open(path: &Path, access: Access) -> Result<Self> {
        let fault = |error| Error::sqlite(path, error);
        if !path.is_file() {
            return Err(Error::store(ErrorKind::StoreUnavailable, path, "there is no such file"));
        }
        let mut connection = connect(path, access)?;
        let application: i32 = connection
            .pragma_query_value(None, "application_id", |row| row.get(0))
            .map_err(fault)?;
        if application != APPLICATION_ID {
            return Err(Error::store(ErrorKind::StoreForeign, path, ""));
        }
        migrate(path, &mut connection, access)?;
        configure(path, &connection, access)?;
        let salt = read_salt(path, &connection)?;
        Ok(Self::new(path, access, (connection, salt)))
    }

    /// Takes the file away; what cannot be taken away stays.
    pub(crate) fn discard(self) {
        // The log goes with the last connection.
        drop((self.writer, self.readers));
        let _ = std::fs::remove_file(&self.path);
    }

    pub(crate) const fn salt(&self) -> &Salt {
        &self.salt
    }

    pub(super) const fn cache(&self) -> &Cache {
        &self.cache
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` in a transaction that sees one state and writes nothing.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&dyn Reading) -> Result<T>) -> Result<T> {
        self.check_opener()?;
        self.readers.read(self.place(), self.access, |open| work(open))
    }

    /// Runs `work` in a transaction; commits when it succeeds, else changes nothing.
    ///
    /// It is run again when the transaction came to nothing through others who shared it.
    pub(crate) fn write<T>(&self, mut work: impl FnMut(&dyn Writing) -> Result<T>) -> Result<T> {
        self.writer()?.write(self.place(), |open| work(open))
    }

    fn place(&self) -> Place<'_> {
        Place { path: &self.path, cache: &self.cache }
    }

    /// Who writes, where that may be done.
    fn writer(&self) -> Result<&Writer> {
        self.check_opener()?;
        let read_only = || Error::store(ErrorKind::StoreReadOnly, &self.path, "");
        self.writer.as_ref().ok_or_else(read_only)
    }

    pub(super) fn check_opener(&self) -> Result<()> {
        self.opener.check(self.path.file_name().unwrap_or_default().to_string_lossy())
    }

    fn initialize(path: &Path, salt: &Salt) -> Result<Connection> {
        let fault = |error| Error::sqlite(path, error);
        let mut connection = connect(path, Access::Write)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(fault)?;
        configure(path, &connection, Access::Write)?;
        migrations::runner(&MIGRATIONS)?
            .run(&mut connection)
            .map_err(|e| Error::migration(path, e))?;
        let digest = digest(salt);
        connection
            .execute(
                "INSERT INTO setting (name, value) VALUES (?1, ?2), (?3, ?4)",
                params![SALT, salt.as_bytes(), SALT_DIGEST, digest],
            )
            .map_err(fault)?;
        Ok(connection)
    }
}

pub(super) fn connect(path: &Path, access: Access) -> Result<Connection> {
    check_local(path)?;
    if rusqlite::version_number() < SQLITE_VERSION_MIN {
        let detail = format!("SQLite {} is too old", rusqlite::version());
        return Err(Error::store(ErrorKind::StoreUnavailable, path, detail));
    }
    let flags = match access {
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    } | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| Error::sqlite(path, error))?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(|error| Error::sqlite(path, error))?;
    // Otherwise a statement with a bound limit is prepared anew each time it is used.
    let steady = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
    steady.map_err(|error| Error::sqlite(path, error))?;
    Ok(connection)
}

fn read_salt(path: &Path, connection: &Connection) -> Result<Salt> {
    let setting = |name: &str| -> Result<Option<Vec<u8>>> {
        let sql = "SELECT value FROM setting WHERE name = ?1";
        let row = connection.query_row(sql, [name], |row| row.get(0)).optional();
        row.map_err(|error| Error::sqlite(path, error))
    };
    let corrupt = |detail| Error::store(ErrorKind::StoreCorrupt, path, detail);
    let salt = setting(SALT)?.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let salt = Salt::new(salt.ok_or_else(|| corrupt("its salt is missing"))?);
    // A ledger of an earlier version has none.
    if setting(SALT_DIGEST)?.is_some_and(|kept| kept != digest(&salt)) {
        return Err(corrupt("its salt is another"));
    }
    Ok(salt)
}

fn digest(salt: &Salt) -> [u8; 32] {
    hmac_sha256(salt.as_bytes(), SALT_DIGEST.as_bytes())
}

fn reconnect(path: &Path, access: Access) -> Result<Connection> {
    let connection = connect(path, access)?;
    configure(path, &connection, access)?;
    Ok(connection)
}

fn configure(path: &Path, connection: &Connection, access: Access) -> Result<()> {
    let set = |name: &str, value: &dyn ToSql| {
        connection.pragma_update(None, name, value).map_err(|error| Error::sqlite(path, error))
    };
    if access == Access::Write {
        set("journal_mode", &"WAL")?;
        set("synchronous", &"FULL")?;
        set("wal_autocheckpoint", &LOG_PAGES)?;
        // What is erased from the table of persons is overwritten in its pages.
        set("secure_delete", &"ON")?;
    }
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    set("cache_size", &PAGE_CACHE)?;
    set("trusted_schema", &"OFF")?;
    set("cell_size_check", &"ON")
}

/// Brings an older ledger forward, all the way or not at all; refuses a newer one.
fn migrate(path: &Path, connection: &mut Connection, access: Access) -> Result<()> {
    let runner = migrations::runner(&MIGRATIONS)?.set_grouped(true);
    let known = runner.get_migrations().iter().map(refinery::Migration::version).max().unwrap_or(0);
    // Asked of refinery, a damaged row of its table is a panic.
    let version = |connection: &Connection| -> Result<i32> {
        let sql = "SELECT max(version) FROM refinery_schema_history";
        let found: rusqlite::Result<Option<i32>> = connection.query_row(sql, [], |row| row.get(0));
        Ok(found.map_err(|error| Error::sqlite(path, error))?.unwrap_or(0))
    };
    // Whoever builds an index over a large ledger takes its time, and the others wait for it.
    connection.busy_timeout(MIGRATION_TIMEOUT).map_err(|error| Error::sqlite(path, error))?;
    let found = version(connection)?;
    if found > known {
        let store = path.file_name().unwrap_or_default().to_string_lossy();
        return Err(super::newer(&store, found, known));
    }
    if found < known && access == Access::Read {
        let detail = "it has to be brought forward first: open it for writing once";
        return Err(Error::store(ErrorKind::StoreReadOnly, path, detail));
    }
    if found < known {
        let run = catch_unwind(AssertUnwindSafe(|| runner.run(connection)));
        let damaged = |_| Error::store(ErrorKind::StoreCorrupt, path, "what it was brought to");
        if let Err(error) = run.map_err(damaged)? {
            // Another program may be doing it: then it is done when that one has had its turn.
            let turn = connection.execute_batch("BEGIN IMMEDIATE; COMMIT");
            turn.map_err(|error| Error::sqlite(path, error))?;
            let now = version(connection)?;
            if now != known {
                return Err(Error::migration(path, error));
            }
        }
    }
    connection.busy_timeout(BUSY_TIMEOUT).map_err(|error| Error::sqlite(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    mod embedded {
        refinery::embed_migrations!("migrations/sqlite");
    }

    #[test]
    fn migrations_are_what_refinery_makes_of_their_files() {
        migrations::assert_same(&MIGRATIONS, &embedded::migrations::runner());
    }

    /// As `.cargo/config.toml` has it built: what is not in it costs nothing and has no faults.
    #[test]
    fn sqlite_has_nothing_that_a_ledger_never_asks_for() {
        let connection = Connection::open_in_memory().unwrap();
        let mut options = connection.prepare("PRAGMA compile_options").unwrap();
        let options = options.query_map([], |row| row.get(0)).unwrap();
        let options: Vec<String> = options.map(rusqlite::Result::unwrap).collect();
        let has = |option: &str| options.iter().any(|found| found == option);
        for part in ["FTS3", "FTS5", "RTREE", "STAT4", "LOAD_EXTENSION", "MEMORY_MANAGEMENT"] {
            assert!(!has(&format!("ENABLE_{part}")), "{part}");
        }
        assert!(has("OMIT_LOAD_EXTENSION") && has("DEFAULT_MEMSTATUS=0"), "{options:?}");
    }
}
