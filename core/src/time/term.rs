//! `Term`: a whole number of months, its periods and its ticks.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Day, Period};
use crate::error::{ErrorKind, Refusal, Result};

/// A term of 1 to 60 months.
///
/// Periods are laid from an anchor: period *k* starts *k* terms after the anchor and ends where
/// period *k + 1* starts, so that periods tile without gap or overlap. JSON form: the number of
/// months.
///
/// ```
/// use mlicense_core::time::{Day, Term};
/// let anchor: Day = "2028-02-29".parse()?;
/// let year = Term::months(12)?;
/// assert_eq!(year.period(anchor, 3)?.to_string(), "[2031-02-28, 2032-02-29)");
/// assert_eq!(year.ticks(), 133_590);
/// assert!(Term::months(0).is_err());
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "u16"))]
pub struct Term(u16);

impl Term {
    /// The longest term, in months.
    pub const MONTHS_MAX: u16 = 60;
    /// The usual subscription year.
    pub const YEAR: Self = Self(12);

    /// A term of `months` months.
    ///
    /// # Errors
    /// [`ErrorKind::QuantityOutOfRange`] for 0 or more than [`Term::MONTHS_MAX`].
    pub fn months(months: u16) -> Result<Self> {
        if (1..=Self::MONTHS_MAX).contains(&months) {
            Ok(Self(months))
        } else {
            Err(Refusal::new(ErrorKind::QuantityOutOfRange)
                .with("what", "a term in months of")
                .with("value", months)
                .with("min", 1)
                .with("max", Self::MONTHS_MAX))
        }
    }

    /// The number of months.
    #[must_use]
    pub const fn in_months(self) -> u16 {
        self.0
    }

    /// How many terms of `unit` this term is, when it is a whole number of them.
    #[must_use]
    pub fn in_units_of(self, unit: Self) -> Option<u16> {
        match (self.0.checked_rem(unit.0), self.0.checked_div(unit.0)) {
            (Some(0), Some(units)) => Some(units),
            _ => None,
        }
    }

    /// Period `index` from `anchor`; index 0 starts on the anchor.
    ///
    /// # Errors
    /// [`ErrorKind::DateOutOfRange`] when it ends after 9999-12-31.
    pub fn period(self, anchor: Day, index: u32) -> Result<Period> {
        let start = self.starts(anchor, index)?;
        Ok(Period::new(start, self.starts(anchor, index.saturating_add(1))?))
    }

    /// The index of the period from `anchor` that holds `day`; 0 for days before the anchor.
    #[must_use]
    pub fn index_of(self, anchor: Day, day: Day) -> u32 {
        day.months_since(anchor).checked_div(self.0.into()).unwrap_or(0)
    }

    /// Ticks of one licence over this term: the least common multiple of every length in days
    /// that so many months can have, so that a day of any period is a whole number of ticks.
    /// Below 2⁵³ for every term, so that any JSON reader keeps it exact.
    #[must_use]
    pub fn ticks(self) -> u64 {
        let (shortest, longest) = length_range(self.0);
        (shortest..=longest).map(u64::from).fold(1, lcm)
    }

    /// The fewest days so many months can have.
    pub(crate) fn shortest_days(self) -> u32 {
        length_range(self.0).0
    }

    /// The day on which period `index` from `anchor` starts, and the one before ends.
    pub(crate) fn starts(self, anchor: Day, index: u32) -> Result<Day> {
        let months = u32::from(self.0).checked_mul(index).ok_or(ErrorKind::DateOutOfRange)?;
        anchor.plus_months(months)
    }
}

impl TryFrom<u16> for Term {
    type Error = Refusal;

    fn try_from(months: u16) -> Result<Self> {
        Self::months(months)
    }
}

impl From<Term> for u16 {
    fn from(term: Term) -> Self {
        term.0
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} months", self.0)
    }
}

fn length_range(months: u16) -> (u32, u32) {
    let index = usize::from(months).saturating_sub(1);
    LENGTHS_IN_DAYS.get(index).copied().unwrap_or((1, 1))
}

fn lcm(a: u64, b: u64) -> u64 {
    let (mut x, mut y) = (a, b);
    while let Some(rest) = x.checked_rem(y) {
        (x, y) = (y, rest);
    }
    // INVARIANT: x is the greatest common divisor, never 0, and no table row overflows (tested).
    a.checked_div(x).unwrap_or(0).saturating_mul(b)
}

/// Shortest and longest length in days of 1, 2, … 60 months from any day of the calendar.
#[rustfmt::skip]
const LENGTHS_IN_DAYS: [(u32, u32); Term::MONTHS_MAX as usize] = [
    (28, 31), (59, 62), (89, 92), (120, 123), (150, 153), (181, 184),
    (212, 215), (242, 245), (273, 276), (303, 306), (334, 337), (365, 366),
    (393, 397), (424, 428), (454, 458), (485, 489), (515, 519), (546, 550),
    (577, 581), (607, 611), (638, 642), (668, 672), (699, 703), (730, 731),
    (758, 762), (789, 793), (819, 823), (850, 854), (880, 884), (911, 915),
    (942, 946), (972, 976), (1003, 1007), (1033, 1037), (1064, 1068), (1095, 1096),
    (1123, 1127), (1154, 1158), (1184, 1188), (1215, 1219), (1245, 1249), (1276, 1280),
    (1307, 1311), (1337, 1341), (1368, 1372), (1398, 1402), (1429, 1433), (1460, 1461),
    (1488, 1492), (1519, 1523), (1549, 1553), (1580, 1584), (1610, 1614), (1641, 1645),
    (1672, 1676), (1702, 1706), (1733, 1737), (1763, 1767), (1794, 1798), (1825, 1827),
];

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "small numbers")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Goal: the table is exact. Method: every length over a 400-year cycle, by `chrono` alone.
    #[test]
    fn lengths_are_all_the_calendar_can_produce_and_no_more() {
        let firsts: Vec<Day> =
            (0..4800).map(|m| day("2000-01-01").plus_months(m).unwrap()).collect();
        for months in 1..=Term::MONTHS_MAX {
            let lengths: BTreeSet<i32> = firsts
                .iter()
                .flat_map(|first| {
                    [0, 27, 28, 29, 30].map(|extra| {
                        let shifted = |day: Day| {
                            let next = day.plus_months(1).unwrap();
                            day.plus_days(extra).unwrap().min(
                                day.plus_days(u32::try_from(next.days_since(day)).unwrap() - 1)
                                    .unwrap(),
                            )
                        };
                        let end = first.plus_months(months.into()).unwrap();
                        shifted(end).days_since(shifted(*first))
                    })
                })
                .collect();
            let (shortest, longest) = length_range(months);
            let table: BTreeSet<i32> =
                (shortest..=longest).map(|d| i32::try_from(d).unwrap()).collect();
            assert_eq!(lengths, table, "{months} months");
        }
    }

    #[test]
    fn ticks_are_divisible_by_every_length_and_fit() {
        for months in 1..=Term::MONTHS_MAX {
            let term = Term::months(months).unwrap();
            let (shortest, longest) = length_range(months);
            let exact = (shortest..=longest)
                .fold(1_u128, |all, n| all * u128::from(n) / gcd(all, n.into()));
            assert_eq!(u128::from(term.ticks()), exact, "{months} months");
            assert!(exact < 1 << 53);
        }
        assert_eq!(Term::months(1).unwrap().ticks(), 377_580);
        assert_eq!(Term::months(12).unwrap().ticks(), 133_590);
        assert_eq!(Term::months(60).unwrap().ticks(), 6_088_386_150);
    }

    #[test]
    fn a_day_finds_its_period() {
        for (anchor, months) in
            [("2024-01-31", 1), ("2024-02-29", 12), ("2023-11-30", 3), ("2026-03-01", 60)]
        {
            let (anchor, term) = (day(anchor), Term::months(months).unwrap());
            for index in 0..40 {
                let period = term.period(anchor, index).unwrap();
                assert_eq!(term.index_of(anchor, period.start), index);
                let last = period.start.plus_days(period.days() - 1).unwrap();
                assert_eq!(term.index_of(anchor, last), index);
                assert_eq!(term.index_of(anchor, period.end), index + 1);
            }
        }
    }

    fn gcd(a: u128, b: u128) -> u128 {
        if b == 0 { a } else { gcd(b, a % b) }
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
}
