//! Decisions about devices and the licences assigned to them.

use std::collections::BTreeSet;

use super::{
    Agreement, Assignment, Customer, CustomerEvent, DeviceAgreement, DeviceLot, Draft,
    LicenseNumber, RedeemedKey, known_type, not_registered, other_scheme,
};
use crate::{
    batch::KeyContents,
    catalogue::Catalogue,
    device::{Device, DeviceDescription, DeviceProblem, DeviceState},
    error::{ErrorKind, Refusal, Result},
    id::{DeviceId, LicenseType, ProductId},
    policy::{DeviceAssignedPolicy, Policy},
    wallet::{LotId, LotSource},
};

/// A device to be registered.
#[derive(Clone, Copy)]
pub(crate) struct NewDevice<'a> {
    pub(crate) id: &'a DeviceId,
    pub(crate) product: &'a ProductId,
    pub(crate) license_type: &'a LicenseType,
    pub(crate) description: &'a DeviceDescription,
}

impl Customer {
    /// The most devices of one customer.
    pub const DEVICES_MAX: usize = 100_000;

    pub(super) fn device(&self, id: &DeviceId) -> Result<&Device> {
        let unknown = || Refusal::new(ErrorKind::DeviceNotRegistered).with("device", id);
        self.devices.get(id).ok_or_else(unknown)
    }
}

impl Draft<'_> {
    /// Registers a device; a free licence goes to it where the policy says so (S-IP-12).
    pub(crate) fn register_device(
        &mut self,
        catalogue: &Catalogue,
        new: NewDevice<'_>,
    ) -> Result<()> {
        let NewDevice { id, product, license_type, description } = new;
        let entry = catalogue.product(product)?;
        known_type(entry, product, license_type)?;
        description.validate()?;
        if self.customer.devices.contains_key(id) {
            return Err(Refusal::new(ErrorKind::DeviceAlreadyRegistered).with("device", id));
        }
        if self.customer.devices.len() >= Customer::DEVICES_MAX {
            return Err(Refusal::over(
                "devices of one customer:",
                Customer::DEVICES_MAX.saturating_add(1),
                Customer::DEVICES_MAX,
            ));
        }
        let state = match entry.policy() {
            Some((_, Policy::DeviceAssigned(_))) => {
                self.join_devices(catalogue, product)?;
                DeviceState::Enrolled
            }
            Some((_, Policy::AccountTerm(_))) => {
                self.check_new_billed(product, description)?;
                DeviceState::Creating
            }
            _ => return Err(other_scheme(product, "device_assigned or account_term")),
        };
        let device = Device {
            product: product.clone(),
            license_type: license_type.clone(),
            number: self.customer.last_device.saturating_add(1),
            state,
            description: description.clone(),
        };
        self.record(CustomerEvent::DeviceRegistered { device: id.clone(), entry: device });
        self.assign_automatically(product);
        Ok(())
    }

    /// Takes in what the vendor's program tells of the state of a device (S-ST-43, S-ST-45).
    pub(crate) fn report_device(
        &mut self,
        id: &DeviceId,
        state: DeviceState,
        problem: Option<DeviceProblem>,
    ) -> Result<()> {
        let device = self.customer.device(id)?;
        device.state.check_step(id, state)?;
        if problem.is_some() != (state == DeviceState::Error) {
            return Err(device.state.forbids(id, "an error, and nothing else, has a problem"));
        }
        if device.state != state {
            self.step(id, state, problem)?;
        }
        Ok(())
    }

    /// Begins to delete a device, which frees its licence and ends its billing; nothing is
    /// refunded (S-ST-50).
    pub(crate) fn delete_device(&mut self, id: &DeviceId) -> Result<()> {
        let device = self.customer.device(id)?;
        if !device.state.counts() {
            return Err(device.state.forbids(id, "its deletion has begun"));
        }
        let product = device.product.clone();
        self.step(id, DeviceState::Deleting, None)?;
        if self.customer.device_agreement(self.id, &product).is_ok() {
            self.step(id, DeviceState::Deleted, None)?;
        }
        Ok(())
    }

    /// Orders the restart of a device (S-IP-39, S-IP-40).
    pub(crate) fn reboot_device(&mut self, id: &DeviceId) -> Result<()> {
        let state = self.customer.device(id)?.state;
        state.check_step(id, DeviceState::Rebooting)?;
        if state == DeviceState::Rebooting {
            return Err(state.forbids(id, "its restart was ordered before"));
        }
        self.record(CustomerEvent::DeviceRebootOrdered { device: id.clone() });
        Ok(())
    }

    /// Records that somebody looked at the devices (S-IP-38).
    pub(crate) fn inspect_devices(&mut self) {
        self.record(CustomerEvent::DevicesInspected {});
    }

    /// Changes what is told of a device; plan and channels have ways of their own.
    pub(crate) fn edit_device(
        &mut self,
        id: &DeviceId,
        description: &DeviceDescription,
    ) -> Result<()> {
        description.validate()?;
        let device = self.customer.device(id)?;
        if !device.state.editable() {
            return Err(device.state.forbids(id, "it can only be deleted"));
        }
        let fixed = |d: &DeviceDescription| (d.plan.clone(), d.channels);
        if fixed(&device.description) != fixed(description) {
            return Err(device.state.forbids(id, "an edit changes neither plan nor channels"));
        }
        if device.description != *description {
            let description = description.clone();
            self.record(CustomerEvent::DeviceEdited { device: id.clone(), description });
        }
        Ok(())
    }

    /// Saves assignments that were drafted from revision `base`: all of them or none (S-IP-21).
    pub(crate) fn save_assignments(
        &mut self,
        product: &ProductId,
        base: u64,
        changes: &[Assignment],
    ) -> Result<()> {
        let agreement = self.customer.device_agreement(self.id, product)?;
        if agreement.revision != base {
            return Err(Refusal::new(ErrorKind::PreviewStale));
        }
        let on = self.customer.drafted((self.id, product), changes, self.today)?;
        let named: BTreeSet<LicenseNumber> = changes.iter().map(|change| change.license).collect();
        let differs = |license: &LicenseNumber| {
            let before = agreement.licenses.get(license).and_then(|of| of.device.as_ref());
            before != on.get(license)
        };
        let new = |license| Assignment { license, device: on.get(&license).cloned() };
        let made: Vec<_> = named.into_iter().filter(differs).map(new).collect();
        if !made.is_empty() {
            self.record(CustomerEvent::LicensesAssigned {
                product: product.clone(),
                changes: made,
                automatic: false,
            });
        }
        Ok(())
    }

    /// Takes licences for devices; they go to unlicensed devices where the policy says so.
    pub(crate) fn stock_devices(
        &mut self,
        catalogue: &Catalogue,
        product: &ProductId,
        (contents, source): (&[KeyContents], LotSource),
        key: Option<RedeemedKey>,
    ) -> Result<()> {
        let today = self.today;
        let agreement = self.join_devices(catalogue, product)?;
        let (until, updates_until) = agreement.policy.duration.ends(today)?;
        let (mut lots, mut next) = (Vec::new(), agreement.last_license.0.saturating_add(1));
        for (offset, contents) in (1_u32..).zip(contents) {
            lots.push(DeviceLot {
                id: LotId(agreement.last_lot.0.saturating_add(offset)),
                first: LicenseNumber(next),
                license_type: contents.license_type.clone(),
                quantity: contents.quantity,
                source,
                stored_on: today,
                until,
                updates_until,
            });
            next = next.saturating_add(contents.quantity);
        }
        if next > DeviceAgreement::LICENSES_MAX.saturating_add(1) {
            return Err(Refusal::over(
                "licences for devices of one agreement:",
                next.saturating_sub(1),
                DeviceAgreement::LICENSES_MAX,
            ));
        }
        self.record(CustomerEvent::DeviceLicensesStocked { product: product.clone(), lots, key });
        self.assign_automatically(product);
        Ok(())
    }

    /// Moves a device on, and what depends on its state with it.
    pub(super) fn step(
        &mut self,
        id: &DeviceId,
        state: DeviceState,
        problem: Option<DeviceProblem>,
    ) -> Result<()> {
        let device = self.customer.device(id)?;
        let (counted, product) = (device.state.counts(), device.product.clone());
        if counted && !state.counts() {
            self.free_device(&product, id);
            self.end_billing(&product, id);
        }
        self.record(CustomerEvent::DeviceReported { device: id.clone(), state, problem });
        if state == DeviceState::Enrolled {
            self.start_billing(&product, id)?;
        }
        if counted && !state.counts() {
            self.assign_automatically(&product);
        }
        Ok(())
    }

    /// Takes the licences off a device, ended ones too.
    fn free_device(&mut self, product: &ProductId, device: &DeviceId) {
        let Ok(agreement) = self.customer.device_agreement(self.id, product) else { return };
        let on = agreement.licenses.iter().filter(|(_, l)| l.device.as_ref() == Some(device));
        let changes: Vec<_> =
            on.map(|(number, _)| Assignment { license: *number, device: None }).collect();
        if !changes.is_empty() {
            let product = product.clone();
            self.record(CustomerEvent::LicensesAssigned { product, changes, automatic: true });
        }
    }

    /// Brings free licences and devices without one together, where the policy says so.
    pub(super) fn assign_automatically(&mut self, product: &ProductId) {
        let changes = self.customer.automatic_assignments(product, self.today);
        if !changes.is_empty() {
            let product = product.clone();
            self.record(CustomerEvent::LicensesAssigned { product, changes, automatic: true });
        }
    }

    /// Sees to it that a system of this product finds an agreement of the scheme of its policy.
    pub(crate) fn join_scheme(&mut self, catalogue: &Catalogue, product: &ProductId) -> Result<()> {
        match catalogue.product(product)?.policy() {
            Some((_, Policy::DeviceAssigned(_))) => self.join_devices(catalogue, product).map(drop),
            Some((_, Policy::AccountTerm(_))) => {
                self.customer.account_agreement(self.id, product).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Keeps the newest policy for what comes from now on; licences keep the ends they have.
    pub(super) fn adopt_device_policy(
        &mut self,
        catalogue: &Catalogue,
        product: &ProductId,
    ) -> Result<()> {
        let kept = self.customer.device_agreement(self.id, product)?.policy_version;
        let Some((policy_version, Policy::DeviceAssigned(policy))) =
            catalogue.product(product)?.policy()
        else {
            return Err(other_scheme(product, "device_assigned"));
        };
        if kept == policy_version {
            return Err(Refusal::new(ErrorKind::PolicyCurrent)
                .with("product", product)
                .with("version", policy_version));
        }
        let policy = policy.clone();
        let kept =
            CustomerEvent::DevicePolicyKept { product: product.clone(), policy_version, policy };
        self.record(kept);
        self.assign_automatically(product);
        Ok(())
    }

    /// The agreement on licences for devices, which begins here where there is none.
    fn join_devices(
        &mut self,
        catalogue: &Catalogue,
        product: &ProductId,
    ) -> Result<&DeviceAgreement> {
        if !self.customer.agreements.contains_key(product) {
            let Some((policy_version, Policy::DeviceAssigned(policy))) =
                catalogue.product(product)?.policy()
            else {
                return Err(other_scheme(product, "device_assigned"));
            };
            self.record(CustomerEvent::DevicePolicyKept {
                product: product.clone(),
                policy_version,
                policy: policy.clone(),
            });
        }
        self.customer.device_agreement(self.id, product)
    }
}

impl Customer {
    /// The agreement on `product`, licensed device by device.
    ///
    /// # Errors
    /// [`ErrorKind::NotRegistered`] when there is none; `id` is named in it.
    /// [`ErrorKind::SchemeMismatch`] when it is of another scheme.
    pub fn device_agreement(
        &self,
        id: &crate::id::CustomerId,
        product: &ProductId,
    ) -> Result<&DeviceAgreement> {
        let agreement = self.agreements.get(product).ok_or_else(|| not_registered(id, product))?;
        agreement.devices().ok_or_else(|| other_scheme(product, "device_assigned"))
    }

    pub(super) fn take_of_devices(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::DeviceRegistered { device, entry } => {
                self.last_device = entry.number;
                self.devices.insert(device.clone(), entry.clone());
                self.touch(&entry.product.clone(), event);
            }
            CustomerEvent::DeviceReported { device, state: DeviceState::Deleted, .. } => {
                if let Some(gone) = self.devices.remove(device) {
                    self.touch(&gone.product, event);
                }
            }
            CustomerEvent::DeviceReported { device, state, .. } => {
                if let Some(device) = self.devices.get_mut(device) {
                    device.state = *state;
                }
            }
            CustomerEvent::DeviceRebootOrdered { device } => {
                self.rights = self.rights.saturating_add(1);
                if let Some(device) = self.devices.get_mut(device) {
                    device.state = DeviceState::Rebooting;
                }
            }
            CustomerEvent::DeviceEdited { device, description } => {
                if let Some(device) = self.devices.get_mut(device) {
                    device.description.clone_from(description);
                }
            }
            CustomerEvent::DevicePolicyKept { product, policy_version, policy } => {
                self.keep_device_policy(product, (*policy_version, policy));
            }
            CustomerEvent::LicensesAssigned { product, automatic, .. } => {
                if !automatic {
                    self.rights = self.rights.saturating_add(1);
                }
                self.touch(product, event);
            }
            CustomerEvent::DeviceLicensesStocked { product, .. } => self.touch(product, event),
            _ => {}
        }
    }

    fn keep_device_policy(
        &mut self,
        product: &ProductId,
        (version, policy): (u32, &DeviceAssignedPolicy),
    ) {
        let entry = self.agreements.entry(product.clone());
        let new = || Agreement::Devices(Box::new(DeviceAgreement::new(version, policy.clone())));
        if let Some(devices) = entry.or_insert_with(new).devices_mut() {
            (devices.policy_version, devices.policy) = (version, policy.clone());
        }
    }

    fn touch(&mut self, product: &ProductId, event: &CustomerEvent) {
        if let Some(agreement) = self.devices_mut(product) {
            agreement.take(event);
        }
    }
}
