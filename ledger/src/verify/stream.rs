//! One stream that is read again.

use std::cmp::Ordering;

use mlicense_core::{
    error::Refusal,
    history::{Aggregate, ChainHash, Derived, Recorded, StreamId, World},
};

use super::{broken, wrong};
use crate::{error::Result, snapshot::Snapshot, store::Walked};

/// Takes an event into a world if it is what its chain was computed over.
pub(crate) fn take(
    world: &mut World,
    stream: &StreamId,
    (json, chain): (&str, ChainHash),
) -> Result<Recorded> {
    let recorded = world.take_and_tell(stream, json)?;
    if world.head(stream).1 != chain {
        return Err(broken(stream, recorded.index, "the chain does not hold"));
    }
    Ok(recorded)
}

/// A stream that is being read.
pub(super) struct Stream {
    pub(super) stream: StreamId,
    pub(super) world: World,
    pub(super) derived: Derived,
    head: (u64, ChainHash),
    kept: Option<Aggregate>,
}

impl Stream {
    /// One with this name and head; `index` is the first that is known of it.
    pub(super) fn begin(
        name: &str,
        head: (u64, ChainHash),
        kept: Option<&Snapshot>,
        index: u64,
    ) -> Result<Self> {
        let unreadable = |refusal: Refusal| broken(name, index, &refusal.to_string());
        let stream: StreamId = name.parse().map_err(unreadable)?;
        let kept = kept.map(|kept| read(kept, &stream, head.0)).transpose()?.flatten();
        let derived = Derived::of(stream.clone());
        Ok(Self { stream, world: World::default(), derived, head, kept })
    }

    pub(super) fn take(&mut self, event: &Walked<'_>) -> Result<()> {
        let Self { stream, world, derived, kept, .. } = self;
        let expected = world.head(stream).0.saturating_add(1);
        if event.index != expected {
            return Err(broken(stream, expected, "it is missing"));
        }
        let recorded = take(world, stream, (event.json, event.chain))?;
        if !event.key.is_of(&recorded, event.json) {
            return Err(broken(stream, event.index, "the journal has another time, actor or kind"));
        }
        derived.take(&recorded.event);
        match kept {
            Some(kept) if kept.head().0 == event.index => same_state(stream, world, kept),
            _ => Ok(()),
        }
    }

    /// Index and chain hash of its last event, which is its head.
    pub(super) fn end(&self) -> Result<(u64, ChainHash)> {
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

/// What is kept of the state of a stream, when this version can read it.
fn read(kept: &Snapshot, stream: &StreamId, last: u64) -> Result<Option<Aggregate>> {
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
