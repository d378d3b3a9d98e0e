//! What is read and written in a transaction.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    ptr,
};

use mlicense_core::{
    customer::{Link, LinkChange},
    error::ErrorKind,
    history::{ChainHash, Claim, Envelope, Holder, PersonChange, Recorded, StreamId},
    id::{CommandId, PersonId},
    person::PersonFields,
    view::CustomerRow,
};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use super::Place;
use crate::{
    error::{Error, Result},
    receipt::Receipt,
    store::{
        Cache, EventPlace, JournalKey, Page, Reading, Remembered, Stored, Walk, Walked, Walking,
        Writing, at_last_event, head_misplaced,
    },
};

/// Heads that a transaction has read, until it writes to their streams: nobody else changes them
/// before it ends, and every command reads that of the catalogue.
pub(super) type Heads = BTreeMap<StreamId, Option<(u64, ChainHash)>>;

/// An open transaction: what is done on a connection between its beginning and its end.
pub(super) struct Open<'c> {
    place: Place<'c>,
    connection: &'c Connection,
    heads: RefCell<Heads>,
    /// Statements at hand: the connection finds one by its whole text.
    statements: RefCell<Vec<(&'static str, CachedStatement<'c>)>>,
    /// Rows written.
    written: Cell<u64>,
}

impl<'c> Open<'c> {
    /// With the heads that the transaction has read so far.
    pub(super) const fn new(place: Place<'c>, connection: &'c Connection, heads: Heads) -> Self {
        Self {
            place,
            connection,
            heads: RefCell::new(heads),
            statements: RefCell::new(Vec::new()),
            written: Cell::new(0),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        !self.connection.is_autocommit()
    }

    pub(super) fn into_heads(self) -> Heads {
        self.heads.into_inner()
    }

    pub(super) fn statement(&self, sql: &str) -> Result<CachedStatement<'c>> {
        self.connection.prepare_cached(sql).map_err(|error| self.fault(error))
    }

    /// Runs a statement that many commands of a transaction need.
    fn run<T>(
        &self,
        sql: &'static str,
        work: impl FnOnce(&mut CachedStatement<'c>) -> Result<T>,
    ) -> Result<T> {
        let mut statements = self.statements.borrow_mut();
        let at_hand = statements.iter().position(|(text, _)| ptr::eq(*text, sql));
        let at_hand = at_hand.map(|at| statements.swap_remove(at).1);
        drop(statements);
        let mut statement = at_hand.map_or_else(|| self.statement(sql), Ok)?;
        let result = work(&mut statement);
        self.statements.borrow_mut().push((sql, statement));
        result
    }

    pub(super) fn fault(&self, error: rusqlite::Error) -> Error {
        Error::sqlite(self.place.path, error)
    }

    pub(super) fn corrupt(&self, detail: impl std::fmt::Display) -> Error {
        Error::store(ErrorKind::StoreCorrupt, self.place.path, detail)
    }

    pub(super) fn execute(
        &self,
        sql: &'static str,
        params: impl rusqlite::Params,
    ) -> Result<usize> {
        let execute = |statement: &mut CachedStatement<'_>| statement.execute(params);
        let rows = self.run(sql, |run| execute(run).map_err(|error| self.fault(error)))?;
        let all = u64::try_from(rows).unwrap_or(u64::MAX).saturating_add(self.written.get());
        self.written.set(all);
        Ok(rows)
    }

    pub(super) fn chain(&self, bytes: &[u8]) -> Result<ChainHash> {
        let bytes = bytes.try_into().map_err(|_| self.corrupt("a chain hash is not 32 bytes"))?;
        Ok(ChainHash::from_bytes(bytes))
    }
}

impl Reading for Open<'_> {
    fn cache(&self) -> &Cache {
        self.place.cache
    }

    fn head(&self, stream: &StreamId) -> Result<Option<(u64, ChainHash)>> {
        if let Some(head) = self.heads.borrow().get(stream) {
            return Ok(*head);
        }
        let name = stream.to_string();
        // The last event by its index alone, without a look at the table.
        let sql = "SELECT idx, chain FROM head WHERE stream = ?1
                   UNION ALL
                   SELECT idx, NULL FROM
                       (SELECT idx FROM event WHERE stream = ?1 ORDER BY idx DESC LIMIT 1)";
        let (mut head, mut last) = (None, None);
        self.run(sql, |statement| {
            let mut rows = statement.query([&name]).map_err(|e| self.fault(e))?;
            while let Some(row) = rows.next().map_err(|e| self.fault(e))? {
                let index = self.column(row, 0)?;
                match self.column::<Option<Vec<u8>>>(row, 1)? {
                    Some(chain) => head = Some((index, self.chain(&chain)?)),
                    None => last = Some(index),
                }
            }
            Ok(())
        })?;
        let head = at_last_event(&name, head, last)?;
        self.heads.borrow_mut().insert(stream.clone(), head);
        Ok(head)
    }

    fn remembered(&self, command: &Envelope) -> Result<Option<Remembered>> {
        let sql = "SELECT digest, at, events FROM receipt WHERE command = ?1";
        self.run(sql, |statement| {
            let read = |row: &Row<'_>| Ok(self.receipt(row, 0));
            let row = statement.query_row([command.id.as_str()], read).optional();
            row.map_err(|error| self.fault(error))?.transpose()
        })
    }

    fn events_at(&self, places: &[EventPlace]) -> Result<BTreeMap<EventPlace, Stored>> {
        let mut found = BTreeMap::new();
        for (stream, index) in places {
            // None has an index that a column cannot hold.
            let is_held = i64::try_from(*index).is_ok();
            let Some(after) = index.checked_sub(1).filter(|_| is_held) else { continue };
            self.events(stream, Page { after, limit: 1 }, &mut |stored| {
                found.insert((stream.clone(), stored.index), stored);
                Ok(())
            })?;
        }
        Ok(found)
    }

    fn holders(&self, claims: &BTreeSet<Claim>) -> Result<BTreeMap<Claim, Holder>> {
        let mut held = BTreeMap::new();
        let sql = "SELECT holder FROM claim WHERE space = ?1 AND digest = ?2";
        for claim in claims {
            let key = [claim.space.name(), &claim.digest];
            let holder: Option<String> = self.run(sql, |statement| {
                let row = statement.query_row(key, |row| row.get(0)).optional();
                row.map_err(|e| self.fault(e))
            })?;
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
        let row = self.connection.prepare_cached(sql).and_then(|mut statement| {
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
        let mut statement = self.statement(sql)?;
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
        let rows = self.connection.prepare_cached(sql).and_then(|mut statement| {
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            statement.query_map([limit], read)?.collect()
        });
        rows.map_err(|error| self.fault(error))
    }

    fn events(
        &self,
        stream: &StreamId,
        page: Page,
        each: &mut dyn FnMut(Stored) -> Result<()>,
    ) -> Result<()> {
        let sql = "SELECT idx, json, chain FROM event WHERE stream = ?1 AND idx > ?2
                   ORDER BY idx LIMIT ?3";
        let mut statement = self.statement(sql)?;
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

    fn walk(&self, walking: &mut dyn Walking) -> Result<()> {
        let mut heads = self.statement("SELECT stream, idx, chain FROM head ORDER BY stream")?;
        let head = |row: &Row<'_>| {
            let chain = row.get_ref(2).and_then(|chain| Ok(chain.as_blob()?));
            let chain = self.chain(chain.map_err(|e| self.fault(e))?)?;
            Ok((self.column(row, 0)?, (self.column(row, 1)?, chain)))
        };
        let heads = heads.query_map([], |row| Ok(head(row))).map_err(|e| self.fault(e))?;
        let heads = heads.map(|row| row.map_err(|e| self.fault(e))?);
        let mut walk = Walk::new(heads, walking);
        let sql = "SELECT stream, idx, json, chain, at, actor, kind FROM event
                   ORDER BY stream, idx";
        let mut events = self.statement(sql)?;
        let mut rows = events.query([]).map_err(|e| self.fault(e))?;
        while let Some(row) = rows.next().map_err(|e| self.fault(e))? {
            let text = |column| -> rusqlite::Result<_> { Ok(row.get_ref(column)?.as_str()?) };
            let read = || -> rusqlite::Result<_> {
                let key = JournalKey { at: text(4)?, actor: text(5)?, kind: text(6)? };
                Ok((text(0)?, row.get(1)?, text(2)?, row.get_ref(3)?.as_blob()?, key))
            };
            let (stream, index, json, chain, key) = read().map_err(|e| self.fault(e))?;
            walk.take(stream, &Walked { index, json, chain: self.chain(chain)?, key })?;
        }
        walk.end()
    }
}

impl Writing for Open<'_> {
    fn append(&self, event: &Recorded, stored: &Stored) -> Result<()> {
        self.heads.borrow_mut().remove(&event.stream);
        let (stream, chain) = (event.stream.to_string(), stored.chain.as_bytes());
        let (at, actor) = (event.at.to_string(), event.actor.id.as_str());
        let kind = event.kind(&stored.json)?;
        self.execute(
            "INSERT INTO event (stream, idx, json, chain, at, actor, kind)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![stream, event.index, stored.json, chain, at, actor, kind],
        )?;
        // The head has to be where the events are: otherwise somebody has cut some off.
        let sql = if event.index == 1 {
            "INSERT INTO head (stream, idx, chain) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"
        } else {
            "UPDATE head SET idx = ?2, chain = ?3 WHERE stream = ?1 AND idx = ?2 - 1"
        };
        match self.execute(sql, params![stream, event.index, chain])? {
            1 => Ok(()),
            _ => Err(head_misplaced(&stream, event.index)),
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

    fn remember(&self, digest: &[u8], receipt: &Receipt) -> Result<()> {
        let sql = "INSERT INTO receipt (command, digest, at, events) VALUES (?1, ?2, ?3, ?4)";
        let (at, events) = (receipt.at.to_string(), receipt.places()?);
        self.execute(sql, params![receipt.command.as_str(), digest, at, events]).map(drop)
    }

    fn written(&self) -> u64 {
        self.written.get()
    }
}
