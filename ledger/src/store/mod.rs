//! What a ledger asks of its store.

mod cache;
mod disk;
mod migrations;
mod opener;
#[cfg(feature = "postgres")]
mod postgres;
mod scan;
mod seats;
mod sqlite;
mod walk;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use mlicense_core::{
    customer::LinkChange,
    error::{ErrorKind, Refusal},
    history::{ChainHash, Claim, Envelope, Holder, PersonChange, Recorded, Salt, StreamId},
    id::{CommandId, PersonId},
    json,
    person::PersonFields,
    time::Instant,
    view::CustomerRow,
};

use crate::{
    error::{Error, Result, damaged},
    place::{At, Place},
    receipt::Receipt,
};

pub(crate) use cache::Cache;
#[cfg(feature = "postgres")]
pub(crate) use postgres::{PostgresSeats, PostgresStore};
pub(crate) use scan::{Keeping, Kept, Logged, Posted, ROWS, Scanning, Wanted};
pub(crate) use seats::SeatStore;
pub(crate) use sqlite::{Access, SqliteSeats, SqliteStore};
use walk::Walk;
pub(crate) use walk::{Walked, Walking};

/// Where a ledger keeps its history.
#[derive(Debug)]
pub(crate) enum Store {
    Sqlite(Box<SqliteStore>),
    #[cfg(feature = "postgres")]
    Postgres(Box<PostgresStore>),
}

impl Store {
    /// A new one.
    pub(crate) fn create(place: &Place, salt: Salt) -> Result<Self> {
        Ok(match place.at()? {
            At::File(path) => Self::Sqlite(Box::new(SqliteStore::create(path, salt)?)),
            #[cfg(feature = "postgres")]
            At::Database(text) => Self::Postgres(Box::new(PostgresStore::create(text, salt)?)),
        })
    }

    /// One that is there.
    pub(crate) fn open(place: &Place) -> Result<Self> {
        Ok(match place.at()? {
            At::File(path) => Self::Sqlite(Box::new(SqliteStore::open(path, Access::Write)?)),
            #[cfg(feature = "postgres")]
            At::Database(text) => Self::Postgres(Box::new(PostgresStore::open(text)?)),
        })
    }

    /// Runs `work` in a transaction that sees one state and writes nothing.
    pub(crate) fn read<T>(&self, work: impl FnMut(&dyn Reading) -> Result<T>) -> Result<T> {
        match self {
            Self::Sqlite(store) => store.read(work),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.read(work),
        }
    }

    /// Whether one writes at a time, so that all others wait; refused in a fork of the process that
    /// opened it.
    pub(crate) fn has_one_writer(&self) -> Result<bool> {
        match self {
            Self::Sqlite(store) => store.check_opener().map(|()| true),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(false),
        }
    }

    /// The most commands of one caller that share a transaction: the longer it is, the fewer times a
    /// page is written that all of them change, and the longer others wait who want what it holds.
    pub(crate) const fn at_once(&self) -> usize {
        match self {
            Self::Sqlite(_) => 500,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => 100,
        }
    }

    /// Runs `work` in a transaction; commits when it succeeds, else changes nothing.
    ///
    /// A store that others write to at the same time runs `work` again, from its first reading,
    /// when it lost a race to them.
    pub(crate) fn write<T>(&self, mut work: impl FnMut(&dyn Writing) -> Result<T>) -> Result<T> {
        let mut runs = 0_u32;
        let work = |store: &dyn Writing| {
            runs = runs.saturating_add(1);
            if runs > 1 {
                // What was kept the time before came to nothing.
                store.cache().clear();
            }
            work(store)
        };
        let result = match self {
            Self::Sqlite(store) => store.write(work),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.write(work),
        };
        if matches!(result, Err(Error::Store { .. })) {
            self.cache().clear();
        }
        result
    }

    const fn cache(&self) -> &Cache {
        match self {
            Self::Sqlite(store) => store.cache(),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.cache(),
        }
    }

    pub(crate) const fn salt(&self) -> &Salt {
        match self {
            Self::Sqlite(store) => store.salt(),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.salt(),
        }
    }

    /// Takes a ledger away that was just made, and all that is in it.
    pub(crate) fn discard(self) {
        match self {
            Self::Sqlite(store) => store.discard(),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.discard(),
        }
    }

    /// The file it is in, if it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(store) => Some(store.path()),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => None,
        }
    }
}

/// A command that was done, as it is remembered: what its receipt says beside this, its events tell.
#[derive(Debug)]
pub(crate) struct Remembered {
    pub(crate) digest: Vec<u8>,
    pub(crate) at: Instant,
    /// In the order in which they were written.
    pub(crate) events: Vec<EventPlace>,
}

/// The stream of an event, and its index in it.
pub(crate) type EventPlace = (StreamId, u64);

impl Remembered {
    /// From the columns of a row.
    fn new(digest: Vec<u8>, at: &str, events: &str) -> Result<Self> {
        let at = at.parse().map_err(damaged)?;
        Ok(Self { digest, at, events: json::from_str(events).map_err(damaged)? })
    }
}

/// An event as it is stored.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) index: u64,
    pub(crate) json: String,
    pub(crate) chain: ChainHash,
}

/// What the journal finds an event by, as it stands beside it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JournalKey<'e> {
    pub(crate) at: &'e str,
    /// The id of who caused it.
    pub(crate) actor: &'e str,
    pub(crate) kind: &'e str,
}

impl JournalKey<'_> {
    /// Whether it follows from this event, of which `json` is what is stored.
    pub(crate) fn is_of(&self, event: &Recorded, json: &str) -> bool {
        self.actor == event.actor.id.as_str()
            && self.at.parse().is_ok_and(|at: Instant| at == event.at)
            && event.kind(json).is_ok_and(|kind| kind == self.kind)
    }
}

/// Which events of a stream: those with an index above `after`, at most `limit`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) after: u64,
    pub(crate) limit: u32,
}

/// Reading, within a transaction that sees one state.
pub(crate) trait Reading: Scanning {
    /// What is kept of streams that were read before.
    fn cache(&self) -> &Cache;
    /// The last index and chain hash of a stream; none before its first event.
    fn head(&self, stream: &StreamId) -> Result<Option<(u64, ChainHash)>>;
    /// Keeps streams as they are until the transaction ends, if it is one that writes; a store
    /// with one writer at a time has nothing to do.
    ///
    /// Other streams may be read too: should they have changed at the end, the work is done again.
    fn hold(&self, _streams: &BTreeSet<StreamId>) -> Result<()> {
        Ok(())
    }
    /// What a command came to that was done before. Of one that was not the streams it names are held
    /// next: a store that others write to may hold them already.
    fn remembered(&self, command: &Envelope) -> Result<Option<Remembered>>;
    /// Those of these events that are there.
    fn events_at(&self, places: &[EventPlace]) -> Result<BTreeMap<EventPlace, Stored>>;
    fn holders(&self, claims: &BTreeSet<Claim>) -> Result<BTreeMap<Claim, Holder>>;
    /// Name and address of a person, unless erased.
    fn person(&self, id: &PersonId) -> Result<Option<PersonFields>>;
    /// The customers linked to a holder, in the order of their ids, at most `limit`, each with the
    /// name and e-mail of the person to speak with.
    fn linked(&self, holder: &StreamId, limit: u32) -> Result<Vec<CustomerRow>>;
    /// Number, command and JSON of what is to be sent, oldest first.
    fn messages(&self, limit: u32) -> Result<Vec<(u64, String, String)>>;
    /// Gives events of a stream in order.
    fn events(
        &self,
        stream: &StreamId,
        page: Page,
        each: &mut dyn FnMut(Stored) -> Result<()>,
    ) -> Result<()>;
    /// Walks through all streams in the order of their names, and the events of each in order.
    fn walk(&self, walking: &mut dyn Walking) -> Result<()>;
}

/// Writing, within a transaction that commits as a whole.
pub(crate) trait Writing: Reading + Keeping {
    fn append(&self, event: &Recorded, stored: &Stored) -> Result<()>;
    fn claim(&self, claim: &Claim, holder: &Holder) -> Result<()>;
    fn release(&self, claim: &Claim) -> Result<()>;
    fn post(&self, command: &CommandId, json: &str) -> Result<()>;
    fn sent(&self, id: u64) -> Result<()>;
    fn change_person(&self, change: &PersonChange) -> Result<()>;
    fn change_link(&self, change: &LinkChange) -> Result<()>;
    /// Keeps the digest of a command, and of its receipt what the events do not tell.
    fn remember(&self, digest: &[u8], receipt: &Receipt) -> Result<()>;
    /// Has nothing be written for a command that is refused: an error when somebody else did it
    /// meanwhile. A store with one writer at a time has nothing to do.
    fn refuse(&self, _id: &CommandId) -> Result<()> {
        Ok(())
    }
    /// Rows written so far.
    fn written(&self) -> u64;
}

/// The head of a stream, which is at the index of its last event: otherwise somebody has cut some
/// off. That their chain leads to it is found when they are read.
fn at_last_event(
    stream: &str,
    head: Option<(u64, ChainHash)>,
    last: Option<u64>,
) -> Result<Option<(u64, ChainHash)>> {
    let at = head.map(|(index, _)| index);
    if at == last {
        return Ok(head);
    }
    let index = at.max(last).unwrap_or(0);
    let refusal = Refusal::new(ErrorKind::HistoryBroken).with("stream", stream);
    Err(refusal.with("index", index).with("detail", "the head is not the last event").into())
}

fn head_misplaced(stream: &str, index: u64) -> Error {
    let refusal = Refusal::new(ErrorKind::HistoryBroken);
    let detail = "the head is not the event before it";
    refusal.with("stream", stream).with("index", index).with("detail", detail).into()
}

fn newer(store: &str, found: i32, known: i32) -> Error {
    let fault = Refusal::new(ErrorKind::StoreNewer).with("store", store);
    let fault = fault.with("found", found).with("known", known);
    Error::Store { fault, source: None }
}
