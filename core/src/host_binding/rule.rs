//! `MatchRule`: what a licence asks of its host.

use super::{FactKind, HashedFact, HashedFacts, HostClass, HostMatch};
use crate::{
    document::{EnrolledFact, HostBinding},
    error::{ErrorKind, Result},
};

/// The facts enrolled with a weight each, and the score that is enough.
///
/// Its form in a signed licence is [`HostBinding`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchRule {
    threshold: u32,
    /// By kind and digest, none twice.
    pub(super) enrolled: Vec<(HashedFact, u32)>,
}

impl MatchRule {
    /// How many disks and network addresses [`MatchRule::enroll`] takes; of other kinds, one.
    pub const ENROLLED_PER_KIND_MAX: usize = 2;
    /// The least sum of weights that [`MatchRule::enroll`] takes for a host of its own.
    pub const ENROLLED_WEIGHT_MIN: u32 = 3;

    /// Enrols a host with the usual weights of its class; half of their sum, rounded up, is
    /// enough.
    ///
    /// So a new disk or address, or a reinstalled system, keeps the match, and a disk moved to
    /// another machine loses it. Of one kind at most [`MatchRule::ENROLLED_PER_KIND_MAX`] facts
    /// are enrolled. A container is enrolled by its declared id alone, because everything else it
    /// shows is its image's or its host's.
    ///
    /// # Errors
    /// [`ErrorKind::HostNotIdentifiable`] when the facts weigh less than
    /// [`MatchRule::ENROLLED_WEIGHT_MIN`] together; for a container that means no declared id.
    pub fn enroll(host: &HashedFacts) -> Result<Self> {
        let enrolled: Vec<_> = FactKind::ALL
            .iter()
            .flat_map(|kind| host.of_kind(*kind).take(most(*kind)))
            .map(|fact| (*fact, usual_weight(host.class(), fact.kind)))
            .filter(|(_, weight)| *weight > 0)
            .collect();
        let sum: u32 = enrolled.iter().map(|(_, weight)| weight).sum();
        if sum < Self::ENROLLED_WEIGHT_MIN {
            return Err(ErrorKind::HostNotIdentifiable.into());
        }
        Ok(Self { threshold: sum.div_ceil(2), enrolled })
    }

    /// The score that is enough; a licence refuses 0.
    #[must_use]
    pub const fn threshold(&self) -> u32 {
        self.threshold
    }

    /// The facts enrolled and what each counts, by kind and digest.
    pub fn enrolled(&self) -> impl Iterator<Item = (&HashedFact, u32)> {
        self.enrolled.iter().map(|(fact, weight)| (fact, *weight))
    }

    /// Compares a host with what was enrolled: the weights of enrolled facts that it shows add
    /// up; missing and changed ones count nothing, and neither do additions (S-MK-40, S-MK-41).
    #[must_use]
    pub fn compare(&self, present: &HashedFacts) -> HostMatch {
        HostMatch::compare(self, present)
    }
}

impl From<&HostBinding> for MatchRule {
    /// Reads the rule of a licence; facts of kinds that this version does not know, which no host
    /// can show it, are passed over, and the threshold stays.
    fn from(binding: &HostBinding) -> Self {
        let known = |fact: &EnrolledFact| {
            Some((HashedFact::from_texts(&fact.kind, &fact.digest)?, fact.weight))
        };
        let mut enrolled = Vec::with_capacity(binding.facts.len());
        enrolled.extend(binding.facts.iter().filter_map(known));
        enrolled.sort_by_key(|(fact, _)| *fact);
        enrolled.dedup_by_key(|(fact, _)| *fact);
        Self { threshold: binding.threshold, enrolled }
    }
}

impl From<&MatchRule> for HostBinding {
    fn from(rule: &MatchRule) -> Self {
        let facts = rule.enrolled().map(|(fact, weight)| {
            EnrolledFact::new(fact.kind.as_str(), &fact.digest.to_string(), weight)
        });
        Self::new(rule.threshold, facts.collect())
    }
}

/// How many facts of a kind a host has; a request that shows more mixes hosts.
const fn most(kind: FactKind) -> usize {
    match kind {
        FactKind::DiskSerial | FactKind::NetworkAddress => MatchRule::ENROLLED_PER_KIND_MAX,
        _ => 1,
    }
}

/// What a fact counts by default; 0 is not enrolled.
const fn usual_weight(class: HostClass, kind: FactKind) -> u32 {
    use FactKind as K;
    match (class, kind) {
        (_, K::DeclaredId) => 4,
        (HostClass::Container | HostClass::Declared, _) | (_, K::Container | K::CpuModel) => 0,
        // What a copy is told by weighs more than all that it shares with the original.
        (HostClass::CloudInstance, K::CloudInstance) | (HostClass::Vm, K::DmiUuid) => 6,
        (_, K::Tpm | K::DmiUuid | K::CloudInstance) => 4,
        (HostClass::BareMetal, K::BoardSerial) => 3,
        (HostClass::BareMetal, K::DiskSerial) | (_, K::MachineId) => 2,
        (_, K::BoardSerial | K::DiskSerial | K::NetworkAddress | K::Hostname) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host_binding::{Fact, FactSalt, HostFacts};

    fn host(class: HostClass, facts: &[(FactKind, &str)]) -> HashedFacts {
        let facts = facts.iter().map(|(kind, value)| Fact::new(*kind, value).unwrap());
        HostFacts::new(class, facts).hash(&FactSalt::new([7; 32]))
    }

    const MACHINE: &[(FactKind, &str)] = &[
        (FactKind::BoardSerial, "B1"),
        (FactKind::CpuModel, "Xeon"),
        (FactKind::DiskSerial, "D1"),
        (FactKind::DmiUuid, "U1"),
        (FactKind::Hostname, "h1"),
        (FactKind::MachineId, "m1"),
        (FactKind::NetworkAddress, "3c:52:82:aa:bb:cc"),
    ];

    fn machine_with(changes: &[(FactKind, &str)]) -> HashedFacts {
        let changed = |kind| changes.iter().find(|(other, _)| *other == kind);
        let facts: Vec<_> = MACHINE.iter().map(|fact| *changed(fact.0).unwrap_or(fact)).collect();
        host(HostClass::BareMetal, &facts)
    }

    #[test]
    fn s_mk_41_a_new_disk_or_a_new_system_keeps_the_match() {
        let rule = MatchRule::enroll(&machine_with(&[])).unwrap();
        assert_eq!((rule.compare(&machine_with(&[])).score, rule.threshold()), (13, 7));
        assert!(rule.compare(&machine_with(&[(FactKind::DiskSerial, "D2")])).holds());
        let reinstalled = [
            (FactKind::MachineId, "m2"),
            (FactKind::Hostname, "h2"),
            (FactKind::NetworkAddress, "3c:52:82:aa:bb:dd"),
        ];
        assert!(rule.compare(&machine_with(&reinstalled)).holds());
    }

    #[test]
    fn s_mk_41_of_four_equal_facts_two_are_enough() {
        let kinds = [
            FactKind::DmiUuid,
            FactKind::BoardSerial,
            FactKind::DiskSerial,
            FactKind::NetworkAddress,
        ];
        let enrolled = machine_with(&[]);
        let facts = kinds.iter().flat_map(|kind| enrolled.of_kind(*kind));
        let rule = MatchRule { threshold: 2, enrolled: facts.map(|fact| (*fact, 1)).collect() };
        let changes = [
            (FactKind::DiskSerial, "D2"),
            (FactKind::DmiUuid, "U2"),
            (FactKind::BoardSerial, "B2"),
        ];
        for (count, holds) in [(1, true), (2, true), (3, false)] {
            assert_eq!(rule.compare(&machine_with(&changes[..count])).holds(), holds, "{count}");
        }
    }

    #[test]
    fn s_mk_40_a_disk_moved_to_another_machine_loses_the_match() {
        let rule = MatchRule::enroll(&machine_with(&[])).unwrap();
        let other = machine_with(&[
            (FactKind::BoardSerial, "B2"),
            (FactKind::DmiUuid, "U2"),
            (FactKind::NetworkAddress, "3c:52:82:aa:bb:dd"),
        ]);
        let result = rule.compare(&other);
        assert!(!result.holds());
        assert_eq!(
            result.changed,
            [FactKind::DmiUuid, FactKind::BoardSerial, FactKind::NetworkAddress]
        );
    }

    #[test]
    fn a_cloned_virtual_machine_with_a_new_uuid_loses_the_match() {
        let vm = |uuid| {
            let facts = [
                (FactKind::CpuModel, "Xeon"),
                (FactKind::DmiUuid, uuid),
                (FactKind::Hostname, "h1"),
                (FactKind::MachineId, "m1"),
            ];
            host(HostClass::Vm, &facts)
        };
        let rule = MatchRule::enroll(&vm("U1")).unwrap();
        assert!(rule.compare(&vm("U1")).holds());
        assert!(!rule.compare(&vm("U2")).holds());
    }

    #[test]
    fn a_copy_with_its_disk_and_name_but_a_new_uuid_loses_the_match() {
        let vm = |uuid, system| {
            let facts = [
                (FactKind::DmiUuid, uuid),
                (FactKind::Hostname, "h1"),
                (FactKind::MachineId, system),
                (FactKind::DiskSerial, "D1"),
            ];
            host(HostClass::Vm, &facts)
        };
        let rule = MatchRule::enroll(&vm("U1", "m1")).unwrap();
        assert!(!rule.compare(&vm("U2", "m1")).holds());
        assert!(rule.compare(&vm("U1", "m2")).holds());
    }

    #[test]
    fn a_container_is_enrolled_by_its_declared_id_alone() {
        let bare = [(FactKind::DmiUuid, "U1"), (FactKind::MachineId, "m1")];
        let refusal = MatchRule::enroll(&host(HostClass::Container, &bare)).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::HostNotIdentifiable);
        let declared = [(FactKind::DeclaredId, "pbx-1"), (FactKind::DmiUuid, "U1")];
        let rule = MatchRule::enroll(&host(HostClass::Container, &declared)).unwrap();
        assert_eq!(
            rule.enrolled().map(|(fact, _)| fact.kind).collect::<Vec<_>>(),
            [FactKind::DeclaredId]
        );
    }

    #[test]
    fn a_host_name_alone_is_not_enough_to_enroll() {
        let facts = [(FactKind::Hostname, "h1"), (FactKind::NetworkAddress, "3c:52:82:aa:bb:cc")];
        assert!(MatchRule::enroll(&host(HostClass::Vm, &facts)).is_err());
        let more = [facts[0], (FactKind::MachineId, "m1")];
        assert!(MatchRule::enroll(&host(HostClass::Vm, &more)).is_ok());
    }

    #[test]
    fn a_rule_survives_its_form_in_a_licence() {
        let rule = MatchRule::enroll(&machine_with(&[])).unwrap();
        assert_eq!(MatchRule::from(&HostBinding::from(&rule)), rule);
    }

    #[test]
    fn a_fact_of_a_kind_unknown_here_counts_nothing_and_lowers_no_threshold() {
        let mut binding = HostBinding::from(&MatchRule::enroll(&machine_with(&[])).unwrap());
        let (kind, digest) = ("quantum_seal", binding.facts[0].digest.clone());
        binding.facts.push(EnrolledFact::new(kind, &digest, 9));
        binding.threshold = 14;
        let result = MatchRule::from(&binding).compare(&machine_with(&[]));
        assert_eq!((result.score, result.threshold, result.holds()), (13, 14, false));
    }
}
