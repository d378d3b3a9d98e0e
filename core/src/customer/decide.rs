//! Decisions about a customer's systems, subscriptions and keys.

use std::collections::BTreeSet;

use super::{
    Customer, CustomerEvent, LabelChange, Link, LinkChange, RedeemedKey, System, not_registered,
};
use crate::{
    batch::{Batch, KeyContents},
    catalogue::{Catalogue, Product},
    code::CodeDigest,
    error::{ErrorKind, Refusal, Result},
    id::{BatchId, CustomerId, LicenseType, ProductId, RegionId},
    policy::{Policy, SubscriptionPolicy},
    subscription::Start,
    time::{Day, Instant, Term, Zone},
    wallet::{Lot, LotId, LotSource, QUANTITY_MAX},
};

/// A customer in the course of one command: every event recorded is in the state at once, so
/// that later decisions of the same command see it.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(super) id: &'a CustomerId,
    pub(super) customer: Customer,
    pub(super) today: Day,
    pub(super) events: Vec<CustomerEvent>,
    /// By whom the customer was found before.
    found_by: BTreeSet<Link>,
    /// Changes to what hosts are called, in order.
    pub(super) labels: Vec<LabelChange>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(id: &'a CustomerId, mut customer: Customer, now: Instant) -> Result<Self> {
        customer.check_exists()?;
        let today = customer.zone.day_at(now)?;
        customer.roll(today);
        let found_by = customer.links(id);
        Ok(Self { id, customer, today, events: Vec::new(), found_by, labels: Vec::new() })
    }

    /// As [`Draft::new`], for a customer that comes to be by this command.
    pub(crate) fn founded(
        id: &'a CustomerId,
        (zone, region): (Zone, Option<RegionId>),
        now: Instant,
    ) -> Result<Self> {
        let mut draft = Self::new(id, Customer::new(zone, region.clone()), now)?;
        draft.events.push(CustomerEvent::Registered { zone, region });
        Ok(draft)
    }

    pub(crate) const fn customer(&self) -> &Customer {
        &self.customer
    }

    /// The events, by whom the customer is found no longer or from now on, and what hosts are
    /// called.
    pub(crate) fn into_parts(self) -> (Vec<CustomerEvent>, Vec<LinkChange>, Vec<LabelChange>) {
        let found_by = self.customer.links(self.id);
        let gone = self.found_by.difference(&found_by).cloned().map(LinkChange::Cut);
        let new = found_by.difference(&self.found_by).cloned().map(LinkChange::Tie);
        (self.events, gone.chain(new).collect(), self.labels)
    }

    pub(super) fn record(&mut self, event: CustomerEvent) {
        self.customer.take(&event);
        self.events.push(event);
    }

    /// Registers a system, or takes a newer description of it (S-AX-11, S-AX-16).
    pub(crate) fn register_system(&mut self, catalogue: &Catalogue, system: System) -> Result<()> {
        let product = catalogue.product(&system.product)?;
        for license_type in system.devices.keys() {
            known_type(product, &system.product, license_type)?;
        }
        self.check_devices(&system)?;
        let known = self.customer.systems.get(&system.id);
        if known == Some(&system) {
            return Ok(());
        }
        let trial_end = match self.customer.pool_of(&system.product) {
            Some(pool) if pool.had_systems => None,
            _ => self.trial_end(product)?,
        };
        let id = system.product.clone();
        let growth_before = self.growth_wanted(&id);
        self.record(match known {
            Some(_) => CustomerEvent::SystemUpdated { system, trial_end },
            None if self.customer.systems.len() >= Customer::SYSTEMS_MAX => {
                return Err(Refusal::over(
                    "systems of one customer:",
                    Customer::SYSTEMS_MAX.saturating_add(1),
                    Customer::SYSTEMS_MAX,
                ));
            }
            None => CustomerEvent::SystemRegistered { system, trial_end },
        });
        self.warn_of_growth(&id, &growth_before);
        Ok(())
    }

    /// The devices of a type must stay within [`QUANTITY_MAX`] over all systems, so that sums are
    /// exact.
    fn check_devices(&self, system: &System) -> Result<()> {
        let others = self.customer.systems.values();
        let others = others.filter(|s| s.product == system.product && s.id != system.id);
        let mut sums = system.devices.clone();
        for (license_type, count) in others.flat_map(|other| &other.devices) {
            if let Some(sum) = sums.get_mut(license_type) {
                *sum = sum.saturating_add(*count);
            }
        }
        match sums.values().find(|sum| **sum > QUANTITY_MAX) {
            None => Ok(()),
            Some(sum) => Err(Refusal::over("devices of one type:", sum, QUANTITY_MAX)),
        }
    }

    /// Starts a subscription; its grace begins today (S-AX-26, S-AX-27).
    pub(crate) fn start_subscription(
        &mut self,
        catalogue: &Catalogue,
        product: &ProductId,
        term: Option<Term>,
    ) -> Result<()> {
        let entry = catalogue.product(product)?;
        if entry.definition().external {
            return Err(Refusal::new(ErrorKind::ProductExternal).with("product", product));
        }
        let (policy_version, policy) = subscription_policy(product, entry)?;
        if !self.customer.systems.values().any(|system| system.product == *product) {
            return Err(not_registered(self.id, product));
        }
        let agreement = self.customer.pool(self.id, product)?;
        if let Some(subscription) = agreement.subscription() {
            return Err(Refusal::new(ErrorKind::SubscriptionAlreadyStarted)
                .with("product", product)
                .with("started", subscription.joined()));
        }
        let term = match (term, policy.terms.first()) {
            (Some(term), _) if policy.terms.contains(&term) => term,
            (None, Some(usual)) => *usual,
            (Some(term), _) => {
                return Err(Refusal::new(ErrorKind::TermNotOffered)
                    .with("months", term.in_months())
                    .with("product", product));
            }
            (None, None) => return Err(ErrorKind::Internal.into()),
        };
        let co_term = self.customer.co_term.unwrap_or(self.today);
        let start = Start { co_term, term, joined: self.today, grace_days: policy.grace_days };
        self.record(CustomerEvent::SubscriptionStarted {
            product: product.clone(),
            policy_version,
            policy: policy.clone(),
            start,
        });
        Ok(())
    }

    /// Puts everything a key is worth into the wallet; allocates nothing (S-AX-34, S-AX-35).
    pub(crate) fn redeem(
        &mut self,
        catalogue: &Catalogue,
        key: &CodeDigest,
        (batch_id, batch): (&BatchId, &Batch),
    ) -> Result<()> {
        let masked = batch.masked(key).ok_or(ErrorKind::Internal)?.to_owned();
        let product = batch.product().ok_or(ErrorKind::Internal)?;
        if let Some((_, Policy::DeviceAssigned(_))) = catalogue.product(product)?.policy() {
            let redeemed = RedeemedKey { batch: batch_id.clone(), key: *key, masked };
            let licenses = (batch.contents(), LotSource::Key);
            return self.stock_devices(catalogue, product, licenses, Some(redeemed));
        }
        let expires_on = self.expires_on(self.policy(catalogue, product)?)?;
        let lots = self.lots(product, batch.contents(), (LotSource::Key, expires_on));
        self.record(CustomerEvent::KeyRedeemed {
            product: product.clone(),
            batch: batch_id.clone(),
            key: *key,
            masked,
            lots,
        });
        Ok(())
    }

    /// Takes licences that came without a key: into the wallet, for hosts or for devices.
    pub(crate) fn stock_any(
        &mut self,
        catalogue: &Catalogue,
        product: &ProductId,
        licenses: (&[KeyContents], LotSource),
    ) -> Result<()> {
        match catalogue.product(product)?.policy() {
            Some((_, Policy::HostBound(_))) => self.stock_hosts(catalogue, product, licenses),
            Some((_, Policy::DeviceAssigned(_))) => {
                self.stock_devices(catalogue, product, licenses, None)
            }
            _ => self.stock(catalogue, product, licenses),
        }
    }

    /// Puts licences into the wallet that came without a key.
    fn stock(
        &mut self,
        catalogue: &Catalogue,
        product: &ProductId,
        (contents, source): (&[KeyContents], LotSource),
    ) -> Result<()> {
        let expires_on = self.expires_on(self.policy(catalogue, product)?)?;
        let lots = self.lots(product, contents, (source, expires_on));
        self.record(CustomerEvent::LicensesStocked { product: product.clone(), lots });
        Ok(())
    }

    fn lots(
        &self,
        product: &ProductId,
        contents: &[KeyContents],
        (source, expires_on): (LotSource, Day),
    ) -> Vec<Lot> {
        let pool = self.customer.pool_of(product);
        let first = pool.map_or(LotId(1), |pool| pool.wallet.next_lot());
        let lot = |(offset, contents): (u32, &KeyContents)| Lot {
            id: LotId(first.0.saturating_add(offset)),
            license_type: contents.license_type.clone(),
            kind: contents.kind,
            quantity: contents.quantity,
            source,
            stored_on: self.today,
            expires_on,
        };
        (0..).zip(contents).map(lot).collect()
    }

    /// The policy that the agreement keeps; before a subscription is started, the newest.
    fn policy<'s>(
        &'s self,
        catalogue: &'s Catalogue,
        product: &ProductId,
    ) -> Result<&'s SubscriptionPolicy> {
        match self.customer.pool_of(product) {
            Some(pool) if pool.subscription.is_some() => Ok(&pool.policy),
            _ => Ok(subscription_policy(product, catalogue.product(product)?)?.1),
        }
    }

    /// The day on which licences stored today can no longer be used (S-AX-19).
    pub(super) fn expires_on(&self, policy: &SubscriptionPolicy) -> Result<Day> {
        self.today.plus_months(u32::from(policy.storage_years).saturating_mul(12))
    }

    fn trial_end(&self, product: &Product) -> Result<Option<Day>> {
        match product.policy() {
            Some((_, Policy::Subscription(policy))) if policy.trial_days > 0 => {
                self.today.plus_days(policy.trial_days.into()).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn growth_wanted(&self, product: &ProductId) -> Vec<(LicenseType, u32, u32)> {
        let devices = self.customer.devices(product);
        let Some(agreement) = self.customer.pool_of(product) else { return Vec::new() };
        let Some(subscription) = &agreement.subscription else { return Vec::new() };
        let percent = agreement.policy.growth_percent;
        let wanted = devices.keys().filter_map(|license_type| {
            let growth = subscription.growth(license_type, &devices, percent)?;
            (growth.extra_now > 0).then(|| (license_type.clone(), growth.free, growth.extra_now))
        });
        wanted.collect()
    }

    /// Warns once when growth crosses what is free (S-AX-59).
    fn warn_of_growth(&mut self, product: &ProductId, before: &[(LicenseType, u32, u32)]) {
        let devices = self.customer.devices(product);
        for (license_type, free, extra_now) in self.growth_wanted(product) {
            if before.iter().any(|(warned, ..)| *warned == license_type) {
                continue;
            }
            self.record(CustomerEvent::GrowthExceeded {
                product: product.clone(),
                devices: crate::subscription::quantity(&devices, &license_type),
                license_type,
                free,
                extra_now,
            });
        }
    }
}

pub(crate) fn known_type(
    product: &Product,
    id: &ProductId,
    license_type: &LicenseType,
) -> Result<()> {
    if product.definition().license_types.contains(license_type) {
        return Ok(());
    }
    Err(Refusal::new(ErrorKind::LicenseTypeUnknown)
        .with("product", id)
        .with("license_type", license_type))
}

pub(super) fn subscription_policy<'p>(
    id: &ProductId,
    product: &'p Product,
) -> Result<(u32, &'p SubscriptionPolicy)> {
    match product.policy() {
        Some((version, Policy::Subscription(policy))) => Ok((version, policy)),
        _ => Err(Refusal::new(ErrorKind::SchemeMismatch)
            .with("product", id)
            .with("scheme", "subscription")),
    }
}
