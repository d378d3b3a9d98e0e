//! `Instant`.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Timelike, Utc};

use super::{
    Day,
    day::{day_text, two_digits, write_ascii},
};
use crate::{
    error::{ErrorKind, Refusal, Result},
    json,
};

/// A second of UTC between 1970-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
///
/// Text and JSON form: `2026-03-01T00:00:00Z`; inside signed documents a number of seconds, as
/// RFC 7519 wants.
///
/// ```
/// use mlicense_core::time::Instant;
/// let instant: Instant = "2026-03-01T00:00:00Z".parse()?;
/// assert_eq!(instant.unix(), 1_772_323_200);
/// assert!("2026-03-01T00:00:00+01:00".parse::<Instant>().is_err());
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Instant(i64);

impl Instant {
    /// 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// 9999-12-31T23:59:59Z.
    pub const MAX: Self = Self(253_402_300_799);

    /// Takes seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`ErrorKind::InstantInvalid`] when negative or after the year 9999.
    pub fn from_unix(seconds: i64) -> Result<Self> {
        if (Self::MIN.0..=Self::MAX.0).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err(Refusal::new(ErrorKind::InstantInvalid).with("value", seconds))
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// The instant `seconds` later or, when negative, earlier; stops at the ends of the range.
    #[must_use]
    pub fn saturating_add(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds).clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Seconds from `earlier` to this instant; negative when `earlier` is later.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    pub(crate) fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0, 0).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.utc().naive_utc();
        let numbers = [utc.hour(), utc.minute(), utc.second()];
        let [[h1, h2], [m1, m2], [s1, s2]] = numbers.map(two_digits);
        let mut text = [0; 20];
        let (day, time) = text.split_at_mut(10);
        day.copy_from_slice(&day_text(utc.date()));
        time.copy_from_slice(&[b'T', h1, h2, b':', m1, m2, b':', s1, s2, b'Z']);
        write_ascii(&text, f)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Instant {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        let time = || {
            let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
            let [h1, h2, b':', m1, m2, b':', s1, s2] = time.as_bytes() else { return None };
            let two = |tens: &u8, ones: &u8| {
                let digit = |byte: &u8| char::from(*byte).to_digit(10);
                Some(digit(tens)?.wrapping_mul(10).wrapping_add(digit(ones)?))
            };
            let day = day.parse::<Day>().ok()?.date();
            day.and_hms_opt(two(h1, h2)?, two(m1, m2)?, two(s1, s2)?)
        };
        let refused = || Refusal::new(ErrorKind::InstantInvalid).with("value", text);
        Self::from_unix(time().ok_or_else(refused)?.and_utc().timestamp())
    }
}

json::as_text!(Instant);

/// Instants as seconds, for members of signed documents.
pub(crate) mod unix {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Instant;

    pub(crate) fn serialize<S: Serializer>(instant: &Instant, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(instant.unix())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Instant, D::Error> {
        Instant::from_unix(i64::deserialize(from)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instant_is_written_as_it_is_read_and_as_chrono_writes_it() {
        let some = (Instant::MIN.0..=Instant::MAX.0).step_by(999_983).chain([Instant::MAX.0]);
        for seconds in some {
            let instant = Instant(seconds);
            let text = instant.to_string();
            assert_eq!(text, instant.utc().format("%Y-%m-%dT%H:%M:%SZ").to_string());
            assert_eq!(text.parse(), Ok(instant));
            let day = Day::new(instant.utc().date_naive()).unwrap();
            assert_eq!(Some(&*day.to_string()), text.split('T').next());
        }
    }
}
