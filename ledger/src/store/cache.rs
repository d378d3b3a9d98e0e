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

    /// Whether a state of the stream is kept, whichever.
    #[cfg(feature = "postgres")]
    pub(crate) fn knows(&self, stream: &StreamId) -> bool {
        self.states().kept.contains(stream)
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

#[cfg(test)]
mod tests {
    use mlicense_core::history::World;

    use super::*;

    /// The states of a person after each of so many events; `command` tells one history from another.
    fn states(person: &str, command: &str, events: u64) -> Vec<Aggregate> {
        let stream = stream(person);
        let mut world = World::default();
        let event = |index: u64| if index == 1 { r#"{"added":{}}"# } else { r#"{"activated":{}}"# };
        let mut take = |index: u64| {
            let json = format!(
                r#"{{"stream":"{stream}","index":{index},"at":"2026-03-01T12:00:00Z","actor":{{"role":"vendor","id":"v"}},"command":"{command}","event":{}}}"#,
                event(index)
            );
            world.take(&stream, &json).unwrap();
            world.aggregate(&stream).unwrap()
        };
        (1..=events).map(&mut take).collect()
    }

    fn stream(person: &str) -> StreamId {
        StreamId::Person(person.parse().unwrap())
    }

    #[test]
    fn a_state_is_given_at_its_head_and_to_who_is_further_on() {
        let (cache, states) = (Cache::new(), states("p1", "first", 3));
        cache.keep(&stream("p1"), states[1].clone());
        assert_eq!(cache.before(&stream("p1"), states[1].head()).as_ref(), Some(&states[1]));
        assert_eq!(cache.before(&stream("p1"), states[2].head()).as_ref(), Some(&states[1]));
        assert_eq!(cache.before(&stream("p1"), states[0].head()), None, "not yet so far");
        assert_eq!(cache.before(&stream("p2"), states[1].head()), None);
    }

    #[test]
    fn the_state_of_another_history_is_not_given() {
        let (cache, ours) = (Cache::new(), states("p1", "ours", 2));
        cache.keep(&stream("p1"), states("p1", "theirs", 2)[1].clone());
        assert_eq!(cache.before(&stream("p1"), ours[1].head()), None);
    }

    #[test]
    fn an_earlier_state_takes_the_place_of_none_that_is_later() {
        let (cache, states) = (Cache::new(), states("p1", "first", 2));
        cache.keep(&stream("p1"), states[1].clone());
        cache.keep(&stream("p1"), states[0].clone());
        assert_eq!(cache.before(&stream("p1"), states[1].head()).as_ref(), Some(&states[1]));
        cache.forget(&stream("p1"));
        assert_eq!(cache.before(&stream("p1"), states[1].head()), None);
    }

    #[test]
    fn those_used_longest_ago_make_room() {
        let cache = Cache::new();
        // An event and the stream itself weigh two.
        let most = WEIGHT_MAX / 2;
        let one = states("p", "first", 1)[0].clone();
        let name = |n: u64| stream(&format!("p{n}"));
        for n in 0..most {
            cache.keep(&name(n), one.clone());
        }
        let kept = |n: u64| cache.before(&name(n), one.head()).is_some();
        assert!(kept(0), "as many as there is room for");
        cache.keep(&name(most), one.clone());
        assert!(kept(0) && kept(most) && !kept(1));
        cache.clear();
        assert!(!kept(0));
        assert_eq!(cache.states().weight, 0);
    }
}
