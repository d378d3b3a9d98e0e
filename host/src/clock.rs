//! Where `now` comes from.

use std::{
    fmt,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use mlicense_core::time::Instant;
use serde::{Deserialize, Serialize};

use crate::facts;

/// Tells the time; a program may bring its own.
///
/// Only [`Clock::now`] is needed. A clock that also says for how long it has been running lets a
/// client notice when the other is set back, and answer without a lock.
///
/// ```
/// use mlicense_core::time::Instant;
/// use mlicense_host::Clock;
///
/// #[derive(Debug)]
/// struct Stopped(Instant);
///
/// impl Clock for Stopped {
///     fn now(&self) -> Instant {
///         self.0
///     }
/// }
/// ```
pub trait Clock: fmt::Debug + Send + Sync {
    /// The present second of UTC, as far as this clock knows.
    fn now(&self) -> Instant;

    /// For how long the clock has been running: what it says never falls, whatever is done to the
    /// time of day. None when it cannot tell.
    fn running(&self) -> Option<Duration> {
        None
    }

    /// For how long the machine has been up. None when the clock cannot tell.
    fn uptime(&self) -> Option<Uptime> {
        None
    }
}

/// For how long a machine has been up, to be compared between programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a start and the seconds since")]
pub struct Uptime {
    /// Names one start of the machine; another start has another name.
    pub boot: String,
    /// Seconds since that start.
    pub seconds: u64,
}

impl Uptime {
    /// The seconds that passed since `earlier`; 0 when the machine was started anew.
    #[must_use]
    pub fn seconds_since(&self, earlier: &Self) -> u64 {
        if self.boot == earlier.boot { self.seconds.saturating_sub(earlier.seconds) } else { 0 }
    }
}

/// The system's clocks. Outside 1970–9999 the time stops at the end it passed.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to set")]
pub struct SystemClock;

/// Since when it has been running does not matter: since the machine was started.
#[cfg(target_os = "linux")]
fn running() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// Since when it has been running does not matter: since it was asked first.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clocks")]
fn running() -> Duration {
    use std::{sync::LazyLock, time::Instant};

    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clocks")]
    fn now(&self) -> Instant {
        let Ok(elapsed) = SystemTime::now().duration_since(UNIX_EPOCH) else {
            return Instant::MIN;
        };
        let seconds = i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX);
        Instant::MIN.saturating_add(seconds)
    }

    fn running(&self) -> Option<Duration> {
        Some(running())
    }

    fn uptime(&self) -> Option<Uptime> {
        facts::uptime(Path::new("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_runs_after_this_was_written() {
        assert!(SystemClock.now() > "2025-01-01T00:00:00Z".parse().unwrap());
    }

    #[test]
    fn the_running_clock_never_falls() {
        let looks: Vec<_> = (0..1000).map(|_| SystemClock.running().unwrap()).collect();
        assert!(looks.is_sorted());
    }

    #[test]
    fn uptime_counts_within_one_start_of_the_machine_only() {
        let up = |boot: &str, seconds| Uptime { boot: boot.into(), seconds };
        assert_eq!(up("a", 70).seconds_since(&up("a", 10)), 60);
        assert_eq!(up("a", 10).seconds_since(&up("a", 70)), 0);
        assert_eq!(up("b", 70).seconds_since(&up("a", 10)), 0);
    }
}
