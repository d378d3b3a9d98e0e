//! The persons of a customer, with what the erasable table knows of them.

use serde::Serialize;

use crate::{
    customer::{Account, Customer, MemberRole},
    error::Language,
    id::{PersonId, ProviderId},
    person::{Person, PersonFields},
};

/// The persons of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UsersView {
    /// Name and address of the customer of an account; none without an account, and once erased.
    pub client: Option<PersonFields>,
    /// Its members.
    pub users: Vec<UserView>,
}

/// A member of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UserView {
    /// The person.
    pub person: PersonId,
    /// What it may do.
    pub role: MemberRole,
    /// Whether it is the administrator of the account (S-ST-58).
    pub administrator: bool,
    /// Whether it was activated; a user who waits for it cannot sign in.
    pub active: bool,
    /// The language of its texts; none for who does not sign in.
    pub language: Option<Language>,
    /// Who says who it is; none for who does not sign in.
    pub provider: Option<ProviderId>,
    /// Whether mail goes to the username (S-ST-22).
    pub email_is_username: bool,
    /// Name and addresses; none once erased.
    pub fields: Option<PersonFields>,
}

impl UsersView {
    /// The answer to [`Query::Users`](super::Query::Users), of what is known of the customer and
    /// the rows of its members.
    #[must_use]
    pub const fn new(client: Option<PersonFields>, users: Vec<UserView>) -> Self {
        Self { client, users }
    }
}

/// One row of the answer to [`Query::Users`](super::Query::Users); none where the person is no
/// member.
#[must_use]
pub fn user(
    customer: &Customer,
    id: &PersonId,
    (person, fields): (&Person, Option<PersonFields>),
) -> Option<UserView> {
    let role = *customer.members().get(id)?;
    let administers = |account: &Account| account.administrator == *id;
    Some(UserView {
        person: id.clone(),
        role,
        administrator: customer.account().is_some_and(administers),
        active: person.active(),
        language: person.sign_in().map(|sign_in| sign_in.language),
        provider: person.sign_in().map(|sign_in| sign_in.provider.clone()),
        email_is_username: fields.as_ref().is_some_and(PersonFields::email_is_username),
        fields,
    })
}
