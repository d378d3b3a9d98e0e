//! Verification: the whole history is read again, each chain recomputed and each event applied.

use std::{cmp::Ordering, collections::BTreeMap};

use mlicense_core::{
    error::{ErrorKind, Refusal},
    history::{StreamId, World},
};
use serde::Serialize;

use crate::{
    error::{Error, Result},
    store::{Page, Reading},
};

/// What a verification has found to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Verified {
    /// Streams read.
    pub streams: u64,
    /// Events read.
    pub events: u64,
    /// Chain hash of each stream's last event, lower-case hex.
    pub heads: BTreeMap<StreamId, String>,
}

/// Reads every stream; names the first event that is not what was written.
pub(crate) fn verify(store: &dyn Reading) -> Result<Verified> {
    let mut verified = Verified { streams: 0, events: 0, heads: BTreeMap::new() };
    for (stream, (last, head)) in store.heads()? {
        let mut world = World::default();
        store.events(&stream, Page::ALL, &mut |stored| {
            let expected = world.head(&stream).0.saturating_add(1);
            if stored.index != expected {
                return Err(broken(&stream, expected, "it is missing"));
            }
            world.take(&stream, &stored.json)?;
            if world.head(&stream).1 != stored.chain {
                return Err(broken(&stream, stored.index, "the chain does not hold"));
            }
            Ok(())
        })?;
        let (index, chain) = world.head(&stream);
        let next = index.min(last).saturating_add(1);
        match last.cmp(&index) {
            Ordering::Greater => return Err(broken(&stream, next, "it is missing")),
            Ordering::Less => return Err(broken(&stream, next, "the head does not know it")),
            Ordering::Equal if head != chain => {
                return Err(broken(&stream, index, "the head holds another chain"));
            }
            Ordering::Equal => {}
        }
        verified.streams = verified.streams.saturating_add(1);
        verified.events = verified.events.saturating_add(index);
        verified.heads.insert(stream, chain.to_string());
    }
    Ok(verified)
}

fn broken(stream: &StreamId, index: u64, detail: &str) -> Error {
    let refusal = Refusal::new(ErrorKind::HistoryBroken);
    refusal.with("stream", stream).with("index", index).with("detail", detail).into()
}
