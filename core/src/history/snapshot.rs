//! The state of a stream in a form that can be stored, so that opening a long history does not take
//! reading it.

use serde::{Deserialize, Serialize};

use super::{Aggregate, ChainHash, StreamId, aggregate::State};
use crate::{
    error::{ErrorKind, Refusal, Result},
    json,
};

/// What snapshots look like and mean: another version of the rules may come to another state from
/// the same events, so it makes its own. The number rises when that happens within a version.
const FORM: &str = concat!(env!("CARGO_PKG_VERSION"), "/2");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Snapshot {
    form: String,
    stream: StreamId,
    index: u64,
    chain: ChainHash,
    state: State,
}

#[derive(Serialize)]
struct Written<'s> {
    form: &'static str,
    stream: &'s StreamId,
    index: u64,
    chain: ChainHash,
    state: &'s State,
}

impl Aggregate {
    /// The state as JSON, the same for the same state.
    ///
    /// It is no part of the history: it says nothing that the events do not say, only sooner.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`], which says nothing about the state.
    pub fn to_snapshot(&self, stream: &StreamId) -> Result<String> {
        let (index, chain) = self.head();
        let written = Written { form: FORM, stream, index, chain, state: &self.state };
        serde_json::to_string(&written).map_err(|error| {
            Refusal::new(ErrorKind::Internal).with("detail", format!("no snapshot: {error}"))
        })
    }

    /// Takes the state of a stream from JSON that [`Aggregate::to_snapshot`] wrote; none when that
    /// was another version or of another stream, so that the events have to be read.
    ///
    /// Whoever kept it has to know that it is what was kept: a snapshot is not compared with the
    /// events here.
    ///
    /// ```
    /// use mlicense_core::history::{Aggregate, StreamId, World};
    ///
    /// let stream: StreamId = "person/p1".parse()?;
    /// let mut world = World::default();
    /// world.take(&stream, r#"{"stream":"person/p1","index":1,"at":"2026-03-01T12:00:00Z","actor":{"role":"vendor","id":"v"},"command":"c","event":{"added":{}}}"#)?;
    /// let state = world.aggregate(&stream).ok_or("none")?;
    ///
    /// let snapshot = state.to_snapshot(&stream)?;
    /// assert_eq!(Aggregate::from_snapshot(&stream, &snapshot), Some(state));
    /// assert_eq!(Aggregate::from_snapshot(&"person/p2".parse()?, &snapshot), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn from_snapshot(stream: &StreamId, json: &str) -> Option<Self> {
        let snapshot: Snapshot = json::from_str(json).ok()?;
        let ours = snapshot.form == FORM && snapshot.stream == *stream;
        let Snapshot { index, chain, state, .. } = snapshot;
        (ours && state.is_of(stream)).then_some(Self { head: (index, chain), state })
    }
}

impl State {
    const fn is_of(&self, stream: &StreamId) -> bool {
        matches!(
            (self, stream),
            (Self::Catalogue(_), StreamId::Catalogue)
                | (Self::Customer(_), StreamId::Customer(_))
                | (Self::Batch(_), StreamId::Batch(_))
                | (Self::Person(_), StreamId::Person(_))
                | (Self::Partner(_), StreamId::Partner(_))
        )
    }
}
