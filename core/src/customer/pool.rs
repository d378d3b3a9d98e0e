//! The agreement on a product that is sold as a pool of licences.

use serde::{Deserialize, Serialize};

use std::collections::BTreeMap;

use crate::{
    id::LicenseType,
    policy::SubscriptionPolicy,
    subscription::{Quantities, Start, Status, Subscription},
    time::Day,
    wallet::{Debit, Lot, LotId, Wallet},
};

use super::AllocationLine;

/// The wallet, the trial and the subscription to one product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolAgreement {
    pub(super) policy_version: u32,
    pub(super) policy: SubscriptionPolicy,
    pub(super) wallet: Wallet,
    /// Whether a system of the product was ever registered; only the first begins a trial.
    pub(super) had_systems: bool,
    pub(super) trial_end: Option<Day>,
    pub(super) subscription: Option<Subscription>,
    pub(super) next_policy: Option<(u32, SubscriptionPolicy)>,
    pub(super) allocations: u32,
    pub(super) last: Option<Allocation>,
}

/// The newest allocation, with what it takes to undo it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Allocation {
    pub(super) before: Subscription,
    pub(super) debits: Vec<Debit>,
    pub(super) credited: Vec<LotId>,
}

impl PoolAgreement {
    /// The version of the policy this agreement keeps; 0 before a subscription is started.
    #[must_use]
    pub const fn policy_version(&self) -> u32 {
        self.policy_version
    }

    /// The policy this agreement keeps.
    #[must_use]
    pub const fn policy(&self) -> &SubscriptionPolicy {
        &self.policy
    }

    /// The stock of licences.
    #[must_use]
    pub const fn wallet(&self) -> &Wallet {
        &self.wallet
    }

    /// The subscription, when it was started.
    #[must_use]
    pub const fn subscription(&self) -> Option<&Subscription> {
        self.subscription.as_ref()
    }

    /// The status on `today`, to which the agreement was rolled.
    ///
    /// # Errors
    /// [`DateOutOfRange`](crate::error::ErrorKind::DateOutOfRange) after the year 9999.
    pub fn status(
        &self,
        registered: bool,
        devices: &Quantities,
        today: Day,
    ) -> crate::error::Result<Status> {
        let Some(subscription) = &self.subscription else {
            return Ok(Status::unstarted(registered, self.trial_end, today));
        };
        let status = Status::of(subscription, devices, today)?;
        let status = Status { trial_end: self.trial_end, ..status };
        Ok(if registered { status } else { status.without_systems() })
    }

    /// Need by licence type for the current period and those that may be covered ahead (S-AX-10).
    ///
    /// Before a subscription is started every period needs what there are devices.
    #[must_use]
    pub fn need(&self, ahead: u32, devices: &Quantities) -> BTreeMap<LicenseType, u32> {
        let percent = self.policy.growth_percent;
        let Some(subscription) = &self.subscription else { return devices.clone() };
        let allocated = subscription.allocated(ahead);
        let types = devices.keys().chain(allocated.keys());
        types
            .map(|license_type| {
                let need = subscription.need(ahead, license_type, devices, percent);
                (license_type.clone(), need)
            })
            .collect()
    }

    /// The policy to be kept from the next period on, and its version.
    #[must_use]
    pub fn next_policy(&self) -> Option<(u32, &SubscriptionPolicy)> {
        self.next_policy.as_ref().map(|(version, policy)| (*version, policy))
    }

    /// Carries the state over the period boundaries up to `day`; see [`Subscription::roll`].
    pub(super) fn roll(&mut self, day: Day, devices: &Quantities) {
        let Some(subscription) = &mut self.subscription else { return };
        let Some(opens) = subscription.opened_by(day) else { return };
        self.last = None;
        if let Some((version, policy)) = self.next_policy.take() {
            subscription.roll(opens, devices);
            subscription.set_grace_days(policy.grace_days);
            (self.policy_version, self.policy) = (version, policy);
        }
        subscription.roll(day, devices);
    }

    pub(super) fn allocate(&mut self, ahead: u32, periods: u16, lines: &[AllocationLine]) {
        let Some(subscription) = &mut self.subscription else { return };
        let debits: Vec<Debit> = lines.iter().flat_map(|line| line.debits.clone()).collect();
        debits.iter().for_each(|debit| self.wallet.debit(*debit));
        self.allocations = self.allocations.saturating_add(1);
        self.last = Some(Allocation { before: subscription.clone(), debits, credited: Vec::new() });
        let added = lines.iter().map(|line| (line.license_type.clone(), line.quantity)).collect();
        for later in 0..u32::from(periods) {
            subscription.allocate(ahead.saturating_add(later), &added);
        }
    }

    pub(super) fn compensate(&mut self, license_type: &LicenseType, carry: u64, lot: Option<&Lot>) {
        if let Some(subscription) = &mut self.subscription {
            subscription.set_carry(license_type, carry);
        }
        let Some(lot) = lot else { return };
        if let Some(last) = &mut self.last {
            last.credited.push(lot.id);
        }
        self.wallet.store(lot.clone());
    }

    /// Puts back what the newest allocation took and takes back what it gave.
    pub(super) fn undo(&mut self) {
        let Some(last) = self.last.take() else { return };
        last.debits.iter().for_each(|debit| self.wallet.put_back(*debit));
        for lot in last.credited {
            let quantity = self.wallet.lot(lot).map_or(0, |(lot, _)| lot.quantity);
            self.wallet.void(Debit { lot, quantity });
        }
        self.subscription = Some(last.before);
    }

    pub(super) fn start(&mut self, version: u32, policy: SubscriptionPolicy, start: Start) {
        self.policy_version = version;
        self.policy = policy;
        self.subscription = Some(Subscription::start(start));
    }
}
