//! Streams and their events.

use std::{fmt, str::FromStr};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    batch::BatchEvent,
    catalogue::CatalogueEvent,
    customer::CustomerEvent,
    error::{ErrorKind, Refusal, Result},
    id::{BatchId, CustomerId, PartnerId, PersonId},
    json,
    partner::PartnerEvent,
    person::PersonEvent,
};

/// A stream of events about one thing. Text form: `catalogue`, `customer/ID`, `batch/ID`,
/// `partner/ID`, `person/ID`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
#[non_exhaustive]
pub enum StreamId {
    /// Products, policies and keys of the vendor.
    Catalogue,
    /// One customer.
    Customer(CustomerId),
    /// Codes issued together.
    Batch(BatchId),
    /// One person, without names and addresses.
    Person(PersonId),
    /// One partner.
    Partner(PartnerId),
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Catalogue => f.write_str("catalogue"),
            Self::Customer(id) => write!(f, "customer/{id}"),
            Self::Batch(id) => write!(f, "batch/{id}"),
            Self::Person(id) => write!(f, "person/{id}"),
            Self::Partner(id) => write!(f, "partner/{id}"),
        }
    }
}

impl FromStr for StreamId {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        match text.split_once('/') {
            None if text == "catalogue" => Ok(Self::Catalogue),
            Some(("customer", id)) => id.parse().map(Self::Customer),
            Some(("batch", id)) => id.parse().map(Self::Batch),
            Some(("person", id)) => id.parse().map(Self::Person),
            Some(("partner", id)) => id.parse().map(Self::Partner),
            _ => Err(Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "stream")
                .with("value", text)
                .with("expected", "catalogue, customer/ID, batch/ID, partner/ID or person/ID")),
        }
    }
}

json::as_text!(StreamId);

/// An event of any stream; which it is, the stream tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Event {
    /// Of the catalogue.
    Catalogue(CatalogueEvent),
    /// Of a customer.
    Customer(CustomerEvent),
    /// Of a batch.
    Batch(BatchEvent),
    /// Of a person.
    Person(PersonEvent),
    /// Of a partner.
    Partner(PartnerEvent),
}

impl Event {
    /// The name of the event, as in its JSON.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] should it not serialize.
    pub fn name(&self) -> Result<String> {
        let fault = |detail: String| Refusal::new(ErrorKind::Internal).with("detail", detail);
        let json = serde_json::to_string(self).map_err(|error| fault(error.to_string()))?;
        let name = json.split('"').nth(1);
        name.map(str::to_owned).ok_or_else(|| fault("an event without a name".to_owned()))
    }

    /// Reads an event of `stream` from its JSON.
    ///
    /// # Errors
    /// [`ErrorKind::HistoryBroken`] when it is none of this stream's.
    pub(super) fn parse(stream: &StreamId, json: &str) -> Result<Self, String> {
        fn read<E: DeserializeOwned>(json: &str) -> Result<E, String> {
            json::from_str(json).map_err(|error| error.to_string())
        }
        match stream {
            StreamId::Catalogue => read(json).map(Self::Catalogue),
            StreamId::Customer(_) => read(json).map(Self::Customer),
            StreamId::Batch(_) => read(json).map(Self::Batch),
            StreamId::Person(_) => read(json).map(Self::Person),
            StreamId::Partner(_) => read(json).map(Self::Partner),
        }
    }
}
