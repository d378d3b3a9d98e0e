//! `Moment` and `Span`: civil days beside the instants that decide.

use serde::{Deserialize, Serialize};

use super::{jws::DocumentType, payload::contradiction};
use crate::{
    error::{Refusal, Result},
    time::{Day, Instant, unix},
};

/// How far from UTC any zone ever was, rounded up, in seconds.
const OFFSET_SECONDS_MAX: i64 = 16 * SECONDS_AN_HOUR;
const SECONDS_AN_HOUR: i64 = 3600;
const SECONDS_A_DAY: i64 = 24 * SECONDS_AN_HOUR;

/// A civil day in the customer's zone, to be shown, and its first instant, to decide.
///
/// Both travel, so that the customer's side needs no zone tables. JSON form:
/// `{"day":"2027-03-01","at":1803855600}`, `at` in seconds of UTC.
///
/// ```
/// use mlicense_core::{document::Moment, error::ErrorKind};
/// // 1 March 2027 in Paris starts an hour before it does in UTC.
/// let march = Moment::new("2027-03-01".parse()?, "2027-02-28T23:00:00Z".parse()?)?;
/// assert_eq!(march.day().to_string(), "2027-03-01");
///
/// let elsewhere = Moment::new("2027-03-01".parse()?, "2028-02-28T23:00:00Z".parse()?);
/// assert_eq!(elsewhere.unwrap_err().kind(), ErrorKind::ClaimsContradictory);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "Parts"))]
pub struct Moment {
    day: Day,
    at: Instant,
}

impl Moment {
    /// Takes a day and an instant that falls on it in some zone.
    ///
    /// # Errors
    /// [`ErrorKind::ClaimsContradictory`](crate::error::ErrorKind::ClaimsContradictory) when the
    /// instant falls on that day in no zone.
    pub fn new(day: Day, at: Instant) -> Result<Self> {
        let into_day = at.unix().saturating_sub(midnight(day).unix());
        let last = SECONDS_A_DAY.saturating_add(OFFSET_SECONDS_MAX);
        if (OFFSET_SECONDS_MAX.saturating_neg()..last).contains(&into_day) {
            return Ok(Self { day, at });
        }
        Err(contradiction(DocumentType::License, format!("{at} does not fall on {day} anywhere")))
    }

    /// The start of a day in UTC.
    #[must_use]
    pub fn utc(day: Day) -> Self {
        Self { day, at: midnight(day) }
    }

    /// The start of the day in UTC on which `instant` falls.
    #[expect(clippy::expect_used, reason = "the range of instants is the range of days")]
    pub(super) fn utc_day_of(instant: Instant) -> Self {
        Self::utc(Day::new(instant.utc().date_naive()).expect("1970 to 9999"))
    }

    /// The start of a day in a customer's zone.
    #[cfg(feature = "zones")]
    #[must_use]
    pub fn in_zone(day: Day, zone: crate::time::Zone) -> Self {
        Self { day, at: zone.start_of(day) }
    }

    /// The civil day, for people.
    #[must_use]
    pub const fn day(self) -> Day {
        self.day
    }

    /// The instant, which decides.
    #[must_use]
    pub const fn at(self) -> Instant {
        self.at
    }
}

fn midnight(day: Day) -> Instant {
    let seconds = day.date().and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
    Instant::from_unix(seconds).unwrap_or(Instant::MIN)
}

#[derive(Serialize, Deserialize)]
#[serde(expecting = "a day and its instant")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Parts {
    /// The day in the customer's zone.
    day: Day,
    /// The instant at which it starts; in JSON seconds of UTC.
    #[serde(with = "unix")]
    #[cfg_attr(feature = "schema", schemars(with = "i64"))]
    at: Instant,
}

impl TryFrom<Parts> for Moment {
    type Error = Refusal;

    fn try_from(parts: Parts) -> Result<Self> {
        Self::new(parts.day, parts.at)
    }
}

impl From<Moment> for Parts {
    fn from(moment: Moment) -> Self {
        Self { day: moment.day, at: moment.at }
    }
}

/// The time from `from` up to and not including `until`, or for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "a span")]
#[non_exhaustive]
pub struct Span {
    /// The first moment inside.
    pub from: Moment,
    /// The first moment after; without it the span does not end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

impl Span {
    /// A span with an end; a licence refuses it when the end is not after the start.
    #[must_use]
    pub const fn between(from: Moment, until: Moment) -> Self {
        Self { from, until: Some(until) }
    }

    /// A span without an end.
    #[must_use]
    pub const fn starting(from: Moment) -> Self {
        Self { from, until: None }
    }

    /// Whether `instant` lies inside: not before the start, and before the end.
    #[must_use]
    pub fn contains(&self, instant: Instant) -> bool {
        self.from.at <= instant && self.until.is_none_or(|until| instant < until.at)
    }

    pub(super) fn check(&self, document: DocumentType, name: &str) -> Result<()> {
        match self.until {
            Some(until) if until.at <= self.from.at || until.day < self.from.day => {
                let detail = format!("`{name}` ends on {}, not after {}", until.day, self.from.day);
                Err(contradiction(document, detail))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn moment(day: &str, at: &str) -> Result<Moment> {
        Moment::new(day.parse()?, at.parse()?)
    }

    #[test]
    fn an_instant_must_fall_on_its_day_in_some_zone() {
        for (at, falls) in [
            ("2027-02-28T07:59:59Z", false),
            ("2027-02-28T08:00:00Z", true),
            ("2027-03-01T00:00:00Z", true),
            ("2027-03-02T15:59:59Z", true),
            ("2027-03-02T16:00:00Z", false),
        ] {
            let result = moment("2027-03-01", at);
            assert_eq!(result.is_ok(), falls, "{at}");
            if let Err(refusal) = result {
                assert_eq!(refusal.kind(), ErrorKind::ClaimsContradictory);
            }
        }
    }

    #[test]
    fn the_ends_of_time_have_their_moments() {
        for (instant, day) in [(Instant::MIN, "1970-01-01"), (Instant::MAX, "9999-12-31")] {
            let utc = Moment::utc_day_of(instant);
            assert_eq!(utc.day().to_string(), day);
            assert_eq!(Moment::new(utc.day(), utc.at()).unwrap(), utc);
        }
    }

    #[cfg(feature = "zones")]
    #[test]
    fn days_of_every_zone_are_moments() {
        for zone in ["Pacific/Apia", "Pacific/Kiritimati", "Asia/Manila", "America/Metlakatla"] {
            for day in ["1970-01-02", "2011-12-30", "2027-03-01"] {
                let moment = Moment::in_zone(day.parse().unwrap(), zone.parse().unwrap());
                assert!(Moment::new(moment.day(), moment.at()).is_ok(), "{zone} {day}");
            }
        }
    }

    #[test]
    fn a_span_ends_exclusively() {
        let utc = |day: &str| Moment::utc(day.parse().unwrap());
        let march = Span::between(utc("2027-03-01"), utc("2027-04-01"));
        let (from, until) = (utc("2027-03-01").at(), utc("2027-04-01").at());
        assert!(!march.contains(from.saturating_add(-1)));
        assert!(march.contains(from) && march.contains(until.saturating_add(-1)));
        assert!(!march.contains(until));
        assert!(Span::starting(utc("2027-03-01")).contains(Instant::MAX));
    }
}
