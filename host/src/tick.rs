//! `Tick`: what time it is, in one word that threads hand to each other.

use std::sync::atomic::{AtomicU64, Ordering};

use mlicense_core::{
    decision::Outcome,
    evidence::{Present, Verdict},
    time::Instant,
};

/// A second, how far it is to be believed, and under which licences, in one word.
///
/// From the lowest bit: two free ones for an outcome, two for the verdict, 38 for the second, 22
/// for the generation, which is never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tick(u64);

impl Tick {
    const VERDICT: u32 = 2;
    const SECOND: u32 = 4;
    const GENERATION: u32 = 42;
    /// Nothing was read yet.
    pub(crate) const NONE: Self = Self(0);

    pub(crate) fn new(generation: u64, present: Present) -> Self {
        let second = present.now.unix().unsigned_abs();
        let verdict = present.verdict as u64;
        Self(generation << Self::GENERATION | second << Self::SECOND | verdict << Self::VERDICT)
    }

    pub(crate) const fn from_word(word: u64) -> Self {
        Self(word)
    }

    pub(crate) const fn word(self) -> u64 {
        self.0
    }

    pub(crate) fn now(self) -> Instant {
        let second = self.0 >> Self::SECOND & ((1 << (Self::GENERATION - Self::SECOND)) - 1);
        Instant::MIN.saturating_add(second.cast_signed())
    }

    /// Whether nothing contradicts the clock.
    pub(crate) const fn is_trusted(self) -> bool {
        self.0 >> Self::VERDICT & 0b11 == Verdict::Ok as u64
    }
}

/// The outcome of one question at the tick at which it was asked last.
#[derive(Debug, Default)]
pub(crate) struct LastOutcome(AtomicU64);

impl LastOutcome {
    /// The bits of a tick that are free for an outcome.
    const OUTCOME: u64 = 0b11;

    /// The outcome, if it was decided at this tick.
    pub(crate) fn at(&self, tick: Tick) -> Option<Outcome> {
        let last = self.0.load(Ordering::Relaxed);
        (last & !Self::OUTCOME == tick.0).then_some(match last & Self::OUTCOME {
            1 => Outcome::Licensed,
            2 => Outcome::Grace,
            3 => Outcome::Limited,
            _ => Outcome::Denied,
        })
    }

    pub(crate) fn remember(&self, tick: Tick, outcome: Outcome) {
        self.0.store(tick.0 | u64::from(outcome.number()), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERDICTS: [Verdict; 4] = [Verdict::Ok, Verdict::Warn, Verdict::Grace, Verdict::Deny];

    fn tick(generation: u64, now: Instant, verdict: Verdict) -> Tick {
        let mut present = Present::by(now);
        present.verdict = verdict;
        Tick::new(generation, present)
    }

    #[test]
    fn a_tick_keeps_its_second_and_whether_it_is_trusted() {
        for now in [Instant::MIN, "2026-06-01T12:00:00Z".parse().unwrap(), Instant::MAX] {
            for verdict in VERDICTS {
                for generation in [1, 0x003f_ffff] {
                    let tick = tick(generation, now, verdict);
                    assert_eq!((tick.now(), tick.is_trusted()), (now, verdict == Verdict::Ok));
                    assert_ne!(tick, Tick::NONE);
                }
            }
        }
    }

    #[test]
    fn an_outcome_is_remembered_for_its_tick_and_no_other() {
        let now = "2026-06-01T12:00:00Z".parse().unwrap();
        let asked = tick(7, now, Verdict::Ok);
        let others = [
            tick(8, now, Verdict::Ok),
            tick(7, now.saturating_add(1), Verdict::Ok),
            tick(7, now, Verdict::Deny),
        ];
        let last = LastOutcome::default();
        assert_eq!(last.at(asked), None);
        for outcome in [Outcome::Denied, Outcome::Licensed, Outcome::Grace, Outcome::Limited] {
            last.remember(asked, outcome);
            assert_eq!(last.at(asked), Some(outcome));
            assert!(others.iter().all(|other| last.at(*other).is_none()));
        }
    }
}
