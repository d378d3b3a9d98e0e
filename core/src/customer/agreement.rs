//! What one customer and one product have together, by the scheme of the product's policy.

use super::{HostAgreement, PoolAgreement};

/// An agreement on one product.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Agreement {
    /// A pool of licences for the devices there are.
    Pool(Box<PoolAgreement>),
    /// Licences for hosts.
    Hosts(HostAgreement),
}

impl Agreement {
    /// The agreement on a pool of licences; none when it is of another scheme.
    #[must_use]
    pub fn pool(&self) -> Option<&PoolAgreement> {
        match self {
            Self::Pool(pool) => Some(pool),
            Self::Hosts(_) => None,
        }
    }

    /// The agreement on licences for hosts; none when it is of another scheme.
    #[must_use]
    pub const fn hosts(&self) -> Option<&HostAgreement> {
        match self {
            Self::Hosts(hosts) => Some(hosts),
            Self::Pool(_) => None,
        }
    }

    pub(super) fn pool_mut(&mut self) -> Option<&mut PoolAgreement> {
        match self {
            Self::Pool(pool) => Some(pool),
            Self::Hosts(_) => None,
        }
    }

    pub(super) const fn hosts_mut(&mut self) -> Option<&mut HostAgreement> {
        match self {
            Self::Hosts(hosts) => Some(hosts),
            Self::Pool(_) => None,
        }
    }
}
