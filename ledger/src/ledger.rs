//! `Ledger`.

use std::{collections::BTreeMap, path::Path};

use mlicense_core::{
    document::Checkpoint,
    error::{ErrorKind, Refusal},
    history::{
        self, Aggregate, ChainHash, Changes, Envelope, Message, PersonChange, Prepared, Preview,
        Recorded, Salt, StreamId, World,
    },
    json,
    signing::hmac_sha256,
    time::Instant,
};

use crate::{
    error::{Error, Result, damaged, internal},
    export::Progress,
    outbox,
    place::Place,
    receipt::{Receipt, Written},
    snapshot,
    store::{Page, Reading, Remembered, Store, Stored, Writing},
    verify::{self, Verified},
};

/// The vendor's book of record.
///
/// Usable from many threads at once; each call is one transaction.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) store: Store,
}

impl Ledger {
    /// The most commands that [`Ledger::execute_many`] does in one transaction.
    pub const AT_ONCE: usize = 100;

    /// Makes a new ledger: in a file that does not exist yet, or in a database that exists, in a
    /// schema `mlicense` of its own.
    ///
    /// # Errors
    /// [`ErrorKind::StoreExists`] when something is there; else as [`Ledger::open`].
    pub fn create(place: impl Into<Place>) -> Result<Self> {
        Ok(Self { store: Store::create(&place.into(), new_salt()?)? })
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
        Ok(Self { store: Store::open(&place.into())? })
    }

    /// The file it is in; none when it is in a database.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.store.path()
    }

    /// Does a command, once: the same id with the same command is answered with the first receipt.
    ///
    /// # Errors
    /// What the rules refuse, [`ErrorKind::CommandIdReused`], storage faults. Nothing is changed
    /// then.
    pub fn execute(&self, envelope: &Envelope, now: Instant) -> Result<Receipt> {
        self.write(envelope, now, |_, prepared, world| Ok(history::decide(prepared, world, now)?))
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

    /// Does a command if it would do exactly what its preview showed.
    ///
    /// # Errors
    /// [`ErrorKind::PreviewStale`] when it would not (S-AX-46); else as [`Ledger::execute`].
    pub fn commit(&self, envelope: &Envelope, token: &str, now: Instant) -> Result<Receipt> {
        self.write(envelope, now, |_, prepared, world| {
            let changes = history::decide(prepared, world, now)?;
            if history::token(world, &changes)? != token {
                return Err(Refusal::new(ErrorKind::PreviewStale).into());
            }
            Ok(changes)
        })
    }

    /// Reads the whole ledger again: recomputes every chain, compares the tables of claims and links
    /// with what the events say, and the history with every checkpoint that is kept.
    ///
    /// Some claims no event tells: purchases, and what an installation that registered a number
    /// claimed of its host and of itself. Of those it checks that their holder can hold such a
    /// claim, and [`Verified::untold`] counts them; that one was removed or added for another such
    /// customer is not found. Names and addresses, the outbox and receipts stand for themselves.
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

    /// Does many commands, each for itself and in order: one refused stops none of the others.
    ///
    /// Up to [`Ledger::AT_ONCE`] of them share a transaction, and `progress` is told after each
    /// that was committed. What is left when a fault of the store stops it is not done; whoever
    /// gives all of them again, under the same ids, has those done that were not, and the first
    /// receipts of the others.
    ///
    /// # Errors
    /// Storage faults. What the rules refuse stands in place of the receipt.
    pub fn execute_many(
        &self,
        envelopes: &[Envelope],
        now: Instant,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<Result<Receipt, Refusal>>> {
        let all = u64::try_from(envelopes.len()).unwrap_or(u64::MAX);
        let mut done = Vec::with_capacity(envelopes.len());
        for some in envelopes.chunks(Self::AT_ONCE) {
            match self.together(some, now) {
                Ok(receipts) => done.extend(receipts),
                // Whatever is wrong with one of them does not concern the others.
                Err(_) => {
                    for envelope in some {
                        done.push(refused_or(self.execute(envelope, now))?);
                    }
                }
            }
            progress(Progress::new(u64::try_from(done.len()).unwrap_or(u64::MAX), all));
        }
        Ok(done)
    }

    /// Does commands in one transaction, which comes to nothing when the store fails one of them.
    fn together(
        &self,
        envelopes: &[Envelope],
        now: Instant,
    ) -> Result<Vec<Result<Receipt, Refusal>>> {
        let digests = envelopes.iter().map(|envelope| self.digest(envelope));
        let digests = digests.collect::<Result<Vec<_>>>()?;
        self.store.write(|store| {
            let mut receipts = Vec::with_capacity(envelopes.len());
            for command in envelopes.iter().zip(&digests) {
                let before = store.written();
                let decide = &mut |_: &dyn Reading, prepared: &Prepared, world: &World| {
                    Ok(history::decide(prepared, world, now)?)
                };
                let done = self.perform(store, command, now, decide);
                if done.is_err() && store.written() != before {
                    return Err(internal("a command was refused when half of it was written"));
                }
                receipts.push(refused_or(done)?);
            }
            Ok(receipts)
        })
    }

    pub(crate) fn write(
        &self,
        envelope: &Envelope,
        now: Instant,
        mut decide: impl FnMut(&dyn Reading, &Prepared, &World) -> Result<Changes>,
    ) -> Result<Receipt> {
        let digest = self.digest(envelope)?;
        self.store.write(|store| self.perform(store, (envelope, &digest), now, &mut decide))
    }

    /// What a command is known by when it is given again.
    fn digest(&self, envelope: &Envelope) -> Result<Vec<u8>> {
        Ok(hmac_sha256(self.store.salt().as_bytes(), &envelope.canonical()?).to_vec())
    }

    fn perform(
        &self,
        store: &dyn Writing,
        (envelope, digest): (&Envelope, &Vec<u8>),
        now: Instant,
        decide: &mut dyn FnMut(&dyn Reading, &Prepared, &World) -> Result<Changes>,
    ) -> Result<Receipt> {
        if let Some(done) = store.remembered(envelope)? {
            return first_receipt(envelope, digest, &done);
        }
        let decided = self.load(store, envelope.clone()).and_then(|(prepared, world)| {
            let changes = decide(store, &prepared, &world)?;
            Ok((world, changes))
        });
        if let Err(Error::Refused(_)) = decided {
            store.refuse(&envelope.id)?;
        }
        let (mut world, changes) = decided?;
        let receipt = append(store, envelope, (&mut world, &changes), now)?;
        let text = serde_json::to_string(&receipt).map_err(internal)?;
        let digest = digest.clone();
        store.remember(&envelope.id, &Remembered { digest, receipt: text })?;
        Ok(receipt)
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
    let aggregate = match store.cache().before(stream, head) {
        Some(kept) if at_head(&kept) => return Ok(kept),
        // What was kept may belong to a transaction that came to nothing: then it leads elsewhere.
        Some(kept) => from(Some(kept)).ok().flatten().filter(at_head),
        None => match snapshot::read(store, stream, head.0)? {
            Some(kept) => from(Some(kept)).ok().flatten().filter(at_head),
            None => None,
        },
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

/// A refusal apart from a fault of the store.
fn refused_or<T>(result: Result<T>) -> Result<Result<T, Refusal>> {
    match result {
        Ok(done) => Ok(Ok(done)),
        Err(Error::Refused(refusal)) => Ok(Err(refusal)),
        Err(fault) => Err(fault),
    }
}

fn first_receipt(envelope: &Envelope, digest: &[u8], done: &Remembered) -> Result<Receipt> {
    if done.digest != digest {
        return Err(Refusal::new(ErrorKind::CommandIdReused).with("id", &envelope.id).into());
    }
    json::from_str(&done.receipt).map_err(damaged)
}

fn append(
    store: &dyn Writing,
    envelope: &Envelope,
    (world, changes): (&mut World, &Changes),
    now: Instant,
) -> Result<Receipt> {
    // Each with the index before the first of its events.
    let streams = changes.events.iter().map(|(stream, _)| (stream, world.head(stream).0));
    let streams: BTreeMap<&StreamId, u64> = streams.collect();
    for stream in streams.keys() {
        // Held by the world alone, its state is changed in place.
        store.cache().forget(stream);
    }
    let mut written = Vec::new();
    for (stream, event) in &changes.events {
        let recorded = Recorded {
            stream: stream.clone(),
            index: world.head(stream).0.saturating_add(1),
            at: now,
            actor: envelope.actor.clone(),
            command: envelope.id.clone(),
            event: event.clone(),
        };
        let json = recorded.to_json()?;
        world.append(&recorded, &json)?;
        let (index, chain) = world.head(stream);
        let stored = Stored { index, json, chain };
        store.append(&recorded, &stored)?;
        let kind = recorded.kind(&stored.json)?.to_owned();
        let (stream, chain) = (recorded.stream, chain.to_string());
        written.push(Written { stream, index, kind, chain });
    }
    for Written { stream, index, kind, .. } in &written {
        for webhook in world.catalogue().webhooks().told(kind) {
            let (webhook, stream, index) = (webhook.clone(), stream.clone(), *index);
            outbox::post(store, &envelope.id, &Message::Webhook { webhook, stream, index })?;
        }
    }
    for claim in &changes.released {
        store.release(claim)?;
    }
    for (claim, holder) in &changes.claims {
        store.claim(claim, holder)?;
    }
    for change in &changes.persons {
        store.change_person(change)?;
        if let PersonChange::Erase(person) = change {
            outbox::withdraw(store, person)?;
        }
    }
    for message in &changes.messages {
        outbox::post(store, &envelope.id, message)?;
    }
    for change in &changes.links {
        store.change_link(change)?;
    }
    for (stream, before) in streams {
        if let Some(aggregate) = world.aggregate(stream) {
            snapshot::keep(store, stream, (before, &aggregate))?;
            store.cache().keep(stream, aggregate);
        }
    }
    Ok(Receipt { command: envelope.id.clone(), at: now, events: written })
}

fn new_salt() -> Result<Salt> {
    let mut salt = [0; 32];
    fill(&mut salt)?;
    Ok(Salt::new(salt))
}

pub(crate) fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(internal)
}
