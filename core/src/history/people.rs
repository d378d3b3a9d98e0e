//! Users of customers and partners: added, activated, changed.

use super::{
    Changes, Claim, Event, Holder, Message, PersonChange, StreamId, World,
    command::{
        AddPartnerUser, AddUser, EditProfile, EditUser, RemovePartnerUser, ResendActivation,
    },
    decide::{self, of_customer, one},
    prepared::{self, UserTold},
};
use crate::{
    access::{Actor, Role},
    customer::{AccountState, Draft, MemberRole, check_user, email_after},
    error::{ErrorKind, Refusal, Result},
    id::PersonId,
    partner::{Partner, PartnerEvent},
    person::{Person, PersonEvent, PersonFields, SignIn, UserChanges},
    policy::IdentityProvider,
    pseudonym::Pseudonym,
    time::Instant,
};

/// A user to be added under a new id.
pub(super) struct NewUser<'a> {
    pub(super) id: &'a PersonId,
    pub(super) told: &'a UserTold,
    pub(super) provider: IdentityProvider,
    /// Whose user it becomes.
    pub(super) of: StreamId,
}

/// Who has this username; who is known already keeps the profile (S-ST-56).
///
/// A new user gets a mail to be activated by, unless the provider is the organisation's own.
pub(super) fn welcome(world: &World, new: NewUser<'_>) -> Result<(PersonId, Changes)> {
    let NewUser { id, told, provider, of } = new;
    let claim = prepared::username(&told.sign_in.username);
    if let Some(StreamId::Person(known)) = world.holder(&claim) {
        return Ok((known.clone(), Changes::default()));
    }
    let added =
        decide::add_person(world, id, (&told.fields, Some((told.sign_in.clone(), of.clone()))))?;
    let stream = StreamId::Person(id.clone());
    let (event, messages) = if provider.organizational {
        (PersonEvent::Activated {}, Vec::new())
    } else {
        let mail = Message::Activation { of, person: id.clone() };
        (PersonEvent::ActivationSent {}, vec![mail])
    };
    let claims = vec![(claim, Holder(stream.clone()))];
    let after = one(stream, Event::Person(event));
    Ok((id.clone(), added.then(Changes { claims, messages, ..after })))
}

/// Adds a user to a customer.
pub(super) fn add_user(
    world: &World,
    command: &AddUser,
    told: &UserTold,
    now: Instant,
) -> Result<Changes> {
    let customer = world.customer(&command.customer)?;
    let mut draft = Draft::new(&command.customer, customer.clone(), now)?;
    let provider = match customer.account() {
        Some(account) => {
            let policy = draft.account_policy(&account.product)?;
            policy.provider(check_user(&command.user, policy)?)?
        }
        None => IdentityProvider::default(),
    };
    let of = StreamId::Customer(command.customer.clone());
    let new = NewUser { id: &command.person, told, provider, of };
    let (person, changes) = welcome(world, new)?;
    draft.set_member(&person, Some(command.role))?;
    Ok(changes.then(of_customer(draft)))
}

/// Adds a user to a partner (S-ST-55).
pub(super) fn add_partner_user(
    world: &World,
    command: &AddPartnerUser,
    told: &UserTold,
) -> Result<Changes> {
    let partner = world.partner(&command.partner)?;
    let stream = StreamId::Partner(command.partner.clone());
    let provider = IdentityProvider::default();
    let new = NewUser { id: &command.person, told, provider, of: stream.clone() };
    let (person, changes) = welcome(world, new)?;
    if partner.users().get(&person) == Some(&command.administrator) {
        return Ok(changes);
    }
    if partner.users().len() >= Partner::USERS_MAX {
        let wanted = Partner::USERS_MAX.saturating_add(1);
        return Err(Refusal::over("users of a partner:", wanted, Partner::USERS_MAX));
    }
    let event = PartnerEvent::UserAdded { person, administrator: command.administrator };
    Ok(changes.then(one(stream, Event::Partner(event))))
}

/// Ends that a person is a user of a partner.
pub(super) fn remove_partner_user(world: &World, command: &RemovePartnerUser) -> Result<Changes> {
    let partner = world.partner(&command.partner)?;
    if !partner.users().contains_key(&command.person) {
        return Ok(Changes::default());
    }
    let event = PartnerEvent::UserRemoved { person: command.person.clone() };
    Ok(one(StreamId::Partner(command.partner.clone()), Event::Partner(event)))
}

/// Takes in that a user followed the activation mail.
pub(super) fn activate(world: &World, id: &PersonId) -> Result<Changes> {
    let person = user(world, id)?;
    if person.active() {
        return Ok(Changes::default());
    }
    Ok(one(StreamId::Person(id.clone()), Event::Person(PersonEvent::Activated {})))
}

/// Leaves the activation mail to be sent again, to a user who waits for it.
pub(super) fn resend_activation(world: &World, command: &ResendActivation) -> Result<Changes> {
    check_member(world, command)?;
    user(world, &command.person)?.check_waiting(&command.person)?;
    let of = StreamId::Customer(command.customer.clone());
    let messages = vec![Message::Activation { of, person: command.person.clone() }];
    let stream = StreamId::Person(command.person.clone());
    let sent = one(stream, Event::Person(PersonEvent::ActivationSent {}));
    Ok(Changes { messages, ..sent })
}

fn check_member(world: &World, command: &ResendActivation) -> Result<()> {
    let ResendActivation { customer, person } = command;
    if world.customer(customer)?.members().contains_key(person) {
        return Ok(());
    }
    Err(Refusal::new(ErrorKind::NotAMember).with("actor", person).with("customer", customer))
}

/// Changes the record of another user (S-ST-20, S-ST-21, S-ST-59, S-ST-60), where that came as a
/// user of this customer: one who is known by the username already is nobody else's to rename.
pub(super) fn edit_user(
    world: &World,
    actor: &Actor,
    command: &EditUser,
    renamed: Option<&Pseudonym>,
) -> Result<Changes> {
    let EditUser { customer: id, person, changes } = command;
    let customer = world.customer(id)?;
    let Some(role) = customer.members().get(person) else {
        return Err(Refusal::new(ErrorKind::NotAMember).with("actor", person).with("customer", id));
    };
    if actor.id.as_str() == person.as_str() {
        return Err(Refusal::new(ErrorKind::OwnRecord).with("person", person));
    }
    let came_as = world.person(person).and_then(Person::of);
    let here = matches!(came_as, Some(StreamId::Customer(home)) if home == id);
    if !here && actor.role != Role::Vendor {
        return Err(Refusal::new(ErrorKind::Forbidden)
            .with("role", actor.role.name())
            .with("command", "edit_user"));
    }
    let managed = customer.account().is_some() && *role == MemberRole::Manager;
    if managed && customer.state() != AccountState::Active {
        return Err(Refusal::new(ErrorKind::AccountStateForbids)
            .with("state", customer.state().name())
            .with("detail", "its administrators are changed only while it is active"));
    }
    edit(world, person, (changes, renamed))
}

/// Changes one's own record.
pub(super) fn edit_profile(
    world: &World,
    command: &EditProfile,
    renamed: Option<&Pseudonym>,
) -> Result<Changes> {
    edit(world, &command.person, (&command.changes, renamed))
}

fn edit(
    world: &World,
    id: &PersonId,
    (changes, renamed): (&UserChanges, Option<&Pseudonym>),
) -> Result<Changes> {
    let person = user(world, id)?;
    let before = person.sign_in().ok_or(ErrorKind::Internal)?;
    let unknown = || Refusal::new(ErrorKind::PersonUnknown).with("person", id);
    let known = world.known(id).ok_or_else(unknown)?;
    let (mut claims, mut released) = (Vec::new(), Vec::new());
    let username = renamed.unwrap_or(&before.username);
    if *username != before.username {
        if !person.active() {
            return Err(Refusal::new(ErrorKind::UserNotActivated).with("person", id));
        }
        let claim = prepared::username(username);
        if world.holder(&claim).is_some() {
            return Err(ErrorKind::UsernameTaken.into());
        }
        released.push(prepared::username(&before.username));
        claims.push((claim, Holder(StreamId::Person(id.clone()))));
    }
    let language = changes.language.unwrap_or(before.language);
    let sign_in = SignIn { language, username: username.clone(), ..before.clone() };
    let fields = filled(known, changes);
    if fields == *known && sign_in == *before {
        return Ok(Changes::default());
    }
    decide::check_fields(&fields)?;
    let sign_in = (sign_in != *before).then_some(sign_in);
    let event = Event::Person(PersonEvent::Edited { sign_in });
    let persons = vec![PersonChange::Keep(id.clone(), fields)];
    Ok(Changes { claims, released, persons, ..one(StreamId::Person(id.clone()), event) })
}

/// What the table knows after a change.
fn filled(known: &PersonFields, changes: &UserChanges) -> PersonFields {
    let username = changes.username.as_ref().map(|username| username.trim().to_owned());
    PersonFields {
        name: changes.name.clone().unwrap_or_else(|| known.name.clone()),
        phone: changes.phone.clone().or_else(|| known.phone.clone()),
        email: email_after(known, username.as_ref(), changes.email.as_ref()),
        username: username.or_else(|| known.username.clone()),
        ..known.clone()
    }
}

/// A person who signs in, or is to.
fn user<'w>(world: &'w World, id: &PersonId) -> Result<&'w Person> {
    let unknown = || Refusal::new(ErrorKind::PersonUnknown).with("person", id);
    world.person(id).filter(|person| person.sign_in().is_some()).ok_or_else(unknown)
}

/// The claims on usernames that a person gives up when erased.
pub(super) fn released(person: &Person) -> impl Iterator<Item = Claim> {
    let username = person.sign_in().map(|sign_in| prepared::username(&sign_in.username));
    username.into_iter().chain(person.email().map(prepared::email))
}
