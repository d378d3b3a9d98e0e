//! An open transaction.
//!
//! One that writes locks what it reads before it reads it and keeps the locks to its end: the
//! command id, the claims, the heads of the streams it holds, in this order and sorted within each.
//! So any two commands that could see each other's changes run one after the other, and READ
//! COMMITTED is enough: every statement after a lock sees what the previous owner has committed.
//! SERIALIZABLE would find the same conflicts by page of an index: on small tables nearly every
//! pair of commands, and each of them at the price of doing it all again.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

use mlicense_core::{
    customer::{Link, LinkChange},
    error::ErrorKind,
    history::{ChainHash, Claim, Holder, PersonChange, StreamId},
    id::{CommandId, PersonId},
    person::PersonFields,
    view::CustomerRow,
};
use tokio_postgres::{
    Row,
    error::SqlState,
    types::{FromSql, ToSql},
};

use super::{
    fault::{Doing, Fault},
    session::{Asked, BEGIN_TO_READ, BEGIN_TO_WRITE, COMMIT, Params, Session},
};
use crate::{
    error::{Error, Result, internal},
    store::{Cache, Page, Reading, Remembered, Stored, Writing, at_last_event, head_misplaced},
};

/// Events read in one statement.
const EVENTS_READ_MAX: u32 = 1000;
/// Statements kept to be sent later.
const LATER_MAX: usize = 64;

/// A head and the last event, in one statement, which sees one state.
const HEAD: &str = "SELECT TRUE, idx, chain FROM head WHERE stream = $1
     UNION ALL
     (SELECT FALSE, idx, chain FROM event WHERE stream = $1 ORDER BY idx DESC LIMIT 1)";

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
    ahead: RefCell<BTreeMap<StreamId, Vec<Row>>>,
    /// Heads written for streams to come; those left over are taken away again.
    placed: RefCell<BTreeSet<String>>,
    held: RefCell<BTreeSet<StreamId>>,
    /// The last event seen of streams that are read and not held.
    seen: RefCell<BTreeMap<StreamId, u64>>,
    /// Whether a statement has failed: nothing can be committed then.
    failed: Cell<bool>,
    written: Cell<u64>,
}

/// A statement that is sent with the next question.
struct Later {
    sql: &'static str,
    params: Kept,
    by_zero: ByZero,
}

/// What it means when a statement has divided by zero, on purpose: what it found is not as it has to
/// be, and the server has to know so that it does not commit.
enum ByZero {
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

    /// Begins a transaction that reads and writes what it locks.
    pub(super) fn to_write(session: &'s mut Session, place: (&'s str, &'s Cache)) -> Self {
        Self::new(session, place, Doing::Writing)
    }

    fn new(session: &'s mut Session, (place, cache): (&'s str, &'s Cache), doing: Doing) -> Self {
        let sql = if doing == Doing::Writing { BEGIN_TO_WRITE } else { BEGIN_TO_READ };
        let begin = Later { sql, params: params![], by_zero: ByZero::Never };
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
            self.later.borrow_mut().push(Later { sql, params, by_zero: ByZero::Overtaken });
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
        self.later.borrow_mut().push(Later { sql, params, by_zero: ByZero::Never });
    }

    /// Writes; should it fail, that is heard with the next question or when all is settled.
    pub(super) fn execute(&self, sql: &'static str, params: Kept) -> Result<()> {
        self.write(Later { sql, params, by_zero: ByZero::Never })
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
    fn send(&self, asked: &[Asked<'_>]) -> Result<Vec<Vec<Row>>> {
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
            let by_zero = later.get(at).map(|later| &later.by_zero);
            match by_zero.filter(|_| error.code() == Some(&SqlState::DIVISION_BY_ZERO)) {
                Some(ByZero::Misplaced(stream, index)) => head_misplaced(stream, *index),
                Some(ByZero::Overtaken) => Fault::overtaken().at(self.place),
                Some(ByZero::Never) | None => {
                    Fault::of(error, if at == 0 { first } else { self.doing }).at(self.place)
                }
            }
        };
        let session = &mut *self.session.borrow_mut();
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

    /// Asks a question, and for the heads that are looked at next.
    pub(super) fn ask_with_heads<'i>(
        &self,
        question: Asked<'_>,
        streams: impl IntoIterator<Item = &'i StreamId>,
    ) -> Result<Vec<Row>> {
        let streams: Vec<&StreamId> = streams.into_iter().collect();
        let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
        let params: Vec<[&(dyn ToSql + Sync); 1]> = names.iter().map(|name| [name as _]).collect();
        let heads = params.iter().map(|params| (HEAD, &params[..]));
        let questions: Vec<Asked<'_>> = std::iter::once(question).chain(heads).collect();
        let mut answers = self.send(&questions)?.into_iter();
        let answer = answers.next().unwrap_or_default();
        self.ahead.borrow_mut().extend(streams.into_iter().cloned().zip(answers));
        Ok(answer)
    }

    /// Keeps in mind how far a stream was read that is not held.
    fn see(&self, stream: &StreamId, last: u64) {
        if self.doing == Doing::Writing && !self.held.borrow().contains(stream) {
            self.seen.borrow_mut().insert(stream.clone(), last);
        }
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

impl Reading for Open<'_> {
    fn cache(&self) -> &Cache {
        self.cache
    }

    fn head(&self, stream: &StreamId) -> Result<Option<(u64, ChainHash)>> {
        let name = stream.to_string();
        let ahead = self.ahead.borrow_mut().remove(stream);
        let rows = ahead.map_or_else(|| self.query(HEAD, &[&name]), Ok)?;
        let (mut head, mut last) = (None, None);
        for row in &rows {
            let found = (self.index(self.column(row, 1)?)?, self.chain(row, 2)?);
            let place = if self.column(row, 0)? { &mut head } else { &mut last };
            *place = Some(found);
        }
        // One that was only placed has none.
        let head = at_last_event(&name, head.filter(|(index, _)| *index > 0), last)?;
        self.see(stream, head.map_or(0, |(index, _)| index));
        Ok(head)
    }

    fn hold(&self, streams: &BTreeSet<StreamId>) -> Result<()> {
        if self.doing != Doing::Writing {
            return Ok(());
        }
        self.held.borrow_mut().extend(streams.iter().cloned());
        // A stream of which a state is kept was there, and most are there for ever.
        let are_known = streams.iter().all(|stream| self.cache.knows(stream));
        if are_known && self.hold_heads(streams)? == streams.len() {
            return Ok(());
        }
        let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
        // A stream to come gets its head first, so that it has something to lock.
        let placed = self.query(
            "INSERT INTO head (stream, idx, chain)
             SELECT stream, 0, $2 FROM unnest($1::TEXT[]) AS wanted (stream)
             ORDER BY stream COLLATE \"C\"
             ON CONFLICT DO NOTHING RETURNING stream",
            &[&names, &ChainHash::GENESIS.as_bytes().as_slice()],
        )?;
        for row in &placed {
            self.placed.borrow_mut().insert(self.column(row, 0)?);
        }
        self.hold_heads(streams).map(drop)
    }

    fn remembered(&self, id: &CommandId) -> Result<Option<Remembered>> {
        if self.doing == Doing::Writing {
            self.hold_command(id);
        }
        let sql = "SELECT digest, receipt FROM command WHERE id = $1";
        // Every command looks at the catalogue next.
        let rows = self.ask_with_heads((sql, &[&id.as_str()]), [&StreamId::Catalogue])?;
        let done = rows.first().map(|row| {
            Ok(Remembered { digest: self.column(row, 0)?, receipt: self.column(row, 1)? })
        });
        done.transpose()
    }

    fn holders(&self, claims: &BTreeSet<Claim>) -> Result<BTreeMap<Claim, Holder>> {
        if claims.is_empty() {
            return Ok(BTreeMap::new());
        }
        if self.doing == Doing::Writing {
            self.hold_claims(claims);
        }
        let key = |claim: &Claim| (claim.space.name(), claim.digest.clone());
        let (spaces, digests): (Vec<&str>, Vec<String>) = claims.iter().map(key).unzip();
        let rows = self.query(
            "SELECT wanted.place, claim.holder
             FROM unnest($1::TEXT[], $2::TEXT[]) WITH ORDINALITY AS wanted (space, digest, place)
             JOIN claim USING (space, digest)",
            &[&spaces, &digests],
        )?;
        let wanted: Vec<&Claim> = claims.iter().collect();
        let mut held = BTreeMap::new();
        for row in &rows {
            let place: i64 = self.column(row, 0)?;
            let holder: &str = self.column(row, 1)?;
            let holder = holder.parse().map_err(|refusal| self.corrupt(refusal))?;
            let place = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
            if let Some(claim) = place.and_then(|place| wanted.get(place)) {
                held.insert(Claim::clone(claim), holder);
            }
        }
        Ok(held)
    }

    fn person(&self, id: &PersonId) -> Result<Option<PersonFields>> {
        let sql = "SELECT name, email, company, phone, tax_id, username, address
                   FROM person WHERE id = $1";
        let rows = self.query(sql, &[&id.as_str()])?;
        let read = |row| {
            Ok(PersonFields {
                name: self.column(row, 0)?,
                email: self.column(row, 1)?,
                company: self.column(row, 2)?,
                phone: self.column(row, 3)?,
                tax_id: self.column(row, 4)?,
                username: self.column(row, 5)?,
                address: self.column(row, 6)?,
            })
        };
        rows.first().map(read).transpose()
    }

    fn linked(&self, holder: &StreamId, limit: u32) -> Result<Vec<CustomerRow>> {
        let sql = "SELECT link.customer, person.name, person.email
                   FROM link LEFT JOIN person ON person.id = link.contact
                   WHERE link.holder = $1 ORDER BY link.customer LIMIT $2";
        let rows = self.query(sql, &[&holder.to_string(), &i64::from(limit)])?;
        let read = |row| {
            let customer: &str = self.column(row, 0)?;
            let customer = customer.parse().map_err(|refusal| self.corrupt(refusal))?;
            Ok(CustomerRow { customer, name: self.column(row, 1)?, email: self.column(row, 2)? })
        };
        rows.iter().map(read).collect()
    }

    fn messages(&self, limit: u32) -> Result<Vec<(u64, String, String)>> {
        let sql = "SELECT id, command, json FROM outbox ORDER BY id LIMIT $1";
        let rows = self.query(sql, &[&i64::from(limit)])?;
        let read = |row| {
            let id = self.index(self.column(row, 0)?)?;
            Ok((id, self.column(row, 1)?, self.column(row, 2)?))
        };
        rows.iter().map(read).collect()
    }

    fn heads(&self) -> Result<BTreeMap<StreamId, (u64, ChainHash)>> {
        let sql = "SELECT stream, coalesce(head.idx, 0), coalesce(head.chain, $1)
                   FROM (SELECT stream FROM head UNION SELECT stream FROM event) AS every
                   LEFT JOIN head USING (stream)";
        let genesis = ChainHash::GENESIS;
        let read = |row| {
            let index = self.index(self.column(row, 1)?)?;
            Ok((self.parsed(row, 0)?, (index, self.chain(row, 2)?)))
        };
        self.query(sql, &[&genesis.as_bytes().as_slice()])?.iter().map(read).collect()
    }

    fn events(
        &self,
        stream: &StreamId,
        page: Page,
        each: &mut dyn FnMut(Stored) -> Result<()>,
    ) -> Result<()> {
        let name = stream.to_string();
        let Page { mut after, mut limit } = page;
        while limit > 0 {
            let events = self.some_events(&name, Page { after, limit })?;
            let count = u32::try_from(events.len()).unwrap_or(u32::MAX);
            for event in events {
                after = event.index;
                each(event)?;
            }
            limit = if count < EVENTS_READ_MAX { 0 } else { limit.saturating_sub(count) };
        }
        self.see(stream, after);
        Ok(())
    }

    fn every_event(&self, each: &mut dyn FnMut(&str, Stored) -> Result<()>) -> Result<()> {
        let sql = "SELECT stream, idx, json, chain FROM event WHERE (stream, idx) > ($1, $2)
                   ORDER BY stream, idx LIMIT $3";
        let limit = i64::from(EVENTS_READ_MAX);
        let mut after = (String::new(), 0_i64);
        loop {
            let rows = self.query(sql, &[&after.0, &after.1, &limit])?;
            for row in &rows {
                let index = self.index(self.column(row, 1)?)?;
                let stored =
                    Stored { index, json: self.column(row, 2)?, chain: self.chain(row, 3)? };
                each(self.column(row, 0)?, stored)?;
            }
            match rows.last() {
                Some(last) => after = (self.column(last, 0)?, self.column(last, 1)?),
                None => return Ok(()),
            }
        }
    }
}

impl Writing for Open<'_> {
    fn append(&self, stream: &StreamId, event: &Stored) -> Result<()> {
        let (name, index) = (stream.to_string(), self.number(event.index)?);
        // Whoever does not hold the stream and lost the race for this index starts again here: the
        // event is appended before it is counted which heads were moved.
        let sql = if event.index == 1 {
            "WITH appended AS (
                 INSERT INTO event (stream, idx, json, chain) VALUES ($1, $2, $3, $4)
                 RETURNING stream
             ), moved AS (
                 INSERT INTO head (stream, idx, chain) VALUES ($1, $2, $4)
                 ON CONFLICT (stream) DO UPDATE SET idx = excluded.idx, chain = excluded.chain
                 WHERE head.idx = 0 RETURNING stream
             )
             SELECT 1 / (SELECT count(*) FROM moved) FROM appended"
        } else {
            "WITH appended AS (
                 INSERT INTO event (stream, idx, json, chain) VALUES ($1, $2, $3, $4)
                 RETURNING stream
             ), moved AS (
                 UPDATE head SET idx = $2, chain = $4 WHERE stream = $1 AND idx = $2::BIGINT - 1
                 RETURNING stream
             )
             SELECT 1 / (SELECT count(*) FROM moved) FROM appended"
        };
        let chain = event.chain.as_bytes().to_vec();
        let params = params![name.clone(), index, event.json.clone(), chain];
        self.placed.borrow_mut().remove(&name);
        self.write(Later { sql, params, by_zero: ByZero::Misplaced(name, event.index) })?;
        self.ahead.borrow_mut().remove(stream);
        if let Some(last) = self.seen.borrow_mut().get_mut(stream) {
            *last = event.index;
        }
        Ok(())
    }

    fn claim(&self, claim: &Claim, holder: &Holder) -> Result<()> {
        self.execute(
            "INSERT INTO claim (space, digest, holder) VALUES ($1, $2, $3)",
            params![claim.space.name(), claim.digest.clone(), holder.to_string()],
        )
    }

    fn release(&self, claim: &Claim) -> Result<()> {
        let sql = "DELETE FROM claim WHERE space = $1 AND digest = $2";
        self.execute(sql, params![claim.space.name(), claim.digest.clone()])
    }

    fn post(&self, command: &CommandId, json: &str) -> Result<()> {
        let sql = "INSERT INTO outbox (command, json) VALUES ($1, $2)";
        self.execute(sql, params![command.to_string(), json.to_owned()])
    }

    fn sent(&self, id: u64) -> Result<()> {
        self.execute("DELETE FROM outbox WHERE id = $1", params![self.number(id)?])
    }

    fn change_person(&self, change: &PersonChange) -> Result<()> {
        match change {
            PersonChange::Keep(id, fields) => {
                let PersonFields { name, email, company, phone, tax_id, username, address, .. } =
                    fields.clone();
                self.execute(
                    "INSERT INTO person
                         (id, name, email, company, phone, tax_id, username, address)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                     ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email,
                         company = excluded.company, phone = excluded.phone,
                         tax_id = excluded.tax_id, username = excluded.username,
                         address = excluded.address",
                    params![id.to_string(), name, email, company, phone, tax_id, username, address],
                )
            }
            PersonChange::Erase(id) => {
                self.execute("DELETE FROM person WHERE id = $1", params![id.to_string()])
            }
        }
    }

    fn change_link(&self, change: &LinkChange) -> Result<()> {
        match change {
            LinkChange::Tie(Link { holder, customer, contact }) => self.execute(
                "INSERT INTO link (holder, customer, contact) VALUES ($1, $2, $3)
                 ON CONFLICT (holder, customer) DO UPDATE SET contact = excluded.contact",
                params![
                    holder.to_string(),
                    customer.to_string(),
                    contact.as_ref().map(ToString::to_string)
                ],
            ),
            LinkChange::Cut(Link { holder, customer, .. }) => self.execute(
                "DELETE FROM link WHERE holder = $1 AND customer = $2",
                params![holder.to_string(), customer.to_string()],
            ),
        }
    }

    fn remember(&self, id: &CommandId, command: &Remembered) -> Result<()> {
        self.execute(
            "INSERT INTO command (id, digest, receipt) VALUES ($1, $2, $3)",
            params![id.to_string(), command.digest.clone(), command.receipt.clone()],
        )
    }

    fn written(&self) -> u64 {
        self.written.get()
    }
}
