//! The agreement on a product of which each licence is for one device: the licences and the
//! devices they are assigned to.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Correction, Customer, CustomerEvent};
use crate::{
    device::Device,
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, DeviceId, LicenseType, ProductId},
    number::number,
    policy::DeviceAssignedPolicy,
    time::Day,
    wallet::{Debit, LotId, LotSource},
};

number! {
    /// The number of a licence within its agreement: 1, 2, 3, … in the order of coming.
    LicenseNumber "licence"
}

/// Licences of one type for devices, which came together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct DeviceLot {
    /// Number within the agreement.
    pub id: LotId,
    /// The first of its licences; the others follow.
    pub first: LicenseNumber,
    /// Type of licence.
    pub license_type: LicenseType,
    /// How many licences.
    pub quantity: u32,
    /// Where they came from.
    pub source: LotSource,
    /// First day usable.
    pub stored_on: Day,
    /// First day no longer usable; none for perpetual licences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Versions built from this day on are not covered; none where all are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updates_until: Option<Day>,
}

/// A licence and the device it goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct Assignment {
    /// The licence.
    pub license: LicenseNumber,
    /// The device; none takes the licence off its device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
}

/// A licence for one device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeviceLicense {
    /// The lot it came with.
    pub lot: LotId,
    /// Type of licence.
    pub license_type: LicenseType,
    /// Where it came from.
    pub source: LotSource,
    /// First day usable.
    pub since: Day,
    /// First day no longer usable; none for a perpetual licence.
    pub until: Option<Day>,
    /// Versions built from this day on are not covered; none where all are.
    pub updates_until: Option<Day>,
    /// The device it is on.
    pub device: Option<DeviceId>,
}

impl DeviceLicense {
    /// Whether a device may use it on `today`.
    #[must_use]
    pub fn usable_on(&self, today: Day) -> bool {
        self.until.is_none_or(|until| today < until)
    }
}

/// Licences for devices, one each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceAgreement {
    pub(super) policy_version: u32,
    pub(super) policy: DeviceAssignedPolicy,
    pub(super) licenses: BTreeMap<LicenseNumber, DeviceLicense>,
    pub(super) last_lot: LotId,
    pub(super) last_license: LicenseNumber,
    pub(super) revision: u64,
    /// No licence that is on a device ends before this day.
    ends: Option<Day>,
}

impl DeviceAgreement {
    /// The most licences of one agreement.
    pub const LICENSES_MAX: u32 = 100_000;

    pub(super) const fn new(policy_version: u32, policy: DeviceAssignedPolicy) -> Self {
        Self {
            policy_version,
            policy,
            licenses: BTreeMap::new(),
            last_lot: LotId(0),
            last_license: LicenseNumber(0),
            revision: 0,
            ends: None,
        }
    }

    /// The version of the policy kept.
    #[must_use]
    pub const fn policy_version(&self) -> u32 {
        self.policy_version
    }

    /// The policy kept.
    #[must_use]
    pub const fn policy(&self) -> &DeviceAssignedPolicy {
        &self.policy
    }

    /// The licences, with their devices.
    #[must_use]
    pub const fn licenses(&self) -> &BTreeMap<LicenseNumber, DeviceLicense> {
        &self.licenses
    }

    /// Grows with every change to licences and to the devices they are on; a draft of assignments
    /// names the one it was made from.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The licence that a device has on `today`.
    #[must_use]
    pub fn license_of(
        &self,
        device: &DeviceId,
        today: Day,
    ) -> Option<(LicenseNumber, &DeviceLicense)> {
        let mut usable = self.licenses.iter().filter(|(_, license)| license.usable_on(today));
        let found = usable.find(|(_, license)| license.device.as_ref() == Some(device))?;
        Some((*found.0, found.1))
    }

    /// What comes to be when these assignments are made together.
    ///
    /// # Errors
    /// [`ErrorKind::LicenseUnknown`] for a licence that does not exist or has ended;
    /// [`ErrorKind::CameraAlreadyLicensed`] when a device would have two.
    fn assigning(
        &self,
        product: &ProductId,
        changes: &[Assignment],
        today: Day,
    ) -> Result<BTreeMap<LicenseNumber, DeviceId>> {
        let unknown = |license: LicenseNumber| {
            Refusal::new(ErrorKind::LicenseUnknown)
                .with("license", license)
                .with("product", product)
        };
        let mut on: BTreeMap<LicenseNumber, DeviceId> = BTreeMap::new();
        for (number, license) in self.licenses.iter().filter(|(_, l)| l.usable_on(today)) {
            on.extend(license.device.clone().map(|device| (*number, device)));
        }
        for change in changes {
            let license = self.licenses.get(&change.license);
            let license = license.ok_or_else(|| unknown(change.license))?;
            if !license.usable_on(today) {
                return Err(unknown(change.license));
            }
            match &change.device {
                Some(device) => on.insert(change.license, device.clone()),
                None => on.remove(&change.license),
            };
        }
        let mut licensed: BTreeMap<&DeviceId, LicenseNumber> = BTreeMap::new();
        for (license, device) in &on {
            if let Some(other) = licensed.insert(device, *license) {
                return Err(Refusal::new(ErrorKind::CameraAlreadyLicensed)
                    .with("device", device)
                    .with("license", other));
            }
        }
        Ok(on)
    }

    /// Takes an event of this agreement into the state.
    pub(super) fn take(&mut self, event: &CustomerEvent) {
        self.revision = self.revision.saturating_add(1);
        match event {
            CustomerEvent::DeviceLicensesStocked { lots, .. } => {
                lots.iter().for_each(|lot| self.store(lot));
            }
            CustomerEvent::LicensesAssigned { changes, .. } => self.assign(changes),
            _ => {}
        }
    }

    fn assign(&mut self, changes: &[Assignment]) {
        for change in changes {
            let Some(license) = self.licenses.get_mut(&change.license) else { continue };
            license.device.clone_from(&change.device);
            if license.device.is_some() {
                self.ends = [self.ends, license.until].into_iter().flatten().min();
            }
        }
    }

    /// Takes the licences that end first, on `day` or before, off their devices; gives the day.
    fn end_next(&mut self, day: Day) -> Option<Day> {
        if self.ends.is_none_or(|ends| day < ends) {
            return None;
        }
        let on_devices = self.licenses.values().filter(|license| license.device.is_some());
        self.ends = on_devices.filter_map(|license| license.until).min();
        let ends = self.ends.filter(|ends| *ends <= day)?;
        self.revision = self.revision.saturating_add(1);
        let ended = self.licenses.values_mut().filter(|license| license.until == Some(ends));
        ended.for_each(|license| license.device = None);
        Some(ends)
    }

    fn store(&mut self, lot: &DeviceLot) {
        self.last_lot = lot.id;
        let numbers = (lot.first.0..).zip(0..lot.quantity);
        for number in numbers.map(|(number, _)| LicenseNumber(number)) {
            self.last_license = number;
            let license = DeviceLicense {
                lot: lot.id,
                license_type: lot.license_type.clone(),
                source: lot.source,
                since: lot.stored_on,
                until: lot.until,
                updates_until: lot.updates_until,
                device: None,
            };
            self.licenses.insert(number, license);
        }
    }

    pub(super) fn void(&mut self, debit: Debit) {
        self.revision = self.revision.saturating_add(1);
        self.licenses.retain(|_, license| license.lot != debit.lot);
    }

    /// The licences of a lot, and how many of them a correction may take: to void it, those on no
    /// device; what is not paid for goes wherever it is; none once it was taken out of circulation.
    pub(super) fn left_of(&self, lot: LotId, correction: Correction) -> Option<(u32, u32)> {
        if lot.0 == 0 || lot > self.last_lot {
            return None;
        }
        let of_lot = || self.licenses.values().filter(|license| license.lot == lot);
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let takes = |license: &&DeviceLicense| {
            license.device.is_none() || correction == Correction::ChargeBack
        };
        Some((count(of_lot().count()), count(of_lot().filter(takes).count())))
    }
}

impl Customer {
    /// The devices registered.
    #[must_use]
    pub const fn registered_devices(&self) -> &BTreeMap<DeviceId, Device> {
        &self.devices
    }

    /// The devices of a product that count: those whose deletion has not begun.
    pub fn devices_of<'c>(
        &'c self,
        product: &'c ProductId,
    ) -> impl Iterator<Item = (&'c DeviceId, &'c Device)> {
        let of = move |(_, device): &(&DeviceId, &Device)| {
            device.product == *product && device.state.counts()
        };
        self.devices.iter().filter(of)
    }

    /// Takes licences off their devices on the day they end; free ones take over that same day
    /// where the policy says so (S-IP-12).
    pub(super) fn roll_devices(&mut self, product: &ProductId, day: Day) {
        while let Some(ended) = self.devices_mut(product).and_then(|of| of.end_next(day)) {
            let changes = self.automatic_assignments(product, ended);
            if let Some(agreement) = self.devices_mut(product) {
                agreement.assign(&changes);
            }
        }
    }

    pub(super) fn devices_mut(&mut self, product: &ProductId) -> Option<&mut DeviceAgreement> {
        self.agreements.get_mut(product)?.devices_mut()
    }

    /// Brings free licences and devices without one together, where the policy says so: the device
    /// registered first gets the licence that ends first (S-IP-12).
    pub(super) fn automatic_assignments(&self, product: &ProductId, today: Day) -> Vec<Assignment> {
        let agreement = self.agreements.get(product).and_then(super::Agreement::devices);
        let Some(agreement) = agreement.filter(|agreement| agreement.policy.automatic) else {
            return Vec::new();
        };
        let mut free: BTreeMap<&LicenseType, Vec<_>> = BTreeMap::new();
        let idle = |license: &DeviceLicense| license.device.is_none() && license.usable_on(today);
        for (number, license) in agreement.licenses.iter().filter(|(_, license)| idle(license)) {
            let ends = (license.until.is_none(), license.until, *number);
            free.entry(&license.license_type).or_default().push(ends);
        }
        // The last of each is the next to go.
        free.values_mut().for_each(|licenses| licenses.sort_by(|a, b| b.cmp(a)));
        let next = |(id, device): (&DeviceId, &Device)| {
            let (.., license) = free.get_mut(&device.license_type)?.pop()?;
            Some(Assignment { license, device: Some(id.clone()) })
        };
        self.unlicensed(product, today).into_iter().filter_map(next).collect()
    }

    /// What licences are on once these changes to what is are made together.
    ///
    /// # Errors
    /// As [`DeviceAgreement::assigning`]; [`ErrorKind::DeviceNotRegistered`] for a device that a
    /// licence cannot be on (S-IP-29). [`ErrorKind::NotRegistered`] without an agreement; `id` is
    /// named in it.
    pub(crate) fn drafted(
        &self,
        (id, product): (&CustomerId, &ProductId),
        changes: &[Assignment],
        today: Day,
    ) -> Result<BTreeMap<LicenseNumber, DeviceId>> {
        let agreement = self.device_agreement(id, product)?;
        let on = agreement.assigning(product, changes, today)?;
        for change in changes {
            let license = agreement.licenses.get(&change.license);
            let device = on.get(&change.license);
            if let (Some(device), Some(license)) = (device, license) {
                self.check_assignable(product, device, &license.license_type)?;
            }
        }
        Ok(on)
    }

    /// Refuses a device that a licence of this type cannot be on (S-IP-29).
    fn check_assignable(
        &self,
        product: &ProductId,
        id: &DeviceId,
        license_type: &LicenseType,
    ) -> Result<()> {
        let device = self.devices.get(id).filter(|device| {
            device.product == *product
                && device.license_type == *license_type
                && device.state.counts()
        });
        match device {
            Some(_) => Ok(()),
            None => Err(Refusal::new(ErrorKind::DeviceNotRegistered).with("device", id)),
        }
    }

    /// The devices of a product without a licence on `today`, those registered first in front.
    #[must_use]
    pub fn unlicensed<'c>(
        &'c self,
        product: &'c ProductId,
        today: Day,
    ) -> Vec<(&'c DeviceId, &'c Device)> {
        let agreement = self.agreements.get(product).and_then(super::Agreement::devices);
        let licensed: BTreeSet<&DeviceId> = agreement
            .into_iter()
            .flat_map(|agreement| agreement.licenses.values())
            .filter(|license| license.usable_on(today))
            .filter_map(|license| license.device.as_ref())
            .collect();
        let mut found: Vec<_> =
            self.devices_of(product).filter(|(id, _)| !licensed.contains(id)).collect();
        found.sort_by_key(|(id, device)| (device.number, *id));
        found
    }

    /// How many licences are missing by type: registered devices beyond the usable licences
    /// (S-IP-26, S-IP-28).
    #[must_use]
    pub fn shortage(&self, product: &ProductId, today: Day) -> BTreeMap<LicenseType, u32> {
        let mut missing: BTreeMap<LicenseType, (u32, u32)> = BTreeMap::new();
        for (_, device) in self.devices_of(product) {
            let (devices, _) = missing.entry(device.license_type.clone()).or_default();
            *devices = devices.saturating_add(1);
        }
        let agreement = self.agreements.get(product).and_then(super::Agreement::devices);
        let licenses = agreement.into_iter().flat_map(|agreement| agreement.licenses.values());
        for license in licenses.filter(|license| license.usable_on(today)) {
            let (_, licenses) = missing.entry(license.license_type.clone()).or_default();
            *licenses = licenses.saturating_add(1);
        }
        let short = |(devices, licenses): (u32, u32)| devices.saturating_sub(licenses);
        missing.into_iter().map(|(of, counts)| (of, short(counts))).collect()
    }
}
