//! The PostgreSQL store: one schema of a database, shared by many machines.

mod address;
mod fault;
mod journal;
mod locks;
mod options;
mod pool;
mod scan;
mod seats;
mod session;
mod tls;
mod transaction;

use std::{thread, time::Duration};

use mlicense_core::{error::ErrorKind, history::Salt};

pub(crate) use self::seats::PostgresSeats;
use self::{
    fault::{After, Doing, Fault, after},
    pool::{Lease, Pool},
    session::Session,
    transaction::Open,
};
use super::{
    Cache, Reading, Writing,
    migrations::{self, Step},
};
use crate::error::{Error, Result};

/// None that was released is ever edited: ledgers exist that were made by it.
const MIGRATIONS: [Step; 9] = [
    ("history", 0xf9ba_0494_2b58_1149, include_str!("../../migrations/postgres/V1__history.sql")),
    ("outbox", 0x467a_dfe2_b51a_d930, include_str!("../../migrations/postgres/V2__outbox.sql")),
    ("links", 0x9fc2_0ddc_e3a4_40b6, include_str!("../../migrations/postgres/V3__links.sql")),
    (
        "checkpoints",
        0xbafc_2828_1fd8_e3d4,
        include_str!("../../migrations/postgres/V4__checkpoints.sql"),
    ),
    ("journal", 0x2f2d_7ada_65cd_b7d4, include_str!("../../migrations/postgres/V5__journal.sql")),
    (
        "snapshots",
        0x15a0_a547_d3c5_85e9,
        include_str!("../../migrations/postgres/V6__snapshots.sql"),
    ),
    ("journal", 0x9ef8_7dd3_f61b_3504, include_str!("../../migrations/postgres/V7__journal.sql")),
    ("journal", 0x4197_dc11_afcb_c086, include_str!("../../migrations/postgres/V8__journal.sql")),
    ("receipts", 0x2bca_3ee4_a313_0c1c, include_str!("../../migrations/postgres/V9__receipts.sql")),
];

/// The schema that holds the tables, in whatever database the caller names.
const SCHEMA: &str = "mlicense";
/// Where they are made; renamed when all is there, so that half a ledger is never opened.
const SCHEMA_UNFINISHED: &str = "mlicense_unfinished";
/// Advisory lock of whoever makes or brings forward the tables: "mlicense" in ASCII.
const LOCK_TABLES: i64 = 0x6d6c_6963_656e_7365;
const SALT: &str = "salt";

/// How often a command is begun before its caller hears that the store is busy.
const ATTEMPTS_MAX: u32 = 9;
/// Between the first two; each further pause is twice as long, half a second in all.
const PAUSE_FIRST: Duration = Duration::from_millis(2);

/// A ledger in a PostgreSQL database.
#[derive(Debug)]
pub(crate) struct PostgresStore {
    pool: Pool,
    cache: Cache,
    salt: Salt,
}

impl PostgresStore {
    pub(crate) fn create(connection: &str, salt: Salt) -> Result<Self> {
        let pool = Pool::new(connection)?;
        let fault = |error| Fault::of(error, Doing::Writing).at(pool.place());
        let mut session = alone(&pool, SCHEMA_UNFINISHED)?;
        let exists = session.query("SELECT FROM pg_namespace WHERE nspname = $1", &[&SCHEMA]);
        if !exists.map_err(fault)?.is_empty() {
            return Err(Error::named(ErrorKind::StoreExists, pool.place(), ""));
        }
        // One is left over when whoever made it was interrupted.
        let begin = format!(
            "DROP SCHEMA IF EXISTS {SCHEMA_UNFINISHED} CASCADE; CREATE SCHEMA {SCHEMA_UNFINISHED}"
        );
        session.run(&begin).map_err(fault)?;
        migrate(&pool, &mut session)?;
        let sql = "INSERT INTO setting (name, value) VALUES ($1, $2)";
        session.query(sql, &[&SALT, &salt.as_bytes().as_slice()]).map_err(fault)?;
        let finish = format!("ALTER SCHEMA {SCHEMA_UNFINISHED} RENAME TO {SCHEMA}");
        session.run(&finish).map_err(fault)?;
        Ok(Self { pool, cache: Cache::new(), salt })
    }

    pub(crate) fn open(connection: &str) -> Result<Self> {
        let pool = Pool::new(connection)?;
        let salt = {
            let mut lease = pool.session()?;
            bring_forward(&pool, lease.session()?)?;
            let salt = read_salt(&pool, lease.session()?)?;
            lease.keep();
            salt
        };
        Ok(Self { pool, cache: Cache::new(), salt })
    }

    /// Takes the schema away; what cannot be taken away stays.
    pub(crate) fn discard(&self) {
        if let Ok(mut session) = alone(&self.pool, SCHEMA) {
            let _ = session.run(&format!("DROP SCHEMA {SCHEMA} CASCADE"));
        }
    }

    pub(super) const fn cache(&self) -> &Cache {
        &self.cache
    }

    pub(crate) const fn salt(&self) -> &Salt {
        &self.salt
    }

    /// Runs `work` in a transaction that sees one state and writes nothing.
    pub(crate) fn read<T>(&self, mut work: impl FnMut(&dyn Reading) -> Result<T>) -> Result<T> {
        repeat(&self.pool, |lease| {
            let open = Open::to_read(lease.session()?, (self.pool.place(), &self.cache));
            let result = work(&open);
            if open.roll_back() {
                lease.keep();
            }
            result
        })
    }

    /// Runs `work` in a transaction and commits when it succeeds, else changes nothing. When it lost
    /// a race, it is run again from the beginning.
    pub(crate) fn write<T>(&self, mut work: impl FnMut(&dyn Writing) -> Result<T>) -> Result<T> {
        let place = self.pool.place();
        let mut lost = false;
        repeat(&self.pool, |lease| {
            let open = Open::to_write(lease.session()?, (place, &self.cache), lost);
            let result = match work(&open) {
                Ok(done) => open.commit().map(|()| done),
                Err(Error::Refused(refusal)) => {
                    Err(open.check_refusal().err().unwrap_or(refusal.into()))
                }
                fault => fault,
            };
            let is_over = match &result {
                Ok(_) => true,
                Err(error) if after(error) == After::Unknown => {
                    lost = true;
                    false
                }
                Err(_) => open.roll_back(),
            };
            if is_over {
                lease.keep();
            }
            result
        })
    }
}

/// Does `once`, and does it again as long as that may help.
///
/// This includes a commit that was not answered: whatever is done here, done twice, comes to the
/// same. A command's id is written in its own transaction, so a second run waits at that key for the
/// first, also with a refusal, and answers with its receipt if it was committed. Only when that
/// cannot be found out is the outcome unknown.
fn repeat<T>(pool: &Pool, mut once: impl FnMut(&mut Lease<'_>) -> Result<T>) -> Result<T> {
    let mut unknown = None;
    let mut pause = PAUSE_FIRST;
    for _ in 1..ATTEMPTS_MAX {
        match attempt(pool, &mut once) {
            Err(error @ Error::Store { .. }) => match after(&error) {
                After::Stop if unknown.is_none() => return Err(error),
                After::Unknown => unknown = Some(error),
                After::Stop | After::Again | After::Reconnect => {}
            },
            decided => return decided,
        }
        thread::sleep(pause);
        pause = pause.saturating_mul(2);
    }
    match attempt(pool, &mut once) {
        Err(error @ Error::Store { .. }) => Err(unknown.unwrap_or(error)),
        decided => decided,
    }
}

fn attempt<T>(pool: &Pool, once: &mut impl FnMut(&mut Lease<'_>) -> Result<T>) -> Result<T> {
    let result = pool.session().and_then(|mut lease| once(&mut lease));
    if let Err(error) = &result
        && matches!(after(error), After::Reconnect | After::Unknown)
    {
        pool.close_idle();
    }
    result
}

/// A session in which nobody else makes or changes the tables.
fn alone(pool: &Pool, schema: &str) -> Result<Session> {
    let fault = |error| Fault::of(error, Doing::Opening).at(pool.place());
    let mut session = pool.connect(schema)?;
    session.query("SELECT pg_advisory_lock($1)", &[&LOCK_TABLES]).map_err(fault)?;
    // Rewriting a large table takes its time.
    session.run("SET statement_timeout TO 0").map_err(fault)?;
    Ok(session)
}

/// Applies the migrations that are missing, all of them or none.
fn migrate(pool: &Pool, session: &mut Session) -> Result<()> {
    let runner = migrations::runner(&MIGRATIONS)?.set_grouped(true);
    session.migrate(&runner).map_err(|error| Fault::of_migration(error).at(pool.place()))
}

/// Brings an older ledger forward; refuses a newer one.
fn bring_forward(pool: &Pool, session: &mut Session) -> Result<()> {
    let fault = |error| Fault::of(error, Doing::Opening).at(pool.place());
    let foreign = || Error::named(ErrorKind::StoreForeign, pool.place(), "");
    let sql = "SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = $2";
    let ours = session.query(sql, &[&SCHEMA, &"refinery_schema_history"]).map_err(fault)?;
    if ours.is_empty() {
        return Err(foreign());
    }
    // By its whole name: where a user may not look into the schema, it says so.
    let sql = "SELECT max(version) FROM mlicense.refinery_schema_history";
    let rows = session.query(sql, &[]).map_err(fault)?;
    let found = rows.first().map(|row| row.try_get::<_, Option<i32>>(0)).transpose();
    let found = found.map_err(fault)?.flatten().ok_or_else(foreign)?;
    let runner = migrations::runner(&MIGRATIONS)?;
    let known = runner.get_migrations().iter().map(refinery::Migration::version).max().unwrap_or(0);
    if found > known {
        return Err(super::newer(pool.place(), found, known));
    }
    if found < known {
        migrate(pool, &mut alone(pool, SCHEMA)?)?;
    }
    Ok(())
}

fn read_salt(pool: &Pool, session: &mut Session) -> Result<Salt> {
    let fault = |error| Fault::of(error, Doing::Opening).at(pool.place());
    let sql = "SELECT value FROM setting WHERE name = $1";
    let rows = session.query(sql, &[&SALT]).map_err(fault)?;
    let salt = rows.first().map(|row| row.try_get(0)).transpose().map_err(fault)?;
    let salt: Option<Vec<u8>> = salt;
    let salt = salt.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let corrupt = || Error::named(ErrorKind::StoreCorrupt, pool.place(), "its salt is missing");
    salt.map(Salt::new).ok_or_else(corrupt)
}

#[cfg(test)]
mod tests {
    use super::*;

    mod embedded {
        refinery::embed_migrations!("migrations/postgres");
    }

    #[test]
    fn migrations_are_what_refinery_makes_of_their_files() {
        migrations::assert_same(&MIGRATIONS, &embedded::migrations::runner());
    }
}
