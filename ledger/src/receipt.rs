//! Receipts: what a command has written.

use mlicense_core::{history::StreamId, id::CommandId, time::Instant};
use serde::{Deserialize, Serialize};

/// What a command has written. The same command is always answered with the same receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Receipt {
    /// The command.
    pub command: CommandId,
    /// When it was decided, the first time.
    pub at: Instant,
    /// The events, in order; none when there was nothing to change.
    pub events: Vec<Written>,
}

/// An event a command has written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Written {
    /// The stream.
    pub stream: StreamId,
    /// The event's index in it, from 1.
    pub index: u64,
    /// The name of the event, such as `allocated`.
    pub kind: String,
    /// The stream's chain hash after it, lower-case hex.
    pub chain: String,
}
