//! What a store keeps beside the history and can be told from it again: claims and links.

use std::collections::BTreeSet;

use super::{Claim, Event, Space, StreamId, World, prepared};
use crate::{
    batch::BatchEvent,
    customer::{CustomerEvent, Link},
    id::PersonId,
    partner::PartnerEvent,
    person::PersonEvent,
    pseudonym::Pseudonym,
};

/// The claims that follow from the events of one stream, taken in order.
///
/// Three kinds of claims cannot be told from the events alone: purchases, whose numbers no event
/// has, and what an installation that registered a number claimed of its host and of itself. Of
/// those [`Derived::beside`] says only whether the stream can hold them at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    stream: StreamId,
    claims: BTreeSet<Claim>,
    username: Option<Pseudonym>,
    registered: Option<(PersonId, Pseudonym)>,
    freed: BTreeSet<String>,
    stocked: bool,
}

impl Derived {
    /// Nothing yet, of a stream.
    #[must_use]
    pub const fn of(stream: StreamId) -> Self {
        Self {
            stream,
            claims: BTreeSet::new(),
            username: None,
            registered: None,
            freed: BTreeSet::new(),
            stocked: false,
        }
    }

    /// Takes the next event of the stream.
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::Customer(event) => self.take_of_customer(event),
            Event::Batch(BatchEvent::KeysIssued { keys, .. }) => {
                self.claims.extend(keys.iter().map(|key| prepared::code(&key.digest)));
            }
            Event::Person(event) => self.take_of_person(event),
            Event::Partner(PartnerEvent::Registered { code, .. }) => {
                self.claims.insert(prepared::partner_code(code));
            }
            Event::Partner(PartnerEvent::ShopLinked { account }) => {
                self.claims.insert(prepared::shop(account));
            }
            Event::Catalogue(_) | Event::Batch(_) | Event::Partner(_) => {}
        }
    }

    fn take_of_customer(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::KeyRedeemed { key, .. } | CustomerEvent::CouponRedeemed { key, .. } => {
                self.claims.insert(prepared::redeemed(key));
            }
            CustomerEvent::SystemRegistered { system, .. }
            | CustomerEvent::SystemUpdated { system, .. } => {
                self.claims.insert(prepared::installed(&system.installation));
            }
            CustomerEvent::HardwareRegistered { hardware, .. } => {
                self.claims.insert(prepared::hardware(hardware));
            }
            CustomerEvent::NumberIssued { number, registration, .. } => {
                self.claims.insert(prepared::number(number));
                if let Some(registration) = registration {
                    self.registered =
                        Some((registration.owner.clone(), registration.email.clone()));
                }
            }
            CustomerEvent::NumberSuperseded { number } => {
                self.claims.remove(&prepared::number_of(number));
            }
            CustomerEvent::MachineFreed { facts, .. } => {
                let machine = [Space::Host, Space::Installation];
                self.claims.retain(|claim| {
                    !(machine.contains(&claim.space) && facts.contains(&claim.digest))
                });
                self.freed.extend(facts.iter().cloned());
            }
            CustomerEvent::ShopLinked { account } => {
                self.claims.insert(prepared::shop(account));
            }
            CustomerEvent::LicensesStocked { .. }
            | CustomerEvent::HostLicensesStocked { .. }
            | CustomerEvent::DeviceLicensesStocked { .. } => self.stocked = true,
            _ => {}
        }
    }

    fn take_of_person(&mut self, event: &PersonEvent) {
        match event {
            PersonEvent::Added { sign_in: Some(sign_in), .. }
            | PersonEvent::Edited { sign_in: Some(sign_in) } => {
                self.username = Some(sign_in.username.clone());
            }
            PersonEvent::Erased {} => self.username = None,
            PersonEvent::Added { .. }
            | PersonEvent::Edited { .. }
            | PersonEvent::ActivationSent {}
            | PersonEvent::Activated {} => {}
        }
    }

    /// The person who registered the customer: until it is erased, its address is claimed.
    #[must_use]
    pub fn owner(&self) -> Option<&PersonId> {
        self.registered.as_ref().map(|(owner, _)| owner)
    }

    /// The claims the stream holds; `world` has [`Derived::owner`], if there is one.
    #[must_use]
    pub fn claims(&self, world: &World) -> BTreeSet<Claim> {
        let mut claims = self.claims.clone();
        claims.extend(self.username.as_ref().map(prepared::username));
        let known = self
            .registered
            .as_ref()
            .filter(|(owner, _)| world.person(owner).is_none_or(|person| !person.erased()));
        claims.extend(known.map(|(_, email)| prepared::email(email)));
        claims
    }

    /// What the stream may claim beside [`Derived::claims`], which the events do not tell.
    #[must_use]
    pub fn beside(&self) -> Beside {
        Beside {
            machines: self.registered.is_some(),
            purchases: self.stocked,
            freed: self.freed.clone(),
        }
    }
}

/// What a stream may claim without an event that tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    machines: bool,
    purchases: bool,
    freed: BTreeSet<String>,
}

impl Beside {
    /// Whether the stream can hold this claim at all: hosts and installations of who registered a
    /// number and did not give them up, purchases of who was stocked.
    #[must_use]
    pub fn allows(&self, claim: &Claim) -> bool {
        match claim.space {
            Space::Host | Space::Installation => {
                self.machines && !self.freed.contains(&claim.digest)
            }
            Space::Purchase => self.purchases,
            _ => false,
        }
    }

    /// Whether it allows nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.machines && !self.purchases
    }
}

/// By whom the customers of a world are found.
#[must_use]
pub fn links(world: &World) -> BTreeSet<Link> {
    world.customers().flat_map(|(id, customer)| customer.links(id)).collect()
}
