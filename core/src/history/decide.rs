//! The decision on a command.

use super::{
    Changes, Command, Event, Holder, PersonChange, Prepared, Preview, StreamId, Warning, World,
    prepared::{self, Payload, Typed},
};
use crate::{
    access,
    batch::{Batch, BatchEvent, IssuedKey, KeyContents},
    catalogue::CatalogueEvent,
    code::CodeDigest,
    customer::{CustomerEvent, Draft, System, check_quantities, known_type},
    document::{LicenseClaims, Request},
    error::{ErrorKind, Refusal, Result},
    id::{BatchId, CustomerId, PersonId, ProductId},
    person::{PersonEvent, PersonFields},
    signing::sha256,
    time::Instant,
};

/// Decides a command on the state it has to see.
///
/// Pure: the same world, command and instant give the same changes.
///
/// # Errors
/// What the command refuses; nothing was changed.
pub fn decide(prepared: &Prepared, world: &World, now: Instant) -> Result<Changes> {
    let body = &prepared.envelope.body;
    access::check(&prepared.envelope.actor, body)?;
    match (body, &prepared.payload) {
        (Command::EstablishVendor { vendor, roots }, _) => {
            Ok(catalogue([world.catalogue().establish_vendor(vendor, roots)?]))
        }
        (Command::DefineProduct { product, definition, policy }, _) => {
            let events = world.catalogue().define_product(product, definition, policy)?;
            Ok(catalogue(events))
        }
        (Command::PublishPolicy { product, policy }, _) => {
            Ok(catalogue([world.catalogue().publish_policy(product, policy)?]))
        }
        (Command::PublishKeyRing { document }, _) => {
            Ok(catalogue([world.catalogue().publish_key_ring(document)?]))
        }
        (Command::IssueKeys { batch, product, contents, .. }, Payload::Issued(keys)) => {
            issue_keys(world, batch, product, (contents, keys))
        }
        (Command::RegisterCustomer { customer, zone }, _) => {
            if world.customer(customer).is_ok() {
                return Err(
                    Refusal::new(ErrorKind::CustomerAlreadyRegistered).with("customer", customer)
                );
            }
            Ok(one(
                customer_stream(customer),
                Event::Customer(CustomerEvent::Registered { zone: *zone }),
            ))
        }
        (Command::AddPerson { person, fields }, _) => add_person(world, person, fields),
        (Command::ErasePerson { person }, _) => erase_person(world, person),
        (Command::RegisterSystem { customer, .. }, Payload::Request(request)) => {
            let (draft, claims) = register_system(world, customer, request, now)?;
            Ok(Changes { claims, ..of_customer(draft) })
        }
        (Command::StartSubscription { customer, product, term }, _) => {
            let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
            draft.start_subscription(world.catalogue(), product, *term)?;
            Ok(of_customer(draft))
        }
        (Command::RedeemKey { customer, product, .. }, Payload::Typed(typed)) => {
            redeem(world, (customer, product), typed, now)
        }
        (Command::Allocate { customer, product, quantities, ahead }, _) => {
            let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
            let entry = world.catalogue().product(product)?;
            for license_type in quantities.keys() {
                known_type(entry, product, license_type)?;
            }
            draft.allocate(product, *ahead, quantities)?;
            Ok(of_customer(draft))
        }
        _ => Err(Refusal::new(ErrorKind::Internal).with("detail", "a command without its payload")),
    }
}

/// Says what a command would do, without doing it.
///
/// The token stands for the heads that were read and the events that would result; whoever commits
/// decides again and compares.
///
/// # Errors
/// [`ErrorKind::Internal`] should the events not serialize.
pub fn preview(prepared: &Prepared, world: &World, now: Instant) -> Result<Preview> {
    let warnings = warnings(&prepared.envelope.body);
    match decide(prepared, world, now) {
        Ok(changes) => {
            let token = Some(token(world, &changes)?);
            let events = changes.events.into_iter().map(|(_, event)| event).collect();
            Ok(Preview { token, events, warnings, refusal: None })
        }
        Err(refusal) => Ok(Preview::refused(&refusal, warnings)),
    }
}

/// The token of changes decided on a world; see [`preview`].
///
/// # Errors
/// [`ErrorKind::Internal`] should the events not serialize.
pub fn token(world: &World, changes: &Changes) -> Result<String> {
    let heads = world.heads().iter().map(|(stream, (index, chain))| (stream, index, chain));
    let seen = (heads.collect::<Vec<_>>(), &changes.events);
    let bytes = serde_json::to_vec(&seen)
        .map_err(|error| Refusal::new(ErrorKind::Internal).with("detail", error))?;
    Ok(data_encoding::BASE64URL_NOPAD.encode(&sha256(&bytes)))
}

/// What answers a system's request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "whoever answers must handle every part")]
pub struct Answered {
    /// What is to be written.
    pub changes: Changes,
    /// The licence to sign.
    pub license: Result<LicenseClaims>,
}

/// Decides the answer to a system's request: registers the system or takes its newer description,
/// and makes the licence that follows from the state (S-AX-13, S-AX-15).
///
/// # Errors
/// What [`decide`] refuses for `register_system`. That a system gets no licence is no error: the
/// answer says so, signed.
pub fn answer(prepared: &Prepared, world: &World, now: Instant) -> Result<Answered> {
    let body = &prepared.envelope.body;
    access::check(&prepared.envelope.actor, body)?;
    let (Command::RegisterSystem { customer, .. }, Payload::Request(request)) =
        (body, &prepared.payload)
    else {
        return Err(Refusal::new(ErrorKind::Internal).with("detail", "no request to answer"));
    };
    let (mut draft, claims) = register_system(world, customer, request, now)?;
    let system = System::described_by(request)?;
    let license = draft.issue_license(&system.id, request, now)?;
    let unlicensed = || {
        Refusal::new(ErrorKind::NotLicensed)
            .with("feature", &system.product)
            .with("reason", "no licences are allocated and no grace runs")
    };
    let changes = Changes { claims, ..of_customer(draft) };
    Ok(Answered { changes, license: license.ok_or_else(unlicensed) })
}

fn warnings(command: &Command) -> Vec<Warning> {
    let lasting = matches!(
        command,
        Command::RegisterSystem { .. }
            | Command::StartSubscription { .. }
            | Command::RedeemKey { .. }
    );
    lasting.then_some(Warning::NoTransferBetweenCustomers).into_iter().collect()
}

fn register_system<'w>(
    world: &'w World,
    customer: &'w CustomerId,
    request: &Request,
    now: Instant,
) -> Result<(Draft<'w>, Vec<(super::Claim, Holder)>)> {
    let claim = prepared::installation(request);
    let stream = customer_stream(customer);
    let claims = match world.holder(&claim) {
        Some(holder) if *holder != stream => {
            return Err(Refusal::new(ErrorKind::AlreadyRegisteredElsewhere)
                .with("system", request.installation()));
        }
        Some(_) => Vec::new(),
        None => vec![(claim, Holder(stream))],
    };
    let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
    draft.register_system(world.catalogue(), System::described_by(request)?)?;
    Ok((draft, claims))
}

fn issue_keys(
    world: &World,
    batch: &BatchId,
    product: &ProductId,
    (contents, keys): (&[KeyContents], &[IssuedKey]),
) -> Result<Changes> {
    if world.batch(batch).is_some() {
        return Err(Refusal::new(ErrorKind::BatchAlreadyIssued).with("batch", batch));
    }
    let entry = world.catalogue().product(product)?;
    in_range("keys:", keys.len(), Batch::KEYS_MAX)?;
    in_range("lines of contents:", contents.len(), Batch::CONTENTS_MAX)?;
    for line in contents {
        known_type(entry, product, &line.license_type)?;
        check_quantities(&[(line.license_type.clone(), line.quantity)].into())?;
    }
    let mut claims = Vec::new();
    let stream = StreamId::Batch(batch.clone());
    for key in keys {
        let claim = prepared::code(&key.digest);
        if world.holder(&claim).is_some() || claims.iter().any(|(taken, _)| *taken == claim) {
            return Err(Refusal::new(ErrorKind::CodeAlreadyIssued).with("code", &key.masked));
        }
        claims.push((claim, Holder(stream.clone())));
    }
    let event = BatchEvent::KeysIssued {
        product: product.clone(),
        contents: contents.to_vec(),
        keys: keys.to_vec(),
    };
    Ok(Changes { claims, ..one(stream, Event::Batch(event)) })
}

fn redeem(
    world: &World,
    (customer, product): (&CustomerId, &ProductId),
    typed: &Typed,
    now: Instant,
) -> Result<Changes> {
    let issued = |digest: &CodeDigest| match world.holder(&prepared::code(digest)) {
        Some(StreamId::Batch(id)) => Some((*digest, id.clone())),
        _ => None,
    };
    let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
    let found = typed.candidates.iter().find_map(issued);
    let (digest, id) = found.ok_or_else(|| typed.unknown.clone())?;
    let batch = world.batch(&id).ok_or(ErrorKind::Internal)?;
    let masked = batch.masked(&digest).unwrap_or_default();
    if batch.product() != Some(product) {
        let of = batch.product().map(ToString::to_string).unwrap_or_default();
        return Err(Refusal::new(ErrorKind::KeyWrongProduct)
            .with("key", masked)
            .with("product", of));
    }
    let claim = prepared::redeemed(&digest);
    if world.holder(&claim).is_some() {
        return Err(Refusal::new(ErrorKind::KeyAlreadyRedeemed).with("key", masked));
    }
    draft.redeem(world.catalogue(), &digest, (&id, batch))?;
    let claims = vec![(claim, Holder(customer_stream(customer)))];
    Ok(Changes { claims, ..of_customer(draft) })
}

fn add_person(world: &World, person: &PersonId, fields: &PersonFields) -> Result<Changes> {
    if world.person(person).is_some() {
        return Err(Refusal::new(ErrorKind::PersonAlreadyAdded).with("person", person));
    }
    for text in [Some(&fields.name), fields.email.as_ref()].into_iter().flatten() {
        in_range("bytes of a name or address:", text.len(), PersonFields::BYTES_MAX)?;
    }
    let persons = vec![PersonChange::Keep(person.clone(), fields.clone())];
    let event = Event::Person(PersonEvent::Added {});
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
    Ok(Changes { persons, ..one(StreamId::Person(person.clone()), event) })
}

fn in_range(what: &'static str, value: usize, max: usize) -> Result<()> {
    if (1..=max).contains(&value) {
        return Ok(());
    }
    Err(Refusal::new(ErrorKind::QuantityOutOfRange)
        .with("what", what)
        .with("value", value)
        .with("min", 1)
        .with("max", max))
}

fn customer_stream(customer: &CustomerId) -> StreamId {
    StreamId::Customer(customer.clone())
}

fn one(stream: StreamId, event: Event) -> Changes {
    Changes { events: vec![(stream, event)], ..Changes::default() }
}

fn catalogue(events: impl IntoIterator<Item = CatalogueEvent>) -> Changes {
    let events = events.into_iter().map(|event| (StreamId::Catalogue, Event::Catalogue(event)));
    Changes { events: events.collect(), ..Changes::default() }
}

fn of_customer(draft: Draft<'_>) -> Changes {
    let stream = customer_stream(draft.id());
    let (_, events) = draft.into_parts();
    let events = events.into_iter().map(|event| (stream.clone(), Event::Customer(event)));
    Changes { events: events.collect(), ..Changes::default() }
}
