//! What one customer and one product have together, by the scheme of the product's policy.

use serde::{Deserialize, Serialize};

use super::{AccountAgreement, DeviceAgreement, HostAgreement, PoolAgreement};

/// An agreement on one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Agreement {
    /// A pool of licences for the devices there are.
    Pool(Box<PoolAgreement>),
    /// Licences for hosts.
    Hosts(Box<HostAgreement>),
    /// Licences for devices, one each.
    Devices(Box<DeviceAgreement>),
    /// Billed terms of an account.
    Account(Box<AccountAgreement>),
}

macro_rules! schemes {
    ($($(#[$doc:meta])* $scheme:ident $read:ident $write:ident $agreement:ty,)+) => {
        impl Agreement {
            $(
                $(#[$doc])*
                #[must_use]
                pub const fn $read(&self) -> Option<&$agreement> {
                    match self {
                        Self::$scheme(agreement) => Some(agreement),
                        _ => None,
                    }
                }

                pub(super) const fn $write(&mut self) -> Option<&mut $agreement> {
                    match self {
                        Self::$scheme(agreement) => Some(agreement),
                        _ => None,
                    }
                }
            )+
        }
    };
}

schemes! {
    /// The agreement on a pool of licences; none when it is of another scheme.
    Pool pool pool_mut PoolAgreement,
    /// The agreement on licences for hosts; none when it is of another scheme.
    Hosts hosts hosts_mut HostAgreement,
    /// The agreement on licences for devices; none when it is of another scheme.
    Devices devices devices_mut DeviceAgreement,
    /// The agreement on billed terms; none when it is of another scheme.
    Account account account_mut AccountAgreement,
}
