//! Allocation of licences from the wallet to periods, and its compensation.

use super::{AllocationLine, CustomerEvent, Draft, PoolAgreement};
use crate::{
    error::{ErrorKind, Refusal, Result},
    id::{LicenseType, ProductId},
    overlap,
    policy::CreditedStorage,
    subscription::{Quantities, Subscription, quantity},
    time::{Day, Term},
    wallet::{Debit, Lot, LotKind, LotSource, QUANTITY_MAX, Want},
};

/// What is to be allocated: licences of a term, from one period on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allocating<'a> {
    pub(crate) quantities: &'a Quantities,
    /// Periods ahead of the current one.
    pub(crate) ahead: u32,
    /// Term of the licences; without it that of the subscription.
    pub(crate) term: Option<Term>,
}

impl Draft<'_> {
    /// Allocates licences to the period `ahead` of the current one, and where each covers several
    /// periods, to those that follow (S-AX-40, S-AX-54).
    ///
    /// The dates of the period stay as they are; when the grace is over, the overlap is credited
    /// (S-AX-47, S-AX-48).
    pub(crate) fn allocate(&mut self, product: &ProductId, wanted: Allocating<'_>) -> Result<()> {
        check_quantities(wanted.quantities)?;
        let agreement = self.customer.pool(self.id, product)?;
        let unstarted = || Refusal::new(ErrorKind::SubscriptionNotStarted).with("product", product);
        let subscription = agreement.subscription().ok_or_else(unstarted)?.clone();
        let term = wanted.term.unwrap_or_else(|| subscription.term());
        let periods = term.in_units_of(subscription.term()).ok_or_else(|| {
            Refusal::new(ErrorKind::TermNotOffered)
                .with("months", term.in_months())
                .with("product", product)
        })?;
        let devices = self.customer.devices(product);
        for later in 0..u32::from(periods) {
            let ahead = wanted.ahead.saturating_add(later);
            check_period(agreement, (ahead, later == 0), &devices)?;
            self.check_need(agreement, (ahead, term), wanted.quantities, &devices)?;
        }
        let mut lines = Vec::new();
        for (license_type, quantity) in wanted.quantities {
            let want =
                Want { license_type, kind: LotKind::Subscription(term), quantity: *quantity };
            let debits = agreement.wallet().choose(want, self.today)?;
            let (license_type, quantity) = (license_type.clone(), *quantity);
            lines.push(AllocationLine { license_type, quantity, debits });
        }
        self.record(CustomerEvent::Allocated {
            product: product.clone(),
            allocation: agreement.allocations.saturating_add(1),
            ahead: wanted.ahead,
            period: subscription.period(wanted.ahead)?,
            periods,
            lines: lines.clone(),
        });
        if wanted.ahead == 0 {
            for line in &lines {
                self.compensate(product, &subscription, line)?;
            }
        }
        Ok(())
    }

    /// Credits the overlap of licences allocated to the current period; only that period overlaps.
    fn compensate(
        &mut self,
        product: &ProductId,
        subscription: &Subscription,
        line: &AllocationLine,
    ) -> Result<()> {
        let agreement = self.customer.pool(self.id, product)?;
        let overlap = subscription.overlap(self.today)?;
        let overlap_days = overlap.days(agreement.policy.compensation);
        if overlap_days == 0 {
            return Ok(());
        }
        let (term, period_days) = (subscription.term(), overlap.period.days());
        let carry = subscription.carry(&line.license_type);
        let credit = overlap::credit(term, line.quantity, overlap_days, period_days, carry)?;
        let lot = Lot {
            id: agreement.wallet.next_lot(),
            license_type: line.license_type.clone(),
            kind: LotKind::Subscription(term),
            quantity: credit.licenses,
            source: LotSource::Compensation,
            stored_on: self.today,
            expires_on: self.credit_expires_on(agreement, &line.debits)?,
        };
        self.record(CustomerEvent::Compensated {
            product: product.clone(),
            license_type: line.license_type.clone(),
            term,
            quantity: line.quantity,
            overlap_days,
            period_days,
            lot: (lot.quantity > 0).then_some(lot),
            carry: credit.carry,
        });
        Ok(())
    }

    fn credit_expires_on(&self, agreement: &PoolAgreement, debits: &[Debit]) -> Result<Day> {
        let fresh = self.expires_on(&agreement.policy)?;
        let sources = debits.iter().filter_map(|debit| agreement.wallet.lot(debit.lot));
        let first = sources.map(|(lot, _)| lot.expires_on).min();
        Ok(match agreement.policy.credited_storage {
            CreditedStorage::Fresh => fresh,
            CreditedStorage::Inherit => first.unwrap_or(fresh),
        })
    }

    /// Not more than a period needs, and unless the policy takes parts, not less.
    fn check_need(
        &self,
        agreement: &PoolAgreement,
        (ahead, term): (u32, Term),
        quantities: &Quantities,
        devices: &Quantities,
    ) -> Result<()> {
        let subscription = agreement.subscription().ok_or(ErrorKind::Internal)?;
        let (need, allocated) = (agreement.need(ahead, devices), subscription.allocated(ahead));
        for license_type in need.keys().chain(quantities.keys()) {
            let wanted = quantity(quantities, license_type);
            let already = quantity(&allocated, license_type);
            if already.saturating_add(wanted) > QUANTITY_MAX {
                return Err(out_of_range(u64::from(already).saturating_add(wanted.into())));
            }
            let open = quantity(&need, license_type).saturating_sub(already);
            if wanted > open && !agreement.policy.over_allocation {
                return Err(Refusal::new(ErrorKind::ExceedsNeed)
                    .with("wanted", wanted)
                    .with("license_type", license_type)
                    .with("need", open));
            }
            if wanted < open && !agreement.policy.partial_allocation {
                let kind = LotKind::Subscription(term);
                let usable = agreement.wallet.usable(license_type, kind, self.today);
                return Err(incomplete(license_type, (wanted, open), usable));
            }
        }
        Ok(())
    }
}

/// Not beyond the advance limit, and not behind a period that is not covered.
fn check_period(
    agreement: &PoolAgreement,
    (ahead, first): (u32, bool),
    devices: &Quantities,
) -> Result<()> {
    let limit = u32::from(agreement.policy.advance_periods);
    if ahead > limit {
        return Err(Refusal::new(ErrorKind::AdvanceLimit)
            .with("period", ahead)
            .with("limit", limit));
    }
    let covered = |before: u32| {
        let subscription = agreement.subscription();
        subscription.is_some_and(|subscription| subscription.fully_licensed(before, devices))
    };
    match ahead.checked_sub(1) {
        Some(before) if first && !covered(before) => {
            Err(Refusal::new(ErrorKind::PeriodGap).with("period", before))
        }
        _ => Ok(()),
    }
}

/// Too little was asked for: because there is too little, or by mistake.
fn incomplete(license_type: &LicenseType, (wanted, open): (u32, u32), usable: u64) -> Refusal {
    if usable < u64::from(open) {
        return Refusal::new(ErrorKind::InsufficientWallet)
            .with("usable", usable)
            .with("license_type", license_type)
            .with("wanted", open);
    }
    Refusal::new(ErrorKind::PartialAllocation)
        .with("wanted", wanted)
        .with("license_type", license_type)
        .with("need", open)
}

pub(super) fn out_of_range(value: u64) -> Refusal {
    Refusal::new(ErrorKind::QuantityOutOfRange)
        .with("what", "a quantity of")
        .with("value", value)
        .with("min", 1)
        .with("max", QUANTITY_MAX)
}

pub(crate) fn check_quantities(quantities: &Quantities) -> Result<()> {
    if quantities.is_empty() {
        return Err(out_of_range(0));
    }
    match quantities.values().find(|quantity| !(1..=QUANTITY_MAX).contains(*quantity)) {
        Some(quantity) => Err(out_of_range((*quantity).into())),
        None => Ok(()),
    }
}
