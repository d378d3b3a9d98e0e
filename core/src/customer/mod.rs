//! A customer: its zone and dates, its systems, and one agreement for each product.
//!
//! What the systems in the field call organisation, account or contractor. Nothing ever moves
//! from one customer to another (S-AX-07).

mod agreement;
mod allocate;
mod decide;
mod event;
mod license;

use std::collections::BTreeMap;

use crate::{
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, ProductId, SystemId},
    subscription::{Quantities, Start, Subscription},
    time::{Day, Instant, Zone},
};

pub use agreement::Agreement;
pub(crate) use allocate::check_quantities;
pub(crate) use decide::{Draft, known_type};
pub use event::{AllocationLine, CustomerEvent, System};

/// The state of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    zone: Zone,
    co_term: Option<Day>,
    systems: BTreeMap<SystemId, System>,
    agreements: BTreeMap<ProductId, Agreement>,
    serial: u64,
}

impl Customer {
    /// The most systems of one customer.
    pub const SYSTEMS_MAX: usize = 100_000;

    /// A customer just registered.
    #[must_use]
    pub const fn new(zone: Zone) -> Self {
        Self {
            zone,
            co_term: None,
            systems: BTreeMap::new(),
            agreements: BTreeMap::new(),
            serial: 0,
        }
    }

    /// The zone in which the customer's days begin.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.zone
    }

    /// The day from which all periods are laid; none before the first subscription.
    #[must_use]
    pub const fn co_term(&self) -> Option<Day> {
        self.co_term
    }

    /// The systems registered.
    #[must_use]
    pub const fn systems(&self) -> &BTreeMap<SystemId, System> {
        &self.systems
    }

    /// The agreements, one for each product with a system or a redeemed key.
    #[must_use]
    pub const fn agreements(&self) -> &BTreeMap<ProductId, Agreement> {
        &self.agreements
    }

    /// The agreement on `product`.
    ///
    /// # Errors
    /// [`ErrorKind::NotRegistered`] when there is none; `id` is named in it.
    pub fn agreement(&self, id: &CustomerId, product: &ProductId) -> Result<&Agreement> {
        self.agreements.get(product).ok_or_else(|| not_registered(id, product))
    }

    /// Devices of all systems with `product`, by licence type (S-AX-11, S-AX-66).
    #[must_use]
    pub fn devices(&self, product: &ProductId) -> Quantities {
        let mut devices = Quantities::new();
        for system in self.systems.values().filter(|system| system.product == *product) {
            for (license_type, count) in &system.devices {
                let sum = devices.entry(license_type.clone()).or_default();
                *sum = sum.saturating_add(*count);
            }
        }
        devices
    }

    /// Carries the state over the period boundaries up to `day`; see [`Subscription::roll`].
    pub fn roll(&mut self, day: Day) {
        let products: Vec<ProductId> = self.agreements.keys().cloned().collect();
        for product in products {
            self.with_subscription(&product, |subscription, devices| {
                subscription.roll(day, devices);
            });
        }
    }

    /// Takes an event that was decided at `at` into the state.
    ///
    /// # Errors
    /// [`ErrorKind::DateInvalid`] when `at` is no civil day in the customer's zone.
    pub fn apply(&mut self, event: &CustomerEvent, at: Instant) -> Result<()> {
        self.roll(self.zone.day_at(at)?);
        self.take(event);
        Ok(())
    }

    fn take(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::Registered { .. } | CustomerEvent::GrowthExceeded { .. } => {}
            CustomerEvent::SystemRegistered { system, trial_end, .. }
            | CustomerEvent::SystemUpdated { system, trial_end, .. } => {
                let agreement = self.agreements.entry(system.product.clone()).or_default();
                agreement.trial_end = agreement.trial_end.or(*trial_end);
                self.systems.insert(system.id.clone(), system.clone());
                self.with_subscription(&system.product, Subscription::settle);
            }
            CustomerEvent::SubscriptionStarted { product, policy_version, policy, start } => {
                let Start { co_term, .. } = *start;
                self.co_term = Some(co_term);
                let agreement = self.agreements.entry(product.clone()).or_default();
                agreement.start(*policy_version, policy.clone(), *start);
            }
            CustomerEvent::KeyRedeemed { product, lots, .. } => {
                let agreement = self.agreements.entry(product.clone()).or_default();
                lots.iter().cloned().for_each(|lot| agreement.wallet.store(lot));
            }
            CustomerEvent::Allocated { product, ahead, lines, .. } => {
                let Some(agreement) = self.agreements.get_mut(product) else { return };
                let debits = lines.iter().flat_map(|line| &line.debits);
                debits.for_each(|debit| agreement.wallet.debit(*debit));
                let added = lines.iter().map(|line| (line.license_type.clone(), line.quantity));
                let added: Quantities = added.collect();
                self.with_subscription(product, |subscription, devices| {
                    subscription.allocate(*ahead, &added, devices);
                });
            }
            CustomerEvent::Compensated { product, license_type, carry, lot, .. } => {
                let Some(agreement) = self.agreements.get_mut(product) else { return };
                lot.iter().cloned().for_each(|lot| agreement.wallet.store(lot));
                self.with_subscription(product, |subscription, _| {
                    subscription.set_carry(license_type, *carry);
                });
            }
            CustomerEvent::LicenseIssued { serial, .. } => self.serial = *serial,
        }
    }

    fn with_subscription(
        &mut self,
        product: &ProductId,
        change: impl FnOnce(&mut Subscription, &Quantities),
    ) {
        let devices = self.devices(product);
        let agreement = self.agreements.get_mut(product);
        if let Some(subscription) = agreement.and_then(|agreement| agreement.subscription.as_mut())
        {
            change(subscription, &devices);
        }
    }
}

fn not_registered(customer: &CustomerId, product: &ProductId) -> Refusal {
    Refusal::new(ErrorKind::NotRegistered).with("product", product).with("customer", customer)
}
