//! Checkpoints: the vendor signs how long its history is and the hash over all of it.

use mlicense_core::{
    document::Checkpoint,
    error::{ErrorKind, Refusal},
    history::StreamId,
    signing::{
        Signer,
        merkle::{self, MerkleHash, MerkleTree, TreeHead},
    },
    time::Instant,
};
use serde::Serialize;

use crate::{
    error::{Result, internal},
    ledger::Ledger,
    store::{Kept, ROWS, Reading},
};

/// A checkpoint a ledger keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KeptCheckpoint {
    /// How many events it vouches for, and the root of the tree over them.
    pub head: TreeHead,
    /// When it was made.
    pub at: Instant,
    /// The signed note; see [`Checkpoint::verify`].
    pub note: String,
}

/// That an event stands in the history of a checkpoint.
///
/// Checked without the ledger: [`MerkleHash::of_leaf`] of the event's exact bytes at `index` with
/// [`TreeHead::verify_inclusion`], under the head of the checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Inclusion {
    /// The event, its exact bytes.
    pub event: String,
    /// Its leaf in the tree, counted from 0.
    pub index: u64,
    /// The hashes that lead from it to the root.
    pub proof: Vec<MerkleHash>,
    /// The head of the checkpoint.
    pub head: TreeHead,
}

/// That the history of one checkpoint begins with that of an older one.
///
/// Checked without the ledger: [`TreeHead::verify_consistency`] of the older head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Consistency {
    /// The head of the older checkpoint.
    pub older: TreeHead,
    /// The head of the newer one.
    pub newer: TreeHead,
    /// The hashes that lead to both roots.
    pub proof: Vec<MerkleHash>,
}

impl From<Kept> for KeptCheckpoint {
    fn from(kept: Kept) -> Self {
        Self { head: kept.head, at: kept.at, note: kept.note }
    }
}

impl Ledger {
    /// Signs the history as it is now: number of events and root of the RFC 6962 tree over their
    /// exact bytes, as a note that the tools of transparency logs read (C2SP tlog-checkpoint).
    ///
    /// `origin` names the history, the same in every checkpoint; see [`Checkpoint::new`]. Which
    /// keys may sign, whoever reads it says; a key of a ring needs the role for checkpoints. Without
    /// an event since the last checkpoint the answer is the last one. The ledger keeps all of them;
    /// keep copies where nobody who can write to the ledger can write.
    ///
    /// **What this makes visible.** Against a checkpoint that is kept elsewhere, any change to the
    /// events up to it: edited, removed, added in between, put in another order, even when every
    /// chain hash was computed anew by somebody who knows how. **What it does not.** Whatever is
    /// done to events after the newest checkpoint that is known elsewhere: whoever can write to the
    /// store can cut them off or write others, and the chains alone tell only who did not care to
    /// compute them anew. So make one as often as you would want to notice. It does not cover names
    /// and addresses, which must be erasable, the outbox, and what else no event says.
    ///
    /// It reads the events since the last checkpoint. In PostgreSQL events get their places in the
    /// log here, in the order of streams: those that commit later come later.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] for an origin that is none, [`ErrorKind::OtherOrigin`] when the
    /// last has another, [`ErrorKind::CheckpointBroken`] when the last is damaged or an event is
    /// missing; storage faults.
    pub fn checkpoint(
        &self,
        origin: &str,
        signer: &Signer,
        now: Instant,
    ) -> Result<KeptCheckpoint> {
        self.store.write(|store| {
            store.extend_log()?;
            let last = store.checkpoint(None)?;
            if let Some(last) = last.as_ref().filter(|last| last.origin != origin) {
                return Err(Refusal::new(ErrorKind::OtherOrigin)
                    .with("found", &last.origin)
                    .with("expected", origin)
                    .into());
            }
            let mut tree = last.as_ref().map_or_else(|| Ok(MerkleTree::new()), resume)?;
            let before = tree.size();
            check_reaches(store, before)?;
            grow(store, &mut tree)?;
            if let Some(last) = last.filter(|_| tree.size() == before) {
                return Ok(last.into());
            }
            let head = tree.head();
            let note = Checkpoint::new(origin, head)?.sign(signer)?;
            let peaks = tree.peaks().iter().flat_map(|peak| *peak.as_bytes()).collect();
            let kept = Kept { head, origin: origin.to_owned(), peaks, at: now, note };
            store.keep_checkpoint(&kept)?;
            Ok(kept.into())
        })
    }

    /// The checkpoints the ledger keeps, the oldest first.
    ///
    /// # Errors
    /// Storage faults.
    pub fn checkpoints(&self) -> Result<Vec<KeptCheckpoint>> {
        self.store
            .read(|store| Ok(store.checkpoints()?.into_iter().map(KeptCheckpoint::from).collect()))
    }

    /// Proves that event `index` of a stream, counted from 1, stands in the history of the
    /// checkpoint of `size` events, or of the last one.
    ///
    /// Reads all events of the checkpoint and holds 32 bytes for each.
    ///
    /// # Errors
    /// [`ErrorKind::CheckpointMissing`] when there is no such checkpoint or it is older than the
    /// event, [`ErrorKind::CheckpointBroken`] when the history is another; storage faults.
    pub fn prove_inclusion(
        &self,
        (stream, index): (&StreamId, u64),
        size: Option<u64>,
    ) -> Result<Inclusion> {
        self.store.read(|store| {
            let head = checkpoint(store, size)?.head;
            let position = store.position(stream, index)?.filter(|place| *place <= head.size);
            let missing = || missing(&format!("event {index} of {stream}"));
            let place = position.and_then(|place| place.checked_sub(1)).ok_or_else(missing)?;
            let proof = merkle::inclusion_proof(&leaves(store, head)?, place)?;
            let event = store.log(place, 1)?.into_iter().next().map(|logged| logged.json);
            let event = event.ok_or_else(|| internal("an event has gone"))?;
            Ok(Inclusion { event, index: place, proof, head })
        })
    }

    /// Proves that the history of the checkpoint of `newer` events, or of the last one, begins with
    /// that of the checkpoint of `older`.
    ///
    /// Reads all events of the newer checkpoint and holds 32 bytes for each.
    ///
    /// # Errors
    /// [`ErrorKind::CheckpointMissing`], [`ErrorKind::QuantityOutOfRange`] when `older` is newer,
    /// [`ErrorKind::CheckpointBroken`] when the history is another; storage faults.
    pub fn prove_consistency(&self, older: u64, newer: Option<u64>) -> Result<Consistency> {
        self.store.read(|store| {
            let (older, newer) = (checkpoint(store, Some(older))?.head, checkpoint(store, newer)?);
            let newer = newer.head;
            let proof = merkle::consistency_proof(&leaves(store, newer)?, older.size)?;
            Ok(Consistency { older, newer, proof })
        })
    }
}

fn checkpoint(store: &dyn Reading, size: Option<u64>) -> Result<Kept> {
    let what = || size.map_or_else(|| "anything".to_owned(), |size| format!("{size} events"));
    Ok(store.checkpoint(size)?.ok_or_else(|| missing(&what()))?)
}

fn missing(what: &str) -> Refusal {
    Refusal::new(ErrorKind::CheckpointMissing).with("what", what)
}

pub(crate) fn broken(size: u64, detail: &str) -> Refusal {
    Refusal::new(ErrorKind::CheckpointBroken).with("size", size).with("detail", detail)
}

/// The tree that a checkpoint was made of, to go on with.
pub(crate) fn resume(kept: &Kept) -> Result<MerkleTree> {
    let size = kept.head.size;
    let peaks = kept.peaks.chunks(32).map(|peak| peak.try_into().map(MerkleHash::from_bytes));
    let peaks: Option<Vec<MerkleHash>> = peaks.map(Result::ok).collect();
    let tree = peaks.and_then(|peaks| MerkleTree::resume(size, peaks).ok());
    let tree = tree.filter(|tree| tree.head() == kept.head);
    let tree = tree.ok_or_else(|| broken(size, "what the tree goes on from is damaged"))?;
    let text = format!("{}\n{size}\n{}\n\n", kept.origin, kept.head.root);
    if kept.note.starts_with(&text) {
        return Ok(tree);
    }
    Err(broken(size, "the note says something else").into())
}

/// Refuses a log that is shorter than it was.
fn check_reaches(store: &dyn Reading, size: u64) -> Result<()> {
    let Some(before) = size.checked_sub(1) else { return Ok(()) };
    if store.log(before, 1)?.first().is_some_and(|event| event.position == size) {
        return Ok(());
    }
    Err(broken(size, &format!("event {size} of the log is missing")).into())
}

/// Adds the events of the log that the tree does not have.
pub(crate) fn grow(store: &dyn Reading, tree: &mut MerkleTree) -> Result<()> {
    loop {
        let logged = store.log(tree.size(), ROWS)?;
        for event in &logged {
            add(tree, event.position, &event.json)?;
        }
        if logged.is_empty() {
            return Ok(());
        }
    }
}

fn add(tree: &mut MerkleTree, position: u64, json: &str) -> Result<()> {
    let expected = tree.size().saturating_add(1);
    if position != expected {
        let detail = format!("event {expected} of the log is missing");
        return Err(broken(tree.size(), &detail).into());
    }
    tree.append(MerkleHash::of_leaf(json.as_bytes()));
    Ok(())
}

/// The leaves of a checkpoint, when the history is still the one it was made of.
fn leaves(store: &dyn Reading, head: TreeHead) -> Result<Vec<MerkleHash>> {
    let mut leaves = Vec::new();
    let mut size = 0;
    while size < head.size {
        let left = u32::try_from(head.size.saturating_sub(size)).unwrap_or(ROWS);
        let logged = store.log(size, left)?;
        let Some(last) = logged.last() else { break };
        size = last.position;
        leaves.extend(logged.iter().map(|event| MerkleHash::of_leaf(event.json.as_bytes())));
    }
    if TreeHead::over(&leaves) == head {
        return Ok(leaves);
    }
    Err(broken(head.size, "the root is another").into())
}
