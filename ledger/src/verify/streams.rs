//! All streams, one after another: this thread reads them from the store, another checks what was read.

use std::{
    collections::BTreeMap,
    mem,
    ops::Range,
    panic,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use mlicense_core::{
    customer::Link,
    history::{self, Beside, ChainHash, Claim, Derived, StreamId, World},
    id::{CustomerId, PersonId},
};

use super::{row, stream::Stream, wrong};
use crate::{
    error::{Result, internal},
    ledger::load_streams,
    snapshot::{Snapshot, may_be_kept},
    store::{JournalKey, Reading, Walked, Walking},
};

/// Bytes of text that are handed over at once, about.
const BATCH: usize = 64 * 1024;
/// Batches that may wait to be checked.
const AHEAD: usize = 8;

/// What the events have to say of the tables.
#[derive(Default)]
pub(super) struct Told {
    pub(super) claims: BTreeMap<Claim, StreamId>,
    pub(super) links: BTreeMap<(StreamId, CustomerId), Option<PersonId>>,
    pub(super) beside: BTreeMap<StreamId, Beside>,
    /// The last event of each stream.
    pub(super) ends: Vec<(StreamId, (u64, ChainHash))>,
    /// Those whose claims depend on a person.
    owned: Vec<(StreamId, Derived)>,
}

/// Reads every stream; names the first event that is not what was written.
pub(super) fn read(store: &dyn Reading) -> Result<Told> {
    let (sender, receiver) = sync_channel(AHEAD);
    let mut told = thread::scope(|scope| -> Result<Told> {
        let checking = thread::Builder::new().spawn_scoped(scope, || check(receiver));
        let checking = checking.map_err(internal)?;
        let mut feeder = Feeder { store, sender, batch: Batch::default() };
        let walked = store.walk(&mut feeder).and_then(|()| feeder.end());
        // What was read before a fault is checked; a checker that has ended has found something.
        let _ = feeder.hand_over();
        drop(feeder);
        let told = checking.join().unwrap_or_else(|panic| panic::resume_unwind(panic));
        // What is wrong with an event comes before a fault of the store behind it.
        told.and_then(|told| walked.map(|()| told))
    })?;
    for (stream, derived) in mem::take(&mut told.owned) {
        let owner = derived.owner().cloned().map(StreamId::Person);
        let persons = load_streams(store, World::default(), owner)?;
        told.claim(&stream, &derived, &persons)?;
    }
    Ok(told)
}

/// What was read and is not checked yet: one text, and what its parts are.
#[derive(Default)]
struct Batch {
    text: String,
    steps: Vec<Step>,
    /// Bytes of snapshots, which are not in the text.
    kept: usize,
}

enum Step {
    /// A stream begins, of this name.
    Begin { name: Range<usize>, head: (u64, ChainHash), kept: Option<Snapshot> },
    /// The next event of it.
    Event { index: u64, chain: ChainHash, json: Range<usize>, key: [Range<usize>; 3] },
    /// That was all.
    End,
}

impl Batch {
    fn put(&mut self, text: &str) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }

    const fn is_full(&self) -> bool {
        self.text.len().saturating_add(self.kept) >= BATCH
    }

    fn text(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }
}

/// Hands over what the store has.
struct Feeder<'s> {
    store: &'s dyn Reading,
    sender: SyncSender<Batch>,
    batch: Batch,
}

impl Feeder<'_> {
    fn end(&mut self) -> Result<()> {
        self.batch.steps.push(Step::End);
        self.hand_over()
    }

    fn hand_over(&mut self) -> Result<()> {
        // Whoever checks has found something, which it tells.
        self.sender.send(mem::take(&mut self.batch)).map_err(internal)
    }
}

impl Walking for Feeder<'_> {
    fn begin(&mut self, stream: &str, head: Option<(u64, ChainHash)>) -> Result<()> {
        if self.batch.is_full() {
            self.hand_over()?;
        }
        let head = head.unwrap_or((0, ChainHash::GENESIS));
        let id = if may_be_kept(head.0) { stream.parse().ok() } else { None };
        let kept = id.map_or(Ok(None), |id| self.store.snapshot(&id));
        let (kept, read) = match kept {
            Ok(kept) => (kept, Ok(())),
            Err(fault) => (None, Err(fault)),
        };
        let bytes = kept.as_ref().map_or(0, |kept| kept.json.len());
        self.batch.kept = self.batch.kept.saturating_add(bytes);
        let name = self.batch.put(stream);
        // Handed over with its first event.
        self.batch.steps.push(Step::Begin { name, head, kept });
        read
    }

    fn take(&mut self, event: &Walked<'_>) -> Result<()> {
        let Walked { index, chain, json, key: JournalKey { at, actor, kind } } = *event;
        let json = self.batch.put(json);
        let key = [at, actor, kind].map(|text| self.batch.put(text));
        self.batch.steps.push(Step::Event { index, chain, json, key });
        if self.batch.is_full() { self.hand_over() } else { Ok(()) }
    }
}

/// Checks what is handed over, to the end or as far as it comes.
fn check(batches: Receiver<Batch>) -> Result<Told> {
    let (mut told, mut open) = (Told::default(), None);
    for batch in batches {
        let mut steps = batch.steps.iter().peekable();
        while let Some(step) = steps.next() {
            match step {
                Step::Begin { name, head, kept } => {
                    told.close(&mut open)?;
                    let index = match steps.peek() {
                        Some(Step::Event { index, .. }) => *index,
                        _ => head.0,
                    };
                    open = Some(Stream::begin(batch.text(name), *head, kept.as_ref(), index)?);
                }
                Step::Event { index, chain, json, key: [at, actor, kind] } => {
                    let [at, actor, kind] = [at, actor, kind].map(|range| batch.text(range));
                    let (json, key) = (batch.text(json), JournalKey { at, actor, kind });
                    let event = Walked { index: *index, json, chain: *chain, key };
                    open.as_mut().map_or(Ok(()), |stream| stream.take(&event))?;
                }
                Step::End => told.close(&mut open)?,
            }
        }
    }
    Ok(told)
}

impl Told {
    /// Keeps what the events of a stream tell that was read to its end.
    fn close(&mut self, open: &mut Option<Stream>) -> Result<()> {
        let Some(read) = open.take() else { return Ok(()) };
        let end = read.end()?;
        let Stream { stream, world, derived, .. } = read;
        for Link { holder, customer, contact } in history::links(&world) {
            self.links.insert((holder, customer), contact);
        }
        let beside = derived.beside();
        if !beside.is_empty() {
            self.beside.insert(stream.clone(), beside);
        }
        if derived.owner().is_some() {
            self.owned.push((stream.clone(), derived));
        } else {
            self.claim(&stream, &derived, &World::default())?;
        }
        self.ends.push((stream, end));
        Ok(())
    }

    fn claim(&mut self, stream: &StreamId, derived: &Derived, persons: &World) -> Result<()> {
        for claim in derived.claims(persons) {
            if let Some(other) = self.claims.insert(claim.clone(), stream.clone()) {
                let detail = format!("{other} and {stream} both claim it");
                return Err(wrong("claim", &row(&claim), &detail));
            }
        }
        Ok(())
    }
}
