//! Books of an SQLite ledger: the log is the order in which events were appended.

use mlicense_core::{
    customer::Link,
    history::{Claim, Holder, Space, StreamId},
    id::{CommandId, CustomerId, PersonId},
    person::PersonFields,
    signing::merkle::{MerkleHash, TreeHead},
};
use rusqlite::{OptionalExtension, Params, Row, params};

use super::transaction::Open;
use crate::{
    error::{Result, internal},
    snapshot::Snapshot,
    store::{
        Remembered, Stored,
        scan::{Keeping, Kept, Logged, Posted, ROWS, Scanning, Wanted},
    },
};

const CHECKPOINT: &str = "SELECT size, origin, root, peaks, at, note FROM checkpoint";

impl Open<'_> {
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let fault = |error| self.fault(error);
        let mut statement = self.statement(sql)?;
        let mut rows = statement.query(params).map_err(fault)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(fault)? {
            found.push(read(row)?);
        }
        Ok(found)
    }

    pub(super) fn column<T: rusqlite::types::FromSql>(
        &self,
        row: &Row<'_>,
        column: usize,
    ) -> Result<T> {
        row.get(column).map_err(|error| self.fault(error))
    }

    pub(super) fn parsed<T: std::str::FromStr>(&self, row: &Row<'_>, column: usize) -> Result<T>
    where
        T::Err: std::fmt::Display,
    {
        let text: String = self.column(row, column)?;
        text.parse().map_err(|refusal: T::Err| self.corrupt(refusal))
    }

    /// What is remembered of a command, from this column of three on.
    pub(super) fn receipt(&self, row: &Row<'_>, first: usize) -> Result<Remembered> {
        let [digest, at, events] = [first, first.saturating_add(1), first.saturating_add(2)];
        let (at, events): (String, String) = (self.column(row, at)?, self.column(row, events)?);
        Remembered::new(self.column(row, digest)?, &at, &events)
    }

    fn kept(&self, row: &Row<'_>) -> Result<Kept> {
        let root: Vec<u8> = self.column(row, 2)?;
        let root = root.try_into().map_err(|_| self.corrupt("a root is not 32 bytes"))?;
        Ok(Kept {
            head: TreeHead::new(self.column(row, 0)?, MerkleHash::from_bytes(root)),
            origin: self.column(row, 1)?,
            peaks: self.column(row, 3)?,
            at: self.parsed(row, 4)?,
            note: self.column(row, 5)?,
        })
    }
}

impl Scanning for Open<'_> {
    fn log(&self, after: u64, limit: u32) -> Result<Vec<Logged>> {
        let sql = "SELECT position, stream, idx, json, chain FROM event WHERE position > ?1
                   ORDER BY position LIMIT ?2";
        self.rows(sql, params![after, limit.min(ROWS)], |row| {
            Ok(Logged {
                position: self.column(row, 0)?,
                stream: self.column(row, 1)?,
                index: self.column(row, 2)?,
                json: self.column(row, 3)?,
                chain: self.chain(&self.column::<Vec<u8>>(row, 4)?)?,
            })
        })
    }

    fn unlogged(&self, _after: Option<(&str, u64)>) -> Result<Vec<Logged>> {
        Ok(Vec::new())
    }

    fn position(&self, stream: &StreamId, index: u64) -> Result<Option<u64>> {
        let sql = "SELECT position FROM event WHERE stream = ?1 AND idx = ?2";
        let rows = self.rows(sql, params![stream.to_string(), index], |row| self.column(row, 0))?;
        Ok(rows.into_iter().next())
    }

    fn claims(&self, after: Option<&Claim>) -> Result<Vec<(Claim, Holder)>> {
        let sql = "SELECT space, digest, holder FROM claim WHERE (space, digest) > (?1, ?2)
                   ORDER BY space, digest LIMIT ?3";
        let (space, digest) = after.map_or(("", ""), |after| (after.space.name(), &*after.digest));
        self.rows(sql, params![space, digest, ROWS], |row| {
            let space: String = self.column(row, 0)?;
            let unknown = || self.corrupt(format!("there is no space `{space}` of claims"));
            let space = Space::named(&space).ok_or_else(unknown)?;
            Ok((Claim { space, digest: self.column(row, 1)? }, self.parsed(row, 2)?))
        })
    }

    fn links(&self, after: Option<&Link>) -> Result<Vec<Link>> {
        let sql = "SELECT holder, customer, contact FROM link
                   WHERE (holder, customer) > (?1, ?2) ORDER BY holder, customer LIMIT ?3";
        let holder = after.map(|after| after.holder.to_string()).unwrap_or_default();
        let customer = after.map_or("", |after| after.customer.as_str());
        self.rows(sql, params![holder, customer, ROWS], |row| {
            let contact: Option<String> = self.column(row, 2)?;
            let contact = contact.map(|id| id.parse().map_err(|refusal| self.corrupt(refusal)));
            Ok(Link {
                holder: self.parsed(row, 0)?,
                customer: self.parsed(row, 1)?,
                contact: contact.transpose()?,
            })
        })
    }

    fn commands(&self, after: Option<&CommandId>) -> Result<Vec<(CommandId, Remembered)>> {
        let sql = "SELECT command, digest, at, events FROM receipt
                   WHERE command > ?1 ORDER BY command LIMIT ?2";
        self.rows(sql, params![after.map_or("", CommandId::as_str), ROWS], |row| {
            Ok((self.parsed(row, 0)?, self.receipt(row, 1)?))
        })
    }

    fn persons(&self, after: Option<&PersonId>) -> Result<Vec<(PersonId, PersonFields)>> {
        let sql = "SELECT id, name, email, company, phone, tax_id, username, address
                   FROM person WHERE id > ?1 ORDER BY id LIMIT ?2";
        self.rows(sql, params![after.map_or("", PersonId::as_str), ROWS], |row| {
            let fields = PersonFields {
                name: self.column(row, 1)?,
                email: self.column(row, 2)?,
                company: self.column(row, 3)?,
                phone: self.column(row, 4)?,
                tax_id: self.column(row, 5)?,
                username: self.column(row, 6)?,
                address: self.column(row, 7)?,
            };
            Ok((self.parsed(row, 0)?, fields))
        })
    }

    fn posted(&self, after: u64) -> Result<Vec<Posted>> {
        let sql = "SELECT id, command, json FROM outbox WHERE id > ?1 ORDER BY id LIMIT ?2";
        self.rows(sql, params![after, ROWS], |row| {
            Ok((self.column(row, 0)?, self.column(row, 1)?, self.column(row, 2)?))
        })
    }

    fn journal(&self, wanted: &Wanted<'_>) -> Result<Vec<(StreamId, Stored)>> {
        self.journal_of(wanted)
    }

    fn customers(
        &self,
        of: Option<&StreamId>,
        after: Option<&CustomerId>,
        limit: u32,
    ) -> Result<Vec<CustomerId>> {
        let after = after.map_or("", CustomerId::as_str);
        let limit = limit.min(ROWS);
        match of {
            Some(holder) => {
                let sql = "SELECT customer FROM link WHERE holder = ?1 AND customer > ?2
                           ORDER BY customer LIMIT ?3";
                let holder = holder.to_string();
                self.rows(sql, params![holder, after, limit], |row| self.parsed(row, 0))
            }
            None => {
                let sql = "SELECT substr(stream, 10) FROM head
                           WHERE stream > 'customer/' || ?1 AND stream < 'customer0'
                           ORDER BY stream LIMIT ?2";
                self.rows(sql, params![after, limit], |row| self.parsed(row, 0))
            }
        }
    }

    fn checkpoint(&self, size: Option<u64>) -> Result<Option<Kept>> {
        let sql = format!("{CHECKPOINT} WHERE ?1 IS NULL OR size = ?1 ORDER BY size DESC LIMIT 1");
        Ok(self.rows(&sql, params![size], |row| self.kept(row))?.into_iter().next())
    }

    fn checkpoints(&self) -> Result<Vec<Kept>> {
        self.rows(&format!("{CHECKPOINT} ORDER BY size"), [], |row| self.kept(row))
    }

    fn snapshot(&self, stream: &StreamId) -> Result<Option<Snapshot>> {
        let sql = "SELECT json, digest FROM snapshot WHERE stream = ?1";
        let read = |row: &Row<'_>| Ok(Snapshot { json: row.get(0)?, digest: row.get(1)? });
        let row = self.statement(sql)?.query_row([stream.to_string()], read);
        row.optional().map_err(|error| self.fault(error))
    }
}

impl Keeping for Open<'_> {
    fn extend_log(&self) -> Result<()> {
        Ok(())
    }

    fn log_event(&self, position: u64, stream: &StreamId, index: u64) -> Result<()> {
        if self.position(stream, index)? == Some(position) {
            return Ok(());
        }
        Err(internal("an event has another position"))
    }

    fn keep_checkpoint(&self, checkpoint: &Kept) -> Result<()> {
        let Kept { head, origin, peaks, at, note } = checkpoint;
        let sql = "INSERT INTO checkpoint (size, origin, root, peaks, at, note)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let root = head.root.as_bytes();
        self.execute(sql, params![head.size, origin, root, peaks, at.to_string(), note]).map(drop)
    }

    fn post_again(&self, (id, command, json): &Posted) -> Result<()> {
        let sql = "INSERT INTO outbox (id, command, json) VALUES (?1, ?2, ?3)";
        self.execute(sql, params![id, command, json]).map(drop)
    }

    fn keep_snapshot(&self, stream: &StreamId, snapshot: &Snapshot) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO snapshot (stream, json, digest) VALUES (?1, ?2, ?3)";
        self.execute(sql, params![stream.to_string(), snapshot.json, snapshot.digest]).map(drop)
    }
}
