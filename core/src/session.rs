//! Signing in: who may enter where, with which rights.
//!
//! May this user sign in, and may this software run, are two questions: a suspended account lets
//! nobody sign in and licenses as before (S-ST-31, S-ST-32). The library checks no passwords;
//! whoever the vendor's program has found out somebody to be signs in here.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    access::{Actor, Role},
    customer::{Account, AccountState, Customer, MemberRole},
    error::{ErrorKind, Language, Refusal, Result},
    id::{ActorId, CustomerId, DeviceId, PartnerId, PersonId, ProductId},
    partner::Partner,
    person::Person,
    time::Instant,
};

/// The kind of a sign-in (S-IP-43).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum SessionKind {
    /// A user of the customer, in its own name.
    Own,
    /// Somebody who sees what is shared.
    Shared,
    /// A user of the dealer, for the customer.
    Proxy,
    /// A user of a partner, at the partner's own page.
    Partner,
}

/// What somebody signed in with may do: the rights of that moment.
///
/// A value: whoever holds it acts with [`Session::actor`]. Changes to rights do not reach it; after
/// them one signs in again (S-IP-23, S-ST-17, S-ST-36).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Session {
    /// Who signed in.
    pub person: PersonId,
    /// How.
    pub kind: SessionKind,
    /// In whose name commands are given.
    pub actor: Actor,
    /// The language of texts.
    pub language: Language,
    /// The customer entered, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The devices with a licence, by product.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub licensed: BTreeMap<ProductId, BTreeSet<DeviceId>>,
    /// When.
    pub at: Instant,
    /// What the customer's rights had come to.
    pub rights: u64,
    /// What the person's record had come to.
    pub edits: u64,
}

/// Why one has to sign in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum SignInAgain {
    /// Licences moved, or a device was restarted (S-IP-23, S-IP-41).
    RightsChanged,
    /// The person's own record changed, such as its language (S-ST-17).
    ProfileChanged,
}

/// Where somebody signs in.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a closed choice")]
pub enum Door<'a> {
    /// At a customer, with its dealer where the person may be one of the dealer's users.
    Customer(&'a CustomerId, &'a Customer, Option<(&'a PartnerId, &'a Partner)>),
    /// At a partner's own page.
    Partner(&'a PartnerId, &'a Partner),
}

/// Lets a person in, or says why not.
///
/// # Errors
/// - [`ErrorKind::UserNotActivated`] while activation is awaited, and for who cannot sign in.
/// - [`ErrorKind::NotAMember`] for who belongs neither to the customer nor to its dealer.
/// - [`ErrorKind::AccountSuspended`] for users of a suspended account (S-ST-31); one who is a user
///   of the dealer too enters as such.
/// - [`ErrorKind::PrivacyOn`] for the dealer's users at a suspended account with privacy on
///   (S-ST-33).
/// - [`ErrorKind::AccountStateForbids`] while an account is being created, and once it is deleted.
pub fn sign_in(id: &PersonId, person: &Person, door: Door<'_>, now: Instant) -> Result<Session> {
    let Some(known) = person.sign_in().filter(|_| person.active()) else {
        return Err(Refusal::new(ErrorKind::UserNotActivated).with("person", id));
    };
    let actor = ActorId::new(id.as_str())?;
    let (kind, actor) = match door {
        Door::Partner(partner, state) => {
            let role = partner_role(state, id).ok_or_else(|| not_a_member(id, partner.as_str()))?;
            (SessionKind::Partner, Actor::of_partner(role, actor, partner.clone()))
        }
        Door::Customer(customer, state, dealer) => enter(id, actor, (customer, state), dealer)?,
    };
    let (customer, state) = match door {
        Door::Customer(customer, state, _) => (Some(customer.clone()), Some(state)),
        Door::Partner(..) => (None, None),
    };
    let licensed = state.map(|state| licensed(state, now)).transpose()?;
    Ok(Session {
        person: id.clone(),
        kind,
        actor,
        language: known.language,
        customer,
        licensed: licensed.unwrap_or_default(),
        at: now,
        rights: state.map_or(0, Customer::rights),
        edits: person.edits(),
    })
}

impl Session {
    /// Why this session has to sign in again; empty when it need not (S-IP-24).
    #[must_use]
    pub fn again(&self, person: &Person, customer: Option<&Customer>) -> BTreeSet<SignInAgain> {
        let rights = customer.is_some_and(|customer| customer.rights() != self.rights);
        let profile = person.edits() != self.edits;
        let reasons =
            [(rights, SignInAgain::RightsChanged), (profile, SignInAgain::ProfileChanged)];
        reasons.into_iter().filter_map(|(holds, reason)| holds.then_some(reason)).collect()
    }
}

fn enter(
    person: &PersonId,
    actor: ActorId,
    (id, customer): (&CustomerId, &Customer),
    dealer: Option<(&PartnerId, &Partner)>,
) -> Result<(SessionKind, Actor)> {
    let state = customer.state();
    if matches!(state, AccountState::Creating | AccountState::Deleted) {
        return Err(Refusal::new(ErrorKind::AccountStateForbids)
            .with("state", state.name())
            .with("detail", "nobody can sign in"));
    }
    let suspended = customer.suspended();
    let member = customer.members().get(person);
    if let Some(role) = member.filter(|_| !suspended) {
        let (kind, role) = match role {
            MemberRole::Manager => (SessionKind::Own, Role::CustomerManager),
            MemberRole::Shared => (SessionKind::Shared, Role::CustomerUser),
            _ => (SessionKind::Own, Role::CustomerUser),
        };
        return Ok((kind, Actor::of_customer(role, actor, id.clone())));
    }
    let dealer = dealer.filter(|(partner, _)| customer.dealer() == Some(partner));
    let role = dealer.and_then(|(partner, state)| Some((partner, partner_role(state, person)?)));
    let (partner, role) = role.ok_or_else(|| match member {
        Some(_) => Refusal::new(ErrorKind::AccountSuspended).with("customer", id),
        None => not_a_member(person, id.as_str()),
    })?;
    if suspended && customer.account().is_some_and(|account: &Account| account.privacy) {
        return Err(Refusal::new(ErrorKind::PrivacyOn).with("customer", id));
    }
    Ok((SessionKind::Proxy, Actor::of_partner(role, actor, partner.clone())))
}

fn partner_role(partner: &Partner, person: &PersonId) -> Option<Role> {
    let administrator = partner.users().get(person)?;
    Some(if *administrator { Role::PartnerAdministrator } else { Role::PartnerUser })
}

fn not_a_member(person: &PersonId, of: &str) -> Refusal {
    Refusal::new(ErrorKind::NotAMember).with("actor", person).with("customer", of)
}

/// The devices that have a licence, by product.
fn licensed(customer: &Customer, now: Instant) -> Result<BTreeMap<ProductId, BTreeSet<DeviceId>>> {
    let today = customer.zone().day_at(now)?;
    let mut customer = customer.clone();
    customer.roll(today);
    let of_devices = customer.agreements().iter().filter_map(|(product, agreement)| {
        let licenses = agreement.devices()?.licenses().values();
        let usable = licenses.filter(|license| license.usable_on(today));
        Some((product.clone(), usable.filter_map(|license| license.device.clone()).collect()))
    });
    Ok(of_devices.collect())
}
