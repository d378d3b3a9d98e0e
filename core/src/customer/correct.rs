//! Corrections: events like any other, given by the vendor with a reason, conserving the sums.

use super::{Agreement, Correction, CustomerEvent, Draft, not_registered};
use crate::{
    catalogue::Catalogue,
    error::{ErrorKind, Refusal, Result},
    id::ProductId,
    wallet::{Debit, LotId},
};

/// The longest reason, in bytes.
pub(crate) const REASON_BYTES_MAX: usize = 500;

impl Draft<'_> {
    /// Takes a lot out of circulation: an untouched one as void, else what is left of it.
    pub(crate) fn take_back(
        &mut self,
        product: &ProductId,
        lot: LotId,
        correction: Correction,
        reason: &str,
    ) -> Result<()> {
        check_reason(reason)?;
        let agreement = self.customer.agreements.get(product);
        let (stored, left) = match agreement.ok_or_else(|| not_registered(self.id, product))? {
            Agreement::Pool(pool) => {
                pool.wallet.lot(lot).map(|(lot, left)| (lot.quantity, left.left))
            }
            Agreement::Hosts(hosts) => hosts.left_of(lot, (correction, self.today)),
            Agreement::Devices(devices) => devices.left_of(lot, correction),
            Agreement::Account(_) => None,
        }
        .ok_or_else(|| Refusal::new(ErrorKind::LotUnknown).with("lot", lot))?;
        if left == 0 || (correction == Correction::Void && left < stored) {
            return Err(Refusal::new(ErrorKind::LotTouched)
                .with("lot", lot)
                .with("left", left)
                .with("quantity", stored));
        }
        let pooled = matches!(agreement, Some(Agreement::Pool(_)));
        let quantity = if pooled { left } else { stored };
        self.record(CustomerEvent::LicensesVoided {
            product: product.clone(),
            debit: Debit { lot, quantity },
            correction,
            reason: reason.to_owned(),
        });
        self.assign_automatically(product);
        Ok(())
    }

    /// Undoes the newest allocation, within its period and while what it gave back is untouched.
    pub(crate) fn undo_allocation(
        &mut self,
        product: &ProductId,
        allocation: u32,
        reason: &str,
    ) -> Result<()> {
        check_reason(reason)?;
        let agreement = self.customer.pool(self.id, product)?;
        let refused = |detail: &str| {
            Err(Refusal::new(ErrorKind::AllocationNotLast)
                .with("allocation", allocation)
                .with("detail", detail))
        };
        let Some(last) = agreement.last.as_ref().filter(|_| agreement.allocations == allocation)
        else {
            return refused("it is not the newest of the current period");
        };
        let touched = |id: &LotId| {
            let lot = agreement.wallet.lot(*id);
            lot.is_none_or(|(lot, left)| left.left < lot.quantity)
        };
        if last.credited.iter().any(touched) {
            return refused("what it gave back is in use");
        }
        self.record(CustomerEvent::AllocationUndone {
            product: product.clone(),
            allocation,
            reason: reason.to_owned(),
        });
        Ok(())
    }

    /// Keeps the newest policy from the next period on; the past stays under the old one.
    pub(crate) fn adopt_policy(
        &mut self,
        catalogue: &Catalogue,
        product: &ProductId,
    ) -> Result<()> {
        if self.customer.hosts(self.id, product).is_ok() {
            return self.adopt_host_policy(catalogue, product);
        }
        if self.customer.device_agreement(self.id, product).is_ok() {
            return self.adopt_device_policy(catalogue, product);
        }
        let (policy_version, policy) =
            super::decide::subscription_policy(product, catalogue.product(product)?)?;
        let agreement = self.customer.pool(self.id, product)?;
        let unstarted = || Refusal::new(ErrorKind::SubscriptionNotStarted).with("product", product);
        let subscription = agreement.subscription().ok_or_else(unstarted)?;
        let kept = agreement.next_policy().map_or(agreement.policy_version, |(version, _)| version);
        if kept == policy_version {
            return Err(Refusal::new(ErrorKind::PolicyCurrent)
                .with("product", product)
                .with("version", policy_version));
        }
        if !policy.terms.contains(&subscription.term()) {
            return Err(Refusal::new(ErrorKind::TermNotOffered)
                .with("months", subscription.term().in_months())
                .with("product", product));
        }
        let policy = policy.clone();
        let product = product.clone();
        self.record(CustomerEvent::PolicyAdopted { product, policy_version, policy });
        Ok(())
    }
}

pub(crate) fn check_reason(reason: &str) -> Result<()> {
    if (1..=REASON_BYTES_MAX).contains(&reason.trim().len()) {
        return Ok(());
    }
    Err(Refusal::new(ErrorKind::FieldInvalid)
        .with("field", "reason")
        .with("value", reason.chars().take(40).collect::<String>())
        .with("expected", format_args!("a text of 1 to {REASON_BYTES_MAX} bytes")))
}
