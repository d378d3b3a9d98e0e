//! Commands: each is decided and written in one transaction, once.

use std::{borrow::Cow, collections::BTreeMap};

use mlicense_core::{
    error::{ErrorKind, Refusal},
    history::{
        self, Changes, Envelope, Message, PersonChange, Prepared, Recorded, StreamId, World,
    },
    signing::hmac_sha256,
    time::Instant,
};

use crate::{
    error::{Error, Result, internal},
    export::Progress,
    ledger::Ledger,
    outbox,
    receipt::{Receipt, Written},
    snapshot,
    store::{Reading, Remembered, Stored, Writing},
};

/// A command that is to be done.
#[derive(Debug)]
pub(crate) struct Work<'e> {
    envelope: Cow<'e, Envelope>,
    /// What it is known by when it is given again.
    digest: Vec<u8>,
    now: Instant,
}

/// What came of a command that the store did not fail.
pub(crate) type Done = Result<Receipt, Refusal>;

impl Ledger {
    /// Does a command, once: the same id with the same command is answered with the first receipt.
    ///
    /// # Errors
    /// What the rules refuse, [`ErrorKind::CommandIdReused`], storage faults. Nothing is changed
    /// then.
    pub fn execute(&self, envelope: &Envelope, now: Instant) -> Result<Receipt> {
        if self.store.has_one_writer()? {
            let work = self.work(Cow::Owned(envelope.clone()), now)?;
            let done = self.company.run(work, |works| {
                self.store.write(|store| {
                    let mut done = Vec::new();
                    while let Some(work) = works.after(done.len()) {
                        done.push(self.one_of_many(store, &work)?);
                    }
                    Ok(done)
                })
            });
            if let Some(done) = done {
                return Ok(done??);
            }
        }
        self.write(envelope, now, |_, prepared, world| Ok(history::decide(prepared, world, now)?))
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

    /// Does many commands, each for itself and in order: one refused stops none of the others.
    ///
    /// Up to 500 of them share a transaction in a file, 100 in a database, and `progress` is told
    /// after each that was committed. What is left when a fault of the store stops it is not done;
    /// after [`ErrorKind::OutcomeUnknown`] those of one transaction may be. Whoever gives all of
    /// them again, under the same ids, has those done that were not, and the first receipts of the
    /// others.
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
        for some in envelopes.chunks(self.store.at_once()) {
            match self.together(some, now) {
                Ok(receipts) => done.extend(receipts),
                Err(fault) if fault.kind() == ErrorKind::OutcomeUnknown => return Err(fault),
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
    fn together(&self, envelopes: &[Envelope], now: Instant) -> Result<Vec<Done>> {
        let works = envelopes.iter().map(|envelope| self.work(Cow::Borrowed(envelope), now));
        let works = works.collect::<Result<Vec<_>>>()?;
        self.store.write(|store| works.iter().map(|work| self.one_of_many(store, work)).collect())
    }

    /// Does one of the commands of a transaction. A refusal concerns it alone, unless something of
    /// it was written before.
    fn one_of_many(&self, store: &dyn Writing, work: &Work<'_>) -> Result<Done> {
        let before = store.written();
        let decide = &mut |_: &dyn Reading, prepared: &Prepared, world: &World| {
            Ok(history::decide(prepared, world, work.now)?)
        };
        match self.perform(store, work, decide) {
            Err(Error::Refused(refusal)) if store.written() == before => Ok(Err(refusal)),
            done => done.map(Ok),
        }
    }

    pub(crate) fn write(
        &self,
        envelope: &Envelope,
        now: Instant,
        mut decide: impl FnMut(&dyn Reading, &Prepared, &World) -> Result<Changes>,
    ) -> Result<Receipt> {
        let work = self.work(Cow::Borrowed(envelope), now)?;
        self.store.write(|store| self.perform(store, &work, &mut decide))
    }

    fn work<'e>(&self, envelope: Cow<'e, Envelope>, now: Instant) -> Result<Work<'e>> {
        let digest = hmac_sha256(self.store.salt().as_bytes(), &envelope.canonical()?).to_vec();
        Ok(Work { envelope, digest, now })
    }

    fn perform(
        &self,
        store: &dyn Writing,
        Work { envelope, digest, now }: &Work<'_>,
        decide: &mut dyn FnMut(&dyn Reading, &Prepared, &World) -> Result<Changes>,
    ) -> Result<Receipt> {
        if let Some(done) = store.remembered(envelope)? {
            return first_receipt(store, (envelope, digest), done);
        }
        let decided = self.load(store, Envelope::clone(envelope)).and_then(|(prepared, world)| {
            let changes = decide(store, &prepared, &world)?;
            Ok((world, changes))
        });
        if let Err(Error::Refused(_)) = decided {
            store.refuse(&envelope.id)?;
        }
        let (mut world, changes) = decided?;
        let receipt = append(store, envelope, (&mut world, &changes), *now)?;
        store.remember(digest, &receipt)?;
        Ok(receipt)
    }
}

/// A refusal apart from a fault of the store.
fn refused_or(result: Result<Receipt>) -> Result<Done> {
    match result {
        Ok(done) => Ok(Ok(done)),
        Err(Error::Refused(refusal)) => Ok(Err(refusal)),
        Err(fault) => Err(fault),
    }
}

fn first_receipt(
    store: &dyn Reading,
    (envelope, digest): (&Envelope, &[u8]),
    done: Remembered,
) -> Result<Receipt> {
    if done.digest != digest {
        return Err(Refusal::new(ErrorKind::CommandIdReused).with("id", &envelope.id).into());
    }
    let mut receipts = Receipt::read(store, [(envelope.id.clone(), done)])?;
    receipts.pop().ok_or_else(|| internal("no receipt"))
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
