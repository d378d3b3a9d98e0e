//! `SeatTerms`: what a licence says of how its seats are given.

use serde::{Deserialize, Serialize};

use crate::seat::{LEASE_SECONDS_MAX, LEASE_SECONDS_MIN};

/// On what terms a licence has its seats given (S-MK-56, S-MK-58); what it leaves open is for the
/// program that gives them, and usual where that says nothing either.
///
/// ```
/// use mlicense_core::document::SeatTerms;
/// use mlicense_core::seat::Terms;
///
/// let mut stated = SeatTerms::default();
/// stated.lease_seconds = Some(900);
/// let terms = Terms::default().strict().under(stated);
/// assert_eq!((terms.lease_seconds(), terms.is_strict()), (Some(900), true));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "terms of seats")]
#[non_exhaustive]
pub struct SeatTerms {
    /// For how many seconds a session lasts without a sign of life: [`LEASE_SECONDS_MIN`] to
    /// [`LEASE_SECONDS_MAX`], both inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_seconds: Option<u32>,
    /// Whether releasing what was not captured is refused, instead of doing nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_strict: Option<bool>,
}

impl SeatTerms {
    /// What two licences state together: the longer lease, so that a holder by the one is not
    /// dropped by the other, and strict where one of them is.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            lease_seconds: self.lease_seconds.max(other.lease_seconds),
            release_strict: self.release_strict.max(other.release_strict),
        }
    }

    /// The lease where it is none that can be given.
    pub(super) fn wrong_lease(&self) -> Option<u32> {
        let range = LEASE_SECONDS_MIN..=LEASE_SECONDS_MAX;
        self.lease_seconds.filter(|seconds| !range.contains(seconds))
    }
}
