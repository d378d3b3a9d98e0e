//! The SQLite store: one file, write-ahead log, every commit synced.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use mlicense_core::{
    customer::{Link, LinkChange},
    error::ErrorKind,
    history::{ChainHash, Claim, Holder, PersonChange, Salt, StreamId},
    id::{CommandId, PersonId},
    person::PersonFields,
    view::CustomerRow,
};
use rusqlite::{
    Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params,
};

use super::{
    Page, Reading, Remembered, Stored, Writing,
    disk::check_local,
    opener::{Opener, Own, OwnConnection},
};
use crate::error::{Error, Result};

mod embedded {
    refinery::embed_migrations!("migrations/sqlite");
}

/// "mlic" in ASCII, in the header of the file.
const APPLICATION_ID: i32 = 0x6d6c_6963;
/// Two writers of an older SQLite can corrupt a write-ahead log.
const SQLITE_VERSION_MIN: i32 = 3_051_003;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const SALT: &str = "salt";

/// What a ledger was opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// A ledger in one SQLite file.
#[derive(Debug)]
pub(crate) struct SqliteStore {
    path: PathBuf,
    access: Access,
    opener: Opener,
    connection: Mutex<OwnConnection>,
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
        let connection = Mutex::new(Own::new(connection));
        Self { path: path.to_owned(), access, opener: Opener::here(), connection, salt }
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
        let salt: Option<Vec<u8>> = connection
            .query_row("SELECT value FROM setting WHERE name = ?1", [SALT], |row| row.get(0))
            .optional()
            .map_err(fault)?;
        let salt = salt.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let corrupt = || Error::store(ErrorKind::StoreCorrupt, path, "its salt is missing");
        let salt = Salt::new(salt.ok_or_else(corrupt)?);
        Ok(Self::new(path, access, (connection, salt)))
    }

    /// Takes the file away; what cannot be taken away stays.
    pub(crate) fn discard(self) {
        // The log goes with the last connection.
        drop(self.connection);
        let _ = std::fs::remove_file(&self.path);
    }

    pub(crate) const fn salt(&self) -> &Salt {
        &self.salt
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` in a transaction that sees one state and writes nothing.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&dyn Reading) -> Result<T>) -> Result<T> {
        self.transact(TransactionBehavior::Deferred, |open| work(open))
    }

    /// Runs `work` in a transaction; commits when it succeeds, else changes nothing.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&dyn Writing) -> Result<T>) -> Result<T> {
        // SQLite itself would notice at the first row written, and not at all when there is none.
        if self.access == Access::Read {
            return Err(Error::store(ErrorKind::StoreReadOnly, &self.path, ""));
        }
        self.transact(TransactionBehavior::Immediate, |open| work(open))
    }

    fn transact<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Open<'_>) -> Result<T>,
    ) -> Result<T> {
        self.on_connection(|connection| self.transact_on(connection, behavior, work))
    }

    /// Does what needs the connection itself.
    pub(super) fn on_connection<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T>,
    ) -> Result<T> {
        self.check_opener()?;
        // A panic elsewhere rolled its transaction back; the connection itself is sound.
        let mut slot = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let result = work(slot.or_open(|| reconnect(&self.path, self.access))?);
        if let Err(error) = &result
            && error.is_of_the_disk()
        {
            slot.close();
        }
        result
    }

    pub(super) fn check_opener(&self) -> Result<()> {
        self.opener.check(self.path.file_name().unwrap_or_default().to_string_lossy())
    }

    fn transact_on<T>(
        &self,
        connection: &mut Connection,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Open<'_>) -> Result<T>,
    ) -> Result<T> {
        let fault = |error| Error::sqlite(&self.path, error);
        let transaction = connection.transaction_with_behavior(behavior).map_err(fault)?;
        let open = Open { path: &self.path, transaction };
        let result = work(&open)?;
        let committed = open.transaction.commit();
        committed.map_err(|error| Error::sqlite_commit(&self.path, error))?;
        Ok(result)
    }

    fn initialize(path: &Path, salt: &Salt) -> Result<Connection> {
        let fault = |error| Error::sqlite(path, error);
        let mut connection = connect(path, Access::Write)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(fault)?;
        configure(path, &connection, Access::Write)?;
        embedded::migrations::runner()
            .run(&mut connection)
            .map_err(|e| Error::migration(path, e))?;
        connection
            .execute(
                "INSERT INTO setting (name, value) VALUES (?1, ?2)",
                params![SALT, salt.as_bytes()],
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
    Ok(connection)
}

fn reconnect(path: &Path, access: Access) -> Result<Connection> {
    let connection = connect(path, access)?;
    configure(path, &connection, access)?;
    Ok(connection)
}

fn configure(path: &Path, connection: &Connection, access: Access) -> Result<()> {
    let set = |name: &str, value: &str| {
        connection.pragma_update(None, name, value).map_err(|error| Error::sqlite(path, error))
    };
    if access == Access::Write {
        set("journal_mode", "WAL")?;
        set("synchronous", "FULL")?;
        // What is erased from the table of persons is overwritten in its pages.
        set("secure_delete", "ON")?;
    }
    set("trusted_schema", "OFF")?;
    set("cell_size_check", "ON")
}

/// Brings an older ledger forward; refuses a newer one.
fn migrate(path: &Path, connection: &mut Connection, access: Access) -> Result<()> {
    let runner = embedded::migrations::runner();
    let known = runner.get_migrations().iter().map(refinery::Migration::version).max().unwrap_or(0);
    let applied = runner.get_last_applied_migration(connection);
    let found =
        applied.map_err(|error| Error::migration(path, error))?.map_or(0, |last| last.version());
    if found > known {
        let store = path.file_name().unwrap_or_default().to_string_lossy();
        return Err(super::newer(&store, found, known));
    }
    if found < known && access == Access::Read {
        let detail = "it has to be brought forward first: open it for writing once";
        return Err(Error::store(ErrorKind::StoreReadOnly, path, detail));
    }
    if found < known {
        runner.run(connection).map_err(|error| Error::migration(path, error))?;
    }
    Ok(())
}

/// An open transaction.
pub(super) struct Open<'c> {
    path: &'c Path,
    pub(super) transaction: Transaction<'c>,
}

impl Open<'_> {
    pub(super) fn fault(&self, error: rusqlite::Error) -> Error {
        Error::sqlite(self.path, error)
    }

    pub(super) fn corrupt(&self, detail: impl std::fmt::Display) -> Error {
        Error::store(ErrorKind::StoreCorrupt, self.path, detail)
    }

    pub(super) fn execute(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize> {
        let mut statement = self.transaction.prepare_cached(sql).map_err(|e| self.fault(e))?;
        statement.execute(params).map_err(|e| self.fault(e))
    }

    pub(super) fn chain(&self, bytes: &[u8]) -> Result<ChainHash> {
        let bytes = bytes.try_into().map_err(|_| self.corrupt("a chain hash is not 32 bytes"))?;
        Ok(ChainHash::from_bytes(bytes))
    }
}

impl Reading for Open<'_> {
    fn remembered(&self, id: &CommandId) -> Result<Option<Remembered>> {
        self.transaction
            .prepare_cached("SELECT digest, receipt FROM command WHERE id = ?1")
            .and_then(|mut statement| {
                let row = statement.query_row([id.as_str()], |row| {
                    Ok(Remembered { digest: row.get(0)?, receipt: row.get(1)? })
                });
                row.optional()
            })
            .map_err(|error| self.fault(error))
    }

    fn holders(&self, claims: &BTreeSet<Claim>) -> Result<BTreeMap<Claim, Holder>> {
        let mut held = BTreeMap::new();
        let sql = "SELECT holder FROM claim WHERE space = ?1 AND digest = ?2";
        let mut statement = self.transaction.prepare_cached(sql).map_err(|e| self.fault(e))?;
        for claim in claims {
            let row = statement.query_row([claim.space.name(), &claim.digest], |row| row.get(0));
            let holder: Option<String> = row.optional().map_err(|e| self.fault(e))?;
            if let Some(holder) = holder {
                let holder = holder.parse().map_err(|refusal| self.corrupt(refusal))?;
                held.insert(claim.clone(), holder);
            }
        }
        Ok(held)
    }

    fn person(&self, id: &PersonId) -> Result<Option<PersonFields>> {
        let sql = "SELECT name, email, company, phone, tax_id, username, address
                   FROM person WHERE id = ?1";
        let row = self.transaction.prepare_cached(sql).and_then(|mut statement| {
            let row = statement.query_row([id.as_str()], |row| {
                Ok(PersonFields {
                    name: row.get(0)?,
                    email: row.get(1)?,
                    company: row.get(2)?,
                    phone: row.get(3)?,
                    tax_id: row.get(4)?,
                    username: row.get(5)?,
                    address: row.get(6)?,
                })
            });
            row.optional()
        });
        row.map_err(|error| self.fault(error))
    }

    fn linked(&self, holder: &StreamId, limit: u32) -> Result<Vec<CustomerRow>> {
        let sql = "SELECT link.customer, person.name, person.email
                   FROM link LEFT JOIN person ON person.id = link.contact
                   WHERE link.holder = ?1 ORDER BY link.customer LIMIT ?2";
        let mut statement = self.transaction.prepare_cached(sql).map_err(|e| self.fault(e))?;
        let mut rows =
            statement.query(params![holder.to_string(), limit]).map_err(|e| self.fault(e))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(|e| self.fault(e))? {
            let customer: String = row.get(0).map_err(|e| self.fault(e))?;
            let customer = customer.parse().map_err(|refusal| self.corrupt(refusal))?;
            let (name, email) =
                row.get(1).and_then(|name| Ok((name, row.get(2)?))).map_err(|e| self.fault(e))?;
            found.push(CustomerRow { customer, name, email });
        }
        Ok(found)
    }

    fn messages(&self, limit: u32) -> Result<Vec<(u64, String, String)>> {
        let sql = "SELECT id, command, json FROM outbox ORDER BY id LIMIT ?1";
        let rows = self.transaction.prepare_cached(sql).and_then(|mut statement| {
            let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            statement.query_map([limit], read)?.collect()
        });
        rows.map_err(|error| self.fault(error))
    }

    fn heads(&self) -> Result<BTreeMap<StreamId, (u64, ChainHash)>> {
        let sql = "SELECT stream, coalesce(head.idx, 0), coalesce(head.chain, zeroblob(32))
                   FROM (SELECT stream FROM head UNION SELECT DISTINCT stream FROM event)
                   LEFT JOIN head USING (stream)";
        let mut statement = self.transaction.prepare_cached(sql).map_err(|e| self.fault(e))?;
        let mut rows = statement.query([]).map_err(|e| self.fault(e))?;
        let mut heads = BTreeMap::new();
        while let Some(row) = rows.next().map_err(|e| self.fault(e))? {
            let (stream, index, chain) = row
                .get::<_, String>(0)
                .and_then(|stream| Ok((stream, row.get::<_, u64>(1)?, row.get::<_, Vec<u8>>(2)?)))
                .map_err(|e| self.fault(e))?;
            let stream = stream.parse().map_err(|refusal| self.corrupt(refusal))?;
            heads.insert(stream, (index, self.chain(&chain)?));
        }
        Ok(heads)
    }

    fn events(
        &self,
        stream: &StreamId,
        page: Page,
        each: &mut dyn FnMut(Stored) -> Result<()>,
    ) -> Result<()> {
        let sql = "SELECT idx, json, chain FROM event WHERE stream = ?1 AND idx > ?2
                   ORDER BY idx LIMIT ?3";
        let mut statement = self.transaction.prepare_cached(sql).map_err(|e| self.fault(e))?;
        let mut rows = statement
            .query(params![stream.to_string(), page.after, page.limit])
            .map_err(|e| self.fault(e))?;
        while let Some(row) = rows.next().map_err(|e| self.fault(e))? {
            let (index, json, chain) = row
                .get(0)
                .and_then(|index| Ok((index, row.get(1)?, row.get::<_, Vec<u8>>(2)?)))
                .map_err(|e| self.fault(e))?;
            each(Stored { index, json, chain: self.chain(&chain)? })?;
        }
        Ok(())
    }
}

impl Writing for Open<'_> {
    fn append(&self, stream: &StreamId, event: &Stored) -> Result<()> {
        let (stream, chain) = (stream.to_string(), event.chain.as_bytes());
        self.execute(
            "INSERT INTO event (stream, idx, json, chain) VALUES (?1, ?2, ?3, ?4)",
            params![stream, event.index, event.json, chain],
        )?;
        // The head has to be where the events are: otherwise somebody has cut some off.
        let sql = if event.index == 1 {
            "INSERT INTO head (stream, idx, chain) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"
        } else {
            "UPDATE head SET idx = ?2, chain = ?3 WHERE stream = ?1 AND idx = ?2 - 1"
        };
        match self.execute(sql, params![stream, event.index, chain])? {
            1 => Ok(()),
            _ => Err(super::head_misplaced(&stream, event.index)),
        }
    }

    fn claim(&self, claim: &Claim, holder: &Holder) -> Result<()> {
        self.execute(
            "INSERT INTO claim (space, digest, holder) VALUES (?1, ?2, ?3)",
            params![claim.space.name(), claim.digest, holder.to_string()],
        )
        .map(drop)
    }

    fn release(&self, claim: &Claim) -> Result<()> {
        let sql = "DELETE FROM claim WHERE space = ?1 AND digest = ?2";
        self.execute(sql, params![claim.space.name(), claim.digest]).map(drop)
    }

    fn post(&self, command: &CommandId, json: &str) -> Result<()> {
        let sql = "INSERT INTO outbox (command, json) VALUES (?1, ?2)";
        self.execute(sql, params![command.as_str(), json]).map(drop)
    }

    fn sent(&self, id: u64) -> Result<()> {
        self.execute("DELETE FROM outbox WHERE id = ?1", params![id]).map(drop)
    }

    fn change_person(&self, change: &PersonChange) -> Result<()> {
        match change {
            PersonChange::Keep(id, fields) => self.execute(
                "INSERT OR REPLACE INTO person
                     (id, name, email, company, phone, tax_id, username, address)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    id.as_str(),
                    fields.name,
                    fields.email,
                    fields.company,
                    fields.phone,
                    fields.tax_id,
                    fields.username,
                    fields.address
                ],
            ),
            PersonChange::Erase(id) => {
                self.execute("DELETE FROM person WHERE id = ?1", params![id.as_str()])
            }
        }
        .map(drop)
    }

    fn change_link(&self, change: &LinkChange) -> Result<()> {
        match change {
            LinkChange::Tie(Link { holder, customer, contact }) => self.execute(
                "INSERT OR REPLACE INTO link (holder, customer, contact) VALUES (?1, ?2, ?3)",
                params![
                    holder.to_string(),
                    customer.as_str(),
                    contact.as_ref().map(PersonId::as_str)
                ],
            ),
            LinkChange::Cut(Link { holder, customer, .. }) => self.execute(
                "DELETE FROM link WHERE holder = ?1 AND customer = ?2",
                params![holder.to_string(), customer.as_str()],
            ),
        }
        .map(drop)
    }

    fn remember(&self, id: &CommandId, command: &Remembered) -> Result<()> {
        self.execute(
            "INSERT INTO command (id, digest, receipt) VALUES (?1, ?2, ?3)",
            params![id.as_str(), command.digest, command.receipt],
        )
        .map(drop)
    }
}
