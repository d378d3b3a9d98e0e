//! The agreement on billed terms: the terms of an account, and the devices billed in them.
//!
//! A term begins with the first device that works; periods are laid from that day. Nothing is
//! kept of single charges: they follow from the days on which devices came, changed their plan and
//! went.

use serde::{Deserialize, Serialize};

use super::{Charge, CustomerEvent, charge::Billed};
use crate::{
    error::Result,
    id::{DeviceId, PlanId},
    policy::AccountTermPolicy,
    time::{Day, Period, Term},
};

/// A term that holds from a month after the beginning on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct TermFrom {
    month: u32,
    term: Term,
}

/// Periods without a gap between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    started: Day,
    terms: Vec<TermFrom>,
    /// Months from the beginning that are paid for, where terms do not renew by themselves.
    paid_months: u32,
}

/// The name and the plan that a device had from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) on: Day,
    /// The run of periods in which it was chosen.
    run: usize,
    pub(super) device: DeviceId,
    pub(super) plan: Option<PlanId>,
}

impl Held {
    /// Whether the device had them when this period began.
    pub(super) fn before(&self, current: TermPeriod) -> bool {
        self.on < current.period.start || self.run < current.run
    }
}

/// The terms of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountAgreement {
    pub(super) policy_version: u32,
    pub(super) policy: AccountTermPolicy,
    /// The term of what is begun or renewed next.
    next: Term,
    runs: Vec<Run>,
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
    /// Months from the beginning of its run to its start.
    #[serde(skip)]
    month: u32,
    /// The run it is of.
    #[serde(skip)]
    pub(super) run: usize,
}

impl AccountAgreement {
    pub(super) const fn new(policy_version: u32, policy: AccountTermPolicy, term: Term) -> Self {
        Self { policy_version, policy, next: term, runs: Vec::new(), billed: Vec::new() }
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
    pub fn started(&self) -> Option<Day> {
        self.runs.first().map(|run| run.started)
    }

    /// The term that holds on `today`; where no period runs, the one to begin with.
    ///
    /// # Errors
    /// [`ErrorKind::DateOutOfRange`](crate::error::ErrorKind::DateOutOfRange).
    pub fn term(&self, today: Day) -> Result<Term> {
        Ok(self.period(today)?.map_or(self.next, |current| current.term))
    }

    /// The period that holds `today`; none before the beginning, and after the end where terms do
    /// not renew by themselves.
    ///
    /// # Errors
    /// [`ErrorKind::DateOutOfRange`](crate::error::ErrorKind::DateOutOfRange) when it ends after
    /// 9999-12-31.
    pub fn period(&self, today: Day) -> Result<Option<TermPeriod>> {
        let mut runs = self.runs.iter().enumerate().rev();
        match runs.find(|(_, run)| run.started <= today) {
            Some((index, _)) => self.period_of(index, today),
            None => Ok(None),
        }
    }

    /// First day that is not paid for, as far as it is known on `today`; none where no period
    /// runs.
    ///
    /// # Errors
    /// As [`AccountAgreement::period`].
    pub fn paid_until(&self, today: Day) -> Result<Option<Day>> {
        let Some(current) = self.period(today)? else { return Ok(None) };
        match self.runs.get(current.run) {
            Some(run) if !self.policy.automatic_renewal => {
                run.started.plus_months(run.paid_months).map(Some)
            }
            _ => Ok(Some(current.period.end)),
        }
    }

    /// The next change of term that has not taken hold yet: the term and its first day (S-ST-10).
    ///
    /// # Errors
    /// As [`AccountAgreement::period`].
    pub fn pending(&self, today: Day) -> Result<Option<(Term, Day)>> {
        let Some(run) = self.runs.last() else { return Ok(None) };
        for from in &run.terms {
            let day = run.started.plus_months(from.month)?;
            if today < day {
                return Ok(Some((from.term, day)));
            }
        }
        Ok(None)
    }

    /// The term that is begun or renewed next: the one chosen last, else the same again
    /// (S-ST-16).
    #[must_use]
    pub const fn renewal_term(&self) -> Term {
        self.next
    }

    /// What arose from `from` up to and not including `to`, in order.
    ///
    /// What arose up to a day is the same whenever it is asked for later.
    ///
    /// # Errors
    /// As [`AccountAgreement::period`].
    pub fn charges(&self, from: Day, to: Day) -> Result<Vec<Charge>> {
        let mut charges = Vec::new();
        for (index, run) in self.runs.iter().enumerate() {
            let mut next = self.period_of(index, from.max(run.started))?;
            while let Some(current) = next.filter(|current| current.period.start < to) {
                for billed in &self.billed {
                    billed.charge(&self.policy, current, &mut charges)?;
                }
                next = self.following(current)?;
            }
        }
        charges.retain(|charge| (from..to).contains(&charge.on));
        charges.sort();
        Ok(charges)
    }

    /// From which month of the last run on a newly chosen term holds, and from which day: from the
    /// end of what is paid for on `today`, or at once where no period runs.
    pub(super) fn changes_at(&self, today: Day) -> Result<(u32, Option<Day>)> {
        let (Some(current), Some(run)) = (self.period(today)?, self.runs.last()) else {
            return Ok((0, None));
        };
        let end = current.end_month();
        let month = if self.policy.automatic_renewal { end } else { end.max(run.paid_months) };
        Ok((month, Some(run.started.plus_months(month)?)))
    }

    /// What one more term pays for, counted from the beginning of the last run: months, and the
    /// first day after them.
    pub(super) fn renewed(&self) -> Result<Option<(u32, Day)>> {
        let Some(run) = self.runs.last() else { return Ok(None) };
        let month = run.paid_months.saturating_add(self.next.in_months().into());
        Ok(Some((month, run.started.plus_months(month)?)))
    }

    fn period_of(&self, index: usize, today: Day) -> Result<Option<TermPeriod>> {
        let Some(run) = self.runs.get(index).filter(|run| run.started <= today) else {
            return Ok(None);
        };
        let month = today.months_since(run.started);
        let Some(from) = run.term_at(month) else { return Ok(None) };
        let term = u32::from(from.term.in_months());
        let whole = month.saturating_sub(from.month).checked_div(term).unwrap_or(0);
        self.period_at(index, from.month.saturating_add(whole.saturating_mul(term)))
    }

    fn following(&self, current: TermPeriod) -> Result<Option<TermPeriod>> {
        self.period_at(current.run, current.end_month())
    }

    /// The period that begins in a month of a run; none where it is not paid for.
    fn period_at(&self, index: usize, month: u32) -> Result<Option<TermPeriod>> {
        let run = self.runs.get(index);
        let paid = |run: &&Run| self.policy.automatic_renewal || month < run.paid_months;
        let Some((run, from)) = run.filter(paid).and_then(|run| Some((run, run.term_at(month)?)))
        else {
            return Ok(None);
        };
        let end = month.saturating_add(from.term.in_months().into());
        let period = Period::new(run.started.plus_months(month)?, run.started.plus_months(end)?);
        Ok(Some(TermPeriod { period, term: from.term, month, run: index }))
    }

    /// Takes an event of this agreement into the state.
    pub(super) fn take(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::TermStarted { on, .. } => {
                let terms = vec![TermFrom { month: 0, term: self.next }];
                let paid_months = self.next.in_months().into();
                self.runs.push(Run { started: *on, terms, paid_months });
            }
            CustomerEvent::TermSet { term, month, from, .. } => {
                self.next = *term;
                if let (Some(_), Some(run)) = (from, self.runs.last_mut()) {
                    run.set(*month, *term);
                }
            }
            CustomerEvent::TermRenewed { month, .. } => {
                if let Some(run) = self.runs.last_mut() {
                    run.paid_months = *month;
                }
            }
            CustomerEvent::BillingStarted { device, license_type, units, plan, on, .. } => {
                let held = self.held(device, plan.clone(), *on);
                self.billed.push(Billed {
                    license_type: license_type.clone(),
                    units: *units,
                    held: vec![held],
                    ended: None,
                });
            }
            CustomerEvent::BillingEnded { device, on, .. } => {
                let run = self.run();
                if let Some(billed) = self.billing(device) {
                    billed.ended = Some((*on, run));
                }
            }
            CustomerEvent::BillingMoved { device, to, on, .. } => {
                let run = self.run();
                if let Some(billed) = self.billing(device) {
                    let plan = billed.held.last().and_then(|held| held.plan.clone());
                    billed.held.push(Held { on: *on, run, device: to.clone(), plan });
                }
            }
            CustomerEvent::PlanChanged { device, plan, on, .. } => {
                let held = self.held(device, Some(plan.clone()), *on);
                if let Some(billed) = self.billing(device) {
                    billed.held.push(held);
                }
            }
            _ => {}
        }
    }

    pub(super) fn is_billed(&self, device: &DeviceId) -> bool {
        self.billed.iter().any(|billed| billed.is(device))
    }

    /// Whether a device has had this plan since it came.
    pub(super) fn has_had(&self, device: &DeviceId, plan: &PlanId) -> bool {
        let mut billed = self.billed.iter().filter(|billed| billed.is(device));
        billed.any(|billed| billed.held.iter().any(|held| held.plan.as_ref() == Some(plan)))
    }

    fn held(&self, device: &DeviceId, plan: Option<PlanId>, on: Day) -> Held {
        Held { on, run: self.run(), device: device.clone(), plan }
    }

    const fn run(&self) -> usize {
        self.runs.len().saturating_sub(1)
    }

    fn billing(&mut self, device: &DeviceId) -> Option<&mut Billed> {
        self.billed.iter_mut().find(|billed| billed.is(device))
    }
}

impl TermPeriod {
    fn end_month(self) -> u32 {
        self.month.saturating_add(self.term.in_months().into())
    }
}

impl Run {
    fn term_at(&self, month: u32) -> Option<TermFrom> {
        self.terms.iter().rev().find(|from| from.month <= month).copied()
    }

    /// Lets a term hold from a month on, in the place of what was to hold from then on.
    fn set(&mut self, month: u32, term: Term) {
        self.terms.retain(|from| from.month < month);
        if self.terms.last().is_none_or(|from| from.term != term) {
            self.terms.push(TermFrom { month, term });
        }
    }
}
