//! Partners: dealers of the vendor's, with a stock of licences that they give to their customers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    batch::KeyContents,
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, LicenseType, PartnerId, PersonId, ProductId},
    pseudonym::Pseudonym,
    wallet::LotKind,
};

/// What happened to a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum PartnerEvent {
    /// The vendor registered the partner.
    Registered {
        /// Its code.
        code: PartnerId,
        /// The record with its name and e-mail.
        contact: PersonId,
    },
    /// A person became a user of the partner, or what it may do changed.
    UserAdded {
        /// The person.
        person: PersonId,
        /// Whether it is an administrator.
        administrator: bool,
    },
    /// A person is no longer a user of the partner.
    UserRemoved {
        /// The person.
        person: PersonId,
    },
    /// Licences came into the stock.
    Stocked {
        /// The product.
        product: ProductId,
        /// The licences.
        contents: Vec<KeyContents>,
    },
    /// Licences were given to a customer.
    Given {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// The licences.
        contents: Vec<KeyContents>,
    },
    /// The partner was linked to its account at the vendor's shop.
    ShopLinked {
        /// The account there.
        account: Pseudonym,
    },
}

/// Licences of one product, type and kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "a key, and nothing else")]
pub struct StockKey {
    /// The product.
    pub product: ProductId,
    /// Type of licence.
    pub license_type: LicenseType,
    /// What they are good for.
    pub kind: LotKind,
}

/// How many licences came into a stock and went out of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "two numbers")]
pub struct Stock {
    /// How many came.
    pub received: u64,
    /// How many were given, never more than came.
    pub given: u64,
}

impl Stock {
    /// How many are there.
    #[must_use]
    pub const fn left(self) -> u64 {
        self.received.saturating_sub(self.given)
    }
}

/// The state of a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    code: PartnerId,
    contact: PersonId,
    users: BTreeMap<PersonId, bool>,
    #[serde(with = "crate::json::pairs")]
    stock: BTreeMap<StockKey, Stock>,
    shop_linked: bool,
}

impl Partner {
    /// The most users of one partner.
    pub const USERS_MAX: usize = 10_000;
    /// The most customers that a partner is shown: a search reads no further.
    pub const CUSTOMERS_MAX: u32 = 10_000;

    /// A partner just registered.
    #[must_use]
    pub const fn new(code: PartnerId, contact: PersonId) -> Self {
        Self { code, contact, users: BTreeMap::new(), stock: BTreeMap::new(), shop_linked: false }
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &PartnerId {
        &self.code
    }

    /// The record with its name and e-mail.
    #[must_use]
    pub const fn contact(&self) -> &PersonId {
        &self.contact
    }

    /// Its users, and whether each is an administrator.
    #[must_use]
    pub const fn users(&self) -> &BTreeMap<PersonId, bool> {
        &self.users
    }

    /// What it has, and what it had and gave.
    #[must_use]
    pub const fn stock(&self) -> &BTreeMap<StockKey, Stock> {
        &self.stock
    }

    /// Whether it is linked to its account at the vendor's shop.
    #[must_use]
    pub const fn shop_linked(&self) -> bool {
        self.shop_linked
    }

    /// Checks that the stock holds so many licences (S-IP-44).
    ///
    /// # Errors
    /// [`ErrorKind::InsufficientStock`] naming the first type of which it holds fewer.
    pub(crate) fn check_stock(
        &self,
        id: &PartnerId,
        product: &ProductId,
        contents: &[KeyContents],
    ) -> Result<()> {
        for (key, wanted) in sums(product, contents) {
            let left = self.stock.get(&key).map_or(0, |stock| stock.left());
            if left < wanted {
                return Err(Refusal::new(ErrorKind::InsufficientStock)
                    .with("partner", id)
                    .with("stock", left)
                    .with("license_type", &key.license_type)
                    .with("wanted", wanted));
            }
        }
        Ok(())
    }

    /// Takes an event into the state.
    pub fn apply(&mut self, event: &PartnerEvent) {
        match event {
            PartnerEvent::Registered { .. } => {}
            PartnerEvent::UserAdded { person, administrator } => {
                self.users.insert(person.clone(), *administrator);
            }
            PartnerEvent::UserRemoved { person } => {
                self.users.remove(person);
            }
            PartnerEvent::Stocked { product, contents } => {
                for (key, count) in sums(product, contents) {
                    let stock = self.stock.entry(key).or_default();
                    stock.received = stock.received.saturating_add(count);
                }
            }
            PartnerEvent::Given { product, contents, .. } => {
                for (key, count) in sums(product, contents) {
                    let stock = self.stock.entry(key).or_default();
                    stock.given = stock.given.saturating_add(count);
                }
            }
            PartnerEvent::ShopLinked { .. } => self.shop_linked = true,
        }
    }
}

/// Lines of one type and kind count together.
fn sums(product: &ProductId, contents: &[KeyContents]) -> BTreeMap<StockKey, u64> {
    let mut sums = BTreeMap::new();
    for line in contents {
        let key = StockKey {
            product: product.clone(),
            license_type: line.license_type.clone(),
            kind: line.kind,
        };
        let sum: &mut u64 = sums.entry(key).or_default();
        *sum = sum.saturating_add(line.quantity.into());
    }
    sums
}
