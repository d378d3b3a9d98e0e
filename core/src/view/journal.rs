//! The journal: the events of all streams, by who, what and when.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::HistoryEntry;
use crate::{
    history::{ChainHash, Recorded, StreamId},
    time::Instant,
};

/// Where an event stands in the journal: in the order of the times, then of the streams, then of
/// the indexes in a stream.
///
/// In JSON `{"at": "2026-03-01T12:00:00Z", "stream": "customer/c1", "index": 3}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a place is these three")]
pub struct EventPlace {
    /// When it was decided.
    pub at: Instant,
    /// The stream.
    pub stream: StreamId,
    /// Index in the stream, from 1.
    pub index: u64,
}

impl fmt::Display for EventPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.at, self.stream, self.index)
    }
}

/// An event with the stream it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct JournalEntry {
    /// The stream.
    pub stream: StreamId,
    /// The event.
    #[serde(flatten)]
    pub entry: HistoryEntry,
}

impl JournalEntry {
    /// Makes an entry of a recorded event and the chain hash after it.
    #[must_use]
    pub fn new(recorded: Recorded, chain: ChainHash) -> Self {
        let stream = recorded.stream.clone();
        Self { stream, entry: HistoryEntry::new(recorded, chain) }
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> EventPlace {
        let Self { stream, entry } = self;
        EventPlace { at: entry.at, stream: stream.clone(), index: entry.index }
    }
}

/// Events in the order of their places, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct JournalPage {
    /// The events.
    pub entries: Vec<JournalEntry>,
    /// The place of the last one, to give as `after` for the next page; none when there is none.
    pub next: Option<EventPlace>,
}

impl JournalPage {
    /// A page of at most `limit` entries, of `found`, which has one more where there is a next.
    #[must_use]
    pub fn of(mut found: Vec<JournalEntry>, limit: u32) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(JournalEntry::place);
        Self { entries: found, next }
    }
}
