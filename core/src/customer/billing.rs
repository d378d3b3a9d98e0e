//! The agreement on billed terms: the terms of an account, and the devices billed in them.
//!
//! A term begins with the first device that works; periods are laid from that day. Nothing is
//! kept of single charges: they follow from the days on which devices came, changed their plan and
//! went.

use serde::Serialize;

use super::CustomerEvent;
use crate::{
    error::{ErrorKind, Result},
    id::{DeviceId, LicenseType, PlanId},
    money::prorate,
    policy::AccountTermPolicy,
    time::{Day, Period, Term},
};

/// A term that holds from a month after the beginning on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TermFrom {
    pub(super) month: u32,
    pub(super) term: Term,
}

/// A device, as it is billed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Billed {
    pub(super) device: DeviceId,
    pub(super) license_type: LicenseType,
    pub(super) units: u32,
    /// The plans it had, with their first days.
    pub(super) plans: Vec<(Day, Option<PlanId>)>,
    pub(super) until: Option<Day>,
}

/// The terms of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountAgreement {
    pub(super) policy_version: u32,
    pub(super) policy: AccountTermPolicy,
    pub(super) started: Option<Day>,
    pub(super) terms: Vec<TermFrom>,
    pub(super) paid_months: u32,
    pub(super) billed: Vec<Billed>,
}

/// A period of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TermPeriod {
    /// Its days.
    #[serde(flatten)]
    pub period: Period,
    /// Its length in months.
    pub term: Term,
    /// Months from the beginning to its start.
    #[serde(skip)]
    pub(super) month: u32,
}

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
    /// The device.
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

impl AccountAgreement {
    pub(super) fn new(policy_version: u32, policy: AccountTermPolicy, term: Term) -> Self {
        Self {
            policy_version,
            policy,
            started: None,
            terms: vec![TermFrom { month: 0, term }],
            paid_months: 0,
            billed: Vec::new(),
        }
    }

    /// The version of the policy kept.
    #[must_use]
    pub const fn policy_version(&self) -> u32 {
        self.policy_version
    }

    /// The policy kept.
    #[must_use]
    pub const fn policy(&self) -> &AccountTermPolicy {
        &self.policy
    }

    /// The first day of the first term; none while no device has worked yet (S-ST-13).
    #[must_use]
    pub const fn started(&self) -> Option<Day> {
        self.started
    }

    /// The term that holds on `today`, before the beginning the one to begin with.
    #[must_use]
    pub fn term(&self, today: Day) -> Term {
        let month = self.started.map_or(0, |started| today.months_since(started));
        self.term_at(month).map_or(Term::YEAR, |from| from.term)
    }

    /// The period that holds `today`; none before the beginning, and after the end where terms do
    /// not renew by themselves.
    ///
    /// # Errors
    /// [`ErrorKind::DateOutOfRange`] when it ends after 9999-12-31.
    pub fn period(&self, today: Day) -> Result<Option<TermPeriod>> {
        let Some(started) = self.started else { return Ok(None) };
        if today < started {
            return Ok(None);
        }
        let month = today.months_since(started);
        let Some(from) = self.term_at(month) else { return Ok(None) };
        let term = u32::from(from.term.in_months());
        let whole = month.saturating_sub(from.month).checked_div(term).unwrap_or(0);
        let month = from.month.saturating_add(whole.saturating_mul(term));
        self.period_from(started, month, from.term).map(|period| self.paid(period))
    }

    /// A change of term that has not taken hold yet: the term and its first day (S-ST-10).
    ///
    /// # Errors
    /// [`ErrorKind::DateOutOfRange`].
    pub fn pending(&self, today: Day) -> Result<Option<(Term, Day)>> {
        let Some(started) = self.started else { return Ok(None) };
        let Some(last) = self.terms.last() else { return Ok(None) };
        let from = started.plus_months(last.month)?;
        Ok((today < from).then_some((last.term, from)))
    }

    /// The term of the next period: the pending one, else the same again (S-ST-16).
    #[must_use]
    pub fn renewal_term(&self) -> Term {
        self.terms.last().map_or(Term::YEAR, |from| from.term)
    }

    /// What arose from `from` up to and not including `to`, in order.
    ///
    /// # Errors
    /// [`ErrorKind::DateOutOfRange`].
    pub fn charges(&self, from: Day, to: Day) -> Result<Vec<Charge>> {
        let mut charges = Vec::new();
        let Some(started) = self.started else { return Ok(charges) };
        let mut next = self.period(from.max(started))?;
        while let Some(current) = next.filter(|current| current.period.start < to) {
            for billed in &self.billed {
                billed.charge(&self.policy, current, &mut charges)?;
            }
            next = self.following(current)?;
        }
        charges.retain(|charge| (from..to).contains(&charge.on));
        charges.sort();
        Ok(charges)
    }

    fn term_at(&self, month: u32) -> Option<TermFrom> {
        self.terms.iter().rev().find(|from| from.month <= month).copied()
    }

    fn following(&self, current: TermPeriod) -> Result<Option<TermPeriod>> {
        let month = current.month.saturating_add(u32::from(current.term.in_months()));
        match (self.started, self.term_at(month)) {
            (Some(started), Some(from)) => {
                self.period_from(started, month, from.term).map(|period| self.paid(period))
            }
            _ => Ok(None),
        }
    }

    #[expect(clippy::unused_self, reason = "reads as a part of the agreement")]
    fn period_from(&self, started: Day, month: u32, term: Term) -> Result<TermPeriod> {
        let start = started.plus_months(month)?;
        let end = started.plus_months(month.saturating_add(u32::from(term.in_months())))?;
        Ok(TermPeriod { period: Period::new(start, end), term, month })
    }

    fn paid(&self, period: TermPeriod) -> Option<TermPeriod> {
        (self.policy.automatic_renewal || period.month < self.paid_months).then_some(period)
    }

    /// Takes an event of this agreement into the state.
    pub(super) fn take(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::TermStarted { on, .. } => {
                self.started = Some(*on);
                self.paid_months = u32::from(self.renewal_term().in_months());
            }
            CustomerEvent::TermSet { term, month, .. } => {
                self.terms.retain(|from| from.month < *month);
                if self.terms.last().is_none_or(|from| from.term != *term) {
                    self.terms.push(TermFrom { month: *month, term: *term });
                }
            }
            CustomerEvent::TermRenewed { month, .. } => self.paid_months = *month,
            CustomerEvent::BillingStarted { device, license_type, units, plan, on, .. } => {
                self.billed.push(Billed {
                    device: device.clone(),
                    license_type: license_type.clone(),
                    units: *units,
                    plans: vec![(*on, plan.clone())],
                    until: None,
                });
            }
            CustomerEvent::BillingEnded { device, on, .. } => {
                if let Some(billed) = self.billing(device) {
                    billed.until = Some(*on);
                }
            }
            CustomerEvent::BillingMoved { device, to, .. } => {
                if let Some(billed) = self.billing(device) {
                    billed.device.clone_from(to);
                }
            }
            CustomerEvent::PlanChanged { device, plan, on, .. } => {
                if let Some(billed) = self.billing(device) {
                    billed.plans.push((*on, Some(plan.clone())));
                }
            }
            _ => {}
        }
    }

    pub(super) fn is_billed(&self, device: &DeviceId) -> bool {
        self.billed.iter().any(|billed| billed.device == *device && billed.until.is_none())
    }

    fn billing(&mut self, device: &DeviceId) -> Option<&mut Billed> {
        self.billed.iter_mut().find(|billed| billed.device == *device && billed.until.is_none())
    }
}

impl Billed {
    /// What the device costs in one period.
    fn charge(
        &self,
        policy: &AccountTermPolicy,
        current: TermPeriod,
        charges: &mut Vec<Charge>,
    ) -> Result<()> {
        let TermPeriod { period, term, .. } = current;
        let Some((came, first)) = self.plans.first() else { return Ok(()) };
        let here = |day: Day| self.until.is_none_or(|until| day < until);
        let mut price = 0;
        let mut record = |on: Day, kind: ChargeKind, plan: &Option<PlanId>, amount: i64| {
            let days = u32::try_from(period.end.days_since(on)).unwrap_or(0);
            let basis = policy.prorata_basis.days(term, period.days());
            let whole = on == period.start;
            let part = if whole { amount } else { prorate(amount, days.min(basis), basis)? };
            let units = i64::from(self.units);
            charges.push(Charge {
                on,
                kind,
                device: self.device.clone(),
                license_type: self.license_type.clone(),
                plan: plan.clone(),
                units: self.units,
                from: on,
                until: period.end,
                amount: part.checked_mul(units).ok_or(ErrorKind::Internal)?,
            });
            Ok::<(), crate::error::Refusal>(())
        };
        let priced = |plan: &Option<PlanId>| {
            let plan = plan.as_ref().and_then(|plan| policy.plans.get(plan));
            plan.and_then(|plan| plan.price(term)).unwrap_or(0)
        };
        if *came <= period.start && here(period.start) {
            let at_start = self.plans.iter().rev().find(|(day, _)| *day <= period.start);
            let plan = at_start.map_or(first, |(_, plan)| plan);
            price = priced(plan);
            record(period.start, ChargeKind::Period, plan, price)?;
        } else if period.contains(*came) {
            price = priced(first);
            record(*came, ChargeKind::Addition, first, price)?;
        }
        for (day, plan) in self.plans.iter().skip(1) {
            if period.start < *day && *day < period.end {
                // What was paid for a dearer plan in this period is not asked for again.
                let dearer = priced(plan).saturating_sub(price);
                if dearer > 0 {
                    price = priced(plan);
                    record(*day, ChargeKind::Upgrade, plan, dearer)?;
                }
            }
        }
        Ok(())
    }
}
