//! Snapshots: the states of streams, kept beside their events so that opening one does not take
//! reading all of it. The events of a stream lie scattered in the file, where others wrote in between.

use base16ct::lower::encode_string as hex;
use mlicense_core::{
    history::{Aggregate, StreamId},
    signing::sha256,
};

use crate::{
    error::Result,
    store::{Reading, Writing},
};

/// A stream is kept first at this event, then each time it has doubled…
const FIRST: u64 = 8;
/// …and from here on each time it has come on by so many events…
const EVERY: u64 = 64;
/// …or by so many, when its snapshot is longer than [`LONG`].
const EVERY_OF_LONG: u64 = 1024;
/// In bytes.
const LONG: usize = 64 * 1024;

/// A snapshot as it is kept.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) json: String,
    /// Of the JSON, lower-case hex: a byte that was changed by accident must not become a decision.
    pub(crate) digest: String,
}

impl Snapshot {
    fn of(json: String) -> Self {
        Self { digest: hex(&sha256(json.as_bytes())), json }
    }

    /// Whether it is what was kept.
    pub(crate) fn is_whole(&self) -> bool {
        self.digest == hex(&sha256(self.json.as_bytes()))
    }
}

/// Whether a stream that has come so far may have one; one of a shorter stream is never looked at.
pub(crate) const fn may_be_kept(index: u64) -> bool {
    index >= FIRST
}

/// The state of a stream as it was kept, not further on than `index`; none when there is none that
/// this version can read.
pub(crate) fn read(
    store: &dyn Reading,
    stream: &StreamId,
    index: u64,
) -> Result<Option<Aggregate>> {
    if !may_be_kept(index) {
        return Ok(None);
    }
    let kept = store.snapshot(stream)?.filter(Snapshot::is_whole);
    let state = kept.and_then(|kept| Aggregate::from_snapshot(stream, &kept.json));
    Ok(state.filter(|state| state.head().0 <= index))
}

/// Keeps the state of a stream that has come on from the event `before`, if it is due.
pub(crate) fn keep(
    store: &dyn Writing,
    stream: &StreamId,
    (before, state): (u64, &Aggregate),
) -> Result<()> {
    let (now, _) = state.head();
    let has_passed = |every: u64| before.checked_div(every) < now.checked_div(every);
    let has_doubled = before.checked_ilog2() < now.checked_ilog2();
    let is_due = if now < EVERY { now >= FIRST && has_doubled } else { has_passed(EVERY) };
    if !is_due {
        return Ok(());
    }
    let json = state.to_snapshot(stream)?;
    if json.len() <= LONG || has_passed(EVERY_OF_LONG) {
        store.keep_snapshot(stream, &Snapshot::of(json))?;
    }
    Ok(())
}
