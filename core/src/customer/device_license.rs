//! The licence that names devices: those with a licence each, or those that an account is billed
//! for.

use std::collections::{BTreeMap, BTreeSet};

use super::{Agreement, Customer};
use crate::{
    document::{DEVICES_MAX, Feature, LicenseClaims, LicenseKind, Moment, Span},
    error::{ErrorKind, Refusal, Result},
    id::{DeviceId, FeatureId, LicenseType, ProductId},
    time::{Day, Instant},
};

/// The devices of a product that may be used, and how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LicensedDevices {
    /// The devices, each with the type of its licence.
    pub devices: BTreeMap<DeviceId, LicenseType>,
    /// The first day; none where there is no device.
    pub from: Option<Day>,
    /// First day on which one of them has no licence any more; none where all are perpetual.
    pub until: Option<Day>,
    /// Versions built from this day on are not covered for all of them; none where all are.
    pub updates_until: Option<Day>,
}

impl Customer {
    /// The devices of a product that may be used on `today`: for an account, those it is billed
    /// for, up to the end of what is paid; suspension changes nothing (S-ST-32). None where the
    /// product is licensed otherwise.
    ///
    /// # Errors
    /// [`ErrorKind::DateOutOfRange`].
    pub fn licensed_devices(
        &self,
        product: &ProductId,
        today: Day,
    ) -> Result<Option<LicensedDevices>> {
        match self.agreements.get(product) {
            Some(Agreement::Devices(agreement)) => {
                let mut found = LicensedDevices::default();
                let usable = agreement.licenses().values().filter(|l| l.usable_on(today));
                for license in usable {
                    let Some(device) = &license.device else { continue };
                    found.devices.insert(device.clone(), license.license_type.clone());
                    let from = found.from.map_or(license.since, |from| from.min(license.since));
                    found.from = Some(from);
                    found.until = earliest(found.until, license.until);
                    found.updates_until = earliest(found.updates_until, license.updates_until);
                }
                Ok(Some(found))
            }
            Some(Agreement::Account(agreement)) => {
                let paid = (agreement.period(today)?, agreement.paid_until(today)?);
                let (Some(current), Some(until)) = paid else {
                    return Ok(Some(LicensedDevices::default()));
                };
                let billed = self.devices_of(product).filter(|(id, _)| agreement.is_billed(id));
                let devices: BTreeMap<_, _> =
                    billed.map(|(id, of)| (id.clone(), of.license_type.clone())).collect();
                if devices.is_empty() {
                    return Ok(Some(LicensedDevices::default()));
                }
                let (from, until) = (Some(current.period.start), Some(until));
                Ok(Some(LicensedDevices { devices, from, until, updates_until: None }))
            }
            _ => Ok(None),
        }
    }

    /// What a licence that names devices says; none where no device may be used.
    ///
    /// It ends when the first of them does: a program that asks again then gets one for the rest.
    pub(super) fn license_of_devices(
        &self,
        product: &ProductId,
        found: &LicensedDevices,
        now: Instant,
    ) -> Result<Option<LicenseClaims>> {
        let Some(from) = found.from else { return Ok(None) };
        if found.devices.len() > DEVICES_MAX {
            return Err(Refusal::new(ErrorKind::QuantityOutOfRange)
                .with("what", "devices of one licence:")
                .with("value", found.devices.len())
                .with("min", 1)
                .with("max", DEVICES_MAX));
        }
        let moment = |day: Day| Moment::in_zone(day, self.zone);
        let (kind, licensed) = match (found.until, found.updates_until) {
            (Some(until), _) => {
                (LicenseKind::Subscription, Span::between(moment(from), moment(until)))
            }
            (None, Some(_)) => (LicenseKind::UpdatesUntil, Span::starting(moment(from))),
            (None, None) => (LicenseKind::Perpetual, Span::starting(moment(from))),
        };
        let types: BTreeSet<&LicenseType> = found.devices.values().collect();
        let features = types.into_iter().map(|license_type| {
            FeatureId::new(license_type.as_str()).map(|id| (id, Feature::uncounted()))
        });
        let mut claims = LicenseClaims::new(kind, product.clone(), now);
        claims.licensed = Some(licensed);
        claims.updates_until = found.updates_until.map(moment);
        claims.features = features.collect::<Result<_>>()?;
        claims.devices = Some(found.devices.keys().cloned().collect());
        Ok(Some(claims))
    }
}

fn earliest(one: Option<Day>, other: Option<Day>) -> Option<Day> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_names_1000_devices_and_no_more() {
        let customer = Customer::new("UTC".parse().unwrap(), None);
        let (now, from) = (Instant::from_unix(1_772_323_200).unwrap(), "2026-03-01");
        let license = |count: usize| {
            let camera = LicenseType::new("camera").unwrap();
            let id = |number| DeviceId::new(&format!("d{number}")).unwrap();
            let devices = (0..count).map(|number| (id(number), camera.clone())).collect();
            let from = Some(from.parse().unwrap());
            let found = LicensedDevices { devices, from, until: None, updates_until: None };
            customer.license_of_devices(&"cam".parse().unwrap(), &found, now)
        };
        let full = license(DEVICES_MAX).unwrap().unwrap();
        assert_eq!(full.devices.as_ref().map(Vec::len), Some(1000));
        full.check().unwrap();
        assert_eq!(license(DEVICES_MAX + 1).unwrap_err().kind(), ErrorKind::QuantityOutOfRange);
        assert_eq!(
            customer.license_of_devices(&"cam".parse().unwrap(), &LicensedDevices::default(), now),
            Ok(None)
        );
    }
}
