//! Decisions about the terms of an account and the devices billed in them.

use super::{
    AccountAgreement, AccountState, Customer, CustomerEvent, Draft, not_registered, other_scheme,
    pages::not_offered,
};
use crate::{
    device::{DeviceDescription, DeviceState},
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, DeviceId, PlanId, ProductId},
    time::Term,
};

impl Customer {
    /// The agreement on `product`, billed by terms of an account.
    ///
    /// # Errors
    /// [`ErrorKind::NotRegistered`] when there is none; `id` is named in it.
    /// [`ErrorKind::SchemeMismatch`] when it is of another scheme.
    pub fn account_agreement(
        &self,
        id: &CustomerId,
        product: &ProductId,
    ) -> Result<&AccountAgreement> {
        let agreement = self.agreements.get(product).ok_or_else(|| not_registered(id, product))?;
        agreement.account().ok_or_else(|| other_scheme(product, "account_term"))
    }
}

impl Draft<'_> {
    /// Chooses the term: at once while no device has worked yet, else from the end of the current
    /// period on (S-ST-09, S-ST-10). The one chosen last holds; the current one takes a pending
    /// change back (S-ST-15).
    pub(crate) fn change_term(&mut self, product: &ProductId, term: Term) -> Result<()> {
        let agreement = self.customer.account_agreement(self.id, product)?;
        if !agreement.policy.terms.contains(&term) {
            return Err(not_offered(term));
        }
        let (month, from) = agreement.changes_at(self.today)?;
        if agreement.renewal_term() != term {
            self.record(CustomerEvent::TermSet { product: product.clone(), term, month, from });
        }
        Ok(())
    }

    /// Pays for one more term, where terms do not renew by themselves; after the end of what was
    /// paid for, periods are laid anew from today.
    pub(crate) fn renew_term(&mut self, product: &ProductId) -> Result<()> {
        let agreement = self.customer.account_agreement(self.id, product)?;
        let renewed = agreement.renewed()?.filter(|_| !agreement.policy.automatic_renewal);
        let Some((month, until)) = renewed else {
            return Err(Refusal::new(ErrorKind::AccountStateForbids)
                .with("state", self.customer.state.name())
                .with("detail", "its term has not begun, or renews by itself"));
        };
        let product = product.clone();
        self.record(match agreement.period(self.today)? {
            Some(_) => CustomerEvent::TermRenewed { product, month, until },
            None => CustomerEvent::TermStarted { product, on: self.today },
        });
        Ok(())
    }

    /// Changes the plan of a device; one that it left cannot be taken again (S-ST-52, S-ST-54).
    pub(crate) fn change_plan(&mut self, id: &DeviceId, plan: &PlanId) -> Result<()> {
        let device = self.customer.device(id)?.clone();
        let agreement = self.customer.account_agreement(self.id, &device.product)?;
        if !agreement.policy.plans.contains_key(plan) {
            return Err(Refusal::new(ErrorKind::PlanUnknown).with("plan", plan));
        }
        self.check_active()?;
        if device.state != DeviceState::Enrolled {
            return Err(device.state.forbids(id, "only a device that works changes its plan"));
        }
        if device.description.plan.as_ref() == Some(plan) {
            return Ok(());
        }
        if agreement.has_had(id, plan) {
            return Err(Refusal::new(ErrorKind::PlanLeft).with("device", id).with("plan", plan));
        }
        self.record(CustomerEvent::PlanChanged {
            product: device.product,
            device: id.clone(),
            plan: plan.clone(),
            on: self.today,
        });
        Ok(())
    }

    /// Replaces a device by a new one, which keeps its label, plan and quality and costs nothing
    /// more (S-ST-47).
    pub(crate) fn replace_device(
        &mut self,
        id: &DeviceId,
        by: &DeviceId,
        told: &DeviceDescription,
    ) -> Result<()> {
        let device = self.customer.device(id)?.clone();
        let product = device.product.clone();
        self.customer.account_agreement(self.id, &product)?;
        self.check_active()?;
        if device.description.channels.is_some() || told.channels.is_some() {
            return Err(Refusal::new(ErrorKind::DeviceNotReplaceable).with("device", id));
        }
        if self.customer.devices.contains_key(by) {
            return Err(Refusal::new(ErrorKind::DeviceAlreadyRegistered).with("device", by));
        }
        if !device.state.editable() {
            return Err(device.state.forbids(id, "it can only be deleted"));
        }
        let kept = &device.description;
        let description = DeviceDescription {
            label: kept.label.clone(),
            plan: kept.plan.clone(),
            quality: kept.quality.clone(),
            ..told.clone()
        };
        description.validate()?;
        let number = self.customer.last_device.saturating_add(1);
        let state = DeviceState::Creating;
        let entry = crate::device::Device { number, state, description, ..device };
        self.record(CustomerEvent::DeviceRegistered { device: by.clone(), entry });
        let (device, to, on) = (id.clone(), by.clone(), self.today);
        self.record(CustomerEvent::BillingMoved { product, device, to, on });
        self.step(id, DeviceState::Deleting, None)
    }

    /// Refuses a device that cannot be billed, or is one too many (S-ST-46).
    pub(super) fn check_new_billed(
        &self,
        product: &ProductId,
        description: &DeviceDescription,
    ) -> Result<()> {
        self.customer.require_account(self.id)?;
        let agreement = self.customer.account_agreement(self.id, product)?;
        self.check_active()?;
        let policy = &agreement.policy;
        match &description.plan {
            Some(plan) if !policy.plans.contains_key(plan) => {
                return Err(Refusal::new(ErrorKind::PlanUnknown).with("plan", plan));
            }
            None if !policy.plans.is_empty() => {
                return Err(Refusal::new(ErrorKind::FieldMissing)
                    .with("page", "device")
                    .with("field", "plan"));
            }
            _ => {}
        }
        let devices = self.customer.devices_of(product).count();
        let limit = policy.device_limit.and_then(|limit| usize::try_from(limit).ok());
        match limit.filter(|limit| devices >= *limit) {
            Some(limit) => Err(Refusal::new(ErrorKind::CameraLimit).with("limit", limit)),
            None => Ok(()),
        }
    }

    /// A device that works for the first time is billed from today on, and the first of all starts
    /// the term (S-ST-13).
    pub(super) fn start_billing(&mut self, product: &ProductId, id: &DeviceId) -> Result<()> {
        let Ok(agreement) = self.customer.account_agreement(self.id, product) else {
            return Ok(());
        };
        if agreement.is_billed(id) {
            return Ok(());
        }
        let started = agreement.started().is_some();
        let device = self.customer.device(id)?.clone();
        let (product, on) = (product.clone(), self.today);
        if !started {
            self.record(CustomerEvent::TermStarted { product: product.clone(), on });
        }
        self.record(CustomerEvent::BillingStarted {
            product,
            device: id.clone(),
            license_type: device.license_type,
            units: device.description.units(),
            plan: device.description.plan,
            on,
        });
        Ok(())
    }

    /// A device that goes is billed no more; what was paid is not given back (S-ST-50).
    pub(super) fn end_billing(&mut self, product: &ProductId, id: &DeviceId) {
        let agreement = self.customer.account_agreement(self.id, product);
        if agreement.is_ok_and(|agreement| agreement.is_billed(id)) {
            let (product, device, on) = (product.clone(), id.clone(), self.today);
            self.record(CustomerEvent::BillingEnded { product, device, on });
        }
    }

    fn check_active(&self) -> Result<()> {
        if self.customer.state == AccountState::Active {
            return Ok(());
        }
        Err(Refusal::new(ErrorKind::AccountStateForbids)
            .with("state", self.customer.state.name())
            .with("detail", "devices are changed only while it is active"))
    }
}
