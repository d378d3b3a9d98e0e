//! Drafts of assignments: what somebody chooses before saving.

use std::collections::BTreeMap;

use super::AssignmentsView;
use crate::{
    customer::{Assignment, LicenseNumber},
    error::{ErrorKind, Refusal, Result},
    history::{Command, SaveAssignments},
    id::{CustomerId, DeviceId, LicenseType, ProductId},
};

/// Licences and the devices they are to be on, as somebody is choosing them.
///
/// A value that is thrown away to cancel (S-IP-22) and saved by one command, whole or not at all
/// (S-IP-21). It offers for a licence only devices of its type without one, among them those that
/// the draft itself has freed (S-IP-16, S-IP-18).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentDraft {
    base: u64,
    before: BTreeMap<LicenseNumber, (LicenseType, Option<DeviceId>)>,
    after: BTreeMap<LicenseNumber, Option<DeviceId>>,
    devices: BTreeMap<DeviceId, LicenseType>,
}

impl AssignmentDraft {
    /// A draft of what the answer to [`Query::Assignments`](super::Query::Assignments) shows; that
    /// has to show what is saved, without changes.
    #[must_use]
    pub fn new(view: &AssignmentsView) -> Self {
        let mut devices = BTreeMap::new();
        for license in view.licenses.values() {
            let shown = license.device.iter().chain(&license.candidates);
            devices.extend(shown.map(|device| (device.clone(), license.license_type.clone())));
        }
        let before = view.licenses.iter();
        let before = before.map(|(n, l)| (*n, (l.license_type.clone(), l.device.clone())));
        let after = view.licenses.iter().map(|(number, l)| (*number, l.device.clone()));
        Self { base: view.base, before: before.collect(), after: after.collect(), devices }
    }

    /// The device that a licence is to be on.
    #[must_use]
    pub fn device(&self, license: LicenseNumber) -> Option<&DeviceId> {
        self.after.get(&license)?.as_ref()
    }

    /// The devices that a licence may go to.
    pub fn candidates(&self, license: LicenseNumber) -> impl Iterator<Item = &DeviceId> {
        let license_type = self.before.get(&license).map(|(license_type, _)| license_type);
        let fits = move |of: &LicenseType| Some(of) == license_type;
        let free = |device: &DeviceId| !self.after.values().any(|on| on.as_ref() == Some(device));
        self.devices
            .iter()
            .filter(move |(_, of)| fits(of))
            .map(|(device, _)| device)
            .filter(move |d| free(d))
    }

    /// Puts a licence on a device, or takes it off.
    ///
    /// # Errors
    /// - [`ErrorKind::LicenseUnknown`] for a licence that the view did not show.
    /// - [`ErrorKind::CameraAlreadyLicensed`] for a device that another licence is on (S-IP-19).
    /// - [`ErrorKind::DeviceNotRegistered`] for one that was no candidate (S-IP-29).
    pub fn assign(&mut self, license: LicenseNumber, device: Option<&DeviceId>) -> Result<()> {
        let Some((license_type, _)) = self.before.get(&license) else {
            let kind = ErrorKind::LicenseUnknown;
            return Err(Refusal::new(kind).with("license", license).with("product", "the draft"));
        };
        if let Some(device) = device {
            let holder = self.after.iter().find(|(_, on)| on.as_ref() == Some(device));
            if let Some((other, _)) = holder.filter(|(other, _)| **other != license) {
                return Err(Refusal::new(ErrorKind::CameraAlreadyLicensed)
                    .with("device", device)
                    .with("license", other));
            }
            if self.devices.get(device) != Some(license_type) {
                return Err(Refusal::new(ErrorKind::DeviceNotRegistered).with("device", device));
            }
        }
        self.after.insert(license, device.cloned());
        Ok(())
    }

    /// What differs from what is saved; empty when there is nothing to save (S-IP-24).
    #[must_use]
    pub fn changes(&self) -> Vec<Assignment> {
        let differs = |(license, device): &(&LicenseNumber, &Option<DeviceId>)| {
            self.before.get(license).is_some_and(|(_, before)| before != *device)
        };
        let changed = self.after.iter().filter(differs);
        changed
            .map(|(license, device)| Assignment { license: *license, device: device.clone() })
            .collect()
    }

    /// The command that saves the draft.
    #[must_use]
    pub fn into_command(self, customer: CustomerId, product: ProductId) -> Command {
        let (base, changes) = (self.base, self.changes());
        Command::SaveAssignments(SaveAssignments { customer, product, base, changes })
    }
}
