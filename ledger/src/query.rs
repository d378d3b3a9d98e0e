//! Questions to a ledger.

use mlicense_core::{
    customer::{Customer, label_id},
    error::{ErrorKind, Refusal},
    history::{self, Event, Recorded, StreamId, World},
    id::{CustomerId, PartnerId, PersonId, ProductId},
    partner::Partner,
    session::{self, Door, Session},
    time::{Day, Instant},
    view::{
        self, EventPlace, HistoryEntry, JournalEntry, JournalPage, Place, Query, UsersView, View,
        Who,
    },
};

use crate::{
    error::Result,
    ledger::{Ledger, load_streams},
    store::{Page, Reading, Wanted},
};

impl Ledger {
    /// Answers a question.
    ///
    /// # Errors
    /// [`ErrorKind::CustomerUnknown`], [`ErrorKind::NotRegistered`] and the like; storage faults.
    pub fn query(&self, query: &Query, now: Instant) -> Result<View> {
        self.store.read(|store| match query {
            Query::Products {} => Ok(view::products(catalogue(store)?.catalogue())),
            Query::WhereToBuy { product } => {
                Ok(view::where_to_buy(catalogue(store)?.catalogue(), product)?)
            }
            Query::CheckDraft { product, draft } => {
                let world = catalogue(store)?;
                Ok(view::check_draft(history::account_policy(&world, product)?.1, draft))
            }
            Query::Login { login } => {
                let world = catalogue(store)?;
                let salt = self.store.salt();
                let held = store.holders(&history::login_claims(login, salt, world.catalogue()))?;
                Ok(View::Login(history::login(&held)?.clone()))
            }
            Query::History { stream, after, limit } => events(store, stream, (*after, *limit)),
            Query::Webhooks {} => {
                Ok(View::Webhooks(catalogue(store)?.catalogue().webhooks().all().clone()))
            }
            Query::Journal { stream, actor, kind, since, until, after, limit } => {
                kind.as_deref().map_or(Ok(()), Event::check_kind)?;
                let limit = (*limit).clamp(1, Query::HISTORY_MAX);
                let wanted = Wanted {
                    stream: stream.as_ref(),
                    actor: actor.as_ref(),
                    kind: kind.as_deref(),
                    after: behind(*since, after.as_ref()),
                    until: until.as_ref().map_or_else(|| LAST.to_owned(), ToString::to_string),
                    // One more than wanted tells whether there is a next page.
                    limit: limit.saturating_add(1),
                };
                journal(store, &wanted, limit)
            }
            Query::SignIn { who, at } => {
                let person = self.who(store, who)?;
                Ok(View::SignIn(Box::new(sign_in(store, &person, at, now)?)))
            }
            Query::Session { session } => state(store, session),
            Query::Users { customer } => users(store, customer),
            Query::Memberships { person } => memberships(store, person),
            Query::Partner { partner } => {
                let world = of_partner(store, partner)?;
                let partner = world.partner(partner)?;
                Ok(view::partner(partner, store.person(partner.contact())?))
            }
            Query::PartnerCustomers { partner, email, page } => {
                let holder = StreamId::Partner(partner.clone());
                registered(store, &holder)?.partner(partner)?;
                let rows = store.linked(&holder, Partner::CUSTOMERS_MAX)?;
                Ok(view::partner_customers(rows, email, *page))
            }
            Query::ComingDue { partner, until, after, limit } => {
                let asked = (partner.as_ref(), after.as_ref(), *limit);
                coming_due(store, asked, *until, now)
            }
            query => of_customer(store, query, now),
        })
    }

    /// The person who is meant.
    fn who(&self, store: &dyn Reading, who: &Who) -> Result<PersonId> {
        let username = match who {
            Who::Person(person) => return Ok(person.clone()),
            Who::Username(username) => username,
        };
        let claim = history::username_claim(username, self.store.salt());
        match store.holders(&[claim].into())?.into_values().next() {
            Some(history::Holder(StreamId::Person(person))) => Ok(person),
            _ => Err(Refusal::new(ErrorKind::LoginUnknown).into()),
        }
    }
}

/// A question that one customer's stream answers.
fn of_customer(store: &dyn Reading, query: &Query, now: Instant) -> Result<View> {
    type Ask<'q> = Box<dyn Fn(&Customer) -> mlicense_core::error::Result<View> + 'q>;
    let about = |id: &CustomerId, ask: Ask<'_>| {
        let world = load_streams(store, World::default(), [StreamId::Customer(id.clone())])?;
        Ok(ask(world.customer(id)?)?)
    };
    let of_product = |id: &CustomerId, product: &ProductId, view: ProductAsk| {
        about(id, Box::new(move |customer| view(customer, id, product, now)))
    };
    match query {
        Query::Overview { customer, language } => {
            about(customer, Box::new(|state| view::overview(state, *language, now)))
        }
        Query::Need { customer, product } => of_product(customer, product, view::need),
        Query::Wallet { customer, product } => of_product(customer, product, view::wallet),
        Query::Bindings { customer, product } => {
            let view = of_product(customer, product, view::bindings)?;
            labelled(store, view, (customer, product))
        }
        Query::Due { customer } => about(customer, Box::new(|state| view::due(state, now))),
        Query::Account { customer } => about(customer, Box::new(|state| view::account(state, now))),
        Query::Invoice { customer, product, month } => {
            about(customer, Box::new(|state| view::invoice(state, (customer, product), *month)))
        }
        Query::Devices { customer } => about(customer, Box::new(|state| view::devices(state, now))),
        Query::Assignments { customer, product, changes, language } => {
            let asked = (changes.as_slice(), *language);
            let ask =
                move |state: &Customer| view::assignments(state, (customer, product), asked, now);
            about(customer, Box::new(ask))
        }
        Query::Shop { customer } => about(customer, Box::new(|state| Ok(view::shop(state)))),
        _ => Err(Refusal::new(ErrorKind::Internal).with("detail", "an unknown query").into()),
    }
}

/// Adds what hosts are called, which is in no history.
fn labelled(
    store: &dyn Reading,
    mut view: View,
    (customer, product): (&CustomerId, &ProductId),
) -> Result<View> {
    if let View::Bindings(bindings) = &mut view {
        for row in &mut bindings.bindings {
            let kept = store.person(&label_id(customer, product, row.id)?)?;
            row.label = kept.map(|kept| kept.name);
        }
    }
    Ok(view)
}

type ProductAsk =
    fn(&Customer, &CustomerId, &ProductId, Instant) -> mlicense_core::error::Result<View>;

fn catalogue(store: &dyn Reading) -> Result<World> {
    load_streams(store, World::default(), [StreamId::Catalogue])
}

fn of_partner(store: &dyn Reading, partner: &PartnerId) -> Result<World> {
    load_streams(store, World::default(), [StreamId::Partner(partner.clone())])
}

/// What the first event of a stream makes: enough to know whether somebody was registered, however
/// much has happened since.
fn registered(store: &dyn Reading, stream: &StreamId) -> Result<World> {
    let mut world = World::default();
    let first = Page { after: 0, limit: 1 };
    store.events(stream, first, &mut |stored| Ok(world.take(stream, &stored.json)?))?;
    Ok(world)
}

fn events(store: &dyn Reading, stream: &StreamId, (after, limit): (u64, u32)) -> Result<View> {
    let page = Page { after, limit: limit.min(Query::HISTORY_MAX) };
    let mut entries = Vec::new();
    store.events(stream, page, &mut |stored| {
        let recorded = Recorded::from_json(stream, stored.index, &stored.json)?;
        entries.push(HistoryEntry::new(recorded, stored.chain));
        Ok(())
    })?;
    Ok(View::History(entries))
}

/// Behind what the journal begins: an event, or the last that can be before an instant.
fn behind(since: Option<Instant>, after: Option<&EventPlace>) -> (String, String, u64) {
    match (since, after) {
        (Some(since), after) if after.is_none_or(|after| after.at < since) => {
            (since.to_string(), String::new(), 0)
        }
        (_, Some(EventPlace { at, stream, index })) => (at.to_string(), stream.to_string(), *index),
        _ => (String::new(), String::new(), 0),
    }
}

/// After the text of every instant.
const LAST: &str = "~";

fn journal(store: &dyn Reading, wanted: &Wanted<'_>, limit: u32) -> Result<View> {
    let found = store.journal(wanted)?.into_iter().map(|(stream, stored)| {
        let recorded = Recorded::from_json(&stream, stored.index, &stored.json)?;
        Ok(JournalEntry::new(recorded, stored.chain))
    });
    Ok(View::Journal(JournalPage::of(found.collect::<Result<_>>()?, limit)))
}

fn sign_in(store: &dyn Reading, id: &PersonId, place: &Place, now: Instant) -> Result<Session> {
    let unknown = || Refusal::new(ErrorKind::PersonUnknown).with("person", id);
    let door = match place {
        Place::Customer(customer) => StreamId::Customer(customer.clone()),
        Place::Partner(partner) => StreamId::Partner(partner.clone()),
    };
    let streams = [StreamId::Person(id.clone()), door];
    let mut world = load_streams(store, World::default(), streams)?;
    if let Place::Customer(customer) = place
        && let Some(dealer) = world.customer(customer)?.dealer().cloned()
    {
        world = load_streams(store, world, [StreamId::Partner(dealer)])?;
    }
    let person = world.person(id).ok_or_else(unknown)?;
    let door = match place {
        Place::Partner(partner) => Door::Partner(partner, world.partner(partner)?),
        Place::Customer(customer) => {
            let state = world.customer(customer)?;
            let dealer = state.dealer().map(|dealer| Ok((dealer, world.partner(dealer)?)));
            let dealer = dealer.transpose().map_err(|refusal: Refusal| refusal)?;
            Door::Customer(customer, state, dealer)
        }
    };
    Ok(session::sign_in(id, person, door, now)?)
}

fn state(store: &dyn Reading, session: &Session) -> Result<View> {
    let person = StreamId::Person(session.person.clone());
    let customer = session.customer.iter().cloned().map(StreamId::Customer);
    let streams = [person].into_iter().chain(customer);
    let world = load_streams(store, World::default(), streams)?;
    let unknown = || Refusal::new(ErrorKind::PersonUnknown).with("person", &session.person);
    let person = world.person(&session.person).ok_or_else(unknown)?;
    let customer = session.customer.as_ref().map(|customer| world.customer(customer));
    Ok(view::session(session.again(person, customer.transpose()?)))
}

fn users(store: &dyn Reading, id: &CustomerId) -> Result<View> {
    let world = load_streams(store, World::default(), [StreamId::Customer(id.clone())])?;
    let customer = world.customer(id)?;
    let mut rows = Vec::new();
    for member in customer.members().keys() {
        let world = load_streams(store, World::default(), [StreamId::Person(member.clone())])?;
        if let Some(person) = world.person(member) {
            rows.extend(view::user(customer, member, (person, store.person(member)?)));
        }
    }
    let client = customer.account().map(|account| store.person(&account.client)).transpose()?;
    Ok(View::Users(UsersView::new(client.flatten(), rows)))
}

fn memberships(store: &dyn Reading, person: &PersonId) -> Result<View> {
    let linked = store.linked(&StreamId::Person(person.clone()), MEMBERSHIPS_MAX)?;
    let mut rows = Vec::new();
    for row in linked {
        let stream = StreamId::Customer(row.customer.clone());
        let world = load_streams(store, World::default(), [stream])?;
        rows.extend(view::membership(&row.customer, world.customer(&row.customer)?, person));
    }
    Ok(View::Memberships(rows))
}

fn coming_due(
    store: &dyn Reading,
    (partner, after, limit): (Option<&PartnerId>, Option<&CustomerId>, u32),
    until: Option<Day>,
    now: Instant,
) -> Result<View> {
    if let Some(partner) = partner {
        of_partner(store, partner)?.partner(partner)?;
    }
    let limit = limit.clamp(1, Query::DUE_MAX);
    let holder = partner.cloned().map(StreamId::Partner);
    // One more than wanted tells whether there is a next page.
    let mut found = store.customers(holder.as_ref(), after, limit.saturating_add(1))?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > wanted;
    found.truncate(wanted);
    let mut rows = Vec::new();
    for id in &found {
        let stream = StreamId::Customer(id.clone());
        let world = load_streams(store, World::default(), [stream])?;
        rows.extend(view::customer_due(world.customer(id)?, id, until, now)?);
    }
    Ok(view::coming_due(rows, found.pop().filter(|_| more)))
}

/// The most customers that one person is shown.
const MEMBERSHIPS_MAX: u32 = 1000;
