//! Decisions about hardware and the licences tied to it.

use super::{
    AllocationLine, CustomerEvent, Draft,
    allocate::{check_quantities, out_of_range},
};
use crate::{
    catalogue::Catalogue,
    error::{ErrorKind, Refusal, Result},
    hardware::Hardware,
    id::{HardwareId, LicenseType, ProductId},
    subscription::{Quantities, quantity},
    wallet::{LotKind, QUANTITY_MAX, Want},
};

impl Draft<'_> {
    /// Registers hardware; what it came with is active at once (S-AX-60).
    pub(crate) fn register_hardware(
        &mut self,
        catalogue: &Catalogue,
        (product, hardware): (&ProductId, &HardwareId),
        preloaded: &Quantities,
    ) -> Result<()> {
        let entry = catalogue.product(product)?;
        for license_type in preloaded.keys() {
            super::known_type(entry, product, license_type)?;
        }
        if !preloaded.is_empty() {
            check_quantities(preloaded)?;
        }
        if self.customer.hardware.contains_key(hardware) {
            let kind = ErrorKind::HardwareAlreadyRegistered;
            return Err(Refusal::new(kind).with("hardware", hardware));
        }
        self.record(CustomerEvent::HardwareRegistered {
            hardware: hardware.clone(),
            product: product.clone(),
            preloaded: preloaded.clone(),
        });
        Ok(())
    }

    /// Allocates expansion licences to one piece of hardware (S-AX-64).
    pub(crate) fn expand_hardware(
        &mut self,
        hardware: &HardwareId,
        quantities: &Quantities,
    ) -> Result<()> {
        check_quantities(quantities)?;
        let mut lines = Vec::new();
        for (license_type, count) in quantities {
            lines.push(self.line(hardware, LotKind::Expansion, (license_type, *count))?);
        }
        self.record(CustomerEvent::HardwareExpanded { hardware: hardware.clone(), lines });
        Ok(())
    }

    /// Turns licences of hardware into licences of another type, each by one upgrade (S-AX-03).
    pub(crate) fn upgrade_hardware(
        &mut self,
        hardware: &HardwareId,
        (from, to): (&LicenseType, &LicenseType),
        count: u32,
    ) -> Result<()> {
        check_quantities(&[(to.clone(), count)].into())?;
        let held = quantity(self.hardware(hardware)?.licenses(), from);
        if count > held {
            return Err(Refusal::new(ErrorKind::ExceedsNeed)
                .with("wanted", count)
                .with("license_type", from)
                .with("need", held));
        }
        let to = self.line(hardware, LotKind::Upgrade, (to, count))?;
        let (hardware, from) = (hardware.clone(), from.clone());
        self.record(CustomerEvent::HardwareUpgraded { hardware, from, to });
        Ok(())
    }

    /// Licences never leave their hardware (S-AX-62).
    pub(crate) fn move_hardware_licenses(&self, hardware: &HardwareId) -> Refusal {
        match self.hardware(hardware) {
            Ok(_) => Refusal::new(ErrorKind::LicenseTiedToHardware).with("hardware", hardware),
            Err(unknown) => unknown,
        }
    }

    fn hardware(&self, hardware: &HardwareId) -> Result<&Hardware> {
        let unknown = || Refusal::new(ErrorKind::HardwareUnknown).with("hardware", hardware);
        self.customer.hardware.get(hardware).ok_or_else(unknown)
    }

    /// Licences of the wallet for hardware, of which it has at most [`QUANTITY_MAX`] of a type.
    fn line(
        &self,
        hardware: &HardwareId,
        kind: LotKind,
        (license_type, count): (&LicenseType, u32),
    ) -> Result<AllocationLine> {
        let entry = self.hardware(hardware)?;
        let sums = [entry.licenses(), entry.expanded(), entry.upgraded()];
        let most = sums.map(|sum| quantity(sum, license_type)).into_iter().max().unwrap_or(0);
        if most.saturating_add(count) > QUANTITY_MAX {
            return Err(out_of_range(u64::from(most).saturating_add(count.into())));
        }
        let agreement = self.customer.pool(self.id, entry.product())?;
        let want = Want { license_type, kind, quantity: count };
        let debits = agreement.wallet.choose(want, self.today)?;
        Ok(AllocationLine { license_type: license_type.clone(), quantity: count, debits })
    }
}
