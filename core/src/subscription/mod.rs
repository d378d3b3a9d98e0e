//! A customer's subscription to one product: periods, what is allocated to them, and what they
//! need.
//!
//! Periods are laid from the customer's co-term day, which all of the customer's products share
//! (S-AX-49). Nothing here reads a clock: every question names its day, and [`Subscription::roll`]
//! carries the state over the period boundaries up to that day.

mod future;
mod growth;
mod status;
mod text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    id::LicenseType,
    overlap::Overlap,
    time::{Day, Period, Term},
};

pub use growth::{Growth, growth};
pub use status::{Status, StatusKind};

/// Licences or devices counted by licence type.
pub type Quantities = BTreeMap<LicenseType, u32>;

/// The state of a started subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    co_term: Day,
    term: Term,
    joined: Day,
    /// Days of the grace that began on joining; a policy adopted later does not change it.
    joining_grace_days: u16,
    grace_days: u16,
    current: u32,
    /// The first days of the current period and of the two after it, which are asked for most;
    /// none after the year 9999.
    first_days: [Option<Day>; 3],
    /// By period, in order.
    coverage: Vec<Coverage>,
    carry: BTreeMap<LicenseType, u64>,
}

/// What is allocated to one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Coverage {
    period: u32,
    allocated: Quantities,
    /// What was allocated when the period first became fully licensed.
    base: Option<Quantities>,
    /// Whether it was fully licensed when it began.
    covered_ahead: bool,
}

/// The days on which a subscription starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct Start {
    /// The day all periods of the customer are laid from.
    pub co_term: Day,
    /// Length of a period, in months.
    pub term: Term,
    /// The day the product joined; not before the co-term day.
    pub joined: Day,
    /// Days of grace from joining, and again from each renewal.
    pub grace_days: u16,
}

impl Coverage {
    /// Of a period to which nothing is allocated.
    const fn of(period: u32) -> Self {
        Self { period, allocated: Quantities::new(), base: None, covered_ahead: false }
    }

    fn has_licenses(&self) -> bool {
        self.allocated.values().any(|allocated| *allocated > 0)
    }

    /// Fixes the base of growth when every device is covered.
    fn settle(&mut self, devices: &Quantities) {
        if self.base.is_none() && covers(&self.allocated, devices) {
            self.base = Some(self.allocated.clone());
        }
    }
}

impl Subscription {
    /// Starts on `start.joined`, in the grace (S-AX-27) and inside the first period (S-AX-31).
    #[must_use]
    pub fn start(start: Start) -> Self {
        let current = start.term.index_of(start.co_term, start.joined);
        Self {
            co_term: start.co_term,
            term: start.term,
            joined: start.joined,
            joining_grace_days: start.grace_days,
            grace_days: start.grace_days,
            current,
            first_days: first_days(start.term, start.co_term, current),
            coverage: Vec::new(),
            carry: BTreeMap::new(),
        }
    }

    /// Carries the state over the period boundaries up to `day`; `devices` is what the customer
    /// has had since the last event.
    ///
    /// Deterministic and idempotent: rolling to *a* and then to *b* ≥ *a* is rolling to *b*. A
    /// period covered ahead opens fully licensed (S-AX-53).
    pub fn roll(&mut self, day: Day, devices: &Quantities) {
        let index = self.term.index_of(self.co_term, day);
        if index <= self.current {
            return;
        }
        let opened =
            |coverage: &&mut Coverage| coverage.period > self.current && coverage.period <= index;
        for coverage in self.coverage.iter_mut().filter(opened) {
            coverage.settle(devices);
            coverage.covered_ahead = coverage.base.is_some();
        }
        self.current = index;
        self.first_days = first_days(self.term, self.co_term, index);
    }

    /// The first day of the next period, when `day` is not before it.
    #[must_use]
    pub fn opened_by(&self, day: Day) -> Option<Day> {
        let opens = self.period(1).ok()?.start;
        (day >= opens).then_some(opens)
    }

    /// Changes the grace of renewals from the current period on.
    pub const fn set_grace_days(&mut self, days: u16) {
        self.grace_days = days;
    }

    /// Licences allocated to all periods, past and future, by type.
    #[must_use]
    pub fn allocated_ever(&self) -> BTreeMap<LicenseType, u64> {
        let mut sums = BTreeMap::new();
        for (license_type, count) in self.coverage.iter().flat_map(|c| &c.allocated) {
            let sum: &mut u64 = sums.entry(license_type.clone()).or_default();
            *sum = sum.saturating_add(u64::from(*count));
        }
        sums
    }

    /// Length of a period.
    #[must_use]
    pub const fn term(&self) -> Term {
        self.term
    }

    /// The day the product joined.
    #[must_use]
    pub const fn joined(&self) -> Day {
        self.joined
    }

    /// The period `ahead` of the current one; 0 is the current one.
    ///
    /// # Errors
    /// [`DateOutOfRange`](crate::error::ErrorKind::DateOutOfRange) after the year 9999.
    pub fn period(&self, ahead: u32) -> Result<Period> {
        Ok(Period::new(self.opens(ahead)?, self.opens(ahead.saturating_add(1))?))
    }

    /// The first day of the period `ahead`.
    fn opens(&self, ahead: u32) -> Result<Day> {
        let kept =
            usize::try_from(ahead).ok().and_then(|ahead| self.first_days.get(ahead).copied());
        match kept.flatten() {
            Some(day) => Ok(day),
            None => self.term.starts(self.co_term, self.current.saturating_add(ahead)),
        }
    }

    /// Licences allocated to the period `ahead`, by type.
    #[must_use]
    pub fn allocated(&self, ahead: u32) -> Quantities {
        self.covered(ahead).map(|coverage| coverage.allocated.clone()).unwrap_or_default()
    }

    /// Ticks carried for `license_type`, below [`Term::ticks`].
    #[must_use]
    pub fn carry(&self, license_type: &LicenseType) -> u64 {
        self.carry.get(license_type).copied().unwrap_or(0)
    }

    /// Ticks carried by licence type; types without any are left out.
    #[must_use]
    pub const fn carries(&self) -> &BTreeMap<LicenseType, u64> {
        &self.carry
    }

    /// Licences of a type needed in the period `ahead`.
    ///
    /// Until the current period is fully licensed it needs what there are devices; from then on
    /// devices that are added count from the next period (S-AX-56), save for growth beyond what
    /// is free (S-AX-58). Future periods need what there are devices (S-AX-11).
    #[must_use]
    pub fn need(
        &self,
        ahead: u32,
        license_type: &LicenseType,
        devices: &Quantities,
        growth_percent: u16,
    ) -> u32 {
        match self.growth(license_type, devices, growth_percent) {
            Some(growth) if ahead == 0 => {
                quantity(&self.allocated(0), license_type).saturating_add(growth.extra_now)
            }
            _ => quantity(devices, license_type),
        }
    }

    /// Growth of the current period; none before it was fully licensed.
    #[must_use]
    pub fn growth(
        &self,
        license_type: &LicenseType,
        devices: &Quantities,
        growth_percent: u16,
    ) -> Option<Growth> {
        let coverage = self.covered(0)?;
        let base = quantity(coverage.base.as_ref()?, license_type);
        let allocated = quantity(&coverage.allocated, license_type);
        Some(growth(base, allocated, quantity(devices, license_type), growth_percent))
    }

    /// The overlap of an allocation to the current period on `today`.
    ///
    /// # Errors
    /// [`DateOutOfRange`](crate::error::ErrorKind::DateOutOfRange) after the year 9999.
    pub fn overlap(&self, today: Day) -> Result<Overlap> {
        let period = self.period(0)?;
        let joined = self.joined.max(period.start);
        let grace_ends = self.grace(period.start)?.map_or(joined, |grace| grace.end);
        Ok(Overlap { period, joined, grace_ends, allocated_on: today })
    }

    /// Adds licences to the period `ahead`; [`Subscription::settle`] is to follow.
    pub fn allocate(&mut self, ahead: u32, added: &Quantities) {
        let index = self.current.saturating_add(ahead);
        let at = self.place_of(index).unwrap_or_else(|at| {
            self.coverage.insert(at, Coverage::of(index));
            at
        });
        let Some(coverage) = self.coverage.get_mut(at) else { return };
        for (license_type, quantity) in added {
            let allocated = coverage.allocated.entry(license_type.clone()).or_default();
            *allocated = allocated.saturating_add(*quantity);
        }
    }

    /// Replaces the carry of a type after a compensation.
    pub fn set_carry(&mut self, license_type: &LicenseType, carry: u64) {
        self.carry.insert(license_type.clone(), carry);
    }

    /// Fixes the base of growth once the current period is fully licensed (S-AX-57).
    ///
    /// Called whenever devices or allocations have changed.
    pub fn settle(&mut self, devices: &Quantities) {
        if let Ok(at) = self.place_of(self.current)
            && let Some(coverage) = self.coverage.get_mut(at)
        {
            coverage.settle(devices);
        }
    }

    /// Whether the period `ahead` is fully licensed: it has been since, or all devices are
    /// covered.
    #[must_use]
    pub fn fully_licensed(&self, ahead: u32, devices: &Quantities) -> bool {
        fully_licensed(self.covered(ahead), devices)
    }

    /// The day on which the licences allocated without a gap end; none while no devices want any.
    ///
    /// # Errors
    /// [`DateOutOfRange`](crate::error::ErrorKind::DateOutOfRange) after the year 9999.
    pub fn covered_until(&self, devices: &Quantities) -> Result<Option<Day>> {
        if devices.values().all(|devices| *devices == 0) {
            return Ok(None);
        }
        let covered = |ahead: &u32| self.fully_licensed(*ahead, devices);
        let last = (1..=u32::MAX).take_while(covered).last().unwrap_or(0);
        self.period(last).map(|period| Some(period.end))
    }

    /// The grace of the current period: the one from joining while it lasts, into the next period
    /// where the product joined shortly before (S-AX-27), or one from a renewal that follows a
    /// period covered by licences (S-AX-52). A period that licences never covered is not followed
    /// by another grace, so grace does not renew itself; and one covered ahead needs none
    /// (S-AX-53).
    fn grace(&self, start: Day) -> Result<Option<Period>> {
        let before = self.current.checked_sub(1).and_then(|before| self.coverage_of(before));
        self.grace_of(start, renews(before, self.covered(0)))
    }

    /// The grace of a period from its first day, which the product joined in it or before.
    fn grace_of(&self, start: Day, renews: bool) -> Result<Option<Period>> {
        let from =
            |start: Day, days: u16| start.plus_days(days.into()).map(|end| Period::new(start, end));
        let joins = start.days_since(self.joined) < i32::from(self.joining_grace_days).max(1);
        let joining = joins.then(|| from(self.joined, self.joining_grace_days)).transpose()?;
        let renewal = renews.then(|| from(start, self.grace_days)).transpose()?;
        Ok(match (joining, renewal) {
            (Some(joining), Some(renewal)) if joining.end > renewal.end => Some(joining),
            (joining, renewal) => renewal.or(joining),
        })
    }

    fn covered(&self, ahead: u32) -> Option<&Coverage> {
        self.coverage_of(self.current.saturating_add(ahead))
    }

    fn coverage_of(&self, period: u32) -> Option<&Coverage> {
        self.place_of(period).ok().and_then(|at| self.coverage.get(at))
    }

    /// Where the coverage of a period is, or would be.
    fn place_of(&self, period: u32) -> Result<usize, usize> {
        self.coverage.binary_search_by_key(&period, |coverage| coverage.period)
    }
}

/// The first days of a period and of the two after it.
fn first_days(term: Term, co_term: Day, index: u32) -> [Option<Day>; 3] {
    [0, 1, 2].map(|ahead| term.starts(co_term, index.saturating_add(ahead)).ok())
}

/// The quantity of a type, 0 when it is not listed.
#[must_use]
pub fn quantity(quantities: &Quantities, license_type: &LicenseType) -> u32 {
    quantities.get(license_type).copied().unwrap_or(0)
}

/// Whether the current period brings a grace of its own: licences covered the one before, and did
/// not cover this one when it opened.
fn renews(before: Option<&Coverage>, here: Option<&Coverage>) -> bool {
    let covered_ahead = here.is_some_and(|coverage| coverage.covered_ahead);
    before.is_some_and(|before| before.base.is_some()) && !covered_ahead
}

/// Whether a period is fully licensed: it has been since, or all devices are covered.
fn fully_licensed(coverage: Option<&Coverage>, devices: &Quantities) -> bool {
    match coverage {
        Some(coverage) => coverage.base.is_some() || covers(&coverage.allocated, devices),
        None => devices.values().all(|devices| *devices == 0),
    }
}

/// Whether licences are there, and for every device one.
fn covers(allocated: &Quantities, devices: &Quantities) -> bool {
    let mut wanted = false;
    let covered = devices.iter().all(|(license_type, devices)| {
        wanted |= *devices > 0;
        *devices <= quantity(allocated, license_type)
    });
    covered && (wanted || allocated.values().any(|allocated| *allocated > 0))
}
