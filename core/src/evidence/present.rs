//! `Present`: what comes of a reading.

use serde::Serialize;

use super::{
    AHEAD_SECONDS_MAX, BEHIND_SECONDS_MAX, BEHIND_SECONDS_OK, Evidence, STANDSTILL_SECONDS_MAX,
    advance::seconds_from,
};
use crate::time::Instant;

/// How far a clock is to be believed; the worst is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a new verdict must stop decisions from compiling")]
pub enum Verdict {
    /// Nothing contradicts the clock.
    Ok,
    /// Something does, and it has no effect.
    Warn,
    /// The clock is wrong: what is licensed for a time runs for now.
    Grace,
    /// The clock has been wrong for too long: what is licensed for a time does not run.
    Deny,
}

/// What time it is, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Present {
    /// The time to decide by: the later of clock and mark.
    pub now: Instant,
    /// What the clock says.
    pub clock: Instant,
    /// The newest confirmed time.
    pub mark: Instant,
    /// How far the clock is to be believed.
    pub verdict: Verdict,
}

impl Present {
    /// The present by a clock that nothing contradicts.
    #[must_use]
    pub const fn by(clock: Instant) -> Self {
        Self { now: clock, clock, mark: clock, verdict: Verdict::Ok }
    }

    /// Whether the clock is behind what was confirmed.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.clock < self.mark
    }
}

impl Evidence {
    /// The present as of the last reading; before the first, by the mark.
    #[must_use]
    pub fn present(&self) -> Present {
        self.asked_at(self.clock.unwrap_or(self.mark))
    }

    /// The present if the clock said `clock`; nothing is recorded.
    #[must_use]
    pub fn asked_at(&self, clock: Instant) -> Present {
        let mark = self.mark;
        Present { now: clock.max(mark), clock, mark, verdict: self.verdict(clock) }
    }

    fn verdict(&self, clock: Instant) -> Verdict {
        let behind = seconds_from(clock, self.mark);
        if behind > BEHIND_SECONDS_MAX {
            let used_up = self.stood_seconds >= STANDSTILL_SECONDS_MAX;
            return if used_up { Verdict::Deny } else { Verdict::Grace };
        }
        let far_ahead = self.agreed && seconds_from(self.mark, clock) > AHEAD_SECONDS_MAX;
        if behind > BEHIND_SECONDS_OK || far_ahead { Verdict::Warn } else { Verdict::Ok }
    }
}
