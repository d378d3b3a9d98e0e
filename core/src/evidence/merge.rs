//! Bringing together what two programs on one state know.

use super::Evidence;

impl Evidence {
    /// What both know: the later mark and the longer standstill; but a mark that was put right
    /// takes the place of one that was not. The clock stays this one's own.
    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        let clock = self.clock.or(other.clock);
        if self.corrections != other.corrections {
            let right = if self.corrections > other.corrections { self } else { other };
            return Self { clock, ..right };
        }
        Self {
            mark: self.mark.max(other.mark),
            clock,
            agreed: self.agreed || other.agreed,
            stood_seconds: self.stood_seconds.max(other.stood_seconds),
            ahead_seconds: self.ahead_seconds.max(other.ahead_seconds),
            corrections: self.corrections,
        }
    }
}
