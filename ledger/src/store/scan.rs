//! What books are kept with: whole tables row by row, the log of all events, checkpoints.

use mlicense_core::{
    customer::Link,
    history::{ChainHash, Claim, Holder, StreamId},
    id::{ActorId, CommandId, CustomerId, PersonId},
    person::PersonFields,
    signing::merkle::TreeHead,
    time::Instant,
};

use super::{Remembered, Stored};
use crate::{error::Result, snapshot::Snapshot};

/// Rows read at once.
pub(crate) const ROWS: u32 = 1000;

/// An event with its position in the log of the whole ledger.
#[derive(Debug)]
pub(crate) struct Logged {
    /// 1, 2, 3, … in the log.
    pub(crate) position: u64,
    pub(crate) stream: String,
    pub(crate) index: u64,
    pub(crate) json: String,
    pub(crate) chain: ChainHash,
}

/// A checkpoint as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) head: TreeHead,
    pub(crate) origin: String,
    /// What the tree goes on from, 32 bytes each.
    pub(crate) peaks: Vec<u8>,
    pub(crate) at: Instant,
    pub(crate) note: String,
}

/// Which events of the journal: in the order of their times, then streams, then indexes.
#[derive(Debug)]
pub(crate) struct Wanted<'w> {
    pub(crate) stream: Option<&'w StreamId>,
    pub(crate) actor: Option<&'w ActorId>,
    pub(crate) kind: Option<&'w str>,
    /// Only those behind this time, stream and index, none of which an event needs to have.
    pub(crate) after: (String, String, u64),
    /// Only those before this time.
    pub(crate) until: String,
    pub(crate) limit: u32,
}

/// Something to be sent, as it is kept: number, command and JSON.
pub(crate) type Posted = (u64, String, String);

/// Reading tables in the order of their keys, from after a row on, at most [`ROWS`] of them.
pub(crate) trait Scanning {
    /// Events that have a position, in its order.
    fn log(&self, after: u64, limit: u32) -> Result<Vec<Logged>>;
    /// Events that have none yet, by stream and index; their positions read 0.
    fn unlogged(&self, after: Option<(&str, u64)>) -> Result<Vec<Logged>>;
    /// The position of an event in the log, once it has one.
    fn position(&self, stream: &StreamId, index: u64) -> Result<Option<u64>>;
    fn claims(&self, after: Option<&Claim>) -> Result<Vec<(Claim, Holder)>>;
    fn links(&self, after: Option<&Link>) -> Result<Vec<Link>>;
    fn commands(&self, after: Option<&CommandId>) -> Result<Vec<(CommandId, Remembered)>>;
    fn persons(&self, after: Option<&PersonId>) -> Result<Vec<(PersonId, PersonFields)>>;
    fn posted(&self, after: u64) -> Result<Vec<Posted>>;
    /// Events of all streams, at most [`ROWS`] and one.
    fn journal(&self, wanted: &Wanted<'_>) -> Result<Vec<(StreamId, Stored)>>;
    /// Customers in the order of their ids, at most `limit`; of a partner's when one is named.
    fn customers(
        &self,
        of: Option<&StreamId>,
        after: Option<&CustomerId>,
        limit: u32,
    ) -> Result<Vec<CustomerId>>;
    /// The checkpoint of this size, or the last.
    fn checkpoint(&self, size: Option<u64>) -> Result<Option<Kept>>;
    fn checkpoints(&self) -> Result<Vec<Kept>>;
    /// What is kept of the state of a stream.
    fn snapshot(&self, stream: &StreamId) -> Result<Option<Snapshot>>;
}

/// Writing what commands do not.
pub(crate) trait Keeping {
    /// Gives positions to the events that have none, behind those that have one, and lets nobody
    /// else do so until the transaction ends.
    fn extend_log(&self) -> Result<()>;
    /// Gives the next position to an event that was just appended, and is the only one without.
    fn log_event(&self, position: u64, stream: &StreamId, index: u64) -> Result<()>;
    fn keep_checkpoint(&self, checkpoint: &Kept) -> Result<()>;
    fn post_again(&self, posted: &Posted) -> Result<()>;
    /// Keeps the state of a stream in place of an earlier one.
    fn keep_snapshot(&self, stream: &StreamId, snapshot: &Snapshot) -> Result<()>;
}
