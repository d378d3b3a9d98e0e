//! `Future`: a subscription as it will be when nobody does anything.

use super::{Coverage, Quantities, StatusKind, Subscription, covers};
use crate::{
    error::Result,
    time::{Day, Period},
};

/// What [`Subscription::roll`] would make of a subscription that is left alone, seen without a copy.
#[derive(Clone, Copy)]
pub(super) struct Future<'s> {
    subscription: &'s Subscription,
    devices: &'s Quantities,
    ahead: u32,
}

impl<'s> Future<'s> {
    /// The present: a subscription that was rolled to it, and the devices there are.
    pub(super) const fn of(subscription: &'s Subscription, devices: &'s Quantities) -> Self {
        Self { subscription, devices, ahead: 0 }
    }

    /// One period later.
    pub(super) const fn next(self) -> Self {
        Self { ahead: self.ahead.saturating_add(1), ..self }
    }

    pub(super) fn period(self) -> Result<Period> {
        self.subscription.period(self.ahead)
    }

    /// The grace of the period.
    pub(super) fn grace(self) -> Result<Option<Period>> {
        let Some(before) = self.ahead.checked_sub(1) else {
            return self.subscription.grace(self.period()?);
        };
        // Settled when it opened, a period counts as covered ahead.
        let renews = Self { ahead: before, ..self }.has_base() && !self.has_base();
        self.subscription.grace_of(self.period()?, renews)
    }

    pub(super) fn kind_on(self, day: Day) -> Result<StatusKind> {
        let in_grace = |grace: Period| grace.contains(day);
        Ok(if self.subscription.fully_licensed(self.ahead, self.devices) {
            StatusKind::Licensed
        } else if self.grace()?.is_some_and(in_grace) {
            StatusKind::Grace
        } else if self.coverage().is_some_and(Coverage::has_licenses) {
            StatusKind::PartlyLicensed
        } else {
            StatusKind::Unlicensed
        })
    }

    /// Whether this or a later period has licences.
    pub(super) fn is_allocated_from_here(self) -> bool {
        let here = self.subscription.current.saturating_add(self.ahead);
        self.subscription.coverage.range(here..).next().is_some()
    }

    /// Whether the base of growth is fixed by the end of the period.
    fn has_base(self) -> bool {
        let opens_covered =
            |coverage: &Coverage| self.ahead > 0 && covers(&coverage.allocated, self.devices);
        self.coverage().is_some_and(|coverage| coverage.base.is_some() || opens_covered(coverage))
    }

    fn coverage(self) -> Option<&'s Coverage> {
        self.subscription.covered(self.ahead)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{subscription::Start, time::Term};

    fn cameras(count: u32) -> Quantities {
        [("camera".parse().unwrap(), count)].into()
    }

    fn started(joined_after: u32) -> Subscription {
        let co_term: Day = "2026-03-01".parse().unwrap();
        let joined = co_term.plus_days(joined_after).unwrap();
        Subscription::start(Start { co_term, term: Term::YEAR, joined, grace_days: 30 })
    }

    proptest! {
        #[test]
        fn prop_the_future_is_what_rolling_a_copy_makes_of_it(
            joined_after in 0..365_u32,
            allocations in prop::collection::vec((0..5_u32, 0..4_u32), 0..5),
            passed in 0..3_u32,
            ahead in 0..6_u32,
            count in 0..4_u32,
            day in 0..366_u32,
        ) {
            let devices = cameras(count);
            let mut subscription = started(joined_after);
            for (ahead, quantity) in allocations {
                subscription.allocate(ahead, &cameras(quantity));
                subscription.settle(&devices);
            }
            subscription.roll(subscription.period(passed).unwrap().start, &devices);

            let future = Future { ahead, ..Future::of(&subscription, &devices) };
            let start = future.period().unwrap().start;
            let mut rolled = subscription.clone();
            rolled.roll(start, &devices);
            let then = Future::of(&rolled, &devices);
            let day = start.plus_days(day).unwrap();
            prop_assert_eq!(future.period(), then.period());
            prop_assert_eq!(future.grace(), then.grace());
            prop_assert_eq!(future.kind_on(day), then.kind_on(day));
            prop_assert_eq!(future.is_allocated_from_here(), then.is_allocated_from_here());
        }
    }
}
