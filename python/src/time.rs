//! Instants and days: aware datetimes and dates in, aware datetimes in UTC out.

use mlicense_core::{
    error::{ErrorKind, Refusal},
    time::{Day, Instant},
};
use mlicense_host::{Clock, SystemClock};
use pyo3::{
    intern,
    prelude::*,
    types::{PyDate, PyDateTime, PyDelta, PyDeltaAccess, PyTzInfo},
};

use crate::error::Result;

const SECONDS_A_DAY: i64 = 86_400;

/// The instant a caller gave, or now.
pub(crate) fn now(given: Option<&Bound<'_, PyDateTime>>) -> Result<Instant> {
    given.map_or_else(|| Ok(SystemClock.now()), instant)
}

/// Takes an aware datetime; what is left of a second is dropped.
pub(crate) fn instant(moment: &Bound<'_, PyDateTime>) -> Result<Instant> {
    // A zone that gives no offset leaves a datetime naive.
    if moment.call_method0(intern!(moment.py(), "utcoffset"))?.is_none() {
        let value = moment.str()?;
        return Err(Refusal::new(ErrorKind::InstantInvalid).with("value", value).into());
    }
    // Subtraction is exact at any distance, which `timestamp` is not.
    let since = moment.sub(epoch(moment.py())?)?.cast_into::<PyDelta>().map_err(PyErr::from)?;
    let days = i64::from(since.get_days()).saturating_mul(SECONDS_A_DAY);
    Ok(Instant::from_unix(days.saturating_add(since.get_seconds().into()))?)
}

/// Gives an instant out, as an aware datetime in UTC.
pub(crate) fn datetime(py: Python<'_>, instant: Instant) -> PyResult<Bound<'_, PyDateTime>> {
    let seconds = instant.unix();
    let (days, seconds) = (seconds.div_euclid(SECONDS_A_DAY), seconds.rem_euclid(SECONDS_A_DAY));
    let since = PyDelta::new(py, i32::try_from(days)?, i32::try_from(seconds)?, 0, false)?;
    Ok(epoch(py)?.add(since)?.cast_into::<PyDateTime>()?)
}

/// Takes a date. A datetime is no date here: the day it names depends on a zone.
pub(crate) fn day(date: &Bound<'_, PyDate>) -> Result<Day> {
    let text = date.str()?;
    Ok(text.to_cow()?.parse()?)
}

/// Gives a day out.
pub(crate) fn date(py: Python<'_>, day: Day) -> PyResult<Bound<'_, PyAny>> {
    py.get_type::<PyDate>().call_method1(intern!(py, "fromisoformat"), (day.to_string(),))
}

fn epoch(py: Python<'_>) -> PyResult<Bound<'_, PyDateTime>> {
    PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&*PyTzInfo::utc(py)?))
}
