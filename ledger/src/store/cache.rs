//! States of streams that were read or written before.

use std::sync::{Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use mlicense_core::history::{Aggregate, ChainHash, StreamId};

/// The most events that all states together stand for, and one for each stream: what a state
/// weighs follows from its events.
const WEIGHT_MAX: u64 = 200_000;

/// States of streams, the last used ones. None is ever trusted by itself: whoever takes one has
/// read the head of its stream, and gets it when it is the state at that head.
pub(crate) struct Cache(Mutex<States>);

struct States {
    kept: LruCache<StreamId, Aggregate>,
    weight: u64,
}

impl Cache {
    pub(super) fn new() -> Self {
        Self(Mutex::new(States { kept: LruCache::unbounded(), weight: 0 }))
    }

    /// The state of a stream that has not come further than this head.
    pub(crate) fn before(
        &self,
        stream: &StreamId,
        (index, chain): (u64, ChainHash),
    ) -> Option<Aggregate> {
        let mut states = self.states();
        let kept = states.kept.get(stream)?;
        let (at, kept_chain) = kept.head();
        (at < index || (at == index && kept_chain == chain)).then(|| kept.clone())
    }

    /// Keeps the state of a stream unless a later one is kept.
    pub(crate) fn keep(&self, stream: &StreamId, aggregate: Aggregate) {
        let mut states = self.states();
        let later = |kept: &Aggregate| kept.head().0 > aggregate.head().0;
        if !states.kept.peek(stream).is_some_and(later) {
            states.remove(stream);
            states.put(stream, aggregate);
        }
    }

    /// Forgets the state of a stream, which is about to change.
    pub(crate) fn forget(&self, stream: &StreamId) {
        self.states().remove(stream);
    }

    /// Forgets all of them.
    pub(super) fn clear(&self) {
        let mut states = self.states();
        states.kept.clear();
        states.weight = 0;
    }

    fn states(&self) -> MutexGuard<'_, States> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl States {
    fn put(&mut self, stream: &StreamId, aggregate: Aggregate) {
        self.weight = self.weight.saturating_add(weight(&aggregate));
        self.kept.put(stream.clone(), aggregate);
        // The one just used stays, whatever it weighs.
        while self.weight > WEIGHT_MAX && self.kept.len() > 1 {
            let Some((_, oldest)) = self.kept.pop_lru() else { return };
            self.weight = self.weight.saturating_sub(weight(&oldest));
        }
    }

    fn remove(&mut self, stream: &StreamId) {
        if let Some(old) = self.kept.pop(stream) {
            self.weight = self.weight.saturating_sub(weight(&old));
        }
    }
}

const fn weight(aggregate: &Aggregate) -> u64 {
    aggregate.head().0.saturating_add(1)
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cache(…)")
    }
}
