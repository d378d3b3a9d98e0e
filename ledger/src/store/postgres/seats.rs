//! Shared seats in a PostgreSQL database, for the programs of many machines.

use mlicense_core::{
    error::ErrorKind,
    seat::{Seats, Session},
    signing::sha256,
    time::Instant,
};
use tokio_postgres::types::ToSql;

use super::{
    alone,
    fault::{Doing, Fault},
    pool::Pool,
    repeat,
    session::{Asked, BEGIN_TO_READ, BEGIN_TO_WRITE, Params, Session as Connected},
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

const HOLD: &str = "SELECT pg_advisory_xact_lock($1, $2)";
const END: &str = "DELETE FROM session WHERE owner = $1 AND id = ANY($2)";
const PUT: &str = "INSERT INTO session (owner, id, holder, kept_at, lease, captured)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (owner, id) DO UPDATE SET kept_at = excluded.kept_at, lease = excluded.lease,
        captured = excluded.captured";

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
        let rows = lease.session()?.query("SELECT max(version) FROM form", &[]).map_err(fault)?;
        let found = rows.first().map(|row| row.try_get::<_, Option<i32>>(0)).transpose();
        let found = found
            .map_err(fault)?
            .flatten()
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
            let mut open = Open::new(lease.session()?, (place, owner), Doing::Reading);
            let (now, sessions) = open.begin()?;
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
            let mut open = Open::new(lease.session()?, (place, owner), Doing::Writing);
            let (now, sessions) = open.begin()?;
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
    session: &'s mut Connected,
}

impl<'s> Open<'s> {
    const fn new(
        session: &'s mut Connected,
        (place, owner): (&'s str, &'s str),
        doing: Doing,
    ) -> Self {
        Self { place, owner, doing, session }
    }

    fn commit(self) -> Result<()> {
        let committed = self.session.run("COMMIT");
        committed.map_err(|error| Fault::of_commit(error).at(self.place))
    }

    /// Rolls back; false when the session cannot be used any more.
    fn roll_back(self) -> bool {
        self.session.run("ROLLBACK").is_ok()
    }

    /// Begins, waits until nobody else changes the seats of this owner if they are to be changed,
    /// and reads them.
    fn begin(&mut self) -> Result<(Instant, Vec<Session>)> {
        let (place, owner, doing) = (self.place, self.owner, self.doing);
        let [a, b, c, d, ..] = sha256(owner.as_bytes());
        let lock = i32::from_le_bytes([a, b, c, d]);
        let held: Params<'_> = &[&LOCK_OWNER, &lock];
        let sessions = "SELECT id, holder, kept_at, lease, captured FROM session WHERE owner = $1";
        // Not when the transaction began: it may have waited for others since.
        let now = "SELECT floor(extract(epoch FROM clock_timestamp()))::BIGINT";
        let of_owner: Params<'_> = &[&owner];
        let begin: &[Asked<'_>] = match doing {
            Doing::Writing => &[(BEGIN_TO_WRITE, &[]), (HOLD, held)],
            _ => &[(BEGIN_TO_READ, &[])],
        };
        let asked = [begin, &[(sessions, of_owner), (now, &[])]].concat();
        let answers = self.session.ask(&asked).map_err(|(at, error)| {
            Fault::of(error, if at == 0 { Doing::Beginning } else { doing }).at(place)
        });
        let fault = |error| Fault::of(error, doing).at(place);
        let mut answers = answers?.into_iter().rev();
        let (now, rows) = (answers.next().unwrap_or_default(), answers.next().unwrap_or_default());
        let now = now.first().map_or(Ok(0), |row| row.try_get(0)).map_err(fault)?;
        let corrupt = || Error::named(ErrorKind::StoreCorrupt, place, "a session");
        let mut sessions = Vec::new();
        for row in &rows {
            let read = || -> Result<Row, tokio_postgres::Error> {
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
        Ok((Instant::from_unix(now)?, sessions))
    }

    fn save(&mut self, difference: &Difference) -> Result<()> {
        let (place, owner, doing) = (self.place, self.owner, self.doing);
        let gone: Vec<String> = difference.gone.iter().map(ToString::to_string).collect();
        let put = difference.put.iter();
        let put: Vec<[&(dyn ToSql + Sync); 6]> = put
            .map(|Row { id, holder, kept_at, lease, captured }| {
                [&owner as _, id as _, holder as _, kept_at as _, lease as _, captured as _]
            })
            .collect();
        let gone: [&(dyn ToSql + Sync); 2] = [&owner, &gone];
        let mut asked: Vec<Asked<'_>> = put.iter().map(|row| (PUT, &row[..])).collect();
        if !difference.gone.is_empty() {
            asked.insert(0, (END, &gone));
        }
        let saved = self.session.ask(&asked);
        saved.map(drop).map_err(|(_, error)| Fault::of(error, doing).at(place))
    }
}

fn is_there(pool: &Pool, session: &mut Connected) -> Result<bool> {
    let fault = |error| Fault::of(error, Doing::Opening).at(pool.place());
    let sql = "SELECT FROM pg_namespace WHERE nspname = $1";
    Ok(!session.query(sql, &[&SCHEMA]).map_err(fault)?.is_empty())
}

/// Makes the table, unless another does at the same moment; all of it or nothing.
fn make(pool: &Pool) -> Result<()> {
    let mut session = alone(pool, SCHEMA)?;
    if is_there(pool, &mut session)? {
        return Ok(());
    }
    // What is sent as one text is done as a whole.
    session.run(TABLES).map_err(|error| Fault::of(error, Doing::Writing).at(pool.place()))
}
