//! Verification: the whole history is read again, each chain recomputed and each event applied, and
//! whatever follows from the events compared with the tables.

mod stream;
mod streams;

use std::{collections::BTreeMap, fmt, mem};

use mlicense_core::{
    error::{ErrorKind, Refusal},
    history::{ChainHash, Claim, StreamId},
    id::{CustomerId, PersonId},
    signing::merkle::{MerkleHash, MerkleTree, TreeHead},
};
use serde::Serialize;

pub(crate) use self::stream::take;
use self::streams::Told;
use crate::{
    checkpoint::{broken as checkpoint_broken, resume},
    error::{Error, Result},
    store::{ROWS, Reading},
};

/// What a verification has found to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Verified {
    /// Streams read.
    pub streams: u64,
    /// Events read.
    pub events: u64,
    /// Chain hash of each stream's last event.
    pub heads: BTreeMap<StreamId, ChainHash>,
    /// Claims that are those the events tell.
    pub claims: u64,
    /// Claims that no event tells, held by who can hold them.
    pub untold: u64,
    /// Links that are those the events tell.
    pub links: u64,
    /// The last checkpoint, if one was made.
    pub checkpoint: Option<TreeHead>,
}

/// Reads everything; names the first event or row that is not what was written.
pub(crate) fn verify(store: &dyn Reading, since: Option<TreeHead>) -> Result<Verified> {
    let mut verified = Verified {
        streams: 0,
        events: 0,
        heads: BTreeMap::new(),
        claims: 0,
        untold: 0,
        links: 0,
        checkpoint: None,
    };
    let mut told = streams::read(store)?;
    for (stream, (index, chain)) in mem::take(&mut told.ends) {
        verified.streams = verified.streams.saturating_add(1);
        verified.events = verified.events.saturating_add(index);
        verified.heads.insert(stream, chain);
    }
    (verified.claims, verified.untold) = check_claims(store, &mut told)?;
    verified.links = check_links(store, told.links)?;
    verified.checkpoint = check_log(store, since)?;
    Ok(verified)
}

/// The claims that events tell, and those that none tells.
fn check_claims(store: &dyn Reading, told: &mut Told) -> Result<(u64, u64)> {
    let (mut after, mut claims, mut untold) = (None, 0_u64, 0_u64);
    loop {
        let rows = store.claims(after.as_ref())?;
        for (claim, holder) in &rows {
            match told.claims.remove(claim) {
                Some(stream) if stream == holder.0 => claims = claims.saturating_add(1),
                Some(stream) => {
                    let detail = format!("{holder} holds it, and by the events {stream}");
                    return Err(wrong("claim", &row(claim), &detail));
                }
                None if told.beside.get(&holder.0).is_some_and(|beside| beside.allows(claim)) => {
                    untold = untold.saturating_add(1);
                }
                None => return Err(wrong("claim", &row(claim), "no event tells it")),
            }
        }
        match rows.into_iter().next_back() {
            Some((last, _)) => after = Some(last),
            None => break,
        }
    }
    match told.claims.first_key_value() {
        Some((claim, _)) => Err(wrong("claim", &row(claim), "it is missing")),
        None => Ok((claims, untold)),
    }
}

fn check_links(
    store: &dyn Reading,
    mut told: BTreeMap<(StreamId, CustomerId), Option<PersonId>>,
) -> Result<u64> {
    let (mut after, mut links) = (None, 0_u64);
    loop {
        let rows = store.links(after.as_ref())?;
        for link in &rows {
            let key = (link.holder.clone(), link.customer.clone());
            match told.remove(&key) {
                Some(contact) if contact == link.contact => links = links.saturating_add(1),
                Some(_) => return Err(wrong("link", &pair(&key), "it names another contact")),
                None => return Err(wrong("link", &pair(&key), "no event tells it")),
            }
        }
        match rows.into_iter().next_back() {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    match told.first_key_value() {
        Some((key, _)) => Err(wrong("link", &pair(key), "it is missing")),
        None => Ok(links),
    }
}

/// Compares the log with each checkpoint that is kept, and one that is kept elsewhere; the last of
/// the former.
fn check_log(store: &dyn Reading, since: Option<TreeHead>) -> Result<Option<TreeHead>> {
    let kept = store.checkpoints()?;
    for checkpoint in &kept {
        resume(checkpoint)?;
    }
    let last = kept.last().map(|kept| kept.head);
    let mut wanted: Vec<TreeHead> = kept.into_iter().map(|kept| kept.head).chain(since).collect();
    wanted.sort_by_key(|head| head.size);
    let mut tree = MerkleTree::new();
    for head in wanted {
        extend(store, &mut tree, head.size)?;
        if tree.head() != head {
            return Err(checkpoint_broken(head.size, "the root is another").into());
        }
    }
    Ok(last)
}

/// Adds the events of the log up to `size`.
fn extend(store: &dyn Reading, tree: &mut MerkleTree, size: u64) -> Result<()> {
    while tree.size() < size {
        let left = u32::try_from(size.saturating_sub(tree.size())).unwrap_or(ROWS);
        let next = tree.size().saturating_add(1);
        let logged = store.log(tree.size(), left)?;
        if logged.first().is_none_or(|event| event.position != next) {
            let detail = format!("event {next} of the log is missing");
            return Err(checkpoint_broken(size, &detail).into());
        }
        for event in logged.iter().zip(next..).take_while(|(event, at)| event.position == *at) {
            tree.append(MerkleHash::of_leaf(event.0.json.as_bytes()));
        }
    }
    Ok(())
}

fn row(claim: &Claim) -> String {
    format!("{} {}", claim.space.name(), claim.digest)
}

fn pair((holder, customer): &(StreamId, CustomerId)) -> String {
    format!("{holder} {customer}")
}

fn wrong(table: &str, row: &str, detail: impl fmt::Display) -> Error {
    let refusal = Refusal::new(ErrorKind::TableBroken);
    refusal.with("table", table).with("row", row).with("detail", detail).into()
}

fn broken(stream: impl fmt::Display, index: u64, detail: &str) -> Error {
    let refusal = Refusal::new(ErrorKind::HistoryBroken);
    refusal.with("stream", stream).with("index", index).with("detail", detail).into()
}
