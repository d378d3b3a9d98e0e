//! Policies: what is sold and by which rules.
//!
//! A policy belongs to one scheme, and each scheme has only the settings it really uses. A
//! published version never changes; an agreement keeps the one it was made under.

mod account_term;
mod budget;
mod device_assigned;
mod host_bound;
mod subscription;

use std::{collections::BTreeSet, ops::RangeInclusive};

use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorKind, Refusal, Result},
    time::{Day, Term},
};

pub use account_term::{
    AccountTermPolicy, Country, IdentityProvider, Plan, PlanPrice, ProrataBasis, Provisioning,
};
pub use budget::Budget;
pub use device_assigned::DeviceAssignedPolicy;
pub use host_bound::HostBoundPolicy;
pub use subscription::{CreditedStorage, SubscriptionPolicy};

/// The rules under which a product is sold.
///
/// ```
/// use mlicense_core::{error::ErrorKind, policy::Policy};
/// assert!(Policy::pool_subscription().validate().is_ok());
/// let json = r#"{"subscription": {"terms": [1], "grace_days": 30}}"#;
/// let policy: Policy = serde_json::from_str(json).unwrap();
/// let refusal = policy.validate().unwrap_err();
/// assert_eq!(refusal.kind(), ErrorKind::PolicyContradictory);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Policy {
    /// A pool of licences for the devices a customer has, in periods that renew.
    Subscription(SubscriptionPolicy),
    /// A licence for a host, by number or coupon.
    HostBound(HostBoundPolicy),
    /// One licence for one device, assigned by name.
    DeviceAssigned(DeviceAssignedPolicy),
    /// Billed terms of an account.
    AccountTerm(AccountTermPolicy),
}

/// How long a licence lasts once it is given.
///
/// In JSON `"perpetual"`, `{"updates_for": 12}` or `{"months": 12}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a closed choice of policies")]
pub enum LicenseDuration {
    /// Without an end.
    #[default]
    Perpetual,
    /// Without an end for every version built within so many months.
    UpdatesFor(Term),
    /// For so many months.
    Months(Term),
}

impl LicenseDuration {
    /// The first day no longer covered by a licence given on `today`, and the first on which new
    /// versions are not; each none where there is no end.
    ///
    /// # Errors
    /// [`ErrorKind::DateOutOfRange`] after 9999-12-31.
    pub fn ends(self, today: Day) -> Result<(Option<Day>, Option<Day>)> {
        let after = |term: Term| today.plus_months(term.in_months().into());
        Ok(match self {
            Self::Perpetual => (None, None),
            Self::UpdatesFor(term) => (None, Some(after(term)?)),
            Self::Months(term) => (Some(after(term)?), None),
        })
    }
}

impl Policy {
    /// A subscription with the usual settings: terms of one year, 30 days of grace at the start
    /// and at each renewal, five years of storage, five periods ahead, growth of 100 % free.
    #[must_use]
    pub fn pool_subscription() -> Self {
        Self::Subscription(SubscriptionPolicy::default())
    }

    /// Perpetual licences for hosts by registration number, with a trial of 30 days.
    #[must_use]
    pub fn host_key() -> Self {
        Self::HostBound(HostBoundPolicy::default())
    }

    /// Perpetual licences, each for one device, assigned automatically where possible.
    #[must_use]
    pub fn device_assignment() -> Self {
        Self::DeviceAssigned(DeviceAssignedPolicy::default())
    }

    /// Yearly or monthly terms that renew by themselves and are billed to the day.
    #[must_use]
    pub fn account_term() -> Self {
        Self::AccountTerm(AccountTermPolicy::default())
    }

    /// The name of the scheme, as in JSON.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        match self {
            Self::Subscription(_) => "subscription",
            Self::HostBound(_) => "host_bound",
            Self::DeviceAssigned(_) => "device_assigned",
            Self::AccountTerm(_) => "account_term",
        }
    }

    /// Checks that the settings do not contradict each other.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyContradictory`] naming the settings.
    pub fn validate(&self) -> Result<()> {
        match self {
            Self::Subscription(policy) => policy.validate(),
            Self::HostBound(policy) => policy.validate(),
            Self::DeviceAssigned(_) => Ok(()),
            Self::AccountTerm(policy) => policy.validate(),
        }
    }

    /// Refuses settings for types of licence that the product does not have.
    #[cfg(feature = "zones")]
    pub(crate) fn check_types(&self, types: &[crate::id::LicenseType]) -> Result<()> {
        let Self::HostBound(policy) = self else { return Ok(()) };
        match policy.seats.keys().find(|named| !types.contains(named)) {
            Some(named) => refused(&format!("seats of `{named}`, which the product does not have")),
            None => Ok(()),
        }
    }
}

/// The most terms one policy may offer.
pub const TERMS_MAX: usize = 12;
/// The largest number of days or percent in a setting.
pub const SETTING_MAX: u32 = 3660;

fn refused(detail: &str) -> Result<()> {
    Err(Refusal::new(ErrorKind::PolicyContradictory).with("detail", detail))
}

fn within(name: &str, value: u32, range: RangeInclusive<u32>) -> Result<()> {
    if range.contains(&value) {
        return Ok(());
    }
    refused(&format!("{name} {value} is not {} to {}", range.start(), range.end()))
}

fn check_terms(terms: &[Term]) -> Result<()> {
    if !(1..=TERMS_MAX).contains(&terms.len()) {
        return refused(&format!("{} terms, not 1 to {TERMS_MAX}", terms.len()));
    }
    if terms.iter().collect::<BTreeSet<_>>().len() < terms.len() {
        return refused("a term is offered twice");
    }
    Ok(())
}
