//! Verification: the whole history is read again, each chain recomputed and each event applied, and
//! whatever follows from the events compared with the tables.

use std::{cmp::Ordering, collections::BTreeMap, fmt};

use mlicense_core::{
    customer::Link,
    error::{ErrorKind, Refusal},
    history::{self, Aggregate, Beside, ChainHash, Claim, Derived, Recorded, StreamId, World},
    id::{CustomerId, PersonId},
    signing::merkle::{MerkleHash, MerkleTree, TreeHead},
};
use serde::Serialize;

use crate::{
    checkpoint::{broken as checkpoint_broken, resume},
    error::{Error, Result},
    ledger::load_streams,
    snapshot::may_be_kept,
    store::{JournalKey, ROWS, Reading, Stored, Walking},
};

/// What a verification has found to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Verified {
    /// Streams read.
    pub streams: u64,
    /// Events read.
    pub events: u64,
    /// Chain hash of each stream's last event.
    pub heads: BTreeMap<StreamId, ChainHash>,
    /// Claims that are those the events tell.
    pub claims: u64,
    /// Claims that no event tells, held by who can hold them.
    pub untold: u64,
    /// Links that are those the events tell.
    pub links: u64,
    /// The last checkpoint, if one was made.
    pub checkpoint: Option<TreeHead>,
}

/// What the tables have to say.
#[derive(Default)]
struct Told {
    claims: BTreeMap<Claim, StreamId>,
    links: BTreeMap<(StreamId, CustomerId), Option<PersonId>>,
    beside: BTreeMap<StreamId, Beside>,
}

/// Reads everything; names the first event or row that is not what was written.
pub(crate) fn verify(store: &dyn Reading, since: Option<TreeHead>) -> Result<Verified> {
    let mut verified = Verified {
        streams: 0,
        events: 0,
        heads: BTreeMap::new(),
        claims: 0,
        untold: 0,
        links: 0,
        checkpoint: None,
    };
    let mut reader = Reader { store, told: Told::default(), next: None, open: None, ends: vec![] };
    store.walk(&mut reader)?;
    reader.close()?;
    let Reader { mut told, ends, .. } = reader;
    for (_, (index, _)) in &ends {
        verified.streams = verified.streams.saturating_add(1);
        verified.events = verified.events.saturating_add(*index);
    }
    verified.heads = ends.into_iter().map(|(stream, (_, chain))| (stream, chain)).collect();
    (verified.claims, verified.untold) = check_claims(store, &mut told)?;
    verified.links = check_links(store, told.links)?;
    verified.checkpoint = check_log(store, since)?;
    Ok(verified)
}

/// Reads one stream after another.
struct Reader<'s> {
    store: &'s dyn Reading,
    told: Told,
    /// The stream that has begun, with its head, until its first event comes.
    next: Option<(String, (u64, ChainHash))>,
    open: Option<Stream>,
    /// The last event of each that was read.
    ends: Vec<(StreamId, (u64, ChainHash))>,
}

impl Reader<'_> {
    /// Opens the stream that has begun, if one has; `index` is the first that is known of it.
    fn open(&mut self, index: u64) -> Result<()> {
        let Some((name, head)) = self.next.take() else { return Ok(()) };
        let unreadable = |refusal: Refusal| broken(&name, index, &refusal.to_string());
        self.open = Some(Stream::begin(self.store, name.parse().map_err(unreadable)?, head)?);
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        let index = self.next.as_ref().map_or(0, |(_, (index, _))| *index);
        self.open(index)?;
        if let Some(stream) = self.open.take() {
            self.ends.push(self.told.keep(self.store, stream)?);
        }
        Ok(())
    }
}

impl Walking for Reader<'_> {
    fn begin(&mut self, stream: &str, head: Option<(u64, ChainHash)>) -> Result<()> {
        self.close()?;
        self.next = Some((stream.to_owned(), head.unwrap_or((0, ChainHash::GENESIS))));
        Ok(())
    }

    fn take(&mut self, event: &Stored, key: &JournalKey<'_>) -> Result<()> {
        self.open(event.index)?;
        self.open.as_mut().map_or(Ok(()), |stream| stream.take(event, key))
    }
}

/// Takes an event into a world if it is what its chain was computed over.
pub(crate) fn take(world: &mut World, stream: &StreamId, stored: &Stored) -> Result<Recorded> {
    let recorded = world.take_and_tell(stream, &stored.json)?;
    if world.head(stream).1 != stored.chain {
        return Err(broken(stream, stored.index, "the chain does not hold"));
    }
    Ok(recorded)
}

/// A stream that is being read.
struct Stream {
    stream: StreamId,
    head: (u64, ChainHash),
    world: World,
    derived: Derived,
    kept: Option<Aggregate>,
}

impl Stream {
    fn begin(store: &dyn Reading, stream: StreamId, head: (u64, ChainHash)) -> Result<Self> {
        let (world, derived) = (World::default(), Derived::of(stream.clone()));
        let kept = kept(store, &stream, head.0)?;
        Ok(Self { stream, head, world, derived, kept })
    }

    fn take(&mut self, stored: &Stored, key: &JournalKey<'_>) -> Result<()> {
        let Self { stream, world, derived, kept, .. } = self;
        let expected = world.head(stream).0.saturating_add(1);
        if stored.index != expected {
            return Err(broken(stream, expected, "it is missing"));
        }
        let recorded = take(world, stream, stored)?;
        if !key.is_of(&recorded, &stored.json) {
            return Err(broken(
                stream,
                stored.index,
                "the journal has another time, actor or kind",
            ));
        }
        derived.take(&recorded.event);
        match kept {
            Some(kept) if kept.head().0 == stored.index => same_state(stream, world, kept),
            _ => Ok(()),
        }
    }

    /// Index and chain hash of its last event, which is its head.
    fn end(&self) -> Result<(u64, ChainHash)> {
        let Self { stream, head: (last, head), .. } = self;
        let (index, chain) = self.world.head(stream);
        let next = index.min(*last).saturating_add(1);
        match last.cmp(&index) {
            Ordering::Greater => Err(broken(stream, next, "it is missing")),
            Ordering::Less => Err(broken(stream, next, "the head does not know it")),
            Ordering::Equal if *head != chain => {
                Err(broken(stream, index, "the head holds another chain"))
            }
            Ordering::Equal => Ok((index, chain)),
        }
    }
}

impl Told {
    /// Keeps what the tables have to say of a stream that was read; it, and its last event.
    fn keep(&mut self, store: &dyn Reading, read: Stream) -> Result<(StreamId, (u64, ChainHash))> {
        let end = read.end()?;
        let Stream { stream, world, derived, .. } = read;
        let owner = derived.owner().cloned().map(StreamId::Person);
        let persons = load_streams(store, World::default(), owner)?;
        for claim in derived.claims(&persons) {
            if let Some(other) = self.claims.insert(claim.clone(), stream.clone()) {
                let detail = format!("{other} and {stream} both claim it");
                return Err(wrong("claim", &row(&claim), &detail));
            }
        }
        for Link { holder, customer, contact } in history::links(&world) {
            self.links.insert((holder, customer), contact);
        }
        let beside = derived.beside();
        if !beside.is_empty() {
            self.beside.insert(stream.clone(), beside);
        }
        Ok((stream, end))
    }
}

/// The claims that events tell, and those that none tells.
fn check_claims(store: &dyn Reading, told: &mut Told) -> Result<(u64, u64)> {
    let (mut after, mut claims, mut untold) = (None, 0_u64, 0_u64);
    loop {
        let rows = store.claims(after.as_ref())?;
        for (claim, holder) in &rows {
            match told.claims.remove(claim) {
                Some(stream) if stream == holder.0 => claims = claims.saturating_add(1),
                Some(stream) => {
                    let detail = format!("{holder} holds it, and by the events {stream}");
                    return Err(wrong("claim", &row(claim), &detail));
                }
                None if told.beside.get(&holder.0).is_some_and(|beside| beside.allows(claim)) => {
                    untold = untold.saturating_add(1);
                }
                None => return Err(wrong("claim", &row(claim), "no event tells it")),
            }
        }
        match rows.into_iter().next_back() {
            Some((last, _)) => after = Some(last),
            None => break,
        }
    }
    match told.claims.first_key_value() {
        Some((claim, _)) => Err(wrong("claim", &row(claim), "it is missing")),
        None => Ok((claims, untold)),
    }
}

fn check_links(
    store: &dyn Reading,
    mut told: BTreeMap<(StreamId, CustomerId), Option<PersonId>>,
) -> Result<u64> {
    let (mut after, mut links) = (None, 0_u64);
    loop {
        let rows = store.links(after.as_ref())?;
        for link in &rows {
            let key = (link.holder.clone(), link.customer.clone());
            match told.remove(&key) {
                Some(contact) if contact == link.contact => links = links.saturating_add(1),
                Some(_) => return Err(wrong("link", &pair(&key), "it names another contact")),
                None => return Err(wrong("link", &pair(&key), "no event tells it")),
            }
        }
        match rows.into_iter().next_back() {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    match told.first_key_value() {
        Some((key, _)) => Err(wrong("link", &pair(key), "it is missing")),
        None => Ok(links),
    }
}

/// Compares the log with each checkpoint that is kept, and one that is kept elsewhere; the last of
/// the former.
fn check_log(store: &dyn Reading, since: Option<TreeHead>) -> Result<Option<TreeHead>> {
    let kept = store.checkpoints()?;
    for checkpoint in &kept {
        resume(checkpoint)?;
    }
    let last = kept.last().map(|kept| kept.head);
    let mut wanted: Vec<TreeHead> = kept.into_iter().map(|kept| kept.head).chain(since).collect();
    wanted.sort_by_key(|head| head.size);
    let mut tree = MerkleTree::new();
    for head in wanted {
        extend(store, &mut tree, head.size)?;
        if tree.head() != head {
            return Err(checkpoint_broken(head.size, "the root is another").into());
        }
    }
    Ok(last)
}

/// Adds the events of the log up to `size`.
fn extend(store: &dyn Reading, tree: &mut MerkleTree, size: u64) -> Result<()> {
    while tree.size() < size {
        let left = u32::try_from(size.saturating_sub(tree.size())).unwrap_or(ROWS);
        let next = tree.size().saturating_add(1);
        let logged = store.log(tree.size(), left)?;
        if logged.first().is_none_or(|event| event.position != next) {
            let detail = format!("event {next} of the log is missing");
            return Err(checkpoint_broken(size, &detail).into());
        }
        for event in logged.iter().zip(next..).take_while(|(event, at)| event.position == *at) {
            tree.append(MerkleHash::of_leaf(event.0.json.as_bytes()));
        }
    }
    Ok(())
}

/// What is kept of the state of a stream, when this version can read it.
fn kept(store: &dyn Reading, stream: &StreamId, last: u64) -> Result<Option<Aggregate>> {
    let kept = if may_be_kept(last) { store.snapshot(stream)? } else { None };
    let Some(kept) = kept else { return Ok(None) };
    if !kept.is_whole() {
        return Err(wrong("snapshot", &stream.to_string(), "it is not what was kept"));
    }
    let kept = Aggregate::from_snapshot(stream, &kept.json);
    if kept.as_ref().is_some_and(|kept| kept.head().0 > last) {
        return Err(wrong("snapshot", &stream.to_string(), "it is of events that are not there"));
    }
    Ok(kept)
}

fn same_state(stream: &StreamId, world: &World, kept: &Aggregate) -> Result<()> {
    if world.aggregate(stream).as_ref() == Some(kept) {
        return Ok(());
    }
    Err(wrong("snapshot", &stream.to_string(), "the events lead to another state"))
}

fn row(claim: &Claim) -> String {
    format!("{} {}", claim.space.name(), claim.digest)
}

fn pair((holder, customer): &(StreamId, CustomerId)) -> String {
    format!("{holder} {customer}")
}

fn wrong(table: &str, row: &str, detail: impl fmt::Display) -> Error {
    let refusal = Refusal::new(ErrorKind::TableBroken);
    refusal.with("table", table).with("row", row).with("detail", detail).into()
}

fn broken(stream: impl fmt::Display, index: u64, detail: &str) -> Error {
    let refusal = Refusal::new(ErrorKind::HistoryBroken);
    refusal.with("stream", stream).with("index", index).with("detail", detail).into()
}
