//! A customer: its zone and dates, its systems, and one agreement for each product.
//!
//! What the systems in the field call organisation, account or contractor. Nothing ever moves
//! from one customer to another (S-AX-07).

mod account;
mod agreement;
mod allocate;
mod apply;
mod assign;
mod billing;
mod bind;
mod charge;
mod correct;
mod decide;
mod device_license;
mod devices;
mod event;
mod hardware;
mod host_budget;
mod host_group;
mod host_label;
mod host_license;
mod hosts;
mod license;
mod member;
mod number;
mod pages;
mod pool;
mod record;
mod term;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    batch::IssuedKey,
    device::Device,
    error::{ErrorKind, Refusal, Result},
    hardware::Hardware,
    id::{CustomerId, DeviceId, HardwareId, PartnerId, PersonId, ProductId, RegionId, SystemId},
    subscription::Quantities,
    time::{Day, Instant, Zone},
};

pub use account::{Account, AccountState};
pub use agreement::Agreement;
pub(crate) use allocate::{Allocating, check_quantities};
pub(crate) use assign::NewDevice;
pub use billing::{AccountAgreement, TermPeriod};
pub(crate) use bind::Freeing;
pub use charge::{Charge, ChargeKind};
pub(crate) use correct::check_reason;
pub(crate) use decide::{Draft, known_type};
pub use device_license::LicensedDevices;
pub use devices::{Assignment, DeviceAgreement, DeviceLicense, DeviceLot, LicenseNumber};
pub use event::CustomerEvent;
pub use host_budget::BudgetLeft;
pub(crate) use host_label::LabelChange;
pub use host_label::label_id;
pub use hosts::{Binding, BindingId, FreedBy, HostAgreement, HostLot};
pub use member::{Channel, Link, LinkChange, MemberRole};
pub use number::{Registration, registered_before};
pub use pages::{AccountChanges, AccountDraft, AddressPage, ClientPage, PageProblem};
pub(crate) use pages::{check_user, email_after};
pub use pool::PoolAgreement;
pub use record::{AllocationLine, Correction, RedeemedKey, System};

/// The state of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    zone: Zone,
    co_term: Option<Day>,
    systems: BTreeMap<SystemId, System>,
    agreements: BTreeMap<ProductId, Agreement>,
    hardware: BTreeMap<HardwareId, Hardware>,
    region: Option<RegionId>,
    members: BTreeMap<PersonId, MemberRole>,
    serial: u64,
    numbers: Vec<IssuedKey>,
    number_issued_on: Option<Day>,
    unused_number: Option<IssuedKey>,
    registration: Option<Registration>,
    devices: BTreeMap<DeviceId, Device>,
    last_device: u64,
    account: Option<Account>,
    state: AccountState,
    resumes: AccountState,
    dealer: Option<PartnerId>,
    channel: Channel,
    shop_linked: bool,
    rights: u64,
}

impl Customer {
    /// The most systems of one customer.
    pub const SYSTEMS_MAX: usize = 100_000;
    /// The most members of one customer.
    pub const MEMBERS_MAX: usize = 10_000;

    /// The most registration numbers of one customer.
    pub const NUMBERS_MAX: usize = 100;

    /// A customer just registered.
    #[must_use]
    pub const fn new(zone: Zone, region: Option<RegionId>) -> Self {
        Self {
            zone,
            region,
            hardware: BTreeMap::new(),
            members: BTreeMap::new(),
            co_term: None,
            systems: BTreeMap::new(),
            agreements: BTreeMap::new(),
            serial: 0,
            numbers: Vec::new(),
            number_issued_on: None,
            unused_number: None,
            registration: None,
            devices: BTreeMap::new(),
            last_device: 0,
            account: None,
            state: AccountState::Active,
            resumes: AccountState::Active,
            dealer: None,
            channel: Channel::Partner,
            shop_linked: false,
            rights: 0,
        }
    }

    /// The zone in which the customer's days begin.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.zone
    }

    /// The day from which all periods are laid; none before the first subscription.
    #[must_use]
    pub const fn co_term(&self) -> Option<Day> {
        self.co_term
    }

    /// The systems registered.
    #[must_use]
    pub const fn systems(&self) -> &BTreeMap<SystemId, System> {
        &self.systems
    }

    /// The agreements, one for each product with a system or a redeemed key.
    #[must_use]
    pub const fn agreements(&self) -> &BTreeMap<ProductId, Agreement> {
        &self.agreements
    }

    /// The agreements on products that are sold as a pool of licences.
    pub fn pools(&self) -> impl Iterator<Item = (&ProductId, &PoolAgreement)> {
        self.agreements.iter().filter_map(|(product, agreement)| Some((product, agreement.pool()?)))
    }

    /// The agreement on `product`, sold as a pool of licences.
    ///
    /// # Errors
    /// [`ErrorKind::NotRegistered`] when there is none; `id` is named in it.
    /// [`ErrorKind::SchemeMismatch`] when it is of another scheme.
    pub fn pool(&self, id: &CustomerId, product: &ProductId) -> Result<&PoolAgreement> {
        let agreement = self.agreements.get(product).ok_or_else(|| not_registered(id, product))?;
        agreement.pool().ok_or_else(|| other_scheme(product, "subscription"))
    }

    /// Devices of all systems with `product`, by licence type (S-AX-11, S-AX-66).
    #[must_use]
    pub fn devices(&self, product: &ProductId) -> Quantities {
        let mut devices = Quantities::new();
        for system in self.systems.values().filter(|system| system.product == *product) {
            for (license_type, count) in &system.devices {
                let sum = devices.entry(license_type.clone()).or_default();
                *sum = sum.saturating_add(*count);
            }
        }
        devices
    }

    /// The hardware registered.
    #[must_use]
    pub const fn hardware(&self) -> &BTreeMap<HardwareId, Hardware> {
        &self.hardware
    }

    /// The persons of the customer, with what each may do.
    #[must_use]
    pub const fn members(&self) -> &BTreeMap<PersonId, MemberRole> {
        &self.members
    }

    /// The region of the vendor's service.
    #[must_use]
    pub const fn region(&self) -> Option<&RegionId> {
        self.region.as_ref()
    }

    /// Carries the state over the boundaries up to `day`: those of periods, see
    /// [`Subscription::roll`](crate::subscription::Subscription::roll), and the ends of licences
    /// for devices, of which free ones take over (S-IP-12).
    pub fn roll(&mut self, day: Day) {
        let products: Vec<ProductId> = self.agreements.keys().cloned().collect();
        for product in products {
            let devices = self.devices(&product);
            if let Some(pool) = self.pool_mut(&product) {
                pool.roll(day, &devices);
            }
            self.roll_devices(&product, day);
        }
    }

    /// The agreement on `product`, licensed by host.
    ///
    /// # Errors
    /// [`ErrorKind::NotRegistered`] when there is none; `id` is named in it.
    /// [`ErrorKind::SchemeMismatch`] when it is of another scheme.
    pub fn hosts(&self, id: &CustomerId, product: &ProductId) -> Result<&HostAgreement> {
        let agreement = self.agreements.get(product);
        let agreement = agreement.ok_or_else(|| not_registered(id, product))?;
        agreement.hosts().ok_or_else(|| other_scheme(product, "host_bound"))
    }

    fn hosts_mut(&mut self, product: &ProductId) -> Option<&mut HostAgreement> {
        self.agreements.get_mut(product)?.hosts_mut()
    }

    fn pool_of(&self, product: &ProductId) -> Option<&PoolAgreement> {
        self.agreements.get(product)?.pool()
    }

    fn pool_mut(&mut self, product: &ProductId) -> Option<&mut PoolAgreement> {
        self.agreements.get_mut(product)?.pool_mut()
    }

    /// Takes an event that was decided at `at` into the state.
    ///
    /// # Errors
    /// [`ErrorKind::DateInvalid`] when `at` is no civil day in the customer's zone.
    pub fn apply(&mut self, event: &CustomerEvent, at: Instant) -> Result<()> {
        self.roll(self.zone.day_at(at)?);
        self.take(event);
        Ok(())
    }
}

pub(crate) fn other_scheme(product: &ProductId, scheme: &str) -> Refusal {
    Refusal::new(ErrorKind::SchemeMismatch).with("product", product).with("scheme", scheme)
}

fn not_registered(customer: &CustomerId, product: &ProductId) -> Refusal {
    Refusal::new(ErrorKind::NotRegistered).with("product", product).with("customer", customer)
}
