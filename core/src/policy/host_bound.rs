//! The scheme of host-bound licences: registration numbers, coupons, trials and seats.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Budget, LicenseDuration, SETTING_MAX, refused, within};
#[cfg(feature = "zones")]
use crate::document::SeatTerms;
use crate::{error::Result, id::LicenseType};

/// Settings of licences for hosts.
///
/// In JSON every member may be left out and then has its usual value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "settings, made with ..Default::default()")]
pub struct HostBoundPolicy {
    /// How long a licence lasts. Usually perpetual.
    pub duration: LicenseDuration,
    /// Days of a trial, once for each customer; 0 offers none. Usually 30.
    pub trial_days: u16,
    /// Whether a registration number is needed. Usually so.
    pub needs_number: bool,
    /// Whether a host must show enough to tell it from others, such as a declared id in a container,
    /// before it is bound or tries the product. Usually so: otherwise the key of its installation is
    /// all there is, which every copy has, and each new key is another host.
    pub needs_facts: bool,
    /// Whole days a host may go without contact; 0 for ever. Usually 30.
    pub offline_days: u16,
    /// How many hosts the customer may put into one group that shares a licence, 0 to [`HostBoundPolicy::GROUP_HOSTS_MAX`]; 0 lets the
    /// vendor alone declare groups. Usually 0.
    pub group_hosts: u16,
    /// How many hosts the customer may free by itself, or its installations give back; none for as
    /// many as it likes. Usually three in 90 days, or every tenth where that is more.
    pub moves: Option<Budget>,
    /// How many bound hosts may be enrolled anew after they changed; none for as many as the
    /// customer likes. Usually three in 90 days, or every tenth where that is more.
    pub rebinds: Option<Budget>,
    /// Seconds a seat is held without a sign of life, 60 to 3600. Usually 300.
    pub lease_seconds: u16,
    /// Whether releasing a seat that was not captured is refused. Usually it does nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub release_strict: bool,
    /// How many may use a type of licence at once on a host, at least 1 each. Usually nobody
    /// counts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub seats: BTreeMap<LicenseType, u32>,
}

/// The most types of licence whose seats a policy counts: as many as a product has.
const SEAT_TYPES_MAX: usize = 64;
/// The usual lease, in seconds, which is what programs take that are told none.
const LEASE_USUAL: u16 = 300;

impl Default for HostBoundPolicy {
    fn default() -> Self {
        Self {
            duration: LicenseDuration::Perpetual,
            trial_days: 30,
            needs_number: true,
            needs_facts: true,
            offline_days: 30,
            group_hosts: 0,
            moves: Some(Budget::USUAL),
            rebinds: Some(Budget::USUAL),
            lease_seconds: LEASE_USUAL,
            release_strict: false,
            seats: BTreeMap::new(),
        }
    }
}

impl HostBoundPolicy {
    /// The most hosts in one group.
    pub const GROUP_HOSTS_MAX: u16 = 16;

    pub(super) fn validate(&self) -> Result<()> {
        within("trial_days", self.trial_days.into(), 0..=SETTING_MAX)?;
        within("offline_days", self.offline_days.into(), 0..=SETTING_MAX)?;
        within("lease_seconds", self.lease_seconds.into(), 60..=3600)?;
        if self.seats.len() > SEAT_TYPES_MAX {
            return refused("seats of more types than a product has");
        }
        if let Some((kind, _)) = self.seats.iter().find(|(_, seats)| **seats == 0) {
            return refused(&format!("`{kind}` has no seat"));
        }
        within("group_hosts", self.group_hosts.into(), 0..=Self::GROUP_HOSTS_MAX.into())?;
        self.moves.map_or(Ok(()), |budget| budget.validate("moves"))?;
        self.rebinds.map_or(Ok(()), |budget| budget.validate("rebinds"))?;
        if self.trial_days > 0 && !self.needs_number {
            return refused("a trial is given once a number, and no number is needed");
        }
        Ok(())
    }

    /// What its licences state of how seats are given; what is usual they leave out.
    #[cfg(feature = "zones")]
    pub(crate) fn seat_terms(&self) -> Option<SeatTerms> {
        let lease = u32::from(self.lease_seconds);
        let terms = SeatTerms {
            lease_seconds: (self.lease_seconds != LEASE_USUAL).then_some(lease),
            release_strict: self.release_strict.then_some(true),
        };
        (terms != SeatTerms::default()).then_some(terms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_sixteen_hosts_at_most() {
        for (group_hosts, holds) in [(16, true), (17, false)] {
            let policy = HostBoundPolicy { group_hosts, ..Default::default() };
            assert_eq!(policy.validate().is_ok(), holds, "{group_hosts}");
        }
    }

    #[test]
    fn a_trial_without_numbers_is_refused() {
        let policy = HostBoundPolicy { needs_number: false, ..Default::default() };
        assert!(policy.validate().unwrap_err().to_string().contains("no number is needed"));
        assert!(HostBoundPolicy { trial_days: 0, ..policy }.validate().is_ok());
    }

    #[test]
    fn a_type_without_a_seat_is_refused() {
        let with = |seats: u32| {
            let seats = [("base".parse().unwrap(), seats)].into();
            HostBoundPolicy { seats, ..Default::default() }.validate()
        };
        assert!(with(1).is_ok());
        assert!(with(0).unwrap_err().to_string().contains("`base` has no seat"));
    }

    #[test]
    #[cfg(feature = "zones")]
    fn licences_state_what_is_not_usual() {
        let usual = HostBoundPolicy::default();
        assert_eq!(usual.seat_terms(), None);
        let terms = HostBoundPolicy { lease_seconds: 900, ..usual.clone() }.seat_terms().unwrap();
        assert_eq!((terms.lease_seconds, terms.release_strict), (Some(900), None));
        let terms = HostBoundPolicy { release_strict: true, ..usual }.seat_terms().unwrap();
        assert_eq!((terms.lease_seconds, terms.release_strict), (None, Some(true)));
    }

    #[test]
    fn a_budget_left_out_is_the_usual_one_and_null_is_none() {
        let policy = |json: &str| serde_json::from_str::<HostBoundPolicy>(json).unwrap();
        assert_eq!(policy("{}").moves, Some(Budget { count: 3, percent: 10, days: 90 }));
        let none = policy(r#"{"moves": null, "rebinds": {"count": 0, "days": 1}}"#);
        assert_eq!((none.moves, none.rebinds.map(|budget| budget.count)), (None, Some(0)));
        assert_eq!(policy(&serde_json::to_string(&none).unwrap()), none);
    }

    #[test]
    fn leases_last_a_minute_to_an_hour() {
        for (lease_seconds, holds) in [(59, false), (60, true), (3600, true), (3601, false)] {
            let policy = HostBoundPolicy { lease_seconds, ..Default::default() };
            assert_eq!(policy.validate().is_ok(), holds, "{lease_seconds}");
        }
    }
}
