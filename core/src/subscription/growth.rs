//! The growth rule: devices added within a period need no licences up to a share of the licences
//! first allocated.

use serde::{Deserialize, Serialize};

/// Where a period stands with the growth rule, for one licence type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "the whole answer")]
pub struct Growth {
    /// Devices that may run without further licences in this period.
    pub free: u32,
    /// Licences wanted now for devices beyond that. They never block; they are a warning (S-AX-59).
    pub extra_now: u32,
}

/// Applies the growth rule: `base` licences when the period first became fully licensed,
/// `allocated` now, and `percent` of the base free (S-AX-57, S-AX-58).
///
/// Licences topped up later count one for one and open no further growth; a share that is not
/// whole is rounded down.
///
/// ```
/// use mlicense_core::subscription::growth;
/// assert_eq!(growth(10, 10, 20, 100).extra_now, 0);
/// assert_eq!(growth(10, 10, 21, 100).extra_now, 1);
/// assert_eq!(growth(10, 15, 25, 100).free, 25);
/// assert_eq!(growth(7, 7, 11, 50).free, 10);
/// ```
#[must_use]
pub fn growth(base: u32, allocated: u32, devices: u32, percent: u16) -> Growth {
    let share = u64::from(base).saturating_mul(u64::from(percent).saturating_add(100));
    let topped_up = u64::from(allocated.saturating_sub(base));
    let free = share.checked_div(100).unwrap_or(0).saturating_add(topped_up);
    let free = u32::try_from(free).unwrap_or(u32::MAX);
    Growth { free, extra_now: devices.saturating_sub(free) }
}
