//! What is done to partners, and to the links between them, customers and the shop.

use serde::{Deserialize, Serialize};

use crate::{
    batch::KeyContents,
    customer::Channel,
    id::{CustomerId, PartnerId, PersonId, ProductId},
    person::PersonFields,
};

/// Registers a partner (S-IP-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct RegisterPartner {
    /// A new partner id.
    pub partner: PartnerId,
    /// Its code, unique among partners, with the characters of an id.
    pub code: PartnerId,
    /// A new id of the record with its name and e-mail.
    pub contact: PersonId,
    /// Name and e-mail.
    pub fields: PersonFields,
}

/// Puts licences into the stock of a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct StockPartner {
    /// The partner.
    pub partner: PartnerId,
    /// The product.
    pub product: ProductId,
    /// The licences.
    pub contents: Vec<KeyContents>,
}

/// Gives licences from the stock of a partner to a customer (S-IP-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct GiveLicenses {
    /// The partner.
    pub partner: PartnerId,
    /// The customer.
    pub customer: CustomerId,
    /// The product.
    pub product: ProductId,
    /// The licences.
    pub contents: Vec<KeyContents>,
}

/// Chooses the dealer of a customer, or none (S-IP-36).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct SetDealer {
    /// The customer.
    pub customer: CustomerId,
    /// The partner; none removes the dealer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerId>,
}

/// Sets where a customer buys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct SetChannel {
    /// The customer.
    pub customer: CustomerId,
    /// Where.
    pub channel: Channel,
}

/// Links a customer to its account at the vendor's shop, which the shop has confirmed (S-IP-06).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct LinkShop {
    /// The customer.
    pub customer: CustomerId,
    /// What the shop calls the account, 1 to [`LinkShop::ACCOUNT_BYTES_MAX`] bytes; only a digest
    /// is kept.
    pub account: String,
}

impl LinkShop {
    /// The longest name of an account at the shop, in bytes.
    pub const ACCOUNT_BYTES_MAX: usize = 320;
}

/// Links a partner to its account at the vendor's shop, which the shop has confirmed (S-IP-10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct LinkPartnerShop {
    /// The partner.
    pub partner: PartnerId,
    /// What the shop calls the account, 1 to [`LinkShop::ACCOUNT_BYTES_MAX`] bytes; only a digest
    /// is kept.
    pub account: String,
}
