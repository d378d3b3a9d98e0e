//! A ledger made of the lines that another was written in.

use std::{
    collections::BTreeMap,
    io::{BufRead, Read},
    mem, slice,
};

use mlicense_core::{
    customer::{Link, LinkChange},
    error::{ErrorKind, Refusal},
    history::{ChainHash, Claim, Holder, PersonChange, Recorded, Salt, Space, StreamId},
    id::CommandId,
    json,
    signing::merkle::{MerkleHash, MerkleTree, TreeHead},
};
use serde::Deserialize;

use crate::{
    error::{Error, Result},
    export::{CheckpointLine, FORMAT, HeaderLine, Line, NAME, Progress},
    ledger::Ledger,
    place::Place,
    receipt::Receipt,
    store::{Kept, ROWS, Remembered, Store, Stored, Writing},
    verify,
};

/// The longest line read, in bytes.
const LINE_BYTES_MAX: u64 = 16 * 1024 * 1024;

impl Ledger {
    /// Makes a new ledger of what [`Ledger::export`] has written.
    ///
    /// Chains, checkpoints and what receipts say of events are checked while it is read, and
    /// everything as by [`Ledger::verify`] before it is committed; an export that does not hold
    /// leaves nothing. Who is interrupted may find a ledger with nothing in it. The new ledger has the
    /// salt of the old one: codes, numbers and addresses are known again. Go on with one of the two
    /// only.
    ///
    /// `progress` is told about every thousandth event.
    ///
    /// # Errors
    /// [`ErrorKind::ExportInvalid`] naming the first line that does not hold, where a receipt may
    /// come after a later line; as [`Ledger::create`] and [`Ledger::verify`].
    pub fn import(
        place: impl Into<Place>,
        from: &mut dyn BufRead,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self> {
        import(&place.into(), from, progress)
    }
}

fn import(
    place: &Place,
    from: &mut dyn BufRead,
    progress: &mut dyn FnMut(Progress),
) -> Result<Ledger> {
    let mut reader = Reader { from, line: 0, text: Vec::new() };
    let header = reader.header()?;
    let salt = base16ct::lower::decode_vec(&header.salt).ok();
    let salt = salt.and_then(|salt| <[u8; 32]>::try_from(salt).ok());
    let salt = salt.ok_or_else(|| reader.invalid("its salt is not 32 bytes"))?;
    let store = Store::create(place, Salt::new(salt))?;
    let mut once = Some((reader, progress));
    let taken = store.write(|store| {
        // What was read is gone: a store that lost a race cannot begin again.
        let (reader, progress) = once.take().ok_or_else(lost)?;
        let importing = Importing {
            store,
            reader,
            tree: MerkleTree::new(),
            heads: BTreeMap::new(),
            receipts: Vec::new(),
            progress: Progress::new(0, header.events),
        };
        store.extend_log()?;
        importing.run(progress)?;
        verify::verify(store, None).map(drop)
    });
    match taken {
        Ok(()) => Ok(Ledger::of(store)),
        Err(error) => {
            store.discard();
            Err(error)
        }
    }
}

fn lost() -> Error {
    let detail = "a row stands there twice, or the database was lost";
    Error::named(ErrorKind::StoreUnavailable, NAME, detail)
}

struct Reader<'r> {
    from: &'r mut dyn BufRead,
    line: u64,
    text: Vec<u8>,
}

impl Reader<'_> {
    fn header(&mut self) -> Result<HeaderLine> {
        self.advance()?;
        match self.parse(&self.text)? {
            Line::Ledger(header) if header.format == FORMAT => Ok(header),
            Line::Ledger(header) => {
                Err(self.invalid(&format!("format {} is not known", header.format)))
            }
            _ => Err(self.invalid("it is not the first line of an export")),
        }
    }

    /// Reads the next line.
    fn advance(&mut self) -> Result<()> {
        self.text.clear();
        self.line = self.line.saturating_add(1);
        let mut limited = (&mut *self.from).take(LINE_BYTES_MAX);
        let read = limited.read_until(b'\n', &mut self.text);
        read.map_err(|error| Error::caused(ErrorKind::StoreUnavailable, NAME, error))?;
        match self.text.pop() {
            Some(b'\n') => Ok(()),
            Some(_) => Err(self.invalid("it does not end, or is too long")),
            None => Err(self.invalid("the export ends before its last line")),
        }
    }

    fn parse<'t>(&self, text: &'t [u8]) -> Result<Line<'t>> {
        let text = str::from_utf8(text).map_err(|error| self.invalid(&error.to_string()))?;
        json::from_str(text).map_err(|error| self.invalid(&error.to_string()))
    }

    fn invalid(&self, detail: &str) -> Error {
        invalid(self.line, detail)
    }
}

fn invalid(line: u64, detail: &str) -> Error {
    Refusal::new(ErrorKind::ExportInvalid).with("line", line).with("detail", detail).into()
}

struct Importing<'r, 's> {
    store: &'s dyn Writing,
    reader: Reader<'r>,
    tree: MerkleTree,
    heads: BTreeMap<StreamId, (u64, ChainHash)>,
    /// Those that are yet to be compared with the events.
    receipts: Vec<GivenReceipt>,
    progress: Progress,
}

/// The receipt of a line, with the digest of its command.
struct GivenReceipt {
    line: u64,
    digest: Vec<u8>,
    receipt: Receipt,
}

/// Where an event says it belongs.
#[derive(Deserialize)]
struct Position {
    stream: StreamId,
    index: u64,
}

impl Importing<'_, '_> {
    fn run(mut self, told: &mut dyn FnMut(Progress)) -> Result<()> {
        loop {
            self.reader.advance()?;
            // Taken out while its line is used.
            let text = mem::take(&mut self.reader.text);
            match self.reader.parse(&text)? {
                Line::End { lines } => {
                    self.compare_receipts()?;
                    return self.end(lines, told);
                }
                Line::Event { chain, json } => {
                    self.event(&chain, json.get())?;
                    if self.progress.done.is_multiple_of(u64::from(ROWS)) {
                        told(self.progress);
                    }
                }
                Line::Checkpoint(line) => self.checkpoint(line)?,
                line => self.row(line)?,
            }
            self.reader.text = text;
        }
    }

    fn end(&mut self, lines: u64, told: &mut dyn FnMut(Progress)) -> Result<()> {
        if lines.checked_add(1) != Some(self.reader.line) || self.progress.done != self.progress.of
        {
            return Err(self.reader.invalid("lines are missing before it"));
        }
        let mut rest = [0];
        let more = self.reader.from.read(&mut rest);
        let more = more.map_err(|error| Error::caused(ErrorKind::StoreUnavailable, NAME, error))?;
        if more > 0 {
            return Err(invalid(self.reader.line.saturating_add(1), "it stands behind the last"));
        }
        told(self.progress);
        Ok(())
    }

    fn event(&mut self, chain: &str, json: &str) -> Result<()> {
        let Position { stream, index } =
            json::from_str(json).map_err(|error| self.reader.invalid(&error.to_string()))?;
        let (last, before) = self.heads.get(&stream).copied().unwrap_or((0, ChainHash::GENESIS));
        if last.checked_add(1) != Some(index) {
            return Err(self.reader.invalid(&format!("event {last} of {stream} stood before it")));
        }
        let recorded = Recorded::from_json(&stream, index, json)?;
        let next = before.next(json);
        if next.to_string() != chain {
            return Err(self.reader.invalid("the chain does not hold"));
        }
        self.store.append(&recorded, &Stored { index, json: json.to_owned(), chain: next })?;
        self.tree.append(MerkleHash::of_leaf(json.as_bytes()));
        self.store.log_event(self.tree.size(), &stream, index)?;
        self.heads.insert(stream, (index, next));
        self.progress.done = self.tree.size();
        Ok(())
    }

    fn checkpoint(&self, line: CheckpointLine) -> Result<()> {
        let CheckpointLine { origin, size, root, at, note } = line;
        let head = TreeHead::new(size, root);
        if self.tree.head() != head {
            return Err(self.reader.invalid("the events before it are others"));
        }
        let peaks = self.tree.peaks().iter().flat_map(|peak| *peak.as_bytes()).collect();
        self.store.keep_checkpoint(&Kept { head, origin, peaks, at, note })
    }

    fn row(&mut self, line: Line<'_>) -> Result<()> {
        match line {
            Line::Claim { space, digest, holder } => {
                let unknown = || self.reader.invalid("there is no such space of claims");
                let space = Space::named(&space).ok_or_else(unknown)?;
                self.store.claim(&Claim { space, digest }, &Holder(holder))
            }
            Line::Link { holder, customer, contact } => {
                self.store.change_link(&LinkChange::Tie(Link { holder, customer, contact }))
            }
            Line::Command { id, digest, receipt } => {
                let bytes = base16ct::lower::decode_vec(&digest);
                let digest = bytes
                    .map_err(|_| self.reader.invalid("a digest is not lower-case hexadecimal"))?;
                if receipt.command != id {
                    return Err(self.reader.invalid("its receipt is of another command"));
                }
                self.store.remember(&digest, &receipt)?;
                self.receipts.push(GivenReceipt { line: self.reader.line, digest, receipt });
                if self.receipts.len() < ROWS as usize {
                    return Ok(());
                }
                self.compare_receipts()
            }
            Line::Person { id, fields } => {
                self.store.change_person(&PersonChange::Keep(id, fields))
            }
            Line::Message { id, command, json } => {
                self.store.post_again(&(id, command, json.get().to_owned()))
            }
            _ => Err(self.reader.invalid("it does not belong here")),
        }
    }

    /// Compares receipts with what the events say.
    fn compare_receipts(&mut self) -> Result<()> {
        let given = mem::take(&mut self.receipts);
        let hold = |some: &[GivenReceipt]| {
            let done = some.iter().map(GivenReceipt::done);
            match Receipt::read(self.store, done) {
                Ok(read) => Ok(read.iter().eq(some.iter().map(|given| &given.receipt))),
                Err(Error::Refused(_)) => Ok(false),
                Err(fault) => Err(fault),
            }
        };
        if hold(&given)? {
            return Ok(());
        }
        for one in &given {
            if !hold(slice::from_ref(one))? {
                return Err(invalid(one.line, "its receipt is not what the events say"));
            }
        }
        Ok(())
    }
}

impl GivenReceipt {
    /// As it is remembered.
    fn done(&self) -> (CommandId, Remembered) {
        let Receipt { command, at, events } = &self.receipt;
        let events = events.iter().map(|event| (event.stream.clone(), event.index)).collect();
        (command.clone(), Remembered { digest: self.digest.clone(), at: *at, events })
    }
}
