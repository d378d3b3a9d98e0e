//! Instants from C: seconds of UTC, or the system's clock.

use mlicense_core::time::Instant;
#[cfg(feature = "ledger")]
use mlicense_host::{Clock as _, SystemClock};

use crate::error::Result;

/// In place of an instant: the second that the system's clock shows.
pub const MLICENSE_NOW: i64 = i64::MIN;

/// Takes seconds since 1970-01-01T00:00:00Z; none for [`MLICENSE_NOW`], of which a client knows more
/// than the system's clock says.
pub(crate) fn given(seconds: i64) -> Result<Option<Instant>> {
    if seconds == MLICENSE_NOW {
        return Ok(None);
    }
    Ok(Some(Instant::from_unix(seconds)?))
}

/// Takes seconds since 1970-01-01T00:00:00Z or [`MLICENSE_NOW`].
#[cfg(feature = "ledger")]
pub(crate) fn instant(seconds: i64) -> Result<Instant> {
    Ok(given(seconds)?.unwrap_or_else(|| SystemClock.now()))
}

#[cfg(all(test, feature = "ledger"))]
mod tests {
    use mlicense_core::error::ErrorKind;

    use super::*;

    #[test]
    fn seconds_are_taken_within_the_range_and_refused_outside() {
        assert_eq!(instant(0).unwrap(), Instant::MIN);
        assert_eq!(instant(Instant::MAX.unix()).unwrap(), Instant::MAX);
        for seconds in [-1, Instant::MAX.unix() + 1, i64::MAX, i64::MIN + 1] {
            let refusal = instant(seconds).unwrap_err().into_refusal();
            assert_eq!(refusal.kind(), ErrorKind::InstantInvalid, "{seconds}");
        }
    }

    #[test]
    fn now_is_the_systems_clock() {
        assert!(instant(MLICENSE_NOW).unwrap() > "2025-01-01T00:00:00Z".parse().unwrap());
    }
}
