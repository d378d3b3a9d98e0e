//! The decision on a command.

use super::{
    Changes, Command, Event, Holder, PersonChange, Prepared, StockSource, StreamId, World,
    answer::Taken,
    keys, number,
    prepared::{self, Payload},
};
use crate::{
    access,
    catalogue::CatalogueEvent,
    customer::{Allocating, Correction, CustomerEvent, Draft, known_type},
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, HardwareId, LicenseType, PersonId, ProductId, RegionId},
    person::{PersonEvent, PersonFields},
    subscription::Quantities,
    time::{Instant, Zone},
    wallet::LotSource,
};

/// Decides a command on the state it has to see.
///
/// Pure: the same world, command and instant give the same changes.
///
/// # Errors
/// What the command refuses; nothing was changed.
pub fn decide(prepared: &Prepared, world: &World, now: Instant) -> Result<Changes> {
    let body = &prepared.envelope.body;
    access::check(&prepared.envelope.actor, body, world)?;
    match (body, &prepared.payload) {
        (Command::EstablishVendor { vendor, roots, region, number_format }, _) => {
            let options = (region.as_ref(), number_format.as_ref());
            Ok(catalogue([world.catalogue().establish_vendor(vendor, roots, options)?]))
        }
        (Command::DefineProduct { product, definition, policy }, _) => {
            Ok(catalogue(world.catalogue().define_product(product, definition, policy)?))
        }
        (Command::PublishPolicy { product, policy }, _) => {
            Ok(catalogue([world.catalogue().publish_policy(product, policy)?]))
        }
        (Command::PublishKeyRing { document }, _) => {
            Ok(catalogue([world.catalogue().publish_key_ring(document)?]))
        }
        (Command::PublishRevocations { document }, _) => {
            Ok(catalogue([world.catalogue().publish_revocations(document)?]))
        }
        (Command::IssueKeys { batch, product, contents, .. }, Payload::Issued(issued)) => {
            keys::issue(world, batch, product, (contents, issued))
        }
        (Command::VoidKey { product, reason, .. }, Payload::Typed(typed)) => {
            keys::void(world, product, typed, reason)
        }
        (Command::RegisterCustomer { customer, zone, region }, _) => {
            register_customer(world, customer, (*zone, region.as_ref()))
        }
        (Command::AddPerson { person, fields }, _) => add_person(world, person, fields),
        (Command::ErasePerson { person }, _) => erase_person(world, person),
        (Command::TakeRequest { customer, .. }, Payload::Asked(asked)) => {
            Taken::new(world, customer.as_ref(), asked, now)?.complete()
        }
        (Command::RegisterNumber { customer, person, .. }, Payload::Registering(registering)) => {
            let (taken, before) = number::register(world, (customer, person), registering, now)?;
            Ok(before.and(taken.claims, taken.draft))
        }
        (Command::RecoverNumber { .. }, Payload::Registering(registering)) => {
            number::recover(world, registering, now)
        }
        (Command::IssueNumber { customer, number }, Payload::Number(issued)) => {
            number::issue(world, customer, number::Fresh { number, issued }, now)
        }
        (Command::RedeemKey { customer, product, .. }, Payload::Typed(typed)) => {
            let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
            let claims = keys::redeem_into(&mut draft, world, (product, typed))?;
            Ok(Changes { claims, ..of_customer(draft) })
        }
        (body, _) => match body.customer() {
            Some(customer) => {
                let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
                let claims = decide_for_customer(&mut draft, world, body)?;
                Ok(Changes { claims, ..of_customer(draft) })
            }
            None => Err(Refusal::new(ErrorKind::Internal).with("detail", body.name())),
        },
    }
}

pub(super) type Claims = Vec<(super::Claim, Holder)>;

fn decide_for_customer(draft: &mut Draft<'_>, world: &World, body: &Command) -> Result<Claims> {
    let catalogue = world.catalogue();
    match body {
        Command::AddMember { person, .. } => {
            if world.person(person).is_none_or(|person| person.erased()) {
                return Err(Refusal::new(ErrorKind::PersonUnknown).with("person", person));
            }
            draft.set_member(person, true)?;
        }
        Command::RemoveMember { person, .. } => draft.set_member(person, false)?,
        Command::StartSubscription { product, term, .. } => {
            draft.start_subscription(catalogue, product, *term)?;
        }
        Command::Allocate { product, quantities, ahead, term, .. } => {
            known_types(world, product, quantities.keys())?;
            draft.allocate(product, Allocating { quantities, ahead: *ahead, term: *term })?;
        }
        Command::StockLicenses { product, contents, source, .. } => {
            keys::check_contents(world, product, contents)?;
            let source = match source {
                StockSource::Purchase => LotSource::Purchase,
                StockSource::Preload => LotSource::Preload,
            };
            draft.stock_any(catalogue, product, (contents, source))?;
        }
        Command::FreeHosts { product, binding, reason, .. } => {
            draft.free_hosts(product, *binding, reason)?;
        }
        Command::AdoptPolicy { product, .. } => draft.adopt_policy(catalogue, product)?,
        Command::VoidLot { product, lot, reason, .. } => {
            draft.take_back(product, *lot, Correction::Void, reason)?;
        }
        Command::ChargeBack { product, lot, reason, .. } => {
            draft.take_back(product, *lot, Correction::ChargeBack, reason)?;
        }
        Command::UndoAllocation { product, allocation, reason, .. } => {
            draft.undo_allocation(product, *allocation, reason)?;
        }
        Command::RegisterHardware { product, hardware, preloaded, .. } => {
            return register_hardware(draft, world, (product, hardware), preloaded);
        }
        Command::ExpandHardware { hardware, quantities, .. } => {
            draft.expand_hardware(hardware, quantities)?;
        }
        Command::UpgradeHardware { hardware, from, to, quantity, .. } => {
            draft.upgrade_hardware(hardware, (from, to), *quantity)?;
        }
        Command::MoveHardwareLicenses { hardware, .. } => {
            return Err(draft.move_hardware_licenses(hardware));
        }
        Command::TransferLicenses { customer, .. } => {
            return Err(Refusal::new(ErrorKind::CustomerTransferForbidden).with("from", customer));
        }
        _ => return Err(Refusal::new(ErrorKind::Internal).with("detail", body.name())),
    }
    Ok(Claims::new())
}

fn register_hardware(
    draft: &mut Draft<'_>,
    world: &World,
    (product, hardware): (&ProductId, &HardwareId),
    preloaded: &Quantities,
) -> Result<Claims> {
    let claim = prepared::hardware(hardware);
    if world.holder(&claim).is_some() {
        let kind = ErrorKind::HardwareAlreadyRegistered;
        return Err(Refusal::new(kind).with("hardware", hardware));
    }
    draft.register_hardware(world.catalogue(), (product, hardware), preloaded)?;
    Ok(vec![(claim, Holder(customer_stream(draft.id())))])
}

fn known_types<'t>(
    world: &World,
    product: &ProductId,
    license_types: impl IntoIterator<Item = &'t LicenseType>,
) -> Result<()> {
    let entry = world.catalogue().product(product)?;
    license_types.into_iter().try_for_each(|license_type| known_type(entry, product, license_type))
}

fn register_customer(
    world: &World,
    customer: &CustomerId,
    (zone, region): (Zone, Option<&RegionId>),
) -> Result<Changes> {
    if world.customer(customer).is_ok() {
        let kind = ErrorKind::CustomerAlreadyRegistered;
        return Err(Refusal::new(kind).with("customer", customer));
    }
    world.catalogue().check_region(customer, region)?;
    let event = CustomerEvent::Registered { zone, region: region.cloned() };
    Ok(one(customer_stream(customer), Event::Customer(event)))
}

pub(super) fn add_person(
    world: &World,
    person: &PersonId,
    fields: &PersonFields,
) -> Result<Changes> {
    if world.person(person).is_some() {
        return Err(Refusal::new(ErrorKind::PersonAlreadyAdded).with("person", person));
    }
    for text in fields.texts() {
        in_range("bytes of a name or address:", text.len(), PersonFields::BYTES_MAX)?;
        if text.contains(char::is_control) {
            return Err(Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "name or address")
                .with("value", text.escape_debug())
                .with("expected", "free of control characters"));
        }
    }
    let persons = vec![PersonChange::Keep(person.clone(), fields.clone())];
    let event = Event::Person(PersonEvent::Added { email: None });
    Ok(Changes { persons, ..one(StreamId::Person(person.clone()), event) })
}

fn erase_person(world: &World, person: &PersonId) -> Result<Changes> {
    let known = world.person(person);
    let known =
        known.ok_or_else(|| Refusal::new(ErrorKind::PersonUnknown).with("person", person))?;
    if known.erased() {
        return Ok(Changes::default());
    }
    let persons = vec![PersonChange::Erase(person.clone())];
    let event = Event::Person(PersonEvent::Erased {});
    let released = known.email().map(prepared::email).into_iter().collect();
    Ok(Changes { persons, released, ..one(StreamId::Person(person.clone()), event) })
}

pub(super) fn in_range(what: &'static str, value: usize, max: usize) -> Result<()> {
    if (1..=max).contains(&value) {
        return Ok(());
    }
    Err(Refusal::new(ErrorKind::QuantityOutOfRange)
        .with("what", what)
        .with("value", value)
        .with("min", 1)
        .with("max", max))
}

pub(super) fn customer_stream(customer: &CustomerId) -> StreamId {
    StreamId::Customer(customer.clone())
}

pub(super) fn one(stream: StreamId, event: Event) -> Changes {
    Changes { events: vec![(stream, event)], ..Changes::default() }
}

fn catalogue(events: impl IntoIterator<Item = CatalogueEvent>) -> Changes {
    let events = events.into_iter().map(|event| (StreamId::Catalogue, Event::Catalogue(event)));
    Changes { events: events.collect(), ..Changes::default() }
}

pub(super) fn of_customer(draft: Draft<'_>) -> Changes {
    let stream = customer_stream(draft.id());
    let (_, events) = draft.into_parts();
    let events = events.into_iter().map(|event| (stream.clone(), Event::Customer(event)));
    Changes { events: events.collect(), ..Changes::default() }
}
