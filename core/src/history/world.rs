//! What a decision sees: claims and the state of streams.

use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc};

use super::{Aggregate, ChainHash, Event, Recorded, StreamId, aggregate::State};
use crate::{
    batch::Batch,
    catalogue::Catalogue,
    customer::{Customer, CustomerEvent},
    error::{ErrorKind, Refusal, Result},
    id::{BatchId, CustomerId, PartnerId, PersonId},
    partner::{Partner, PartnerEvent},
    person::{Person, PersonFields},
};

/// The secret of a ledger under which codes are digested.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt([u8; 32]);

impl Salt {
    /// Takes 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// What may be held only once in a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Space {
    /// A code that was issued; the holder is its batch.
    Code,
    /// A licence key that was redeemed; the holder is the customer.
    RedeemedKey,
    /// The key of an installation; the holder is the customer.
    Installation,
    /// A piece of hardware; the holder is the customer.
    Hardware,
    /// A registration number; the holder is the customer.
    Number,
    /// The address under which a customer registered; the holder is the customer.
    Email,
    /// A fact that tells one host from all others; the holder is the customer that registered it.
    Host,
    /// A name to sign in with; the holder is the person.
    Username,
    /// The code of a partner; the holder is the partner.
    PartnerCode,
    /// An account at the vendor's shop; the holder is the customer or partner.
    ShopAccount,
    /// A purchase; the holder is the customer.
    Purchase,
}

impl Space {
    /// Every space.
    pub const ALL: [Self; 11] = [
        Self::Code,
        Self::RedeemedKey,
        Self::Installation,
        Self::Hardware,
        Self::Number,
        Self::Email,
        Self::Host,
        Self::Username,
        Self::PartnerCode,
        Self::ShopAccount,
        Self::Purchase,
    ];

    /// The space that a store keeps under this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|space| space.name() == name)
    }

    /// The name under which a store keeps it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::RedeemedKey => "redeemed_key",
            Self::Installation => "installation",
            Self::Hardware => "hardware",
            Self::Number => "number",
            Self::Email => "email",
            Self::Host => "host",
            Self::Username => "username",
            Self::PartnerCode => "partner_code",
            Self::ShopAccount => "shop_account",
            Self::Purchase => "purchase",
        }
    }
}

/// A place in a space, held by nobody or by one holder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a store must handle every part")]
pub struct Claim {
    /// The space.
    pub space: Space,
    /// The digest claimed.
    pub digest: String,
}

/// Who holds a claim. Text form as of [`StreamId`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a stream, and nothing else")]
pub struct Holder(pub StreamId);

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Holder {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        text.parse().map(Self)
    }
}

/// The state a command is decided on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct World {
    catalogue: Arc<Catalogue>,
    customers: BTreeMap<CustomerId, Arc<Customer>>,
    batches: BTreeMap<BatchId, Arc<Batch>>,
    persons: BTreeMap<PersonId, Arc<Person>>,
    partners: BTreeMap<PartnerId, Arc<Partner>>,
    known: BTreeMap<PersonId, PersonFields>,
    claims: BTreeMap<Claim, Holder>,
    heads: BTreeMap<StreamId, (u64, ChainHash)>,
}

impl World {
    /// The same world with these claims and their holders.
    #[must_use]
    pub fn holding(self, claims: BTreeMap<Claim, Holder>) -> Self {
        Self { claims, ..self }
    }

    /// The same world with what the erasable table knows of these persons.
    #[must_use]
    pub fn knowing(self, known: BTreeMap<PersonId, PersonFields>) -> Self {
        Self { known, ..self }
    }

    /// Takes the next event of a stream, as it is stored, into the state.
    ///
    /// # Errors
    /// [`ErrorKind::HistoryBroken`] when the bytes are not the next event of this stream.
    pub fn take(&mut self, stream: &StreamId, json: &str) -> Result<()> {
        self.take_and_tell(stream, json).map(drop)
    }

    /// As [`World::take`], and tells what was taken.
    ///
    /// # Errors
    /// As [`World::take`].
    pub fn take_and_tell(&mut self, stream: &StreamId, json: &str) -> Result<Recorded> {
        let (index, _) = self.head(stream);
        let recorded = Recorded::from_json(stream, index.saturating_add(1), json)?;
        self.append(&recorded, json)?;
        Ok(recorded)
    }

    /// Takes the next event of its stream, of which `json` is what is stored, into the state.
    ///
    /// # Errors
    /// [`ErrorKind::HistoryBroken`] when it does not belong there.
    pub fn append(&mut self, recorded: &Recorded, json: &str) -> Result<()> {
        let (index, chain) = self.head(&recorded.stream);
        if recorded.index != index.saturating_add(1) {
            return Err(misplaced(recorded));
        }
        self.apply(recorded)?;
        let head = (recorded.index, chain.next(json));
        match self.heads.get_mut(&recorded.stream) {
            Some(before) => *before = head,
            None => drop(self.heads.insert(recorded.stream.clone(), head)),
        }
        Ok(())
    }

    /// The state of a stream; none before its first event.
    #[must_use]
    pub fn aggregate(&self, stream: &StreamId) -> Option<Aggregate> {
        let head = *self.heads.get(stream)?;
        let state = match stream {
            StreamId::Catalogue => State::Catalogue(Arc::clone(&self.catalogue)),
            StreamId::Customer(id) => State::Customer(Arc::clone(self.customers.get(id)?)),
            StreamId::Batch(id) => State::Batch(Arc::clone(self.batches.get(id)?)),
            StreamId::Person(id) => State::Person(Arc::clone(self.persons.get(id)?)),
            StreamId::Partner(id) => State::Partner(Arc::clone(self.partners.get(id)?)),
        };
        Some(Aggregate { head, state })
    }

    /// Puts the state of a stream, as [`World::aggregate`] gave it, in place of what was taken of
    /// it.
    pub fn put(&mut self, stream: &StreamId, aggregate: Aggregate) {
        match (stream, aggregate.state) {
            (StreamId::Catalogue, State::Catalogue(state)) => self.catalogue = state,
            (StreamId::Customer(id), State::Customer(state)) => {
                self.customers.insert(id.clone(), state);
            }
            (StreamId::Batch(id), State::Batch(state)) => {
                self.batches.insert(id.clone(), state);
            }
            (StreamId::Person(id), State::Person(state)) => {
                self.persons.insert(id.clone(), state);
            }
            (StreamId::Partner(id), State::Partner(state)) => {
                self.partners.insert(id.clone(), state);
            }
            // The state of another stream: whoever kept it has mixed them up.
            _ => return,
        }
        self.heads.insert(stream.clone(), aggregate.head);
    }

    /// Index and chain hash of the last event taken; 0 and the genesis before the first.
    #[must_use]
    pub fn head(&self, stream: &StreamId) -> (u64, ChainHash) {
        self.heads.get(stream).copied().unwrap_or((0, ChainHash::GENESIS))
    }

    /// Products, policies and key ring.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// A customer that is registered.
    ///
    /// # Errors
    /// [`ErrorKind::CustomerUnknown`].
    pub fn customer(&self, id: &CustomerId) -> Result<&Customer> {
        let unknown = || Refusal::new(ErrorKind::CustomerUnknown).with("customer", id);
        self.customers.get(id).map(Arc::as_ref).ok_or_else(unknown)
    }

    /// Every customer of whom events were taken, in the order of their ids.
    pub fn customers(&self) -> impl Iterator<Item = (&CustomerId, &Customer)> {
        self.customers.iter().map(|(id, customer)| (id, customer.as_ref()))
    }

    /// A batch, when it was issued.
    #[must_use]
    pub fn batch(&self, id: &BatchId) -> Option<&Batch> {
        self.batches.get(id).map(Arc::as_ref)
    }

    /// A person, when added.
    #[must_use]
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.persons.get(id).map(Arc::as_ref)
    }

    /// A partner that is registered.
    ///
    /// # Errors
    /// [`ErrorKind::PartnerUnknown`].
    pub fn partner(&self, id: &PartnerId) -> Result<&Partner> {
        let unknown = || Refusal::new(ErrorKind::PartnerUnknown).with("partner", id);
        self.partners.get(id).map(Arc::as_ref).ok_or_else(unknown)
    }

    /// What the erasable table knows of a person; nothing once erased.
    #[must_use]
    pub fn known(&self, id: &PersonId) -> Option<&PersonFields> {
        self.known.get(id)
    }

    /// Who holds a claim.
    #[must_use]
    pub fn holder(&self, claim: &Claim) -> Option<&StreamId> {
        self.claims.get(claim).map(|holder| &holder.0)
    }

    pub(super) fn heads(&self) -> &BTreeMap<StreamId, (u64, ChainHash)> {
        &self.heads
    }

    fn apply(&mut self, recorded: &Recorded) -> Result<()> {
        match (&recorded.stream, &recorded.event) {
            (StreamId::Catalogue, Event::Catalogue(event)) => {
                Arc::make_mut(&mut self.catalogue).apply(event);
            }
            (
                StreamId::Customer(id),
                Event::Customer(CustomerEvent::Registered { zone, region }),
            ) => {
                self.customers.insert(id.clone(), Arc::new(Customer::new(*zone, region.clone())));
            }
            (StreamId::Customer(id), Event::Customer(event)) => {
                let customer = self.customers.get_mut(id).ok_or_else(|| misplaced(recorded))?;
                Arc::make_mut(customer).apply(event, recorded.at)?;
            }
            (StreamId::Batch(id), Event::Batch(event)) => {
                Arc::make_mut(self.batches.entry(id.clone()).or_default()).apply(event);
            }
            (StreamId::Person(id), Event::Person(event)) => {
                Arc::make_mut(self.persons.entry(id.clone()).or_default()).apply(event);
            }
            (StreamId::Partner(id), Event::Partner(PartnerEvent::Registered { code, contact })) => {
                let partner = Partner::new(code.clone(), contact.clone());
                self.partners.insert(id.clone(), Arc::new(partner));
            }
            (StreamId::Partner(id), Event::Partner(event)) => {
                let partner = self.partners.get_mut(id).ok_or_else(|| misplaced(recorded))?;
                Arc::make_mut(partner).apply(event);
            }
            _ => return Err(misplaced(recorded)),
        }
        Ok(())
    }
}

fn misplaced(recorded: &Recorded) -> Refusal {
    Refusal::new(ErrorKind::HistoryBroken)
        .with("stream", &recorded.stream)
        .with("index", recorded.index)
        .with("detail", "an event that does not belong here")
}
