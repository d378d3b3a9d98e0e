//! `Clock`: a clock that stands until it is told what time it is.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use mlicense_core::{
    error::{ErrorKind, Refusal},
    time::Instant,
};
use mlicense_host::{Clock as HostClock, SystemClock};
use pyo3::{
    prelude::*,
    types::{PyDateTime, PyDelta, PyDeltaAccess},
};

use crate::{error::Result, time};

const SECONDS_A_DAY: i64 = 86_400;

/// A clock for tests of programs: it stands until it is told what time it is.
///
/// Given to a :class:`Client` or :class:`Ledger` in the place of the system's, it sets the time of
/// everything they do. Usable from many threads at once.
///
/// Args:
///     now: An aware datetime; whatever is less than a second is dropped.
///
/// Raises:
///     InputError: ``INSTANT_INVALID`` for a naive datetime.
///
/// Examples:
///     >>> from datetime import date, datetime, timedelta, timezone
///     >>> from mlicense.testing import Clock
///     >>> clock = Clock(datetime(2026, 3, 1, 9, tzinfo=timezone.utc))
///     >>> root = Signer.generate()
///     >>> client = Client("editor", [root.public_key], clock=clock)
///     >>> claims = LicenseClaims.until("editor", "Example Ltd", date(2026, 4, 1), zone="UTC",
///     ...     issued_at=clock.now)
///     >>> client.accept(License.issue(claims, root)).changed
///     True
///     >>> bool(client.check("editor"))
///     True
///     >>> clock.advance(timedelta(days=31))
///     >>> print(client.check("editor"))
///     `editor` may not run: the last licensed day was 2026-03-31
#[pyclass(frozen, module = "mlicense.testing")]
pub(crate) struct Clock(Arc<Hands>);

#[derive(Debug)]
struct Hands {
    unix: AtomicI64,
    ran: AtomicU64,
}

#[pymethods]
impl Clock {
    #[new]
    fn new(now: &Bound<'_, PyDateTime>) -> Result<Self> {
        let unix = AtomicI64::new(time::instant(now)?.unix());
        Ok(Self(Arc::new(Hands { unix, ran: AtomicU64::new(0) })))
    }

    /// What the clock says.
    #[getter]
    fn now<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        time::datetime(py, self.0.instant())
    }

    /// Lets time pass, as it does while a program runs.
    ///
    /// Args:
    ///     by: How much; none of it backwards.
    ///
    /// Raises:
    ///     InputError: ``INSTANT_INVALID`` for less than nothing, and past the year 9999.
    fn advance(&self, by: &Bound<'_, PyDelta>) -> Result<()> {
        let days = i64::from(by.get_days()).saturating_mul(SECONDS_A_DAY);
        let seconds = days.saturating_add(by.get_seconds().into());
        let passed = u64::try_from(seconds)
            .map_err(|_| Refusal::new(ErrorKind::InstantInvalid).with("value", by))?;
        let now = Instant::from_unix(self.0.instant().unix().saturating_add(seconds))?;
        self.0.unix.store(now.unix(), Ordering::SeqCst);
        self.0.ran.fetch_add(passed, Ordering::SeqCst);
        Ok(())
    }

    /// Sets the clock, forwards or backwards, as whoever changes the time of a machine.
    ///
    /// Args:
    ///     now: An aware datetime.
    ///
    /// Raises:
    ///     InputError: ``INSTANT_INVALID`` for a naive datetime.
    fn set(&self, now: &Bound<'_, PyDateTime>) -> Result<()> {
        self.0.unix.store(time::instant(now)?.unix(), Ordering::SeqCst);
        Ok(())
    }

    fn __repr__(&self) -> String {
        format!("Clock({})", self.0.instant())
    }
}

impl Clock {
    /// The clock for a client.
    pub(crate) fn hands(&self) -> impl HostClock + 'static {
        Shared(Arc::clone(&self.0))
    }
}

impl Hands {
    fn instant(&self) -> Instant {
        // What it is set to is an instant.
        Instant::from_unix(self.unix.load(Ordering::SeqCst)).unwrap_or(Instant::MIN)
    }
}

#[derive(Debug)]
struct Shared(Arc<Hands>);

impl HostClock for Shared {
    fn now(&self) -> Instant {
        self.0.instant()
    }

    fn running(&self) -> Option<Duration> {
        Some(Duration::from_secs(self.0.ran.load(Ordering::SeqCst)))
    }
}

/// The instant a caller gave, or what the clock says.
pub(crate) fn now(
    given: Option<&Bound<'_, PyDateTime>>,
    clock: Option<&Py<Clock>>,
) -> Result<Instant> {
    match (given, clock) {
        (Some(given), _) => time::instant(given),
        (None, Some(clock)) => Ok(clock.get().0.instant()),
        (None, None) => Ok(SystemClock.now()),
    }
}
