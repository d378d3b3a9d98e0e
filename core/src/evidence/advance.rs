//! `Evidence::advance`.

use super::{
    BEHIND_SECONDS_MAX, BEHIND_SECONDS_OK, CONFIRMING_SECONDS, Evidence, Present, Reading,
    STANDSTILL_SECONDS_MAX, STEP_SECONDS_MAX, SignedDate,
};
use crate::time::Instant;

impl Evidence {
    /// Takes a reading of the clocks and maybe a date that the vendor signed, and says what time
    /// it is and how far the clock is to be believed.
    ///
    /// Whatever the clock is set to, in whatever order: from one reading to a later one no more
    /// time passes than the mark moves on, beyond [`STANDSTILL_SECONDS_MAX`] in all.
    #[must_use]
    pub fn advance(self, reading: Reading, signed: Option<SignedDate>) -> (Self, Present) {
        let dated = signed.map_or(self, |signed| self.dated(signed));
        let read = dated.read(reading);
        (read, read.present())
    }

    /// Takes a date that the vendor signed, without a reading.
    ///
    /// It raises the mark; and lowers it by what it was wrong when the vendor was asked, if that
    /// is more than clocks differ.
    #[must_use]
    pub fn dated(self, signed: SignedDate) -> Self {
        let wrong = signed.asked_at_mark.map_or(0, |mark| seconds_from(signed.at, mark));
        if wrong > BEHIND_SECONDS_OK {
            let mark = later(self.mark, wrong, -1).max(signed.at);
            let corrections = self.corrections.saturating_add(1);
            return Self { mark, corrections, ahead_seconds: None, ..self };
        }
        let mark = signed.at.max(self.mark);
        let agrees = |clock: Instant| clock.unix().abs_diff(mark.unix()) <= STEP_SECONDS_MAX;
        let agreed = self.agreed || self.clock.is_some_and(agrees);
        Self { agreed, ..self }.moved(mark, 0)
    }

    /// Knows that it is not before `at`, such as the day on which the program was built.
    #[must_use]
    pub fn not_before(self, at: Instant) -> Self {
        self.dated(SignedDate::new(at))
    }

    fn read(self, reading: Reading) -> Self {
        let Reading { clock, passed_seconds } = reading;
        let reached = later(self.mark, passed_seconds, 1);
        if seconds_from(reached, clock) <= STEP_SECONDS_MAX {
            let near = Self { clock: Some(clock), agreed: true, ahead_seconds: None, ..self };
            return near.moved(clock.max(self.mark), passed_seconds);
        }
        let before = self.ahead_seconds.filter(|_| self.runs_on(reading));
        let ahead = before.map_or(0, |seconds| seconds.saturating_add(passed_seconds));
        let far = Self { clock: Some(clock), ahead_seconds: Some(ahead), ..self };
        if ahead < CONFIRMING_SECONDS {
            return far.moved(self.mark, passed_seconds);
        }
        Self { agreed: true, ahead_seconds: None, ..far }.moved(clock, passed_seconds)
    }

    /// Whether the clock went on from where it was: no step back, and none forward that would not
    /// be believed.
    fn runs_on(&self, reading: Reading) -> bool {
        let Some(before) = self.clock else { return false };
        let expected = later(before, reading.passed_seconds, 1);
        seconds_from(reading.clock, expected) <= BEHIND_SECONDS_MAX
            && seconds_from(expected, reading.clock) <= STEP_SECONDS_MAX
    }

    /// Moves the mark, and counts what passed beyond that. When too much has been counted the mark
    /// goes on with the time that passes.
    fn moved(self, mark: Instant, passed_seconds: u64) -> Self {
        let stood = self.stood_seconds.saturating_add(passed_seconds);
        let stood = stood.saturating_sub(seconds_from(self.mark, mark));
        let too_long = stood.saturating_sub(STANDSTILL_SECONDS_MAX);
        Self {
            mark: later(mark, too_long, 1),
            stood_seconds: stood.saturating_sub(too_long),
            ..self
        }
    }
}

/// Seconds from `from` to `to`; 0 when `to` is not later.
pub(super) fn seconds_from(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.seconds_since(from)).unwrap_or(0)
}

/// `seconds` later, or with the sign -1 earlier.
fn later(at: Instant, seconds: u64, sign: i64) -> Instant {
    at.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(sign))
}
