//! `Terms`.

use crate::{
    document::SeatTerms,
    error::{ErrorKind, Refusal, Result},
};

/// The shortest lease, in seconds, inclusive (S-MK-58).
pub const LEASE_SECONDS_MIN: u32 = 60;
/// The longest lease, in seconds, inclusive (S-MK-58).
pub const LEASE_SECONDS_MAX: u32 = 3600;
/// The usual lease, in seconds.
pub const LEASE_SECONDS_DEFAULT: u32 = 300;

/// On what terms seats are given.
///
/// ```
/// use mlicense_core::seat::Terms;
/// assert_eq!(Terms::default().lease_seconds(), Some(300));
/// assert_eq!(Terms::default().with_lease(3600)?.lease_seconds(), Some(3600));
/// assert!(Terms::default().with_lease(59).is_err());
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// None for sessions that end with whoever keeps them.
    lease_seconds: Option<u32>,
    release_strict: bool,
}

impl Terms {
    /// The terms for seats that are kept in the memory of one program and end with it: no lease,
    /// and no ceiling of sessions.
    #[must_use]
    pub const fn in_process() -> Self {
        Self { lease_seconds: None, release_strict: false }
    }

    /// Sets for how many seconds a session lasts without a sign of life.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] outside [`LEASE_SECONDS_MIN`] to [`LEASE_SECONDS_MAX`].
    pub fn with_lease(self, seconds: u32) -> Result<Self> {
        if (LEASE_SECONDS_MIN..=LEASE_SECONDS_MAX).contains(&seconds) {
            return Ok(Self { lease_seconds: Some(seconds), ..self });
        }
        Err(Refusal::new(ErrorKind::FieldInvalid)
            .with("field", "lease")
            .with("value", seconds)
            .with("expected", "60 to 3600 seconds"))
    }

    /// Refuses to release what was not captured, instead of doing nothing (S-MK-56).
    #[must_use]
    pub const fn strict(self) -> Self {
        Self { release_strict: true, ..self }
    }

    /// The terms where licences state some: theirs come first, and these hold where they are silent
    /// (S-MK-56, S-MK-58). Sessions without a lease stay without.
    #[must_use]
    pub fn under(self, stated: SeatTerms) -> Self {
        Self {
            lease_seconds: self.lease_seconds.map(|own| stated.lease_seconds.unwrap_or(own)),
            release_strict: stated.release_strict.unwrap_or(self.release_strict),
        }
    }

    /// For how many seconds a session lasts without a sign of life; none when it does not end.
    #[must_use]
    pub const fn lease_seconds(&self) -> Option<u32> {
        self.lease_seconds
    }

    /// Whether releasing what was not captured is refused.
    #[must_use]
    pub const fn is_strict(&self) -> bool {
        self.release_strict
    }
}

impl Default for Terms {
    /// A lease of [`LEASE_SECONDS_DEFAULT`], and a release that may come twice.
    fn default() -> Self {
        Self { lease_seconds: Some(LEASE_SECONDS_DEFAULT), release_strict: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s_mk_58_a_lease_is_60_to_3600_seconds_and_300_by_default() {
        let with =
            |seconds| Terms::default().with_lease(seconds).ok().map(|terms| terms.lease_seconds);
        assert_eq!(Terms::default().lease_seconds(), Some(300));
        assert_eq!((with(60), with(3600)), (Some(Some(60)), Some(Some(3600))));
        assert_eq!((with(0), with(59), with(3601)), (None, None, None));
        let refusal = Terms::default().with_lease(3601).unwrap_err();
        assert_eq!(refusal.to_string(), "lease `3601` is not 60 to 3600 seconds");
    }

    #[test]
    fn s_mk_56_s_mk_58_what_licences_state_comes_first_and_the_rest_stays() {
        let stated = |lease_seconds, release_strict| SeatTerms { lease_seconds, release_strict };
        let own = Terms::default().with_lease(120).unwrap().strict();
        let shown = |terms: Terms| (terms.lease_seconds, terms.release_strict);
        assert_eq!(shown(own.under(SeatTerms::default())), (Some(120), true));
        assert_eq!(shown(own.under(stated(Some(60), None))), (Some(60), true));
        assert_eq!(shown(own.under(stated(None, Some(false)))), (Some(120), false));
        assert_eq!(shown(Terms::in_process().under(stated(Some(60), None))), (None, false));

        let both = stated(Some(60), Some(true)).and(stated(Some(900), Some(false)));
        assert_eq!(both, stated(Some(900), Some(true)));
        assert_eq!(both.and(SeatTerms::default()), both);
    }
}
