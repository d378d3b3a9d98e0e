//! Instants and clocks of the command line.

use mlicense_core::{
    error::{ErrorKind, Refusal},
    time::{Day, Instant, Zone},
};
use mlicense_host::Clock;

/// A clock that stands still, for tests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopped(pub(crate) Instant);

impl Clock for Stopped {
    fn now(&self) -> Instant {
        self.0
    }
}

/// Takes an instant, or a day that stands for its start in UTC.
pub(crate) fn parse(text: &str) -> Result<Instant, Refusal> {
    if let Ok(day) = text.parse::<Day>() {
        let utc: Zone = "UTC".parse()?;
        return Ok(utc.start_of(day));
    }
    text.parse().map_err(|_| Refusal::new(ErrorKind::InstantInvalid).with("value", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_its_first_second_in_utc() {
        assert_eq!(parse("2026-03-01").unwrap(), parse("2026-03-01T00:00:00Z").unwrap());
        let refusal = parse("tomorrow").unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::InstantInvalid);
    }
}
