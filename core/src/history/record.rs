//! Recorded events and the hash chain over their exact bytes.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Event, StreamId};
use crate::{
    access::Actor,
    error::{ErrorKind, Refusal, Result},
    id::CommandId,
    json,
    signing::sha256,
    time::Instant,
};

/// An event with its place in the history, who caused it and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct Recorded {
    /// The stream.
    pub stream: StreamId,
    /// 1, 2, 3, … within the stream.
    pub index: u64,
    /// When it was decided.
    pub at: Instant,
    /// Who caused it.
    pub actor: Actor,
    /// The command that caused it.
    pub command: CommandId,
    /// What happened.
    pub event: Event,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw<'a> {
    stream: StreamId,
    index: u64,
    at: Instant,
    actor: Actor,
    command: CommandId,
    #[serde(borrow)]
    event: &'a RawValue,
}

impl Recorded {
    /// The bytes that are stored and hashed.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] should it not serialize.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self)
            .map_err(|error| Refusal::new(ErrorKind::Internal).with("detail", error))
    }

    /// Reads stored bytes back.
    ///
    /// # Errors
    /// [`ErrorKind::HistoryBroken`] when they are not event `index` of `stream`.
    pub fn from_json(stream: &StreamId, index: u64, json: &str) -> Result<Self> {
        let broken = |detail: String| broken(stream, index, detail);
        let raw: Raw<'_> = json::from_str(json).map_err(|error| broken(error.to_string()))?;
        if raw.stream != *stream || raw.index != index {
            return Err(broken(format!("it says event {} of {}", raw.index, raw.stream)));
        }
        let event = Event::parse(stream, raw.event.get()).map_err(broken)?;
        let Raw { stream, index, at, actor, command, .. } = raw;
        Ok(Self { stream, index, at, actor, command, event })
    }

    /// The name of the event, as [`Event::name`] gives it, read from the bytes that
    /// [`Recorded::to_json`] made.
    ///
    /// # Errors
    /// [`ErrorKind::HistoryBroken`] when it made others.
    ///
    /// ```
    /// use mlicense_core::history::{Recorded, StreamId};
    /// let json = r#"{"stream":"person/p1","index":1,"at":"2026-03-01T12:00:00Z","actor":{"role":"vendor","id":"shop"},"command":"x","event":{"added":{}}}"#;
    /// let stream: StreamId = "person/p1".parse()?;
    /// let recorded = Recorded::from_json(&stream, 1, json)?;
    /// assert_eq!(recorded.kind(json)?, "added");
    /// assert!(recorded.kind("{}").is_err());
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    pub fn kind<'j>(&self, json: &'j str) -> Result<&'j str> {
        let kind = || {
            // The third brace: behind the event itself and its actor, and no id has one.
            let (brace, _) = json.match_indices('{').nth(2)?;
            let (before, event) = json.split_at_checked(brace)?;
            let (kind, _) = event.strip_prefix("{\"")?.split_once('"')?;
            before.ends_with("\"event\":").then_some(kind)
        };
        kind().ok_or_else(|| {
            let detail = "it is not written as events are".to_owned();
            broken(&self.stream, self.index, detail)
        })
    }
}

fn broken(stream: &StreamId, index: u64, detail: String) -> Refusal {
    let refusal = Refusal::new(ErrorKind::HistoryBroken).with("stream", stream);
    refusal.with("index", index).with("detail", detail)
}

/// A link of a stream's hash chain: it stands for every event up to one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainHash([u8; 32]);

impl ChainHash {
    /// The link before the first event.
    pub const GENESIS: Self = Self([0; 32]);

    /// The link after one more event: SHA-256 over a fixed prefix, this link and the exact bytes.
    #[must_use]
    pub fn next(self, json: &str) -> Self {
        Self(sha256(&[b"mlicense-event-1\n".as_slice(), &self.0, json.as_bytes()].concat()))
    }

    /// The link from its 32 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 64];
        f.write_str(base16ct::lower::encode_str(&self.0, &mut text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ChainHash {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        let bytes = base16ct::lower::decode_vec(text).ok();
        bytes.and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or_else(|| {
            let refusal = Refusal::new(ErrorKind::FieldInvalid).with("field", "chain");
            refusal.with("value", text).with("expected", "64 digits, lower-case hex")
        })
    }
}

json::as_text!(ChainHash);
