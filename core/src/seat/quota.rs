//! `Quota`.

use std::fmt;

use super::Limits;
use crate::error::Result;

/// Where the limits of seats come from, asked anew at every call: a client's signed licences, or
/// [`Limits`] that stay as they are.
pub trait Quota: fmt::Debug + Send + Sync {
    /// The limits at this moment.
    fn limits(&self) -> Limits;

    /// Stops a holder whose feature may not run now, with the reason where there is one.
    ///
    /// # Errors
    /// [`ErrorKind::NotLicensed`](crate::error::ErrorKind::NotLicensed).
    fn require(&self, feature: &str) -> Result<()> {
        self.limits().require(feature)
    }
}

impl Quota for Limits {
    fn limits(&self) -> Limits {
        self.clone()
    }
}
