//! The balance of a wallet: what came in and what became of it. Both sides are always equal.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    customer::{Customer, PoolAgreement},
    id::{LicenseType, ProductId},
    time::Day,
    wallet::{LotKind, LotSource},
};

/// In what a balance counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Unit {
    /// Months of one device in a subscription: a licence of a year counts 12.
    SubscriptionMonths,
    /// Expansion licences, for the life of hardware; with them what hardware came with.
    Expansions,
    /// Upgrade licences.
    Upgrades,
}

/// What came into a wallet and what became of it.
///
/// `redeemed + preloaded + purchased + given + credited = left + allocated + expired + voided`, on every
/// day and after every command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a sum must name all its parts")]
pub struct Balance {
    /// Came by licence keys.
    pub redeemed: u64,
    /// Came with hardware or something else.
    pub preloaded: u64,
    /// Were bought without a key.
    pub purchased: u64,
    /// Were given by a partner.
    pub given: u64,
    /// Were given back by compensations.
    pub credited: u64,
    /// Can still be allocated.
    pub left: u64,
    /// Are or were allocated.
    pub allocated: u64,
    /// Were stored too long.
    pub expired: u64,
    /// Were taken out of circulation by corrections.
    pub voided: u64,
}

impl Balance {
    /// Whether both sides are equal.
    #[must_use]
    pub fn holds(&self) -> bool {
        let sum = |parts: &[u64]| parts.iter().copied().map(u128::from).sum::<u128>();
        let Self { redeemed, preloaded, purchased, given, credited, .. } = *self;
        sum(&[redeemed, preloaded, purchased, given, credited])
            == sum(&[self.left, self.allocated, self.expired, self.voided])
    }
}

/// Balances by licence type and unit.
pub type Balances = BTreeMap<LicenseType, BTreeMap<Unit, Balance>>;

pub(super) fn balances(
    customer: &Customer,
    product: &ProductId,
    agreement: &PoolAgreement,
    today: Day,
) -> Balances {
    let mut balances = Balances::new();
    for (lot, left) in agreement.wallet().lots() {
        let (unit, weight) = match lot.kind {
            LotKind::Subscription(term) => (Unit::SubscriptionMonths, term.in_months().into()),
            LotKind::Expansion => (Unit::Expansions, 1),
            LotKind::Upgrade => (Unit::Upgrades, 1),
            // Not kept in a wallet.
            LotKind::Host | LotKind::Device => continue,
        };
        let balance = entry(&mut balances, &lot.license_type, unit);
        let came = match lot.source {
            LotSource::Key => &mut balance.redeemed,
            LotSource::Preload => &mut balance.preloaded,
            LotSource::Purchase => &mut balance.purchased,
            LotSource::Partner => &mut balance.given,
            LotSource::Compensation => &mut balance.credited,
        };
        add(came, lot.quantity, weight);
        let rest = if lot.usable_on(today) { &mut balance.left } else { &mut balance.expired };
        add(rest, left.left, weight);
        add(&mut balance.voided, left.voided, weight);
    }
    if let Some(subscription) = agreement.subscription() {
        let months = u64::from(subscription.term().in_months());
        for (license_type, count) in subscription.allocated_ever() {
            let balance = entry(&mut balances, &license_type, Unit::SubscriptionMonths);
            let count = count.saturating_mul(months);
            balance.allocated = balance.allocated.saturating_add(count);
        }
    }
    for hardware in customer.hardware().values().filter(|h| h.product() == product) {
        for (license_type, count) in hardware.preloaded() {
            let balance = entry(&mut balances, license_type, Unit::Expansions);
            add(&mut balance.preloaded, *count, 1);
            add(&mut balance.allocated, *count, 1);
        }
        for (license_type, count) in hardware.expanded() {
            add(&mut entry(&mut balances, license_type, Unit::Expansions).allocated, *count, 1);
        }
        for (license_type, count) in hardware.upgraded() {
            add(&mut entry(&mut balances, license_type, Unit::Upgrades).allocated, *count, 1);
        }
    }
    balances
}

fn entry<'b>(balances: &'b mut Balances, of: &LicenseType, unit: Unit) -> &'b mut Balance {
    balances.entry(of.clone()).or_default().entry(unit).or_default()
}

fn add(sum: &mut u64, count: u32, weight: u64) {
    *sum = sum.saturating_add(u64::from(count).saturating_mul(weight));
}
