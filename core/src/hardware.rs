//! Licences tied to hardware: active when it is registered, valid for its life, never moved.
//!
//! Hardware may be preloaded with licences (S-AX-60), take expansion licences from the wallet
//! (S-AX-64), and have licences upgraded to another type, once each (S-AX-03).

use serde::{Deserialize, Serialize};

use crate::{
    id::{LicenseType, ProductId},
    subscription::{Quantities, quantity},
};

/// A piece of hardware with its licences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hardware {
    product: ProductId,
    preloaded: Quantities,
    expanded: Quantities,
    upgraded: Quantities,
    licenses: Quantities,
}

impl Hardware {
    /// Hardware as it is registered.
    #[must_use]
    pub fn new(product: ProductId, preloaded: Quantities) -> Self {
        let licenses = preloaded.clone();
        Self {
            product,
            preloaded,
            expanded: Quantities::new(),
            upgraded: Quantities::new(),
            licenses,
        }
    }

    /// The product.
    #[must_use]
    pub const fn product(&self) -> &ProductId {
        &self.product
    }

    /// Licences by type, valid for the hardware's life: they have no end (S-AX-61).
    #[must_use]
    pub const fn licenses(&self) -> &Quantities {
        &self.licenses
    }

    /// Licences it came with, by type.
    #[must_use]
    pub const fn preloaded(&self) -> &Quantities {
        &self.preloaded
    }

    /// Expansion licences allocated to it, by type.
    #[must_use]
    pub const fn expanded(&self) -> &Quantities {
        &self.expanded
    }

    /// Upgrade licences used on it, by the type they upgrade to.
    #[must_use]
    pub const fn upgraded(&self) -> &Quantities {
        &self.upgraded
    }

    pub(crate) fn expand(&mut self, license_type: &LicenseType, count: u32) {
        add(&mut self.expanded, license_type, count);
        add(&mut self.licenses, license_type, count);
    }

    pub(crate) fn upgrade(&mut self, from: &LicenseType, to: &LicenseType, count: u32) {
        let rest = quantity(&self.licenses, from).saturating_sub(count);
        self.licenses.insert(from.clone(), rest);
        add(&mut self.upgraded, to, count);
        add(&mut self.licenses, to, count);
    }
}

/// Adds to the quantity of a type.
pub(crate) fn add(quantities: &mut Quantities, license_type: &LicenseType, count: u32) {
    let sum = quantities.entry(license_type.clone()).or_default();
    *sum = sum.saturating_add(count);
}
