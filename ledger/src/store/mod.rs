//! What a ledger asks of its store.

mod sqlite;

use std::collections::{BTreeMap, BTreeSet};

use mlicense_core::{
    history::{ChainHash, Claim, Holder, PersonChange, StreamId},
    id::CommandId,
};

use crate::error::Result;

pub(crate) use sqlite::SqliteStore;

/// A command that was done, as it is remembered.
#[derive(Debug)]
pub(crate) struct Remembered {
    pub(crate) digest: Vec<u8>,
    pub(crate) receipt: String,
}

/// An event as it is stored.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) index: u64,
    pub(crate) json: String,
    pub(crate) chain: ChainHash,
}

/// Which events of a stream: those with an index above `after`, at most `limit`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) after: u64,
    pub(crate) limit: u32,
}

impl Page {
    pub(crate) const ALL: Self = Self { after: 0, limit: u32::MAX };
}

/// Reading, within a transaction that sees one state.
pub(crate) trait Reading {
    fn remembered(&self, id: &CommandId) -> Result<Option<Remembered>>;
    fn holders(&self, claims: &BTreeSet<Claim>) -> Result<BTreeMap<Claim, Holder>>;
    fn heads(&self) -> Result<BTreeMap<StreamId, (u64, ChainHash)>>;
    /// Gives events of a stream in order.
    fn events(
        &self,
        stream: &StreamId,
        page: Page,
        each: &mut dyn FnMut(Stored) -> Result<()>,
    ) -> Result<()>;
}

/// Writing, within a transaction that commits as a whole.
pub(crate) trait Writing: Reading {
    fn append(&self, stream: &StreamId, event: &Stored) -> Result<()>;
    fn claim(&self, claim: &Claim, holder: &Holder) -> Result<()>;
    fn change_person(&self, change: &PersonChange) -> Result<()>;
    fn remember(&self, id: &CommandId, command: &Remembered) -> Result<()>;
}
