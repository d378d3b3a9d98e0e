//! Allocation of licences from the wallet to a period, and its compensation.

use super::{AllocationLine, CustomerEvent, Draft};
use crate::{
    error::{ErrorKind, Refusal, Result},
    id::{LicenseType, ProductId},
    overlap,
    subscription::{Quantities, Subscription, quantity},
    wallet::{Lot, LotSource, QUANTITY_MAX, Want},
};

impl Draft<'_> {
    /// Allocates licences to the period `ahead` of the current one (S-AX-40, S-AX-54).
    ///
    /// The dates of the period stay as they are; when the grace is over, the overlap is credited
    /// (S-AX-47, S-AX-48).
    pub(crate) fn allocate(
        &mut self,
        product: &ProductId,
        ahead: u32,
        quantities: &Quantities,
    ) -> Result<()> {
        let agreement = self.customer.agreement(self.id, product)?;
        let unstarted = || Refusal::new(ErrorKind::SubscriptionNotStarted).with("product", product);
        let subscription = agreement.subscription().ok_or_else(unstarted)?;
        let devices = self.customer.devices(product);
        check_quantities(quantities)?;
        self.check_period(product, ahead, &devices)?;

        let mut lines = Vec::new();
        let mut need = agreement.need(ahead, &devices);
        for (license_type, wanted) in quantities {
            let need = need.remove(license_type).unwrap_or(0);
            let allocated = quantity(&subscription.allocated(ahead), license_type);
            if allocated.saturating_add(*wanted) > QUANTITY_MAX {
                return Err(out_of_range(u64::from(allocated).saturating_add((*wanted).into())));
            }
            let open = need.saturating_sub(allocated);
            self.check_need(product, license_type, (*wanted, open))?;
            let want = Want { license_type, term: subscription.term(), quantity: *wanted };
            let debits = agreement.wallet().choose(want, self.today)?;
            let license_type = license_type.clone();
            lines.push(AllocationLine { license_type, quantity: *wanted, debits });
        }
        if !agreement.policy().partial_allocation {
            let allocated = subscription.allocated(ahead);
            for (license_type, need) in need {
                let open = need.saturating_sub(quantity(&allocated, &license_type));
                self.check_need(product, &license_type, (0, open))?;
            }
        }
        let (period, credited_from) = (subscription.period(ahead)?, subscription.clone());
        self.record(CustomerEvent::Allocated { product: product.clone(), ahead, period, lines });
        if ahead == 0 {
            for (license_type, quantity) in quantities {
                self.compensate(product, &credited_from, license_type, *quantity)?;
            }
        }
        Ok(())
    }

    fn compensate(
        &mut self,
        product: &ProductId,
        subscription: &Subscription,
        license_type: &LicenseType,
        quantity: u32,
    ) -> Result<()> {
        let agreement = self.customer.agreement(self.id, product)?;
        let overlap = subscription.overlap(self.today)?;
        let overlap_days = overlap.days(agreement.policy.compensation);
        if overlap_days == 0 {
            return Ok(());
        }
        let (term, period_days) = (subscription.term(), overlap.period.days());
        let carry = subscription.carry(license_type);
        let credit = overlap::credit(term, quantity, overlap_days, period_days, carry)?;
        let lot = Lot {
            id: agreement.wallet.next_lot(),
            license_type: license_type.clone(),
            term,
            quantity: credit.licenses,
            source: LotSource::Compensation,
            stored_on: self.today,
            expires_on: self.expires_on(&agreement.policy)?,
        };
        self.record(CustomerEvent::Compensated {
            product: product.clone(),
            license_type: license_type.clone(),
            term,
            quantity,
            overlap_days,
            period_days,
            lot: (lot.quantity > 0).then_some(lot),
            carry: credit.carry,
        });
        Ok(())
    }

    /// The period must be within the advance limit and the one before it covered.
    fn check_period(&self, product: &ProductId, ahead: u32, devices: &Quantities) -> Result<()> {
        let agreement = self.customer.agreement(self.id, product)?;
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
            Some(before) if !covered(before) => {
                Err(Refusal::new(ErrorKind::PeriodGap).with("period", before))
            }
            _ => Ok(()),
        }
    }

    /// Not more than is needed, and unless the policy takes parts, not less.
    fn check_need(
        &self,
        product: &ProductId,
        license_type: &LicenseType,
        (wanted, open): (u32, u32),
    ) -> Result<()> {
        let agreement = self.customer.agreement(self.id, product)?;
        if wanted > open && !agreement.policy.over_allocation {
            return Err(Refusal::new(ErrorKind::ExceedsNeed)
                .with("wanted", wanted)
                .with("license_type", license_type)
                .with("need", open));
        }
        if wanted >= open || agreement.policy.partial_allocation {
            return Ok(());
        }
        let term = agreement.subscription().ok_or(ErrorKind::Internal)?.term();
        let usable = agreement.wallet.usable(license_type, term, self.today);
        if usable < u64::from(open) {
            return Err(Refusal::new(ErrorKind::InsufficientWallet)
                .with("usable", usable)
                .with("license_type", license_type)
                .with("wanted", open));
        }
        Err(partial(license_type, wanted, open))
    }
}

fn partial(license_type: &LicenseType, wanted: u32, open: u32) -> Refusal {
    Refusal::new(ErrorKind::PartialAllocation)
        .with("wanted", wanted)
        .with("license_type", license_type)
        .with("need", open)
}

fn out_of_range(value: u64) -> Refusal {
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
