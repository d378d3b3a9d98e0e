//! What is coming for a customer, for whoever sends the mail: nothing changes by itself but on
//! these days.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    customer::{AccountAgreement, Customer, DeviceAgreement, HostAgreement, HostLot},
    error::Result,
    id::{CustomerId, LicenseType, ProductId},
    subscription::StatusKind,
    time::Day,
    wallet::LotId,
};

/// Days before the expiry of a lot on which its owner is warned.
pub const EXPIRY_WARNING_DAYS: [u32; 2] = [90, 30];

/// Something that happens on a day without anybody's doing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Due {
    /// The day.
    pub on: Day,
    /// The product.
    pub product: ProductId,
    /// What happens.
    pub what: DueKind,
}

/// What happens without anybody's doing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum DueKind {
    /// The trial is over.
    TrialEnds,
    /// The grace is over.
    GraceEnds,
    /// Licences for hosts have ended.
    HostLicensesEnd {
        /// The lot.
        lot: LotId,
        /// Type of licence.
        license_type: LicenseType,
        /// For how many hosts they were.
        hosts: u32,
    },
    /// Versions built from this day on are not covered by these licences for hosts or devices.
    UpdatesEnd {
        /// The lot.
        lot: LotId,
        /// Type of licence.
        license_type: LicenseType,
    },
    /// Licences for devices have ended.
    DeviceLicensesEnd {
        /// The lot.
        lot: LotId,
        /// Type of licence.
        license_type: LicenseType,
        /// How many they are.
        licenses: u32,
    },
    /// The term of an account is over, and is not renewed by itself.
    TermEnds,
    /// The period is over and the next one begins.
    Renewal,
    /// Licences in the wallet will expire in so many days: warn their owner.
    LotExpiresIn {
        /// Days left: one of [`EXPIRY_WARNING_DAYS`].
        days: u32,
        /// The lot.
        lot: LotId,
        /// Type of licence.
        license_type: LicenseType,
        /// Licences left in it.
        left: u32,
    },
    /// Licences in the wallet have expired.
    LotExpires {
        /// The lot.
        lot: LotId,
        /// Type of licence.
        license_type: LicenseType,
        /// Licences left in it.
        left: u32,
    },
}

/// What is coming for one customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CustomerDue {
    /// The customer.
    pub customer: CustomerId,
    /// What is coming, nearest first.
    pub due: Vec<Due>,
}

/// What is coming for some customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DuePage {
    /// The customers for whom something is coming, by id.
    pub customers: Vec<CustomerDue>,
    /// After whom to ask on; none when all customers were looked at.
    pub next: Option<CustomerId>,
}

/// Everything that comes after `today`, to which the customer was rolled, nearest first.
///
/// Of each thing only its next time: after a renewal the next renewal is due.
pub(super) fn due(customer: &Customer, today: Day) -> Result<Vec<Due>> {
    let mut coming = Vec::new();
    for (product, agreement) in customer.pools() {
        let mut add = |on: Day, what: DueKind| {
            if on > today {
                coming.push(Due { on, product: product.clone(), what });
            }
        };
        let registered = customer.systems().values().any(|system| system.product == *product);
        let status = agreement.status(registered, &customer.devices(product), today)?;
        if let (StatusKind::Trial, Some(end)) = (status.kind, status.trial_end) {
            add(end, DueKind::TrialEnds);
        }
        if let (StatusKind::Grace, Some(end)) = (status.kind, status.grace_end) {
            add(end, DueKind::GraceEnds);
        }
        if let Some(end) = status.end {
            add(end, DueKind::Renewal);
        }
        for (lot, left) in agreement.wallet().lots().filter(|(_, left)| left.left > 0) {
            let (id, left) = (lot.id, left.left);
            for days in EXPIRY_WARNING_DAYS {
                let license_type = lot.license_type.clone();
                let Some(on) = lot.expires_on.minus_days(days) else { continue };
                add(on, DueKind::LotExpiresIn { days, lot: id, license_type, left });
            }
            let license_type = lot.license_type.clone();
            add(lot.expires_on, DueKind::LotExpires { lot: id, license_type, left });
        }
    }
    for (product, agreement) in customer.agreements() {
        let of_hosts = agreement.hosts().map(|hosts| due_of_hosts(product, hosts));
        let of_devices = agreement.devices().map(|devices| due_of_devices(product, devices));
        let of_account = agreement.account().map(|account| due_of_account(account, today));
        let of_account = of_account.transpose()?.into_iter().flatten();
        let of_account = of_account.map(|(on, what)| Due { on, product: product.clone(), what });
        let due = of_hosts.into_iter().flatten().chain(of_devices.into_iter().flatten());
        coming.extend(due.chain(of_account).filter(|due| due.on > today));
    }
    coming.sort();
    Ok(coming)
}

fn due_of_hosts(product: &ProductId, hosts: &HostAgreement) -> impl Iterator<Item = Due> {
    let lots = hosts.lots().filter(|(_, voided)| !voided).flat_map(|(lot, _)| {
        let HostLot { id, license_type, hosts, until, updates_until, .. } = lot.clone();
        let of_type = license_type.clone();
        let end = until.map(|on| (on, DueKind::HostLicensesEnd { lot: id, license_type, hosts }));
        let updates = updates_until;
        let updates =
            updates.map(|on| (on, DueKind::UpdatesEnd { lot: id, license_type: of_type }));
        end.into_iter().chain(updates)
    });
    let trial = hosts.trial_end().map(|on| (on, DueKind::TrialEnds));
    let coming = trial.into_iter().chain(lots);
    coming.map(|(on, what)| Due { on, product: product.clone(), what })
}

/// The ends of lots, whether their licences are on devices or not.
fn due_of_devices(product: &ProductId, devices: &DeviceAgreement) -> Vec<Due> {
    let mut lots = BTreeMap::new();
    for license in devices.licenses().values() {
        let ends = (license.until, license.updates_until);
        let lot = (license.lot, license.license_type.clone(), ends);
        let licenses: &mut u32 = lots.entry(lot).or_default();
        *licenses = licenses.saturating_add(1);
    }
    let mut coming = Vec::new();
    for ((lot, license_type, (until, updates_until)), licenses) in lots {
        let of_type = license_type.clone();
        let end = until.map(|on| (on, DueKind::DeviceLicensesEnd { lot, license_type, licenses }));
        let updates = DueKind::UpdatesEnd { lot, license_type: of_type };
        let updates = updates_until.map(|on| (on, updates));
        let due = end.into_iter().chain(updates);
        coming.extend(due.map(|(on, what)| Due { on, product: product.clone(), what }));
    }
    coming
}

/// The next renewal, and where terms do not renew by themselves, the end of what is paid for.
fn due_of_account(account: &AccountAgreement, today: Day) -> Result<Vec<(Day, DueKind)>> {
    let (Some(current), Some(paid_until)) = (account.period(today)?, account.paid_until(today)?)
    else {
        return Ok(Vec::new());
    };
    let end = current.period.end;
    if account.policy().automatic_renewal {
        return Ok(vec![(end, DueKind::Renewal)]);
    }
    let renewal = (end < paid_until).then_some((end, DueKind::Renewal));
    Ok(renewal.into_iter().chain([(paid_until, DueKind::TermEnds)]).collect())
}
