//! The agreement on a product that is licensed by host: lots of licences, a trial, and the hosts
//! bound to them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Correction, CustomerEvent, host_budget::Moved};
use crate::{
    document::HostFacts,
    host_binding::{HashedFacts, HostMatch, MatchRule},
    id::{GroupId, LicenseType},
    number::number,
    policy::HostBoundPolicy,
    signing::KeyId,
    time::Day,
    wallet::{Debit, LotId, LotSource},
};

number! {
    /// The number of a binding within its agreement: 1, 2, 3, … in the order of binding.
    BindingId "binding"
}

/// Licences of one type for hosts, which came together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct HostLot {
    /// Number within the agreement.
    pub id: LotId,
    /// Type of licence.
    pub license_type: LicenseType,
    /// For how many hosts, 1 to [`QUANTITY_MAX`](crate::wallet::QUANTITY_MAX).
    pub hosts: u32,
    /// Where they came from.
    pub source: LotSource,
    /// First day usable.
    pub stored_on: Day,
    /// First day no longer usable; none for a perpetual licence (S-MK-28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Versions built from this day on are not covered; none where all are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updates_until: Option<Day>,
}

/// A host that holds a licence, with unlimited use on it (S-MK-36).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct Binding {
    /// Number within the agreement.
    pub id: BindingId,
    /// The installation that asked last from this host.
    pub installation: KeyId,
    /// The facts enrolled, hashed; none where the host shows too few to tell it from others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostFacts>,
    /// The group it shares a licence with, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// Whether the erasable table keeps what its operator calls it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub labelled: bool,
    /// When it was bound.
    pub bound_on: Day,
    /// Which request of the installation bound or described it; older ones free nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
}

/// Why a host was freed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum FreedBy {
    /// The vendor freed it.
    Vendor,
    /// The customer freed it, out of its budget.
    Customer,
    /// The installation gave its licence back, out of the customer's budget.
    Installation,
    /// Its licence or trial had ended, or had gone to hosts bound earlier.
    Ended,
}

impl FreedBy {
    /// Whether it counts against the customer's budget.
    pub(super) const fn counts(self) -> bool {
        matches!(self, Self::Customer | Self::Installation)
    }
}

/// What a host may use of one type of licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entitlement {
    /// Since when.
    pub(super) since: Day,
    pub(super) until: Option<Day>,
    pub(super) updates_until: Option<Day>,
}

/// Licences for hosts, the trial, and the hosts bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostAgreement {
    pub(super) policy_version: u32,
    pub(super) policy: HostBoundPolicy,
    pub(super) lots: Vec<(HostLot, bool)>,
    pub(super) trial_end: Option<Day>,
    pub(super) bindings: Vec<Binding>,
    pub(super) last_binding: BindingId,
    pub(super) moved: Moved,
    pub(super) groups: BTreeMap<GroupId, u32>,
}

impl HostAgreement {
    pub(super) fn new(policy_version: u32, policy: HostBoundPolicy) -> Self {
        Self {
            policy_version,
            policy,
            lots: Vec::new(),
            trial_end: None,
            bindings: Vec::new(),
            last_binding: BindingId(0),
            moved: Moved::default(),
            groups: BTreeMap::new(),
        }
    }

    /// The version of the policy kept.
    #[must_use]
    pub const fn policy_version(&self) -> u32 {
        self.policy_version
    }

    /// The policy kept.
    #[must_use]
    pub const fn policy(&self) -> &HostBoundPolicy {
        &self.policy
    }

    /// Every lot, and whether it was taken out of circulation, in the order of storing.
    pub fn lots(&self) -> impl Iterator<Item = (&HostLot, bool)> {
        self.lots.iter().map(|(lot, voided)| (lot, *voided))
    }

    /// First day after the trial, when there was one.
    #[must_use]
    pub const fn trial_end(&self) -> Option<Day> {
        self.trial_end
    }

    /// The hosts bound, in the order of binding.
    #[must_use]
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// How many hosts may be bound on `today`: as many as the type with the most licences has; in
    /// a trial, one at least (S-MK-38, S-MK-39).
    #[must_use]
    pub fn places(&self, today: Day) -> u64 {
        let mut sums: BTreeMap<&LicenseType, u64> = BTreeMap::new();
        for lot in self.usable(today) {
            let sum = sums.entry(&lot.license_type).or_default();
            *sum = sum.saturating_add(lot.hosts.into());
        }
        sums.into_values().max().unwrap_or(0).max(u64::from(self.in_trial(today)))
    }

    /// Whether a trial runs on `today`.
    #[must_use]
    pub fn in_trial(&self, today: Day) -> bool {
        self.trial_end.is_some_and(|end| today < end)
    }

    pub(super) fn next_lot(&self) -> LotId {
        LotId(u32::try_from(self.lots.len()).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// The hosts a lot is for, and how many of them a correction may take: to void it, those that
    /// no bound host needs on `today`; what is not paid for goes whoever holds it; none once it was
    /// taken out of circulation.
    pub(super) fn left_of(
        &self,
        lot: LotId,
        (correction, today): (Correction, Day),
    ) -> Option<(u32, u32)> {
        let (found, voided) = self.lots().find(|(stored, _)| stored.id == lot)?;
        if voided {
            return Some((found.hosts, 0));
        }
        if correction == Correction::ChargeBack {
            return Some((found.hosts, found.hosts));
        }
        let of_type = self.usable(today).filter(|other| other.license_type == found.license_type);
        let others = of_type.filter(|other| other.id != lot).map(|other| u64::from(other.hosts));
        let needed = u32::try_from(self.uses().saturating_sub(others.sum())).unwrap_or(u32::MAX);
        Some((found.hosts, found.hosts.saturating_sub(needed)))
    }

    /// What the host bound as number `rank` (0 is the first) may use on `today`, by type: the
    /// host bound first has the licence that lasts longest, so that those bound last are the
    /// first to lose theirs.
    pub(super) fn entitlements(
        &self,
        rank: usize,
        today: Day,
    ) -> BTreeMap<LicenseType, Entitlement> {
        let mut lots: Vec<&HostLot> = self.usable(today).collect();
        lots.sort_by_key(|lot| std::cmp::Reverse((later(lot.until), later(lot.updates_until))));
        let rank = u64::try_from(rank).unwrap_or(u64::MAX);
        let mut places: BTreeMap<LicenseType, u64> = BTreeMap::new();
        let mut found = BTreeMap::new();
        for lot in lots {
            let sum = places.entry(lot.license_type.clone()).or_default();
            let before = *sum;
            *sum = sum.saturating_add(lot.hosts.into());
            if (before..*sum).contains(&rank) {
                let HostLot { until, updates_until, stored_on: since, .. } = *lot;
                let entitlement = Entitlement { since, until, updates_until };
                found.insert(lot.license_type.clone(), entitlement);
            }
        }
        found
    }

    /// What the host bound as number `rank` may use: its licences, and for types without one, the
    /// trial. Only the host bound first is in a trial, which counts for one host (S-MK-39).
    pub(super) fn entitled(
        &self,
        rank: usize,
        today: Day,
        types: &[LicenseType],
    ) -> BTreeMap<LicenseType, Entitlement> {
        let mut entitled = self.entitlements(rank, today);
        if let Some(end) = self.trial_end.filter(|_| rank == 0 && self.in_trial(today)) {
            for license_type in types {
                let trial = Entitlement { since: today, until: Some(end), updates_until: None };
                entitled.entry(license_type.clone()).or_insert(trial);
            }
        }
        entitled
    }

    /// Whether a host bound has a licence on `today`, or the trial.
    pub(super) fn is_entitled(&self, binding: BindingId, today: Day) -> bool {
        let mut bound = self.bindings.iter().zip(self.ranks());
        let Some((_, rank)) = bound.find(|(bound, _)| bound.id == binding) else { return false };
        !self.entitlements(rank, today).is_empty() || (rank == 0 && self.in_trial(today))
    }

    /// The latest end of licences and of updates among what the host bound first may use on
    /// `today`, each none where there is no end; nothing when there is no licence.
    #[must_use]
    pub fn longest(&self, today: Day) -> Option<(Option<Day>, Option<Day>)> {
        let licensed = self.entitlements(0, today);
        let until = latest(licensed.values().map(|entitlement| entitlement.until));
        let updates_until = latest(licensed.values().map(|entitlement| entitlement.updates_until));
        (!licensed.is_empty()).then_some((until, updates_until))
    }

    /// What the host bound as number `rank` (0 is the first) may use on `today`, by type of
    /// licence, with the first day no longer covered; a trial is not among it.
    #[must_use]
    pub fn licensed(&self, rank: usize, today: Day) -> BTreeMap<LicenseType, Option<Day>> {
        let entitled = self.entitlements(rank, today).into_iter();
        entitled.map(|(license_type, entitlement)| (license_type, entitlement.until)).collect()
    }

    /// The binding of a host, with its index.
    ///
    /// Where facts were enrolled only facts count (S-MK-40, S-MK-41), so a copied state is worth
    /// nothing on another host and a reinstalled system keeps its licence; otherwise the key of
    /// the installation is all there is.
    pub(super) fn find(
        &self,
        installation: KeyId,
        host: Option<&HostFacts>,
    ) -> Option<(usize, &Binding)> {
        let by_facts = self.bindings.iter().enumerate().filter_map(|(index, binding)| {
            let result = binding.compare(host)?;
            result.holds().then_some((result.score, index, binding))
        });
        // Of equals the first.
        let best = by_facts.max_by_key(|(score, index, _)| (*score, std::cmp::Reverse(*index)));
        best.map(|(_, index, binding)| (index, binding)).or_else(|| {
            let by_key = |(_, binding): &(usize, &Binding)| {
                binding.rule().is_none() && binding.installation == installation
            };
            self.bindings.iter().enumerate().find(by_key)
        })
    }

    /// Takes an event of this agreement into the state.
    pub(super) fn take(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::CouponRedeemed { lots, .. }
            | CustomerEvent::HostLicensesStocked { lots, .. } => {
                self.lots.extend(lots.iter().map(|lot| (lot.clone(), false)));
            }
            CustomerEvent::TrialStarted { end, .. } => self.trial_end = Some(*end),
            CustomerEvent::HostBound { binding, .. } => {
                self.last_binding = binding.id;
                self.bindings.push(binding.clone());
            }
            CustomerEvent::HostDescribed { binding, enrolled_on, .. } => {
                self.moved.enroll(*enrolled_on);
                if let Some(bound) = self.bindings.iter_mut().find(|b| b.id == binding.id) {
                    bound.clone_from(binding);
                }
            }
            CustomerEvent::HostsGrouped { group, hosts: 0, .. } => {
                self.groups.remove(group);
            }
            CustomerEvent::HostsGrouped { group, hosts, .. } => {
                self.groups.insert(group.clone(), *hosts);
            }
            CustomerEvent::HostFreed { binding, by, on, .. } => {
                self.moved.free(*by, *on);
                self.bindings.retain(|b| b.id != *binding);
            }
            _ => {}
        }
    }

    pub(super) fn void(&mut self, debit: Debit) {
        if let Some((_, voided)) = self.lots.iter_mut().find(|(lot, _)| lot.id == debit.lot) {
            *voided = true;
        }
    }

    fn usable(&self, today: Day) -> impl Iterator<Item = &HostLot> {
        let standing = self.lots().filter(|(_, voided)| !voided);
        standing.map(|(lot, _)| lot).filter(move |lot| lot.usable_on(today))
    }
}

/// The latest end; none, which is no end, is later than any.
pub(super) fn latest(ends: impl Iterator<Item = Option<Day>>) -> Option<Day> {
    ends.max_by_key(|end| later(*end)).flatten()
}

/// By what ends are compared.
const fn later(end: Option<Day>) -> (bool, Option<Day>) {
    (end.is_none(), end)
}

impl HostLot {
    /// Whether hosts may use it on `today`.
    #[must_use]
    pub fn usable_on(&self, today: Day) -> bool {
        self.until.is_none_or(|until| today < until)
    }
}

impl Binding {
    /// What a licence asks of this host; none where only the installation is known.
    #[must_use]
    pub fn rule(&self) -> Option<MatchRule> {
        MatchRule::enroll(&HashedFacts::from(self.host.as_ref()?)).ok()
    }

    /// How a host compares with this one; none where either shows too few facts.
    #[must_use]
    pub fn compare(&self, host: Option<&HostFacts>) -> Option<HostMatch> {
        Some(self.rule()?.compare(&HashedFacts::from(host?)))
    }
}
