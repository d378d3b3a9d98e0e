//! What a decision changes.

use serde::{Serialize, Serializer};

use super::{Claim, Event, Holder, Message, StreamId};
use crate::{
    customer::{Draft, LinkChange},
    error::Refusal,
    id::PersonId,
    person::PersonFields,
};

/// Everything one command writes; all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a store must handle every part")]
pub struct Changes {
    /// Events, in order.
    pub events: Vec<(StreamId, Event)>,
    /// Claims taken.
    pub claims: Vec<(Claim, Holder)>,
    /// Claims given up.
    pub released: Vec<Claim>,
    /// What is to be sent once all this is written.
    pub messages: Vec<Message>,
    /// Changes to the erasable table of persons.
    pub persons: Vec<PersonChange>,
    /// Changes to the index of who is whose customer.
    pub links: Vec<LinkChange>,
}

impl Changes {
    /// These changes, and after them those of a customer.
    pub(super) fn and(mut self, claims: Vec<(Claim, Holder)>, draft: Draft<'_>) -> Self {
        self.claims.extend(claims);
        self.then(super::decide::of_customer(draft))
    }

    /// These changes, and after them others.
    pub(super) fn then(mut self, after: Self) -> Self {
        self.events.extend(after.events);
        self.claims.extend(after.claims);
        self.released.extend(after.released);
        self.messages.extend(after.messages);
        self.persons.extend(after.persons);
        self.links.extend(after.links);
        self
    }
}

/// A change to the erasable table of persons.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a store must handle every kind")]
pub enum PersonChange {
    /// Keeps name and address.
    Keep(PersonId, PersonFields),
    /// Erases them.
    Erase(PersonId),
}

/// Something to know before confirming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Warning {
    /// What is done for this customer cannot be moved to another later (S-AX-06).
    NoTransferBetweenCustomers,
    /// The picture of the device may be missing for a while (S-IP-40).
    PictureMayBeMissing,
    /// Whoever is signed in at the customer's has to sign in again, and should be told (S-IP-41).
    UsersSignInAgain,
}

/// What a command would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Preview {
    /// What to give to commit; none when the command would be refused.
    pub token: Option<String>,
    /// The events that would be written.
    pub events: Vec<Event>,
    /// What to know before confirming.
    pub warnings: Vec<Warning>,
    /// The refusal, when the command would be refused; in JSON as a view, in English.
    #[serde(serialize_with = "as_view")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::error::RefusalView>"))]
    pub refusal: Option<Refusal>,
}

#[expect(clippy::ref_option, reason = "serde gives the member")]
fn as_view<S: Serializer>(refusal: &Option<Refusal>, to: S) -> Result<S::Ok, S::Error> {
    refusal.as_ref().map(Refusal::view).serialize(to)
}

impl Preview {
    pub(super) const fn refused(refusal: Refusal, warnings: Vec<Warning>) -> Self {
        Self { token: None, events: Vec::new(), warnings, refusal: Some(refusal) }
    }
}
