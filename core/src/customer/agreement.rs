//! An agreement: what one customer and one product have together.

use std::collections::BTreeMap;

use crate::{
    id::LicenseType,
    policy::SubscriptionPolicy,
    subscription::{Quantities, Start, Status, Subscription},
    time::Day,
    wallet::Wallet,
};

/// The wallet, the trial and the subscription to one product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    pub(super) policy_version: u32,
    pub(super) policy: SubscriptionPolicy,
    pub(super) wallet: Wallet,
    pub(super) trial_end: Option<Day>,
    pub(super) subscription: Option<Subscription>,
}

impl Agreement {
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
        match &self.subscription {
            _ if !registered => Ok(Status::unstarted(false, self.trial_end, today)),
            None => Ok(Status::unstarted(true, self.trial_end, today)),
            Some(subscription) => {
                let status = Status::of(subscription, devices, today)?;
                Ok(Status { trial_end: self.trial_end, ..status })
            }
        }
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

    pub(super) fn start(&mut self, version: u32, policy: SubscriptionPolicy, start: Start) {
        self.policy_version = version;
        self.policy = policy;
        self.subscription = Some(Subscription::start(start));
    }
}
