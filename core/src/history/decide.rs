//! The decision on a command.

use super::{
    Changes, Claim, Command, Envelope, Event, Holder, Message, OfDevice, PersonChange, Prepared,
    RegisterDevice, StockSource, StreamId, World, accounts,
    answer::Taken,
    keys, number, partners, people,
    prepared::{self, Payload},
};
use crate::{
    access::{self, Role},
    catalogue::CatalogueEvent,
    customer::{
        Allocating, Correction, CustomerEvent, Draft, FreedBy, Freeing, LabelChange, NewDevice,
        known_type,
    },
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, HardwareId, LicenseType, PersonId, ProductId, RegionId},
    person::{PersonEvent, PersonFields, SignIn},
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
        (Command::SetWebhook { webhook, kinds }, _) => {
            Ok(catalogue(world.catalogue().webhooks().set(webhook, kinds)?))
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
        (Command::AddPerson { person, fields }, _) => add_person(world, person, (fields, None)),
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
        (Command::FreeMachine { customer, reason, .. }, Payload::Machine(claims)) => {
            number::free_machine(world, customer, (claims, reason), now)
        }
        (Command::IssueNumber { customer, number }, Payload::Number(issued)) => {
            number::issue(world, customer, number::Fresh { number, issued }, now)
        }
        (Command::RedeemKey { customer, product, .. }, Payload::Typed(typed)) => {
            let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
            let claims = keys::redeem_into(&mut draft, world, (product, typed))?;
            Ok(Changes { claims, ..of_customer(draft) })
        }
        (body, payload) => match decide_across(body, payload, (prepared, world), now) {
            Some(decided) => decided,
            None => decide_within(&prepared.envelope, world, now),
        },
    }
}

/// Decides what touches more than a customer's own stream; nothing where it does not.
fn decide_across(
    body: &Command,
    payload: &Payload,
    (prepared, world): (&Prepared, &World),
    now: Instant,
) -> Option<Result<Changes>> {
    let actor = &prepared.envelope.actor;
    let renamed = match payload {
        Payload::Renamed(name) => Some(name),
        _ => None,
    };
    Some(match (body, payload) {
        (Command::CreateAccount(of), Payload::User(told)) => accounts::create(world, of, told, now),
        (Command::AddUser(of), Payload::User(told)) => people::add_user(world, of, told, now),
        (Command::AddPartnerUser(of), Payload::User(told)) => {
            people::add_partner_user(world, of, told)
        }
        (Command::RemovePartnerUser(of), _) => people::remove_partner_user(world, of),
        (Command::ActivateUser(of), _) => people::activate(world, &of.person),
        (Command::ResendActivation(of), _) => people::resend_activation(world, of),
        (Command::EditUser(of), _) => people::edit_user(world, actor, of, renamed),
        (Command::EditProfile(of), _) => people::edit_profile(world, of, renamed),
        (Command::EditAccount(of), _) => accounts::edit(world, of, now),
        (
            Command::AcknowledgeAccount(_)
            | Command::SuspendAccount(_)
            | Command::RestoreAccount(_)
            | Command::DeleteAccount(_)
            | Command::SetPrivacy(_)
            | Command::ReplaceAdministrator(_)
            | Command::ChangeTerm(_)
            | Command::RenewTerm(_),
            _,
        ) => accounts::step(world, body, now),
        (Command::RegisterPartner(of), _) => partners::register(world, of),
        (Command::StockPartner(of), _) => partners::stock(world, of),
        (Command::GiveLicenses(of), _) => partners::give(world, of, now),
        (Command::SetDealer(of), _) => {
            partners::set_dealer(world, (&of.customer, of.partner.as_ref()), now)
        }
        (Command::LinkShop(of), Payload::Shop(account)) => {
            partners::link_shop(world, (&of.customer, account), now)
        }
        (Command::LinkPartnerShop(of), Payload::Shop(account)) => {
            partners::link_partner_shop(world, (&of.partner, account))
        }
        (Command::RebootDevice(of), _) => reboot(world, of, now),
        _ => return None,
    })
}

fn reboot(world: &World, of: &OfDevice, now: Instant) -> Result<Changes> {
    let OfDevice { customer, device } = of;
    let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
    draft.reboot_device(device)?;
    let message = Message::RebootDevice { customer: customer.clone(), device: device.clone() };
    Ok(Changes { messages: vec![message], ..of_customer(draft) })
}

/// Decides what touches a customer's own stream alone.
fn decide_within(envelope: &Envelope, world: &World, now: Instant) -> Result<Changes> {
    let body = &envelope.body;
    match body.customer() {
        Some(customer) => {
            let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
            let claims = decide_for_customer(&mut draft, world, envelope)?;
            Ok(Changes { claims, ..of_customer(draft) })
        }
        None => Err(Refusal::new(ErrorKind::Internal).with("detail", body.name())),
    }
}

pub(super) type Claims = Vec<(Claim, Holder)>;

fn decide_for_customer(
    draft: &mut Draft<'_>,
    world: &World,
    envelope: &Envelope,
) -> Result<Claims> {
    let body = &envelope.body;
    let catalogue = world.catalogue();
    match body {
        Command::AddMember { person, role, .. } => {
            if world.person(person).is_none_or(|person| person.erased()) {
                return Err(Refusal::new(ErrorKind::PersonUnknown).with("person", person));
            }
            draft.set_member(person, Some(*role))?;
        }
        Command::RemoveMember { person, .. } => draft.set_member(person, None)?,
        Command::SetChannel(of) => draft.set_channel(of.channel),
        Command::StartSubscription { product, term, .. } => {
            draft.start_subscription(catalogue, product, *term)?;
        }
        Command::Allocate { product, quantities, ahead, term, .. } => {
            known_types(world, product, quantities.keys())?;
            draft.allocate(product, Allocating { quantities, ahead: *ahead, term: *term })?;
        }
        Command::StockLicenses { product, contents, source, purchase, .. } => {
            let claim = purchase.as_ref().map(|number| prepared::purchase(number));
            if taken_in(draft, world, claim.as_ref())? {
                return Ok(Claims::new());
            }
            keys::check_contents(world, product, contents)?;
            let source = match source {
                StockSource::Purchase => LotSource::Purchase,
                StockSource::Preload => LotSource::Preload,
            };
            draft.stock_any(catalogue, product, (contents, source))?;
            let holder = Holder(customer_stream(draft.id()));
            return Ok(claim.map(|claim| (claim, holder)).into_iter().collect());
        }
        Command::FreeHosts { product, binding, group, reason, .. } => {
            let (by, group) = (freed_by(envelope.actor.role), group.as_ref());
            draft.free_hosts(product, Freeing { binding: *binding, group, by, reason })?;
        }
        Command::EraseHostLabel { product, binding, .. } => {
            draft.erase_label(product, *binding)?;
        }
        Command::GroupHosts { product, group, hosts, .. } => {
            let by_vendor = envelope.actor.role == Role::Vendor;
            draft.group_hosts(catalogue, product, (group, *hosts), by_vendor)?;
        }
        Command::AdoptPolicy { product, .. } => draft.adopt_policy(catalogue, product)?,
        Command::VoidLot { .. } | Command::ChargeBack { .. } | Command::UndoAllocation { .. } => {
            correct(draft, body)?;
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
        _ => decide_for_devices(draft, world, body)?,
    }
    Ok(Claims::new())
}

fn correct(draft: &mut Draft<'_>, body: &Command) -> Result<()> {
    match body {
        Command::VoidLot { product, lot, reason, .. } => {
            draft.take_back(product, *lot, Correction::Void, reason)
        }
        Command::ChargeBack { product, lot, reason, .. } => {
            draft.take_back(product, *lot, Correction::ChargeBack, reason)
        }
        Command::UndoAllocation { product, allocation, reason, .. } => {
            draft.undo_allocation(product, *allocation, reason)
        }
        _ => Err(Refusal::new(ErrorKind::Internal).with("detail", body.name())),
    }
}

fn decide_for_devices(draft: &mut Draft<'_>, world: &World, body: &Command) -> Result<()> {
    match body {
        Command::RegisterDevice(RegisterDevice {
            product,
            device,
            license_type,
            description,
            ..
        }) => {
            let new = NewDevice { id: device, product, license_type, description };
            draft.register_device(world.catalogue(), new)?;
        }
        Command::ReportDevice(of) => draft.report_device(&of.device, of.state, of.problem)?,
        Command::EditDevice(of) => draft.edit_device(&of.device, &of.description)?,
        Command::DeleteDevice(of) => draft.delete_device(&of.device)?,
        Command::ReplaceDevice(of) => draft.replace_device(&of.device, &of.by, &of.description)?,
        Command::ChangePlan(of) => draft.change_plan(&of.device, &of.plan)?,
        Command::InspectDevices(_) => draft.inspect_devices(),
        Command::SaveAssignments(of) => {
            draft.save_assignments(&of.product, of.base, &of.changes)?;
        }
        _ => return Err(Refusal::new(ErrorKind::Internal).with("detail", body.name())),
    }
    Ok(())
}

/// Whether a purchase was taken in before for this customer: it counts once, whatever the id of
/// the command.
fn taken_in(draft: &Draft<'_>, world: &World, claim: Option<&Claim>) -> Result<bool> {
    let Some(claim) = claim else { return Ok(false) };
    in_range("bytes of a purchase number:", claim.digest.len(), PURCHASE_BYTES_MAX)?;
    match world.holder(claim) {
        None => Ok(false),
        Some(holder) if *holder == customer_stream(draft.id()) => Ok(true),
        Some(_) => Err(Refusal::new(ErrorKind::PurchaseOfAnother).with("purchase", &claim.digest)),
    }
}

const PURCHASE_BYTES_MAX: usize = 100;

/// Everyone but the vendor has a budget.
const fn freed_by(role: Role) -> FreedBy {
    match role {
        Role::Vendor => FreedBy::Vendor,
        _ => FreedBy::Customer,
    }
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
    (fields, user): (&PersonFields, Option<(SignIn, StreamId)>),
) -> Result<Changes> {
    if world.person(person).is_some() {
        return Err(Refusal::new(ErrorKind::PersonAlreadyAdded).with("person", person));
    }
    check_fields(fields)?;
    let persons = vec![PersonChange::Keep(person.clone(), fields.clone())];
    let (sign_in, of) = user.unzip();
    let event = Event::Person(PersonEvent::Added { email: None, sign_in, of });
    Ok(Changes { persons, ..one(StreamId::Person(person.clone()), event) })
}

/// Checks that names and addresses can be kept.
pub(super) fn check_fields(fields: &PersonFields) -> Result<()> {
    for (text, of_lines) in fields.texts() {
        in_range("bytes of a name or address:", text.len(), PersonFields::BYTES_MAX)?;
        if text.contains(|c: char| c.is_control() && !(of_lines && c == '\n')) {
            return Err(Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "name or address")
                .with("value", text.escape_debug())
                .with("expected", "free of control characters"));
        }
    }
    Ok(())
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
    let released = people::released(known).collect();
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
    let (events, links, labels) = draft.into_parts();
    let events = events.into_iter().map(|event| (stream.clone(), Event::Customer(event)));
    let persons = labels.into_iter().map(|change| match change {
        LabelChange { id, label: Some(label) } => {
            let fields = PersonFields { name: label, ..PersonFields::default() };
            PersonChange::Keep(id, fields)
        }
        LabelChange { id, label: None } => PersonChange::Erase(id),
    });
    let persons = persons.collect();
    Changes { events: events.collect(), persons, links, ..Changes::default() }
}
