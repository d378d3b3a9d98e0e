//! The scheme of subscriptions: a pool of licences for the devices a customer has.

use serde::{Deserialize, Serialize};

use super::{SETTING_MAX, check_terms, refused, within};
use crate::{error::Result, overlap::CompensationOrigin, time::Term};

/// Settings of a subscription to a pool of licences.
///
/// In JSON every member may be left out and then has its usual value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "settings, made with ..Default::default()")]
pub struct SubscriptionPolicy {
    /// Terms on offer, in months; the first is the usual one. Usually 12.
    pub terms: Vec<Term>,
    /// Days of full use from the start of a subscription, and again at each renewal. Usually 30.
    pub grace_days: u16,
    /// Days of full use from registration, before a subscription is started. Usually 0.
    pub trial_days: u16,
    /// Years that licences may be stored in the wallet. Usually 5.
    pub storage_years: u16,
    /// Future periods that may be covered ahead. Usually 5.
    pub advance_periods: u16,
    /// Growth within a period that needs no licences, in percent of those allocated. Usually 100.
    pub growth_percent: u16,
    /// What a late allocation gives back. Usually `elapsed`.
    pub compensation: CompensationOrigin,
    /// How long licences given back are stored. Usually `fresh`.
    pub credited_storage: CreditedStorage,
    /// Whether a period may be covered in part. Usually not: the whole need at once.
    pub partial_allocation: bool,
    /// Whether more may be allocated than is needed. Usually not.
    pub over_allocation: bool,
}

/// How long licences that a compensation gives back are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a closed choice of policies")]
pub enum CreditedStorage {
    /// The full storage anew: they are new licences.
    #[default]
    Fresh,
    /// Until the first of the lots they were taken from expires, so that late allocation over and
    /// over does not prolong storage.
    Inherit,
}

impl Default for SubscriptionPolicy {
    fn default() -> Self {
        Self {
            terms: vec![Term::YEAR],
            grace_days: 30,
            trial_days: 0,
            storage_years: 5,
            advance_periods: 5,
            growth_percent: 100,
            compensation: CompensationOrigin::Elapsed,
            credited_storage: CreditedStorage::Fresh,
            partial_allocation: false,
            over_allocation: false,
        }
    }
}

impl SubscriptionPolicy {
    pub(super) fn validate(&self) -> Result<()> {
        check_terms(&self.terms)?;
        let shortest = self.terms.iter().map(|term| term.shortest_days()).min().unwrap_or(0);
        if u32::from(self.grace_days) >= shortest {
            let grace = self.grace_days;
            return refused(&format!("{grace} days of grace in a term of {shortest} days"));
        }
        if self.storage_years == 0 {
            return refused("0 years of storage make every licence useless");
        }
        within("storage_years", self.storage_years.into(), 0..=STORAGE_YEARS_MAX.into())?;
        within("trial_days", self.trial_days.into(), 0..=SETTING_MAX)?;
        within("advance_periods", self.advance_periods.into(), 0..=ADVANCE_PERIODS_MAX.into())?;
        within("growth_percent", self.growth_percent.into(), 0..=SETTING_MAX)
    }
}

/// The longest storage, in years.
const STORAGE_YEARS_MAX: u16 = 100;
/// The most periods that may be covered ahead.
const ADVANCE_PERIODS_MAX: u16 = 120;

#[cfg(test)]
mod tests {
    use super::{super::Policy, *};

    fn refusal(policy: SubscriptionPolicy) -> String {
        Policy::Subscription(policy).validate().unwrap_err().to_string()
    }

    #[test]
    fn the_usual_policy_holds() {
        assert!(Policy::pool_subscription().validate().is_ok());
    }

    #[test]
    fn a_grace_as_long_as_the_term_is_refused() {
        let month = Term::months(1).unwrap();
        let text = refusal(SubscriptionPolicy { terms: vec![month], ..Default::default() });
        assert_eq!(text, "the policy contradicts itself: 30 days of grace in a term of 28 days");
        let policy =
            SubscriptionPolicy { terms: vec![month], grace_days: 27, ..Default::default() };
        assert!(policy.validate().is_ok());
    }

    #[test]
    fn a_policy_without_terms_is_refused() {
        assert!(
            refusal(SubscriptionPolicy { terms: vec![], ..Default::default() }).contains("0 terms")
        );
    }

    #[test]
    fn members_left_out_have_their_usual_value() {
        let policy: Policy = serde_json::from_str(r#"{"subscription":{}}"#).unwrap();
        assert_eq!(policy, Policy::pool_subscription());
    }
}
