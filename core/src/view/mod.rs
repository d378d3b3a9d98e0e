//! What can be asked of a ledger, and the answers.

mod account;
mod balance;
mod devices;
mod draft;
mod due;
mod hosts;
mod journal;
mod partner;
mod query;
mod users;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    access::Actor,
    catalogue::{Catalogue, WhereToBuy},
    customer::Customer,
    error::{Language, Result},
    history::{ChainHash, Event, Recorded},
    id::{
        CommandId, CustomerId, DeviceId, HardwareId, LicenseType, ProductId, SystemId, WebhookId,
    },
    policy::Policy,
    session::Session,
    subscription::{Growth, Quantities, Status, quantity},
    time::{Day, Instant, Period, Term, Zone},
    wallet::{Left, Lot},
};

pub use account::{
    AccountView, DraftCheck, Invoice, Membership, PendingTerm, SessionView, ShopView, TermView,
    account, check_draft, invoice, membership, session, shop,
};
pub use balance::{Balance, Balances, Unit};
pub use devices::{AssignmentView, AssignmentsView, DeviceView, assignments, devices};
pub use draft::AssignmentDraft;
pub use due::{CustomerDue, Due, DueKind, DuePage, EXPIRY_WARNING_DAYS};
pub use hosts::{BindingView, Bindings, HostLotView, HostStatus, HostStatusKind, bindings};
pub use journal::{EventPlace, JournalEntry, JournalPage};

pub use partner::{
    CustomerRow, CustomersPage, PAGE, PartnerView, StockView, partner, partner_customers,
};
pub use query::{Place, Query, Who};
pub use users::{UserView, UsersView, user};

/// An answer of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum View {
    /// To [`Query::Products`].
    Products(BTreeMap<ProductId, ProductView>),
    /// To [`Query::Overview`].
    Overview(Overview),
    /// To [`Query::Need`].
    Need(Vec<NeedView>),
    /// To [`Query::Wallet`].
    Wallet(WalletView),
    /// To [`Query::Bindings`].
    Bindings(Bindings),
    /// To [`Query::Due`].
    Due(Vec<Due>),
    /// To [`Query::ComingDue`].
    ComingDue(DuePage),
    /// To [`Query::Login`].
    Login(CustomerId),
    /// To [`Query::WhereToBuy`]; nothing when the product does not say.
    WhereToBuy(Option<WhereToBuy>),
    /// To [`Query::Account`].
    Account(AccountView),
    /// To [`Query::Users`].
    Users(UsersView),
    /// To [`Query::CheckDraft`].
    CheckDraft(DraftCheck),
    /// To [`Query::Invoice`]; nothing while nothing has been charged.
    Invoice(Option<Invoice>),
    /// To [`Query::Devices`].
    Devices(BTreeMap<DeviceId, DeviceView>),
    /// To [`Query::Assignments`].
    Assignments(AssignmentsView),
    /// To [`Query::Partner`].
    Partner(PartnerView),
    /// To [`Query::PartnerCustomers`].
    PartnerCustomers(CustomersPage),
    /// To [`Query::Shop`].
    Shop(ShopView),
    /// To [`Query::SignIn`].
    SignIn(Box<Session>),
    /// To [`Query::Session`].
    Session(SessionView),
    /// To [`Query::Memberships`].
    Memberships(Vec<Membership>),
    /// To [`Query::History`].
    History(Vec<HistoryEntry>),
    /// To [`Query::Webhooks`].
    Webhooks(BTreeMap<WebhookId, BTreeSet<String>>),
    /// To [`Query::Journal`].
    Journal(JournalPage),
}

/// A product in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProductView {
    /// The name shown to people.
    pub name: String,
    /// Its types of licence.
    pub license_types: Vec<LicenseType>,
    /// Version of the newest policy.
    pub policy_version: u32,
    /// The newest policy.
    pub policy: Option<Policy>,
}

/// A customer at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Overview {
    /// The day in the customer's zone.
    pub today: Day,
    /// The zone.
    pub zone: Zone,
    /// The day periods are laid from.
    pub co_term: Option<Day>,
    /// One row a product that is sold as a pool of licences.
    pub products: BTreeMap<ProductId, ProductStatus>,
    /// One row a product that is licensed by host.
    pub hosts: BTreeMap<ProductId, HostStatus>,
    /// One row a product whose licences name devices: one each, or by the terms of an account.
    pub devices: BTreeMap<ProductId, DevicesStatus>,
    /// Devices by licence type of each system.
    pub systems: BTreeMap<SystemId, SystemView>,
    /// Licences of each piece of hardware, for its life.
    pub hardware: BTreeMap<HardwareId, HardwareView>,
}

/// Where a customer stands with a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProductStatus {
    /// Status and its days.
    #[serde(flatten)]
    pub status: Status,
    /// The status in words.
    pub text: String,
    /// Need of the current period by licence type.
    pub need: Quantities,
    /// Licences allocated to the current period.
    pub allocated: Quantities,
    /// Licences in the wallet that can be used today, of any term.
    pub wallet: BTreeMap<LicenseType, u64>,
    /// Growth beyond what is free, by licence type; empty when there is none.
    pub growth_exceeded: BTreeMap<LicenseType, Growth>,
}

/// Where a customer stands with a product whose licences name devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DevicesStatus {
    /// Devices that are registered.
    pub devices: usize,
    /// Those of them that may be used today.
    pub licensed: usize,
    /// First day on which one of these may not, or the period of the account is over; none where
    /// all licences are perpetual, or none is in use.
    pub until: Option<Day>,
}

/// A system of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SystemView {
    /// The product it runs.
    pub product: ProductId,
    /// Devices by licence type.
    pub devices: Quantities,
    /// Whether it is known by a description that was carried here, and has never asked by itself.
    pub offline: bool,
}

/// Hardware of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct HardwareView {
    /// The product.
    pub product: ProductId,
    /// Licences by type; they have no end (S-AX-61).
    pub licenses: Quantities,
}

/// Need and coverage of one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NeedView {
    /// Periods ahead of the current one.
    pub ahead: u32,
    /// The period; none before a subscription is started.
    pub period: Option<Period>,
    /// Licences needed by type.
    pub need: Quantities,
    /// Licences allocated by type.
    pub allocated: Quantities,
    /// Licences still missing by type.
    pub missing: Quantities,
}

/// The stock of licences of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct WalletView {
    /// Licences that can be used today, by type.
    pub usable: BTreeMap<LicenseType, u64>,
    /// Every lot, in the order of storing.
    pub lots: Vec<LotView>,
    /// Parts of a licence carried from compensations, by type.
    pub carry: BTreeMap<LicenseType, Carry>,
    /// What came in and what became of it.
    pub balance: Balances,
}

/// A lot and what is left of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LotView {
    /// The lot.
    #[serde(flatten)]
    pub lot: Lot,
    /// Licences left in it.
    pub left: u32,
    /// Licences taken out of circulation by a correction.
    pub voided: u32,
    /// Whether it can no longer be used today.
    pub expired: bool,
}

/// A part of a licence: `ticks` of `ticks_per_license`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Carry {
    /// The term the licence is of.
    pub term: Term,
    /// Ticks carried.
    pub ticks: u64,
    /// Ticks of a whole licence.
    pub ticks_per_license: u64,
}

/// An event of a stream with its chain hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct HistoryEntry {
    /// Index in the stream, from 1.
    pub index: u64,
    /// When it was decided.
    pub at: Instant,
    /// Role and id of who caused it.
    pub actor: Actor,
    /// The command that caused it.
    pub command: CommandId,
    /// What happened.
    pub event: Event,
    /// Chain hash after it, lower-case hex.
    pub chain: String,
}

impl HistoryEntry {
    /// Makes an entry of a recorded event and the chain hash after it.
    #[must_use]
    pub fn new(recorded: Recorded, chain: ChainHash) -> Self {
        let Recorded { index, at, actor, command, event, .. } = recorded;
        Self { index, at, actor, command, event, chain: chain.to_string() }
    }
}

/// The answer to [`Query::Products`].
#[must_use]
pub fn products(catalogue: &Catalogue) -> View {
    let rows = catalogue.products().iter().map(|(id, product)| {
        let (policy_version, policy) = product.policy().map_or((0, None), |(v, p)| (v, Some(p)));
        let definition = product.definition();
        let view = ProductView {
            name: definition.name.clone(),
            license_types: definition.license_types.clone(),
            policy_version,
            policy: policy.cloned(),
        };
        (id.clone(), view)
    });
    View::Products(rows.collect())
}

/// The answer to [`Query::Overview`]; the customer is rolled to `now`.
///
/// # Errors
/// [`DateOutOfRange`](crate::error::ErrorKind::DateOutOfRange) after the year 9999.
pub fn overview(customer: &Customer, language: Language, now: Instant) -> Result<View> {
    let (customer, today) = rolled(customer, now)?;
    let mut products = BTreeMap::new();
    for (id, agreement) in customer.pools() {
        let devices = customer.devices(id);
        let registered = customer.systems().values().any(|system| system.product == *id);
        let percent = agreement.policy().growth_percent;
        let grown = devices.keys().filter_map(|license_type| {
            let growth = agreement.subscription()?.growth(license_type, &devices, percent)?;
            (growth.extra_now > 0).then(|| (license_type.clone(), growth))
        });
        let allocated = agreement.subscription().map(|subscription| subscription.allocated(0));
        let status = agreement.status(registered, &devices, today)?;
        let row = ProductStatus {
            text: status.text(language),
            status,
            need: agreement.need(0, &devices),
            allocated: allocated.unwrap_or_default(),
            wallet: usable(agreement.wallet().lots(), today),
            growth_exceeded: grown.collect(),
        };
        products.insert(id.clone(), row);
    }
    let systems = customer.systems().iter().map(|(id, system)| {
        let (product, devices) = (system.product.clone(), system.devices.clone());
        (id.clone(), SystemView { product, devices, offline: system.offline })
    });
    let hardware = customer.hardware().iter().map(|(id, hardware)| {
        let (product, licenses) = (hardware.product().clone(), hardware.licenses().clone());
        (id.clone(), HardwareView { product, licenses })
    });
    let hosts = customer.agreements().iter().filter_map(|(id, agreement)| {
        Some((id.clone(), HostStatus::of(agreement.hosts()?, language, today)))
    });
    let mut devices = BTreeMap::new();
    for id in customer.agreements().keys() {
        if let Some(found) = customer.licensed_devices(id, today)? {
            let (all, licensed) = (customer.devices_of(id).count(), found.devices.len());
            let row = DevicesStatus { devices: all, licensed, until: found.until };
            devices.insert(id.clone(), row);
        }
    }
    Ok(View::Overview(Overview {
        today,
        zone: customer.zone(),
        co_term: customer.co_term(),
        products,
        hosts: hosts.collect(),
        devices,
        systems: systems.collect(),
        hardware: hardware.collect(),
    }))
}

/// The answer to [`Query::Due`].
///
/// # Errors
/// [`DateOutOfRange`](crate::error::ErrorKind::DateOutOfRange) after the year 9999.
pub fn due(customer: &Customer, now: Instant) -> Result<View> {
    let (customer, today) = rolled(customer, now)?;
    due::due(&customer, today).map(View::Due)
}

/// A line of the answer to [`Query::ComingDue`]: what comes for a customer before `until`; none
/// when nothing does.
///
/// # Errors
/// [`DateOutOfRange`](crate::error::ErrorKind::DateOutOfRange) after the year 9999.
pub fn customer_due(
    customer: &Customer,
    id: &CustomerId,
    until: Option<Day>,
    now: Instant,
) -> Result<Option<CustomerDue>> {
    let (customer, today) = rolled(customer, now)?;
    let mut due = due::due(&customer, today)?;
    due.retain(|due| until.is_none_or(|until| due.on < until));
    Ok((!due.is_empty()).then(|| CustomerDue { customer: id.clone(), due }))
}

/// The answer to [`Query::ComingDue`].
#[must_use]
pub const fn coming_due(customers: Vec<CustomerDue>, next: Option<CustomerId>) -> View {
    View::ComingDue(DuePage { customers, next })
}

/// The answer to [`Query::WhereToBuy`].
///
/// # Errors
/// [`ProductUnknown`](crate::error::ErrorKind::ProductUnknown).
pub fn where_to_buy(catalogue: &Catalogue, product: &ProductId) -> Result<View> {
    let definition = catalogue.product(product)?.definition();
    Ok(View::WhereToBuy(definition.where_to_buy.clone()))
}

/// The answer to [`Query::Need`]; `id` names the customer in a refusal.
///
/// # Errors
/// [`NotRegistered`](crate::error::ErrorKind::NotRegistered) without an agreement.
pub fn need(
    customer: &Customer,
    id: &CustomerId,
    product: &ProductId,
    now: Instant,
) -> Result<View> {
    let (customer, _) = rolled(customer, now)?;
    let agreement = customer.pool(id, product)?;
    let devices = customer.devices(product);
    let rows = (0..=u32::from(agreement.policy().advance_periods)).map(|ahead| {
        let subscription = agreement.subscription();
        let allocated = subscription.map(|s| s.allocated(ahead)).unwrap_or_default();
        let need = agreement.need(ahead, &devices);
        let missing = need.iter().map(|(license_type, need)| {
            (license_type.clone(), need.saturating_sub(quantity(&allocated, license_type)))
        });
        Ok(NeedView {
            ahead,
            period: subscription.map(|s| s.period(ahead)).transpose()?,
            missing: missing.filter(|(_, missing)| *missing > 0).collect(),
            need,
            allocated,
        })
    });
    Ok(View::Need(rows.collect::<Result<_>>()?))
}

/// The answer to [`Query::Wallet`]; `id` names the customer in a refusal.
///
/// # Errors
/// [`NotRegistered`](crate::error::ErrorKind::NotRegistered) without an agreement.
pub fn wallet(
    customer: &Customer,
    id: &CustomerId,
    product: &ProductId,
    now: Instant,
) -> Result<View> {
    let (customer, today) = rolled(customer, now)?;
    let agreement = customer.pool(id, product)?;
    let lots = agreement.wallet().lots().map(|(lot, left)| LotView {
        lot: lot.clone(),
        left: left.left,
        voided: left.voided,
        expired: !lot.usable_on(today),
    });
    let carry = agreement.subscription().into_iter().flat_map(|subscription| {
        let term = subscription.term();
        subscription.carries().iter().map(move |(license_type, ticks)| {
            let carry = Carry { term, ticks: *ticks, ticks_per_license: term.ticks() };
            (license_type.clone(), carry)
        })
    });
    Ok(View::Wallet(WalletView {
        usable: usable(agreement.wallet().lots(), today),
        lots: lots.collect(),
        carry: carry.collect(),
        balance: balance::balances(&customer, product, agreement, today),
    }))
}

fn usable<'l>(
    lots: impl Iterator<Item = (&'l Lot, Left)>,
    today: Day,
) -> BTreeMap<LicenseType, u64> {
    let mut sums = BTreeMap::new();
    for (lot, left) in lots.filter(|(lot, _)| lot.usable_on(today)) {
        let sum: &mut u64 = sums.entry(lot.license_type.clone()).or_default();
        *sum = sum.saturating_add(left.left.into());
    }
    sums
}

fn rolled(customer: &Customer, now: Instant) -> Result<(Customer, Day)> {
    let today = customer.zone().day_at(now)?;
    let mut customer = customer.clone();
    customer.roll(today);
    Ok((customer, today))
}
