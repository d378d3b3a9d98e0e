//! `Budget`: how often a customer may do something without the vendor.

use serde::{Deserialize, Serialize};

use super::{SETTING_MAX, refused, within};
use crate::{error::Result, time::Day};

/// How often something may be done within any span of so many days.
///
/// In JSON `{"count": 3, "percent": 10, "days": 90}`: three times in 90 days, or for every tenth
/// licence where that is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "settings, given by name")]
pub struct Budget {
    /// How often at least, 0 to [`Budget::COUNT_MAX`].
    pub count: u16,
    /// Percent of the licences, rounded down, where that is more than `count`: 0 to 100.
    #[serde(default)]
    pub percent: u16,
    /// Days until what was done counts no longer, 1 to [`SETTING_MAX`].
    pub days: u16,
}

impl Budget {
    /// The largest `count`.
    pub const COUNT_MAX: u16 = 1000;

    /// Three times in 90 days, or for every tenth licence where that is more.
    pub(super) const USUAL: Self = Self { count: 3, percent: 10, days: 90 };

    /// How often it may be done within [`Budget::days`] where there are so many licences.
    ///
    /// ```
    /// use mlicense_core::policy::Budget;
    /// let budget = Budget { count: 3, percent: 10, days: 90 };
    /// assert_eq!([1, 39, 40].map(|licenses| budget.allowed(licenses)), [3, 3, 4]);
    /// ```
    #[must_use]
    pub fn allowed(self, licenses: u64) -> u64 {
        let share = u128::from(licenses).saturating_mul(self.percent.into()) / 100;
        u64::try_from(share).unwrap_or(u64::MAX).max(self.count.into())
    }

    /// How often it may still be done on `today`, and from which day on the next time; no day when
    /// never.
    ///
    /// What was done on a day counts on that day and on those that follow it, [`Budget::days`] in
    /// all.
    #[must_use]
    pub fn left(self, done: &[Day], licenses: u64, today: Day) -> (u64, Option<Day>) {
        let allowed = self.allowed(licenses);
        let mut ends: Vec<Option<Day>> = done.iter().map(|day| self.end(*day)).collect();
        ends.retain(|end| end.is_none_or(|end| today < end));
        ends.sort_by_key(|end| (end.is_none(), *end));
        let spent = u64::try_from(ends.len()).unwrap_or(u64::MAX);
        let left = allowed.saturating_sub(spent);
        if left > 0 {
            return (left, Some(today));
        }
        // So many have to lapse that one less than `allowed` counts.
        let last = spent.checked_sub(allowed).filter(|_| allowed > 0);
        let last = last.and_then(|last| ends.get(usize::try_from(last).ok()?));
        (0, last.copied().flatten())
    }

    /// The first day on which something done on `day` counts no longer; none beyond all days.
    fn end(self, day: Day) -> Option<Day> {
        day.plus_days(self.days.into()).ok()
    }

    pub(super) fn validate(self, name: &str) -> Result<()> {
        within(&format!("count of {name}"), self.count.into(), 0..=Self::COUNT_MAX.into())?;
        within(&format!("days of {name}"), self.days.into(), 1..=SETTING_MAX)?;
        if self.percent > 100 {
            return refused(&format!("percent {} of {name} is over 100", self.percent));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(texts: &[&str]) -> Vec<Day> {
        texts.iter().map(|day| day.parse().unwrap()).collect()
    }

    fn left(budget: Budget, done: &[&str], today: &str) -> (u64, Option<String>) {
        let (left, next) = budget.left(&days(done), 1, today.parse().unwrap());
        (left, next.map(|day| day.to_string()))
    }

    const TWICE: Budget = Budget { count: 2, percent: 0, days: 10 };

    #[test]
    fn what_was_done_counts_for_so_many_days_and_not_one_more() {
        let done = ["2026-03-01", "2026-03-05"];
        assert_eq!(left(TWICE, &done[..1], "2026-03-04"), (1, Some("2026-03-04".into())));
        assert_eq!(left(TWICE, &done, "2026-03-10"), (0, Some("2026-03-11".into())));
        assert_eq!(left(TWICE, &done, "2026-03-11"), (1, Some("2026-03-11".into())));
        assert_eq!(left(TWICE, &done, "2026-03-15"), (2, Some("2026-03-15".into())));
    }

    #[test]
    fn when_more_was_done_than_is_allowed_now_several_have_to_lapse() {
        let done = ["2026-03-01", "2026-03-02", "2026-03-03"];
        assert_eq!(left(TWICE, &done, "2026-03-04"), (0, Some("2026-03-12".into())));
    }

    #[test]
    fn a_budget_of_nothing_has_no_next_time() {
        let none = Budget { count: 0, ..TWICE };
        assert_eq!(left(none, &[], "2026-03-01"), (0, None));
        assert_eq!(left(none, &["2026-03-01"], "2026-03-01"), (0, None));
    }

    #[test]
    fn settings_have_their_limits() {
        for (budget, holds) in [
            (Budget { count: Budget::COUNT_MAX, percent: 100, days: 3660 }, true),
            (Budget { count: Budget::COUNT_MAX + 1, ..TWICE }, false),
            (Budget { percent: 101, ..TWICE }, false),
            (Budget { days: 0, ..TWICE }, false),
            (Budget { days: 3661, ..TWICE }, false),
        ] {
            assert_eq!(budget.validate("moves").is_ok(), holds, "{budget:?}");
        }
    }
}
