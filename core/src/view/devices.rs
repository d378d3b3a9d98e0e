//! Devices, the licences assigned to them, and drafts of other assignments.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{View, rolled};
use crate::{
    customer::{Assignment, Customer, DeviceLicense, LicenseNumber},
    device::{Device, DeviceDescription, DeviceState},
    error::{Language, Result},
    id::{CustomerId, DeviceId, LicenseType, ProductId},
    time::{Day, Instant},
    wallet::LotSource,
};

/// A device of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DeviceView {
    /// The product it is used with.
    pub product: ProductId,
    /// The type of licence it needs.
    pub license_type: LicenseType,
    /// What it is doing.
    pub state: DeviceState,
    /// What is told of it.
    #[serde(flatten)]
    pub description: DeviceDescription,
    /// Whether it may be used today: a licence is on it, or it counts in the term of an account.
    pub licensed: bool,
    /// The licence on it, where it needs one of its own.
    pub license: Option<LicenseNumber>,
}

/// The licences of a product and the devices they are on, as a draft of changes leaves them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AssignmentsView {
    /// To be named when the draft is saved.
    pub base: u64,
    /// Every licence that can be used today.
    pub licenses: BTreeMap<LicenseNumber, AssignmentView>,
    /// What is shown for a licence on no device (S-IP-15).
    pub unassigned: &'static str,
    /// Registered devices beyond the licences, by type (S-IP-26).
    pub shortage: BTreeMap<LicenseType, u32>,
    /// Whether saving changes anything; if so, users sign in again afterwards (S-IP-23, S-IP-24).
    pub changed: bool,
}

/// A licence, the device it is on, and those it may go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AssignmentView {
    /// Type of licence.
    pub license_type: LicenseType,
    /// Where it came from.
    pub source: LotSource,
    /// First day no longer usable; none for a perpetual licence.
    pub until: Option<Day>,
    /// The device it is on.
    pub device: Option<DeviceId>,
    /// The devices it may go to: those of its type without a licence in this draft (S-IP-16,
    /// S-IP-18).
    pub candidates: Vec<DeviceId>,
}

/// The answer to [`Query::Devices`](super::Query::Devices).
///
/// # Errors
/// [`DateOutOfRange`](crate::error::ErrorKind::DateOutOfRange) after the year 9999.
pub fn devices(customer: &Customer, now: Instant) -> Result<View> {
    let (customer, today) = rolled(customer, now)?;
    let mut rows = BTreeMap::new();
    for (id, device) in customer.registered_devices() {
        let license = license_of(&customer, (id, device), today);
        let row = DeviceView {
            product: device.product.clone(),
            license_type: device.license_type.clone(),
            state: device.state,
            description: device.description.clone(),
            licensed: license.is_some() || in_term(&customer, device, today)?,
            license,
        };
        rows.insert(id.clone(), row);
    }
    Ok(View::Devices(rows))
}

fn license_of(
    customer: &Customer,
    (id, device): (&DeviceId, &Device),
    today: Day,
) -> Option<LicenseNumber> {
    let agreement = customer.agreements().get(&device.product)?.devices()?;
    agreement.license_of(id, today).map(|(number, _)| number)
}

/// Whether a device may be used in the term of its account: it may before the term has begun,
/// which is free, and suspension changes nothing (S-ST-32).
fn in_term(customer: &Customer, device: &Device, today: Day) -> Result<bool> {
    let agreement = customer.agreements().get(&device.product);
    let Some(agreement) = agreement.and_then(|agreement| agreement.account()) else {
        return Ok(false);
    };
    let runs = agreement.started().is_none() || agreement.period(today)?.is_some();
    Ok(runs && device.state.counts())
}

/// The answer to [`Query::Assignments`](super::Query::Assignments); `id` names the customer in a
/// refusal.
///
/// # Errors
/// - [`NotRegistered`](crate::error::ErrorKind::NotRegistered) without an agreement.
/// - [`LicenseUnknown`](crate::error::ErrorKind::LicenseUnknown),
///   [`CameraAlreadyLicensed`](crate::error::ErrorKind::CameraAlreadyLicensed) and
///   [`DeviceNotRegistered`](crate::error::ErrorKind::DeviceNotRegistered) for pending changes that
///   could not be saved.
pub fn assignments(
    customer: &Customer,
    (id, product): (&CustomerId, &ProductId),
    (pending, language): (&[Assignment], Language),
    now: Instant,
) -> Result<View> {
    let (customer, today) = rolled(customer, now)?;
    let agreement = customer.device_agreement(id, product)?;
    let on = customer.drafted((id, product), pending, today)?;
    let taken: Vec<&DeviceId> = on.values().collect();
    let free: Vec<_> =
        customer.devices_of(product).filter(|(device, _)| !taken.contains(device)).collect();
    let row = |(number, license): (&LicenseNumber, &DeviceLicense)| {
        let fitting = free.iter().filter(|(_, device)| device.license_type == license.license_type);
        let row = AssignmentView {
            license_type: license.license_type.clone(),
            source: license.source,
            until: license.until,
            device: on.get(number).cloned(),
            candidates: fitting.map(|(device, _)| (*device).clone()).collect(),
        };
        (*number, row)
    };
    let usable = agreement.licenses().iter().filter(|(_, license)| license.usable_on(today));
    let differs = |(number, license): (&LicenseNumber, &DeviceLicense)| {
        license.usable_on(today) && license.device.as_ref() != on.get(number)
    };
    Ok(View::Assignments(AssignmentsView {
        base: agreement.revision(),
        licenses: usable.map(row).collect(),
        unassigned: unassigned(language),
        shortage: customer.shortage(product, today),
        changed: agreement.licenses().iter().any(differs),
    }))
}

/// What is shown for a licence on no device.
const fn unassigned(language: Language) -> &'static str {
    match language {
        Language::En => "unassigned",
        Language::Ru => "не назначена",
        Language::Ja => "未割り当て",
        Language::Fr => "non attribuée",
    }
}
