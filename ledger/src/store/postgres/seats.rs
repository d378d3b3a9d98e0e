//! Shared seats in a PostgreSQL database, for the programs of many machines.

use std::collections::BTreeMap;

use mlicense_core::{
    error::ErrorKind,
    seat::{Seats, Session},
    signing::sha256,
    time::Instant,
};
use postgres::{IsolationLevel, Statement, Transaction, types::ToSql};

use super::{
    alone,
    fault::{Doing, Fault},
    pool::{Pool, Session as Connected},
    repeat,
};
use crate::{
    error::{Error, Result},
    store::seats::{Difference, Row},
};

/// The schema that holds the table.
const SCHEMA: &str = "mlicense_seats";
/// The form of the table.
const FORM: i32 = 1;
/// Class of the advisory locks of owners: "mlis" in ASCII.
const LOCK_OWNER: i32 = 0x6d6c_6973;
const TABLES: &str = "
    CREATE SCHEMA mlicense_seats;
    CREATE TABLE mlicense_seats.session (
        owner TEXT NOT NULL,
        id TEXT NOT NULL,
        holder TEXT NOT NULL,
        kept_at BIGINT NOT NULL,
        lease BIGINT,
        captured TEXT NOT NULL,
        PRIMARY KEY (owner, id)
    );
    CREATE TABLE mlicense_seats.form (version INT NOT NULL);
    INSERT INTO mlicense_seats.form (version) VALUES (1)";

/// Shared seats in one database.
#[derive(Debug)]
pub(crate) struct PostgresSeats {
    pool: Pool,
}

impl PostgresSeats {
    /// Opens the table, or makes it.
    pub(crate) fn open(connection: &str) -> Result<Self> {
        let pool = Pool::new(connection)?.with_schema(SCHEMA);
        let mut lease = pool.session()?;
        if !is_there(&pool, lease.session()?)? {
            make(&pool)?;
        }
        let fault = |error| Fault::of(error, Doing::Opening).at(pool.place());
        let row = lease.session()?.client.query_one("SELECT max(version) FROM form", &[]);
        let found: Option<i32> = row.map_err(fault)?.try_get(0).map_err(fault)?;
        let found = found
            .ok_or_else(|| Error::named(ErrorKind::StoreCorrupt, pool.place(), "it has no form"))?;
        if found > FORM {
            return Err(crate::store::newer(pool.place(), found, FORM));
        }
        lease.keep();
        drop(lease);
        Ok(Self { pool })
    }

    pub(crate) fn read<T>(
        &self,
        owner: &str,
        mut look: impl FnMut(Seats) -> Result<T>,
    ) -> Result<T> {
        let place = self.pool.place();
        repeat(&self.pool, |lease| {
            let mut open = Open::begin(lease.session()?, (place, owner), Doing::Reading)?;
            let (now, sessions) = open.load()?;
            let result = look(Seats::at(now, sessions));
            if open.roll_back() {
                lease.keep();
            }
            result
        })
    }

    pub(crate) fn write<T>(
        &self,
        owner: &str,
        mut change: impl FnMut(&mut Seats) -> Result<T>,
    ) -> Result<T> {
        let place = self.pool.place();
        repeat(&self.pool, |lease| {
            let mut open = Open::begin(lease.session()?, (place, owner), Doing::Writing)?;
            let (now, sessions) = open.hold().and_then(|()| open.load())?;
            let mut seats = Seats::at(now, sessions.clone());
            let changed = change(&mut seats).and_then(|result| {
                let difference = Difference::between(&sessions, &seats)?;
                open.save(&difference).map(|()| result)
            });
            match changed {
                Ok(result) => {
                    open.commit()?;
                    lease.keep();
                    Ok(result)
                }
                Err(error) => {
                    if open.roll_back() {
                        lease.keep();
                    }
                    Err(error)
                }
            }
        })
    }
}

/// An open transaction about the seats of one owner.
struct Open<'s> {
    place: &'s str,
    owner: &'s str,
    doing: Doing,
    transaction: Transaction<'s>,
    statements: &'s mut BTreeMap<&'static str, Statement>,
}

impl<'s> Open<'s> {
    fn begin(
        session: &'s mut Connected,
        (place, owner): (&'s str, &'s str),
        doing: Doing,
    ) -> Result<Self> {
        let Connected { client, statements } = session;
        let (isolation, read_only) = match doing {
            Doing::Writing => (IsolationLevel::ReadCommitted, false),
            _ => (IsolationLevel::RepeatableRead, true),
        };
        let builder = client.build_transaction().isolation_level(isolation).read_only(read_only);
        let begun = builder.start().map_err(|error| Fault::of(error, Doing::Beginning).at(place));
        Ok(Self { place, owner, doing, transaction: begun?, statements })
    }

    fn commit(self) -> Result<()> {
        let committed = self.transaction.commit();
        committed.map_err(|error| Fault::of_commit(error).at(self.place))
    }

    /// Rolls back; false when the session cannot be used any more.
    fn roll_back(self) -> bool {
        self.transaction.rollback().is_ok()
    }

    /// Waits until nobody else changes the seats of this owner.
    fn hold(&mut self) -> Result<()> {
        let [a, b, c, d, ..] = sha256(self.owner.as_bytes());
        let lock = i32::from_le_bytes([a, b, c, d]);
        self.query("SELECT pg_advisory_xact_lock($1, $2)", &[&LOCK_OWNER, &lock]).map(drop)
    }

    fn load(&mut self) -> Result<(Instant, Vec<Session>)> {
        let (place, owner, doing) = (self.place, self.owner, self.doing);
        let fault = |error| Fault::of(error, doing).at(place);
        let corrupt = || Error::named(ErrorKind::StoreCorrupt, place, "a session");
        let sql = "SELECT id, holder, kept_at, lease, captured FROM session WHERE owner = $1";
        let mut sessions = Vec::new();
        for row in &self.query(sql, &[&owner])? {
            let read = || -> Result<Row, postgres::Error> {
                Ok(Row {
                    id: row.try_get(0)?,
                    holder: row.try_get(1)?,
                    kept_at: row.try_get(2)?,
                    lease: row.try_get(3)?,
                    captured: row.try_get(4)?,
                })
            };
            sessions.push(read().map_err(fault)?.session().ok_or_else(corrupt)?);
        }
        // Not when the transaction began: it may have waited for others since.
        let now = "SELECT floor(extract(epoch FROM clock_timestamp()))::BIGINT";
        let rows = self.query(now, &[])?;
        let now = rows.first().map_or(Ok(0), |row| row.try_get(0)).map_err(fault)?;
        Ok((Instant::from_unix(now)?, sessions))
    }

    fn save(&mut self, difference: &Difference) -> Result<()> {
        let owner = self.owner;
        let gone: Vec<String> = difference.gone.iter().map(ToString::to_string).collect();
        if !gone.is_empty() {
            let sql = "DELETE FROM session WHERE owner = $1 AND id = ANY($2)";
            self.query(sql, &[&owner, &gone])?;
        }
        let put = "INSERT INTO session (owner, id, holder, kept_at, lease, captured)
                   VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT (owner, id) DO UPDATE SET kept_at = excluded.kept_at,
                       lease = excluded.lease, captured = excluded.captured";
        for Row { id, holder, kept_at, lease, captured } in &difference.put {
            self.query(put, &[&owner, id, holder, kept_at, lease, captured])?;
        }
        Ok(())
    }

    fn query(
        &mut self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<postgres::Row>> {
        let known = self.statements.get(sql).cloned();
        let transaction = &mut self.transaction;
        let prepared = known.map_or_else(|| transaction.prepare(sql), Ok);
        let rows = prepared.and_then(|statement| {
            let rows = transaction.query(&statement, params);
            self.statements.insert(sql, statement);
            rows
        });
        rows.map_err(|error| Fault::of(error, self.doing).at(self.place))
    }
}

fn is_there(pool: &Pool, session: &mut Connected) -> Result<bool> {
    let fault = |error| Fault::of(error, Doing::Opening).at(pool.place());
    let sql = "SELECT FROM pg_namespace WHERE nspname = $1";
    Ok(!session.client.query(sql, &[&SCHEMA]).map_err(fault)?.is_empty())
}

/// Makes the table, unless another does at the same moment; all of it or nothing.
fn make(pool: &Pool) -> Result<()> {
    let mut session = alone(pool, SCHEMA)?;
    if is_there(pool, &mut session)? {
        return Ok(());
    }
    let made = session.client.transaction().and_then(|mut transaction| {
        transaction.batch_execute(TABLES)?;
        transaction.commit()
    });
    made.map_err(|error| Fault::of(error, Doing::Writing).at(pool.place()))
}
