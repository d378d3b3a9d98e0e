//! Where `now` comes from.

use std::{
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use mlicense_core::time::Instant;

/// Tells the time; a program may bring its own.
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
}

/// The system's clock. Outside 1970–9999 it stops at the end it passed.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to set")]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    fn now(&self) -> Instant {
        let Ok(elapsed) = SystemTime::now().duration_since(UNIX_EPOCH) else {
            return Instant::MIN;
        };
        let seconds = i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX);
        Instant::MIN.saturating_add(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_runs_after_this_was_written() {
        assert!(SystemClock.now() > "2025-01-01T00:00:00Z".parse().unwrap());
    }
}
