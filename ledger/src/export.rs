//! A ledger as text: one line of JSON for each event and row.
//!
//! The first line is `{"ledger": {"format": 1, "salt": …, "events": …, "people": …, "outbox": …}}`,
//! the last `{"end": {"lines": …}}` with the number of lines before it. In between come, in this
//! order, `event` and `checkpoint`, `claim`, `link`, `command`, `person`, `message`. Events come in
//! the order of the log, those without a place in it last and by stream; each checkpoint stands
//! behind the last event it vouches for.

use std::io::{self, Write};

use base16ct::lower::encode_string as hex;
use mlicense_core::{
    customer::Link,
    error::ErrorKind,
    history::{Claim, Holder, StreamId},
    id::{CommandId, CustomerId, PersonId},
    person::PersonFields,
    signing::merkle::MerkleHash,
    time::Instant,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    error::{Error, Result, damaged, internal},
    ledger::Ledger,
    receipt::Receipt,
    store::{Kept, Logged, Posted, ROWS, Reading},
    verify,
};

/// The format written and read.
pub(crate) const FORMAT: u32 = 1;
/// What the text is called in an error.
pub(crate) const NAME: &str = "the export";

/// What beside the history goes into an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "options by name")]
pub struct ExportOptions {
    /// Names and addresses, the only part of a ledger that can be erased. Without them whoever
    /// takes part in the history is known by id only.
    pub people: bool,
    /// What is yet to be sent; it has registration numbers in full. Without it nobody sends it from
    /// the new ledger.
    pub outbox: bool,
}

impl Default for ExportOptions {
    /// Everything.
    fn default() -> Self {
        Self { people: true, outbox: true }
    }
}

/// How far an export or import is, in events; the rows that follow are not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Done.
    pub done: u64,
    /// Of so many.
    pub of: u64,
}

impl Progress {
    pub(crate) const fn new(done: u64, of: u64) -> Self {
        Self { done, of }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Line<'a> {
    Ledger(HeaderLine),
    Event {
        chain: String,
        #[serde(borrow)]
        json: &'a RawValue,
    },
    Checkpoint(CheckpointLine),
    Claim {
        space: String,
        digest: String,
        holder: StreamId,
    },
    Link {
        holder: StreamId,
        customer: CustomerId,
        contact: Option<PersonId>,
    },
    Command {
        id: CommandId,
        digest: String,
        receipt: Receipt,
    },
    Person {
        id: PersonId,
        fields: PersonFields,
    },
    Message {
        id: u64,
        command: String,
        #[serde(borrow)]
        json: &'a RawValue,
    },
    End {
        lines: u64,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeaderLine {
    pub(crate) format: u32,
    pub(crate) salt: String,
    pub(crate) events: u64,
    pub(crate) people: bool,
    pub(crate) outbox: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckpointLine {
    pub(crate) origin: String,
    pub(crate) size: u64,
    pub(crate) root: MerkleHash,
    pub(crate) at: Instant,
    pub(crate) note: String,
}

impl Ledger {
    /// Writes the whole ledger as lines of JSON, from which [`Ledger::import`] makes the same
    /// ledger on either store: same events, chains, checkpoints, claims and receipts.
    ///
    /// It is verified first: a ledger that is broken is not written, nor is a receipt that its events
    /// do not tell. Nothing is locked for others, but an SQLite ledger does nothing else meanwhile in
    /// this program; open it a second time, or export a backup.
    ///
    /// **The text is as secret as the ledger.** It has the salt under which codes, numbers and
    /// addresses are digested, because without it no code that was issued would be known again.
    /// Whoever has it can try out short codes and known addresses against the digests.
    ///
    /// `progress` is told about every thousandth event.
    ///
    /// # Errors
    /// As [`Ledger::verify`]; [`ErrorKind::StoreUnavailable`] when `to` cannot be written; storage faults. What was written by then is no export.
    pub fn export(
        &self,
        to: &mut dyn Write,
        options: ExportOptions,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<()> {
        let mut to = Some(to);
        self.store.read(|store| {
            // A connection that broke half-way must not begin again behind what is written.
            let to = to.take().ok_or_else(|| unwritable("the store was lost half-way"))?;
            let events = verify::verify(store, None)?.events;
            let mut lines = Lines { to, written: 0 };
            lines.write(&Line::Ledger(HeaderLine {
                format: FORMAT,
                salt: hex(self.store.salt().as_bytes()),
                events,
                people: options.people,
                outbox: options.outbox,
            }))?;
            lines.history(store, events, progress)?;
            lines.rows(store)?;
            if options.people {
                lines.people(store)?;
            }
            if options.outbox {
                lines.outbox(store)?;
            }
            lines.write(&Line::End { lines: lines.written })?;
            lines.to.flush().map_err(unwritable)
        })
    }
}

struct Lines<'w> {
    to: &'w mut dyn Write,
    written: u64,
}

impl Lines<'_> {
    fn write(&mut self, line: &Line<'_>) -> Result<()> {
        let mut json = serde_json::to_string(line).map_err(internal)?;
        json.push('\n');
        self.written = self.written.saturating_add(1);
        self.to.write_all(json.as_bytes()).map_err(unwritable)
    }

    fn history(
        &mut self,
        store: &dyn Reading,
        of: u64,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<()> {
        let mut checkpoints = store.checkpoints()?.into_iter().peekable();
        let mut done = 0_u64;
        loop {
            while let Some(kept) = checkpoints.next_if(|kept| kept.head.size <= done) {
                self.checkpoint(kept)?;
            }
            let until = checkpoints.peek().map_or(u64::MAX, |kept| kept.head.size);
            let limit = u32::try_from(until.saturating_sub(done)).unwrap_or(ROWS);
            let logged = store.log(done, limit)?;
            let Some(last) = logged.last() else { break };
            done = last.position;
            for event in &logged {
                self.event(event)?;
            }
            progress(Progress::new(done, of));
        }
        self.unlogged(store)?;
        progress(Progress::new(of, of));
        Ok(())
    }

    fn unlogged(&mut self, store: &dyn Reading) -> Result<()> {
        let mut after: Option<(String, u64)> = None;
        loop {
            let last = after.as_ref().map(|(stream, index)| (stream.as_str(), *index));
            let events = store.unlogged(last)?;
            for event in &events {
                self.event(event)?;
            }
            match events.into_iter().next_back() {
                Some(last) => after = Some((last.stream, last.index)),
                None => return Ok(()),
            }
        }
    }

    fn event(&mut self, event: &Logged) -> Result<()> {
        self.write(&Line::Event { chain: event.chain.to_string(), json: raw(&event.json)? })
    }

    fn checkpoint(&mut self, kept: Kept) -> Result<()> {
        let Kept { head, origin, at, note, .. } = kept;
        let line = CheckpointLine { origin, size: head.size, root: head.root, at, note };
        self.write(&Line::Checkpoint(line))
    }

    fn rows(&mut self, store: &dyn Reading) -> Result<()> {
        each(
            |last: Option<&(Claim, Holder)>| store.claims(last.map(|(claim, _)| claim)),
            |(Claim { space, digest }, holder)| {
                let (space, digest) = (space.name().to_owned(), digest.clone());
                self.write(&Line::Claim { space, digest, holder: holder.0.clone() })
            },
        )?;
        each(
            |last: Option<&Link>| store.links(last),
            |Link { holder, customer, contact }| {
                let (holder, customer) = (holder.clone(), customer.clone());
                self.write(&Line::Link { holder, customer, contact: contact.clone() })
            },
        )?;
        each(
            |last: Option<&(Vec<u8>, Receipt)>| {
                receipts(store, last.map(|(_, last)| &last.command))
            },
            |(digest, receipt)| {
                let (id, receipt) = (receipt.command.clone(), receipt.clone());
                self.write(&Line::Command { id, digest: hex(digest), receipt })
            },
        )
    }

    fn people(&mut self, store: &dyn Reading) -> Result<()> {
        each(
            |last: Option<&(PersonId, PersonFields)>| store.persons(last.map(|(id, _)| id)),
            |(id, fields)| self.write(&Line::Person { id: id.clone(), fields: fields.clone() }),
        )
    }

    fn outbox(&mut self, store: &dyn Reading) -> Result<()> {
        each(
            |last: Option<&Posted>| store.posted(last.map_or(0, |(id, ..)| *id)),
            |(id, command, json)| {
                self.write(&Line::Message { id: *id, command: command.clone(), json: raw(json)? })
            },
        )
    }
}

/// The digests and receipts of commands after one.
fn receipts(store: &dyn Reading, after: Option<&CommandId>) -> Result<Vec<(Vec<u8>, Receipt)>> {
    let done = store.commands(after)?;
    let digests: Vec<_> = done.iter().map(|(_, done)| done.digest.clone()).collect();
    Ok(digests.into_iter().zip(Receipt::read(store, done)?).collect())
}

/// Reads a table page by page and gives each row.
fn each<T>(
    page: impl Fn(Option<&T>) -> Result<Vec<T>>,
    mut give: impl FnMut(&T) -> Result<()>,
) -> Result<()> {
    let mut last = None;
    loop {
        let rows = page(last.as_ref())?;
        rows.iter().try_for_each(&mut give)?;
        match rows.into_iter().next_back() {
            Some(row) => last = Some(row),
            None => return Ok(()),
        }
    }
}

/// A text that is JSON, as it stands.
fn raw(json: &str) -> Result<&RawValue> {
    serde_json::from_str(json).map_err(damaged)
}

fn unwritable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let cause = io::Error::other(error);
    Error::caused(ErrorKind::StoreUnavailable, NAME, cause)
}
