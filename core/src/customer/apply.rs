//! How each event changes a customer.

use std::collections::BTreeMap;

use super::{Agreement, Customer, CustomerEvent, HostAgreement, PoolAgreement, System};
use crate::{
    hardware::Hardware,
    id::ProductId,
    policy::HostBoundPolicy,
    time::Day,
    wallet::{Debit, Lot},
};

impl Customer {
    /// Takes an event into a customer that was rolled to its day.
    #[expect(clippy::too_many_lines, reason = "a table of all events")]
    pub(super) fn take(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::Registered { .. }
            | CustomerEvent::GrowthExceeded { .. }
            | CustomerEvent::MachineFreed { .. } => {}
            CustomerEvent::SystemRegistered { system, trial_end, .. }
            | CustomerEvent::SystemUpdated { system, trial_end, .. } => {
                self.take_system(system, *trial_end);
            }
            CustomerEvent::SubscriptionStarted { product, policy_version, policy, start } => {
                self.co_term = Some(start.co_term);
                if let Some(pool) = self.join_pool(product) {
                    pool.start(*policy_version, policy.clone(), *start);
                }
            }
            CustomerEvent::KeyRedeemed { product, lots, .. }
            | CustomerEvent::LicensesStocked { product, lots } => self.store(product, lots),
            CustomerEvent::LicensesVoided { product, debit, .. } => {
                self.void(product, *debit);
            }
            CustomerEvent::PolicyAdopted { product, policy_version, policy } => {
                if let Some(pool) = self.pool_mut(product) {
                    pool.next_policy = Some((*policy_version, policy.clone()));
                }
            }
            CustomerEvent::Allocated { product, ahead, periods, lines, .. } => {
                if let Some(pool) = self.pool_mut(product) {
                    pool.allocate(*ahead, *periods, lines);
                }
                self.settle(product);
            }
            CustomerEvent::Compensated { product, license_type, carry, lot, .. } => {
                if let Some(pool) = self.pool_mut(product) {
                    pool.compensate(license_type, *carry, lot.as_ref());
                }
            }
            CustomerEvent::AllocationUndone { product, .. } => {
                if let Some(pool) = self.pool_mut(product) {
                    pool.undo();
                }
                self.settle(product);
            }
            CustomerEvent::HardwareRegistered { .. }
            | CustomerEvent::HardwareExpanded { .. }
            | CustomerEvent::HardwareUpgraded { .. } => self.take_hardware(event),
            CustomerEvent::LicenseIssued { serial, .. }
            | CustomerEvent::HostLicenseIssued { serial, .. } => self.serial = *serial,
            CustomerEvent::SystemReleased { system } => {
                if let Some(before) = self.systems.remove(system) {
                    self.settle(&before.product);
                }
            }
            CustomerEvent::NumberIssued { .. }
            | CustomerEvent::NumberUsed { .. }
            | CustomerEvent::NumberSuperseded { .. } => self.take_number(event),
            CustomerEvent::HostPolicyKept { .. }
            | CustomerEvent::CouponRedeemed { .. }
            | CustomerEvent::HostLicensesStocked { .. }
            | CustomerEvent::TrialStarted { .. }
            | CustomerEvent::HostBound { .. }
            | CustomerEvent::HostDescribed { .. }
            | CustomerEvent::HostsGrouped { .. }
            | CustomerEvent::HostFreed { .. } => self.take_of_hosts(event),
            CustomerEvent::DeviceRegistered { .. }
            | CustomerEvent::DeviceReported { .. }
            | CustomerEvent::DeviceEdited { .. }
            | CustomerEvent::DeviceRebootOrdered { .. }
            | CustomerEvent::DevicesInspected {}
            | CustomerEvent::DevicePolicyKept { .. }
            | CustomerEvent::DeviceLicensesStocked { .. }
            | CustomerEvent::LicensesAssigned { .. } => self.take_of_devices(event),
            CustomerEvent::AccountOpened { .. }
            | CustomerEvent::AccountChanged { .. }
            | CustomerEvent::AccountBecame { .. }
            | CustomerEvent::DealerSet { .. }
            | CustomerEvent::TermStarted { .. }
            | CustomerEvent::TermSet { .. }
            | CustomerEvent::TermRenewed { .. }
            | CustomerEvent::BillingStarted { .. }
            | CustomerEvent::BillingEnded { .. }
            | CustomerEvent::BillingMoved { .. }
            | CustomerEvent::PlanChanged { .. } => self.take_of_account(event),
            CustomerEvent::MemberAdded { .. }
            | CustomerEvent::MemberRemoved { .. }
            | CustomerEvent::ChannelSet { .. }
            | CustomerEvent::ShopLinked { .. } => self.take_of_members(event),
        }
    }

    fn void(&mut self, product: &ProductId, debit: Debit) {
        match self.agreements.get_mut(product) {
            Some(Agreement::Pool(pool)) => pool.wallet.void(debit),
            Some(Agreement::Hosts(hosts)) => hosts.void(debit),
            Some(Agreement::Devices(devices)) => devices.void(debit),
            Some(Agreement::Account(_)) | None => {}
        }
    }

    fn take_system(&mut self, system: &System, trial_end: Option<Day>) {
        if let Some(pool) = self.join_pool(&system.product) {
            pool.had_systems = true;
            pool.trial_end = pool.trial_end.or(trial_end);
        }
        let before = self.systems.insert(system.id.clone(), system.clone());
        self.settle(&system.product);
        // The system may have left another product with fewer devices.
        if let Some(before) = before.filter(|before| before.product != system.product) {
            self.settle(&before.product);
        }
    }

    fn take_hardware(&mut self, event: &CustomerEvent) {
        if let CustomerEvent::HardwareRegistered { hardware, product, preloaded } = event {
            self.join_pool(product);
            let entry = Hardware::new(product.clone(), preloaded.clone());
            self.hardware.insert(hardware.clone(), entry);
        }
        if let CustomerEvent::HardwareExpanded { hardware, lines } = event
            && let Some(entry) = self.hardware.get_mut(hardware)
        {
            for line in lines {
                entry.expand(&line.license_type, line.quantity);
                if let Some(pool) = pool(&mut self.agreements, entry.product()) {
                    line.debits.iter().for_each(|debit| pool.wallet.debit(*debit));
                }
            }
        }
        if let CustomerEvent::HardwareUpgraded { hardware, from, to } = event
            && let Some(entry) = self.hardware.get_mut(hardware)
        {
            entry.upgrade(from, &to.license_type, to.quantity);
            if let Some(pool) = pool(&mut self.agreements, entry.product()) {
                to.debits.iter().for_each(|debit| pool.wallet.debit(*debit));
            }
        }
    }

    /// The agreement on a pool of licences, which begins here where there is none.
    fn join_pool(&mut self, product: &ProductId) -> Option<&mut PoolAgreement> {
        let none = || Agreement::Pool(Box::default());
        self.agreements.entry(product.clone()).or_insert_with(none).pool_mut()
    }

    fn take_of_hosts(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::HostPolicyKept { product, policy_version, policy } => {
                self.keep_host_policy(product, (*policy_version, policy));
            }
            CustomerEvent::CouponRedeemed { product, .. }
            | CustomerEvent::HostLicensesStocked { product, .. }
            | CustomerEvent::TrialStarted { product, .. }
            | CustomerEvent::HostBound { product, .. }
            | CustomerEvent::HostDescribed { product, .. }
            | CustomerEvent::HostsGrouped { product, .. }
            | CustomerEvent::HostFreed { product, .. } => {
                if let Some(hosts) = self.hosts_mut(product) {
                    hosts.take(event);
                }
            }
            _ => {}
        }
    }

    fn keep_host_policy(
        &mut self,
        product: &ProductId,
        (version, policy): (u32, &HostBoundPolicy),
    ) {
        let entry = self.agreements.entry(product.clone());
        let agreement = entry.or_insert_with(|| {
            Agreement::Hosts(Box::new(HostAgreement::new(version, policy.clone())))
        });
        if let Some(hosts) = agreement.hosts_mut() {
            (hosts.policy_version, hosts.policy) = (version, policy.clone());
        }
    }

    fn store(&mut self, product: &ProductId, lots: &[Lot]) {
        if let Some(pool) = self.join_pool(product) {
            lots.iter().cloned().for_each(|lot| pool.wallet.store(lot));
        }
    }

    /// Fixes the base of growth where the current period has just become fully licensed.
    fn settle(&mut self, product: &ProductId) {
        let devices = self.devices(product);
        let subscription = self.pool_mut(product).and_then(|pool| pool.subscription.as_mut());
        if let Some(subscription) = subscription {
            subscription.settle(&devices);
        }
    }
}

fn pool<'a>(
    agreements: &'a mut BTreeMap<ProductId, Agreement>,
    product: &ProductId,
) -> Option<&'a mut PoolAgreement> {
    agreements.get_mut(product)?.pool_mut()
}
