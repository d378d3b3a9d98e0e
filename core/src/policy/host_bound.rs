//! The scheme of host-bound licences: registration numbers, coupons, trials and seats.

use serde::{Deserialize, Serialize};

use super::{LicenseDuration, SETTING_MAX, refused, within};
use crate::error::Result;

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
    /// Whole days a host may go without contact; 0 for ever. Usually 30.
    pub offline_days: u16,
    /// Seconds a seat is held without a sign of life, 60 to 3600. Usually 300.
    pub lease_seconds: u16,
}

impl Default for HostBoundPolicy {
    fn default() -> Self {
        Self {
            duration: LicenseDuration::Perpetual,
            trial_days: 30,
            needs_number: true,
            offline_days: 30,
            lease_seconds: 300,
        }
    }
}

impl HostBoundPolicy {
    pub(super) fn validate(&self) -> Result<()> {
        within("trial_days", self.trial_days.into(), 0..=SETTING_MAX)?;
        within("offline_days", self.offline_days.into(), 0..=SETTING_MAX)?;
        within("lease_seconds", self.lease_seconds.into(), 60..=3600)?;
        if self.trial_days > 0 && !self.needs_number {
            return refused("a trial is given once a number, and no number is needed");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_without_numbers_is_refused() {
        let policy = HostBoundPolicy { needs_number: false, ..Default::default() };
        assert!(policy.validate().unwrap_err().to_string().contains("no number is needed"));
        assert!(HostBoundPolicy { trial_days: 0, ..policy }.validate().is_ok());
    }

    #[test]
    fn leases_last_a_minute_to_an_hour() {
        for (lease_seconds, holds) in [(59, false), (60, true), (3600, true), (3601, false)] {
            let policy = HostBoundPolicy { lease_seconds, ..Default::default() };
            assert_eq!(policy.validate().is_ok(), holds, "{lease_seconds}");
        }
    }
}
