//! Books of a PostgreSQL ledger: the log is extended by whoever makes a checkpoint.
//!
//! Commands that run side by side commit in any order, so an event gets no position when it is
//! appended: a later commit could have the lower one and slip into a tree that was signed before.
//! Positions are given under a lock to what has committed by then.

use mlicense_core::{
    customer::Link,
    history::{Claim, Holder, Space, StreamId},
    id::{CommandId, CustomerId, PersonId},
    person::PersonFields,
    signing::merkle::{MerkleHash, TreeHead},
};
use tokio_postgres::Row;

use super::transaction::{Open, params};
use crate::{
    error::Result,
    snapshot::Snapshot,
    store::{
        Remembered, Stored,
        scan::{Keeping, Kept, Logged, Posted, ROWS, Scanning, Wanted},
    },
};

/// Advisory lock of whoever extends the log: "mlic-log" in ASCII.
const LOCK_LOG: i64 = 0x6d6c_6963_2d6c_6f67;

impl Open<'_> {
    pub(super) fn parsed<T: std::str::FromStr>(&self, row: &Row, column: usize) -> Result<T>
    where
        T::Err: std::fmt::Display,
    {
        let text: &str = self.column(row, column)?;
        text.parse().map_err(|refusal: T::Err| self.corrupt(refusal))
    }

    /// What is remembered of a command, from this column of three on.
    pub(super) fn receipt(&self, row: &Row, first: usize) -> Result<Remembered> {
        let [digest, at, events] = [first, first.saturating_add(1), first.saturating_add(2)];
        let (at, events): (&str, &str) = (self.column(row, at)?, self.column(row, events)?);
        Remembered::new(self.column(row, digest)?, at, events)
    }

    fn logged(&self, row: &Row) -> Result<Logged> {
        Ok(Logged {
            position: self.index(self.column(row, 0)?)?,
            stream: self.column(row, 1)?,
            index: self.index(self.column(row, 2)?)?,
            json: self.column(row, 3)?,
            chain: self.chain(row, 4)?,
        })
    }

    fn kept(&self, row: &Row) -> Result<Kept> {
        let root: &[u8] = self.column(row, 2)?;
        let root = root.try_into().map_err(|_| self.corrupt("a root is not 32 bytes"))?;
        let size = self.index(self.column(row, 0)?)?;
        Ok(Kept {
            head: TreeHead::new(size, MerkleHash::from_bytes(root)),
            origin: self.column(row, 1)?,
            peaks: self.column(row, 3)?,
            at: self.parsed(row, 4)?,
            note: self.column(row, 5)?,
        })
    }
}

impl Scanning for Open<'_> {
    fn log(&self, after: u64, limit: u32) -> Result<Vec<Logged>> {
        let rows = self.query(
            "SELECT log.position, log.stream, log.idx, event.json, event.chain
             FROM log JOIN event ON event.stream = log.stream AND event.idx = log.idx
             WHERE log.position > $1 ORDER BY log.position LIMIT $2",
            &[&self.number(after)?, &i64::from(limit.min(ROWS))],
        )?;
        rows.iter().map(|row| self.logged(row)).collect()
    }

    fn unlogged(&self, after: Option<(&str, u64)>) -> Result<Vec<Logged>> {
        let (stream, index) = after.unwrap_or_default();
        let rows = self.query(
            "SELECT 0::BIGINT, event.stream, event.idx, event.json, event.chain
             FROM event LEFT JOIN log ON log.stream = event.stream AND log.idx = event.idx
             WHERE log.position IS NULL AND (event.stream, event.idx) > ($1, $2)
             ORDER BY event.stream, event.idx LIMIT $3",
            &[&stream, &self.number(index)?, &i64::from(ROWS)],
        )?;
        rows.iter().map(|row| self.logged(row)).collect()
    }

    fn position(&self, stream: &StreamId, index: u64) -> Result<Option<u64>> {
        let sql = "SELECT position FROM log WHERE stream = $1 AND idx = $2";
        let rows = self.query(sql, &[&stream.to_string(), &self.number(index)?])?;
        rows.first().map(|row| self.index(self.column(row, 0)?)).transpose()
    }

    fn claims(&self, after: Option<&Claim>) -> Result<Vec<(Claim, Holder)>> {
        let (space, digest) = after.map_or(("", ""), |after| (after.space.name(), &*after.digest));
        let rows = self.query(
            "SELECT space, digest, holder FROM claim WHERE (space, digest) > ($1, $2)
             ORDER BY space, digest LIMIT $3",
            &[&space, &digest, &i64::from(ROWS)],
        )?;
        let read = |row| {
            let space: &str = self.column(row, 0)?;
            let unknown = || self.corrupt(format!("there is no space `{space}` of claims"));
            let space = Space::named(space).ok_or_else(unknown)?;
            Ok((Claim { space, digest: self.column(row, 1)? }, self.parsed(row, 2)?))
        };
        rows.iter().map(read).collect()
    }

    fn links(&self, after: Option<&Link>) -> Result<Vec<Link>> {
        let holder = after.map(|after| after.holder.to_string()).unwrap_or_default();
        let customer = after.map_or("", |after| after.customer.as_str());
        let rows = self.query(
            "SELECT holder, customer, contact FROM link WHERE (holder, customer) > ($1, $2)
             ORDER BY holder, customer LIMIT $3",
            &[&holder, &customer, &i64::from(ROWS)],
        )?;
        let read = |row| {
            let contact: Option<&str> = self.column(row, 2)?;
            let contact = contact.map(|id| id.parse().map_err(|refusal| self.corrupt(refusal)));
            Ok(Link {
                holder: self.parsed(row, 0)?,
                customer: self.parsed(row, 1)?,
                contact: contact.transpose()?,
            })
        };
        rows.iter().map(read).collect()
    }

    fn commands(&self, after: Option<&CommandId>) -> Result<Vec<(CommandId, Remembered)>> {
        let sql = "SELECT command, digest, at, events FROM receipt
                   WHERE command > $1 ORDER BY command LIMIT $2";
        let rows = self.query(sql, &[&after.map_or("", CommandId::as_str), &i64::from(ROWS)])?;
        let read = |row| Ok((self.parsed(row, 0)?, self.receipt(row, 1)?));
        rows.iter().map(read).collect()
    }

    fn persons(&self, after: Option<&PersonId>) -> Result<Vec<(PersonId, PersonFields)>> {
        let sql = "SELECT id, name, email, company, phone, tax_id, username, address
                   FROM person WHERE id > $1 ORDER BY id LIMIT $2";
        let rows = self.query(sql, &[&after.map_or("", PersonId::as_str), &i64::from(ROWS)])?;
        let read = |row| {
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
        };
        rows.iter().map(read).collect()
    }

    fn posted(&self, after: u64) -> Result<Vec<Posted>> {
        let sql = "SELECT id, command, json FROM outbox WHERE id > $1 ORDER BY id LIMIT $2";
        let rows = self.query(sql, &[&self.number(after)?, &i64::from(ROWS)])?;
        let read = |row| {
            let id = self.index(self.column(row, 0)?)?;
            Ok((id, self.column(row, 1)?, self.column(row, 2)?))
        };
        rows.iter().map(read).collect()
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
        let limit = i64::from(limit.min(ROWS));
        let rows = match of {
            Some(holder) => self.query(
                "SELECT customer FROM link WHERE holder = $1 AND customer > $2
                 ORDER BY customer LIMIT $3",
                &[&holder.to_string(), &after, &limit],
            )?,
            // The head of a stream to come is nobody yet.
            None => self.query(
                "SELECT substr(stream, 10) FROM head
                 WHERE stream > 'customer/' || $1 AND stream < 'customer0' AND idx > 0
                 ORDER BY stream LIMIT $2",
                &[&after, &limit],
            )?,
        };
        rows.iter().map(|row| self.parsed(row, 0)).collect()
    }

    fn checkpoint(&self, size: Option<u64>) -> Result<Option<Kept>> {
        let size = size.map(|size| self.number(size)).transpose()?;
        let rows = self.query(
            "SELECT size, origin, root, peaks, at, note FROM checkpoint
             WHERE $1::BIGINT IS NULL OR size = $1 ORDER BY size DESC LIMIT 1",
            &[&size],
        )?;
        rows.first().map(|row| self.kept(row)).transpose()
    }

    fn checkpoints(&self) -> Result<Vec<Kept>> {
        let sql = "SELECT size, origin, root, peaks, at, note FROM checkpoint ORDER BY size";
        self.query(sql, &[])?.iter().map(|row| self.kept(row)).collect()
    }

    fn snapshot(&self, stream: &StreamId) -> Result<Option<Snapshot>> {
        let sql = "SELECT json, digest FROM snapshot WHERE stream = $1";
        let rows = self.query(sql, &[&stream.to_string()])?;
        let read = |row| Ok(Snapshot { json: self.column(row, 0)?, digest: self.column(row, 1)? });
        rows.first().map(read).transpose()
    }
}

impl Keeping for Open<'_> {
    fn extend_log(&self) -> Result<()> {
        // The first time it reads a whole history.
        self.execute("SET LOCAL statement_timeout TO 0", params![])?;
        self.execute("SET LOCAL lock_timeout TO 0", params![])?;
        // An import waits for whoever gives it the lines.
        self.execute("SET LOCAL idle_in_transaction_session_timeout TO 0", params![])?;
        self.query("SELECT pg_advisory_xact_lock($1)", &[&LOCK_LOG])?;
        self.execute(
            "INSERT INTO log (position, stream, idx)
             SELECT coalesce((SELECT max(position) FROM log), 0)
                    + row_number() OVER (ORDER BY event.stream, event.idx),
                    event.stream, event.idx
             FROM head
             CROSS JOIN LATERAL (
                 SELECT coalesce(max(log.idx), 0) AS idx FROM log WHERE log.stream = head.stream
             ) AS last
             JOIN event ON event.stream = head.stream AND event.idx > last.idx",
            params![],
        )
    }

    fn log_event(&self, position: u64, stream: &StreamId, index: u64) -> Result<()> {
        let sql = "INSERT INTO log (position, stream, idx) VALUES ($1, $2, $3)";
        let (position, index) = (self.number(position)?, self.number(index)?);
        self.execute(sql, params![position, stream.to_string(), index])
    }

    fn keep_checkpoint(&self, checkpoint: &Kept) -> Result<()> {
        let Kept { head, origin, peaks, at, note } = checkpoint;
        let size = self.number(head.size)?;
        let root = head.root.as_bytes().to_vec();
        let sql = "INSERT INTO checkpoint (size, origin, root, peaks, at, note)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let (origin, peaks, note) = (origin.clone(), peaks.clone(), note.clone());
        self.execute(sql, params![size, origin, root, peaks, at.to_string(), note])
    }

    fn post_again(&self, (id, command, json): &Posted) -> Result<()> {
        self.execute(
            "INSERT INTO outbox (id, command, json) OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3)",
            params![self.number(*id)?, command.clone(), json.clone()],
        )?;
        let sql = "SELECT setval(pg_get_serial_sequence('outbox', 'id'), $1)";
        self.query(sql, &[&self.number(*id)?]).map(drop)
    }

    fn keep_snapshot(&self, stream: &StreamId, snapshot: &Snapshot) -> Result<()> {
        let sql = "INSERT INTO snapshot (stream, json, digest) VALUES ($1, $2, $3)
                   ON CONFLICT (stream) DO UPDATE
                   SET json = excluded.json, digest = excluded.digest";
        let (json, digest) = (snapshot.json.clone(), snapshot.digest.clone());
        self.execute(sql, params![stream.to_string(), json, digest])
    }
}
