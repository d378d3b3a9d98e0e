//! An open transaction.
//!
//! One that writes locks what it reads before it reads it and keeps the locks to its end: the claims
//! and the heads of the streams it holds, in this order and sorted within each. So any two commands
//! that could see each other's changes run one after the other, and READ COMMITTED is enough: every
//! statement after a lock sees what the previous owner has committed. The catalogue is read without
//! a lock and looked at again at the end. A command's id is the key of its row: whoever else does
//! the same command waits there at its end, and then begins again.
//! SERIALIZABLE would find the same conflicts by page of an index: on small tables nearly every
//! pair of commands, and each of them at the price of doing it all again.

mod reading;
mod writing;

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet, VecDeque},
};

use mlicense_core::{
    error::ErrorKind,
    history::{ChainHash, StreamId},
};
use tokio_postgres::{
    Row,
    error::SqlState,
    types::{FromSql, ToSql},
};

use super::{
    fault::{Doing, Fault},
    locks::{PROBE, PROBE_IF_FREE},
    session::{Asked, BEGIN_TO_READ, BEGIN_TO_WRITE, COMMIT, Params, Session},
};
use crate::{
    error::{Error, Result, internal},
    store::{Cache, Page, Stored, head_misplaced},
};

/// Events read in one statement.
const EVENTS_READ_MAX: u32 = 1000;
/// Statements kept to be sent later.
const LATER_MAX: usize = 64;

/// A head and, by its index alone, the last event, in one statement, which sees one state.
const HEAD: &str = "SELECT idx, chain FROM head WHERE stream = $1
     UNION ALL
     (SELECT idx, NULL FROM event WHERE stream = $1 ORDER BY idx DESC LIMIT 1)";

/// A head as it was found, and the index of the last event.
type Found = (Option<(u64, ChainHash)>, Option<u64>);

/// What goes in the places of a statement that is sent later.
type Kept = Vec<Box<dyn ToSql + Sync>>;

/// What goes in the places of a statement that is sent later.
macro_rules! params {
    ($($param:expr),* $(,)?) => { vec![$(Box::new($param) as _),*] };
}
pub(super) use params;

/// An open transaction.
pub(super) struct Open<'s> {
    place: &'s str,
    cache: &'s Cache,
    doing: Doing,
    session: RefCell<&'s mut Session>,
    /// What is sent with the next question: nobody needs to know what it answers before.
    later: RefCell<Vec<Later>>,
    /// Whether the transaction has begun, so that what is written now belongs to it.
    begun: Cell<bool>,
    /// Heads that were read together with something else and not asked for yet.
    pub(super) ahead: RefCell<BTreeMap<StreamId, Found>>,
    /// Heads written for streams to come; those left over are taken away again.
    placed: RefCell<BTreeSet<String>>,
    pub(super) held: RefCell<BTreeSet<StreamId>>,
    /// The last event seen of streams that are read and not held.
    seen: RefCell<BTreeMap<StreamId, u64>>,
    /// Whether a statement has failed: nothing can be committed then.
    failed: Cell<bool>,
    /// Whether the commit of a run before this one was not answered.
    lost: bool,
    written: Cell<u64>,
}

/// A statement that is sent with the next question.
struct Later {
    sql: &'static str,
    params: Kept,
    on_purpose: OnPurpose,
}

/// What it means when a statement has divided by zero: what it found is not as it was, and the
/// server has to know so that it does not commit.
enum OnPurpose {
    Never,
    /// The head was not the event before this one.
    Misplaced(String, u64),
    /// Another command was faster.
    Overtaken,
}

impl<'s> Open<'s> {
    /// Begins a transaction that reads one state of the whole ledger.
    pub(super) fn to_read(session: &'s mut Session, place: (&'s str, &'s Cache)) -> Self {
        Self::new(session, place, Doing::Reading)
    }

    /// Begins a transaction that reads and writes what it locks; `lost` when one before it may still
    /// be about to commit the same.
    pub(super) fn to_write(
        session: &'s mut Session,
        place: (&'s str, &'s Cache),
        lost: bool,
    ) -> Self {
        Self { lost, ..Self::new(session, place, Doing::Writing) }
    }

    fn new(session: &'s mut Session, (place, cache): (&'s str, &'s Cache), doing: Doing) -> Self {
        let sql = if doing == Doing::Writing { BEGIN_TO_WRITE } else { BEGIN_TO_READ };
        let begin = Later { sql, params: params![], on_purpose: OnPurpose::Never };
        Self {
            place,
            cache,
            doing,
            session: RefCell::new(session),
            later: RefCell::new(vec![begin]),
            begun: Cell::new(false),
            ahead: RefCell::default(),
            placed: RefCell::default(),
            held: RefCell::default(),
            seen: RefCell::default(),
            failed: Cell::new(false),
            lost: false,
            written: Cell::new(0),
        }
    }

    /// Writes what is left to be written and commits, if what was decided still holds.
    ///
    /// All of it is sent at once: once a statement has failed the server rolls back in place of
    /// committing. So the outcome is known wherever the server has told of an error.
    pub(super) fn commit(&self) -> Result<()> {
        self.tidy();
        self.look_again()?;
        if self.failed.get() {
            return Err(internal("a statement failed and its error was lost"));
        }
        self.send(&[(COMMIT, &[])]).map(drop)
    }

    /// Rolls back; false when the session cannot be used any more.
    pub(super) fn roll_back(self) -> bool {
        !self.begun.get() || self.session.into_inner().run("ROLLBACK").is_ok()
    }

    /// Looks whether a refusal holds: it too has to come from a state that was there at one moment.
    pub(super) fn check_refusal(&self) -> Result<()> {
        if self.failed.get() {
            // It is that of the statement.
            return Ok(());
        }
        if self.begun.get() {
            // It is rolled back in any case.
            self.later.borrow_mut().clear();
        }
        self.look_again()?;
        self.send(&[]).map(drop)
    }

    /// Looks again at streams that were read and not held: what was decided must still hold.
    ///
    /// All locks are taken by now and nothing they cover has changed since. Whoever changes the
    /// other streams after this look comes after this command in the order of all commands.
    fn look_again(&self) -> Result<()> {
        for (stream, last) in &*self.seen.borrow() {
            let sql = "SELECT 1 / (1 - count(*)) FROM
                       (SELECT FROM event WHERE stream = $1 AND idx > $2 LIMIT 1) AS later";
            let params = params![stream.to_string(), self.number(*last)?];
            self.later.borrow_mut().push(Later { sql, params, on_purpose: OnPurpose::Overtaken });
        }
        Ok(())
    }

    /// Takes back the places of streams to which nothing was written.
    fn tidy(&self) {
        let placed: Vec<String> = self.placed.take().into_iter().collect();
        if !placed.is_empty() {
            let sql = "DELETE FROM head WHERE stream = ANY($1) AND idx = 0";
            self.later(sql, params![placed]);
        }
    }

    pub(super) fn query(&self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>> {
        Ok(self.send(&[(sql, params)])?.pop().unwrap_or_default())
    }

    /// Has something done before the next question is answered.
    pub(super) fn later(&self, sql: &'static str, params: Kept) {
        self.later.borrow_mut().push(Later { sql, params, on_purpose: OnPurpose::Never });
    }

    /// Writes; should it fail, that is heard with the next question or when all is settled.
    pub(super) fn execute(&self, sql: &'static str, params: Kept) -> Result<()> {
        self.write(Later { sql, params, on_purpose: OnPurpose::Never })
    }

    fn write(&self, later: Later) -> Result<()> {
        if !self.begun.get() {
            self.send(&[])?;
        }
        if self.later.borrow().len() >= LATER_MAX {
            self.send(&[])?;
        }
        self.later.borrow_mut().push(later);
        self.written.set(self.written.get().saturating_add(1));
        Ok(())
    }

    /// Sends what was left for later and questions with it; the rows of the questions.
    pub(super) fn send(&self, asked: &[Asked<'_>]) -> Result<Vec<Vec<Row>>> {
        let later = self.later.take();
        let params = later.iter().map(|later| later.params.iter().map(|param| &**param).collect());
        let params: Vec<Vec<&(dyn ToSql + Sync)>> = params.collect();
        let before = later.iter().zip(&params).map(|(later, params)| (later.sql, &**params));
        let all: Vec<Asked<'_>> = before.chain(asked.iter().copied()).collect();
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let first = if self.begun.replace(true) { self.doing } else { Doing::Beginning };
        let fault = |(at, error): (usize, tokio_postgres::Error)| {
            self.failed.set(true);
            let is_on_purpose = error.code() == Some(&SqlState::DIVISION_BY_ZERO);
            let later = later.get(at).filter(|_| is_on_purpose);
            match later.map(|later| &later.on_purpose) {
                Some(OnPurpose::Misplaced(stream, index)) => head_misplaced(stream, *index),
                Some(OnPurpose::Overtaken) => Fault::overtaken().at(self.place),
                Some(OnPurpose::Never) | None => {
                    Fault::of(error, if at == 0 { first } else { self.doing }).at(self.place)
                }
            }
        };
        let session = &mut *self.session.borrow_mut();
        // By itself: a COMMIT that was not sent has no outcome to be unknown.
        session.prepare(&all).map_err(fault)?;
        let answers = session.ask(&all).map_err(|(at, error)| {
            // With an error of another statement the server has said that it does not commit.
            let is_said = error.as_db_error().is_some() && at.saturating_add(1) < all.len();
            match asked.last() {
                Some((COMMIT, _)) if !is_said => Fault::of_commit(error).at(self.place),
                _ => fault((at, error)),
            }
        });
        Ok(answers?.into_iter().skip(later.len()).collect())
    }

    pub(super) fn column<'r, T: FromSql<'r>>(&self, row: &'r Row, column: usize) -> Result<T> {
        row.try_get(column).map_err(|error| Fault::of(error, self.doing).at(self.place))
    }

    pub(super) fn corrupt(&self, detail: impl std::fmt::Display) -> Error {
        Error::named(ErrorKind::StoreCorrupt, self.place, detail)
    }

    pub(super) fn chain(&self, row: &Row, column: usize) -> Result<ChainHash> {
        let bytes: &[u8] = self.column(row, column)?;
        let bytes = bytes.try_into().map_err(|_| self.corrupt("a chain hash is not 32 bytes"))?;
        Ok(ChainHash::from_bytes(bytes))
    }

    pub(super) fn index(&self, number: i64) -> Result<u64> {
        u64::try_from(number).map_err(|_| self.corrupt("an index is negative"))
    }

    pub(super) fn number(&self, index: u64) -> Result<i64> {
        i64::try_from(index).map_err(|_| self.corrupt("an index is out of range"))
    }

    /// A head and a last event, as [`HEAD`] answers.
    fn found(&self, rows: &[Row]) -> Result<Found> {
        let (mut head, mut last) = (None, None);
        for row in rows {
            let index = self.index(self.column(row, 0)?)?;
            match self.column::<Option<&[u8]>>(row, 1)? {
                Some(_) => head = Some((index, self.chain(row, 1)?)),
                None => last = Some(index),
            }
        }
        Ok((head, last))
    }

    /// Keeps in mind how far a stream was read that is not held.
    fn see(&self, stream: &StreamId, last: u64) {
        if self.doing == Doing::Writing && !self.held.borrow().contains(stream) {
            self.seen.borrow_mut().insert(stream.clone(), last);
        }
    }

    /// Heads of streams in the order of their names, at most as many as events are read at once.
    fn some_heads(&self, after: (&str, i64)) -> Result<VecDeque<(String, (u64, ChainHash))>> {
        let sql = "SELECT stream, idx, chain FROM head WHERE (stream, idx) > ($1, $2)
                   ORDER BY stream LIMIT $3";
        let rows = self.query(sql, &[&after.0, &after.1, &i64::from(EVENTS_READ_MAX)])?;
        let head = |row| {
            let index = self.index(self.column(row, 1)?)?;
            Ok((self.column(row, 0)?, (index, self.chain(row, 2)?)))
        };
        rows.iter().map(head).collect()
    }

    /// Reads at most [`EVENTS_READ_MAX`] events.
    fn some_events(&self, stream: &str, page: Page) -> Result<Vec<Stored>> {
        let sql = "SELECT idx, json, chain FROM event WHERE stream = $1 AND idx > $2
                   ORDER BY idx LIMIT $3";
        let limit = i64::from(page.limit.min(EVENTS_READ_MAX));
        // No index is above what a BIGINT holds.
        let after = i64::try_from(page.after).unwrap_or(i64::MAX);
        let rows = self.query(sql, &[&stream, &after, &limit])?;
        let event = |row: &Row| {
            let (index, json) = (self.index(self.column(row, 0)?)?, self.column(row, 1)?);
            Ok(Stored { index, json, chain: self.chain(row, 2)? })
        };
        rows.iter().map(event).collect()
    }
}
