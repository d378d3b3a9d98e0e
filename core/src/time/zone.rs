//! `Zone`: the IANA time zone of a customer.

use std::{fmt, str::FromStr};

use chrono::{NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{Day, Instant};
use crate::error::{ErrorKind, Refusal, Result};

/// An IANA time zone, such as `Europe/Paris`.
///
/// ```
/// use mlicense_core::time::{Day, Instant, Zone};
/// let paris: Zone = "Europe/Paris".parse()?;
/// let late: Instant = "2026-02-28T23:00:00Z".parse()?;
/// assert_eq!(paris.day_at(late)?, "2026-03-01".parse::<Day>()?);
/// assert_eq!(paris.start_of("2026-03-01".parse()?), late);
/// assert!("Mars/Olympus".parse::<Zone>().is_err());
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Zone(Tz);

impl Zone {
    /// The civil day in this zone at `instant`.
    ///
    /// # Errors
    /// [`ErrorKind::DateInvalid`] where the local day falls outside 1970–9999.
    pub fn day_at(self, instant: Instant) -> Result<Day> {
        Day::new(instant.utc().with_timezone(&self.0).date_naive())
    }

    /// The first instant of `day` in this zone.
    ///
    /// Where clocks jump over midnight the day starts when they have jumped; where midnight comes
    /// twice it starts at the first.
    #[must_use]
    pub fn start_of(self, day: Day) -> Instant {
        self.instant_at(day.date().and_time(NaiveTime::MIN)).unwrap_or(Instant::MIN)
    }

    /// What a clock on the wall shows in this zone at `instant`.
    #[must_use]
    pub fn local_at(self, instant: Instant) -> NaiveDateTime {
        instant.utc().with_timezone(&self.0).naive_local()
    }

    /// The instant at which a clock on the wall shows `local` in this zone.
    ///
    /// A time that clocks jump over is taken for the first one after it, and of a time that comes
    /// twice the first counts.
    ///
    /// # Errors
    /// [`ErrorKind::InstantInvalid`] for an instant outside 1970–9999.
    ///
    /// ```
    /// use mlicense_core::time::{Instant, Zone};
    /// let paris: Zone = "Europe/Paris".parse()?;
    /// let noon: Instant = "2026-03-01T11:00:00Z".parse()?;
    /// assert_eq!(paris.instant_at(paris.local_at(noon))?, noon);
    /// let before_1970 = chrono::NaiveDateTime::default() - chrono::TimeDelta::days(1);
    /// assert!(paris.instant_at(before_1970).is_err());
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    pub fn instant_at(self, local: NaiveDateTime) -> Result<Instant> {
        self.first(local).unwrap_or_else(|| Instant::from_unix(local.and_utc().timestamp()))
    }

    /// The first instant at which a clock shows `local`, or has jumped over it.
    fn first(self, local: NaiveDateTime) -> Option<Result<Instant>> {
        let shown = |time: NaiveDateTime| self.0.from_local_datetime(&time).earliest();
        // Clocks jump at whole minutes, and at most by a day (Pacific/Apia skipped 2011-12-30).
        let minute = local.with_second(0)?;
        let after = |minutes| shown(minute.checked_add_signed(TimeDelta::minutes(minutes))?);
        let first = shown(local).or_else(|| (1..=MINUTES_A_DAY).find_map(after))?;
        Some(Instant::from_unix(first.timestamp()))
    }

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

const MINUTES_A_DAY: i64 = 24 * 60;

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Zone {
    type Err = Refusal;

    fn from_str(name: &str) -> Result<Self> {
        let tz =
            name.parse().map_err(|_| Refusal::new(ErrorKind::ZoneUnknown).with("zone", name))?;
        Ok(Self(tz))
    }
}

impl TryFrom<String> for Zone {
    type Error = Refusal;

    fn try_from(name: String) -> Result<Self> {
        name.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_starts_at_its_first_instant_everywhere() {
        for (zone, day, start) in [
            ("UTC", "2026-03-01", "2026-03-01T00:00:00Z"),
            ("Asia/Kamchatka", "2026-03-01", "2026-02-28T12:00:00Z"),
            // Clocks jumped from 00:00 to 01:00.
            ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
            // The day did not exist; the next one is where it would have been.
            ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
            // Midnight came twice.
            ("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"),
        ] {
            let zone: Zone = zone.parse().unwrap();
            let day: Day = day.parse().unwrap();
            assert_eq!(zone.start_of(day).to_string(), start, "{zone} {day}");
        }
    }

    #[test]
    fn a_time_of_day_is_an_instant_and_back_unless_clocks_jumped_over_it() {
        let paris: Zone = "Europe/Paris".parse().unwrap();
        for (local, instant, shown) in [
            ("2026-03-01T12:30:15", "2026-03-01T11:30:15Z", "2026-03-01T12:30:15"),
            ("2026-03-29T02:30:15", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00"),
            // It came twice.
            ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00"),
        ] {
            let found = paris.instant_at(local.parse().unwrap()).unwrap();
            assert_eq!(found.to_string(), instant, "{local}");
            assert_eq!(paris.local_at(found), shown.parse().unwrap(), "{local}");
        }
        for outside in ["0001-01-01T00:00:00", "1969-12-31T23:59:59"] {
            let fault = paris.instant_at(outside.parse().unwrap()).unwrap_err();
            assert_eq!(fault.kind(), ErrorKind::InstantInvalid);
        }
    }

    #[test]
    fn the_instant_before_a_day_is_the_day_before() {
        for zone in ["Europe/Moscow", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe"] {
            let zone: Zone = zone.parse().unwrap();
            for days in 0..2000 {
                let day = "2015-01-01".parse::<Day>().unwrap().plus_days(days).unwrap();
                let start = zone.start_of(day);
                assert_eq!(zone.day_at(start).unwrap(), day);
                assert!(zone.day_at(start.saturating_add(-1)).unwrap() < day);
            }
        }
    }
}
