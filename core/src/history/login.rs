//! Who signs in with a registration number, or with a coupon that was activated.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Claim, Holder, Salt, StreamId,
    prepared::{self, formats},
};
use crate::{
    catalogue::Catalogue,
    code::Code,
    error::{ErrorKind, Result},
    id::CustomerId,
    person,
};

/// What may name the customer who signs in with `login`: a number, or a coupon it has used.
#[must_use]
pub fn login_claims(login: &str, salt: &Salt, catalogue: &Catalogue) -> BTreeSet<Claim> {
    let formats = formats(catalogue).chain(catalogue.number_format());
    let codes = formats.filter_map(|format| Code::parse(format, login).ok());
    let digests = codes.chain(Code::opaque(login)).map(|code| code.digest(salt.as_bytes()));
    digests.flat_map(|digest| [prepared::number_of(&digest), prepared::redeemed(&digest)]).collect()
}

/// What names the person who signs in with a username.
#[must_use]
pub fn username_claim(username: &str, salt: &Salt) -> Claim {
    prepared::username(&person::username_pseudonym(username, salt.as_bytes()))
}

/// The customer who holds one of [`login_claims`] (S-MK-42, S-MK-43).
///
/// # Errors
/// [`ErrorKind::LoginUnknown`] when nobody does: not for a coupon that was never activated.
pub fn login(held: &BTreeMap<Claim, Holder>) -> Result<&CustomerId> {
    let found = held.values().find_map(|holder| match &holder.0 {
        StreamId::Customer(customer) => Some(customer),
        _ => None,
    });
    found.ok_or_else(|| ErrorKind::LoginUnknown.into())
}
