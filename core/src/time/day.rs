//! `Day` and `Period`.

use std::{fmt, ops::Range, str::FromStr};

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorKind, Refusal, Result},
    json,
};

/// A civil day between 1970-01-01 and 9999-12-31, inclusive.
///
/// Text and JSON form: `2026-03-01`.
///
/// ```
/// use mlicense_core::time::Day;
/// let anchor: Day = "2028-02-29".parse()?;
/// assert_eq!(anchor.plus_months(12)?.to_string(), "2029-02-28");
/// assert_eq!(anchor.plus_months(48)?.to_string(), "2032-02-29");
/// assert!("2026-3-1".parse::<Day>().is_err());
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Day(NaiveDate);

impl Day {
    const YEAR_MIN: i32 = 1970;
    const YEAR_MAX: i32 = 9999;

    /// Takes a date of `chrono`.
    ///
    /// # Errors
    /// [`ErrorKind::DateInvalid`] before 1970 or after 9999.
    pub fn new(date: NaiveDate) -> Result<Self> {
        if (Self::YEAR_MIN..=Self::YEAR_MAX).contains(&date.year()) {
            Ok(Self(date))
        } else {
            Err(Refusal::new(ErrorKind::DateInvalid).with("value", date))
        }
    }

    /// The same day as a date of `chrono`.
    #[must_use]
    pub const fn date(self) -> NaiveDate {
        self.0
    }

    /// The day `days` later.
    ///
    /// # Errors
    /// [`ErrorKind::DateOutOfRange`] after 9999-12-31.
    pub fn plus_days(self, days: u32) -> Result<Self> {
        self.0
            .checked_add_days(Days::new(days.into()))
            .filter(|date| date.year() <= Self::YEAR_MAX)
            .map(Self)
            .ok_or_else(|| ErrorKind::DateOutOfRange.into())
    }

    /// The day `days` earlier; none before 1970-01-01.
    #[must_use]
    pub fn minus_days(self, days: u32) -> Option<Self> {
        Self::new(self.0.checked_sub_days(Days::new(days.into()))?).ok()
    }

    /// The same day of the month `months` later, or that month's last day where it is shorter.
    ///
    /// Steps do not add up (31 January + 1 + 1 months is 28 March, + 2 months is 31 March), so
    /// periods are always computed from their anchor. Rule of S-AX-31.
    ///
    /// # Errors
    /// [`ErrorKind::DateOutOfRange`] after 9999-12-31.
    pub fn plus_months(self, months: u32) -> Result<Self> {
        self.0
            .checked_add_months(Months::new(months))
            .filter(|date| date.year() <= Self::YEAR_MAX)
            .map(Self)
            .ok_or_else(|| ErrorKind::DateOutOfRange.into())
    }

    /// Days from `earlier` to this day; negative when `earlier` is later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i32 {
        self.0.num_days_from_ce().wrapping_sub(earlier.0.num_days_from_ce())
    }

    /// Whole months from `anchor` to this day, rounded down; 0 before the anchor.
    ///
    /// The largest `n` with `anchor + n months <= self`.
    pub(crate) fn months_since(self, anchor: Self) -> u32 {
        let months = |date: NaiveDate| {
            i64::from(date.year()).wrapping_mul(12).wrapping_add(i64::from(date.month0()))
        };
        let calendar = months(self.0).wrapping_sub(months(anchor.0));
        let calendar = u32::try_from(calendar).unwrap_or(0);
        match anchor.plus_months(calendar) {
            Ok(day) if day > self => calendar.saturating_sub(1),
            _ => calendar,
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_ascii(&day_text(self.0), f)
    }
}

/// A date of four digits in its text form.
pub(super) fn day_text(date: NaiveDate) -> [u8; 10] {
    let year = date.year().unsigned_abs();
    let numbers = [year / 100, year % 100, date.month(), date.day()];
    let [[y1, y2], [y3, y4], [m1, m2], [d1, d2]] = numbers.map(two_digits);
    [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]
}

/// The digits of a number below 100.
pub(super) fn two_digits(number: u32) -> [u8; 2] {
    let digit = |digit: u32| b'0'.saturating_add(u8::try_from(digit % 10).unwrap_or(0));
    [digit(number / 10), digit(number)]
}

/// Writes a text at once, for which a string makes room but once.
pub(super) fn write_ascii(text: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(str::from_utf8(text).map_err(|_| fmt::Error)?)
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Day {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        let refused = || Refusal::new(ErrorKind::DateInvalid).with("value", text);
        let digits = |c: u8| c.is_ascii_digit();
        let shaped = matches!(text.as_bytes(), [y @ .., b'-', m1, m2, b'-', d1, d2]
            if y.len() == 4 && y.iter().copied().all(digits)
                && [*m1, *m2, *d1, *d2].into_iter().all(digits));
        if !shaped {
            return Err(refused());
        }
        let number = |digits: Range<usize>| text.get(digits)?.parse::<u16>().ok();
        let date = number(0..4).zip(number(5..7)).zip(number(8..10));
        let date = date.and_then(|((year, month), day)| {
            NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
        });
        Self::new(date.ok_or_else(refused)?)
    }
}

json::as_text!(Day);

/// The days from `start` up to and not including `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Period {
    /// First day inside.
    pub start: Day,
    /// First day after.
    pub end: Day,
}

impl Period {
    /// Makes a period; an end before the start gives an empty one.
    #[must_use]
    pub const fn new(start: Day, end: Day) -> Self {
        Self { start, end }
    }

    /// Whether `day` lies inside.
    #[must_use]
    pub fn contains(self, day: Day) -> bool {
        self.start <= day && day < self.end
    }

    /// The number of days inside; 0 when the end is not after the start.
    #[must_use]
    pub fn days(self) -> u32 {
        u32::try_from(self.end.days_since(self.start)).unwrap_or(0)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {})", self.start, self.end)
    }
}
