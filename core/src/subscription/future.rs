//! `Future`: a subscription as it will be when nobody does anything.

use super::{Coverage, Quantities, StatusKind, Subscription, covers, fully_licensed, renews};
use crate::{
    error::Result,
    time::{Day, Period},
};

/// What [`Subscription::roll`] would make of a subscription that is left alone, seen without a copy
/// in one walk over its periods.
pub(super) struct Future<'s> {
    subscription: &'s Subscription,
    devices: &'s Quantities,
    ahead: u32,
    before: Option<&'s Coverage>,
    here: Option<&'s Coverage>,
    later: &'s [Coverage],
}

impl<'s> Future<'s> {
    /// The present: a subscription that was rolled to it, and the devices there are.
    pub(super) fn of(subscription: &'s Subscription, devices: &'s Quantities) -> Self {
        let before = subscription.current.checked_sub(1);
        let first = before.map_or(0, |before| {
            subscription.coverage.partition_point(|coverage| coverage.period < before)
        });
        let later = subscription.coverage.get(first..).unwrap_or_default();
        let mut present = Self { subscription, devices, ahead: 0, before: None, here: None, later };
        present.before = before.and_then(|before| present.take(before));
        present.here = present.take(subscription.current);
        present
    }

    /// Goes on to the next period.
    pub(super) fn advance(&mut self) {
        self.ahead = self.ahead.saturating_add(1);
        self.before = self.here;
        self.here = self.take(self.subscription.current.saturating_add(self.ahead));
    }

    fn take(&mut self, index: u32) -> Option<&'s Coverage> {
        let (next, later) = self.later.split_first()?;
        (next.period == index).then(|| {
            self.later = later;
            next
        })
    }

    /// The first day of the period.
    pub(super) fn start(&self) -> Result<Day> {
        self.subscription.opens(self.ahead)
    }

    /// The first day after the period.
    pub(super) fn end(&self) -> Result<Day> {
        self.subscription.opens(self.ahead.saturating_add(1))
    }

    /// The grace of the period, whose first day is `start`.
    pub(super) fn grace(&self, start: Day) -> Result<Option<Period>> {
        let renews = match self.ahead.checked_sub(1) {
            // Settled when it opened, a period counts as covered ahead.
            Some(before) => {
                self.has_base(before, self.before) && !self.has_base(self.ahead, self.here)
            }
            None => renews(self.before, self.here),
        };
        self.subscription.grace_of(start, renews)
    }

    /// Whether every device is covered, which is so on all days of a period or on none.
    pub(super) fn is_licensed(&self) -> bool {
        fully_licensed(self.here, self.devices)
    }

    /// The status in one word on a day of the period, whose grace is given.
    pub(super) fn kind_on(&self, day: Day, grace: Option<Period>) -> StatusKind {
        if self.is_licensed() {
            StatusKind::Licensed
        } else if grace.is_some_and(|grace| grace.contains(day)) {
            StatusKind::Grace
        } else if self.here.is_some_and(Coverage::has_licenses) {
            StatusKind::PartlyLicensed
        } else {
            StatusKind::Unlicensed
        }
    }

    /// Whether this or a later period has licences.
    pub(super) const fn is_allocated_from_here(&self) -> bool {
        self.here.is_some() || !self.later.is_empty()
    }

    /// Whether the base of growth is fixed by the end of a period.
    fn has_base(&self, ahead: u32, coverage: Option<&Coverage>) -> bool {
        let opens_covered =
            |coverage: &Coverage| ahead > 0 && covers(&coverage.allocated, self.devices);
        coverage.is_some_and(|coverage| coverage.base.is_some() || opens_covered(coverage))
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

            let mut future = Future::of(&subscription, &devices);
            for _ in 0..ahead {
                future.advance();
            }
            let start = future.start().unwrap();
            let mut rolled = subscription.clone();
            rolled.roll(start, &devices);
            let then = Future::of(&rolled, &devices);
            let (day, grace) = (start.plus_days(day).unwrap(), future.grace(start).unwrap());
            prop_assert_eq!(future.end(), then.end());
            prop_assert_eq!(grace, then.grace(start).unwrap());
            prop_assert_eq!(future.kind_on(day, grace), then.kind_on(day, grace));
            prop_assert_eq!(future.is_allocated_from_here(), then.is_allocated_from_here());
        }
    }
}
