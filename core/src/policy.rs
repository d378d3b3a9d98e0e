//! Policies: what is sold and by which rules.
//!
//! A policy belongs to one scheme, and each scheme has only the settings it really uses. A
//! published version never changes; an agreement keeps the one it was made under.

use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorKind, Refusal, Result},
    overlap::CompensationOrigin,
    time::Term,
};

/// The rules under which a product is sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Policy {
    /// A pool of licences for the devices a customer has, in periods that renew.
    Subscription(SubscriptionPolicy),
}

impl Policy {
    /// A subscription with the usual settings: terms of one year, 30 days of grace at the start
    /// and at each renewal, five years of storage, five periods ahead, growth of 100 % free.
    #[must_use]
    pub fn pool_subscription() -> Self {
        Self::Subscription(SubscriptionPolicy::default())
    }

    /// Checks that the settings do not contradict each other.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyContradictory`] naming the settings.
    pub fn validate(&self) -> Result<()> {
        match self {
            Self::Subscription(policy) => policy.validate(),
        }
    }
}

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
    /// Whether a period may be covered in part. Usually not: the whole need at once.
    pub partial_allocation: bool,
    /// Whether more may be allocated than is needed. Usually not.
    pub over_allocation: bool,
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
            partial_allocation: false,
            over_allocation: false,
        }
    }
}

impl SubscriptionPolicy {
    /// The most terms one policy may offer.
    pub const TERMS_MAX: usize = 12;
    /// The longest storage in years, trial in days, growth in percent and advance in periods.
    pub const SETTING_MAX: u16 = 3660;

    fn validate(&self) -> Result<()> {
        let refused = |detail: String| {
            Err(Refusal::new(ErrorKind::PolicyContradictory).with("detail", detail))
        };
        if !(1..=Self::TERMS_MAX).contains(&self.terms.len()) {
            return refused(format!("{} terms, not 1 to {}", self.terms.len(), Self::TERMS_MAX));
        }
        let distinct: std::collections::BTreeSet<_> = self.terms.iter().collect();
        if distinct.len() < self.terms.len() {
            return refused("a term is offered twice".to_owned());
        }
        let shortest = distinct.first().map_or(0, |term| term.shortest_days());
        if u32::from(self.grace_days) >= shortest {
            let grace = self.grace_days;
            return refused(format!("{grace} days of grace in a term of {shortest} days"));
        }
        if self.storage_years == 0 {
            return refused("0 years of storage make every licence useless".to_owned());
        }
        let settings = [
            ("trial_days", self.trial_days),
            ("storage_years", self.storage_years),
            ("advance_periods", self.advance_periods),
            ("growth_percent", self.growth_percent),
        ];
        match settings.into_iter().find(|(_, value)| *value > Self::SETTING_MAX) {
            Some((name, value)) => refused(format!("{name} {value} exceeds {}", Self::SETTING_MAX)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
