//! What commands left to be sent.

use mlicense_core::{
    error::{ErrorKind, Refusal},
    history::{Message, Recorded},
    id::{CommandId, PersonId},
    json,
    person::PersonFields,
    view::JournalEntry,
};
use serde::Serialize;

use crate::{
    error::{Result, damaged, internal},
    ledger::Ledger,
    store::{Page, Reading, Writing},
};

/// Something to be sent.
///
/// JSON form: `{"id": 1, "command": "…", "message": {"number": {"customer": "c1", "person": "p1",
/// "number": "ACME-…"}}, "to": {"name": "…", "email": "…"}}`, without `to` once erased; for a webhook
/// with `event` instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Outgoing {
    /// Its number in the outbox, never used again.
    pub id: u64,
    /// The command that left it; whoever sends can tell by it what was sent before.
    pub command: CommandId,
    /// What is to be sent.
    pub message: Message,
    /// Name and address of whom it is for; none once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<PersonFields>,
    /// What a webhook is told; none with other messages. Its `chain` belongs to this event and to
    /// no other: whoever is told twice knows it by that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Box<JournalEntry>>,
}

impl Ledger {
    /// What is to be sent, oldest first, at most `limit`.
    ///
    /// A message is written in the transaction of the command that left it, and stays until
    /// [`Ledger::sent`] is called: whoever stops in between sends it again, so each goes out at
    /// least once.
    ///
    /// # Errors
    /// Storage faults.
    pub fn outbox(&self, limit: u32) -> Result<Vec<Outgoing>> {
        self.store.read(|store| {
            let read = |(id, command, json): (u64, String, String)| {
                let message: Message = json::from_str(&json).map_err(damaged)?;
                let to = match addressee(&message) {
                    Some(person) => store.person(person)?,
                    None => None,
                };
                let event = told(store, &message)?.map(Box::new);
                let command = CommandId::new(&command).map_err(damaged)?;
                Ok(Outgoing { id, command, message, to, event })
            };
            store.messages(limit)?.into_iter().map(read).collect()
        })
    }

    /// Takes a message that was sent out of the outbox; nothing happens when it is there no more.
    ///
    /// # Errors
    /// Storage faults.
    pub fn sent(&self, id: u64) -> Result<()> {
        self.store.write(|store| store.sent(id))
    }
}

/// The event that a webhook is told.
fn told(store: &dyn Reading, message: &Message) -> Result<Option<JournalEntry>> {
    let Message::Webhook { stream, index, .. } = message else { return Ok(None) };
    let mut found = None;
    let page = Page { after: index.saturating_sub(1), limit: 1 };
    store.events(stream, page, &mut |stored| {
        let recorded = Recorded::from_json(stream, stored.index, &stored.json)?;
        found = Some(JournalEntry::new(recorded, stored.chain)).filter(|_| stored.index == *index);
        Ok(())
    })?;
    let missing = || {
        let refusal = Refusal::new(ErrorKind::HistoryBroken);
        let refusal = refusal.with("stream", stream).with("index", index);
        refusal.with("detail", "it is missing").into()
    };
    found.map(Some).ok_or_else(missing)
}

/// Keeps a message for its addressee; none for who was erased, since it would reach nobody.
pub(crate) fn post(store: &dyn Writing, command: &CommandId, message: &Message) -> Result<()> {
    if let Some(person) = addressee(message)
        && store.person(person)?.is_none()
    {
        return Ok(());
    }
    store.post(command, &serde_json::to_string(message).map_err(internal)?)
}

/// Takes back what waits for somebody who was erased: it names a number in full.
pub(crate) fn withdraw(store: &dyn Writing, person: &PersonId) -> Result<()> {
    for (id, _, json) in store.messages(u32::MAX)? {
        let message: Message = json::from_str(&json).map_err(damaged)?;
        if addressee(&message) == Some(person) {
            store.sent(id)?;
        }
    }
    Ok(())
}

const fn addressee(message: &Message) -> Option<&PersonId> {
    match message {
        Message::Number { person, .. } | Message::Activation { person, .. } => Some(person),
        _ => None,
    }
}
