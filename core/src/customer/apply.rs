//! How each event changes a customer.

use super::{Customer, CustomerEvent};
use crate::{hardware::Hardware, id::ProductId, wallet::Lot};

impl Customer {
    /// Takes an event into a customer that was rolled to its day.
    pub(super) fn take(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::Registered { .. } | CustomerEvent::GrowthExceeded { .. } => {}
            CustomerEvent::MemberAdded { person } => {
                self.members.insert(person.clone());
            }
            CustomerEvent::MemberRemoved { person } => {
                self.members.remove(person);
            }
            CustomerEvent::SystemRegistered { system, trial_end, .. }
            | CustomerEvent::SystemUpdated { system, trial_end, .. } => {
                let agreement = self.agreements.entry(system.product.clone()).or_default();
                agreement.had_systems = true;
                agreement.trial_end = agreement.trial_end.or(*trial_end);
                let before = self.systems.insert(system.id.clone(), system.clone());
                self.settle(&system.product);
                // The system may have left another product with fewer devices.
                if let Some(before) = before.filter(|before| before.product != system.product) {
                    self.settle(&before.product);
                }
            }
            CustomerEvent::SubscriptionStarted { product, policy_version, policy, start } => {
                self.co_term = Some(start.co_term);
                let agreement = self.agreements.entry(product.clone()).or_default();
                agreement.start(*policy_version, policy.clone(), *start);
            }
            CustomerEvent::KeyRedeemed { product, lots, .. }
            | CustomerEvent::LicensesStocked { product, lots } => self.store(product, lots),
            CustomerEvent::LicensesVoided { product, debit, .. } => {
                if let Some(agreement) = self.agreements.get_mut(product) {
                    agreement.wallet.void(*debit);
                }
            }
            CustomerEvent::PolicyAdopted { product, policy_version, policy } => {
                if let Some(agreement) = self.agreements.get_mut(product) {
                    agreement.next_policy = Some((*policy_version, policy.clone()));
                }
            }
            CustomerEvent::Allocated { product, ahead, periods, lines, .. } => {
                if let Some(agreement) = self.agreements.get_mut(product) {
                    agreement.allocate(*ahead, *periods, lines);
                }
                self.settle(product);
            }
            CustomerEvent::Compensated { product, license_type, carry, lot, .. } => {
                if let Some(agreement) = self.agreements.get_mut(product) {
                    agreement.compensate(license_type, *carry, lot.as_ref());
                }
            }
            CustomerEvent::AllocationUndone { product, .. } => {
                if let Some(agreement) = self.agreements.get_mut(product) {
                    agreement.undo();
                }
                self.settle(product);
            }
            CustomerEvent::HardwareRegistered { .. }
            | CustomerEvent::HardwareExpanded { .. }
            | CustomerEvent::HardwareUpgraded { .. } => self.take_hardware(event),
            CustomerEvent::LicenseIssued { serial, .. } => self.serial = *serial,
        }
    }

    fn take_hardware(&mut self, event: &CustomerEvent) {
        if let CustomerEvent::HardwareRegistered { hardware, product, preloaded } = event {
            self.agreements.entry(product.clone()).or_default();
            let entry = Hardware::new(product.clone(), preloaded.clone());
            self.hardware.insert(hardware.clone(), entry);
        }
        if let CustomerEvent::HardwareExpanded { hardware, lines } = event
            && let Some(entry) = self.hardware.get_mut(hardware)
        {
            for line in lines {
                entry.expand(&line.license_type, line.quantity);
                if let Some(agreement) = self.agreements.get_mut(entry.product()) {
                    line.debits.iter().for_each(|debit| agreement.wallet.debit(*debit));
                }
            }
        }
        if let CustomerEvent::HardwareUpgraded { hardware, from, to } = event
            && let Some(entry) = self.hardware.get_mut(hardware)
        {
            entry.upgrade(from, &to.license_type, to.quantity);
            if let Some(agreement) = self.agreements.get_mut(entry.product()) {
                to.debits.iter().for_each(|debit| agreement.wallet.debit(*debit));
            }
        }
    }

    fn store(&mut self, product: &ProductId, lots: &[Lot]) {
        let agreement = self.agreements.entry(product.clone()).or_default();
        lots.iter().cloned().for_each(|lot| agreement.wallet.store(lot));
    }

    /// Fixes the base of growth where the current period has just become fully licensed.
    fn settle(&mut self, product: &ProductId) {
        let devices = self.devices(product);
        let agreement = self.agreements.get_mut(product);
        if let Some(subscription) = agreement.and_then(|agreement| agreement.subscription.as_mut())
        {
            subscription.settle(&devices);
        }
    }
}
