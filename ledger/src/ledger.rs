//! `Ledger`: a store opened, the states its commands are decided on, and its history read again.

use std::{collections::BTreeMap, path::Path};

use mlicense_core::{
    document::Checkpoint,
    error::{ErrorKind, Refusal},
    history::{self, Aggregate, ChainHash, Envelope, Prepared, Preview, Salt, StreamId, World},
    time::Instant,
};

use crate::{
    company::Company,
    error::{Error, Result, internal},
    execute::{Done, Work},
    place::Place,
    snapshot,
    store::{Page, Reading, Store, Stored},
    verify::{self, Verified},
};

/// The vendor's book of record.
///
/// Usable from many threads at once. A command is done whole or not at all, and its call returns when
/// it is durable; commands that are given at once may share a transaction.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) store: Store,
    /// Commands that come at once.
    pub(crate) company: Company<Work<'static>, Done>,
}

impl Ledger {
    /// Makes a new ledger: in a file that does not exist yet, or in a database that exists, in a
    /// schema `mlicense` of its own.
    ///
    /// # Errors
    /// [`ErrorKind::StoreExists`] when something is there; else as [`Ledger::open`].
    pub fn create(place: impl Into<Place>) -> Result<Self> {
        Ok(Self::of(Store::create(&place.into(), new_salt()?)?))
    }

    /// Opens a ledger, which many programs may have open.
    ///
    /// Calls block: a program that runs on an asynchronous runtime makes them on a thread for
    /// blocking work. Sessions with a database keep settings and prepared statements, so a pooler in
    /// between must pool whole sessions.
    ///
    /// # Errors
    /// [`ErrorKind::StoreUnavailable`] when there is none, [`ErrorKind::StoreForeign`] when the file
    /// or the schema is something else, [`ErrorKind::StoreNewer`], [`ErrorKind::StoreCorrupt`]. For
    /// a database also [`ErrorKind::FieldInvalid`] when its connection text cannot be read, leads to
    /// another machine without TLS that shows which, or the program was built without feature
    /// `postgres`; [`ErrorKind::StoreUntrusted`] when the server has no TLS or another certificate.
    pub fn open(place: impl Into<Place>) -> Result<Self> {
        Ok(Self::of(Store::open(&place.into())?))
    }

    pub(crate) const fn of(store: Store) -> Self {
        Self { store, company: Company::new() }
    }

    /// The file it is in; none when it is in a database.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.store.path()
    }

    /// Says what a command would do, without doing it (S-AX-44).
    ///
    /// # Errors
    /// Storage faults; a refusal of the rules is part of the answer.
    pub fn preview(&self, envelope: &Envelope, now: Instant) -> Result<Preview> {
        self.store.read(|store| {
            let (prepared, world) = self.load(store, envelope.clone())?;
            Ok(history::preview(&prepared, &world, now)?)
        })
    }

    /// Reads the whole ledger again: recomputes every chain, compares the tables of claims and links
    /// with what the events say, and the history with every checkpoint that is kept.
    ///
    /// Some claims no event tells: purchases, and what an installation that registered a number
    /// claimed of its host and of itself. Of those it checks that their holder can hold such a
    /// claim, and [`Verified::untold`] counts them; that one was removed or added for another such
    /// customer is not found. Names and addresses and the outbox stand for themselves, and what is
    /// kept of receipts is compared with their events by [`Ledger::export`].
    ///
    /// An edit by somebody who knows how, of events and all that follows from them, is found only
    /// as far as a checkpoint reaches, and one that is kept elsewhere:
    /// [`Ledger::verify_since`].
    ///
    /// # Errors
    /// [`ErrorKind::HistoryBroken`] naming the first event that is not what was written,
    /// [`ErrorKind::TableBroken`] the first row, [`ErrorKind::CheckpointBroken`] the first
    /// checkpoint; storage faults.
    pub fn verify(&self) -> Result<Verified> {
        self.store.read(|store| verify::verify(store, None))
    }

    /// As [`Ledger::verify`], and checks that the history continues that of a checkpoint which was
    /// kept elsewhere: nothing was changed that it vouches for.
    ///
    /// # Errors
    /// As [`Ledger::verify`]; [`ErrorKind::CheckpointBroken`] when the history is another or ends
    /// before.
    pub fn verify_since(&self, checkpoint: &Checkpoint) -> Result<Verified> {
        self.store.read(|store| verify::verify(store, Some(checkpoint.head())))
    }

    pub(crate) fn load(
        &self,
        store: &dyn Reading,
        envelope: Envelope,
    ) -> Result<(Prepared, World)> {
        let catalogue = load_streams(store, World::default(), [StreamId::Catalogue])?;
        let prepared = Prepared::new(envelope, self.store.salt(), catalogue.catalogue())?;
        let held = store.holders(&prepared.claims())?;
        let mut streams = prepared.streams(&held);
        // Every command reads the catalogue and few write it: held, it would be a queue for all.
        streams.remove(&StreamId::Catalogue);
        store.hold(&streams)?;
        let world = load_streams(store, catalogue.holding(held), streams)?;
        let mut known = BTreeMap::new();
        for person in prepared.known(&world) {
            known.extend(store.person(&person)?.map(|fields| (person, fields)));
        }
        Ok((prepared, world.knowing(known)))
    }
}

/// Takes streams into a world: what is kept of each, and the events after it.
///
/// # Errors
/// [`ErrorKind::HistoryBroken`] when the events of a stream do not lead to its head; storage
/// faults.
pub(crate) fn load_streams(
    store: &dyn Reading,
    mut world: World,
    streams: impl IntoIterator<Item = StreamId>,
) -> Result<World> {
    for stream in streams {
        if let Some(head) = store.head(&stream)? {
            world.put(&stream, load(store, &stream, head)?);
        }
    }
    Ok(world)
}

/// The state of a stream at its head.
fn load(store: &dyn Reading, stream: &StreamId, head: (u64, ChainHash)) -> Result<Aggregate> {
    let from = |kept| replay(store, stream, (kept, head.0));
    let at_head = |read: &Aggregate| read.head() == head;
    let kept = match store.cache().before(stream, head) {
        Some(kept) if at_head(&kept) => return Ok(kept),
        Some(kept) => Some(kept),
        None => snapshot::read(store, stream, head.0)?,
    };
    let aggregate = match kept.map(|kept| from(Some(kept))) {
        // The transaction may have ended with it.
        Some(Err(fault @ Error::Store { source: Some(_), .. })) => return Err(fault),
        // What was kept may belong to a transaction that came to nothing: then it leads elsewhere.
        read => read.and_then(Result::ok).flatten().filter(at_head),
    };
    let aggregate = match aggregate {
        Some(aggregate) => aggregate,
        None => from(None)?.filter(at_head).ok_or_else(|| {
            Refusal::new(ErrorKind::HistoryBroken)
                .with("stream", stream)
                .with("index", head.0)
                .with("detail", "the events do not lead to the head")
        })?,
    };
    store.cache().keep(stream, aggregate.clone());
    Ok(aggregate)
}

/// Takes the events after a state, up to an index.
fn replay(
    store: &dyn Reading,
    stream: &StreamId,
    (from, to): (Option<Aggregate>, u64),
) -> Result<Option<Aggregate>> {
    let mut world = World::default();
    if let Some(from) = from {
        world.put(stream, from);
    }
    let after = world.head(stream).0;
    let limit = u32::try_from(to.saturating_sub(after)).unwrap_or(u32::MAX);
    let page = Page { after, limit };
    let mut take = |Stored { json, chain, .. }: Stored| {
        verify::take(&mut world, stream, (&json, chain)).map(drop)
    };
    store.events(stream, page, &mut take)?;
    Ok(world.aggregate(stream))
}

fn new_salt() -> Result<Salt> {
    let mut salt = [0; 32];
    fill(&mut salt)?;
    Ok(Salt::new(salt))
}

pub(crate) fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(internal)
}
