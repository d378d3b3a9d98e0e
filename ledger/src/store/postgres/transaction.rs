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
use postgres::{IsolationLevel, Row, Statement, Transaction, types::FromSql, types::ToSql};

use super::{
    fault::{Doing, Fault},
    pool::Session,
};
use crate::{
    error::{Error, Result},
    store::{Cache, Page, Reading, Remembered, Stored, Writing, at_last_event, head_misplaced},
};

/// Events read in one statement.
const EVENTS_READ_MAX: u32 = 1000;

type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// An open transaction.
pub(super) struct Open<'s> {
    place: &'s str,
    cache: &'s Cache,
    doing: Doing,
    work: RefCell<Work<'s>>,
    /// Heads written for streams to come; those left over are taken away again.
    placed: RefCell<BTreeSet<String>>,
    held: RefCell<BTreeSet<StreamId>>,
    /// The last event seen of streams that are read and not held.
    seen: RefCell<BTreeMap<StreamId, u64>>,
    written: Cell<u64>,
}

struct Work<'s> {
    transaction: Transaction<'s>,
    statements: &'s mut BTreeMap<&'static str, Statement>,
}

impl<'s> Open<'s> {
    /// Begins a transaction that reads one state of the whole ledger.
    pub(super) fn to_read(
        session: &'s mut Session,
        place: (&'s str, &'s Cache),
    ) -> Result<Self, Fault> {
        Self::begin(session, place, Doing::Reading)
    }

    /// Begins a transaction that reads and writes what it locks.
    pub(super) fn to_write(
        session: &'s mut Session,
        place: (&'s str, &'s Cache),
    ) -> Result<Self, Fault> {
        Self::begin(session, place, Doing::Writing)
    }

    fn begin(
        session: &'s mut Session,
        (place, cache): (&'s str, &'s Cache),
        doing: Doing,
    ) -> Result<Self, Fault> {
        let Session { client, statements } = session;
        let (isolation, read_only) = match doing {
            Doing::Writing => (IsolationLevel::ReadCommitted, false),
            _ => (IsolationLevel::RepeatableRead, true),
        };
        let builder = client.build_transaction().isolation_level(isolation).read_only(read_only);
        let transaction = builder.start().map_err(|error| Fault::of(error, Doing::Beginning))?;
        let work = RefCell::new(Work { transaction, statements });
        let (placed, held, seen) = (RefCell::default(), RefCell::default(), RefCell::default());
        let written = Cell::new(0);
        Ok(Self { place, cache, doing, work, placed, held, seen, written })
    }

    /// Commits.
    pub(super) fn commit(self) -> Result<(), Fault> {
        self.work.into_inner().transaction.commit().map_err(Fault::of_commit)
    }

    /// Rolls back; false when the session cannot be used any more.
    pub(super) fn roll_back(self) -> bool {
        self.work.into_inner().transaction.rollback().is_ok()
    }

    /// Looks again at streams that were read and not held: what was decided must still hold.
    ///
    /// All locks are taken by now and nothing they cover has changed since. Whoever changes the
    /// other streams after this look comes after this command in the order of all commands.
    pub(super) fn overtaken(&self) -> Result<bool> {
        let seen = self.seen.borrow();
        for (stream, last) in &*seen {
            let sql = "SELECT coalesce(max(idx), 0) FROM event WHERE stream = $1";
            let rows = self.query(sql, &[&stream.to_string()])?;
            let found: i64 = rows.first().map_or(Ok(0), |row| self.column(row, 0))?;
            if self.index(found)? != *last {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes back the places of streams to which nothing was written.
    pub(super) fn tidy(&self) -> Result<()> {
        let placed: Vec<String> = self.placed.take().into_iter().collect();
        if !placed.is_empty() {
            let sql = "DELETE FROM head WHERE stream = ANY($1) AND idx = 0";
            self.execute(sql, &[&placed])?;
        }
        Ok(())
    }

    pub(super) fn query(&self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>> {
        let work = &mut *self.work.borrow_mut();
        let rows = work.statement(sql).and_then(|sql| work.transaction.query(&sql, params));
        rows.map_err(|error| Fault::of(error, self.doing).at(self.place))
    }

    pub(super) fn execute(&self, sql: &'static str, params: Params<'_>) -> Result<u64> {
        let work = &mut *self.work.borrow_mut();
        let count = work.statement(sql).and_then(|sql| work.transaction.execute(&sql, params));
        let count = count.map_err(|error| Fault::of(error, self.doing).at(self.place))?;
        self.written.set(self.written.get().saturating_add(count));
        Ok(count)
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

impl Work<'_> {
    fn statement(&mut self, sql: &'static str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.transaction.prepare(sql)?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }
}

impl Reading for Open<'_> {
    fn cache(&self) -> &Cache {
        self.cache
    }

    fn head(&self, stream: &StreamId) -> Result<Option<(u64, ChainHash)>> {
        let name = stream.to_string();
        // In one statement, which sees one state.
        let rows = self.query(
            "SELECT TRUE, idx, chain FROM head WHERE stream = $1
             UNION ALL
             (SELECT FALSE, idx, chain FROM event WHERE stream = $1 ORDER BY idx DESC LIMIT 1)",
            &[&name],
        )?;
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
        let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
        self.held.borrow_mut().extend(streams.iter().cloned());
        // A stream of which a state is kept was there, and most are there for ever.
        let are_known = streams.iter().all(|stream| self.cache.knows(stream));
        if are_known && self.hold_heads(&names)? == names.len() {
            return Ok(());
        }
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
        self.hold_heads(&names).map(drop)
    }

    fn remembered(&self, id: &CommandId) -> Result<Option<Remembered>> {
        if self.doing == Doing::Writing {
            self.hold_command(id)?;
        }
        let sql = "SELECT digest, receipt FROM command WHERE id = $1";
        let rows = self.query(sql, &[&id.as_str()])?;
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
            self.hold_claims(claims)?;
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
        let mut heads = BTreeMap::new();
        for row in &self.query(sql, &[&genesis.as_bytes().as_slice()])? {
            let stream: &str = self.column(row, 0)?;
            let stream = stream.parse().map_err(|refusal| self.corrupt(refusal))?;
            let index = self.index(self.column(row, 1)?)?;
            heads.insert(stream, (index, self.chain(row, 2)?));
        }
        Ok(heads)
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
}

impl Writing for Open<'_> {
    fn append(&self, stream: &StreamId, event: &Stored) -> Result<()> {
        let (name, index) = (stream.to_string(), self.number(event.index)?);
        let chain = event.chain.as_bytes().as_slice();
        // Whoever does not hold the stream and lost the race for this index starts again here.
        let sql = if event.index == 1 {
            "WITH appended AS (INSERT INTO event (stream, idx, json, chain) VALUES ($1, $2, $3, $4))
             INSERT INTO head (stream, idx, chain) VALUES ($1, $2, $4)
             ON CONFLICT (stream) DO UPDATE SET idx = excluded.idx, chain = excluded.chain
             WHERE head.idx = 0"
        } else {
            "WITH appended AS (INSERT INTO event (stream, idx, json, chain) VALUES ($1, $2, $3, $4))
             UPDATE head SET idx = $2, chain = $4 WHERE stream = $1 AND idx = $2::BIGINT - 1"
        };
        let moved = self.execute(sql, &[&name, &index, &event.json, &chain])?;
        if moved != 1 {
            return Err(head_misplaced(&name, event.index));
        }
        self.placed.borrow_mut().remove(&name);
        if let Some(last) = self.seen.borrow_mut().get_mut(stream) {
            *last = event.index;
        }
        Ok(())
    }

    fn claim(&self, claim: &Claim, holder: &Holder) -> Result<()> {
        self.execute(
            "INSERT INTO claim (space, digest, holder) VALUES ($1, $2, $3)",
            &[&claim.space.name(), &claim.digest, &holder.to_string()],
        )
        .map(drop)
    }

    fn release(&self, claim: &Claim) -> Result<()> {
        let sql = "DELETE FROM claim WHERE space = $1 AND digest = $2";
        self.execute(sql, &[&claim.space.name(), &claim.digest]).map(drop)
    }

    fn post(&self, command: &CommandId, json: &str) -> Result<()> {
        let sql = "INSERT INTO outbox (command, json) VALUES ($1, $2)";
        self.execute(sql, &[&command.as_str(), &json]).map(drop)
    }

    fn sent(&self, id: u64) -> Result<()> {
        let sql = "DELETE FROM outbox WHERE id = $1";
        self.execute(sql, &[&self.number(id)?]).map(drop)
    }

    fn change_person(&self, change: &PersonChange) -> Result<()> {
        match change {
            PersonChange::Keep(id, fields) => self.execute(
                "INSERT INTO person
                     (id, name, email, company, phone, tax_id, username, address)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email,
                     company = excluded.company, phone = excluded.phone,
                     tax_id = excluded.tax_id, username = excluded.username,
                     address = excluded.address",
                &[
                    &id.as_str(),
                    &fields.name,
                    &fields.email,
                    &fields.company,
                    &fields.phone,
                    &fields.tax_id,
                    &fields.username,
                    &fields.address,
                ],
            ),
            PersonChange::Erase(id) => {
                self.execute("DELETE FROM person WHERE id = $1", &[&id.as_str()])
            }
        }
        .map(drop)
    }

    fn change_link(&self, change: &LinkChange) -> Result<()> {
        match change {
            LinkChange::Tie(Link { holder, customer, contact }) => self.execute(
                "INSERT INTO link (holder, customer, contact) VALUES ($1, $2, $3)
                 ON CONFLICT (holder, customer) DO UPDATE SET contact = excluded.contact",
                &[&holder.to_string(), &customer.as_str(), &contact.as_ref().map(PersonId::as_str)],
            ),
            LinkChange::Cut(Link { holder, customer, .. }) => self.execute(
                "DELETE FROM link WHERE holder = $1 AND customer = $2",
                &[&holder.to_string(), &customer.as_str()],
            ),
        }
        .map(drop)
    }

    fn remember(&self, id: &CommandId, command: &Remembered) -> Result<()> {
        self.execute(
            "INSERT INTO command (id, digest, receipt) VALUES ($1, $2, $3)",
            &[&id.as_str(), &command.digest, &command.receipt],
        )
        .map(drop)
    }

    fn written(&self) -> u64 {
        self.written.get()
    }
}
