//! The persons of a customer and what each may do; and by which ways it buys.

use serde::{Deserialize, Serialize};

use super::{Account, AccountState, Customer, CustomerEvent, Draft};
use crate::{
    error::{ErrorKind, Refusal, Result},
    history::StreamId,
    id::{CustomerId, PersonId},
    pseudonym::Pseudonym,
};

/// What a person may do at a customer.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum MemberRole {
    /// Manages licences, devices and users.
    #[default]
    Manager,
    /// Uses what is licensed.
    User,
    /// Sees what is shared with it, and nothing else (S-IP-42).
    Shared,
    /// Watches from another system.
    Monitoring,
    /// Joins another system to this one.
    Federation,
}

/// Where a customer buys.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a closed choice")]
pub enum Channel {
    /// From a partner.
    #[default]
    Partner,
    /// In the vendor's shop.
    Shop,
    /// From both.
    Both,
}

impl Channel {
    /// Whether the vendor's shop is one of the ways.
    #[must_use]
    pub const fn uses_shop(self) -> bool {
        matches!(self, Self::Shop | Self::Both)
    }
}

/// Whose customer somebody is: a store keeps these as an index, by holder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_structs, reason = "a store must handle every part")]
pub struct Link {
    /// The partner whose customer it is, or the person who is a member of it.
    pub holder: StreamId,
    /// The customer.
    pub customer: CustomerId,
    /// The person to speak with.
    pub contact: Option<PersonId>,
}

/// A change to the index of links.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a store must handle every kind")]
pub enum LinkChange {
    /// The link is there from now on.
    Tie(Link),
    /// The link is there no longer.
    Cut(Link),
}

impl Customer {
    /// Where the customer buys.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        self.channel
    }

    /// Whether the customer is linked to its account at the vendor's shop.
    #[must_use]
    pub const fn shop_linked(&self) -> bool {
        self.shop_linked
    }

    /// Whether the customer is to be asked to link its account at the vendor's shop: it buys there
    /// and has not yet (S-IP-04, S-IP-09).
    #[must_use]
    pub const fn needs_shop_link(&self) -> bool {
        self.channel.uses_shop() && !self.shop_linked
    }

    /// The person to speak with: who registered, else the record of the account, else the first
    /// who manages licences.
    #[must_use]
    pub fn contact(&self) -> Option<&PersonId> {
        let registered = self.registration.as_ref().map(|registration| &registration.owner);
        let account = self.account.as_ref().map(|Account { client, .. }| client);
        let managers = self.members.iter().filter(|(_, role)| **role == MemberRole::Manager);
        registered.or(account).or_else(|| managers.map(|(person, _)| person).next())
    }

    /// By whom the customer is found; by nobody once it is deleted (S-ST-41).
    pub(crate) fn links(&self, id: &CustomerId) -> std::collections::BTreeSet<Link> {
        if self.state == AccountState::Deleted {
            return std::collections::BTreeSet::new();
        }
        let contact = self.contact();
        let dealer = self.dealer.iter().map(|dealer| (StreamId::Partner(dealer.clone()), contact));
        let members = self.members.keys().map(|person| (StreamId::Person(person.clone()), None));
        let link = |(holder, contact): (StreamId, Option<&PersonId>)| Link {
            holder,
            customer: id.clone(),
            contact: contact.cloned(),
        };
        dealer.chain(members).map(link).collect()
    }

    pub(super) fn take_of_members(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::MemberAdded { person, role } => {
                self.members.insert(person.clone(), *role);
            }
            CustomerEvent::MemberRemoved { person } => {
                self.members.remove(person);
            }
            CustomerEvent::ChannelSet { channel } => self.channel = *channel,
            CustomerEvent::ShopLinked { .. } => self.shop_linked = true,
            _ => {}
        }
    }
}

impl Draft<'_> {
    /// Makes a person a member with a role, or one no longer; nothing happens when it is so
    /// already.
    pub(crate) fn set_member(&mut self, person: &PersonId, role: Option<MemberRole>) -> Result<()> {
        let members = &self.customer.members;
        if members.get(person) == role.as_ref() {
            return Ok(());
        }
        if members.len() >= Customer::MEMBERS_MAX && !members.contains_key(person) {
            return Err(Refusal::over(
                "members of one customer:",
                Customer::MEMBERS_MAX.saturating_add(1),
                Customer::MEMBERS_MAX,
            ));
        }
        let administers = |account: &Account| account.administrator == *person;
        if role != Some(MemberRole::Manager)
            && members.contains_key(person)
            && self.customer.account.as_ref().is_some_and(administers)
        {
            return Err(Refusal::new(ErrorKind::AccountStateForbids)
                .with("state", self.customer.state.name())
                .with("detail", "its administrator has to be replaced first"));
        }
        let person = person.clone();
        self.record(match role {
            Some(role) => CustomerEvent::MemberAdded { person, role },
            None => CustomerEvent::MemberRemoved { person },
        });
        Ok(())
    }

    /// Sets where the customer buys.
    pub(crate) fn set_channel(&mut self, channel: Channel) {
        if self.customer.channel != channel {
            self.record(CustomerEvent::ChannelSet { channel });
        }
    }

    /// Links the customer to its account at the shop, once (S-IP-06).
    pub(crate) fn link_shop(&mut self, account: &Pseudonym) -> Result<()> {
        if self.customer.shop_linked {
            return Err(ErrorKind::ShopAlreadyLinked.into());
        }
        self.record(CustomerEvent::ShopLinked { account: account.clone() });
        Ok(())
    }
}
