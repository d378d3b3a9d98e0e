//! Watching the clocks: what time it is, at the price of one look at a clock that only runs.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use mlicense_core::{
    error::Refusal,
    evidence::{Evidence, KEEPING_SECONDS, Present, Reading},
    time::Instant,
};

use crate::{Clock, Uptime, tick::Tick};

/// For how long a reading is good: the time of day is looked at this often at most.
const LOOK: Duration = Duration::from_millis(20);

/// The clocks, what was read from them, and what they are worth.
///
/// Looking at the time of day, and judging it, needs a lock that is never waited for while the
/// clock tells for how long it runs. What came of it is published as a [`Tick`] that any thread
/// reads until it is [`LOOK`] old.
#[derive(Debug)]
pub(crate) struct Watch {
    clock: Box<dyn Clock>,
    tick: AtomicU64,
    /// Up to when the tick is good, in nanoseconds of the running clock.
    good_until: AtomicU64,
    tracked: Mutex<Tracked>,
}

#[derive(Debug)]
struct Tracked {
    evidence: Evidence,
    /// The evidence as it was written last.
    kept: Evidence,
    /// Up to when time was counted by the running clock.
    counted: Option<Duration>,
    /// Seconds that passed before the first reading.
    passed_before: u64,
    /// When writing was tried last, by the running clock.
    kept_at: Option<Duration>,
    /// Why the evidence was not written, if it was not.
    fault: Option<Refusal>,
    /// Rises when the licences held are others.
    generation: u64,
}

impl Watch {
    /// Starts to watch, from what was `kept` and from how long the machine had been up then.
    pub(crate) fn new(
        clock: Box<dyn Clock>,
        evidence: Evidence,
        kept: (Evidence, Option<&Uptime>),
    ) -> Self {
        let (kept, before) = kept;
        let up = before.and_then(|before| Some(clock.uptime()?.seconds_since(before)));
        let tracked = Tracked {
            evidence,
            kept,
            counted: None,
            passed_before: up.unwrap_or(0),
            kept_at: None,
            fault: None,
            generation: 1,
        };
        Self {
            clock,
            tick: AtomicU64::new(Tick::NONE.word()),
            good_until: AtomicU64::new(0),
            tracked: Mutex::new(tracked),
        }
    }

    /// The last tick, as long as it is good.
    pub(crate) fn glance(&self) -> Option<Tick> {
        let running = nanoseconds(self.clock.running()?);
        let good = running < self.good_until.load(Ordering::Acquire);
        good.then(|| Tick::from_word(self.tick.load(Ordering::Relaxed)))
    }

    /// Reads the clocks, unless another thread is at it, and says what should be written, if
    /// anything.
    pub(crate) fn look(&self) -> (Tick, Option<Evidence>) {
        let running = self.clock.running();
        let last = Tick::from_word(self.tick.load(Ordering::Relaxed));
        let waits = running.is_none() || last == Tick::NONE;
        let tracked = if waits { Some(self.tracked()) } else { self.tracked.try_lock().ok() };
        let Some(mut tracked) = tracked else { return (last, None) };
        let present = tracked.read(self.clock.now(), running);
        let tick = Tick::new(tracked.generation, present);
        self.tick.store(tick.word(), Ordering::Relaxed);
        let good_until = running.map_or(0, |running| nanoseconds(running.saturating_add(LOOK)));
        self.good_until.store(good_until, Ordering::Release);
        (tick, tracked.due(running))
    }

    /// What is known of the time as of the last reading.
    pub(crate) fn present(&self) -> Present {
        self.tracked().evidence.present()
    }

    pub(crate) fn evidence(&self) -> Evidence {
        self.tracked().evidence
    }

    /// What the clock says, whatever it is worth.
    pub(crate) fn clock(&self) -> Instant {
        self.clock.now()
    }

    pub(crate) fn uptime(&self) -> Option<Uptime> {
        self.clock.uptime()
    }

    /// Evidence that should still be written when nobody looks any more.
    pub(crate) fn unkept(&self) -> Option<Evidence> {
        let tracked = self.tracked();
        tracked.evidence.is_worth_keeping(&tracked.kept).then_some(tracked.evidence)
    }

    /// Notes what was written, or why it was not.
    pub(crate) fn kept(&self, result: Result<Evidence, Refusal>) {
        let mut tracked = self.tracked();
        match result {
            Ok(kept) => {
                tracked.evidence = tracked.evidence.merged(kept);
                (tracked.kept, tracked.fault) = (kept, None);
            }
            // Not tried again before there is as much more to write.
            Err(fault) => (tracked.kept, tracked.fault) = (tracked.evidence, Some(fault)),
        }
    }

    /// Takes evidence that was written with other licences than before.
    pub(crate) fn renew(&self, evidence: Evidence) {
        let mut tracked = self.tracked();
        (tracked.evidence, tracked.kept, tracked.fault) = (evidence, evidence, None);
        tracked.generation = tracked.generation.wrapping_add(1).max(1);
        self.good_until.store(0, Ordering::Release);
    }

    /// Why evidence could not be written last time.
    pub(crate) fn fault(&self) -> Option<Refusal> {
        self.tracked().fault.clone()
    }

    // A panic elsewhere left evidence whole: it is one value, replaced at once.
    fn tracked(&self) -> MutexGuard<'_, Tracked> {
        self.tracked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tracked {
    fn read(&mut self, clock: Instant, running: Option<Duration>) -> Present {
        let passed_seconds = self.passed(running);
        let (evidence, present) = self.evidence.advance(Reading { clock, passed_seconds }, None);
        self.evidence = evidence;
        present
    }

    /// Whole seconds since the last reading; what is left of one is counted next time.
    fn passed(&mut self, running: Option<Duration>) -> u64 {
        let before = std::mem::take(&mut self.passed_before);
        let Some(running) = running else { return before };
        let counted = *self.counted.get_or_insert(running);
        let seconds = running.saturating_sub(counted).as_secs();
        self.counted = Some(counted.saturating_add(Duration::from_secs(seconds)));
        before.saturating_add(seconds)
    }

    fn due(&mut self, running: Option<Duration>) -> Option<Evidence> {
        let minute = Duration::from_secs(KEEPING_SECONDS);
        let soon =
            running.zip(self.kept_at).is_some_and(|(now, at)| now < at.saturating_add(minute));
        if soon || !self.evidence.is_worth_keeping(&self.kept) {
            return None;
        }
        self.kept_at = running;
        Some(self.evidence)
    }
}

fn nanoseconds(running: Duration) -> u64 {
    let whole = running.as_secs().saturating_mul(1_000_000_000);
    whole.saturating_add(running.subsec_nanos().into())
}
