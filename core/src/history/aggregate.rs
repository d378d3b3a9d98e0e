//! The state of one stream, to be kept between commands.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ChainHash;
use crate::{
    batch::Batch, catalogue::Catalogue, customer::Customer, partner::Partner, person::Person,
};

/// The state of one stream at its head. Cloning it is cheap: clones share what was not changed.
///
/// The chain hash stands for every event before it, so a state that was kept is the one of today
/// just when today's head is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    pub(super) head: (u64, ChainHash),
    pub(super) state: State,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Catalogue(Arc<Catalogue>),
    Customer(Arc<Customer>),
    Batch(Arc<Batch>),
    Person(Arc<Person>),
    Partner(Arc<Partner>),
}

impl Aggregate {
    /// Index and chain hash of the last event taken.
    #[must_use]
    pub const fn head(&self) -> (u64, ChainHash) {
        self.head
    }
}
