//! Partners and the shop: stock, licences given, links.

use super::{
    Changes, Event, Holder, StreamId, World,
    command::{GiveLicenses, RegisterPartner, StockPartner},
    decide::{self, of_customer, one},
    keys,
    prepared::{self, ShopAccount},
};
use crate::{
    customer::Draft,
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, PartnerId},
    partner::PartnerEvent,
    time::Instant,
    wallet::LotSource,
};

/// Registers a partner.
pub(super) fn register(world: &World, command: &RegisterPartner) -> Result<Changes> {
    let RegisterPartner { partner, code, contact, fields } = command;
    let claim = prepared::partner_code(code);
    let taken =
        |id: &PartnerId| Refusal::new(ErrorKind::PartnerAlreadyRegistered).with("partner", id);
    if world.partner(partner).is_ok() {
        return Err(taken(partner));
    }
    if world.holder(&claim).is_some() {
        return Err(taken(code));
    }
    let added = decide::add_person(world, contact, (fields, None))?;
    let stream = StreamId::Partner(partner.clone());
    let event = PartnerEvent::Registered { code: code.clone(), contact: contact.clone() };
    let claims = vec![(claim, Holder(stream.clone()))];
    Ok(added.then(Changes { claims, ..one(stream, Event::Partner(event)) }))
}

/// Puts licences into the stock of a partner.
pub(super) fn stock(world: &World, command: &StockPartner) -> Result<Changes> {
    let StockPartner { partner, product, contents } = command;
    world.partner(partner)?;
    keys::check_contents(world, product, contents)?;
    let event = PartnerEvent::Stocked { product: product.clone(), contents: contents.clone() };
    Ok(one(StreamId::Partner(partner.clone()), Event::Partner(event)))
}

/// Gives licences to a customer: they leave the stock and reach the customer in one step
/// (S-IP-02, S-IP-44).
pub(super) fn give(world: &World, command: &GiveLicenses, now: Instant) -> Result<Changes> {
    let GiveLicenses { partner, customer, product, contents } = command;
    keys::check_contents(world, product, contents)?;
    world.partner(partner)?.check_stock(partner, product, contents)?;
    let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
    draft.stock_any(world.catalogue(), product, (contents, LotSource::Partner))?;
    let event = PartnerEvent::Given {
        customer: customer.clone(),
        product: product.clone(),
        contents: contents.clone(),
    };
    let given = one(StreamId::Partner(partner.clone()), Event::Partner(event));
    Ok(given.then(of_customer(draft)))
}

/// Chooses the dealer of a customer.
pub(super) fn set_dealer(
    world: &World,
    (customer, dealer): (&CustomerId, Option<&PartnerId>),
    now: Instant,
) -> Result<Changes> {
    if let Some(dealer) = dealer {
        world.partner(dealer)?;
    }
    let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
    draft.set_dealer(dealer);
    Ok(of_customer(draft))
}

/// Links a customer to its account at the shop.
pub(super) fn link_shop(
    world: &World,
    (customer, account): (&CustomerId, &ShopAccount),
    now: Instant,
) -> Result<Changes> {
    let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
    draft.link_shop(&account.0)?;
    let claims = claim(world, account, StreamId::Customer(customer.clone()))?;
    Ok(Changes { claims, ..of_customer(draft) })
}

/// Links a partner to its account at the shop.
pub(super) fn link_partner_shop(
    world: &World,
    (partner, account): (&PartnerId, &ShopAccount),
) -> Result<Changes> {
    if world.partner(partner)?.shop_linked() {
        return Err(ErrorKind::ShopAlreadyLinked.into());
    }
    let stream = StreamId::Partner(partner.clone());
    let claims = claim(world, account, stream.clone())?;
    let event = PartnerEvent::ShopLinked { account: account.0.clone() };
    Ok(Changes { claims, ..one(stream, Event::Partner(event)) })
}

/// An account at the shop is linked to one customer or partner.
fn claim(
    world: &World,
    account: &ShopAccount,
    holder: StreamId,
) -> Result<Vec<(super::Claim, Holder)>> {
    let claim = prepared::shop_account(account);
    if world.holder(&claim).is_some() {
        return Err(ErrorKind::ShopAlreadyLinked.into());
    }
    Ok(vec![(claim, Holder(holder))])
}
