//! What is done to the persons of customers and partners.

use serde::{Deserialize, Serialize};

use crate::{
    customer::MemberRole,
    id::{CustomerId, PartnerId, PersonId},
    person::{UserChanges, UserFields},
};

/// Adds a user to a customer; who is known by the username already keeps the profile (S-ST-56).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct AddUser {
    /// The customer.
    pub customer: CustomerId,
    /// A new person id; not used where the username is known already.
    pub person: PersonId,
    /// What the user may do.
    #[serde(default)]
    pub role: MemberRole,
    /// Who the user is.
    pub user: UserFields,
}

/// Says that a user followed the activation mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct ActivateUser {
    /// The person.
    pub person: PersonId,
}

/// Leaves the activation mail to be sent again (S-ST-57).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct ResendActivation {
    /// The customer.
    pub customer: CustomerId,
    /// The person.
    pub person: PersonId,
}

/// Changes the record of another user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct EditUser {
    /// The customer.
    pub customer: CustomerId,
    /// The person.
    pub person: PersonId,
    /// What changes.
    pub changes: UserChanges,
}

/// Changes one's own record (S-ST-59).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct EditProfile {
    /// The person.
    pub person: PersonId,
    /// What changes.
    pub changes: UserChanges,
}

/// Makes a member the administrator of the account; the one before stays a user (S-ST-58).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct ReplaceAdministrator {
    /// The customer.
    pub customer: CustomerId,
    /// The person.
    pub person: PersonId,
}

/// Adds a user to a partner (S-ST-55).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct AddPartnerUser {
    /// The partner.
    pub partner: PartnerId,
    /// A new person id; not used where the username is known already.
    pub person: PersonId,
    /// Whether the user is an administrator of the partner.
    #[serde(default)]
    pub administrator: bool,
    /// Who the user is.
    pub user: UserFields,
}

/// Ends that a person is a user of a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct RemovePartnerUser {
    /// The partner.
    pub partner: PartnerId,
    /// The person.
    pub person: PersonId,
}
