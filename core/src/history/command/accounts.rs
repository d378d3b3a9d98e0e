//! What is done to accounts and their terms.

use serde::{Deserialize, Serialize};

use crate::{
    customer::{AccountChanges, AccountDraft, AccountState},
    id::{CustomerId, PartnerId, PersonId, ProductId},
    time::Term,
};

/// Creates a customer with an account (S-ST-24).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct CreateAccount {
    /// A new customer id.
    pub customer: CustomerId,
    /// The product whose policy of account terms holds.
    pub product: ProductId,
    /// The pages, all filled in.
    pub draft: AccountDraft,
    /// A new id of the record with the customer's name and address.
    pub client: PersonId,
    /// A new id of the administrator; not used where the username is known already.
    pub administrator: PersonId,
    /// The partner who looks after the account, which is the customer's dealer from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dealer: Option<PartnerId>,
}

/// Changes what stands on the first two pages of an account (S-ST-27).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct EditAccount {
    /// The customer.
    pub customer: CustomerId,
    /// What changes.
    pub changes: AccountChanges,
}

/// Says that the vendor's program has carried out what was left to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct AcknowledgeAccount {
    /// The customer.
    pub customer: CustomerId,
    /// In which state it was left: `creating`, `updating` or `deleting`.
    pub state: AccountState,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct OfAccount {
    /// The customer.
    pub customer: CustomerId,
}

/// Sets whether the dealer may not enter while the account is suspended (S-ST-33).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct SetPrivacy {
    /// The customer.
    pub customer: CustomerId,
    /// Whether privacy is on.
    pub privacy: bool,
}

/// Chooses the term of an account: at once before it has begun, else from its next period on (S-ST-09, S-ST-10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct ChangeTerm {
    /// The customer.
    pub customer: CustomerId,
    /// The product.
    pub product: ProductId,
    /// The term, in months.
    pub term: Term,
}

/// Pays for one more term, where terms do not renew by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct RenewTerm {
    /// The customer.
    pub customer: CustomerId,
    /// The product.
    pub product: ProductId,
}
