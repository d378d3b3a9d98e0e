//! Registration numbers: asked for by an installation, given by the vendor, found again.

use super::{
    Changes, Claim, Event, Holder, Message, Space, StreamId, World,
    answer::{Subject, Taken},
    decide::{self, Claims, customer_stream, of_customer},
    prepared::{self, Registering},
};
use crate::{
    batch::IssuedKey,
    customer::{Customer, CustomerEvent, Draft, Registration, check_reason, registered_before},
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, PersonId},
    person::PersonEvent,
    policy::Policy,
    time::{Instant, Zone},
};

/// A number to be given.
#[derive(Clone, Copy)]
pub(super) struct Fresh<'a> {
    /// In full.
    pub(super) number: &'a str,
    /// As the history knows it.
    pub(super) issued: &'a IssuedKey,
}

/// Registers a new customer with a number, the trial of the product where one is offered, and the
/// host that asked (S-MK-08, S-MK-09).
pub(super) fn register<'w>(
    world: &'w World,
    (customer, person): (&'w CustomerId, &PersonId),
    registering: &Registering,
    now: Instant,
) -> Result<(Taken<'w>, Changes)> {
    let (catalogue, request) = (world.catalogue(), &registering.asked.request);
    let owner = &registering.owner;
    let product = &request.fields().product;
    let Some((_, Policy::HostBound(policy))) = catalogue.product(product)?.policy() else {
        return Err(super::answer::not_applicable(&registering.asked, "none by host"));
    };
    if world.customer(customer).is_ok() {
        let kind = ErrorKind::CustomerAlreadyRegistered;
        return Err(Refusal::new(kind).with("customer", customer));
    }
    let region = catalogue.region().cloned();
    check_unregistered(world, registering)?;
    check_fresh(world, &registering.issued)?;
    let zone: Zone = owner.zone.parse()?;
    let mut draft = Draft::new(customer, Customer::new(zone, region.clone()), now)?;
    let (company, email) = (owner.company.clone(), owner.email.clone());
    let registration = Registration { owner: person.clone(), company, email: email.clone() };
    draft.first_number(registering.issued.clone(), registration);
    let trial = if policy.trial_days > 0 { draft.start_trial(catalogue, request) } else { Ok(()) };
    let bound = match trial {
        Ok(()) => draft.bind_host(catalogue, request),
        // The number is given all the same, and the trial once the host can be told.
        Err(refusal) if refusal.kind() == ErrorKind::HostNotIdentifiable => Err(refusal),
        Err(refusal) => return Err(refusal),
    };
    let mut before = decide::add_person(world, person, (&owner.fields, None))?;
    let added =
        Event::Person(PersonEvent::Added { email: Some(email.clone()), sign_in: None, of: None });
    before.events = vec![
        (StreamId::Person(person.clone()), added),
        (customer_stream(customer), Event::Customer(CustomerEvent::Registered { zone, region })),
    ];
    let holder = Holder(customer_stream(customer));
    let claims = registering.hosts.iter().cloned();
    let claims = claims.chain([prepared::email(&email), prepared::number(&registering.issued)]);
    before.claims = claims.map(|claim| (claim, holder.clone())).collect();
    before.messages = vec![Message::Number {
        customer: customer.clone(),
        person: person.clone(),
        number: registering.number.clone(),
    }];
    Ok((Taken { draft, claims: Claims::new(), subject: Subject::Host(bound) }, before))
}

/// Refuses a second number, by what is known of host, address and company.
fn check_unregistered(world: &World, registering: &Registering) -> Result<()> {
    let holder = |claim: &Claim| match world.holder(claim) {
        Some(StreamId::Customer(id)) => Some(id),
        _ => None,
    };
    let host = registering.hosts.iter().find_map(holder);
    let email = holder(&prepared::email(&registering.owner.email));
    let Some(known) = host.or(email) else { return Ok(()) };
    let registration = world.customer(known)?.registration();
    let same_company = registration.is_some_and(|r| r.company == registering.owner.company);
    let same_email = email == Some(known);
    match registered_before(host.is_some(), same_email, same_company) {
        Some(kind) => Err(kind.into()),
        None => Ok(()),
    }
}

/// Gives up what a customer claims of a machine, so that another can register from it.
pub(super) fn free_machine(
    world: &World,
    customer: &CustomerId,
    (claims, reason): (&[Claim], &str),
    now: Instant,
) -> Result<Changes> {
    check_reason(reason)?;
    let known = world.customer(customer)?;
    let mut draft = Draft::new(customer, known.clone(), now)?;
    let stream = customer_stream(customer);
    // A system stays its customer's whatever machine it runs on.
    let system = |claim: &Claim| {
        let mut systems = known.systems().values();
        claim.space == Space::Installation
            && systems.any(|system| system.installation.to_string() == claim.digest)
    };
    let own = claims.iter().filter(|claim| world.holder(claim) == Some(&stream));
    let own = own.filter(|claim| !system(claim));
    let released: Vec<Claim> = own.cloned().collect();
    if released.is_empty() {
        return Err(Refusal::new(ErrorKind::MachineNotClaimed).with("customer", customer));
    }
    draft.free_machine(released.iter().map(|claim| claim.digest.clone()).collect(), reason);
    Ok(Changes { released, ..of_customer(draft) })
}

/// Refuses a number that was given before.
fn check_fresh(world: &World, issued: &IssuedKey) -> Result<()> {
    if world.holder(&prepared::number(issued)).is_none() {
        return Ok(());
    }
    Err(Refusal::new(ErrorKind::CodeAlreadyIssued).with("code", &issued.masked))
}

/// Gives a customer who is known already a number.
pub(super) fn issue(
    world: &World,
    customer: &CustomerId,
    fresh: Fresh<'_>,
    now: Instant,
) -> Result<Changes> {
    further(world, customer, (fresh, false), now)
}

fn further(
    world: &World,
    customer: &CustomerId,
    (fresh, recovered): (Fresh<'_>, bool),
    now: Instant,
) -> Result<Changes> {
    let known = world.customer(customer)?;
    let mut draft = Draft::new(customer, known.clone(), now)?;
    check_fresh(world, fresh.issued)?;
    draft.issue_number(fresh.issued.clone(), recovered)?;
    let messages = known.registration().map(|registration| Message::Number {
        customer: customer.clone(),
        person: registration.owner.clone(),
        number: fresh.number.to_owned(),
    });
    let claims = vec![(prepared::number(fresh.issued), Holder(customer_stream(customer)))];
    let superseded = known.unused_number().filter(|_| recovered).map(prepared::number);
    let (messages, released) = (messages.into_iter().collect(), superseded.into_iter().collect());
    Ok(Changes { claims, released, messages, ..of_customer(draft) })
}

/// Sends the owner of an address a new number of the customer it has one with; the old ones stay
/// valid, save one that was sent this way and never used. Whether there is one, the answer does not
/// tell; a customer gets one a day at most, and none beyond [`Customer::NUMBERS_MAX`].
pub(super) fn recover(world: &World, registering: &Registering, now: Instant) -> Result<Changes> {
    let claim = prepared::email(&registering.owner.email);
    let Some(StreamId::Customer(customer)) = world.holder(&claim) else {
        return Ok(Changes::default());
    };
    let known = world.customer(customer)?;
    let full = known.numbers().len() >= Customer::NUMBERS_MAX && known.unused_number().is_none();
    if full || known.number_issued_on() >= Some(known.zone().day_at(now)?) {
        return Ok(Changes::default());
    }
    let fresh = Fresh { number: &registering.number, issued: &registering.issued };
    further(world, customer, (fresh, true), now)
}
