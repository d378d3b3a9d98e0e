//! Receipts: what a command has written.

use mlicense_core::{
    error::{ErrorKind, Refusal},
    history::{Recorded, StreamId},
    id::CommandId,
    time::Instant,
};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Result, internal},
    store::{EventPlace, Reading, Remembered, Stored},
};

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

impl Receipt {
    /// Receipts of commands that were done, read again.
    ///
    /// # Errors
    /// [`ErrorKind::HistoryBroken`] when an event of one is not there, or is another; storage faults.
    pub(crate) fn read(
        store: &dyn Reading,
        done: impl IntoIterator<Item = (CommandId, Remembered)>,
    ) -> Result<Vec<Self>> {
        let done: Vec<_> = done.into_iter().collect();
        let places: Vec<EventPlace> =
            done.iter().flat_map(|(_, done)| &done.events).cloned().collect();
        let found = store.events_at(&places)?;
        let receipt = |(command, Remembered { at, events, .. })| {
            let mut receipt = Self { command, at, events: Vec::with_capacity(events.len()) };
            for place in events {
                let written = receipt.written(&place, found.get(&place))?;
                receipt.events.push(written);
            }
            Ok(receipt)
        };
        done.into_iter().map(receipt).collect()
    }

    /// What the command has written there.
    fn written(&self, (stream, index): &EventPlace, stored: Option<&Stored>) -> Result<Written> {
        let (stream, index) = (stream.clone(), *index);
        if let Some(Stored { json, chain, .. }) = stored {
            let event = Recorded::from_json(&stream, index, json)?;
            if event.command == self.command && event.at == self.at {
                let (kind, chain) = (event.kind(json)?.to_owned(), chain.to_string());
                return Ok(Written { stream, index, kind, chain });
            }
        }
        let refusal = Refusal::new(ErrorKind::HistoryBroken).with("stream", stream);
        let detail = format!("it is not there as command {} has written it", self.command);
        Err(refusal.with("index", index).with("detail", detail).into())
    }

    /// Which events, as they are kept: JSON.
    pub(crate) fn places(&self) -> Result<String> {
        let places: Vec<_> = self.events.iter().map(|event| (&event.stream, event.index)).collect();
        serde_json::to_string(&places).map_err(internal)
    }
}
