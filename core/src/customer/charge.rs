//! What devices cost in a period of an account.

use serde::{Deserialize, Serialize};

use super::{TermPeriod, billing::Held};
use crate::{
    error::{ErrorKind, Result},
    id::{DeviceId, LicenseType, PlanId},
    money::prorate,
    policy::AccountTermPolicy,
    time::Day,
};

/// Why an amount is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ChargeKind {
    /// A period began with the device in it.
    Period,
    /// The device came within a period (S-ST-51).
    Addition,
    /// The device got a dearer plan within a period (S-ST-52).
    Upgrade,
}

/// An amount to be paid.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Charge {
    /// The day on which it arose.
    pub on: Day,
    /// Why.
    pub kind: ChargeKind,
    /// The device, as it was called then.
    pub device: DeviceId,
    /// Type of licence.
    pub license_type: LicenseType,
    /// The plan.
    pub plan: Option<PlanId>,
    /// Channels of an encoder; 1 for other devices (S-ST-48).
    pub units: u32,
    /// First day paid for.
    pub from: Day,
    /// First day no longer paid for.
    pub until: Day,
    /// The amount for all units, in minor units.
    pub amount: i64,
}

/// A device, as it is billed.
///
/// Every day has its order: what the first second of a period finds is charged for it, and what
/// is done later on that day neither takes it back nor makes it cheaper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Billed {
    pub(super) license_type: LicenseType,
    pub(super) units: u32,
    /// The names and plans it had; the first are those with which it came.
    pub(super) held: Vec<Held>,
    /// The last day, and the row of periods that ran then.
    pub(super) ended: Option<(Day, usize)>,
}

/// What a device is charged for.
struct Cause<'b> {
    on: Day,
    kind: ChargeKind,
    device: &'b DeviceId,
    plan: &'b Option<PlanId>,
    /// The price of a whole period.
    price: i64,
}

impl Billed {
    /// Whether it is the device of this name, and still billed.
    pub(super) fn is(&self, device: &DeviceId) -> bool {
        self.ended.is_none() && self.held.last().is_some_and(|held| held.device == *device)
    }

    /// Adds what the device costs in one period.
    pub(super) fn charge(
        &self,
        policy: &AccountTermPolicy,
        current: TermPeriod,
        charges: &mut Vec<Charge>,
    ) -> Result<()> {
        let Some(cause) = self.first_cause(current) else { return Ok(()) };
        let price = |plan: &Option<PlanId>| {
            let plan = plan.as_ref().and_then(|plan| policy.plans.get(plan));
            plan.and_then(|plan| plan.price(current.term)).unwrap_or(0)
        };
        let mut paid = price(cause.plan);
        charges.push(self.amount(policy, current, &Cause { price: paid, ..cause })?);
        for held in self.held.iter().skip(1) {
            if held.before(current) || !current.period.contains(held.on) {
                continue;
            }
            // What was paid for a dearer plan in this period is not asked for again.
            let dearer = price(&held.plan).saturating_sub(paid);
            if dearer > 0 {
                paid = price(&held.plan);
                let (on, kind, plan) = (held.on, ChargeKind::Upgrade, &held.plan);
                let cause = Cause { on, kind, device: &held.device, plan, price: dearer };
                charges.push(self.amount(policy, current, &cause)?);
            }
        }
        Ok(())
    }

    /// Why the device costs something in a period, if it does.
    fn first_cause(&self, current: TermPeriod) -> Option<Cause<'_>> {
        let (period, first) = (current.period, self.held.first()?);
        let gone = |(last, run): (Day, usize)| last < period.start || run < current.run;
        if first.on <= period.start {
            if self.ended.is_some_and(gone) {
                return None;
            }
            let held = self.held.iter().rev().find(|held| held.before(current)).unwrap_or(first);
            let (on, kind, plan) = (period.start, ChargeKind::Period, &held.plan);
            return Some(Cause { on, kind, device: &held.device, plan, price: 0 });
        }
        let (on, kind, plan) = (first.on, ChargeKind::Addition, &first.plan);
        let cause = Cause { on, kind, device: &first.device, plan, price: 0 };
        period.contains(on).then_some(cause)
    }

    /// The part of a price for the days that are left, times the units.
    fn amount(
        &self,
        policy: &AccountTermPolicy,
        TermPeriod { period, term, .. }: TermPeriod,
        cause: &Cause<'_>,
    ) -> Result<Charge> {
        let part = if cause.on == period.start {
            cause.price
        } else {
            let days = u32::try_from(period.end.days_since(cause.on)).unwrap_or(0);
            let basis = policy.prorata_basis.days(term, period.days());
            prorate(cause.price, days.min(basis), basis)?
        };
        Ok(Charge {
            on: cause.on,
            kind: cause.kind,
            device: cause.device.clone(),
            license_type: self.license_type.clone(),
            plan: cause.plan.clone(),
            units: self.units,
            from: cause.on,
            until: period.end,
            amount: part.checked_mul(self.units.into()).ok_or(ErrorKind::Internal)?,
        })
    }
}
