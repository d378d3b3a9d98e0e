//! Evidence about time: what time it is, and how far the clock is to be believed.
//!
//! A client's only clock belongs to whoever its licences bind. [`Evidence`] is what an installation
//! keeps to judge that clock: the newest confirmed time, and how much time has passed without any. [`Evidence::advance`] takes one reading; what comes of it is a [`Present`], under which
//! [`crate::decision`] decides. `docs/time.md` says the rules in words.

mod advance;
#[cfg(test)]
mod laws;
mod merge;
mod present;

use serde::{Deserialize, Serialize};

use crate::time::Instant;

pub use present::{Present, Verdict};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// The largest step forward that is believed at once, in seconds, inclusive: a day.
pub const STEP_SECONDS_MAX: u64 = DAY;
/// How much time must pass until a larger step forward is believed, in seconds: 4 hours.
pub const CONFIRMING_SECONDS: u64 = 4 * HOUR;
/// How far ahead of all that is confirmed nothing is said yet, in seconds, inclusive: 30 days.
pub const AHEAD_SECONDS_MAX: u64 = 30 * DAY;
/// How far behind a clock is still as good as right, in seconds, inclusive; as far as documents
/// may come from the future.
pub const BEHIND_SECONDS_OK: u64 = 300;
/// How far behind a clock has no effect, in seconds, inclusive: an hour.
pub const BEHIND_SECONDS_MAX: u64 = HOUR;
/// How much time may pass in all while the mark stands still, in seconds: 72 hours.
pub const STANDSTILL_SECONDS_MAX: u64 = 72 * HOUR;

/// How often evidence is written at most, in seconds: once a minute.
pub const KEEPING_SECONDS: u64 = 60;

/// What an installation knows about time, and keeps between runs.
///
/// ```
/// use mlicense_core::evidence::{Evidence, Reading, SignedDate, Verdict};
/// let signed = SignedDate::new("2026-06-01T12:00:00Z".parse()?);
/// let right = Reading { clock: "2026-06-01T12:05:00Z".parse()?, passed_seconds: 0 };
/// let (evidence, present) = Evidence::default().advance(right, Some(signed));
/// assert_eq!((present.now, present.verdict), (right.clock, Verdict::Ok));
///
/// let a_year_back = Reading { clock: "2025-06-01T12:05:00Z".parse()?, passed_seconds: 60 };
/// let (_, present) = evidence.advance(a_year_back, None);
/// assert_eq!((present.now, present.verdict), (right.clock, Verdict::Grace));
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The newest confirmed time; [`Instant::MIN`] when nothing is known.
    mark: Instant,
    /// What the clock said last.
    clock: Option<Instant>,
    /// Whether the clock has ever been near the mark: before that, the mark is as old as the documents
    /// that came, and a clock far ahead of it is nothing to wonder at.
    agreed: bool,
    /// How much time passed while the mark stood still.
    stood_seconds: u64,
    /// How much passed since the clock went far ahead of the mark, while it is there.
    ahead_seconds: Option<u64>,
    /// How often the mark was found wrong.
    corrections: u32,
}

/// One look at the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "two clocks, and there is no third")]
pub struct Reading {
    /// What the clock says that anybody may set.
    pub clock: Instant,
    /// How much time has passed for certain since the last reading, by a clock that nobody sets:
    /// while the program ran, or the machine was up; 0 when that is not known.
    pub passed_seconds: u64,
}

/// A date that the vendor signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedDate {
    /// When the vendor signed.
    pub at: Instant,
    /// The mark when the request was written that the signed document answers, if it answers one.
    pub asked_at_mark: Option<Instant>,
}

impl SignedDate {
    /// The date of a document that answers nothing: it was then, or later.
    #[must_use]
    pub const fn new(at: Instant) -> Self {
        Self { at, asked_at_mark: None }
    }

    /// The date of an answer to a request that was written when the mark was
    /// [`Evidence::mark`]: a mark later than the date was wrong already then.
    #[must_use]
    pub const fn answering(self, asked_at_mark: Instant) -> Self {
        Self { asked_at_mark: Some(asked_at_mark), ..self }
    }
}

impl Default for Evidence {
    /// Nothing is known.
    fn default() -> Self {
        Self {
            mark: Instant::MIN,
            clock: None,
            agreed: false,
            stood_seconds: 0,
            ahead_seconds: None,
            corrections: 0,
        }
    }
}

impl Evidence {
    /// The newest confirmed time: it was then, or later.
    #[must_use]
    pub const fn mark(&self) -> Instant {
        self.mark
    }

    /// How much time passed while the mark stood still, in seconds; at most
    /// [`STANDSTILL_SECONDS_MAX`].
    #[must_use]
    pub const fn stood_seconds(&self) -> u64 {
        self.stood_seconds
    }

    /// How often a mark was found wrong by a signed answer and put right.
    #[must_use]
    pub const fn corrections(&self) -> u32 {
        self.corrections
    }

    /// Whether this says so much more than what was `kept` that it should be kept in its place: a
    /// minute is enough.
    #[must_use]
    pub fn is_worth_keeping(&self, kept: &Self) -> bool {
        let apart = |one: u64, other: u64| one.abs_diff(other) >= KEEPING_SECONDS;
        let ahead = |evidence: &Self| evidence.ahead_seconds.unwrap_or(0);
        self.corrections != kept.corrections
            || self.mark.unix().abs_diff(kept.mark.unix()) >= KEEPING_SECONDS
            || apart(self.stood_seconds, kept.stood_seconds)
            || apart(ahead(self), ahead(kept))
    }
}
